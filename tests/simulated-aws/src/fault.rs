//! What can go wrong with a call between the function and AWS.

use std::{collections::BTreeMap, fmt, ops::RangeInclusive, time::Duration};

use fastrand::Rng;
use jiff::Timestamp;

use crate::{Call, Percent, Protocol, Refusal, Service, modelled};

/// What befalls a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// AWS answers that the account calls too often, nothing happens.
    Throttled,
    /// AWS answers 500 or 503, nothing happens.
    ServerError(u16),
    /// AWS refuses it; nothing happens.
    Refused(Refusal),
    /// The connection is cut before AWS has the request; nothing happens.
    CutBefore,
    /// It happens, and the connection is cut before the answer.
    CutAfter,
    /// Nothing happens, and no answer comes.
    Hung,
    /// It happens, and the answer is very late.
    Late(Duration),
}

impl Fault {
    /// The error that `call`'s service answers, for those that are one.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html>
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html>
    #[must_use]
    pub fn refusal(&self, call: &Call) -> Option<Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal.clone()),
            Self::Throttled => {
                let code = match call.protocol {
                    Protocol::Query | Protocol::Cbor => "Throttling",
                    Protocol::Json | Protocol::Rest => "ThrottlingException",
                };
                Some(Refusal::new(400, code, "Rate exceeded"))
            }
            Self::ServerError(status) => {
                let code = if *status == 503 {
                    "ServiceUnavailable"
                } else {
                    "InternalFailure"
                };
                Some(Refusal::new(
                    *status,
                    code,
                    "The request has failed due to an unknown error.",
                ))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throttled => f.write_str("throttled"),
            Self::Refused(refusal) => write!(f, "{} {}", refusal.status, refusal.code),
            Self::ServerError(status) => write!(f, "HTTP {status}"),
            Self::CutBefore => f.write_str("cut before it arrived"),
            Self::CutAfter => f.write_str("cut before the answer"),
            Self::Hung => f.write_str("never answered"),
            Self::Late(by) => write!(f, "answered {} s late", by.as_secs()),
        }
    }
}

/// How often what goes wrong, until when.
#[derive(Clone, Debug)]
pub struct Faults {
    /// Where the choices come from.
    pub rng: Rng,
    /// How often a call is throttled.
    pub throttled: Percent,
    /// How often AWS answers 5xx.
    pub server_error: Percent,
    /// How often a connection is cut, before or after the effect.
    pub cut: Percent,
    /// How often no answer comes.
    pub hung: Percent,
    /// How often an answer is late.
    pub late: Percent,
    /// After this moment nothing goes wrong.
    pub until: Option<Timestamp>,
    /// Whether each call of this operation fails, however often it is tried.
    pub always: Option<String>,
    /// Each call of this operation is refused like this.
    pub refused: Option<(String, Refusal)>,
    /// How often a call that only reads is answered one of the errors that its operation's model
    /// has, whichever. One that writes comes seldom, and is answered so four times as often.
    pub odd: Percent,
    /// Instead of all chances, exactly these, by the number of the call, counted from 1.
    pub planned: Option<BTreeMap<u64, Fault>>,
    /// How long a request takes, and its answer, in milliseconds.
    pub latency: RangeInclusive<u64>,
}

