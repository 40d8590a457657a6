//! What RDS refuses, under the codes of its API model. Which operation gives which is in
//! `operations`.

use crate::Refusal;

/// The modelled errors that this simulation gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    ClusterNotFound,
    ClusterAlreadyExists,
    ClusterQuota,
    InvalidClusterState,
    SnapshotNotFound,
    SnapshotAlreadyExists,
    SnapshotQuota,
    SharedSnapshotQuota,
    InvalidSnapshotState,
    InstanceNotFound,
    InstanceAlreadyExists,
    InstanceQuota,
    NoCapacity,
    InvalidInstanceState,
    CertificateNotFound,
    EndpointNotFound,
    InvalidEndpointState,
    ClusterParameterGroupNotFound,
    ParameterGroupNotFound,
    ParameterGroupAlreadyExists,
    ParameterGroupQuota,
    InvalidParameterGroupState,
    TaggedSnapshotNotFound,
}

impl Code {
    /// The code and the HTTP status on the wire. Some codes lack the `Fault` that their shapes
    /// have.
    pub(crate) const fn wire(self) -> (&'static str, u16) {
        match self {
            Self::ClusterNotFound => ("DBClusterNotFoundFault", 404),
            Self::ClusterAlreadyExists => ("DBClusterAlreadyExistsFault", 400),
            Self::ClusterQuota => ("DBClusterQuotaExceededFault", 403),
            Self::InvalidClusterState => ("InvalidDBClusterStateFault", 400),
            Self::SnapshotNotFound => ("DBClusterSnapshotNotFoundFault", 404),
            Self::SnapshotAlreadyExists => ("DBClusterSnapshotAlreadyExistsFault", 400),
            Self::SnapshotQuota => ("SnapshotQuotaExceeded", 400),
            Self::SharedSnapshotQuota => ("SharedSnapshotQuotaExceeded", 400),
            Self::InvalidSnapshotState => ("InvalidDBClusterSnapshotStateFault", 400),
            Self::InstanceNotFound => ("DBInstanceNotFound", 404),
            Self::InstanceAlreadyExists => ("DBInstanceAlreadyExists", 400),
            Self::InstanceQuota => ("InstanceQuotaExceeded", 400),
            Self::NoCapacity => ("InsufficientDBInstanceCapacity", 400),
            Self::InvalidInstanceState => ("InvalidDBInstanceState", 400),
            Self::CertificateNotFound => ("CertificateNotFound", 404),
            Self::EndpointNotFound => ("DBClusterEndpointNotFoundFault", 400),
            Self::InvalidEndpointState => ("InvalidDBClusterEndpointStateFault", 400),
            Self::ClusterParameterGroupNotFound => ("DBClusterParameterGroupNotFound", 404),
            Self::ParameterGroupNotFound => ("DBParameterGroupNotFound", 404),
            Self::ParameterGroupAlreadyExists => ("DBParameterGroupAlreadyExists", 400),
            Self::ParameterGroupQuota => ("DBParameterGroupQuotaExceeded", 400),
            Self::InvalidParameterGroupState => ("InvalidDBParameterGroupState", 400),
            // The tagging operations model no error for cluster snapshots, only this one.
            Self::TaggedSnapshotNotFound => ("DBSnapshotNotFound", 404),
        }
    }

    /// The refusal with RDS's sentence.
    pub(crate) fn because(self, message: impl Into<String>) -> Refusal {
        let (code, status) = self.wire();
        Refusal::new(status, code, message)
    }
}

/// Parameters that do not go together, or not with what is there.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html>
pub(crate) fn combination(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "InvalidParameterCombination", message)
}

pub(crate) fn cluster_not_found(id: &str) -> Refusal {
    Code::ClusterNotFound.because(format!("DBCluster {id} not found."))
}

pub(crate) fn snapshot_not_found(id: &str) -> Refusal {
    Code::SnapshotNotFound.because(format!("DBClusterSnapshot {id} not found."))
}

pub(crate) fn instance_not_found(id: &str) -> Refusal {
    Code::InstanceNotFound.because(format!("DBInstance {id} not found."))
}

pub(crate) fn endpoint_not_found(id: &str) -> Refusal {
    Code::EndpointNotFound.because(format!("DBClusterEndpoint {id} not found."))
}

pub(crate) fn parameter_group_not_found(name: &str) -> Refusal {
    Code::ParameterGroupNotFound.because(format!("DBParameterGroup not found: {name}"))
}
