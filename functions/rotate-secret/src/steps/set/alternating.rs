//! Alternating users: the user whose turn is next is brought in line and gets the pending
//! password.

use aurora_model::{Choice, Outcome, Plan, Report, plan::Action};
use aurora_sql::{Account, SqlError};
use secrets::{Credential, Secret};
use tokio::sync::Mutex;

use super::alone;
use crate::{
    database::{Change, Database, Definition, Session},
    decide::{
        Role, Seen,
        clone::{self, Alignment, CloneChange, Pair, Step},
        set::Choice as Password,
    },
    doors::Doors,
    halt::Halt,
    outcome,
    rotation::Rotation,
    versions::{Versions, accounts},
};

/// One statement, or the comparison after all of them.
enum Act {
    Align(CloneChange),
    SetPassword(Vec<Account>),
    Compare,
}

impl Action for Act {
    fn verb(&self) -> &'static str {
        match self {
            Self::Align(_) | Self::SetPassword(_) => "change",
            Self::Compare => "compare",
        }
    }
}

pub(super) async fn take<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    versions: &Versions,
    superuser: &Credential,
) -> Result<Report, Halt> {
    let current = versions.current.credential.username();
    let pair = Pair::of(current).map_err(|error| Halt::Alert(error.to_string()))?;
    let mut session = alone(rotation, doors, &[superuser]).await?;
    let next = pair.next(current);
    let seen = accounts(versions, &mut session, next).await;
    let seen = seen.map_err(|error| Halt::of_sql("the accounts of the other user", &error))?;
    let now = accounts(versions, &mut session, current).await;
    let now = now.map_err(|error| Halt::of_sql("the accounts of the user", &error))?;
    let (steps, differences) = match alignment(&mut session, &pair, current).await? {
        Alignment::Now(steps) => (steps, vec![]),
        Alignment::Later(differences) => {
            no_door_lost(next, &now, &seen)?;
            (vec![], differences)
        }
    };
    let seen = seen.into_iter().map(|one| clone::after(one, &steps));
    let mut passwords = passwords(rotation, versions, seen)?;
    passwords.retain(|account| !steps.iter().any(|step| drops(step, account)));
    let plan = plan(rotation, steps, &differences, passwords);
    let session = Mutex::new(session);
    let act = async |act: &Act| {
        let mut session = session.lock().await;
        done(versions, &mut *session, &pair, act).await
    };
    let report = rotation.applied(plan, 1, act).await;
    session.into_inner().close().await;
    Ok(report)
}

/// Nothing where the user whose turn is next is let in from everywhere whence the current one is:
/// people may have dropped or locked an account of the original on purpose, and not know that
/// applications come in by its clone's.
fn no_door_lost(next: &str, current: &[Seen], seen: &[Seen]) -> Result<(), Halt> {
    // MySQL takes an account for every host where there is none for the host itself.
    let every = |one: &Seen| one.account.host == "%" && one.shut().is_none();
    let everywhere = seen.iter().any(every);
    let open = current.iter().filter(|one| one.opens(Role::Current));
    for Account { host, .. } in open.map(|one| &one.account) {
        let account = Account {
            user: next.into(),
            host: host.clone(),
        };
        let other = seen.iter().find(|one| one.account == account);
        let why = match other.map(Seen::shut) {
            None if everywhere => continue,
            None => "is not there".into(),
            Some(Some(why)) => why,
            Some(None) => continue,
        };
        return Err(Halt::Alert(format!(
            "it is {next}'s turn, and {account} {why}: whoever comes from there, and logs in as the other user now, would be refused. Let {account} in, or drop the other user's account if nobody comes from there."
        )));
    }
    Ok(())
}

fn drops(step: &Step, dropped: &Account) -> bool {
    matches!(&step.change, CloneChange::Drop { account } if account == dropped)
}

/// The accounts that get the pending password. One that has to wait, or that needs a person, holds
/// everything back.
fn passwords<D: Database>(
    rotation: &Rotation<'_, D>,
    versions: &Versions,
    seen: impl Iterator<Item = Seen>,
) -> Result<Vec<Account>, Halt> {
    let settled = rotation.settled(&versions.current);
    let mut accounts = vec![];
    for one in seen {
        let choice = clone::password(&one, settled, rotation.policy.overwrite_unknown);
        let reason = format!("{}: {}", one.account, clone::password_reason(&choice));
        match choice {
            Password::Retain { .. } | Password::Replace { .. } => {
                accounts.push(one.account.clone());
            }
            Password::Wait => return Err(Halt::Wait(reason)),
            Password::Refuse { .. } => return Err(Halt::Alert(reason)),
            Password::AlreadyDone | Password::Leave { .. } => {}
        }
    }
    Ok(accounts)
}

