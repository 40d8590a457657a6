//! The simulated AWS account: a cluster whose endpoints are the relays', and the inbox.

use jiff::Timestamp;
use simulated_aws::{Account, Effect, Place, Record, Whim, Witness, rds};

use crate::lambda::{ACCOUNT, REGION};
use crate::mysql::Relay;
use crate::payload::now;

/// The topic that mails go to.
pub(super) const INBOX: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";
/// The cluster.
pub(super) const CLUSTER: &str = "orders";

/// Mails are read off the proxy's record, so nobody needs to watch the account itself.
pub(super) struct Nobody;

impl Witness for Nobody {
    fn carried_out(&self, _: &Record, _: &Account) {}
    fn answered(&self, _: &Record) {}
    fn happened(&self, _: Timestamp, _: &[Effect], _: &Account) {}
}

/// An account with a cluster of two instances that listen where the relays do.
pub(super) fn account(writer: &Relay, reader: &Relay) -> Account {
    let place = Place {
        account: ACCOUNT.into(),
        region: REGION.into(),
    };
    let mut account = Account::new(place, Whim::plain(1));
    account.sns.add_topic(&account.place, "inbox");
    account.outside(now(), |service, at| {
        let cluster = rds::Cluster::new(at.place, CLUSTER, at.now);
        service.add_cluster(cluster, at);
        for id in ["orders-0", "orders-1"] {
            service.add_instance(rds::Instance::new(at.place, id, CLUSTER, at.now), at);
        }
        let here = |relay: &Relay| ("127.0.0.1".to_owned(), relay.port());
        let servers = [
            (CLUSTER, writer),
            ("orders-0", writer),
            ("orders-1", reader),
        ];
        let servers = servers.map(|(id, relay)| (id.to_owned(), here(relay)));
        service.servers.extend(servers);
    });
    account
}
