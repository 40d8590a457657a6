//! The four steps of a rotation.
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>

mod create;
mod finish;
mod set;
mod telling;
mod test;

use std::cell::OnceCell;

use aurora_model::Report;
use handler::{
    Answer, Error, Invocation,
    trigger::{RotationStep, Step},
};

use secrets::ReadError;
use tokio::time::Instant;

use crate::{
    Tools,
    database::Database,
    halt::Halt,
    policy::{self, Policy},
    rotation::Rotation,
    standing,
};

/// Takes one step.
///
/// # Errors
/// When the secret cannot be read, or its tag names no strategy.
pub(crate) async fn take<'a, D: Database>(
    tools: &Tools<'a, D>,
    call: &Invocation<Policy>,
    step: &RotationStep,
) -> Result<Answer<'a>, Error> {
    let secret = tools.secrets.describe(&step.secret);
    let secret = call
        .read("the secret", secret, ReadError::retryable)
        .await?;
    let tag = secret.tags.get(policy::TAG);
    let policy = call.policy.of_secret(&secret.name, &secret.arn, tag)?;
    let rotation = Rotation {
        tools,
        call,
        policy,
        secret,
        token: &step.token,
        cluster: OnceCell::new(),
        began: Instant::now(),
    };
    let checked = if rotation.policy.superuser {
        Err(superuser(&rotation.secret.name))
    } else {
        standing::check(&rotation.secret, &step.token)
    };
    let report = match checked {
        Ok(()) => one(&rotation, step.step).await,
        Err(halt) => Err(halt),
    };
    let over = matches!(report, Err(Halt::Rotated(_)));
    let report = match report {
        Ok(report) => report,
        Err(halt) => rotation.halted(halt)?,
    };
    Ok(telling::answer(
        tools.secrets,
        &rotation,
        step.step,
        report,
        over,
    ))
}

fn superuser(name: &str) -> Halt {
    Halt::Alert(format!(
        "{name} is tagged {} = superuser: it is read for other secrets and not rotated. Give it a strategy, or take this function off its rotation.",
        policy::TAG
    ))
}

async fn one<D: Database>(rotation: &Rotation<'_, D>, step: Step) -> Result<Report, Halt> {
    match step {
        Step::Create => create::take(rotation).await,
        Step::Set => set::take(rotation).await,
        Step::Test => test::take(rotation).await,
        Step::Finish => finish::take(rotation).await,
    }
}
