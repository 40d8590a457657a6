//! The way to the cluster's writer.

use std::time::Duration;

use aurora::ApiError;
use aurora_model::{ClusterEndpoints, Instance};
use aurora_sql::SqlError;
use handler::Invocation;
use jobs::policy::Kind;
use secrets::{CURRENT, Credential, ReadError};
use tokio::time::{Instant, sleep};

use super::halt::Halt;
use crate::{
    Policy, Tools,
    database::{Access, Database, Endpoint, Login, Server, Session},
    throttle::Replica,
};

/// How long a login may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long a statement may take that has no budget of its own.
const STATEMENT: Duration = Duration::from_secs(30);
/// How long a statement may wait for a lock: on a lock it is the job that steps back.
const LOCK_WAIT: Duration = Duration::from_secs(2);
/// The pause after the first login in vain; each is twice the one before.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause. Aurora's endpoints have a time to live of 5 s in DNS.
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// So often a login may be refused: the secret may have been rotated since it was read.
const REFUSALS: u32 = 2;

/// The way to the writer of the job's cluster. The host comes from RDS, not from the secret: whoever
/// could write another into the secret would be handed the password.
pub(crate) struct Door<'a, D> {
    tools: Tools<'a, D>,
    call: &'a Invocation<Policy>,
    pub(super) writer: Endpoint,
    pub(super) readers: Vec<Replica>,
}

/// A login on the writer.
pub(crate) struct Inside<S> {
    pub(super) session: S,
    pub(super) server: Server,
    pub(super) credential: Credential,
}

impl<'a, D: Database> Door<'a, D> {
    /// Asks RDS where the writer and the readers of the policy's cluster listen.
    pub(super) async fn find(
        tools: Tools<'a, D>,
        call: &'a Invocation<Policy>,
    ) -> Result<Self, Halt> {
        let id = &call.policy.cluster;
        let cluster = tools.aurora.cluster(id);
        let cluster = call
            .read("the cluster", cluster, ApiError::retryable)
            .await?;
        let Some(cluster) = cluster else {
            return Err(Halt::Alert(format!(
                "there is no cluster {id} in this account and region: correct policy.cluster."
            )));
        };
        let Some(writer) = endpoint(&cluster) else {
            return Err(Halt::Wait(format!(
                "{} has no endpoint yet; it is {}",
                cluster.id, cluster.status
            )));
        };
        let instances = tools.aurora.instances(&cluster.id);
        let instances = call.read("the cluster's instances", instances, ApiError::retryable);
        let readers = readers(&cluster, &instances.await?);
        Ok(Self {
            tools,
            call,
            writer,
            readers,
        })
    }

    /// Logs in at the writer, again and again until `until`. After a failover the endpoint may lead
    /// to the old writer for a while.
    pub(super) async fn open(&self, until: Instant) -> Result<Inside<D::Session>, Halt> {
        let (mut pause, mut refusals) = (FIRST_PAUSE, 0);
        loop {
            let halt = match self.once().await {
                Ok(inside) => return Ok(inside),
                Err(halt) => halt,
            };
            let refused = matches!(halt, Halt::Sql(SqlError::AccessDenied { .. }));
            refusals += u32::from(refused);
            let again = halt.passes() || (refused && refusals < REFUSALS);
            if !again || Instant::now() + pause >= until {
                return Err(halt);
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn once(&self) -> Result<Inside<D::Session>, Halt> {
        let credential = self.credential().await?;
        let access = self.access();
        let login = Login::from(&credential);
        let mut session = self
            .tools
            .database
            .open(&self.writer, login, &access)
            .await?;
        let server = session.server().await?;
        if !server.writable {
            let endpoint = self.writer.to_string();
            return Err(SqlError::ReadOnly { endpoint }.into());
        }
        Ok(Inside {
            session,
            server,
            credential,
        })
    }

    /// What the job's user logs in with now.
    async fn credential(&self) -> Result<Credential, Halt> {
        let name = &self.call.policy.secret;
        let value = self.tools.secrets.value(name, CURRENT);
        let value = self
            .call
            .read("the job's secret", value, ReadError::retryable);
        let Some(value) = value.await? else {
            return Err(Halt::Alert(format!(
                "the secret {name} has no AWSCURRENT version with a value: put the credential of the job's user into it."
            )));
        };
        Credential::parse(&value.content)
            .map_err(|error| Halt::Alert(format!("the secret {name}: {error}.")))
    }

    /// How to log in for the work.
    pub(super) fn access(&self) -> Access {
        let until = Instant::now() + self.call.deadline.left();
        access(&self.call.policy, CONNECT, STATEMENT, until)
    }
}

/// How to log in as the policy says.
pub(super) fn access(
    job: &Policy,
    connect: Duration,
    statement: Duration,
    until: Instant,
) -> Access {
    let own_schema = matches!(job.kind(), Some(Kind::Call(_) | Kind::Statement(_)));
    Access {
        ca: job.ca.clone(),
        plain_text: job.plain_text,
        database: own_schema.then(|| job.database.clone()),
        connect,
        statement,
        lock_wait: LOCK_WAIT,
        until,
    }
}

fn endpoint(cluster: &ClusterEndpoints) -> Option<Endpoint> {
    let host = cluster.writer.clone()?;
    let port = cluster.port?;
    Some(Endpoint { host, port })
}

/// The readers that have an endpoint.
fn readers(cluster: &ClusterEndpoints, instances: &[Instance]) -> Vec<Replica> {
    let is_writer = |id: &str| cluster.members.iter().any(|it| it.writer && it.id == id);
    let readers = instances.iter().filter(|instance| !is_writer(&instance.id));
    let replica = |reader: &Instance| {
        let (host, port) = reader.endpoint.clone()?;
        let endpoint = Endpoint { host, port };
        Some(Replica {
            name: reader.id.clone(),
            endpoint,
        })
    };
    readers.filter_map(replica).collect()
}
