//! What a job does, as a digest: a run never goes on with another job's place.

use ring::digest::{SHA256, digest};
use serde::Serialize;

use crate::{
    Job,
    policy::{Call, Name, Partitions, Rows, Sql},
};

/// What a job does, and nothing of when, how fast or as whom.
#[derive(Serialize)]
struct Spec<'a> {
    database: &'a Name,
    purge: Option<&'a Rows>,
    archive: Option<&'a Rows>,
    partitions: Option<&'a Partitions>,
    call: Option<&'a Call>,
    statement: Option<&'a Sql>,
    /// Partitions begin at midnight there.
    zone: Option<String>,
}

/// The digest of what `job` does: 64 hexadecimal digits. Two jobs that differ in their windows,
/// limits or names only have the same. `None` of a job that cannot be written as JSON.
#[must_use]
pub fn digest_of(job: &Job) -> Option<String> {
    let zone = job.partitions.is_some().then(|| job.time_zone.to_string());
    let spec = Spec {
        database: &job.database,
        purge: job.purge.as_ref(),
        archive: job.archive.as_ref(),
        partitions: job.partitions.as_ref(),
        call: job.call.as_ref(),
        statement: job.statement.as_ref(),
        zone,
    };
    let json = serde_json::to_vec(&spec).ok()?;
    let hash = digest(&SHA256, &json);
    let hex = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
    Some(hex.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn spec(changes: Value) -> String {
        let mut job = json!({
            "job": "purge-access-logs", "cluster": "orders", "secret": "job-login", "database": "shop",
            "purge": {"table": "access_logs", "column": "created_at", "older_than": "30d"},
        });
        let changes = changes.as_object().unwrap().clone();
        job.as_object_mut().unwrap().extend(changes);
        let spec = digest_of(&serde_json::from_value(job).unwrap()).unwrap();
        assert_eq!(spec.len(), 64);
        spec
    }

    #[test]
    fn what_a_job_does_makes_its_digest() {
        let purge = |older_than: &str| json!({"purge": {"table": "access_logs", "column": "created_at", "older_than": older_than}});
        let as_it_is = spec(json!({}));
        assert_eq!(spec(purge("30d")), as_it_is);
        assert_ne!(spec(purge("60d")), as_it_is);
        assert_ne!(spec(json!({"database": "shop2"})), as_it_is);
    }

    #[test]
    fn when_and_how_fast_it_does_so_does_not() {
        let as_it_is = spec(json!({}));
        for other in [
            json!({"windows": [{"from": "22:00", "to": "06:00"}], "time_zone": "Europe/Berlin"}),
            json!({"chunk": {"most": 50}, "pause_after": 0, "overlap": "buffer_one"}),
            json!({"secret": "another", "mode": "plan"}),
        ] {
            assert_eq!(spec(other.clone()), as_it_is, "{other}");
        }
    }
}
