//! The cluster's writer, and how one logs in there.

use std::time::Duration;

use aurora::ApiError;
use aurora_sql::{Endpoint, SqlError};
use handler::{Error, Invocation};
use secrets::{CURRENT, Credential, ReadError};
use tokio::time::Instant;

use crate::{
    Tools,
    database::{Access, Database, Login, Server, Session},
    policy::Policy,
};

/// How long the lock of an EVENT is waited for: another call that has it is about to end, or waits
/// for an execution.
const LOCK_WAIT: Duration = Duration::from_secs(10);

/// Something that only a person can put right.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unfit(String);

/// Where the writer listens, with what one logs in.
pub(crate) struct Door<'a, D> {
    database: &'a D,
    endpoint: Endpoint,
    credential: Credential,
    access: Access,
}

/// A session on the writer, with what it said of itself when it was opened.
pub(crate) struct Writer<S> {
    pub(crate) session: S,
    pub(crate) server: Server,
}

fn unfit(what: &'static str, problem: String) -> Error {
    Error::Observe {
        what,
        retry: false,
        source: Box::new(Unfit(problem)),
    }
}

impl<'a, D: Database> Door<'a, D> {
    /// The door of the policy's cluster.
    ///
    /// # Errors
    /// When RDS or Secrets Manager cannot be asked, or do not know them.
    pub(crate) async fn find(
        tools: &Tools<'a, D>,
        call: &Invocation<Policy>,
    ) -> Result<Self, Error> {
        let endpoint = endpoint(tools, call).await?;
        let credential = credential(tools, call).await?;
        let policy = &call.policy;
        let access = Access {
            ca: policy.ca.clone(),
            plain_text: policy.plain_text,
            until: Instant::now() + call.deadline.left(),
        };
        Ok(Self {
            database: tools.database,
            endpoint,
            credential,
            access,
        })
    }

    /// A session on the writer.
    ///
    /// # Errors
    /// [`SqlError::ReadOnly`] where the cluster endpoint leads to no writer, as for a moment during a
    /// failover; otherwise what the login ended with.
    pub(crate) async fn open(&self) -> Result<Writer<D::Session>, SqlError> {
        let login = Login::from(&self.credential);
        let open = self.database.open(&self.endpoint, login, &self.access);
        let mut session = open.await?;
        let server = session.server().await?;
        if !server.writable {
            let endpoint = self.endpoint.to_string();
            return Err(SqlError::ReadOnly { endpoint });
        }
        Ok(Writer { session, server })
    }

    /// A session on the writer that holds the lock of `event`, or none where another holds it.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(crate) async fn open_locked(
        &self,
        event: &str,
    ) -> Result<Option<Writer<D::Session>>, SqlError> {
        let mut writer = self.open().await?;
        let lock = format!("nightshift.event.{event}");
        let had = writer.session.lock(&lock, LOCK_WAIT).await?;
        Ok(had.then_some(writer))
    }
}

async fn endpoint<D>(tools: &Tools<'_, D>, call: &Invocation<Policy>) -> Result<Endpoint, Error> {
    let (what, id) = ("the cluster", &call.policy.cluster);
    let cluster = call.read(what, tools.aurora.cluster(id), ApiError::retryable);
    let Some(cluster) = cluster.await? else {
        let problem =
            format!("there is no cluster {id} in this account and region: correct policy.cluster");
        return Err(unfit(what, problem));
    };
    let (Some(host), Some(port)) = (cluster.writer, cluster.port) else {
        let problem = format!("{id} has no endpoint yet; it is {}", cluster.status);
        return Err(unfit(what, problem));
    };
    Ok(Endpoint { host, port })
}

async fn credential<D>(
    tools: &Tools<'_, D>,
    call: &Invocation<Policy>,
) -> Result<Credential, Error> {
    let (what, name) = ("the secret", &call.policy.secret);
    let value = call.read(
        what,
        tools.secrets.value(name, CURRENT),
        ReadError::retryable,
    );
    let Some(value) = value.await? else {
        let problem = format!("{name} has no AWSCURRENT version with a value: put one");
        return Err(unfit(what, problem));
    };
    Credential::parse(&value.content).map_err(|error| unfit(what, format!("{name}: {error}")))
}
