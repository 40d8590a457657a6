//! Which of the three ways a rotation really goes.

use aurora_sql::SqlError;
use secrets::Credential;

use crate::{
    database::{Database, Server, Session},
    decide::clone::Pair,
    doors::Doors,
    halt::Halt,
    pending::{newer, same_door},
    policy::{Fallback, Strategy},
    rotation::{Kept, Rotation},
};

/// The way a rotation goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Old and new password of one user side by side.
    Dual,
    /// Two users by turns.
    Alternating,
    /// One user, one password.
    Single,
}

/// The way from `current` to `pending`, which createSecret has chosen by the user it named; what
/// the policy says now must still agree with it.
fn named(
    strategy: Strategy,
    fallback: Fallback,
    current: &Credential,
    pending: &Credential,
) -> Result<Option<Way>, Halt> {
    let same_user = current.username() == pending.username();
    let next = |pair: &Pair| pair.next(current.username()) == pending.username();
    let other = Pair::of(current.username()).is_ok_and(|pair| next(&pair));
    let alternates = strategy == Strategy::AlternatingUsers
        || (strategy == Strategy::DualPassword && fallback == Fallback::AlternatingUsers);
    match (same_user, strategy) {
        (true, Strategy::DualPassword) => Ok(None),
        (true, Strategy::SingleUser) => Ok(Some(Way::Single)),
        (false, _) if other && alternates => Ok(Some(Way::Alternating)),
        _ => Err(Halt::Alert(format!(
            "the pending version is for the user {}, the current one for {}, and the strategy is {strategy}: begin a new rotation.",
            pending.username(),
            current.username()
        ))),
    }
}

/// Where a rotation goes, and how.
pub(crate) struct SetOut {
    pub(crate) superuser: Option<Credential>,
    pub(crate) doors: Doors,
    pub(crate) way: Way,
}

/// Everything a step needs to know before it goes to the database, and the checks that nobody is
/// led to another door.
pub(crate) async fn set_out<D: Database>(
    rotation: &Rotation<'_, D>,
    current: &Kept,
    pending: &Kept,
) -> Result<SetOut, Halt> {
    newer(current, pending)?;
    same_door(&current.credential, &pending.credential)?;
    let superuser = rotation.superuser(&current.credential).await?;
    let mut all = vec![&current.credential, &pending.credential];
    all.extend(&superuser);
    let doors = rotation.doors(&all).await?;
    let way = way(rotation, &doors, current, pending, superuser.as_ref()).await?;
    Ok(SetOut {
        superuser,
        doors,
        way,
    })
}

/// The way of a rotation whose two versions are known. Only where dual passwords are wanted does
/// a server have to be asked whether it has them.
async fn way<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    current: &Kept,
    pending: &Kept,
    superuser: Option<&Credential>,
) -> Result<Way, Halt> {
    let (strategy, fallback) = (rotation.policy.strategy, rotation.policy.fallback);
    let named = named(strategy, fallback, &current.credential, &pending.credential)?;
    if let Some(way) = named {
        return Ok(way);
    }
    let mut logins = vec![&current.credential, &pending.credential];
    logins.extend(superuser);
    let mut session = first_in(rotation, doors, &logins).await?;
    let server = session.server().await;
    session.close().await;
    of_server(
        fallback,
        &server.map_err(|error| Halt::of_sql("the server's version", &error))?,
    )
}

/// A session on the writer with the first of these that opens its door.
pub(crate) async fn first_in<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    credentials: &[&Credential],
) -> Result<D::Session, Halt> {
    let mut last = None;
    for credential in credentials {
        match rotation.open(&doors.writer, credential).await {
            Ok(session) => return Ok(session),
            Err(error @ SqlError::AccessDenied { .. }) => last = Some(error),
            Err(error) => return Err(Halt::of_sql("the writer", &error)),
        }
    }
    Err(last.map_or_else(
        || Halt::Alert("there is no credential to log in with".into()),
        |error| Halt::of_sql("the writer", &error),
    ))
}

/// The way where dual passwords are wanted, on this server.
fn of_server(fallback: Fallback, server: &Server) -> Result<Way, Halt> {
    match fallback {
        _ if server.dual_passwords => Ok(Way::Dual),
        Fallback::SingleUser => Ok(Way::Single),
        Fallback::Refuse => Err(Halt::Alert(format!(
            "the server ({}) has no dual passwords, and policy.fallback is refuse: upgrade to Aurora MySQL 3, or choose a fallback.",
            server.version
        ))),
        Fallback::AlternatingUsers => Err(Halt::Alert(format!(
            "the server ({}) has no dual passwords any more, and this rotation was begun with them: begin a new one.",
            server.version
        ))),
    }
}
