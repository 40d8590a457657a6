//! Function, events, template, README and scenarios belong together.

use nightshift_tests::{pairing, repo};

#[test]
fn every_function_has_all_its_parts_and_no_part_is_without_its_function() {
    let problems = pairing::problems(&repo::root());
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
