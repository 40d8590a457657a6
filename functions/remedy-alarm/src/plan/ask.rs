//! Asking scale-readers for a reader.

use aurora_model::{Choice, Decision, reader::REQUEST_HEEDED, tags, words::moment};
use jiff::Timestamp;

use crate::{Policy, observation::Observation, remedy::Remedy};

/// Whether a reader is asked for.
pub(super) fn decision(
    policy: &Policy,
    seen: &Observation,
    now: Timestamp,
) -> Option<Decision<Remedy>> {
    let ask = policy.remedies.add_reader.as_ref()?;
    let mut ringing = seen.ringing.iter();
    let alarm = ringing.find(|alarm| ask.on.contains(&alarm.trouble))?;
    let cluster = &seen.cluster.id;
    let asked = seen.cluster.tags.get(tags::READER_ASKED);
    let asked: Option<Timestamp> = asked.and_then(|tag| tag.parse().ok());
    let heeded = |at: &Timestamp| now.duration_since(*at) < REQUEST_HEEDED.duration();
    if let Some(at) = asked.filter(heeded) {
        let reason = format!("scale-readers was asked for a reader at {}", moment(at));
        return Some(Decision::new(cluster, cluster, Choice::Keep, reason));
    }
    let reason = format!(
        "{} rings for {}; whether one comes, and when, scale-readers decides",
        alarm.name,
        alarm.trouble.words()
    );
    let choice = Choice::Act(Remedy::AskForReader);
    Some(Decision::new(cluster, cluster, choice, reason))
}
