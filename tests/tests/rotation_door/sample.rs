//! A few cases of each strategy's matrix, other ones for each.

use std::time::Duration;

use nightshift_tests::door::{Asked, Pace, Strategy, Totals, run};

/// Cases of each matrix, evenly spread.
const MOST: usize = 3;

/// A rotation that has to wait, under load, is much quicker than this.
const LONGEST: Duration = Duration::from_secs(15);

async fn sample(strategy: Strategy, percent: usize) -> Totals {
    let asked = Asked {
        function: None,
        pace: Pace::default(),
        only: String::new(),
        most: MOST,
        percent,
        stages: 1,
    };
    let (count, totals) = run(&asked, strategy, |_| {}).await;
    assert!(
        count.writer > 10 && count.reader > 1 && count.calls > 10,
        "{count:?}"
    );
    assert_eq!(totals.faults, Vec::<String>::new(), "{totals:?}");
    // Each of them logs in over a hundred times.
    assert!(totals.logins > 100, "{totals:?}");
    assert!(
        totals.missed < MOST,
        "no case came to its moment: {totals:?}"
    );
    totals
}

#[tokio::test(flavor = "multi_thread")]
async fn two_passwords_set_by_a_superuser_never_shut_the_door() {
    let totals = sample(Strategy::DualSuperuser, 20).await;
    assert_eq!(totals.refused, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_passwords_set_by_the_user_itself_never_shut_the_door() {
    let totals = sample(Strategy::DualOwn, 45).await;
    assert_eq!(totals.refused, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn alternating_users_never_shut_the_door() {
    let totals = sample(Strategy::Alternating, 70).await;
    assert_eq!(totals.refused, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_password_shuts_the_door_for_a_moment_and_opens_it_again() {
    let totals = sample(Strategy::SingleSuperuser, 95).await;
    let longest = totals.window().map(|(longest, _)| longest);
    assert!(
        longest.is_some_and(|longest| longest < LONGEST),
        "{totals:?}"
    );
}
