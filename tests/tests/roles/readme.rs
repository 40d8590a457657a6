//! The README's table of what each function may do is what the templates say.

use std::fs;

use iam_evaluation::{Roles, table};
use nightshift_tests::repo;

use crate::printed;

/// The functions in the order of the README's sections.
const ORDER: [&str; 7] = [
    "take-snapshot",
    "prune-snapshots",
    "rotate-secret",
    "run-job",
    "scale-readers",
    "remedy-alarm",
    "report-failure",
];

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "asked for by whoever runs the test"
)]
fn the_table_of_what_each_function_may_do_is_that_of_the_templates() {
    let mut functions = repo::functions();
    functions.sort_by_key(|name| ORDER.iter().position(|known| known == name));
    let roles = Roles::parse(&printed()).unwrap();
    let table = table::markdown(&roles, functions.iter().map(String::as_str)).unwrap();
    let path = repo::root().join("README.md");
    let written = fs::read_to_string(&path).unwrap();
    let current = table::replaced(&written, &table).unwrap();
    if std::env::var_os("UPDATE_ROLES").is_some() {
        fs::write(&path, &current).unwrap();
        return;
    }
    assert!(
        written == current,
        "README.md is not what the templates say: make roles"
    );
}
