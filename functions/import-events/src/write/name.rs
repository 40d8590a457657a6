//! The name of an EVENT's job.

use aurora_model::name::number;
use jobs::JobName;

use crate::event::Event;

/// A schedule's name has 64 characters at most, of which `nightshift-` and `-tick` are 16.
/// <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html>
const LIMIT: usize = 48;

/// The name of the job in the place of an EVENT: `app-cleanup-old-logs` for `app`.`cleanup_old_logs`.
/// It is always the same, whatever other EVENTs there are. A name that says less than the EVENT's,
/// because of other characters or its length, ends in a digest of it.
#[must_use]
pub fn job_name(event: &Event) -> Option<JobName> {
    let said = format!("{}-{}", event.schema, event.name);
    let words: Vec<_> = said
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut name = words.join("-").to_ascii_lowercase();
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        name.insert_str(0, "event-");
    }
    // Then each hyphen but the first was an underscore of the EVENT's name.
    let clear = !event.schema.as_str().contains(['_', '-']) && !event.name.as_str().contains('-');
    let plain = clear && name == said.replace('_', "-");
    if !plain || name.len() > LIMIT {
        name.truncate(LIMIT - 7);
        let name_and = name.trim_end_matches('-');
        return JobName::new(&format!("{name_and}-{}", digest(&event.full_name())));
    }
    JobName::new(&name)
}

/// Six hexadecimal digits of a text: its number, folded.
pub(crate) fn digest(text: &str) -> String {
    let hash = number(text);
    format!("{:06x}", (hash >> 24) ^ (hash & 0x00ff_ffff))
}
