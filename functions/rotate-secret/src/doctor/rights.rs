//! What may be seen of the user's accounts, and which rights a rotation will lack.

use aurora_sql::SqlError;

use crate::{
    database::{Database, Grant, Session},
    decide::Seen,
    doors::Doors,
    halt::Halt,
    policy::Strategy,
    rotation::Rotation,
    versions::{self, Versions},
};

type Sight = (Option<Vec<Seen>>, Vec<String>);

/// The accounts, where a superuser sees them, and the rights that are missing. Nothing where
/// nobody can log in to look.
pub(super) async fn accounts<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    versions: &Versions,
) -> Result<Option<Sight>, Halt> {
    if rotation.policy.superuser {
        return Ok(None);
    }
    let superuser = rotation.superuser(&versions.current.credential).await?;
    let login = superuser.as_ref().unwrap_or(&versions.current.credential);
    let Ok(mut session) = rotation.open(&doors.writer, login).await else {
        return Ok(superuser.map(|_| (None, vec![SUPERUSER_LOGIN.to_owned()])));
    };
    let mut missing = missing(rotation, &mut session, superuser.is_some()).await;
    let seen = match superuser {
        Some(_) => {
            let user = versions.current.credential.username();
            let seen = versions::accounts(versions, &mut session, user).await;
            seen.map(Some)
        }
        None => Ok(None),
    };
    session.close().await;
    let seen = match seen {
        Ok(seen) => seen,
        Err(SqlError::MissingRight { .. }) => {
            missing.push("SELECT ON mysql.user".into());
            None
        }
        Err(error) => return Err(Halt::of_sql("the accounts of the user", &error)),
    };
    Ok(Some((seen, missing)))
}

const SUPERUSER_LOGIN: &str = "a login of the user in masterarn";

/// Rights that come by roles are not looked into: where there are roles, none is called missing.
async fn missing<D: Database>(
    rotation: &Rotation<'_, D>,
    session: &mut D::Session,
    superuser: bool,
) -> Vec<String> {
    let Ok(server) = session.server().await else {
        return vec![];
    };
    let Ok(mine) = session.definition(&server.me).await else {
        return vec![];
    };
    let roles = mine
        .grants
        .iter()
        .any(|grant| matches!(grant, Grant::Role { .. }));
    let has = |wanted: &[&str]| {
        mine.grants.iter().any(|grant| match grant {
            Grant::Privilege { privilege, on, .. } => {
                on == "*.*"
                    && (wanted.contains(&privilege.as_str()) || privilege.starts_with("ALL"))
            }
            _ => false,
        })
    };
    let needed: &[&str] = match (superuser, rotation.policy.strategy) {
        (true, _) => &["CREATE USER"],
        (false, Strategy::DualPassword) => &["APPLICATION_PASSWORD_ADMIN", "CREATE USER"],
        (false, _) => return vec![],
    };
    if roles || has(needed) {
        return vec![];
    }
    vec![needed[0].to_owned()]
}
