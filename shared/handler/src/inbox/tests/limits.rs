//! Whatever a report holds, SNS takes its message and people can read it.

use std::fmt;

use aurora_model::{LostRun, Row, Section, report::Verdict};
use proptest::{collection::vec, option, prelude::*};

use super::{super::MAX_BYTES, *};

/// Anything, and often what hurts: quotes, new lines, several bytes a character, emptiness.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let hurtful = "[\"\\\\\n\r\t\u{0}\u{1b}\u{7f}{}`*é\u{202e}\u{2028}\u{fffd}😀]{0,1}";
    prop_oneof![
        4 => "[a-z0-9-]{0,63}",
        2 => vec(hurtful, 0..30).prop_map(|parts| parts.concat()),
        1 => vec(any::<char>(), 0..30).prop_map(String::from_iter),
        1 => hurtful.prop_map(move |part| part.repeat(longest)),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Done),
        Just(Outcome::AlreadyDone),
        Just(Outcome::Refused),
        Just(Outcome::Planned),
        text(300).prop_map(|detail| Outcome::Busy { detail }),
        text(300).prop_map(|detail| Outcome::Left { detail }),
        (text(300), any::<bool>()).prop_map(|(detail, retry)| Outcome::Failed { detail, retry }),
    ]
}

fn row() -> impl Strategy<Value = Row> {
    let verdict = prop_oneof![
        Just(Verdict::Keep),
        Just(Verdict::Leave),
        Just(Verdict::Wait),
        Just(Verdict::Alert)
    ];
    (
        text(80),
        text(80),
        text(300),
        option::of(outcome()),
        verdict,
    )
        .prop_map(|(cluster, subject, reason, outcome, verdict)| Row {
            cluster,
            subject,
            reason,
            verdict: if outcome.is_some() {
                Verdict::Act
            } else {
                verdict
            },
            action: outcome.is_some().then_some("delete"),
            outcome,
        })
}

fn note() -> impl Strategy<Value = Note> {
    let severity = prop_oneof![
        Just(Severity::Info),
        Just(Severity::Warning),
        Just(Severity::Critical)
    ];
    (severity, text(3_000)).prop_map(|(severity, text)| Note { severity, text })
}

fn breach() -> impl Strategy<Value = Breach> {
    (option::of(text(80)), text(2_000), text(2_000)).prop_map(|(cluster, sentence, lift)| Breach {
        rail: Rail::MinKeep,
        cluster,
        sentence,
        lift,
    })
}

fn lost_run() -> impl Strategy<Value = LostRun> {
    text(400).prop_map(|text| LostRun {
        function: text.clone(),
        function_name: text.clone(),
        region: text.clone(),
        log_group: text.clone(),
        request_id: text,
        trigger: Some(trigger("x")),
    })
}

/// A report too long to print when a test fails.
struct Whole(Report);

impl fmt::Debug for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Report {
            headline,
            outcome,
            notes,
            breaches,
            rows,
            ..
        } = &self.0;
        let (notes, breaches) = (notes.len(), breaches.len());
        let (number, rows) = (rows.len(), &rows[..rows.len().min(2)]);
        write!(
            f,
            "{outcome:?} {headline:?}, {notes} notes, {breaches} breaches, {number} rows: {rows:?}"
        )
    }
}

fn section() -> impl Strategy<Value = Section> {
    let lines = (vec(text(300), 0..8), 0..60_usize).prop_map(|(lines, times)| {
        let number = lines.len() * times;
        lines.into_iter().cycle().take(number).collect()
    });
    (text(60), lines).prop_map(|(title, lines)| Section { title, lines })
}

fn arbitrary() -> impl Strategy<Value = Whole> {
    let outcome = prop_oneof![
        Just(RunOutcome::Nothing),
        Just(RunOutcome::Success),
        Just(RunOutcome::Planned),
        Just(RunOutcome::Partial),
        Just(RunOutcome::Refused),
        Just(RunOutcome::NeedsPerson),
        Just(RunOutcome::Failed),
        Just(RunOutcome::Expired)
    ];
    let times = prop_oneof![12 => 1..8_usize, 1 => 300..500_usize];
    let rows = (vec(row(), 0..50), times).prop_map(|(rows, times)| {
        let mut rows: Vec<Row> = (0..times).flat_map(|_| rows.clone()).take(20_000).collect();
        rows.sort_by_key(Row::rank);
        rows
    });
    let notes = (vec(note(), 0..8), 0..30_usize).prop_map(|(notes, times)| {
        let number = notes.len() * times;
        notes.into_iter().cycle().take(number).collect()
    });
    let parts = (
        outcome,
        text(600),
        rows,
        notes,
        vec(breach(), 0..40),
        option::of(lost_run()),
        vec(section(), 0..6),
    );
    parts.prop_map(
        |(outcome, headline, rows, notes, breaches, about, sections)| {
            Whole(Report {
                function: "prune-snapshots",
                mode: "apply",
                trigger: trigger("prune-snapshots"),
                measures: vec![],
                counts: vec![],
                outcome,
                headline,
                notes,
                breaches,
                rows,
                sections,
                about,
                telling: aurora_model::report::Telling::ByItsContent,
            })
        },
    )
}

/// What SNS counts: the message, the subject and the attributes with their types.
fn bytes(mail: &Mail) -> usize {
    let attributes = mail.attributes.iter().map(|(name, value)| {
        name.len() + value.data_type().len() + value.string_value().unwrap_or_default().len()
    });
    mail.message.len() + mail.subject.len() + attributes.sum::<usize>()
}

