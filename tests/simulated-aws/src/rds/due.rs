//! What is under way, and when it ends.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// Something under way, from when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    began: Timestamp,
    ends: Timestamp,
}

/// What is under way, by the identifier of what it befalls; one thing has one change at a time.
///
/// A change on the agenda counts only if it is due here too at that very moment. So what was
/// noted for something that has been replaced or changed since does nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Due(BTreeMap<String, Span>);

impl Due {
    /// Something ends at `ends`, and nothing else does.
    pub(crate) fn begin(&mut self, id: &str, began: Timestamp, ends: Timestamp) {
        self.0.insert(id.to_owned(), Span { began, ends });
    }

    /// Whether it is `now` that what is under way ends.
    pub(crate) fn ends(&self, id: &str, now: Timestamp) -> bool {
        self.0.get(id).is_some_and(|span| span.ends == now)
    }

    /// When what is under way ends.
    pub(crate) fn until(&self, id: &str) -> Option<Timestamp> {
        self.0.get(id).map(|span| span.ends)
    }

    /// Nothing is under way any more.
    pub(crate) fn end(&mut self, id: &str) {
        self.0.remove(id);
    }

    /// How far it is at `time`, from 0 to 99.
    pub(crate) fn percent(&self, id: &str, time: Timestamp) -> Option<u8> {
        let Span { began, ends } = *self.0.get(id)?;
        let whole = ends.duration_since(began).as_millis().max(1);
        let done = time.duration_since(began).as_millis().clamp(0, whole);
        u8::try_from(done * 99 / whole).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_latest_beginning_counts() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut due = Due::default();
        due.begin("a", at(0), at(100));
        due.begin("a", at(50), at(150));
        assert!(!due.ends("a", at(100)));
        assert!(due.ends("a", at(150)));
        assert_eq!(due.percent("a", at(100)), Some(49));
        assert_eq!(due.percent("a", at(900)), Some(99));
        due.end("a");
        assert!(!due.ends("a", at(150)));
    }
}
