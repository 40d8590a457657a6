//! The repairs. Each looks again, with the lock in hand, before it changes anything.

use std::time::Duration;

use aurora_model::Outcome;
use aurora_sql::Account;
use secrets::{Credential, Moved, PENDING, Removed};

use crate::{
    database::{Change, Database, Session},
    decide::{
        discard::{self, Choice, Standing},
        doctor::Repair,
        own::{Attempt, OwnSight, Version},
    },
    doors::Doors,
    halt::Halt,
    outcome,
    rotation::{Kept, ROTATED_AT, Rotation},
    versions::{self, Versions},
};

/// All operations of Secrets Manager are eventually consistent: for so long the lock is kept once a
/// label was moved, so that the next run does not act on labels as they were.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html>
const SHOWN: Duration = Duration::from_secs(5);

/// Carries `repair` out.
pub(super) async fn mend<D: Database>(rotation: &Rotation<'_, D>, repair: &Repair) -> Outcome {
    let mended = match repair {
        Repair::GiveUpPending { version } => give_up(rotation, version).await,
        Repair::MoveCurrent { from, to } => move_current(rotation, from, to).await,
        Repair::Discard { .. } => discard(rotation).await,
        Repair::DiscardOwn => discard_own(rotation).await,
    };
    mended.unwrap_or_else(outcome::of_halt)
}

/// Who is at the door, and what there is to know.
struct Bedside<S> {
    session: S,
    doors: Doors,
    versions: Versions,
}

impl<S: Session> Bedside<S> {
    /// Logs in on the writer as the superuser, or as the user with the version that `login`
    /// chooses, and takes the lock.
    async fn of<D: Database<Session = S>>(
        rotation: &Rotation<'_, D>,
        login: impl Fn(&Versions) -> Option<&Kept>,
    ) -> Result<Self, Halt> {
        let pending = rotation.unfinished().await?;
        let versions = Versions::read(rotation, rotation.current().await?, pending).await?;
        let superuser = rotation.superuser(&versions.current.credential).await?;
        let user = login(&versions).map(|kept| &kept.credential);
        let mut all: Vec<&Credential> = vec![&versions.current.credential];
        all.extend(&superuser);
        all.extend(user);
        let doors: Doors = rotation.doors(&all).await?;
        let login = superuser.as_ref().or(user);
        let login = login.ok_or_else(|| Halt::Wait("the version to log in with is gone".into()))?;
        let opened = rotation.open(&doors.writer, login).await;
        let mut session = opened.map_err(|error| Halt::of_sql("the writer", &error))?;
        rotation.lock(&mut session).await?;
        rotation.unchanged().await?;
        Ok(Self {
            session,
            doors,
            versions,
        })
    }

    /// Nothing where a version logs in, now that no other run can change that. A rotation that had
    /// only its label still to move may have left another one as the only key, and logins that were
    /// refused meanwhile may have locked the account.
    async fn opens<D: Database<Session = S>>(
        &self,
        rotation: &Rotation<'_, D>,
        kept: &Kept,
    ) -> Result<(), Halt> {
        if rotation.opens(&self.doors.writer, &kept.credential).await? {
            return Ok(());
        }
        Err(Halt::Wait(format!(
            "version {} does not log in any more: what was found has changed",
            kept.id
        )))
    }

    /// Logs out, once everybody sees the label that was moved.
    async fn leave<D: Database<Session = S>>(self, rotation: &Rotation<'_, D>) {
        tokio::time::sleep(SHOWN.min(rotation.call.deadline.left() / 4)).await;
        self.session.close().await;
    }

    /// Discards the secondary passwords of `old` and of `again`, once the current password is the
    /// primary one of `again`.
    async fn retire(&mut self, mut old: Vec<Account>, again: &[Account]) -> Result<Outcome, Halt> {
        if !again.is_empty() {
            let set = Change::SetPassword {
                accounts: again,
                password: self.versions.current.credential.password(),
                retain: false,
            };
            let set = self.session.change(&set).await;
            set.map_err(|error| Halt::of_sql("setting the current password again", &error))?;
            old.extend_from_slice(again);
        }
        let discard = Change::DiscardOld { accounts: &old };
        Ok(outcome::of(self.session.change(&discard).await))
    }
}

async fn give_up<D: Database>(rotation: &Rotation<'_, D>, version: &str) -> Result<Outcome, Halt> {
    let at = Bedside::of(rotation, |versions| Some(&versions.current)).await?;
    at.opens(rotation, &at.versions.current).await?;
    let (secrets, arn) = (rotation.tools.secrets, &rotation.secret.arn);
    let removed = secrets.remove_pending(arn, version).await;
    at.leave(rotation).await;
    Ok(match removed {
        Ok(Removed::Done) => Outcome::Done,
        Ok(Removed::AlreadyGone) => Outcome::AlreadyDone,
        Err(error) => outcome::failed(error.to_string(), error.retryable()),
    })
}