async fn alignment<S: Session>(
    session: &mut S,
    pair: &Pair,
    current: &str,
) -> Result<Alignment, Halt> {
    let originals = definitions(session, &pair.original).await;
    let originals = originals.map_err(|error| Halt::of_sql("the original user", &error))?;
    let clones = definitions(session, &pair.clone).await;
    let clones = clones.map_err(|error| Halt::of_sql("its clone", &error))?;
    clone::align(pair, current, &originals, &clones).map_err(|error| Halt::Alert(error.to_string()))
}

async fn definitions<S: Session>(session: &mut S, user: &str) -> Result<Vec<Definition>, SqlError> {
    let mut definitions = vec![];
    for entry in session.entries(user, &[]).await? {
        definitions.push(session.definition(&entry.account).await?);
    }
    Ok(definitions)
}

fn plan<D: Database>(
    rotation: &Rotation<'_, D>,
    steps: Vec<Step>,
    differences: &[Step],
    passwords: Vec<Account>,
) -> Plan<Act> {
    let compare = !steps.is_empty();
    let aligned = steps.into_iter().map(|Step { change, reason }| {
        let reason = format!("{}: {reason}", change.account());
        rotation.decision(Choice::Act(Act::Align(change)), reason)
    });
    let mut decisions: Vec<_> = aligned.collect();
    decisions.extend(differences.iter().map(|Step { change, reason }| {
        let account = change.account();
        let reason = format!("{account} is current and differs from its original, whose rights count from this turn on: {reason}");
        rotation.decision(Choice::Leave, reason)
    }));
    if !passwords.is_empty() {
        let reason = "its turn is next: nobody logs in as this user until AWSCURRENT moves";
        decisions.push(rotation.decision(Choice::Act(Act::SetPassword(passwords)), reason));
    }
    if compare {
        let reason =
            "the clone must have what the original has, and nothing else, before AWSCURRENT moves";
        decisions.push(rotation.decision(Choice::Act(Act::Compare), reason));
    }
    if decisions.is_empty() {
        decisions.push(rotation.decision(
            Choice::Keep,
            "the other user is in line and has the pending password",
        ));
    }
    Plan {
        decisions,
        ..Plan::empty()
    }
}

async fn done<S: Session>(versions: &Versions, session: &mut S, pair: &Pair, act: &Act) -> Outcome {
    let Some(pending) = &versions.pending else {
        return Outcome::AlreadyDone;
    };
    let password: &Secret = pending.credential.password();
    match act {
        Act::Align(change) => outcome::of(session.change(&change.with(password)).await),
        Act::SetPassword(accounts) => {
            let change = Change::SetPassword {
                accounts,
                password,
                retain: false,
            };
            outcome::of(session.change(&change).await)
        }
        Act::Compare => {
            let current = versions.current.credential.username();
            compared(session, pair, current, password).await
        }
    }
}

/// So many times what still differs is brought in line: some statements of MySQL change more than
/// they name, such as a REVOKE on a table that takes along what was granted on its columns.
const ROUNDS: usize = 3;

/// Whether nothing differs any more.
async fn compared<S: Session>(
    session: &mut S,
    pair: &Pair,
    current: &str,
    password: &Secret,
) -> Outcome {
    let mut left = vec![];
    for round in 0..=ROUNDS {
        left = match alignment(session, pair, current).await {
            Ok(Alignment::Now(left) | Alignment::Later(left)) => left,
            Err(halt) => return outcome::of_halt(halt),
        };
        if left.is_empty() {
            return Outcome::Done;
        }
        for step in left.iter().filter(|_| round < ROUNDS) {
            if let Err(error) = session.change(&step.change.with(password)).await {
                return outcome::of(Err(error));
            }
        }
    }
    let left: Vec<String> = left
        .iter()
        .map(|step| format!("{}: {}", step.change.account(), step.reason))
        .collect();
    outcome::failed(
        format!("the clone still differs: {}", left.join("; ")),
        true,
    )
}
