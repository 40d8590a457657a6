//! The EVENT and its job: who had the work in hand, by the server and by EventBridge Scheduler; and
//! what is left of the table, against what the EVENT's own statement left of a copy.

use jiff::SignedDuration;
use serde_json::Value;

use super::jobs::{ended_well, number, proven};
use super::{Check, Night, acted};
use crate::night::Told;
use crate::night::application::thousands;
use crate::night::event::{AT, EVENT};
use crate::night::import::{Hand, JOB, SCHEDULES, written};
use crate::night::programme::What;
use crate::night::run::Run;
use crate::night::world::{event, schedule};

/// The EVENT without its schema, under which the log has the runs of its job too.
const NAME: &str = "purge_sessions";

impl Night<'_> {
    /// What the schedules hand to run-job is what the plan wrote, to the letter; and a look at it in
    /// mode `plan` is noted.
    pub(super) fn as_written(&self) -> Check {
        let written = written(self.told).policy;
        let text = format!(
            "both schedules of {JOB} hand run-job the policy that import-events wrote for {EVENT}; and a \
             look in mode plan has proven it, as the ledger says"
        );
        let policy = |input: &Value| {
            let mut policy = input["policy"].clone();
            // The one thing that is of this machine.
            let ca = policy
                .as_object_mut()
                .and_then(|fields| fields.remove("ca"));
            (policy, ca.is_some())
        };
        let tables = self.asked(Hand::Prove).tables.as_ref();
        let after = tables.map_or(&[][..], |[_, after]| &after["proofs"]);
        let proof = after.iter().find(|row| row[0] == JOB).cloned();
        let found = (self.inputs.each_ref().map(policy), proof);
        let wanted = [(); 2].map(|()| (written.clone(), true));
        Check::same(text, &found, &(wanted, Some(proven(JOB))))
    }

    /// One was off before the other was on, and so it stayed.
    pub(super) fn handed_over(&self) -> Check {
        let told = self.asked(Hand::CutOver);
        let text = format!(
            "the cut-over at 18:30 disabled {EVENT} on the server and enabled the schedule of {JOB}; \
             before, it was the other way round, and afterwards nobody touched either"
        );
        let found = [&told.before, &told.after, self.end()].map(in_hand);
        let over = ["DISABLED", "ENABLED", "ENABLED"];
        Check::same(
            text,
            &found,
            &[["ENABLED", "DISABLED", "ENABLED"], over, over],
        )
    }

    /// The rows, on both servers, are those that the EVENT would have left.
    pub(super) fn purged_as_by_event(&self) -> Check {
        let before = number(&self.stage.tables["sessions"]);
        let (left, kept) = (number(self.sessions), self.sessions);
        let text = format!(
            "of shop.sessions {} of {} rows are gone, and those that are left, on the writer and on \
             the reader, are exactly those that the EVENT's own statement left of a copy of the table",
            thousands(before - left),
            thousands(before)
        );
        let found = self.tables.each_ref().map(|tables| &tables["sessions"]);
        let mut check = Check::same(text, &found, &[kept, kept]);
        if left == 0 || left == before {
            check.fault = Some(format!("{left} of {before} are left: that shows nothing"));
        }
        check
    }

    /// The schedule came twice, its tick once, and the EVENT's own hour was among them.
    pub(super) fn ran_once(&self) -> Check {
        let gone = number(&self.stage.tables["sessions"]) - number(self.sessions);
        let woken = self
            .told
            .iter()
            .filter(|told| told.happening.job() == Some(JOB));
        let text = format!(
            "nothing ran twice: the ledger has one run of {JOB}, ended well, with these {} rows, though \
             its schedules woke run-job three times; and MySQL never executed the EVENT",
            thousands(gone)
        );
        let executed = event(self.end(), EVENT, "executed");
        let found = (
            self.runs(JOB),
            self.invocations(JOB),
            woken.count(),
            executed,
        );
        Check::same(
            text,
            &found,
            &(vec![ended_well(JOB, NAME, gone)], 1, 3, "never"),
        )
    }

    /// In the morning somebody asks, and reads who does the work, that it was done, and when next.
    pub(super) fn told_by_status(&self) -> Check {
        let last = format!("the job {JOB} runs it, by the schedule {}", SCHEDULES[0]);
        self.status(&[&last, "Last run done "])
    }

    /// Mode `plan`: it is still the EVENT's.
    pub(super) fn told_by_status_in_plan(&self) -> Check {
        self.status(&["the database runs it. Never executed here."])
    }

    fn status(&self, words: &[&str]) -> Check {
        let (hour, minute) = AT;
        let next = self.stage.tonight.at(hour, minute, 0) + SignedDuration::from_hours(24);
        let next = next.strftime("Next %Y-%m-%d %H:%M UTC").to_string();
        let words: Vec<&str> = words.iter().copied().chain([&*next]).collect();
        let told = self.asked(Hand::Status);
        let mut rows = told.woken.runs.iter().flat_map(Run::rows);
        let row = rows.find(|row| row["subject"] == EVENT);
        let reason = row
            .and_then(|row| row["reason"].as_str())
            .unwrap_or_default();
        let fine = words.iter().all(|word| reason.contains(word)) && told.before == told.after;
        Check {
            text: format!(
                "in the morning import-events says of {EVENT} who runs it, how that went, and when next: \
                 tomorrow at {hour:02}:{minute:02}"
            ),
            fault: (!fine).then(|| format!("expected {words:?}, found {row:?}")),
        }
    }

    /// Mode `plan`: the cut-over has said what it would do, and has not done it.
    pub(super) fn would_hand_over(&self) -> Check {
        let told = self.asked(Hand::CutOver);
        let text = format!(
            "the cut-over would have disabled {EVENT} and enabled the schedule of {JOB}, and said so; \
             nobody has altered the EVENT, and the schedule is as it was deployed"
        );
        let planned = ["disable", "enable"].map(|action| acted(told, action, "planned"));
        let planned = planned.map(|subjects| subjects.into_iter().flatten().collect::<Vec<_>>());
        let states = [&told.before, self.end()].map(in_hand);
        let altered = [&self.stage.before, self.end()].map(|at| event(at, EVENT, "altered"));
        let wanted = [
            format!("the EVENT {EVENT}"),
            format!("the schedule {}", SCHEDULES[0]),
        ];
        let found = (planned, states, altered[0] == altered[1]);
        let before = ["ENABLED", "DISABLED", "ENABLED"];
        Check::same(
            text,
            &found,
            &(wanted.map(|subject| vec![subject]), [before; 2], true),
        )
    }

    /// Mode `plan`: the hour of the job's schedule came, and nothing was woken.
    pub(super) fn never_woken(&self) -> Check {
        let text = format!(
            "when the hour of {JOB} came its schedule was disabled: run-job was not woken, and the ledger \
             has no run of it"
        );
        let slept =
            |told: &&Told| matches!(&told.happening.what, What::Sleeps(it) if it.wakes() == JOB);
        let slept = self.told.iter().filter(slept);
        let woke = self
            .told
            .iter()
            .filter(|told| told.happening.job() == Some(JOB));
        let found = (slept.count(), woke.count(), self.runs(JOB));
        Check::same(text, &found, &(1, 0, vec![]))
    }

    /// What a person asked for by hand.
    fn asked(&self, hand: Hand) -> &Told {
        let is = |told: &&Told| matches!(told.happening.what, What::ByHand(it) if it == hand);
        let found = self.told.iter().find(is);
        found.unwrap_or_else(|| panic!("nobody asked for {hand:?}"))
    }
}

/// The states of the EVENT, of the job's schedule and of its tick.
fn in_hand(inventory: &Value) -> [&str; 3] {
    let [first, tick] = SCHEDULES.map(|name| schedule(inventory, name));
    [event(inventory, EVENT, "status"), first, tick]
}

/// An inventory with the schedules of the job, which came by and by.
pub(super) fn with_job(inventory: &Value, state: &str) -> Value {
    let mut with = inventory.clone();
    for (name, state) in SCHEDULES.into_iter().zip([state, "ENABLED"]) {
        with["schedules"][name] = state.into();
    }
    with
}
