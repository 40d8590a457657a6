//! Who waits for whom, as trees: at the root of each, the session to look at first.
//!
//! A thread that waits for one lock waits for all who hold it or have asked for it before, so that the
//! waits of a server are no trees by themselves. Here each waiter stands once, under that of its holders
//! which is deepest: freeing that one is what lets it go on last.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, VecDeque},
};

use crate::database::look::{Session, Wait};

/// A session that others wait for and that waits for none, with those behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tree {
    /// Its thread.
    pub root: u64,
    /// Where threads wait for one another, these, `root` first. Empty where the root is free.
    pub circle: Vec<u64>,
    /// The waiters, each below the one it waits for.
    pub waiters: Vec<Waiter>,
    /// How many wait for a lock of the root.
    pub direct: usize,
    /// How many wait for it, or for one that does.
    pub all: usize,
}

/// One that waits, where it stands in a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiter {
    /// Its thread.
    pub thread: u64,
    /// How deep it stands, from 1 on.
    pub depth: usize,
    /// The thread it stands under.
    pub under: u64,
}

/// Where a thread stands.
#[derive(Clone, Copy)]
struct Place {
    depth: usize,
    under: Option<u64>,
}

/// The waits of one server.
#[derive(Debug)]
pub(crate) struct Locks<'a> {
    waits: BTreeMap<(u64, u64), &'a Wait>,
    holders: BTreeMap<u64, BTreeSet<u64>>,
    waiters: BTreeMap<u64, BTreeSet<u64>>,
}

impl<'a> Locks<'a> {
    /// Those of `waits`, each pair of threads once.
    pub fn of(waits: &'a [Wait]) -> Self {
        let mut locks = Self {
            waits: BTreeMap::new(),
            holders: BTreeMap::new(),
            waiters: BTreeMap::new(),
        };
        for wait in waits.iter().filter(|wait| wait.waiter != wait.holder) {
            let Wait { waiter, holder, .. } = *wait;
            let kept = locks.waits.entry((waiter, holder)).or_insert(wait);
            *kept = older(kept, wait);
            locks.holders.entry(waiter).or_default().insert(holder);
            locks.waiters.entry(holder).or_default().insert(waiter);
        }
        locks
    }

    /// Whether the session waits for another one's lock, as far as the server tells.
    pub fn waits(&self, session: &Session) -> bool {
        let state = session.state.as_deref().unwrap_or_default();
        let transaction = session.transaction.as_ref();
        self.holders.contains_key(&session.thread)
            || transaction.is_some_and(|it| it.waiting.is_some())
            || state.starts_with("Waiting for") && state.ends_with("lock")
    }

    /// For how long a thread has been waiting, where that is known.
    pub fn age(&self, waiter: u64) -> Option<u64> {
        let holders = self.holders.get(&waiter).into_iter().flatten();
        let ages = holders.filter_map(|holder| self.waits.get(&(waiter, *holder))?.seconds);
        ages.max()
    }

