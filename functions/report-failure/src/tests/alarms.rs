//! Lost runs of remedy-alarm: the alarm itself must be heard of.

use super::{event_of, lost, read};

/// What the mail says the run was woken by and for.
fn woken(case: &str) -> String {
    let mail = read(&lost("remedy-alarm", &event_of("remedy-alarm", case)));
    let lines = mail.lines().find(|line| line.starts_with("It was woken"));
    lines.unwrap().into()
}

#[test]
fn an_alarm_that_was_not_answered_is_named() {
    insta::assert_snapshot!(woken("alarm-direct-memory"), @"It was woken by the alarm nightshift-tech-n-ai-aurora-cluster-trouble-memory-readers at 2026-11-21 03:05 UTC, to find out what is the matter and to do what its policy allows; the alarm may ring still.");
    insta::assert_snapshot!(woken("tick"), @"It was woken by the schedule nightshift-remedy-alarm-tick for 2026-11-21 03:10 UTC, to see whether an alarm rings and what is the matter.");
}
