//! testSecret: the pending credential logs in everywhere, and the current one still does.

use std::{collections::BTreeSet, time::Duration};

use aurora_model::{Choice, Decision, InstanceStatus, Outcome, Plan, Report, plan::Action};
use aurora_sql::{Account, Endpoint, SqlError};
use secrets::Credential;
use tokio::time::Instant;

use crate::{
    database::{Database, Entry, Held, Session},
    doors::Doors,
    halt::Halt,
    outcome,
    rotation::{Kept, Rotation},
    strategy::{SetOut, Way, first_in, set_out},
    versions::entrance,
};

/// A reader that has not caught up is asked again after this long, and then ever longer.
const PAUSE: Duration = Duration::from_millis(500);
/// Instances asked at once.
const AT_ONCE: usize = 4;

/// The error of a login with a wrong password.
/// <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html#error_er_access_denied_error>
const REFUSED: u16 = 1045;

/// Who else may log in while a reader catches up.
struct Beside<'a> {
    /// Who sees the accounts, and those that have the password on the writer.
    superuser: Option<(&'a Credential, BTreeSet<Account>)>,
    /// The same user with the current password.
    current: Option<&'a Kept>,
}

/// Logs in at one instance.
struct Prove {
    to: Endpoint,
    writer: bool,
}

impl Action for Prove {
    fn verb(&self) -> &'static str {
        "prove"
    }
}

pub(super) async fn take<D: Database>(rotation: &Rotation<'_, D>) -> Result<Report, Halt> {
    let current = rotation.current().await?;
    let Some(pending) = rotation.version(rotation.token).await? else {
        return trial(rotation, &current).await;
    };
    let SetOut {
        superuser,
        doors,
        way,
    } = set_out(rotation, &current, &pending).await?;
    let mut plan = match way {
        Way::Single => Plan::empty(),
        Way::Dual | Way::Alternating => plan(rotation, &doors, "pending"),
    };
    let guard = match way {
        Way::Dual => Some(guard(rotation, &doors, &current, &pending).await?),
        _ => None,
    };
    if way != Way::Alternating {
        let seen = still_opens(rotation, &doors, &current).await;
        plan.decisions.extend(seen);
    }
    // The pending password of a single user is set in finishSecret, in one go with the label: all
    // that can be tested before is that somebody will be let in to set it.
    if way == Way::Single {
        let session = entrance(rotation, &doors, &[&current, &pending], superuser.as_ref()).await?;
        session.close().await;
    }
    let beside = Beside {
        superuser: match superuser.as_ref().filter(|_| way != Way::Single) {
            Some(superuser) => {
                let there = with_password(rotation, &doors.writer, &pending, superuser).await;
                let there = there.map_err(|error| Halt::of_sql("the writer", &error))?;
                Some((superuser, there))
            }
            None => None,
        },
        current: (way == Way::Dual).then_some(&current),
    };
    let report = proven(rotation, plan, &pending, &beside).await;
    if let Some(session) = guard {
        session.close().await;
    }
    Ok(report)
}

/// A session that keeps other runs on the secret away: two that try the pending password at the door
/// could lock the user out where `FAILED_LOGIN_ATTEMPTS` is 2. The current one goes in first, once no
/// other run is at work: a login that succeeds sets MySQL's count of refused ones back.
/// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#failed-login-tracking>
async fn guard<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    current: &Kept,
    pending: &Kept,
) -> Result<D::Session, Halt> {
    let logins = [&current.credential, &pending.credential];
    let mut session = first_in(rotation, doors, &logins).await?;
    rotation.lock(&mut session).await?;
    Ok(session)
}

/// A version without a value is what Secrets Manager tries out a new configuration with: it calls
/// this step alone, and takes the label off again. In a rotation, finishSecret would not go on.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
async fn trial<D: Database>(rotation: &Rotation<'_, D>, current: &Kept) -> Result<Report, Halt> {
    let doors = rotation.doors(&[&current.credential]).await?;
    let plan = plan(rotation, &doors, "current");
    let alone = Beside {
        superuser: None,
        current: None,
    };
    Ok(proven(rotation, plan, current, &alone).await)
}

async fn proven<D: Database>(
    rotation: &Rotation<'_, D>,
    plan: Plan<Prove>,
    version: &Kept,
    beside: &Beside<'_>,
) -> Report {
    let act = async |prove: &Prove| tried(rotation, prove, version, beside).await;
    rotation.applied(plan, AT_ONCE, act).await
}

