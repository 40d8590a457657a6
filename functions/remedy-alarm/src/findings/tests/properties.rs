//! Whatever a server says, what is told of it is short, on one line, and the same.

use aurora_model::words::clip;
use proptest::prelude::*;

use super::{super::*, observation, policy, scenes::now, shuffled};

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn every_finding_is_a_sentence(policy in policy(), seen in observation()) {
        let found = findings(&policy, &seen, now());
        prop_assert!(!found.is_empty() && found.len() <= MOST);
        for finding in &found {
            prop_assert!(finding.weight <= 2_300);
            for text in [&finding.said, &finding.next] {
                prop_assert!(!text.is_empty());
                prop_assert!(text.chars().count() <= 1_500, "{} characters: {text}", text.len());
                prop_assert_eq!(text, &clip(text, usize::MAX), "has what a line has not");
            }
        }
        prop_assert!(found.is_sorted_by(|one, next| one.weight >= next.weight));
    }

    #[test]
    fn the_order_of_what_was_seen_makes_no_difference(policy in policy(), seen in observation()) {
        prop_assert_eq!(findings(&policy, &seen, now()), findings(&policy, &shuffled(&seen), now()));
    }

    #[test]
    fn a_session_is_told_of_once(policy in policy(), seen in observation()) {
        let found = findings(&policy, &seen, now());
        let mut sessions: Vec<_> = found.iter().filter(|it| it.session.is_some()).map(|it| (&it.instance, it.session)).collect();
        let all = sessions.len();
        sessions.sort();
        sessions.dedup();
        prop_assert_eq!(sessions.len(), all);
    }
}
