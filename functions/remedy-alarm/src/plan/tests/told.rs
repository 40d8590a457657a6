//! What is told, and what is noted of it.

use std::collections::BTreeSet;

use super::*;

#[test]
fn once_nothing_rings_it_is_over_and_nothing_is_done() {
    let mut seen = seen(vec![in_transaction(session(1, "app"))]);
    let told = plan(&all(), &seen, now(), now()).episode.unwrap();
    seen.cluster.tags.set(tags::EPISODE, told.to_string());
    seen.ringing.clear();
    insta::assert_snapshot!(lines(&all(), &seen), @"keep orders: no alarm rings any more; over after 10m");
    let at = "2026-11-23T03:09:30Z".parse().unwrap();
    let over = plan(&all(), &seen, at, now()).episode.unwrap();
    assert_eq!((over.over, over.told), (Some(at), now()));
    let since = "2026-11-23T03:07:00Z".parse().unwrap();
    let silent = |name: &str| Silent {
        name: name.into(),
        since,
    };
    seen.silent = vec![silent("orders-cpu"), silent("orders-lag")];
    insta::assert_snapshot!(lines(&all(), &seen), @"
    keep orders: no alarm rings any more; over after 10m
    alert orders-cpu: has had no data since 2026-11-23 03:07 UTC: that it does not ring does not say that its trouble is over; see whether what it watches runs
    ");
}

#[test]
fn little_load_is_no_reason_to_end_anybody_unless_a_rule_names_it() {
    let mut seen = seen(vec![in_transaction(session(1, "app"))]);
    seen.ringing[0].trouble = Trouble::Idle;
    seen.ringing[0].little = true;
    let ends = |policy: &Policy| lines(policy, &seen).lines().any(|it| it.starts_with("END"));
    assert!(!ends(&all()));
    let mut named = all();
    let rule = named.remedies.idle_transactions.as_mut().unwrap();
    rule.on = vec![Trouble::Idle];
    assert!(ends(&named));
}

#[test]
fn each_failure_is_noted_once_and_the_next_episode_knows_of_none() {
    let mut seen = seen(vec![]);
    let decide = |seen: &Observation| plan(&all(), seen, now(), now());
    let of = |numbers: &[u32]| numbers.iter().copied().collect::<BTreeSet<u32>>();
    let begins = decide(&seen);
    assert!(!begins.knows(&of(&[7])));
    let told = begins.noted(&of(&[7])).unwrap();
    seen.cluster.tags.set(tags::EPISODE, told.to_string());
    let goes_on = decide(&seen);
    assert_eq!(goes_on.news, News::Known(now()));
    assert!(goes_on.knows(&of(&[])) && goes_on.knows(&of(&[7])));
    assert!(!goes_on.knows(&of(&[7, 8])));
    assert_eq!(goes_on.noted(&of(&[])), None);
    assert_eq!(goes_on.noted(&of(&[7])), None);
    let both = goes_on.noted(&of(&[8])).unwrap();
    assert_eq!(both.failed, of(&[7, 8]));
    let many = both.with_failures(&of(&[9, 10, 11]));
    assert_eq!(many.failed, of(&[7, 9, 10, 11]));
    let more = of(&[1, 2, 3, 4, 5]);
    assert!(!many.knows(&more) && many.with_failures(&more).knows(&more));
    let ringing = std::mem::take(&mut seen.ringing);
    let over = decide(&seen).noted(&of(&[])).unwrap();
    let another = Episode {
        told: "2026-11-22T03:00:00Z".parse().unwrap(),
        over: Some(over.began),
        ..over
    };
    seen.cluster.tags.set(tags::EPISODE, another.to_string());
    seen.ringing = ringing;
    let again = decide(&seen);
    assert!(again.news == News::Begins && !again.knows(&of(&[7])));
    assert_eq!(again.noted(&of(&[])).unwrap().failed, of(&[]));
}
