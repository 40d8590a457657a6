//! finishSecret: the label AWSCURRENT moves to the pending version.

mod entry;

use std::time::Duration;

use aurora_model::{Choice, Note, Outcome, Plan, Report, Severity, plan::Action};
use aurora_sql::{Account, Endpoint, SqlError};
use secrets::{CURRENT, Credential, Moved, Secret};
use tokio::{sync::Mutex, time::Instant};

use self::entry::{is_set, known_to_readers, open, shut, unset};
use crate::{
    database::{Change, Database, Session},
    decide::single,
    halt::Halt,
    outcome,
    rotation::{Kept, ROTATED_AT, Rotation},
    strategy::{SetOut, Way, set_out},
    versions::{Versions, accounts},
};

const BY_HAND: &str = "the password that was set last is no version of this secret, so somebody set it by hand: put it into the secret, or allow overwrite_unknown";

/// Moves the label; before that, where one user has one password, sets the password.
struct Rotate {
    set_first: bool,
}

impl Action for Rotate {
    fn verb(&self) -> &'static str {
        "rotate"
    }
}

/// What is needed to act.
struct Ready<'a, D: Database> {
    rotation: &'a Rotation<'a, D>,
    current: &'a Kept,
    pending: &'a Kept,
    session: Mutex<D::Session>,
    writer: Endpoint,
    to_set: Option<ToSet>,
    shut_for: Mutex<Option<Duration>>,
}

pub(super) async fn take<D: Database>(rotation: &Rotation<'_, D>) -> Result<Report, Halt> {
    let (current, pending) = (rotation.current().await?, rotation.pending().await?);
    let SetOut {
        superuser,
        doors,
        way,
    } = set_out(rotation, &current, &pending).await?;
    let (mut session, set_first, encrypted) = open(
        rotation,
        &doors,
        way,
        &current,
        &pending,
        superuser.as_ref(),
    )
    .await?;
    let to_set = if set_first {
        Some(to_be_set(rotation, &mut session, superuser.is_some()).await?)
    } else {
        None
    };
    // A login that succeeds sets MySQL's count of refused ones back: the current password goes first.
    let shut = way == Way::Dual && shut(rotation, &doors.writer, &current).await;
    if way == Way::Dual {
        let opened = rotation.knock(&doors.writer, &pending.credential).await;
        opened.map_err(|error| unset(&error))?;
    }
    if !set_first {
        let beside = (way == Way::Dual).then_some(&current);
        known_to_readers(rotation, &doors, &pending, beside).await?;
    }
    let mut plan = plan(rotation, way, set_first, &current, &pending);
    if !encrypted {
        let text = "The session was not encrypted: policy.plain_text allows it, and the server has no TLS.";
        plan.notes.push(Note::new(Severity::Warning, text));
    }
    if shut {
        let text = "AWSCURRENT did not open the writer's door before this rotation: somebody changed the password by hand.";
        plan.notes.push(Note::new(Severity::Warning, text));
    }
    let ready = Ready {
        rotation,
        current: &current,
        pending: &pending,
        session: Mutex::new(session),
        writer: doors.writer.clone(),
        to_set,
        shut_for: Mutex::new(None),
    };
    let mut report = rotation
        .applied(plan, 1, async |act| ready.done(act).await)
        .await;
    if let Some(shut) = ready.shut_for.into_inner() {
        let text = format!(
            "This user has one password: AWSCURRENT did not open the door for {} ms, from the new password to the new label.",
            shut.as_millis()
        );
        report.notes.push(Note::new(Severity::Info, text));
    }
    ready.session.into_inner().close().await;
    Ok(report)
}

/// The password that is still to be set.
enum ToSet {
    /// By a superuser, for these accounts.
    Of(Vec<Account>),
    /// By the user itself, in place of a version of the secret.
    Own(Box<Versions>),
}

/// What is to be set: looked at once more, with the lock in hand.
async fn to_be_set<D: Database>(
    rotation: &Rotation<'_, D>,
    session: &mut D::Session,
    superuser: bool,
) -> Result<ToSet, Halt> {
    let (current, pending) = (rotation.current().await?, rotation.pending().await?);
    let versions = Versions::read(rotation, current, Some(pending)).await?;
    if !superuser {
        return Ok(ToSet::Own(Box::new(versions)));
    }
    let seen = accounts(&versions, session, versions.current.credential.username()).await;
    let seen = seen.map_err(|error| Halt::of_sql("the accounts of the user", &error))?;
    let accounts = single::single(&seen, rotation.policy.overwrite_unknown);
    accounts.map(ToSet::Of).map_err(Halt::Alert)
}

fn plan<D: Database>(
    rotation: &Rotation<'_, D>,
    way: Way,
    set_first: bool,
    current: &Kept,
    pending: &Kept,
) -> Plan<Rotate> {
    let user = pending.credential.username();
    let reason = match way {
        Way::Dual => format!(
            "{user} logs in with the new password and with the old one, which is kept for {} more; applications need do nothing",
            rotation.policy.grace
        ),
        Way::Alternating => format!(
            "{user} logs in with the new password; {} stays as it is until the next rotation; applications need do nothing",
            current.credential.username()
        ),
        Way::Single => format!(
            "{user} has one password: sessions stay, but logins with the old one are refused from now on"
        ),
    };
    let mut notes = vec![];
    if let Some(note) = fell_back(rotation, way) {
        notes.push(note);
    }
    Plan {
        decisions: vec![rotation.decision(Choice::Act(Rotate { set_first }), reason)],
        notes,
        ..Plan::empty()
    }
}

