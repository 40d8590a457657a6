//! setSecret: the pending password opens the door as well.

mod alternating;
mod dual;
mod own;
mod single;

use aurora_model::Report;
use aurora_sql::SqlError;
use secrets::Credential;

use crate::{
    database::{Database, Session},
    doors::Doors,
    halt::Halt,
    rotation::Rotation,
    strategy::{SetOut, Way, first_in, set_out},
    versions::Versions,
};

pub(super) async fn take<D: Database>(rotation: &Rotation<'_, D>) -> Result<Report, Halt> {
    let (current, pending) = (rotation.current().await?, rotation.pending().await?);
    let SetOut {
        superuser,
        doors,
        way,
    } = set_out(rotation, &current, &pending).await?;
    let versions = Versions::read(rotation, current, Some(pending)).await?;
    match (way, superuser) {
        (Way::Dual, Some(superuser)) => dual::take(rotation, &doors, &versions, &superuser).await,
        (Way::Dual, None) => own::take(rotation, &doors, &versions).await,
        (Way::Single, superuser) => single::take(rotation, &doors, &versions, superuser.as_ref()).await,
        (Way::Alternating, Some(superuser)) => alternating::take(rotation, &doors, &versions, &superuser).await,
        (Way::Alternating, None) => Err(Halt::Alert(
            "alternating users need a superuser who makes the other user: name its secret as \"masterarn\" in this one.".into(),
        )),
    }
}

/// A session on the writer with the first of these that opens its door, and with no other run at
/// work on the secret.
async fn alone<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    logins: &[&Credential],
) -> Result<D::Session, Halt> {
    let mut session = first_in(rotation, doors, logins).await?;
    writable(doors, &mut session).await?;
    rotation.alone(&mut session).await?;
    Ok(session)
}

async fn writable<S: Session>(doors: &Doors, session: &mut S) -> Result<(), Halt> {
    let server = session.server().await;
    let server = server.map_err(|error| Halt::of_sql("the writer", &error))?;
    if server.writable {
        return Ok(());
    }
    let error = SqlError::ReadOnly {
        endpoint: doors.writer.to_string(),
    };
    Err(Halt::of_sql(
        "the writer, which a failover may be moving",
        &error,
    ))
}
