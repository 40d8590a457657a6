//! The readers of a cluster, each by where it stands.

use std::collections::BTreeMap;

use aurora_model::{
    ClusterStatus, InstanceStatus, Tags,
    reader::{CustomEndpoint, DbInstance, ReaderCluster},
    tags,
};
use cloudwatch::AlarmNow;
use jiff::Timestamp;

/// Everything the decision needs, as it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The cluster.
    pub cluster: ReaderCluster,
    /// Its instances.
    pub instances: Vec<DbInstance>,
    /// Its custom endpoints.
    pub endpoints: Vec<CustomEndpoint>,
    /// Those of the policy's alarms that there are, in the state in which they are now.
    pub alarms: Vec<AlarmNow>,
    /// How many connections each reader that is being drained has, where `CloudWatch` tells.
    pub connections: BTreeMap<String, f64>,
}

/// Where a reader stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// It takes reads, or will again by itself within minutes.
    Serving,
    /// It takes reads, and is to go: since this time.
    Draining(Timestamp),
    /// It is being created.
    Coming,
    /// It is being deleted.
    Going,
    /// It takes no reads, and will not without a person.
    Broken,
}

/// One reader.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reader<'a> {
    /// As RDS describes it.
    pub instance: &'a DbInstance,
    /// Where it stands.
    pub stand: Stand,
}

impl Reader<'_> {
    /// Whether Nightshift made it.
    #[must_use]
    pub fn ours(&self) -> bool {
        self.instance.tags.managed()
    }
}

/// The readers of a cluster, those of one kind after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Fleet<'a> {
    /// The writer.
    pub writer: &'a DbInstance,
    /// The others, by name.
    pub readers: Vec<Reader<'a>>,
}

/// Why nothing can be decided about a cluster now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsettled {
    /// It is at something else.
    #[error("the cluster is {0}")]
    Cluster(ClusterStatus),
    /// There is no writer, or more than one: a failover is under way.
    #[error("RDS names {0} writers; a failover may be under way")]
    Writers(usize),
    /// RDS lists an instance in one place and not in the other: it has just come or gone.
    #[error("RDS does not tell the same of {0} in its two lists yet")]
    Listing(String),
}

impl Unsettled {
    /// Whether it need not pass by itself within minutes.
    pub(crate) const fn may_last(&self) -> bool {
        use ClusterStatus::{
            InaccessibleEncryptionCredentials, InaccessibleEncryptionCredentialsRecoverable,
        };
        match self {
            Self::Cluster(status) => matches!(
                status,
                InaccessibleEncryptionCredentials | InaccessibleEncryptionCredentialsRecoverable
            ),
            Self::Writers(_) => true,
            Self::Listing(_) => false,
        }
    }
}

impl<'a> Fleet<'a> {
    /// The readers in `seen`.
    ///
    /// # Errors
    /// When what RDS tells does not fit together, so that a count of them might be wrong.
    pub fn of(seen: &'a Observation) -> Result<Self, Unsettled> {
        let cluster = &seen.cluster;
        if !settled(&cluster.status) {
            return Err(Unsettled::Cluster(cluster.status.clone()));
        }
        agree(seen)?;
        let is_writer = |instance: &&DbInstance| {
            let mut members = cluster.members.iter();
            members.any(|member| member.writer && member.id == instance.id)
        };
        let (writers, others): (Vec<_>, Vec<_>) = seen.instances.iter().partition(is_writer);
        let [writer] = writers[..] else {
            return Err(Unsettled::Writers(writers.len()));
        };
        let mut readers: Vec<_> = others.into_iter().map(reader).collect();
        readers.sort_by_key(|reader| &reader.instance.id);
        Ok(Self { writer, readers })
    }

