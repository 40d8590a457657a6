//! createSecret: a new password is made up and stored as the pending version.

use aurora_model::{Choice, Outcome, Plan, Report, plan::Action};
use secrets::{Credential, Put};

use crate::{
    database::{Database, Session},
    decide::clone::Pair,
    halt::Halt,
    outcome::failed,
    pending::newer,
    policy::{Fallback, Strategy},
    rotation::{Kept, Rotation},
};

/// Stores a new password for this user.
struct Store {
    username: String,
}

impl Action for Store {
    fn verb(&self) -> &'static str {
        "store"
    }
}

pub(super) async fn take<D: Database>(rotation: &Rotation<'_, D>) -> Result<Report, Halt> {
    let current = rotation.current().await?;
    if let Some(pending) = rotation.version(rotation.token).await? {
        newer(&current, &pending)?;
        return Err(Halt::Keep(format!(
            "version {} has its value already, for {}",
            pending.id,
            pending.credential.username()
        )));
    }
    let username = username(rotation, &current).await?;
    let reason =
        format!("a new password for {username}, stored as AWSPENDING; it opens no door yet");
    let plan = Plan {
        decisions: vec![rotation.decision(Choice::Act(Store { username }), reason)],
        ..Plan::empty()
    };
    let act = async |store: &Store| put(rotation, &current.credential, store).await;
    Ok(rotation.applied(plan, 1, act).await)
}

/// Whose password it will be.
async fn username<D: Database>(rotation: &Rotation<'_, D>, current: &Kept) -> Result<String, Halt> {
    let policy = &rotation.policy;
    let alternates = match (policy.strategy, policy.fallback) {
        (Strategy::AlternatingUsers, _) => true,
        (Strategy::DualPassword, Fallback::AlternatingUsers) => !dual(rotation, current).await?,
        _ => false,
    };
    let current = current.credential.username();
    if !alternates {
        return Ok(current.into());
    }
    let pair = Pair::of(current).map_err(|error| Halt::Alert(error.to_string()))?;
    Ok(pair.next(current).into())
}

/// Whether the server knows dual passwords.
async fn dual<D: Database>(rotation: &Rotation<'_, D>, current: &Kept) -> Result<bool, Halt> {
    let doors = rotation.doors(&[&current.credential]).await?;
    let opened = rotation.open(&doors.writer, &current.credential).await;
    let mut session = opened.map_err(|error| Halt::of_sql("the writer", &error))?;
    let server = session.server().await;
    session.close().await;
    let server = server.map_err(|error| Halt::of_sql("the server's version", &error))?;
    Ok(server.dual_passwords)
}

async fn put<D: Database>(
    rotation: &Rotation<'_, D>,
    current: &Credential,
    store: &Store,
) -> Outcome {
    let secrets = rotation.tools.secrets;
    let password = match secrets.random_password(rotation.tools.shape).await {
        Ok(password) => password,
        Err(error) => return failed(error.to_string(), error.retryable()),
    };
    let content = current.with(&store.username, &password);
    match secrets
        .put_pending(&rotation.secret.arn, rotation.token, &content)
        .await
    {
        Ok(Put::Done) => Outcome::Done,
        // Another run of this step was faster, or an answer of ours was lost: any value will do.
        Ok(Put::AlreadyThere) => Outcome::AlreadyDone,
        Err(error) => failed(error.to_string(), error.retryable()),
    }
}
