//! What can go wrong with readers, as the things a caller can do about it.

use aurora_model::reader::NewReader;
use aws_sdk_rds::{
    error::{ProvideErrorMetadata, SdkError},
    operation::{
        create_db_instance::CreateDBInstanceError as Create,
        delete_db_instance::DeleteDBInstanceError as Delete,
    },
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use calls::{Tries, write_failed};

use crate::ApiError;

/// A reader that was not created.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreateReaderError {
    /// An instance of this name exists.
    #[error("{0}")]
    AlreadyExists(ApiError),
    /// AWS has no instance of this class left in this Availability Zone. Another of either may do.
    #[error("{0}")]
    NoCapacity(ApiError),
    /// The cluster's DB subnet group has no subnet in this Availability Zone. Another one may do.
    #[error("{0}")]
    NoSubnet(ApiError),
    /// RDS has no such class for this engine, its version or this Availability Zone.
    #[error("{0}")]
    ClassNotOffered(ApiError),
    /// RDS has no Performance Insights for this class: `db.t2`, `db.t3` and the small `db.t4g`.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.Engines.html>
    #[error("{0}")]
    NoInsights(ApiError),
    /// RDS gives no new instance this certificate authority any more, or has none of the name.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html>
    #[error("{0}")]
    NoCertificate(ApiError),
    /// The cluster is not in a state in which readers can be added.
    #[error("{0}")]
    InvalidClusterState(ApiError),
    /// The cluster is gone.
    #[error("{0}")]
    ClusterNotFound(ApiError),
    /// The account has as many instances as it may have.
    #[error("{0}")]
    QuotaExceeded(ApiError),
    /// Anything else.
    #[error("{0}")]
    Api(ApiError),
}

/// A reader that was not deleted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeleteReaderError {
    /// It is gone already.
    #[error("{0}")]
    NotFound(ApiError),
    /// It, or its cluster, is not in a state in which it can be deleted.
    #[error("{0}")]
    InvalidState(ApiError),
    /// Anything else.
    #[error("{0}")]
    Api(ApiError),
}

type Sdk<E> = SdkError<E, HttpResponse>;

/// By what RDS tells that it is the class: an engine or version that does not run on it, a cluster of
/// a global database that does not, and a region that does not have it. The API's model has no error for
/// them.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html>
const ABOUT_THE_CLASS: [(&str, &str); 3] = [
    ("InvalidParameterCombination", "DBInstanceClass="),
    (
        "InvalidParameterCombination",
        "instance class is not supported",
    ),
    ("InvalidParameterValue", "Invalid DB Instance class"),
];

/// How RDS tells that a class goes without Performance Insights. The API's model has no error for it.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html>
const NO_INSIGHTS: (&str, &str) = (
    "InvalidParameterCombination",
    "Performance Insights not supported",
);

/// How RDS tells that a zone is without a subnet; the same error has other reasons too.
/// <https://github.com/hashicorp/terraform-provider-aws/issues/20712>
const NO_SUBNET: &str = "there is not a subnet in ";

pub(crate) fn create(new: &NewReader, tries: &Tries, error: &Sdk<Create>) -> CreateReaderError {
    let api = write_failed("CreateDBInstance", &new.id, tries, error);
    match error.as_service_error() {
        Some(Create::DbInstanceAlreadyExistsFault(_)) => CreateReaderError::AlreadyExists(api),
        Some(Create::InsufficientDbInstanceCapacityFault(_)) => CreateReaderError::NoCapacity(api),
        Some(Create::InvalidDbClusterStateFault(_)) => CreateReaderError::InvalidClusterState(api),
        Some(Create::DbClusterNotFoundFault(_)) => CreateReaderError::ClusterNotFound(api),
        Some(Create::CertificateNotFoundFault(_)) => CreateReaderError::NoCertificate(api),
        Some(Create::InstanceQuotaExceededFault(_)) => CreateReaderError::QuotaExceeded(api),
        Some(Create::InvalidVpcNetworkStateFault(_)) if no_subnet(new, error) => {
            CreateReaderError::NoSubnet(api)
        }
        Some(other) if ABOUT_THE_CLASS.iter().any(|words| says(other, words)) => {
            CreateReaderError::ClassNotOffered(api)
        }
        Some(other) if says(other, &NO_INSIGHTS) => CreateReaderError::NoInsights(api),
        _ => CreateReaderError::Api(api),
    }
}

fn no_subnet(new: &NewReader, error: &Sdk<Create>) -> bool {
    let message = error.message().unwrap_or_default();
    let zone = new.zone.as_ref();
    zone.is_some_and(|zone| message.contains(&format!("{NO_SUBNET}{zone}")))
}

fn says(error: &Create, (code, words): &(&str, &str)) -> bool {
    error.code() == Some(*code) && error.message().unwrap_or_default().contains(words)
}

pub(crate) fn delete(subject: &str, tries: &Tries, error: &Sdk<Delete>) -> DeleteReaderError {
    let api = write_failed("DeleteDBInstance", subject, tries, error);
    match error.as_service_error() {
        Some(Delete::DbInstanceNotFoundFault(_)) => DeleteReaderError::NotFound(api),
        Some(Delete::InvalidDbInstanceStateFault(_) | Delete::InvalidDbClusterStateFault(_)) => {
            DeleteReaderError::InvalidState(api)
        }
        _ => DeleteReaderError::Api(api),
    }
}
