//! What a statement does otherwise in a session of `run-job`.

use crate::event::Event;

/// Who may do what.
pub(super) fn rights(event: &Event, needed: &str) -> String {
    format!(
        "It ran with the rights of {}; the job runs as the user of its secret, who needs {needed}.",
        definer(event)
    )
}

/// As an account is written.
pub(super) fn definer(event: &Event) -> String {
    let (user, host) = (&event.definer.user, &event.definer.host);
    format!(
        "{}@{}",
        crate::event::quoted(user),
        crate::event::quoted(host)
    )
}

/// What the `sql_mode` of `run-job` has and the EVENT's had not.
pub(super) fn stricter(event: &Event) -> Option<String> {
    let (_, less) = event.sql_mode.beside_ours();
    (!less.is_empty()).then(|| {
        format!(
            "run-job's sessions have the default sql_mode, the EVENT had none of {}: what it took with \
             a warning may now be an error.",
            less.join(", ")
        )
    })
}

/// What is only so in another zone.
pub(super) fn zone(event: &Event) -> Option<String> {
    (!event.zone.is_utc()).then(|| {
        format!(
            "run-job's sessions have UTC's clock, the EVENT had that of {}: TIMESTAMP columns read and \
             written as local times are now UTC's.",
            event.zone
        )
    })
}
