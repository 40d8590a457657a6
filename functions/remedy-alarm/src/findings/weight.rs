//! How well a finding explains what rings.

use super::{Draft, Finding, Kind, Scene};
use crate::{observation::Ringing, trouble::Trouble};

/// What explains an alarm best, and by how much less each next kind does.
const BEST: u16 = 1_000;
const STEP: u16 = 120;
/// An alarm of which nobody knows what it is about is explained by anything, and by nothing well.
const BEST_OF_OTHER: u16 = 700;
/// What is no usual cause of an alarm, unless there is much of it.
const UNUSUAL: u16 = 200;
/// What happens on another instance than the one that the alarm is about.
const ELSEWHERE: u16 = 350;
/// The state of another instance.
const STATE_ELSEWHERE: u16 = 1_000;
/// How much evidence there can be.
pub(super) const WHOLE: u16 = 300;

/// `value` of `whole` as evidence.
pub(super) fn evidence(value: u64, whole: u64) -> u16 {
    let part = value.min(whole).saturating_mul(u64::from(WHOLE));
    let part = part.checked_div(whole).unwrap_or(0);
    u16::try_from(part).unwrap_or(WHOLE)
}

pub(super) fn weighed(scene: Scene<'_>, draft: Draft) -> Finding {
    let ringing = scene.seen.ringing.iter();
    let explained = ringing.map(|alarm| explains(scene, &draft, alarm)).max();
    let weight = explained.unwrap_or_else(|| by_kind(&draft, Trouble::Other));
    let Draft {
        kind,
        instance,
        session,
        said,
        next,
        ..
    } = draft;
    Finding {
        kind,
        instance,
        session,
        weight,
        said,
        next,
    }
}

/// How well the draft explains one alarm.
fn explains(scene: Scene<'_>, draft: &Draft, alarm: &Ringing) -> u16 {
    let weight = by_kind(draft, alarm.trouble);
    let of_state = matches!(
        draft.kind,
        Kind::NotAvailable | Kind::Restarted | Kind::Unreachable
    );
    match (at_home(scene, draft, alarm), of_state) {
        (true, _) => weight,
        (false, true) => weight.saturating_sub(STATE_ELSEWHERE),
        (false, false) => weight.saturating_sub(ELSEWHERE),
    }
}

fn by_kind(draft: &Draft, trouble: Trouble) -> u16 {
    let best = match trouble {
        Trouble::Idle | Trouble::Other => BEST_OF_OTHER,
        _ => BEST,
    };
    let place = usual(trouble).iter().position(|it| *it == draft.kind);
    let place = place.and_then(|place| u16::try_from(place).ok());
    let base = match draft.kind {
        // A server that is not there explains whatever rings about it.
        Kind::NotAvailable => 2_000,
        Kind::Failover => 1_900,
        // A start ends transactions; it leaves none open.
        Kind::Restarted if of_transactions(trouble) => UNUSUAL,
        Kind::Restarted => 900,
        Kind::Unreachable => 1_500,
        Kind::Nothing => 150,
        Kind::Changing => 120,
        Kind::Blind => 100,
        Kind::Gap => 50,
        _ => place.map_or(UNUSUAL, |place| best.saturating_sub(STEP * place)),
    };
    base.saturating_add(draft.evidence.min(WHOLE))
}

/// Whether a trouble comes from transactions, whatever they execute.
const fn of_transactions(trouble: Trouble) -> bool {
    use Trouble::{Deadlocks, HistoryList, LongTransaction, Volume};
    matches!(trouble, Deadlocks | HistoryList | LongTransaction | Volume)
}

/// Whether the draft is about what the alarm is about. Aurora's instances have one volume, so that a
/// transaction on any of them keeps old row versions for all; a reader lags behind the writer.
fn at_home(scene: Scene<'_>, draft: &Draft, alarm: &Ringing) -> bool {
    let on = draft.instance.as_str();
    let of_writer = || {
        let servers = &scene.seen.servers;
        servers.iter().any(|it| it.writer && it.instance == on)
    };
    match (&alarm.instance, alarm.trouble) {
        _ if on.is_empty() => true,
        (_, Trouble::HistoryList | Trouble::Volume) => true,
        (Some(instance), _) if instance == on => true,
        (Some(_), Trouble::ReplicaLag) => of_writer(),
        (Some(_), _) => false,
        // A reader that cannot be reached says less of a cluster than its writer.
        (None, _) => of_writer() || !matches!(draft.kind, Kind::Unreachable | Kind::Restarted),
    }
}

/// The usual causes of an alarm, the most usual first.
const fn usual(trouble: Trouble) -> &'static [Kind] {
    use Kind::{
        Connections, Deadlocks, HeavyStatement, HistoryList, IdleTransaction, LockHolder,
        LongStatement, LongTransaction, Memory, ReplicaLag, Tables,
    };
    match trouble {
        Trouble::Cpu => &[
            LongStatement,
            HeavyStatement,
            LockHolder,
            Connections,
            HistoryList,
        ],
        Trouble::Memory => &[
            Memory,
            LongStatement,
            Connections,
            HeavyStatement,
            LongTransaction,
        ],
        Trouble::Connections => &[
            LockHolder,
            Connections,
            LongStatement,
            IdleTransaction,
            HeavyStatement,
        ],
        Trouble::ReadLatency => &[LongStatement, HeavyStatement, LockHolder, HistoryList],
        Trouble::WriteLatency => &[
            LockHolder,
            HeavyStatement,
            LongStatement,
            IdleTransaction,
            LongTransaction,
        ],
        Trouble::ReplicaLag => &[
            ReplicaLag,
            LockHolder,
            LongTransaction,
            HeavyStatement,
            LongStatement,
        ],
        Trouble::Volume => &[
            Tables,
            HistoryList,
            LongTransaction,
            IdleTransaction,
            HeavyStatement,
        ],
        Trouble::Deadlocks => &[Deadlocks, LockHolder, LongTransaction, IdleTransaction],
        Trouble::HistoryList => &[
            LongTransaction,
            IdleTransaction,
            LockHolder,
            HistoryList,
            LongStatement,
        ],
        Trouble::LongTransaction => &[LockHolder, IdleTransaction, LongTransaction, LongStatement],
        // Who is to use it gets no connection, or waits.
        Trouble::Idle => &[Connections, LockHolder],
        Trouble::Other => &[
            LockHolder,
            LongStatement,
            Connections,
            IdleTransaction,
            HeavyStatement,
        ],
    }
}
