//! The simulated AWS account: a cluster whose endpoints are real servers', and the inbox.

use std::net::SocketAddr;
use std::sync::Arc;

use jiff::Timestamp;
use simulated_aws::{
    Account, Aws, Effect, Faults, Place, Record, Server, SimulatedTime, Whim, Witness, rds,
};

use super::secrets::SecretsManager;
use crate::lambda::{ACCOUNT, REGION};
use crate::payload::now;
use crate::proxy::{Proxy, Upstreams};

/// The topic that mails go to.
pub const INBOX: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";
/// The cluster. Its instances are `orders-0`, the writer, and `orders-1`.
pub const CLUSTER: &str = "orders";

/// Nobody watches the account.
pub struct Unseen;

impl Witness for Unseen {
    fn carried_out(&self, _: &Record, _: &Account) {}
    fn answered(&self, _: &Record) {}
    fn happened(&self, _: Timestamp, _: &[Effect], _: &Account) {}
}

/// The account behind a port of 127.0.0.1. It ends when it is dropped.
pub struct Cloud {
    /// The account itself.
    pub aws: Aws,
    /// Its Secrets Manager.
    pub secrets: SecretsManager,
    /// Where it listens.
    pub address: SocketAddr,
    _server: Server,
}

impl Cloud {
    /// An account with a cluster of two instances whose endpoints are these ports of 127.0.0.1,
    /// the writer's first.
    pub async fn start(ports: [u16; 2], witness: Arc<dyn Witness>) -> Self {
        Self::with(Faults::none(1), ports, witness).await
    }

    /// The same, without the time that a network takes: for measurements.
    pub async fn at_once(ports: [u16; 2], witness: Arc<dyn Witness>) -> Self {
        let mut faults = Faults::none(1);
        faults.latency = 0..=0;
        Self::with(faults, ports, witness).await
    }

    async fn with(faults: Faults, ports: [u16; 2], witness: Arc<dyn Witness>) -> Self {
        let time = SimulatedTime::from(now());
        let aws = Aws::new(account(ports), faults, time, witness);
        let server = Server::start(aws.clone()).await;
        let server = server.expect("loopback has a free port");
        let address = server.url();
        let address = address
            .strip_prefix("http://")
            .and_then(|it| it.parse().ok());
        let address = address.expect("the simulated AWS has a loopback address");
        Self {
            aws,
            secrets: SecretsManager::at(address),
            address,
            _server: server,
        }
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A proxy before it, which sees the calls of those who go through it, and nobody else's.
    pub async fn proxy(&self) -> Proxy {
        let upstreams = Upstreams {
            rds: self.address,
            others: Some(self.address),
        };
        Proxy::start(upstreams).await
    }
}

fn account([writer, reader]: [u16; 2]) -> Account {
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
        let servers = [
            (CLUSTER, writer),
            ("orders-0", writer),
            ("orders-1", reader),
        ];
        let here = |(id, port): (&str, u16)| (id.to_owned(), ("127.0.0.1".to_owned(), port));
        service.servers.extend(servers.map(here));
    });
    account
}
