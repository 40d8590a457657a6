//! What befalls a run, and where.

use std::fmt;

use nightshift_tests::mysql::Cut::{self, AfterForwarding, BeforeForwarding};

/// What befalls a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// The process is killed.
    Kill(Cut),
    /// The connection is lost.
    Cut(Cut),
    /// The server is killed and starts again.
    Restart,
    /// The writer becomes read-only and the replica the writer.
    Failover,
    /// The schedule is delivered twice at once and another one fires; one of the processes is killed.
    Twins(Cut),
    /// The process is killed while clients insert rows and move others across the boundary.
    UnderLoad(Cut),
}

/// A blow at a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    pub blow: Blow,
    /// Counted from one.
    pub message: usize,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at message {}", self.blow, self.message)
    }
}

/// So many cases of each kind are sampled.
const SAMPLE: [(Blow, usize); 10] = [
    (Blow::Kill(BeforeForwarding), 8),
    (Blow::Kill(AfterForwarding), 12),
    (Blow::Cut(BeforeForwarding), 4),
    (Blow::Cut(AfterForwarding), 6),
    (Blow::Restart, 2),
    (Blow::Failover, 2),
    (Blow::Twins(BeforeForwarding), 2),
    (Blow::Twins(AfterForwarding), 3),
    (Blow::UnderLoad(BeforeForwarding), 2),
    (Blow::UnderLoad(AfterForwarding), 3),
];

/// The cases of a run that sends so many messages: all of them, or a sample.
pub fn cases(messages: usize, has_load: bool, all: bool) -> Vec<Case> {
    let blows = SAMPLE.into_iter().enumerate();
    let blows = blows.filter(|(_, (blow, _))| has_load || !matches!(blow, Blow::UnderLoad(_)));
    let of = |(number, (blow, sample)): (usize, (Blow, usize))| {
        let most = if all { whole(blow, messages) } else { sample };
        spread(messages, most, number).map(move |message| Case { blow, message })
    };
    blows.flat_map(of).collect()
}

/// What takes seconds befalls every fifth message.
fn whole(blow: Blow, messages: usize) -> usize {
    match blow {
        Blow::Restart | Blow::Failover => messages.div_ceil(5),
        _ => messages,
    }
}

/// So many messages, evenly; others for each kind.
fn spread(messages: usize, most: usize, kind: usize) -> impl Iterator<Item = usize> {
    let most = most.min(messages);
    let begin = kind * messages / most.max(1) / SAMPLE.len();
    (0..most).map(move |number| (number * messages / most + begin) % messages + 1)
}

#[test]
fn all_cases_are_all_messages_and_a_sample_is_spread() {
    let at = |cases: Vec<Case>, blow| -> Vec<usize> {
        let of = cases.into_iter().filter(|case| case.blow == blow);
        let mut at: Vec<_> = of.map(|case| case.message).collect();
        at.sort_unstable();
        at
    };
    let kill = Blow::Kill(AfterForwarding);
    assert_eq!(
        at(cases(57, true, true), kill),
        (1..=57).collect::<Vec<_>>()
    );
    let sample = at(cases(120, true, false), kill);
    assert_eq!(sample.len(), 12);
    assert!(
        sample.windows(2).all(|pair| pair[1] - pair[0] == 10),
        "{sample:?}"
    );
    assert!(at(cases(9, false, false), Blow::UnderLoad(AfterForwarding)).is_empty());
}
