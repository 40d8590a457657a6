//! What must be so of the pending version, beside the current one, before it is rotated to.

use secrets::Credential;

use crate::{halt::Halt, rotation::Kept};

/// Nothing where the pending version is the newer one. Secrets Manager knows of one rotation at a
/// time by AWSPENDING alone: a version that keeps this label from a rotation long over would be
/// rotated to again, and bring back a password that somebody has replaced, maybe for a reason.
pub(crate) fn newer(current: &Kept, pending: &Kept) -> Result<(), Halt> {
    if current.created <= pending.created || current.created.is_none() || pending.created.is_none()
    {
        return Ok(());
    }
    Err(Halt::Alert(format!(
        "version {} is AWSPENDING and older than AWSCURRENT, so somebody has replaced the credential since this rotation began, and rotating would bring back an old password. The doctor takes AWSPENDING off it once stuck_after is over; cancel-rotate-secret and rotate-secret begin anew at once.",
        pending.id
    )))
}

/// Whether both are the same user at the same door: what AWS's functions call the check against a
/// confused deputy. The pending version can be written by whoever may put values, and would
/// otherwise send a login to a server of their choice, or change another user's password.
pub(crate) fn same_door(current: &Credential, pending: &Credential) -> Result<(), Halt> {
    let wrong = |what: &str, is: &str, was: &str| {
        Err(Halt::Alert(format!(
            "the pending version has {what} {is} where the current one has {was}: begin a new rotation, and find out who wrote it."
        )))
    };
    if pending.host() != current.host() {
        return wrong("the host", pending.host(), current.host());
    }
    if pending.port() != current.port() {
        return wrong(
            "the port",
            &pending.port().to_string(),
            &current.port().to_string(),
        );
    }
    if pending.masterarn() != current.masterarn() {
        return wrong(
            "the masterarn",
            pending.masterarn().unwrap_or("none"),
            current.masterarn().unwrap_or("none"),
        );
    }
    if pending.db_cluster_identifier() != current.db_cluster_identifier() {
        return wrong(
            "the dbClusterIdentifier",
            pending.db_cluster_identifier().unwrap_or("none"),
            current.db_cluster_identifier().unwrap_or("none"),
        );
    }
    Ok(())
}
