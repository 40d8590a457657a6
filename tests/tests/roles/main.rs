//! Each role allows what its function's calls ask for, and what AWS asks for on their behalf;
//! nothing of it is unused, and nothing wider than AWS needs it. What a call asks for, and how IAM
//! decides, is in `tests/iam`.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "these are tests, helpers included"
)]

mod check;
mod job;
mod keys;
mod readers;
mod readme;
mod recorded;
mod reference;
mod remedies;
mod rotation;
mod spoilt;

use std::fs;

use iam_evaluation::Roles;
use nightshift_tests::repo;
use recorded::Recorded;

/// The functions whose calls are recorded below.
const FUNCTIONS: [&str; 7] = [
    "prune-snapshots",
    "remedy-alarm",
    "report-failure",
    "rotate-secret",
    "run-job",
    "scale-readers",
    "take-snapshot",
];

/// Held against the calls of a search by the simulator alone: what is missing is seen there, and not
/// what nothing has used.
const SIMULATED: &str = "import-events";

/// What `tests/infra/roles.py` prints of the templates.
fn printed() -> String {
    Roles::text(&repo::python(), &repo::root()).unwrap()
}

/// Holds a function's recorded calls against the roles its template gives it and its schedules, and
/// against roles that are spoilt in one way each.
async fn hold_against_its_role(function: &str) {
    let recorded = Recorded::of(function).await;
    let printed = printed();
    let problems = check::problems(&printed, function, &recorded);
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    spoilt::is_noticed(&printed, function, &recorded);
}

#[tokio::test]
async fn take_snapshots_role_allows_what_is_asked_and_nothing_else() {
    hold_against_its_role("take-snapshot").await;
}

#[tokio::test]
async fn prune_snapshots_role_allows_what_is_asked_and_nothing_else() {
    hold_against_its_role("prune-snapshots").await;
}

#[tokio::test]
async fn report_failures_role_allows_what_is_asked_and_nothing_else() {
    hold_against_its_role("report-failure").await;
}

#[tokio::test]
async fn rotate_secrets_role_allows_what_is_asked_and_nothing_else() {
    hold_against_its_role("rotate-secret").await;
}

#[tokio::test]
async fn run_jobs_role_allows_what_is_asked_and_nothing_else() {
    hold_against_its_role("run-job").await;
}

#[tokio::test]
async fn scale_readers_role_allows_what_is_asked_and_nothing_else() {
    hold_against_its_role("scale-readers").await;
}

#[tokio::test]
async fn remedy_alarms_role_allows_what_is_asked_and_nothing_else() {
    hold_against_its_role("remedy-alarm").await;
}

#[test]
fn every_function_is_held_against_its_role() {
    let mut all: Vec<&str> = FUNCTIONS.into_iter().chain([SIMULATED]).collect();
    all.sort_unstable();
    assert_eq!(repo::functions(), all);
    let roles = Roles::parse(&printed()).unwrap();
    assert_eq!(roles.functions().collect::<Vec<_>>(), all);
}

/// What the tests above look at are the templates of the functions.
#[test]
fn no_other_template_has_a_role() {
    let templates = repo::infra()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path());
    for template in templates.filter(|path| path.is_file()) {
        let text = fs::read_to_string(&template).unwrap();
        assert!(!text.contains("AWS::IAM::"), "{}", template.display());
    }
}
