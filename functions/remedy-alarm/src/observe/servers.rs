//! Looking into the servers.

use std::time::Duration;

use aurora_model::Instance;
use aurora_sql::{Endpoint, SqlError};
use futures_util::{StreamExt, stream};
use handler::Invocation;
use secrets::{CURRENT, Credential, ReadError};
use tokio::time::Instant;

use crate::{
    Policy, Tools,
    database::{
        self, Database, Server,
        look::{Look, Wanted},
    },
    observation::{Observation, Seen},
    policy,
    trouble::Trouble,
};

/// So many servers are looked at at once.
const AT_ONCE: usize = 4;
/// How long a login may take.
const CONNECT: Duration = Duration::from_secs(5);
/// How long looking at all servers may take; what is found later is told by the next tick.
const LOOKING: Duration = Duration::from_mins(1);
/// So much of the run's time is left for what is done about it.
const ACTING: Duration = Duration::from_secs(10);

/// What the servers are doing, the writer first, and whom Nightshift logs in as.
pub(super) async fn look<D: Database>(
    tools: Tools<'_, D>,
    call: &Invocation<Policy>,
    seen: &Observation,
) -> (Vec<Seen>, Vec<String>) {
    let Some(access) = &call.policy.database else {
        return (Vec::new(), Vec::new());
    };
    let reader = credential(tools, call, &access.secret).await;
    let mut own_users: Vec<String> = reader.iter().map(user).collect();
    if let Some(secret) = &call.policy.remedies.secret {
        own_users.extend(credential(tools, call, secret).await.iter().map(user));
    }
    let until = Instant::now() + LOOKING.min(call.deadline.left().saturating_sub(ACTING));
    let access = self::access(access, until);
    let looking = in_order(seen).into_iter().map(async |(instance, writer)| {
        let look = match &reader {
            Ok(credential) => one(tools, instance, credential, &access, wanted(seen, call)).await,
            Err(why) => Err(why.to_string()),
        };
        Seen {
            instance: instance.id.clone(),
            writer,
            look,
        }
    });
    let servers = stream::iter(looking).buffered(AT_ONCE).collect().await;
    (servers, own_users)
}

fn user(credential: &Credential) -> String {
    credential.username().to_owned()
}

/// Why what a user logs in with is not known.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the secret {secret}{why}")]
pub(crate) struct Unread {
    secret: String,
    why: String,
    /// Whether trying again by itself may help.
    pub(crate) retry: bool,
}

/// What a user logs in with now.
pub(crate) async fn credential<D: Database>(
    tools: Tools<'_, D>,
    call: &Invocation<Policy>,
    name: &str,
) -> Result<Credential, Unread> {
    let unread = |why: String, retry| Unread {
        secret: name.into(),
        why,
        retry,
    };
    let value = tools.secrets.value(name, CURRENT);
    let value = call.read("the secret", value, ReadError::retryable).await;
    let value = value.map_err(|error| unread(format!(": {error}"), error.retryable()))?;
    let none = || unread(" has no AWSCURRENT version with a value".into(), false);
    let value = value.ok_or_else(none)?;
    let parsed = Credential::parse(&value.content);
    parsed.map_err(|error| unread(format!(": {error}"), false))
}

/// How to log in as the policy says.
pub(crate) fn access(access: &policy::Access, until: Instant) -> database::Access {
    database::Access {
        ca: access.ca.clone(),
        plain_text: access.plain_text,
        connect: CONNECT,
        query: access.query_limit.duration().unsigned_abs(),
        until,
    }
}

/// The instances, the writer first, with whether they are it.
fn in_order(seen: &Observation) -> Vec<(&Instance, bool)> {
    let writer = |id: &str| {
        let mut members = seen.cluster.members.iter();
        members.any(|member| member.writer && member.id == id)
    };
    let instances = seen.instances.iter();
    let mut instances: Vec<_> = instances.map(|it| (it, writer(&it.id))).collect();
    instances.sort_by_key(|(instance, writer)| (!writer, instance.id.clone()));
    instances
}

fn wanted(seen: &Observation, call: &Invocation<Policy>) -> Wanted {
    let about = |trouble| seen.ringing.iter().any(|it| it.trouble == trouble);
    let statements = if seen.ringing.is_empty() {
        0
    } else {
        call.policy.rows.into()
    };
    Wanted {
        statements,
        memory: about(Trouble::Memory),
        tables: about(Trouble::Volume),
    }
}

async fn one<D: Database>(
    tools: Tools<'_, D>,
    instance: &Instance,
    credential: &Credential,
    access: &database::Access,
    wanted: Wanted,
) -> Result<Look, String> {
    let Some(to) = endpoint(instance) else {
        return Err(format!("it has no endpoint; it is {}", instance.status));
    };
    let look = async {
        let mut server = tools.database.open(&to, credential.into(), access).await?;
        let look = server.look(wanted).await;
        server.close().await;
        look
    };
    look.await.map_err(|error: SqlError| error.to_string())
}

/// Where an instance listens, once RDS says so.
pub(crate) fn endpoint(instance: &Instance) -> Option<Endpoint> {
    let (host, port) = instance.endpoint.clone()?;
    Some(Endpoint { host, port })
}
