//! The real binaries against the simulated AWS behind a socket: what is simulated in process is
//! the same that a process meets.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use nightshift_tests::{
    lambda::{Lambda, Settings},
    payload::{now, scheduled},
    scenario::LIMIT,
};
use serde_json::json;
use simulated_aws::{
    Account, Aws, Effect, Fault, Faults, Place, Record, Server, SimulatedTime, Whim, Witness, rds,
};

/// Remembers every call with what it changed.
#[derive(Default)]
struct Calls(Mutex<Vec<(String, Vec<Effect>)>>);

impl Witness for Calls {
    fn carried_out(&self, record: &Record, _account: &Account) {
        let call = (record.call.action(), record.effects.clone());
        self.0.lock().unwrap().push(call);
    }

    fn answered(&self, _record: &Record) {}

    fn happened(&self, _at: Timestamp, _effects: &[Effect], _account: &Account) {}
}

impl Calls {
    fn made(&self) -> Vec<String> {
        let calls = self.0.lock().unwrap();
        calls.iter().map(|(action, _)| action.clone()).collect()
    }

    fn created(&self) -> Vec<String> {
        let calls = self.0.lock().unwrap();
        let effects = calls.iter().flat_map(|(_, effects)| effects);
        let created = effects.filter_map(|effect| match effect {
            Effect::SnapshotCreated(snapshot) => Some(snapshot.id.clone()),
            _ => None,
        });
        created.collect()
    }
}

/// An account of three clusters whose listings come one by one.
fn account(tonight: Timestamp) -> Account {
    let place = Place {
        account: "123456789012".into(),
        region: "eu-central-1".into(),
    };
    let whim = Whim {
        largest_page: 1,
        ..Whim::plain(1)
    };
    let mut account = Account::new(place, whim);
    account.sns.add_topic(&account.place, "inbox");
    account.outside(tonight, |service, at| {
        for id in ["billing", "orders", "shop"] {
            let mut cluster = rds::Cluster::new(at.place, id, at.now);
            let tag = ("nightshift:snapshot".to_owned(), "nightly".to_owned());
            cluster.tags.extend([tag]);
            service.add_cluster(cluster, at);
        }
    });
    account
}

#[tokio::test]
async fn a_real_binary_meets_the_simulated_aws_behind_a_socket() {
    let tonight = now() - SignedDuration::from_mins(1);
    let calls = Arc::new(Calls::default());
    // After three pages of clusters, one of snapshots and the quota comes the first creation.
    let faults = Faults {
        planned: Some([(6, Fault::CutAfter)].into()),
        ..Faults::none(1)
    };
    let time = SimulatedTime::from(now());
    let aws = Aws::new(account(tonight), faults, time, Arc::<Calls>::clone(&calls));
    let server = Server::start(aws).await.unwrap();

    let settings = Settings::new().mode("apply").endpoint(&server.url());
    let inbox = "arn:aws:sns:eu-central-1:123456789012:inbox";
    let function = Lambda::start("take-snapshot", settings.inbox(inbox)).await;
    let payload = scheduled(&json!({"schedule": "nightly"}), tonight);
    let run = function.invoke(&payload, LIMIT).await;

    let report = run.result.unwrap();
    assert_eq!(report["outcome"], "success", "{report}");
    let mut created = calls.created();
    created.sort();
    let day = tonight.strftime("%Y%m%d");
    let names = ["billing", "orders", "shop"].map(|id| format!("{id}-nightly-{day}"));
    assert_eq!(created, names);
    let count = |action: &str| calls.made().iter().filter(|made| *made == action).count();
    assert_eq!(count("rds:DescribeDBClusters"), 3, "one page for each");
    // Three, and one more whose answer was lost.
    assert_eq!(count("rds:CreateDBClusterSnapshot"), 4);
    assert_eq!(count("sns:Publish"), 1);
}
