//! Whether a rotation's step may be taken: the checks of AWS's own rotation functions.
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>

use secrets::{CURRENT, Described, PENDING, PREVIOUS};

use crate::halt::Halt;

/// Nothing where the version `token` of `secret` is being rotated to.
pub(crate) fn check(secret: &Described, token: &str) -> Result<(), Halt> {
    let name = &secret.name;
    if let Some(owner) = &secret.owning_service {
        return Err(Halt::Alert(format!(
            "{name} belongs to the service {owner}, which rotates it itself: take this function off its rotation."
        )));
    }
    if let Some(deleted) = secret.deleted {
        return Err(Halt::Alert(format!(
            "{name} was marked for deletion at {deleted}: restore it, or cancel its rotation."
        )));
    }
    // AWS's functions take a secret whose rotation was never set up for one that may be rotated.
    if secret.rotation_enabled == Some(false) {
        return Err(Halt::Alert(format!(
            "rotation of {name} is not enabled: enable it, or do not call this function for it."
        )));
    }
    if !secret.versions.contains_key(token) {
        return Err(Halt::Alert(format!(
            "{token} is not a version of {name} that carries a label: the rotation it belongs to is over. Begin a new one."
        )));
    }
    if secret.holds(token, CURRENT) {
        return Err(Halt::Rotated(format!(
            "version {token} is AWSCURRENT already: this rotation has succeeded"
        )));
    }
    // It keeps AWSPENDING from its own rotation, which is over.
    if secret.holds(token, PREVIOUS) {
        return Err(Halt::Keep(format!(
            "version {token} was AWSCURRENT already, and another one has replaced it: this rotation is over"
        )));
    }
    if !secret.holds(token, PENDING) {
        let instead = secret.holder(PENDING).unwrap_or("no version");
        return Err(Halt::Alert(format!(
            "version {token} of {name} is not AWSPENDING ({instead} is): this rotation was given up. Begin a new one."
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