    /// Those that stand as `wanted` says.
    pub fn those(&self, wanted: impl Fn(Stand) -> bool) -> Vec<&Reader<'a>> {
        let these = self.readers.iter();
        these.filter(|reader| wanted(reader.stand)).collect()
    }

    /// How many count as readers that stay: those that serve and those that are being created.
    #[must_use]
    pub fn staying(&self) -> usize {
        let stays = |stand| matches!(stand, Stand::Serving | Stand::Coming);
        self.those(stays).len()
    }

    /// Whether one of Nightshift's of this class is there whose creation was begun and has ended.
    #[must_use]
    pub fn never_came(&self, class: &str) -> bool {
        let ended = self.those(|stand| matches!(stand, Stand::Broken | Stand::Going));
        let mut ended = ended.into_iter().filter(|it| it.ours());
        ended.any(|it| it.instance.created.is_none() && it.instance.class == class)
    }

    /// How many there are as far as RDS's limit and the policy's `max` go: all but those that are
    /// being deleted.
    #[must_use]
    pub fn present(&self) -> usize {
        self.those(|stand| stand != Stand::Going).len()
    }
}

/// Whether readers may come and go in a cluster of this status.
pub(crate) const fn settled(status: &ClusterStatus) -> bool {
    matches!(status, ClusterStatus::Available | ClusterStatus::BackingUp)
}

/// Whether the cluster's list of members and the list of instances name the same.
fn agree(seen: &Observation) -> Result<(), Unsettled> {
    let listed = |id: &str| seen.instances.iter().any(|instance| instance.id == id);
    let mut members = seen.cluster.members.iter();
    if let Some(member) = members.find(|member| !listed(&member.id)) {
        return Err(Unsettled::Listing(member.id.clone()));
    }
    let member = |id: &str| seen.cluster.members.iter().any(|member| member.id == id);
    // One that goes has left the cluster's list before it is gone; one that comes is in it at once.
    let lost = |instance: &&DbInstance| !member(&instance.id) && stand(instance) != Stand::Going;
    match seen.instances.iter().find(lost) {
        Some(instance) => Err(Unsettled::Listing(instance.id.clone())),
        None => Ok(()),
    }
}

fn reader(instance: &DbInstance) -> Reader<'_> {
    let stand = stand(instance);
    Reader { instance, stand }
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Overview.DBInstance.Status>
fn stand(instance: &DbInstance) -> Stand {
    match &instance.status {
        InstanceStatus::Deleting | InstanceStatus::DeletePrecheck => Stand::Going,
        InstanceStatus::Creating => Stand::Coming,
        status if broken(status) => Stand::Broken,
        // RDS gives the time of creation once an instance is there: until then it goes through other
        // statuses, such as configuring-enhanced-monitoring.
        _ if instance.created.is_none() => Stand::Coming,
        _ => draining_since(&instance.tags).map_or(Stand::Serving, Stand::Draining),
    }
}

const fn broken(status: &InstanceStatus) -> bool {
    use InstanceStatus::{
        Failed, InaccessibleEncryptionCredentials, InaccessibleEncryptionCredentialsRecoverable,
        IncompatibleCreate, IncompatibleNetwork, IncompatibleOptionGroup, IncompatibleParameters,
        IncompatibleRestore, InsufficientCapacity, RestoreError, Stopped, StorageFull,
    };
    matches!(
        status,
        Failed
            | InaccessibleEncryptionCredentials
            | InaccessibleEncryptionCredentialsRecoverable
            | IncompatibleCreate
            | IncompatibleNetwork
            | IncompatibleOptionGroup
            | IncompatibleParameters
            | IncompatibleRestore
            | InsufficientCapacity
            | RestoreError
            | Stopped
            | StorageFull
    )
}

/// Since when a reader of Nightshift's is to go. A time that cannot be read is none: nobody then knows
/// for how long it has been waited for.
pub(crate) fn draining_since(tags: &Tags) -> Option<Timestamp> {
    let since = tags.get(tags::DRAINING_SINCE).filter(|_| tags.managed())?;
    since.parse().ok()
}
