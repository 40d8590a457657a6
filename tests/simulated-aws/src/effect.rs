//! What a call or the passing of time has changed.

use std::sync::Arc;

use crate::{cloudwatch, rds, scheduler, secrets, sns};

/// One change of an account, as it really happened, whatever the caller was answered.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A snapshot was begun.
    SnapshotCreated(Arc<rds::Snapshot>),
    /// A snapshot's status changed by itself: it was `from`, and is now what its status says.
    SnapshotChanged {
        /// The snapshot after the change.
        snapshot: Arc<rds::Snapshot>,
        /// The status before.
        from: String,
    },
    /// A snapshot was deleted; as it was before.
    SnapshotDeleted(Arc<rds::Snapshot>),
    /// A cluster was begun.
    ClusterCreated(Arc<rds::Cluster>),
    /// A cluster is being deleted, or is gone; as it was before.
    ClusterDeleted(Arc<rds::Cluster>),
    /// Another instance is the writer of a cluster now: the first of its members.
    WriterChanged {
        /// The cluster after the change.
        cluster: Arc<rds::Cluster>,
        /// The writer before.
        from: String,
    },
    /// A cluster's status changed.
    ClusterChanged {
        /// The cluster after the change.
        cluster: Arc<rds::Cluster>,
        /// The status before.
        from: String,
    },
    /// An instance was begun.
    InstanceCreated(Arc<rds::Instance>),
    /// An instance's status changed by itself.
    InstanceChanged {
        /// The instance after the change.
        instance: Arc<rds::Instance>,
        /// The status before.
        from: String,
    },
    /// An instance is being deleted, or is gone; as it was before.
    InstanceDeleted(Arc<rds::Instance>),
    /// RDS emitted an event. Whether, when and how often it arrives is the whim's.
    Event(rds::Event),
    /// A message was published.
    Published(sns::Message),
    /// A label of a secret's versions was put on another one, or taken off.
    LabelMoved {
        /// The secret's ARN.
        secret: String,
        /// `AWSCURRENT`, `AWSPENDING`, …
        label: String,
        /// The version it was on.
        from: Option<String>,
        /// The version it is on.
        to: Option<String>,
    },
    /// Secrets Manager invokes the rotation function of a secret, and waits for
    /// [`secrets::SecretsManager::step_ended`].
    Rotation(secrets::Invocation),
    /// An alarm has changed its state and takes that state's actions.
    AlarmChanged {
        /// The alarm after the change.
        alarm: Arc<cloudwatch::Alarm>,
        /// The state before.
        from: cloudwatch::State,
    },
    /// A schedule invokes its target.
    ScheduleFired(scheduler::Firing),
    /// Something else was changed by this operation.
    Other {
        /// The operation: `AddTagsToResource`.
        operation: String,
        /// What it was for: an identifier or an ARN.
        subject: String,
    },
}
