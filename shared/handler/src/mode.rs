//! Whether a run acts or only says what it would do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a run acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Decide and report, touch nothing.
    #[default]
    Plan,
    /// Decide, act and report.
    Apply,
}

impl Mode {
    /// `apply` only where the deployment says so and the policy does not object.
    #[must_use]
    pub fn strictest(deployment: Self, policy: Option<Self>) -> Self {
        match (deployment, policy.unwrap_or(Self::Apply)) {
            (Self::Apply, Self::Apply) => Self::Apply,
            _ => Self::Plan,
        }
    }

    /// The word in reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Mode::{self, Apply, Plan};

    #[test]
    fn plan_anywhere_wins() {
        assert_eq!(Mode::strictest(Apply, None), Apply);
        assert_eq!(Mode::strictest(Apply, Some(Apply)), Apply);
        assert_eq!(Mode::strictest(Apply, Some(Plan)), Plan);
        assert_eq!(Mode::strictest(Plan, Some(Apply)), Plan);
        assert_eq!(Mode::strictest(Mode::default(), None), Plan);
    }
}