fn plan<D: Database>(rotation: &Rotation<'_, D>, doors: &Doors, version: &str) -> Plan<Prove> {
    let prove = |(name, to, writer): (String, &Endpoint, bool)| {
        let to = to.clone();
        let reason =
            format!("the {version} credential must log in on {name} before AWSCURRENT moves");
        rotation.decision(Choice::Act(Prove { to, writer }), reason)
    };
    let away = |(id, status): &(String, InstanceStatus)| {
        let reason = format!(
            "{id} is {status} and takes no logins; it will have the accounts as the writer has them"
        );
        rotation.decision(Choice::Leave, reason)
    };
    Plan {
        decisions: doors
            .all()
            .map(prove)
            .chain(doors.away.iter().map(away))
            .collect(),
        ..Plan::empty()
    }
}

/// That the current credential still logs in. Where it does not, somebody else has shut its door,
/// and nothing opens it sooner than going on: it is said and holds nothing up.
async fn still_opens<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    current: &Kept,
) -> Vec<Decision<Prove>> {
    let mut seen = vec![];
    for (name, to, _) in doors.all() {
        let (choice, reason) = match rotation.knock(to, &current.credential).await {
            Ok(()) => (
                Choice::Keep,
                format!("the current credential still logs in on {name}"),
            ),
            Err(error) => (
                Choice::Leave,
                format!("the current credential does not log in on {name}: {error}"),
            ),
        };
        seen.push(rotation.decision(choice, reason));
    }
    seen
}

/// A reader has the accounts a moment after the writer: it is given as long as the policy says.
///
/// Logins that are refused count for `FAILED_LOGIN_ATTEMPTS`, so they are few: a superuser sees
/// when the reader knows the password; without one, a login with the current password between two
/// tries sets the count back.
async fn tried<D: Database>(
    rotation: &Rotation<'_, D>,
    prove: &Prove,
    version: &Kept,
    beside: &Beside<'_>,
) -> Outcome {
    let patience = Instant::now() + rotation.policy.reader_wait.duration().unsigned_abs();
    let in_time = |pause: Duration| {
        Instant::now() + pause <= patience && rotation.call.deadline.has(pause + PAUSE)
    };
    if let (false, Some((superuser, there))) = (prove.writer, &beside.superuser) {
        while let Some(why) = lacks(rotation, prove, version, superuser, there).await {
            if !in_time(PAUSE) {
                return outcome::failed(format!("{} {why}", prove.to), true);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
    let mut pause = PAUSE;
    loop {
        let error = match logged_in(rotation, prove, version).await {
            Ok(()) => return Outcome::Done,
            Err(error) => error,
        };
        let lags = !prove.writer && matches!(error, SqlError::AccessDenied { code: REFUSED, .. });
        let again = lags && in_time(pause) && set_back(rotation, prove, beside).await;
        if !again {
            // Whatever the reason, Secrets Manager's next try sets the password again first.
            return outcome::failed(error.to_string(), true);
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

/// Whether a refused login was followed by one that sets MySQL's count of them back, where there is
/// no superuser who has seen that the password is there.
async fn set_back<D: Database>(
    rotation: &Rotation<'_, D>,
    prove: &Prove,
    beside: &Beside<'_>,
) -> bool {
    match beside.current {
        Some(current) => rotation.knock(&prove.to, &current.credential).await.is_ok(),
        None => true,
    }
}

/// Why the reader at this door may not have the password for every account that has it on the
/// writer: one that has not yet got a more specific account lets in by another one, with other
/// rights. Where the superuser may not see it, it is to be tried.
async fn lacks<D: Database>(
    rotation: &Rotation<'_, D>,
    prove: &Prove,
    version: &Kept,
    superuser: &Credential,
    there: &BTreeSet<Account>,
) -> Option<String> {
    match with_password(rotation, &prove.to, version, superuser).await {
        Ok(here) if here.is_superset(there) => None,
        Ok(_) => Some("does not have every account of the writer with this password yet".into()),
        Err(error) if error.retryable() => {
            Some(format!("did not say which accounts it has: {error}"))
        }
        Err(_) => None,
    }
}

/// The accounts of its user whose primary password is that of `version`.
async fn with_password<D: Database>(
    rotation: &Rotation<'_, D>,
    to: &Endpoint,
    version: &Kept,
    superuser: &Credential,
) -> Result<BTreeSet<Account>, SqlError> {
    let mut session = rotation.open(to, superuser).await?;
    let (user, password) = (version.credential.username(), version.credential.password());
    let entries = session.entries(user, &[password]).await;
    session.close().await;
    let has = |entry: &Entry| entry.primary == Held::Candidate(0);
    let entries = entries?.into_iter().filter(has);
    Ok(entries.map(|entry| entry.account).collect())
}

async fn logged_in<D: Database>(
    rotation: &Rotation<'_, D>,
    prove: &Prove,
    version: &Kept,
) -> Result<(), SqlError> {
    let mut session = rotation.open(&prove.to, &version.credential).await?;
    let server = session.server().await?;
    session.close().await;
    if prove.writer && !server.writable {
        let endpoint = prove.to.to_string();
        return Err(SqlError::ReadOnly { endpoint });
    }
    Ok(())
}
