//! The trouble that came: what became of those in it, and who was told what.

use std::iter;

use super::{Check, Night};
use crate::night::Told;
use crate::night::past::ORDERS;
use crate::night::programme::What;
use crate::night::trouble::{Became, CHECKOUT, Event, NOTES, REPORTS, VALUE};

impl Night<'_> {
    /// The one that slept on everything is gone, and the one that waited for it is served.
    pub(super) fn remedied(&self) -> Check {
        let text = format!(
            "when the alarm of {ORDERS} went off, the forgotten session of {REPORTS} was ended, its change \
             undone, and the {CHECKOUT} that waited for it was served"
        );
        let wanted = Became {
            sleeps: false,
            served: true,
            basket: "paid".to_owned(),
        };
        let [told, ended] = NOTES;
        let notes = iter::once(ended).chain(two_mails(told)).collect();
        let found = (self.trouble, &self.notes);
        Check::same(text, &found, &(&Some(wanted), &notes))
    }

    /// Mode `plan`: the mail says whom it would have ended.
    pub(super) fn would_remedy(&self) -> Check {
        let text = format!(
            "when the alarm of {ORDERS} went off, the forgotten session of {REPORTS} was named and not \
             touched: it ended by itself"
        );
        let wanted = Became {
            sleeps: true,
            served: false,
            basket: "paid".to_owned(),
        };
        let [told, _] = NOTES;
        let found = (self.trouble, &self.notes);
        let notes = two_mails(told).collect();
        Check::same(text, &found, &(&Some(wanted), &notes))
    }

    /// Culprit, victim, and the way to both; and nothing of a customer's.
    pub(super) fn told_of_trouble(&self) -> Check {
        let rings = |told: &&Told| matches!(told.happening.what, What::Trouble(Event::Rings));
        let told = self.told.iter().find(rings).expect("it rings every night");
        let mails = self.told.iter().flat_map(|told| &told.woken.mails);
        let slipped = mails.filter(|mail| mail.email().contains(VALUE)).count();
        let file = told.woken.mails.first().map_or("", |mail| mail.email());
        let names = ["history list", REPORTS, CHECKOUT, "UPDATE"].map(|word| file.contains(word));
        let text = format!(
            "the case file names what rang, {REPORTS}, the {CHECKOUT} that waited and its statement; and \
             no mail of the night has a customer's value in it"
        );
        Check::same(text, &(names, slipped), &([true; 4], 0))
    }
}

/// What is noted of the mails that it rings and that it is over: before each, that it can be noted.
fn two_mails(told: &str) -> impl Iterator<Item = &str> {
    iter::repeat_n(told, 4)
}
