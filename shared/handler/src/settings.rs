//! What a function's environment says, read once.

use std::env;

use serde_json::Value;

use crate::{
    Log, Mode, Sdk, Surroundings,
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
    pub(crate) log: Log,
}

/// The settings of `function`, and the SDK as they want it.
pub(crate) fn read(
    function: &'static str,
    surroundings: Surroundings<'_>,
) -> Result<(Settings, Sdk), EnvironmentError> {
    let Surroundings { variable, sdk, log } = surroundings;
    let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
    let roots = roots(variable("TLS_ROOTS").as_deref())?;
    let sdk = sdk.unwrap_or_else(|| Sdk::new(roots));
    let place = Place {
        function_name: variable("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_else(|| function.into()),
        region: variable("AWS_REGION").unwrap_or_default(),
        log_group: variable("AWS_LAMBDA_LOG_GROUP_NAME").unwrap_or_default(),
    };
    let settings = Settings {
        function,
        mode: mode(variable("MODE").as_deref())?,
        policy: policy(variable("POLICY").as_deref())?,
        place,
        inbox: Inbox::new(sdk.clone(), variable("INBOX_TOPIC_ARN")),
        log,
    };
    Ok((settings, sdk))
}

fn mode(said: Option<&str>) -> Result<Mode, EnvironmentError> {
    match said {
        None | Some("plan") => Ok(Mode::Plan),
        Some("apply") => Ok(Mode::Apply),
        Some(other) => Err(EnvironmentError::new(
            "MODE",
            format!("expected plan or apply, got {other:?}"),
        )),
    }
}

fn roots(said: Option<&str>) -> Result<Roots, EnvironmentError> {
    match said {
        None | Some("amazon") => Ok(Roots::Amazon),
        Some("system") => Ok(Roots::System),
        Some(other) => Err(EnvironmentError::new(
            "TLS_ROOTS",
            format!("expected amazon or system, got {other:?}"),
        )),
    }
}

fn policy(said: Option<&str>) -> Result<Option<Value>, EnvironmentError> {
    said.map(serde_json::from_str).transpose().map_err(|error| {
        EnvironmentError::new("POLICY", format!("expected a policy as JSON: {error}"))
    })
}

/// The value of an environment variable of this process.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the environment is read"
)]
pub fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}