async fn move_current<D: Database>(
    rotation: &Rotation<'_, D>,
    from: &str,
    to: &str,
) -> Result<Outcome, Halt> {
    let chosen = |versions: &Versions| -> bool {
        versions.pending.as_ref().is_some_and(|kept| kept.id == to)
    };
    let at = Bedside::of(rotation, |versions| {
        if chosen(versions) {
            versions.pending.as_ref()
        } else {
            versions.previous.as_ref()
        }
    })
    .await?;
    let kept = at.versions.pending.iter().chain(&at.versions.previous);
    if let Some(kept) = { kept }.find(|kept| kept.id == to) {
        at.opens(rotation, kept).await?;
    }
    let (secrets, arn) = (rotation.tools.secrets, &rotation.secret.arn);
    rotation
        .note(ROTATED_AT, &rotation.moment().to_string())
        .await;
    let moved = secrets.move_current(arn, to, from).await;
    at.leave(rotation).await;
    Ok(match moved {
        Ok(Moved::Done) => Outcome::Done,
        Ok(Moved::AlreadyThere) => Outcome::AlreadyDone,
        Err(error) => outcome::failed(error.to_string(), error.retryable()),
    })
}

fn standing<D: Database>(rotation: &Rotation<'_, D>, versions: &Versions) -> Standing {
    Standing {
        unfinished: rotation
            .secret
            .holder(PENDING)
            .is_some_and(|id| id != versions.current.id),
        moved: rotation.current_since(&versions.current),
        grace: rotation.policy.grace,
        now: rotation.call.now,
        overwrite_unknown: rotation.policy.overwrite_unknown,
    }
}

async fn discard<D: Database>(rotation: &Rotation<'_, D>) -> Result<Outcome, Halt> {
    let mut at = Bedside::of(rotation, |versions| Some(&versions.current)).await?;
    let standing = standing(rotation, &at.versions);
    let user = at.versions.current.credential.username();
    let seen = versions::accounts(&at.versions, &mut at.session, user).await;
    let seen = seen.map_err(|error| Halt::of_sql("the accounts of the user", &error))?;
    let these = |wanted: &Choice| -> Vec<Account> {
        let these = seen
            .iter()
            .filter(|one| discard::discard(one, &standing) == *wanted);
        these.map(|one| one.account.clone()).collect()
    };
    let (old, again) = (these(&Choice::Discard), these(&Choice::ReassertThenDiscard));
    if old.is_empty() && again.is_empty() {
        return Ok(Outcome::AlreadyDone);
    }
    at.retire(old, &again).await
}

async fn discard_own<D: Database>(rotation: &Rotation<'_, D>) -> Result<Outcome, Halt> {
    let mut at = Bedside::of(rotation, |versions| Some(&versions.current)).await?;
    let sight = OwnSight {
        pending: false,
        current: true,
        previous: true,
        older: 0,
    };
    let discard::Own::Try(attempts) = discard::own(sight, &standing(rotation, &at.versions)) else {
        return Ok(Outcome::AlreadyDone);
    };
    for attempt in attempts {
        if !proven(&mut at, &attempt).await? {
            continue;
        }
        let discarded = at.session.change(&Change::DiscardOwnOld).await;
        if discarded.is_ok() {
            rotation.note_retired(&at.versions.current.id).await;
        }
        return Ok(outcome::of(discarded));
    }
    let detail =
        "which of the two passwords is the primary one could not be proven; nothing was discarded";
    Ok(outcome::failed(detail.into(), false))
}

/// Whether the current password is the primary one now.
async fn proven<S: Session>(at: &mut Bedside<S>, attempt: &Attempt) -> Result<bool, Halt> {
    let of = |version| match version {
        Version::Current => Some(&at.versions.current),
        Version::Previous => at.versions.previous.as_ref(),
        Version::Pending | Version::Older(_) => None,
    };
    let change = Change::SetOwnPassword {
        password: at.versions.current.credential.password(),
        instead_of: attempt
            .instead_of
            .and_then(of)
            .map(|kept| kept.credential.password()),
        retain: attempt.retain,
    };
    match at.session.change(&change).await {
        Ok(()) => Ok(true),
        Err(error) if outcome::not_primary(&error) => Ok(false),
        Err(error) => Err(Halt::of_sql(
            "proving which password is the primary one",
            &error,
        )),
    }
}
