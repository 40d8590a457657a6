//! Where the servers of a secret's cluster listen.

use aurora::{ApiError, Aurora};
use aurora_model::{ClusterEndpoints, Instance, InstanceStatus};
use aurora_sql::Endpoint;
use handler::Invocation;
use secrets::Credential;

use crate::{
    halt::Halt,
    policy::{Policy, SecretPolicy},
};

/// Where the servers of a cluster listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Doors {
    /// The cluster's identifier.
    pub(crate) cluster: String,
    /// The cluster endpoint, which leads to the writer.
    pub(crate) writer: Endpoint,
    /// The readers that take logins now, by their identifiers.
    pub(crate) readers: Vec<(String, Endpoint)>,
    /// Those that do not, and what they are doing.
    pub(crate) away: Vec<(String, InstanceStatus)>,
}

/// The identifier of the cluster that a secret is for: as its JSON says, or as the host name of a
/// cluster endpoint begins.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Cluster.html>
pub(crate) fn cluster_of(credential: &Credential) -> Option<&str> {
    let of_host = || {
        let (id, rest) = credential.host().split_once('.')?;
        let of_cluster = rest.starts_with("cluster-") && !rest.starts_with("cluster-custom-");
        of_cluster.then_some(id)
    };
    credential.db_cluster_identifier().or_else(of_host)
}

/// Where the servers of the cluster `id` listen.
pub(crate) async fn find(
    aurora: &Aurora,
    call: &Invocation<Policy>,
    id: &str,
) -> Result<(ClusterEndpoints, Vec<Instance>), Halt> {
    let cluster = call.read("the cluster", aurora.cluster(id), ApiError::retryable);
    let Some(cluster) = cluster.await? else {
        return Err(Halt::Alert(format!(
            "there is no cluster {id} in this account and region: correct dbClusterIdentifier or host in the secret."
        )));
    };
    let instances = aurora.instances(&cluster.id);
    let instances = call.read("the cluster's instances", instances, ApiError::retryable);
    let instances = instances.await?;
    Ok((cluster, instances))
}

impl Doors {
    /// The doors of `cluster`, as RDS describes it.
    pub(crate) fn of(cluster: &ClusterEndpoints, instances: &[Instance]) -> Result<Self, Halt> {
        let (Some(host), Some(port)) = (&cluster.writer, cluster.port) else {
            return Err(Halt::Wait(format!(
                "{} has no endpoint yet; it is {}",
                cluster.id, cluster.status
            )));
        };
        let is_writer = |id: &str| {
            cluster
                .members
                .iter()
                .any(|member| member.id == id && member.writer)
        };
        let mut doors = Self {
            cluster: cluster.id.clone(),
            writer: Endpoint {
                host: host.clone(),
                port,
            },
            readers: vec![],
            away: vec![],
        };
        for instance in instances.iter().filter(|instance| !is_writer(&instance.id)) {
            doors.add(instance);
        }
        Ok(doors)
    }

    /// Each door: the instance's name, where it listens, whether it is the writer.
    pub(crate) fn all(&self) -> impl Iterator<Item = (String, &Endpoint, bool)> {
        let writer = ("the writer".to_owned(), &self.writer, true);
        let readers = self.readers.iter().map(|(id, to)| (id.clone(), to, false));
        std::iter::once(writer).chain(readers)
    }

    fn add(&mut self, reader: &Instance) {
        let id = reader.id.clone();
        match &reader.endpoint {
            Some((host, port)) if takes_logins(&reader.status) => self.readers.push((
                id,
                Endpoint {
                    host: host.clone(),
                    port: *port,
                },
            )),
            _ => self.away.push((id, reader.status.clone())),
        }
    }
}

/// Whether an instance in this state answers logins. One that does not will have the accounts as
/// they are then: readers share the writer's storage.
fn takes_logins(status: &InstanceStatus) -> bool {
    use InstanceStatus as Is;
    !matches!(
        status,
        Is::Creating
            | Is::Deleting
            | Is::DeletePrecheck
            | Is::Failed
            | Is::InaccessibleEncryptionCredentials
            | Is::InaccessibleEncryptionCredentialsRecoverable
            | Is::IncompatibleNetwork
            | Is::IncompatibleOptionGroup
            | Is::IncompatibleParameters
            | Is::IncompatibleRestore
            | Is::Rebooting
            | Is::RestoreError
            | Is::Starting
            | Is::Stopped
            | Is::Stopping
    )
}

/// Nothing where `credential` is for this cluster. A secret whose host leads elsewhere would make
/// this function hand a superuser's password to whoever listens there.
pub(crate) fn check(
    credential: &Credential,
    cluster: &ClusterEndpoints,
    instances: &[Instance],
    policy: &SecretPolicy,
) -> Result<(), Halt> {
    let host = credential.host();
    let ours = cluster.listens_at(host)
        || instances.iter().any(|instance| instance.listens_at(host))
        || policy
            .accept_hosts
            .iter()
            .any(|accepted| accepted.eq_ignore_ascii_case(host));
    if ours {
        return Ok(());
    }
    Err(Halt::Alert(format!(
        "the secret's host {host} is no endpoint of the cluster {}: correct it, or name it in policy.accept_hosts if it is an alias.",
        cluster.id
    )))
}

#[cfg(test)]
mod tests;
