//! What a function's environment says, read once.

use std::env;

use serde_json::Value;

use crate::{
    Mode, Sdk,
    error::EnvironmentError,
    inbox::{Inbox, Place},
    sdk::Roots,
};

/// What a function's environment says.
pub(crate) struct Settings {
    pub(crate) function: &'static str,
    pub(crate) mode: Mode,
    pub(crate) policy: Option<Value>,
    pub(crate) place: Place,
    pub(crate) inbox: Inbox,
}

/// The settings of `function`, and the SDK as they want it.
pub(crate) fn read(function: &'static str) -> Result<(Settings, Sdk), EnvironmentError> {
    let sdk = Sdk::new(roots()?);
    let place = Place {
        function_name: variable("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|| function.into()),
        region: variable("AWS_REGION").unwrap_or_default(),
        log_group: variable("AWS_LAMBDA_LOG_GROUP_NAME").unwrap_or_default(),
    };
    let inbox = Inbox::new(sdk.clone(), variable("INBOX_TOPIC_ARN"));
    let (mode, policy) = (mode()?, policy()?);
    Ok((
        Settings {
            function,
            mode,
            policy,
            place,
            inbox,
        },
        sdk,
    ))
}

fn mode() -> Result<Mode, EnvironmentError> {
    match variable("MODE").as_deref() {
        None | Some("plan") => Ok(Mode::Plan),
        Some("apply") => Ok(Mode::Apply),
        Some(other) => Err(EnvironmentError::new(
            "MODE",
            format!("expected plan or apply, got {other:?}"),
        )),
    }
}

fn roots() -> Result<Roots, EnvironmentError> {
    match variable("TLS_ROOTS").as_deref() {
        None | Some("amazon") => Ok(Roots::Amazon),
        Some("system") => Ok(Roots::System),
        Some(other) => Err(EnvironmentError::new(
            "TLS_ROOTS",
            format!("expected amazon or system, got {other:?}"),
        )),
    }
}

fn policy() -> Result<Option<Value>, EnvironmentError> {
    let parsed = variable("POLICY")
        .map(|text| serde_json::from_str(&text))
        .transpose();
    parsed.map_err(|error| {
        EnvironmentError::new("POLICY", format!("expected a policy as JSON: {error}"))
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the environment is read"
)]
fn variable(name: &'static str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
