//! What a run has changed, and the tag of the cluster that tells later ones.

use std::sync::{Mutex, PoisonError};

use aurora::{ApiError, Aurora};
use aurora_model::{Tags, tags};

use crate::changes::Told;

/// The changes of this run. RDS may not show the tag as this run itself has written it a moment ago.
#[derive(Debug, Default)]
pub(crate) struct Made(Mutex<Told>);

impl Made {
    /// Writes `changes` into the tag of the cluster, whose Amazon resource name and tags are given, beside
    /// those of this run before.
    pub(super) async fn note(
        &self,
        aurora: &Aurora,
        (arn, told): (&str, &Tags),
        changes: Told,
    ) -> Result<(), ApiError> {
        write(aurora, arn, self.with(told, changes)).await
    }

    /// Takes `changes` out of the tag again, which RDS has refused: they would count against
    /// `flap_limit`, and nothing has come or gone. Where that fails, they do.
    pub(super) async fn take_back(
        &self,
        aurora: &Aurora,
        (arn, told): (&str, &Tags),
        changes: &Told,
    ) {
        drop(write(aurora, arn, self.without(told, changes)).await);
    }

    fn without(&self, told: &Tags, changes: &Told) -> String {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.remove(changes);
        made.noted(told)
    }

    fn with(&self, told: &Tags, changes: Told) -> String {
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        made.extend(changes);
        made.noted(told)
    }
}

async fn write(aurora: &Aurora, arn: &str, changes: String) -> Result<(), ApiError> {
    let mut note = Tags::default();
    note.set(tags::READER_CHANGES, changes);
    aurora.tag(arn, &note).await
}
