//! Trees of waits.

use super::{
    super::forest::{Locks, Tree},
    scenes::wait,
};
use crate::database::look::Wait;

/// Waits as `waiter<holder`, one second each.
fn waits(pairs: &[(u64, u64)]) -> Vec<Wait> {
    let waits = pairs.iter();
    let wait = |(waiter, holder): &(u64, u64)| Wait {
        waiter: *waiter,
        holder: *holder,
        ..wait(0, 0, 1)
    };
    waits.map(wait).collect()
}

/// `1 [2 [3]]`: each thread with those that stand below it.
fn drawn(tree: &Tree) -> String {
    let waiters = tree.waiters.iter();
    let waiters = waiters.map(|it| format!("{}{}>{}", " ".repeat(it.depth), it.under, it.thread));
    let waiters: Vec<String> = waiters.collect();
    let Tree {
        root, direct, all, ..
    } = tree;
    format!("{root} ({direct}/{all}){}", waiters.join(""))
}

#[test]
fn waiters_stand_under_the_deepest_of_their_holders() {
    for (pairs, expected) in [
        (&[][..], &[][..]),
        (&[(1, 1)], &[]),
        (&[(2, 1)], &["1 (1/1) 1>2"]),
        (&[(2, 1), (3, 2)], &["1 (1/2) 1>2  2>3"]),
        (&[(3, 1), (3, 2), (2, 1)], &["1 (2/2) 1>2  2>3"]),
        (&[(2, 1), (3, 1), (4, 3)], &["1 (2/3) 1>2 1>3  3>4"]),
        // Two holders of what one waits for: it stands under the first, and counts for both.
        (&[(3, 2), (3, 1)], &["1 (1/1) 1>3", "2 (1/1)"]),
        // Twice the same.
        (&[(2, 1), (2, 1)], &["1 (1/1) 1>2"]),
    ] {
        let waits = waits(pairs);
        let trees = Locks::of(&waits).trees();
        let drawn: Vec<String> = trees.iter().map(drawn).collect();
        assert_eq!(drawn, expected, "{pairs:?}");
    }
}

#[test]
fn a_circle_ends() {
    for (pairs, circle, expected) in [
        (&[(1, 2), (2, 1)][..], &[1, 2][..], "1 (1/1) 1>2"),
        (&[(3, 1), (1, 2), (2, 3)], &[1, 2, 3], "1 (1/2) 1>3  3>2"),
        // Behind the circle, with a number before those in it.
        (&[(1, 6), (6, 5), (5, 6)], &[5, 6], "5 (1/2) 5>6  6>1"),
        // One behind the circle.
        (&[(1, 2), (2, 1), (9, 2)], &[1, 2], "1 (1/2) 1>2  2>9"),
    ] {
        let waits = waits(pairs);
        let trees = Locks::of(&waits).trees();
        let [tree] = &trees[..] else {
            panic!("{trees:?}");
        };
        assert_eq!(tree.circle, circle, "{pairs:?}");
        assert_eq!(drawn(tree), expected, "{pairs:?}");
    }
}

#[test]
fn a_long_chain_is_no_recursion() {
    let pairs: Vec<(u64, u64)> = (0..20_000).map(|n| (n + 1, n)).collect();
    let waits = waits(&pairs);
    let trees = Locks::of(&waits).trees();
    assert_eq!((trees.len(), trees[0].all), (1, 20_000));
}
