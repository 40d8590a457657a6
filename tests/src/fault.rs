//! What can go wrong with a call, and which call it befalls.

use std::time::Duration;

use crate::lambda::Killer;
use crate::wire::Identity;

/// What befalls a call.
#[derive(Clone, Debug)]
pub enum Fault {
    /// AWS answers `Throttling`, nothing happens.
    Throttle,
    /// AWS answers 503 `ServiceUnavailable`, nothing happens.
    ServerError,
    /// AWS answers that the role lacks the permission.
    AccessDenied,
    /// AWS answers this error, nothing happens.
    Error {
        /// The HTTP status.
        status: u16,
        /// The error's code, such as `SnapshotQuotaExceeded`.
        code: &'static str,
        /// The error's message.
        message: &'static str,
    },
    /// The connection closes and nothing has happened.
    CutBefore,
    /// It happens, and the connection closes before the answer.
    CutAfter,
    /// Neither effect nor answer, ever.
    Hang,
    /// It happens and is answered, but only after this time.
    Stall(Duration),
    /// The function dies, nothing has happened.
    KillBefore(Killer),
    /// It happens, and the function dies before the answer.
    KillAfter(Killer),
}

impl Fault {
    /// The error answer, for the faults that are one.
    pub(crate) fn error(&self) -> Option<(u16, &str, &str)> {
        match self {
            Self::Throttle => Some((400, "Throttling", "Rate exceeded")),
            Self::ServerError => Some((503, "ServiceUnavailable", "try again later")),
            Self::AccessDenied => Some((
                403,
                "AccessDenied",
                "User: arn:aws:sts::123456789012:assumed-role/function/test is not authorized \
                 to perform this action because no identity-based policy allows it",
            )),
            Self::Error {
                status,
                code,
                message,
            } => Some((*status, code, message)),
            _ => None,
        }
    }
}

/// Which calls: every one, narrowed down by action, parameter and number.
#[derive(Clone, Debug, Default)]
pub struct When {
    action: Option<String>,
    parameter: Option<(String, String)>,
    nth: Option<usize>,
}

impl When {
    /// Every call.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Every call of this action, such as `DescribeDBClusters`.
    #[must_use]
    pub fn action(action: impl Into<String>) -> Self {
        Self {
            action: Some(action.into()),
            ..Self::default()
        }
    }

    /// Of those, only the ones with this parameter.
    #[must_use]
    pub fn with(mut self, parameter: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameter = Some((parameter.into(), value.into()));
        self
    }

    /// Of those, only the n-th from now on, counted from one.
    #[must_use]
    pub fn nth(mut self, n: usize) -> Self {
        assert!(n > 0, "calls are counted from one");
        self.nth = Some(n);
        self
    }

    /// Of those, only the next.
    #[must_use]
    pub fn once(self) -> Self {
        self.nth(1)
    }

    fn covers(&self, call: &Identity) -> bool {
        self.action.as_ref().is_none_or(|a| *a == call.action)
            && self
                .parameter
                .as_ref()
                .is_none_or(|(name, value)| call.params.get(name) == Some(value))
    }
}

/// A fault in wait for its call.
#[derive(Debug)]
pub(crate) struct Rule {
    when: When,
    fault: Fault,
    seen: usize,
}

impl Rule {
    pub(crate) fn new(when: When, fault: Fault) -> Self {
        Self {
            when,
            fault,
            seen: 0,
        }
    }

    /// Counts the call and tells whether the fault befalls it.
    pub(crate) fn befalls(&mut self, call: &Identity) -> Option<Fault> {
        if !self.when.covers(call) {
            return None;
        }
        self.seen += 1;
        self.when
            .nth
            .is_none_or(|n| n == self.seen)
            .then(|| self.fault.clone())
    }
}