impl Faults {
    /// Nothing goes wrong.
    #[must_use]
    pub fn none(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(seed),
            throttled: Percent(0),
            server_error: Percent(0),
            cut: Percent(0),
            hung: Percent(0),
            late: Percent(0),
            until: None,
            always: None,
            refused: None,
            odd: Percent(0),
            planned: None,
            latency: 5..=40,
        }
    }

    /// What befalls this call, the `number`th of all, at `now`, if anything does.
    pub fn befalls(&mut self, number: u64, call: &Call, now: Timestamp) -> Option<Fault> {
        if self.until.is_some_and(|until| now > until) {
            return None;
        }
        if let Some(planned) = &self.planned {
            return planned.get(&number).cloned();
        }
        if self.always.as_ref() == Some(&call.operation) {
            return Some(Fault::ServerError(503));
        }
        if let Some((operation, refusal)) = &self.refused
            && *operation == call.operation
        {
            return Some(Fault::Refused(refusal.clone()));
        }
        let chances = [
            self.throttled,
            self.server_error,
            self.cut,
            self.hung,
            self.late,
            Percent(self.odd.0.saturating_mul(if reads(call) { 1 } else { 4 })),
        ];
        let rng = &mut self.rng;
        let what = chances
            .iter()
            .position(|chance| chance.0 > 0 && rng.u8(0..100) < chance.0)?;
        Some(match what {
            0 => Fault::Throttled,
            1 => Fault::ServerError(if rng.bool() { 500 } else { 503 }),
            2 if rng.bool() => Fault::CutBefore,
            2 => Fault::CutAfter,
            3 => Fault::Hung,
            4 => Fault::Late(Duration::from_secs(rng.u64(3..30))),
            _ => return odd(call, rng),
        })
    }

    /// How long the next request or answer is under way.
    pub fn under_way(&mut self) -> Duration {
        Duration::from_millis(self.rng.u64(self.latency.clone()))
    }
}

fn reads(call: &Call) -> bool {
    let begins = ["Describe", "List", "GetSecret"];
    begins
        .iter()
        .any(|begins| call.operation.starts_with(begins))
}

/// One of the errors that the operation's model has, for a reason of AWS's own.
fn odd(call: &Call, rng: &mut Rng) -> Option<Fault> {
    let errors = modelled(call.service, &call.operation);
    if errors.is_empty() {
        return None;
    }
    let error = &errors[rng.usize(..errors.len())];
    Some(Fault::Refused(Refusal::odd(&error.code, error.status)))
}

/// How a service says that a role lacks a permission: the code and the HTTP status.
/// <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/security_iam_troubleshoot.html>
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html>
#[must_use]
pub const fn denied(service: Service) -> (&'static str, u16) {
    match service {
        Service::Rds => ("AccessDenied", 403),
        Service::Sns => ("AuthorizationError", 403),
        Service::SecretsManager | Service::CloudWatch => ("AccessDeniedException", 400),
        Service::Scheduler => ("AccessDeniedException", 403),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn call(service: Service, operation: &str, protocol: Protocol) -> Call {
        Call {
            service,
            operation: operation.into(),
            input: Value::Null,
            protocol,
        }
    }

    #[test]
    fn each_service_throttles_in_its_own_words() {
        let of = |call: &Call| Fault::Throttled.refusal(call).unwrap().code;
        let rds = call(Service::Rds, "DescribeDBInstances", Protocol::Query);
        let secrets = call(Service::SecretsManager, "ListSecrets", Protocol::Json);
        assert_eq!(of(&rds), "Throttling");
        assert_eq!(of(&secrets), "ThrottlingException");
    }

    #[test]
    fn an_odd_error_is_one_of_the_operations_model_and_each_comes() {
        let mut faults = Faults {
            odd: Percent(25),
            ..Faults::none(3)
        };
        let put = call(Service::SecretsManager, "PutSecretValue", Protocol::Json);
        let mut seen = std::collections::BTreeSet::new();
        for number in 0..200 {
            let fault = faults.befalls(number, &put, Timestamp::UNIX_EPOCH).unwrap();
            seen.insert(fault.refusal(&put).unwrap().code);
        }
        let model = modelled(Service::SecretsManager, "PutSecretValue").iter();
        let model: std::collections::BTreeSet<String> = model.map(|it| it.code.clone()).collect();
        assert_eq!(seen, model);
        let none = call(Service::Rds, "DescribeEvents", Protocol::Query);
        faults.odd = Percent(100);
        assert_eq!(faults.befalls(1, &none, Timestamp::UNIX_EPOCH), None);
    }
}
