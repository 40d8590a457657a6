use aurora_model::{
    Choice, Decision, Outcome, Plan,
    plan::Action,
    report::{TICK, TriggerRef},
};
use jiff::Timestamp;

use super::*;

struct Create;

impl Action for Create {
    fn verb(&self) -> &'static str {
        "create"
    }
}

const ALARM: &str = "alarm";
const FULL: &str = "3 readers are there, the most that policy.max allows";

fn report(kind: &'static str, rows: Vec<(Choice<Create>, &str)>, outcomes: Vec<Outcome>) -> Report {
    let mut plan = Plan::empty();
    let decided = |(choice, reason)| Decision::new("orders", "orders", choice, reason);
    plan.decisions = rows.into_iter().map(decided).collect();
    let trigger = TriggerRef {
        kind,
        id: "x".into(),
        time: Timestamp::UNIX_EPOCH,
    };
    Report::new("scale-readers", "apply", trigger, plan, outcomes)
}

fn alert(kind: &'static str) -> Report {
    report(kind, vec![(Choice::Alert, FULL)], vec![])
}

fn failed(retry: bool) -> Outcome {
    let detail = "CreateDBInstance: refused with InstanceQuotaExceeded".into();
    Outcome::Failed { detail, retry }
}

fn acted(kind: &'static str, outcomes: Vec<Outcome>) -> Report {
    let act = || (Choice::Act(Create), "CPU is high");
    let rows = outcomes.iter().map(|_| act()).collect();
    report(kind, rows, outcomes)
}

fn warned(mut report: Report) -> Report {
    let note = Note::new(Severity::Warning, "There is no alarm called busy.");
    report.notes.push(note);
    report
}

#[test]
fn what_is_new_is_told_at_once_and_what_is_known_is_not_told_again() {
    let none = BTreeSet::new();
    for kind in [TICK, ALARM] {
        for lasting in [alert(kind), acted(kind, vec![failed(false)])] {
            let (telling, known) = news(&lasting, &none, false);
            assert_eq!((telling, known.len()), (Telling::New, 1), "{kind}");
            let again = news(&lasting, &known, false);
            assert_eq!(again, (Telling::Told, known.clone()), "{kind}");
            let daily = news(&lasting, &known, true);
            assert_eq!(daily, (Telling::ByItsContent, known), "{kind}");
        }
    }
    let (_, full) = news(&alert(TICK), &none, false);
    let (telling, both) = news(&acted(TICK, vec![failed(false)]), &full, false);
    assert_eq!(telling, Telling::New);
    assert_ne!(both, full);
}

/// A report by a trigger of the kind given, and the kinds by which it is mailed.
type Case = (fn(&'static str) -> Report, &'static [&'static str]);

#[test]
fn what_else_there_is_to_tell_is_told_as_ever() {
    let done = |kind| acted(kind, vec![Outcome::Done, failed(false)]);
    let refused = |kind| acted(kind, vec![Outcome::Refused, failed(false)]);
    let warns = |kind| warned(alert(kind));
    let table: [Case; 3] = [
        (done, &[TICK, ALARM]),
        (refused, &[ALARM]),
        (warns, &[ALARM]),
    ];
    for (of, told) in table {
        for kind in [TICK, ALARM] {
            let report = of(kind);
            let (telling, _) = news(&report, &report.lasting(), false);
            let mailed = Report { telling, ..report }.worth_a_mail();
            assert_eq!(mailed, told.contains(&kind), "{kind}");
        }
    }
    let quiet = report(TICK, vec![(Choice::Keep, "2 readers")], vec![]);
    assert_eq!(
        news(&quiet, &BTreeSet::new(), false),
        (Telling::ByItsContent, BTreeSet::new())
    );
}

#[test]
fn what_is_over_is_forgotten_and_what_may_not_be_is_not() {
    let known = alert(TICK).lasting();
    let after = |report: &Report| news(report, &known, false).1;
    let with = |choice| report(TICK, vec![(choice, "why")], vec![]);
    assert_eq!(after(&with(Choice::Keep)), BTreeSet::new());
    assert_eq!(after(&acted(TICK, vec![Outcome::Done])), BTreeSet::new());
    assert_eq!(after(&with(Choice::Wait)), known);
    assert_eq!(after(&acted(TICK, vec![failed(true)])), known);
    let busy = Outcome::Busy {
        detail: "the cluster is modifying".into(),
    };
    assert_eq!(after(&acted(TICK, vec![busy])), known);
    let other = after(&acted(TICK, vec![failed(false)]));
    assert!(other.is_disjoint(&known) && other.len() == 1, "{other:?}");
}

#[test]
fn however_much_there_is_the_tag_can_hold_it_and_is_read_back() {
    let rows = || {
        let letters = ('a'..='z').flat_map(|a| ('a'..='b').map(move |b| format!("{a}{b}")));
        letters.collect::<Vec<_>>()
    };
    let reasons = rows();
    let decided = reasons.iter().map(|it| (Choice::Alert, it.as_str()));
    let report = report(TICK, decided.collect(), vec![]);
    assert!(report.lasting().len() > MOST);
    let (telling, known) = news(&report, &BTreeSet::new(), false);
    assert_eq!((telling, known.len()), (Telling::New, MOST));
    let tag = listed(&known);
    assert!(tag.len() <= 256, "{}", tag.len());
    assert_eq!(read(&tag), known);
    assert_eq!(news(&report, &known, false).0, Telling::Told);
}

#[test]
fn what_remedy_alarm_asked_for_is_open_for_an_hour() {
    let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
    let asked = |at: &str| asked_lately(&Tags::from_iter([(tags::READER_ASKED, at)]), now);
    assert!(asked("2026-11-23T02:00:01Z"));
    assert!(!asked("2026-11-23T02:00:00Z"));
    assert!(!asked("soon") && !asked_lately(&Tags::default(), now));
    let (known, gone) = (BTreeSet::from([1, 2]), BTreeSet::from([2, 3]));
    assert_eq!(kept(known, &gone), BTreeSet::from([1, 2, 3]));
}

#[test]
fn what_is_not_ours_in_the_tag_is_no_number() {
    assert_eq!(read(""), BTreeSet::new());
    assert_eq!(read("by hand/0000002a/"), BTreeSet::from([42]));
}