    /// The wait of `waiter` for a lock of `holder`.
    pub fn wait(&self, waiter: u64, holder: u64) -> Option<&'a Wait> {
        self.waits.get(&(waiter, holder)).copied()
    }

    /// What the waits for a lock of `holder` are for, each object once.
    pub fn objects(&self, holder: u64) -> BTreeSet<&'a str> {
        let waiters = self.waiters.get(&holder).into_iter().flatten();
        let waits = waiters.filter_map(|waiter| self.waits.get(&(*waiter, holder)));
        waits.map(|wait| wait.object.as_str()).collect()
    }

    /// The trees, those with the most waiters first.
    pub fn trees(&self) -> Vec<Tree> {
        let (places, circles) = self.places();
        let mut below: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        for (thread, place) in &places {
            if let Some(above) = place.under {
                below.entry(above).or_default().push(*thread);
            }
        }
        for waiters in below.values_mut() {
            waiters.sort_by_key(|waiter| (Reverse(self.age(*waiter)), *waiter));
        }
        let roots = places.iter().filter(|(_, place)| place.under.is_none());
        let mut trees: Vec<Tree> = roots
            .map(|(root, _)| self.tree(*root, &below, circles.get(root)))
            .collect();
        trees.sort_by_key(|tree| (Reverse(tree.all), tree.root));
        trees
    }

    fn tree(&self, root: u64, below: &BTreeMap<u64, Vec<u64>>, circle: Option<&Vec<u64>>) -> Tree {
        let mut waiters = Vec::new();
        let mut open = vec![(0, root, root)];
        while let Some((depth, thread, under)) = open.pop() {
            if depth > 0 {
                waiters.push(Waiter {
                    thread,
                    depth,
                    under,
                });
            }
            let below = below.get(&thread).into_iter().flatten().rev();
            open.extend(below.map(|below| (depth + 1, *below, thread)));
        }
        Tree {
            root,
            circle: circle.cloned().unwrap_or_default(),
            waiters,
            direct: self.waiters.get(&root).map_or(0, BTreeSet::len),
            all: self.behind(root).len(),
        }
    }

    /// Everybody who waits for `root`, or for somebody who does.
    pub fn behind(&self, root: u64) -> BTreeSet<u64> {
        let mut behind = BTreeSet::new();
        let mut open = vec![root];
        while let Some(thread) = open.pop() {
            let waiters = self.waiters.get(&thread).into_iter().flatten();
            let new = waiters.filter(|waiter| **waiter != root && behind.insert(**waiter));
            open.extend(new);
        }
        behind
    }

    /// Where each thread stands, and the circles by the thread that was taken for the root.
    fn places(&self) -> (BTreeMap<u64, Place>, BTreeMap<u64, Vec<u64>>) {
        let mut places = BTreeMap::new();
        let mut circles = BTreeMap::new();
        let mut missing: BTreeMap<u64, usize> = self
            .holders
            .iter()
            .map(|(waiter, holders)| (*waiter, holders.len()))
            .collect();
        let free = self.waiters.keys().filter(|it| !missing.contains_key(it));
        let mut next: VecDeque<u64> = free.copied().collect();
        loop {
            while let Some(thread) = next.pop_front() {
                places.insert(thread, self.place(thread, &places));
                let waiters = self.waiters.get(&thread).into_iter().flatten();
                next.extend(waiters.filter(|waiter| last_holder(&mut missing, **waiter)));
            }
            // Whoever is left waits in a circle, or behind one.
            let Some(circle) = self.circle(&missing) else {
                return (places, circles);
            };
            missing.remove(&circle[0]);
            next.push_back(circle[0]);
            circles.insert(circle[0], circle);
        }
    }

    /// Below the deepest of its holders. The root of a circle has holders that have no place yet.
    fn place(&self, thread: u64, places: &BTreeMap<u64, Place>) -> Place {
        let holders = self.holders.get(&thread).into_iter().flatten();
        let above: Option<Vec<_>> = holders
            .map(|holder| Some((places.get(holder)?.depth, Reverse(*holder))))
            .collect();
        let deepest = above.and_then(|above| above.into_iter().max());
        Place {
            depth: deepest.map_or(0, |(depth, _)| depth + 1),
            under: deepest.map(|(_, Reverse(holder))| holder),
        }
    }

    /// Threads that wait for one another, each for the next, the smallest first.
    fn circle(&self, missing: &BTreeMap<u64, usize>) -> Option<Vec<u64>> {
        let mut way = vec![*missing.keys().next()?];
        loop {
            let mut holders = self.holders.get(way.last()?)?.iter();
            let holder = *holders.find(|holder| missing.contains_key(holder))?;
            if let Some(begin) = way.iter().position(|thread| *thread == holder) {
                let mut circle = way.split_off(begin);
                let smallest = circle.iter().enumerate().min_by_key(|(_, thread)| **thread);
                let smallest = smallest.map_or(0, |(place, _)| place);
                circle.rotate_left(smallest);
                return Some(circle);
            }
            way.push(holder);
        }
    }
}

/// Whether this was the last holder that the waiter's place waited for.
fn last_holder(missing: &mut BTreeMap<u64, usize>, waiter: u64) -> bool {
    let Some(left) = missing.get_mut(&waiter) else {
        return false;
    };
    *left -= 1;
    let last = *left == 0;
    if last {
        missing.remove(&waiter);
    }
    last
}

/// Of two waits of one pair, the one that has lasted for longer.
fn older<'a>(one: &'a Wait, other: &'a Wait) -> &'a Wait {
    if (one.seconds, one) < (other.seconds, other) {
        other
    } else {
        one
    }
}
