//! What the command line asks for, and the event as if it came now.

use std::{fs, path::Path};

use jiff::Timestamp;
use nightshift_tests::repo;
use serde_json::Value;

/// What to run with what.
pub(crate) struct Asked {
    /// The function.
    pub(crate) function: String,
    /// The event's file, as given.
    pub(crate) event: String,
    /// The event, as if it came now.
    pub(crate) payload: Value,
    /// Now.
    pub(crate) now: Timestamp,
    /// Whether what stays as it is, is listed too.
    pub(crate) all: bool,
}

impl Asked {
    /// Reads the command line `FUNCTION EVENT [--all]`; an error is what to tell the person.
    pub(crate) fn read(
        arguments: impl Iterator<Item = String>,
        now: Timestamp,
    ) -> Result<Self, String> {
        let (options, words): (Vec<_>, Vec<_>) = arguments.partition(|word| word.starts_with('-'));
        let functions = repo::functions();
        let unknown = options.iter().any(|option| option != "--all");
        let (function, event) = match &*words {
            [function, event] if functions.contains(function) && !event.is_empty() && !unknown => {
                (function.clone(), event.clone())
            }
            _ => return Err(usage(&functions)),
        };
        let text = fs::read_to_string(&event)
            .map_err(|error| format!("{event}: {error}. {}", samples(&function)))?;
        let mut payload = serde_json::from_str(&text)
            .map_err(|error| format!("{event}: expected an event as JSON: {error}"))?;
        set_time(&mut payload, now);
        Ok(Self {
            function,
            event,
            payload,
            now,
            all: !options.is_empty(),
        })
    }
}

fn usage(functions: &[String]) -> String {
    format!(
        "usage: make plan FUNCTION={} EVENT=events/<function>/<case>.json [ALL=1]",
        functions.join("|")
    )
}

/// A sample event, for who gave none that exists.
fn samples(function: &str) -> String {
    let files = fs::read_dir(repo::events().join(function))
        .into_iter()
        .flatten();
    let mut names: Vec<String> = files
        .filter_map(|file| file.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with("bad-") && name != "policy.schema.json")
        .collect();
    names.sort();
    let home = Path::new("events").join(function);
    format!("There are, in {}: {}", home.display(), names.join(", "))
}

/// Puts `now` where the event has its time: one written down some day would have expired, and
/// the plan wanted is tonight's.
fn set_time(payload: &mut Value, now: Timestamp) {
    let now = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let event = match payload.get_mut("event") {
        Some(event) => event,
        None => payload,
    };
    for field in ["scheduled_time", "time", "timestamp"] {
        if let Some(time) = event.get_mut(field) {
            *time = Value::String(now);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn asked(words: &[&str]) -> Result<Asked, String> {
        Asked::read(words.iter().map(|&word| word.to_owned()), NOW)
    }

    #[test]
    fn whatever_the_event_its_time_is_now() {
        for (event, expected) in [
            (
                json!({"policy": {"time": 1}, "event": {"scheduled_time": "x", "time": "y"}}),
                json!({"policy": {"time": 1}, "event": {"scheduled_time": "1970-01-01T00:00:00Z", "time": "y"}}),
            ),
            (
                json!({"time": "x", "detail": {"time": "y"}}),
                json!({"time": "1970-01-01T00:00:00Z", "detail": {"time": "y"}}),
            ),
            (
                json!({"timestamp": "x"}),
                json!({"timestamp": "1970-01-01T00:00:00Z"}),
            ),
            (json!({"event": {}}), json!({"event": {}})),
            (json!([1]), json!([1])),
        ] {
            let mut payload = event;
            set_time(&mut payload, NOW);
            assert_eq!(payload, expected);
        }
    }

    #[test]
    fn who_asks_for_nothing_is_told_what_there_is() {
        let functions = repo::functions();
        for words in [
            &[][..],
            &["", ""],
            &[&functions[0], ""],
            &["take-snapshots", "e"],
            &[&functions[0], "e", "--mode=apply"],
        ] {
            let usage = asked(words).err().unwrap();
            assert!(usage.starts_with("usage: ") && !usage.contains('\n'));
            assert!(functions.iter().all(|function| usage.contains(function)));
        }
        let missing = asked(&["take-snapshot", "no.json"]).err().unwrap();
        assert!(missing.contains("no.json: No such file"), "{missing}");
        assert!(missing.contains("schedule.json"), "{missing}");
    }
}
