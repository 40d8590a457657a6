//! What becomes of the time a schedule fired at.

use aurora_model::words::moment;
use jiff::Timestamp;
use jobs::policy::Kind;

use super::{Decided, Note, Seen, Woken, Work, buffers, late, shut, words};
use crate::database::Run;

/// What the trigger's own time is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Own {
    /// A tick has none, or it is that of the run that is not over.
    None,
    /// There was a run for it, or it was left out.
    Over,
    /// Nothing has become of it yet.
    New(Timestamp),
}

impl Own {
    pub(super) const fn untouched(self) -> Option<Timestamp> {
        match self {
            Self::New(slot) => Some(slot),
            Self::None | Self::Over => None,
        }
    }
}

/// An older run than the last one is found when it is begun: the ledger has one row for each time.
pub(super) fn own(seen: &Seen<'_>) -> Own {
    let Woken::Schedule(slot) = seen.woken else {
        return Own::None;
    };
    let of = |run: &Option<Run>| run.as_ref().is_some_and(|run| run.slot == slot);
    match seen.standing {
        standing if of(&standing.open) => Own::None,
        standing if of(&standing.last) => Own::Over,
        _ => Own::New(slot),
    }
}

/// A schedule that fired while `open` is not over.
pub(super) fn overlap(seen: &Seen<'_>, own: Own, open: &Run) -> Vec<Note> {
    let Some(slot) = own.untouched() else {
        return vec![];
    };
    if let Some(why) = late(seen, slot) {
        return vec![left_out(slot, why)];
    }
    let why = format!("the run of {} was not over", moment(open.slot));
    if buffers(seen.job) {
        keep(seen, slot, why)
    } else {
        vec![left_out(slot, why)]
    }
}

/// What begins where no run is under way. The latest schedule goes first; an earlier one that was
/// kept gives way to it.
pub(super) fn begin(seen: &Seen<'_>, own: Own) -> Decided {
    let kept = seen.standing.buffered;
    let waiting: Vec<Timestamp> = own.untouched().into_iter().chain(kept).collect();
    let Some(slot) = waiting.iter().copied().max() else {
        return Decided {
            notes: vec![],
            work: Work::Nothing(nothing(seen, own)),
        };
    };
    let earlier = waiting.into_iter().filter(|other| *other != slot);
    let mut notes: Vec<Note> = earlier.map(|other| gives_way(other, slot)).collect();
    if let Some(why) = late(seen, slot) {
        notes.push(left_out(slot, why.clone()));
        return Decided {
            notes,
            work: Work::Nothing(why),
        };
    }
    let Some(why) = not_now(seen) else {
        return Decided {
            notes,
            work: Work::Begin(slot),
        };
    };
    if kept != Some(slot) {
        notes.push(Note::Keep {
            slot,
            why: why.clone(),
        });
    }
    Decided {
        notes,
        work: Work::Wait(why),
    }
}

/// What takes the place of a run that another job's policy had begun. What a procedure or a statement
/// is for is one time: it waits for its next schedule.
pub(super) fn anew(seen: &Seen<'_>, own: Own) -> Decided {
    let in_steps = matches!(
        seen.job.kind(),
        Some(Kind::Purge(_) | Kind::Archive(_) | Kind::Partitions(_))
    );
    let Decided { notes, work } = begin(seen, own);
    let then = match (work, seen.woken) {
        (Work::Begin(slot), _) => Some(slot),
        (_, Woken::Tick(at)) if in_steps && notes.is_empty() => Some(at),
        _ => None,
    };
    Decided {
        notes,
        work: Work::Replace(then),
    }
}

fn not_now(seen: &Seen<'_>) -> Option<String> {
    if seen.locked {
        shut(seen)
    } else {
        Some(words::LOCKED.to_owned())
    }
}

/// Keeps `slot`, in place of an earlier one.
fn keep(seen: &Seen<'_>, slot: Timestamp, why: String) -> Vec<Note> {
    match seen.standing.buffered {
        Some(kept) if kept == slot => vec![],
        Some(kept) if kept > slot => vec![gives_way(slot, kept)],
        Some(kept) => vec![gives_way(kept, slot), Note::Keep { slot, why }],
        None => vec![Note::Keep { slot, why }],
    }
}

fn gives_way(slot: Timestamp, to: Timestamp) -> Note {
    left_out(
        slot,
        format!("the schedule of {} came before it was begun", moment(to)),
    )
}

fn left_out(slot: Timestamp, why: String) -> Note {
    Note::Skip {
        slot,
        why,
        logged: true,
        told: false,
    }
}

fn nothing(seen: &Seen<'_>, own: Own) -> String {
    match (own, &seen.standing.last) {
        (Own::Over, Some(last)) => words::over(last),
        _ => "no run is under way and no schedule waits to be begun".to_owned(),
    }
}
