//! The way in: who opens the session, and what is proven at the doors before the label moves.

use aurora_sql::{Endpoint, SqlError};
use secrets::Credential;

use crate::{
    database::{Database, Session},
    doors::Doors,
    halt::Halt,
    rotation::{Kept, Rotation},
    strategy::{Way, first_in},
    versions::entrance,
};

/// A session on the writer with no other run at work on the secret, whether the password has still
/// to be set, and whether the session is encrypted.
pub(super) async fn open<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    way: Way,
    current: &Kept,
    pending: &Kept,
    superuser: Option<&Credential>,
) -> Result<(D::Session, bool, bool), Halt> {
    let mut session = match way {
        Way::Single => entrance(rotation, doors, &[current, pending], superuser).await?,
        Way::Dual => {
            let logins = [&current.credential, &pending.credential];
            first_in(rotation, doors, &logins).await?
        }
        Way::Alternating => {
            let opened = rotation.open(&doors.writer, &pending.credential).await;
            opened.map_err(|error| unset(&error))?
        }
    };
    let server = session
        .server()
        .await
        .map_err(|error| Halt::of_sql("the writer", &error))?;
    if !server.writable {
        return Err(Halt::Wait(format!(
            "{} is read-only at present: a failover is under way",
            doors.writer
        )));
    }
    rotation.alone(&mut session).await?;
    let set_first =
        way == Way::Single && !is_set(rotation, &doors.writer, current, pending).await?;
    Ok((session, set_first, server.encrypted))
}

/// Whether the one password is the pending one. The current one is tried first: where it is let in,
/// nothing is refused, and refused logins may lock the account.
/// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#failed-login-tracking>
pub(super) async fn is_set<D: Database>(
    rotation: &Rotation<'_, D>,
    writer: &Endpoint,
    current: &Kept,
    pending: &Kept,
) -> Result<bool, Halt> {
    let old = rotation.opens(writer, &current.credential).await?;
    Ok(!old && rotation.opens(writer, &pending.credential).await?)
}

/// The pending credential did not go through the writer's door.
pub(super) fn unset(error: &SqlError) -> Halt {
    match error {
        SqlError::AccessDenied { .. } => Halt::Wait(format!(
            "the pending credential does not log in: {error}; setSecret must come again"
        )),
        error => Halt::of_sql("the writer", error),
    }
}

/// Nothing where no reader refuses the pending credential. testSecret has proven it; this is asked
/// once more before the label moves, with `before` going first. A reader that is not reached lets
/// nobody in anyhow.
pub(super) async fn known_to_readers<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    pending: &Kept,
    before: Option<&Kept>,
) -> Result<(), Halt> {
    for (id, to) in &doors.readers {
        if let Some(before) = before {
            shut(rotation, to, before).await;
        }
        let knocked = rotation.knock(to, &pending.credential).await;
        if let Err(SqlError::AccessDenied { .. }) = knocked {
            return Err(Halt::Wait(format!(
                "the pending credential does not log in on {id} yet; testSecret must come again"
            )));
        }
    }
    Ok(())
}

/// Whether the current credential is refused.
pub(super) async fn shut<D: Database>(
    rotation: &Rotation<'_, D>,
    to: &Endpoint,
    current: &Kept,
) -> bool {
    let knocked = rotation.knock(to, &current.credential).await;
    matches!(knocked, Err(SqlError::AccessDenied { .. }))
}
