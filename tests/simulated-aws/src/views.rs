//! Things by name, and how a listing may see them for a while after a change.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp};

type Things<T> = BTreeMap<String, Arc<T>>;

/// Things by name, with what they were over the last while.
///
/// AWS's control planes are eventually consistent: a listing made right after a change may not
/// show it yet.
#[derive(Clone, Debug)]
pub struct Views<T> {
    now: Things<T>,
    // What stood before each change, oldest first, with the time of the change.
    before: VecDeque<(Timestamp, Things<T>)>,
    keep: SignedDuration,
}

impl<T> Default for Views<T> {
    fn default() -> Self {
        Self {
            now: BTreeMap::new(),
            before: VecDeque::new(),
            keep: SignedDuration::ZERO,
        }
    }
}

impl<T: Clone> Views<T> {
    /// Remembers from now on what stood up to `keep` ago.
    pub fn remember(&mut self, keep: SignedDuration) {
        self.keep = keep;
    }

    /// The things as they are.
    #[must_use]
    pub const fn truth(&self) -> &BTreeMap<String, Arc<T>> {
        &self.now
    }

    /// The things as they were at `time`, as far back as is remembered.
    #[must_use]
    pub fn as_of(&self, time: Timestamp) -> &BTreeMap<String, Arc<T>> {
        let later = self.before.iter().find(|(changed, _)| *changed > time);
        later.map_or(&self.now, |(_, things)| things)
    }

    /// The thing called `name` as it is.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        self.now.get(name).map(Arc::as_ref)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.now.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.now.is_empty()
    }

    /// Adds or replaces a thing.
    pub fn put(&mut self, now: Timestamp, name: impl Into<String>, thing: T) {
        self.changing(now);
        self.now.insert(name.into(), Arc::new(thing));
    }

    /// Removes a thing, and returns it.
    pub fn remove(&mut self, now: Timestamp, name: &str) -> Option<Arc<T>> {
        self.now.contains_key(name).then(|| self.changing(now));
        self.now.remove(name)
    }

    /// Changes a thing, if it is there.
    pub fn change(&mut self, now: Timestamp, name: &str, change: impl FnOnce(&mut T)) -> bool {
        if !self.now.contains_key(name) {
            return false;
        }
        self.changing(now);
        self.now.get_mut(name).map(Arc::make_mut).map(change);
        true
    }

    fn changing(&mut self, now: Timestamp) {
        if self.keep.is_zero() {
            return;
        }
        while self
            .before
            .front()
            .is_some_and(|(changed, _)| now.duration_since(*changed) > self.keep)
        {
            self.before.pop_front();
        }
        self.before.push_back((now, self.now.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn a_listing_of_a_past_moment_shows_what_stood_then() {
        let mut views = Views::default();
        views.remember(SignedDuration::from_secs(60));
        views.put(at(10), "a", 1);
        views.put(at(20), "b", 1);
        views.change(at(30), "a", |a| *a = 2);
        views.remove(at(40), "b");

        let seen = |second| {
            let things = views.as_of(at(second)).iter();
            let names: Vec<String> = things.map(|(name, n)| format!("{name}{n}")).collect();
            names.concat()
        };
        assert_eq!(seen(9), "");
        assert_eq!(seen(10), "a1");
        assert_eq!(seen(25), "a1b1");
        assert_eq!(seen(30), "a2b1");
        assert_eq!(seen(40), "a2");
        assert_eq!(seen(99), "a2");
    }

    #[test]
    fn what_is_older_than_the_window_is_forgotten() {
        let mut views = Views::default();
        views.remember(SignedDuration::from_secs(5));
        for second in 0..1000 {
            views.put(at(second), "a", second);
        }
        assert!(views.before.len() <= 7, "{}", views.before.len());
        assert_eq!(*views.as_of(at(995))["a"], 995);
    }
}
