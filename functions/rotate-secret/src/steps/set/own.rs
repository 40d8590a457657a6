//! Dual passwords, set by the user itself.

use aurora_model::{Choice, Outcome, Plan, Report, plan::Action};
use secrets::Secret;
use tokio::sync::Mutex;

use super::alone;
use crate::{
    database::{Change, Database, Session},
    decide::own::{self, Attempt, Own, OwnSight, Version},
    doors::Doors,
    halt::Halt,
    outcome,
    rotation::{Kept, Rotation},
    versions::Versions,
};

/// These attempts in turn.
struct Set {
    attempts: Vec<Attempt>,
    otherwise: String,
}

impl Action for Set {
    fn verb(&self) -> &'static str {
        "change"
    }
}

/// The passwords by the names that decisions have for them.
struct Passwords<'a> {
    versions: &'a Versions,
    older: Vec<&'a Kept>,
}

pub(super) async fn take<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    versions: &Versions,
) -> Result<Report, Halt> {
    let settled = rotation.settled(&versions.current);
    let passwords = Passwords::of(versions, settled);
    let session = entered(rotation, doors, &passwords).await?;
    let sight = sight(rotation, doors, &passwords, settled).await?;
    let decided = own::own(sight, settled, rotation.policy.overwrite_unknown);
    let (attempts, reason, otherwise) = match decided {
        Own::AlreadyDone { reason } => return Err(Halt::Keep(reason)),
        Own::Wait { reason } => return Err(Halt::Wait(reason)),
        Own::Refuse { reason } => return Err(Halt::Alert(reason)),
        Own::Try {
            attempts,
            reason,
            otherwise,
            ..
        } => (attempts, reason, otherwise),
    };
    let plan = Plan {
        decisions: vec![rotation.decision(
            Choice::Act(Set {
                attempts,
                otherwise,
            }),
            reason,
        )],
        ..Plan::empty()
    };
    let session = Mutex::new(session);
    let act = async |set: &Set| {
        let outcome = done(&passwords, &mut *session.lock().await, set).await;
        if !matches!(outcome, Outcome::Failed { .. }) {
            return outcome;
        }
        // Another run of this step may have been faster, after this one had looked.
        let current = opens(rotation, doors, Some(&versions.current)).await;
        let asked = matches!(current, Ok(true));
        match opens(rotation, doors, versions.pending.as_ref().filter(|_| asked)).await {
            Ok(true) => Outcome::AlreadyDone,
            _ => outcome,
        }
    };
    let report = rotation.applied(plan, 1, act).await;
    session.into_inner().close().await;
    Ok(report)
}

/// A session as the user itself, with no other run at work on the secret: two runs that try
/// passwords at once could lock the user out where `FAILED_LOGIN_ATTEMPTS` is 2.
async fn entered<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    passwords: &Passwords<'_>,
) -> Result<D::Session, Halt> {
    let user = passwords.versions.current.credential.username();
    let versions = [Version::Current, Version::Pending, Version::Previous];
    let logins = versions
        .iter()
        .filter_map(|version| passwords.kept(*version));
    let logins = logins.map(|kept| &kept.credential);
    let logins: Vec<_> = logins.filter(|it| it.username() == user).collect();
    let entered = alone(rotation, doors, &logins).await;
    entered.map_err(|halt| match halt {
        Halt::Alert(why) => Halt::Alert(format!("{why}: {}", own::NONE_OPENS)),
        halt => halt,
    })
}

/// Which versions log in. Before each that may be refused, the current one is tried: a login that
/// succeeds sets MySQL's count of refused ones back, and where it is not reached, this ends. Once
/// clients have settled, nothing depends on the previous one's login.
async fn sight<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    passwords: &Passwords<'_>,
    settled: bool,
) -> Result<OwnSight, Halt> {
    let versions = passwords.versions;
    let before = versions.previous.as_ref().filter(|_| !settled);
    let current = opens(rotation, doors, Some(&versions.current)).await?;
    let pending = opens(rotation, doors, versions.pending.as_ref()).await?;
    if before.is_some() && !pending {
        opens(rotation, doors, Some(&versions.current)).await?;
    }
    let previous = opens(rotation, doors, before).await?;
    Ok(OwnSight {
        pending,
        current,
        previous,
        older: passwords.older.len(),
    })
}

async fn opens<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    version: Option<&Kept>,
) -> Result<bool, Halt> {
    match version {
        Some(version) => rotation.opens(&doors.writer, &version.credential).await,
        None => Ok(false),
    }
}

impl<'a> Passwords<'a> {
    fn of(versions: &'a Versions, settled: bool) -> Self {
        let user = versions.current.credential.username();
        let previous = versions.previous.iter().filter(|_| settled);
        let older = previous.chain(&versions.older);
        Self {
            versions,
            older: older
                .filter(|kept| kept.credential.username() == user)
                .collect(),
        }
    }

    fn kept(&self, version: Version) -> Option<&'a Kept> {
        match version {
            Version::Current => Some(&self.versions.current),
            Version::Pending => self.versions.pending.as_ref(),
            Version::Previous => self.versions.previous.as_ref(),
            Version::Older(number) => self.older.get(number).copied(),
        }
    }

    fn password(&self, version: Version) -> Option<&'a Secret> {
        self.kept(version).map(|kept| kept.credential.password())
    }
}

async fn done<S: Session>(passwords: &Passwords<'_>, session: &mut S, set: &Set) -> Outcome {
    for attempt in &set.attempts {
        let Some(password) = passwords.password(attempt.to) else {
            continue;
        };
        let change = Change::SetOwnPassword {
            password,
            instead_of: attempt
                .instead_of
                .and_then(|version| passwords.password(version)),
            retain: attempt.retain,
        };
        match session.change(&change).await {
            Err(error) if outcome::not_primary(&error) => {}
            changed => return outcome::of(changed),
        }
    }
    outcome::failed(set.otherwise.clone(), false)
}
