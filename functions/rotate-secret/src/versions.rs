//! The versions of a secret that a password of an account may be.

use aurora_sql::SqlError;
use secrets::{Credential, Listed, Secret};

use crate::{
    database::{Database, Session},
    decide::{Known, Role, Seen},
    doors::Doors,
    halt::Halt,
    rotation::{Kept, Rotation},
    strategy,
};

/// Of the versions without a label so many, the newest, are looked at: a rotation that was given
/// up left one of them in the database.
const OLDER: usize = 3;

/// The versions of a secret that a password of an account may be.
pub(crate) struct Versions {
    pub(crate) current: Kept,
    pub(crate) pending: Option<Kept>,
    pub(crate) previous: Option<Kept>,
    /// The newest first.
    pub(crate) older: Vec<Kept>,
}

impl Versions {
    /// All of them, for a rotation from `current` to `pending`.
    pub(crate) async fn read<D: Database>(
        rotation: &Rotation<'_, D>,
        current: Kept,
        pending: Option<Kept>,
    ) -> Result<Self, Halt> {
        let previous = rotation.previous().await?;
        let older = older(rotation, &current).await?;
        Ok(Self {
            current,
            pending,
            previous,
            older,
        })
    }

    /// The passwords of `user`, the current one first.
    pub(crate) fn passwords(&self, user: &str) -> impl Iterator<Item = &Secret> {
        let labelled = std::iter::once(&self.current).chain(&self.pending);
        let all = labelled.chain(&self.previous).chain(&self.older);
        all.filter(move |kept| kept.credential.username() == user)
            .map(|kept| kept.credential.password())
    }

    /// What `user`'s passwords may be: the roles, and the passwords in the same order.
    pub(crate) fn of_user(&self, user: &str) -> (Known, Vec<&Secret>) {
        let labelled = [
            (Role::Current, Some(&self.current)),
            (Role::Pending, self.pending.as_ref()),
            (Role::Previous, self.previous.as_ref()),
        ];
        let labelled = labelled
            .into_iter()
            .filter_map(|(role, kept)| Some((role, kept?)));
        let older = self.older.iter().map(|kept| (Role::Older, kept));
        let (roles, passwords): (Vec<Role>, Vec<&Secret>) = labelled
            .chain(older)
            .filter(|(_, kept)| kept.credential.username() == user)
            .map(|(role, kept)| (role, kept.credential.password()))
            .unzip();
        let known = Known::new(roles, |a, b| passwords[a].same_as(passwords[b]));
        (known, passwords)
    }
}

/// The newest versions without a label. One that is no credential is none that could log in.
async fn older<D: Database>(rotation: &Rotation<'_, D>, current: &Kept) -> Result<Vec<Kept>, Halt> {
    let mut listed = rotation.all_versions().await?;
    listed.retain(|version| version.stages.is_empty() && version.id != current.id);
    listed.sort_by(|a: &Listed, b| b.created.cmp(&a.created).then_with(|| a.id.cmp(&b.id)));
    let mut older = vec![];
    for version in listed.into_iter().take(OLDER) {
        match rotation.version(&version.id).await {
            Ok(Some(kept)) => older.push(kept),
            Ok(None) | Err(Halt::Alert(_)) => {}
            Err(halt) => return Err(halt),
        }
    }
    Ok(older)
}

/// The accounts of `user`, and which versions of the secret their passwords are.
pub(crate) async fn accounts<S: Session>(
    versions: &Versions,
    session: &mut S,
    user: &str,
) -> Result<Vec<Seen>, SqlError> {
    let (known, passwords) = versions.of_user(user);
    let entries = session.entries(user, &passwords).await?;
    Ok(entries
        .iter()
        .map(|entry| Seen::new(entry, &known))
        .collect())
}

/// A session on the writer as somebody who may set the password of this user: the superuser, or the
/// user itself with whichever version opens the door, `first` ones first. Where AWSCURRENT does not,
/// a rotation that was given up may have left an older one in the database.
pub(crate) async fn entrance<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    first: &[&Kept],
    superuser: Option<&Credential>,
) -> Result<D::Session, Halt> {
    if let Some(superuser) = superuser {
        return strategy::first_in(rotation, doors, &[superuser]).await;
    }
    let Some(current) = first.first() else {
        return Err(Halt::Alert("there is no version to log in with".into()));
    };
    let before = rotation.previous().await?;
    let older = older(rotation, current).await?;
    let all = first.iter().copied().chain(&before).chain(&older);
    let user = current.credential.username();
    let logins: Vec<&Credential> = all
        .map(|kept| &kept.credential)
        .filter(|credential| credential.username() == user)
        .collect();
    strategy::first_in(rotation, doors, &logins).await
}
