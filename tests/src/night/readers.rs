//! The readers of one of the clusters: its load goes up and down, and RDS takes its time.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::past::{BILLING, CLUSTERS};
use super::run::{Woken, emit, set_in_motion};
use super::stage::NIGHTSHIFT;
use super::world;
use crate::cloud::{Cloud, Ministack};
use crate::lambda::{ACCOUNT, REGION};

/// How many connections the reader that came has left when the load has gone.
pub const CONNECTIONS: u32 = 3;
/// Its tag on the cluster, in which it remembers what it did.
pub const CHANGES: &str = "nightshift:reader-changes";

/// What happens to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// They have much to do.
    Busy,
    /// RDS has created the one that was asked for, and the load has eased.
    Comes,
    /// They have little to do.
    Idle,
    /// RDS has deleted the one that was not needed any more.
    Goes,
}

/// The alarm of the template's that asks for more, `busy`, or that allows fewer, `idle`.
#[must_use]
pub fn alarm(which: &str) -> String {
    format!("{NIGHTSHIFT}-{BILLING}-readers-{which}")
}

/// The readers of the cluster in an inventory.
pub fn of(inventory: &Value) -> impl Iterator<Item = &Value> {
    let clusters = inventory["clusters"].as_array().expect("a list");
    let cluster = clusters.iter().find(|each| each["id"] == BILLING);
    let instances = cluster.and_then(|each| each["instances"].as_array());
    let readers = instances.into_iter().flatten();
    readers.filter(|instance| instance["writer"] == false)
}

/// The one of them that scale-readers made.
#[must_use]
pub fn ours(inventory: &Value) -> Option<&Value> {
    of(inventory).find(|reader| reader["tags"]["nightshift:managed-by"] == "nightshift")
}

/// Lets it happen.
pub async fn happen(cloud: &Cloud, event: Event, time: Timestamp) -> Woken {
    let (rds, ministack) = (cloud.rds(), cloud.ministack().await);
    let inventory = rds.inventory().await;
    let reader = ours(&inventory).map(|reader| reader["id"].as_str().unwrap_or_default());
    match (event, reader) {
        (Event::Busy, _) => stands(ministack, "busy").await,
        (Event::Idle, Some(reader)) => {
            let number = f64::from(CONNECTIONS);
            ministack.connections(reader, number).await;
            stands(ministack, "idle").await
        }
        (Event::Comes, Some(reader)) => {
            ministack.set_alarm(&alarm("busy"), "OK").await;
            let there = json!({"status": "available"});
            rds.patch("instance", reader, there).await;
            told(ministack, "instance-created", reader, time).await
        }
        (Event::Goes, Some(reader)) => {
            let gone = json!({"removed": true});
            rds.patch("instance", reader, gone).await;
            told(ministack, "instance-deleted", reader, time).await
        }
        (_, None) => Woken::default(),
    }
}

async fn stands(ministack: &Ministack, which: &str) -> Woken {
    let alarm = alarm(which);
    set_in_motion(ministack, ministack.set_alarm(&alarm, "ALARM")).await
}

/// RDS says what has become of the reader.
async fn told(ministack: &Ministack, case: &str, reader: &str, time: Timestamp) -> Woken {
    let mut event = world::recorded("scale-readers", case);
    let arn = format!("arn:aws:rds:{REGION}:{ACCOUNT}:db:{reader}");
    event["time"] = time.to_string().into();
    event["resources"] = json!([arn]);
    event["detail"]["SourceArn"] = arn.into();
    event["detail"]["SourceIdentifier"] = reader.into();
    event["detail"]["Date"] = time.to_string().into();
    emit(ministack, &event).await
}

/// Hours of the night pass for the instances, what is noted of them, and the alarms.
pub async fn grow_older(cloud: &Cloud, by: SignedDuration) {
    for cluster in &CLUSTERS {
        cloud.rds().age(cluster.id, by).await;
    }
    cloud.ministack().await.age_alarms(by).await;
}
