//! A few cases of each strategy's matrix, other ones for each.

use std::time::Duration;

use nightshift_tests::door::{Asked, Pace, Strategy, Totals, run};

/// Cases of each matrix, evenly spread, beside the rotations that are counted and, but for a single
/// user, one that is given up and left to the doctor.
const MOST: usize = 2;

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
    assert!(totals.tried > 100, "{totals:?}");
    assert!(
        totals.missed < MOST,
        "no case came to its moment: {totals:?}"
    );
    totals
}

/// At once, for they wait more than they work. The first half of a matrix has one run, the second
/// two at once and the doctor.
#[tokio::test(flavor = "multi_thread")]
async fn of_all_strategies_only_the_single_password_ever_shuts_the_door() {
    let (dual, own, alternating, single) = tokio::join!(
        sample(Strategy::DualSuperuser, 20),
        sample(Strategy::DualOwn, 60),
        sample(Strategy::Alternating, 95),
        sample(Strategy::SingleSuperuser, 45),
    );
    for totals in [dual, own, alternating] {
        assert_eq!(totals.refused, 0, "{totals:?}");
        let [doctored, ..] = totals.kinds["the doctor"];
        assert!(doctored > 0, "{totals:?}");
    }
    let longest = single.window().map(|(longest, _)| longest);
    let short = longest.is_some_and(|longest| longest < LONGEST);
    assert!(short, "{single:?}");
}
