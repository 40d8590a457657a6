//! Dual passwords, set by a superuser who sees every account of the user.

use aurora_model::{Choice, Outcome, Plan, Report, plan::Action};
use aurora_sql::Account;
use secrets::Credential;
use tokio::sync::Mutex;

use super::alone;
use crate::{
    database::{Change, Database, Session},
    decide::set::{self, Decided, Verdict},
    doors::Doors,
    halt::Halt,
    outcome,
    rotation::Rotation,
    versions::{Versions, accounts},
};

/// One `ALTER USER`.
struct Set {
    accounts: Vec<Account>,
    retain: bool,
}

impl Action for Set {
    fn verb(&self) -> &'static str {
        "change"
    }
}

pub(super) async fn take<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    versions: &Versions,
    superuser: &Credential,
) -> Result<Report, Halt> {
    let mut session = alone(rotation, doors, &[superuser]).await?;
    let decided = decided(rotation, versions, &mut session).await?;
    let plan = plan(rotation, decided);
    let session = Mutex::new(session);
    let act = async |set: &Set| done(versions, &mut *session.lock().await, set).await;
    let report = rotation.applied(plan, 1, act).await;
    session.into_inner().close().await;
    Ok(report)
}

async fn decided<D: Database>(
    rotation: &Rotation<'_, D>,
    versions: &Versions,
    session: &mut D::Session,
) -> Result<set::Plan, Halt> {
    let user = versions.current.credential.username();
    let seen = accounts(versions, session, user).await;
    let seen = seen.map_err(|error| Halt::of_sql("the accounts of the user", &error))?;
    if seen.is_empty() {
        return Err(Halt::Alert(format!(
            "there is no account of {user} on {}: correct the secret's username.",
            rotation.secret.name
        )));
    }
    let (known, _) = versions.of_user(user);
    let settled = rotation.settled(&versions.current);
    Ok(set::plan(
        &known,
        &seen,
        settled,
        rotation.policy.overwrite_unknown,
    ))
}

fn plan<D: Database>(
    rotation: &Rotation<'_, D>,
    set::Plan { decided, verdict }: set::Plan,
) -> Plan<Set> {
    let decisions = match verdict {
        Verdict::Go(statements) => statements
            .into_iter()
            .map(|statement| {
                let reason = reasons(&decided, |one| statement.accounts.contains(&one.account));
                let set::Statement { accounts, retain } = statement;
                rotation.decision(Choice::Act(Set { accounts, retain }), reason)
            })
            .collect(),
        Verdict::AlreadyDone => vec![rotation.decision(Choice::Keep, reasons(&decided, |_| true))],
        Verdict::Wait => vec![rotation.decision(Choice::Wait, reasons(&decided, |_| true))],
        Verdict::Refuse => vec![rotation.decision(Choice::Alert, reasons(&decided, |_| true))],
    };
    Plan {
        decisions,
        ..Plan::empty()
    }
}

fn reasons(decided: &[Decided], wanted: impl Fn(&Decided) -> bool) -> String {
    let told = decided.iter().filter(|one| wanted(one));
    let told: Vec<String> = told
        .map(|one| format!("{}: {}", one.account, one.reason))
        .collect();
    told.join("; ")
}

async fn done<S: Session>(versions: &Versions, session: &mut S, set: &Set) -> Outcome {
    let Some(pending) = &versions.pending else {
        return Outcome::AlreadyDone;
    };
    let change = Change::SetPassword {
        accounts: &set.accounts,
        password: pending.credential.password(),
        retain: set.retain,
    };
    outcome::of(session.change(&change).await)
}
