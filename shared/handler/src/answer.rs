//! What a function hands back.

use std::{future::Future, pin::Pin};

use aurora_model::Report;

type Then<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

/// What a function hands back: its report, and what is to be done once the inbox has taken it.
pub struct Answer<'a> {
    pub(crate) report: Report,
    pub(crate) then: Option<Then<'a>>,
}

impl<'a> Answer<'a> {
    /// `report`, and `then` once it was mailed; not where the mail failed. A note that the team
    /// was told belongs here: a run that ends between the two tells twice rather than never.
    pub fn noted(report: Report, then: impl Future<Output = ()> + 'a) -> Self {
        let then: Then<'a> = Box::pin(then);
        Self {
            report,
            then: Some(then),
        }
    }
}

impl From<Report> for Answer<'_> {
    fn from(report: Report) -> Self {
        Self { report, then: None }
    }
}
