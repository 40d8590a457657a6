//! Whatever was seen, the case file can be read.

use aurora_model::words::clip;
use proptest::prelude::*;

use super::*;
use crate::findings::tests::{observation, policy, shuffled};

fn file(policy: &Policy, seen: &Observation) -> Vec<Section> {
    sections(policy, seen, &findings(policy, seen, now()), now())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_line_is_one_and_short(policy in policy(), seen in observation()) {
        let file = file(&policy, &seen);
        prop_assert_eq!(&file[0].title, "What fired");
        prop_assert_eq!(&file[1].title, "Most likely");
        let rows = usize::from(policy.rows);
        for Section { title, lines } in &file {
            prop_assert!(title.chars().count() <= 300, "{}", title);
            prop_assert!(!lines.is_empty(), "{}", title);
            // A tree has as many roots, each with as many waiters; an alarm has up to thirteen lines.
            prop_assert!(lines.len() <= (rows + 2) * (rows + 13), "{title}: {}", lines.len());
            for line in lines.iter().chain([title]) {
                prop_assert!(line.chars().count() <= LINE_CHARS, "{}", line);
                prop_assert_eq!(line, &clip(line, usize::MAX), "has what a line has not");
                prop_assert!(!line.is_empty());
            }
        }
    }

    #[test]
    fn the_order_of_what_was_seen_makes_no_difference(policy in policy(), seen in observation()) {
        prop_assert_eq!(file(&policy, &seen), file(&policy, &shuffled(&seen)));
    }

    #[test]
    fn what_is_wrapped_is_all_there(words in prop::collection::vec("[a-z]{1,80}", 1..60)) {
        let text = words.join(" ");
        let lines = wrapped(&text);
        prop_assert_eq!(lines.join(" "), text);
        prop_assert!(lines.iter().all(|line| line.len() <= LINE_CHARS));
    }
}
