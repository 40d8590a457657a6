//! What each function makes of a payload.

use std::fs;

use aurora_model::Span;
use handler::{
    Mode, Policy, PolicyError, Trigger, policy,
    trigger::{self, Payload},
};
use jiff::Timestamp;
use nightshift_tests::repo;
use serde_json::Value;

/// One function's way of reading.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) schema: fn() -> Value,
    pub(crate) policy: fn(&Value) -> Result<Wish, PolicyError>,
    absent: fn() -> Option<Value>,
}

/// What every policy has.
pub(crate) struct Wish {
    pub(crate) mode: Option<Mode>,
    pub(crate) expire_after: Span,
}

/// A payload in `events/`.
pub(crate) struct Event {
    /// `schedule.json`.
    pub(crate) file: String,
    pub(crate) payload: Value,
}

/// When each payload arrived.
pub(crate) const ARRIVED: Timestamp = Timestamp::UNIX_EPOCH;

/// All functions.
pub(crate) fn all() -> [Function; 8] {
    [
        function::<import_events::Policy>(import_events::NAME),
        function::<prune_snapshots::policy::Policy>(prune_snapshots::NAME),
        function::<remedy_alarm::Policy>(remedy_alarm::NAME),
        function::<report_failure::Policy>(report_failure::NAME),
        function::<rotate_secret::Policy>(rotate_secret::NAME),
        function::<run_job::Policy>(run_job::NAME),
        function::<scale_readers::Policy>(scale_readers::NAME),
        function::<take_snapshot::Policy>(take_snapshot::NAME),
    ]
}

fn function<P: Policy>(name: &'static str) -> Function {
    Function {
        name,
        schema: || schemars::schema_for!(P).into(),
        policy: |json| {
            let policy: P = policy::parse(json)?;
            Ok(Wish {
                mode: policy.mode(),
                expire_after: policy.expire_after(),
            })
        },
        absent: P::absent,
    }
}

impl Function {
    /// Its payloads, by name.
    pub(crate) fn events(&self) -> Vec<Event> {
        let folder = repo::events().join(self.name);
        let files = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path());
        let mut events: Vec<Event> = files
            .filter(|path| !path.ends_with("policy.schema.json"))
            .map(|path| Event {
                file: path.file_name().unwrap().to_str().unwrap().to_owned(),
                payload: serde_json::from_slice(&fs::read(&path).unwrap()).unwrap(),
            })
            .collect();
        events.sort_by(|a, b| a.file.cmp(&b.file));
        events
    }

    /// Reads a payload as `handler` does; one without a policy gets that of the environment,
    /// which here is the scheduled event's.
    pub(crate) fn read(&self, payload: &Value) -> Result<(Trigger, Wish), String> {
        let Payload { trigger, policy } =
            trigger::parse(payload, ARRIVED).map_err(|e| e.to_string())?;
        let of_environment = || {
            let mut events = self.events().into_iter();
            let scheduled = events.find(|event| event.file == "schedule.json")?;
            scheduled.payload.get("policy").cloned()
        };
        let policy = policy.or_else(of_environment).or_else(self.absent).unwrap();
        let wish = (self.policy)(&policy).map_err(|e| e.to_string())?;
        Ok((trigger, wish))
    }
}

impl Event {
    /// Whether the function must refuse it.
    pub(crate) fn is_bad(&self) -> bool {
        self.file.starts_with("bad-")
    }
}