fn printable(text: &str, longest: usize) -> bool {
    text.len() <= longest && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// How many rows a mail shows, and how many it says it does not.
fn rows_of(email: &str) -> (usize, usize) {
    let shown = email.lines().filter(|line| line.starts_with("- ")).count();
    let left_out = email.lines().find_map(|line| {
        let number = line.strip_prefix("... and ")?.split(' ').next()?;
        line.contains(" row").then(|| number.parse().ok())?
    });
    (shown, left_out.unwrap_or(0))
}

/// What a person would not want to read.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 300, ..ProptestConfig::default() })]

    #[test]
    fn every_report_is_a_message_sns_takes(Whole(report) in arbitrary()) {
        let mail = sent(&report);
        prop_assert!(bytes(&mail) <= MAX_BYTES, "{} bytes", bytes(&mail));
        prop_assert!(printable(&mail.subject, 100) && mail.subject.starts_with('['), "{:?}", mail.subject);
        let bodies: Value = serde_json::from_str(&mail.message).unwrap();
        let bodies = bodies.as_object().unwrap();
        prop_assert!(bodies.contains_key("default"));
        prop_assert!(bodies.values().all(Value::is_string));
        for (name, value) in &mail.attributes {
            prop_assert!(value.string_value().is_some_and(|value| !value.is_empty()), "{name}");
        }
        prop_assert!(printable(&body(&mail, "sms"), 140));
        for protocol in ["default", "sms", "email"] {
            prop_assert!(!is_json(&body(&mail, protocol)), "{protocol}");
        }
        for protocol in ["https", "http", "sqs", "lambda"] {
            prop_assert!(is_json(&body(&mail, protocol)), "{protocol}");
        }
    }

    #[test]
    fn failures_come_first_and_what_is_left_out_is_counted(Whole(report) in arbitrary()) {
        let mail = sent(&report);
        let email = body(&mail, "email");
        let wanted = report.rows.iter().filter(|row| super::super::email::shown(row)).count();
        let (shown, left_out) = rows_of(&email);
        prop_assert_eq!(shown + left_out, wanted, "{}", email);
        let failed = |line: &&str| line.starts_with("- FAILED");
        let first = email.lines().filter(|line| line.starts_with("- ")).take_while(failed).count();
        prop_assert_eq!(first, email.lines().filter(failed).count());
        let whole: Value = serde_json::from_str(&body(&mail, "sqs")).unwrap();
        let rows = whole["rows"].as_array().unwrap();
        prop_assert_eq!(rows.len() as u64 + whole["rows_left_out"].as_u64().unwrap(), report.rows.len() as u64);
        for (row, original) in rows.iter().zip(&report.rows) {
            prop_assert_eq!(row, &serde_json::json!(original));
        }
    }
}

#[test]
fn twenty_thousand_rows_are_cut_with_the_failures_kept() {
    let mut outcomes = vec![Outcome::Done; 20_000];
    outcomes[19_999] = failed("DeleteDBClusterSnapshot: not allowed", false);
    let decisions = (0..20_000).map(|n| {
        Decision::new(
            "orders",
            format!("orders-nightly-{n:05}"),
            DELETE,
            "no rule keeps it",
        )
    });
    let report = report(
        "prune-snapshots",
        "apply",
        of(decisions.collect()),
        outcomes,
    );
    let email = body(&sent(&report), "email");
    let (shown, left_out) = rows_of(&email);
    assert_eq!(
        (shown, left_out),
        (31, 19_969),
        "one failure and thirty more"
    );
    let lines: Vec<&str> = email.lines().collect();
    insta::assert_snapshot!(lines[..8].join("\n"), @r"
    orders: failed to delete 1, deleted 19999. A person must act.

    What and why
    - FAILED to delete orders-nightly-19999
      no rule keeps it
      -> DeleteDBClusterSnapshot: not allowed
    - deleted orders-nightly-00000
      no rule keeps it
    ");
    insta::assert_snapshot!(lines[lines.len() - 7..].join("\n"), @r"
    - deleted orders-nightly-00029
      no rule keeps it
    ... and 19969 rows not shown here; the log has all of them

    Function: nightshift-prune-snapshots in eu-central-1, mode apply
    Woken by: schedule nightshift-prune-snapshots, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-prune-snapshots, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

/// A fleet on a bad night: the mail must not drown in notes.
#[test]
fn many_notes_are_cut_with_the_gravest_kept() {
    let note = |n: usize| {
        let severity = if n == 499 {
            Severity::Critical
        } else {
            Severity::Warning
        };
        Note::new(
            severity,
            format!("cluster-{n:03}: before this run there was no good nightly snapshot."),
        )
    };
    let plan = Plan {
        notes: (0..500).map(note).collect(),
        ..of(vec![take(
            "orders",
            CREATE,
            "the nightly snapshot of 2026-11-21",
        )])
    };
    let email = body(
        &sent(&report("take-snapshot", "apply", plan, vec![Outcome::Done])),
        "email",
    );
    let lines: Vec<&str> = email.lines().collect();
    insta::assert_snapshot!(lines[..6].join("\n"), @r"
    orders: created 1. A person must act.

    CRITICAL: cluster-499: before this run there was no good nightly snapshot.

    Warning: cluster-000: before this run there was no good nightly snapshot.
    ");
    insta::assert_snapshot!(lines[lines.len() - 10..].join("\n"), @r"

    ... and 387 notes not shown here; the log has all of them.

    What and why
    - created orders-nightly-20261121
      the nightly snapshot of 2026-11-21

    Function: nightshift-take-snapshot in eu-central-1, mode apply
    Woken by: schedule nightshift-take-snapshot, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-take-snapshot, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}
