//! What can go wrong with custom endpoints, as the things a caller can do about it.

use aurora_model::reader::CustomEndpoint;
use aws_sdk_rds::{
    error::SdkError, operation::modify_db_cluster_endpoint::ModifyDBClusterEndpointError as Modify,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use calls::{Kind, Tries, write_failed};

use crate::ApiError;

/// A custom endpoint whose instances were not changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetEndpointError {
    /// The endpoint is gone.
    #[error("{0}")]
    NotFound(ApiError),
    /// It, its cluster or an instance on its lists is not in a state in which it can be changed. One
    /// that is being changed already is not, for some minutes.
    #[error("{0}")]
    InvalidState(ApiError),
    /// Anything else.
    #[error("{0}")]
    Api(#[from] ApiError),
}

const OPERATION: &str = "ModifyDBClusterEndpoint";

pub(crate) fn set(
    subject: &str,
    tries: &Tries,
    error: &SdkError<Modify, HttpResponse>,
) -> SetEndpointError {
    let api = write_failed(OPERATION, subject, tries, error);
    match error.as_service_error() {
        Some(Modify::DbClusterEndpointNotFoundFault(_)) => SetEndpointError::NotFound(api),
        Some(
            Modify::InvalidDbClusterEndpointStateFault(_)
            | Modify::InvalidDbClusterStateFault(_)
            | Modify::InvalidDbInstanceStateFault(_),
        ) => SetEndpointError::InvalidState(api),
        _ => SetEndpointError::Api(api),
    }
}

/// The error of a custom endpoint that was to have nobody on its lists and by RDS's answer still has.
pub(crate) fn kept(
    endpoint: &CustomEndpoint,
    members: &[String],
    excluded: &[String],
) -> Result<(), ApiError> {
    let emptied = endpoint.members.is_empty() && endpoint.excluded.is_empty();
    if !emptied || (members.is_empty() && excluded.is_empty()) {
        return Ok(());
    }
    let left = [members, excluded].concat().join(", ");
    Err(ApiError {
        operation: OPERATION,
        subject: endpoint.id.clone(),
        kind: Kind::NotDone {
            what: format!("RDS keeps {left} on the list of the endpoint; take it off by hand"),
        },
        unsure: false,
    })
}
