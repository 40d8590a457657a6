//! What is told, and what is noted of it.

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
    let ends = |policy: &Policy| lines(policy, &seen).lines().any(|it| it.starts_with("END"));
    assert!(!ends(&all()));
    let mut named = all();
    let rule = named.remedies.idle_transactions.as_mut().unwrap();
    rule.on = vec![Trouble::Idle];
    assert!(ends(&named));
}

#[test]
fn a_failure_is_noted_until_another_one_and_the_next_episode_knows_of_none() {
    let mut seen = seen(vec![]);
    let decide = |seen: &Observation| plan(&all(), seen, now(), now());
    let begins = decide(&seen);
    assert!(!begins.knows(7));
    let told = begins.noted(Some(7)).unwrap();
    assert_eq!(told.failed, Some(7));
    seen.cluster.tags.set(tags::EPISODE, told.to_string());
    let goes_on = decide(&seen);
    assert_eq!(goes_on.news, News::Known(now()));
    assert!(goes_on.knows(7) && !goes_on.knows(8));
    assert_eq!(goes_on.noted(None), None);
    assert_eq!(goes_on.noted(Some(7)), None);
    assert_eq!(goes_on.noted(Some(8)).unwrap().failed, Some(8));
    seen.ringing.clear();
    let over = decide(&seen).noted(None).unwrap();
    let another = Episode {
        told: "2026-11-22T03:00:00Z".parse().unwrap(),
        over: Some(over.began),
        ..over
    };
    seen.cluster.tags.set(tags::EPISODE, another.to_string());
    seen.ringing = begins_again().ringing;
    let again = decide(&seen);
    assert!(again.news == News::Begins && !again.knows(7));
    assert_eq!(again.noted(None).unwrap().failed, None);
}

fn begins_again() -> Observation {
    seen(vec![])
}