/// A strategy that was not the one asked for is never used silently.
fn fell_back<D: Database>(rotation: &Rotation<'_, D>, way: Way) -> Option<Note> {
    let asked = rotation.policy.strategy;
    let used = match way {
        Way::Dual => "dual-password",
        Way::Alternating => "alternating-users",
        Way::Single => "single-user",
    };
    (asked.to_string() != used).then(|| {
        let text = format!("The server has no dual passwords: {used} was used instead of {asked}, as policy.fallback says.");
        Note::new(Severity::Warning, text)
    })
}

impl<D: Database> Ready<'_, D> {
    async fn done(&self, act: &Rotate) -> Outcome {
        let began = Instant::now();
        if act.set_first
            && let Err(outcome) = self.set_and_proven().await
        {
            return outcome;
        }
        self.note_time().await;
        let outcome = self.moved().await;
        if !act.set_first {
            return outcome;
        }
        if matches!(outcome, Outcome::Done | Outcome::AlreadyDone) {
            *self.shut_for.lock().await = Some(began.elapsed());
            return outcome;
        }
        self.back(outcome).await
    }

    async fn set(&self, to: &Credential) -> Result<(), SqlError> {
        let mut session = self.session.lock().await;
        match &self.to_set {
            None => Ok(()),
            Some(ToSet::Of(accounts)) => {
                let password = to.password();
                let change = Change::SetPassword {
                    accounts,
                    password,
                    retain: false,
                };
                session.change(&change).await
            }
            Some(ToSet::Own(versions)) => self.set_own(&mut *session, versions, to).await,
        }
    }

    /// In place of one version after the other: whichever is the primary password. One that nobody
    /// knows is left, unless the policy says otherwise.
    async fn set_own(
        &self,
        session: &mut D::Session,
        versions: &Versions,
        to: &Credential,
    ) -> Result<(), SqlError> {
        let mut replaced: Vec<Option<&Secret>> =
            versions.passwords(to.username()).map(Some).collect();
        replaced.extend(self.rotation.policy.overwrite_unknown.then_some(None));
        let mut last = Ok(());
        for instead_of in replaced {
            let password = to.password();
            let change = Change::SetOwnPassword {
                password,
                instead_of,
                retain: false,
            };
            last = session.change(&change).await;
            if !last.as_ref().is_err_and(outcome::not_primary) {
                return last;
            }
        }
        last
    }

    /// Sets the pending password, and goes through the door with it before the label may follow.
    async fn set_and_proven(&self) -> Result<(), Outcome> {
        let set = self.set(&self.pending.credential).await;
        match &set {
            Err(error) if outcome::not_primary(error) => {
                return Err(outcome::failed(BY_HAND.into(), false));
            }
            // Where the answer was lost, the door tells what became of it: the sooner the label
            // follows, the shorter it is shut.
            Err(error) if !error.unsure() => return Err(outcome::of(set)),
            _ => {}
        }
        let (rotation, current, pending) = (self.rotation, self.current, self.pending);
        let opens = if set.is_ok() {
            rotation.opens(&self.writer, &pending.credential).await
        } else {
            is_set(rotation, &self.writer, current, pending).await
        };
        let why = match opens {
            Ok(true) => return Ok(()),
            Ok(false) if set.is_err() => return Err(outcome::of(set)),
            Ok(false) => format!("{} refuses it", self.writer),
            Err(halt) => halt.to_string(),
        };
        let failed = outcome::failed(format!("the new password does not log in: {why}"), true);
        Err(self.back(failed).await)
    }

    /// The moment is only a convenience for the grace period: without it, the version's age counts.
    async fn note_time(&self) {
        let at = self.rotation.moment().to_string();
        self.rotation.note(ROTATED_AT, &at).await;
    }

    async fn moved(&self) -> Outcome {
        let (secrets, arn) = (self.rotation.tools.secrets, &self.rotation.secret.arn);
        match secrets
            .move_current(arn, &self.pending.id, &self.current.id)
            .await
        {
            Ok(Moved::Done) => Outcome::Done,
            Ok(Moved::AlreadyThere) => Outcome::AlreadyDone,
            Err(error) => outcome::failed(error.to_string(), error.retryable()),
        }
    }

    /// The label did not move: the old password is set again, if it is sure that it did not.
    async fn back(&self, outcome: Outcome) -> Outcome {
        let Outcome::Failed { detail, retry } = outcome else {
            return outcome;
        };
        let there = self
            .rotation
            .tools
            .secrets
            .describe(&self.rotation.secret.arn)
            .await;
        let unmoved = there.is_ok_and(|now| now.holds(&self.current.id, CURRENT));
        let said = if !unmoved {
            "whether the label moved is not known: until this step is repeated, AWSCURRENT may not open the door"
        } else if self.set(&self.current.credential).await.is_ok() {
            "the old password was set again"
        } else {
            "the old password could not be set again: AWSCURRENT does not open the door until this step is repeated"
        };
        Outcome::Failed {
            detail: format!("{detail}; {said}"),
            retry,
        }
    }
}
