//! One user with one password: it is set in finishSecret, in one go with the label, so that the
//! time in which AWSCURRENT does not open the door is as short as it can be.

use aurora_model::Report;
use secrets::Credential;

use super::writable;
use crate::{
    database::{Database, Session},
    decide::single,
    doors::Doors,
    halt::Halt,
    rotation::Rotation,
    versions::{Versions, accounts, entrance},
};

/// Proves that finishSecret will be able to.
pub(super) async fn take<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    versions: &Versions,
    superuser: Option<&Credential>,
) -> Result<Report, Halt> {
    let user = versions.current.credential.username();
    let mut session = entrance(rotation, doors, &[&versions.current], superuser).await?;
    writable(doors, &mut session).await?;
    if superuser.is_some() {
        let seen = accounts(versions, &mut session, user).await;
        let seen = seen.map_err(|error| Halt::of_sql("the accounts of the user", &error))?;
        single::single(&seen, rotation.policy.overwrite_unknown).map_err(Halt::Alert)?;
    }
    session.close().await;
    Err(Halt::Keep(format!(
        "{user} has one password; it is set in the last step, together with the label AWSCURRENT"
    )))
}
