//! Random inputs, made from the models: whatever comes, the answer is a documented one, and the
//! same seed gives the same answers.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use simulated_aws::{Account, Call, Effect, Percent, Protocol, Service};

use crate::{harness, refusals};

const STEPS: usize = 3000;

/// Texts that mean nothing in particular.
const WORDS: [&str; 7] = ["db", "", "ü", "a b", "{}", "{", "60"];

/// Texts by the end of the member's name.
const FITTING: [(&str, &[&str]); 16] = [
    ("AlarmName", &["a", "b"]),
    ("AlarmNames", &["a", "b"]),
    ("AlarmRule", &["ALARM(a) OR OK(b)", "NOT ALARM(a)"]),
    ("RoleArn", &["arn:aws:iam::123456789012:role/r"]),
    (
        "Arn",
        &["arn:aws:lambda:eu-central-1:123456789012:function:f"],
    ),
    ("Actions", &["arn:aws:sns:eu-central-1:123456789012:inbox"]),
    (
        "ARN",
        &["arn:aws:lambda:eu-central-1:123456789012:function:f"],
    ),
    ("GroupName", &["default"]),
    ("Id", &["m1", "db", "db-1"]),
    ("MetricName", &["Lag"]),
    ("Namespace", &["Nightshift"]),
    ("Name", &["db", "db-1"]),
    (
        "ScheduleExpression",
        &[
            "rate(10 days)",
            "cron(0 3 * * ? *)",
            "at(2027-01-01T00:00:00)",
        ],
    ),
    ("Stat", &["Average", "Sum"]),
    ("Timezone", &["UTC", "Europe/Berlin"]),
    ("VersionStage", &["AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"]),
];

/// Members that make sense of their shape, though the model does not require them.
const SENSIBLE: [(&str, &[&str]); 7] = [
    (
        "CreateSecretRequest",
        &["ClientRequestToken", "SecretString"],
    ),
    ("MetricDataQuery", &["MetricStat"]),
    ("MetricDatum", &["Value"]),
    (
        "PutMetricAlarmInput",
        &[
            "ComparisonOperator",
            "EvaluationPeriods",
            "MetricName",
            "Namespace",
            "Period",
            "Statistic",
            "Threshold",
        ],
    ),
    ("PutMetricDataInput", &["MetricData"]),
    (
        "PutSecretValueRequest",
        &["ClientRequestToken", "SecretString"],
    ),
    (
        "RotateSecretRequest",
        &["ClientRequestToken", "RotationLambdaARN"],
    ),
];

/// Tokens that are identifiers of versions too.
const TOKENS: [&str; 3] = [
    "token-a-token-a-token-a-token-a-",
    "token-b-token-b-token-b-token-b-",
    "token-c-token-c-token-c-token-c-",
];

struct Generator {
    service: Service,
    protocol: Protocol,
    model: Value,
    rng: Rng,
    /// How likely a member is that is not required, in percent.
    eager: u8,
    now: i64,
}

impl Generator {
    fn call(&mut self) -> Call {
        let operations: Vec<_> = self.model["operations"]
            .as_object()
            .unwrap()
            .keys()
            .collect();
        let operation = self.rng.choice(operations).unwrap().clone();
        let shape = self.model["operations"][&operation]["input"]
            .as_str()
            .unwrap()
            .to_owned();
        let input = self.value(&shape, "", 0);
        Call {
            service: self.service,
            operation,
            input,
            protocol: self.protocol,
        }
    }

    fn value(&mut self, name: &str, member: &str, depth: usize) -> Value {
        let shape = self.model["shapes"][name].clone();
        match shape["type"].as_str().unwrap() {
            "structure" => self.structure(name, &shape, depth),
            "list" => {
                let count = self.rng.usize(0..4);
                let item = shape["member"].as_str().unwrap();
                (0..count)
                    .map(|_| self.value(item, member, depth + 1))
                    .collect()
            }
            "map" => json!({"key": self.value(shape["value"].as_str().unwrap(), "", depth + 1)}),
            "string" => self.text(&shape, member),
            "blob" => json!("YWJj"),
            "boolean" => json!(self.rng.bool()),
            "timestamp" => json!(self.now + self.rng.i64(-9..4) * 1800),
            "integer" | "long" => {
                let bounds = [
                    shape["min"].as_i64(),
                    shape["max"].as_i64(),
                    Some(60),
                    Some(60),
                ];
                let near = self.rng.choice(bounds).flatten().unwrap_or(7);
                json!(
                    near + if self.rng.u8(0..4) == 0 {
                        self.rng.i64(-1..2)
                    } else {
                        0
                    }
                )
            }
            _ => json!(self.rng.f64() * 10.0),
        }
    }

    fn structure(&mut self, name: &str, shape: &Value, depth: usize) -> Value {
        let mut fields = Map::new();
        let mut wanted = shape["required"].as_array().cloned().unwrap_or_default();
        let sensible = SENSIBLE.iter().find(|(shape, _)| *shape == name);
        wanted.extend(
            sensible
                .iter()
                .flat_map(|(_, members)| members.iter().map(|it| json!(it))),
        );
        for (name, member) in shape["members"].as_object().unwrap() {
            let chance = if wanted.contains(&json!(name)) {
                98
            } else {
                self.eager
            };
            if depth < 5 && self.rng.u8(0..100) < chance {
                let shape = member
                    .as_str()
                    .or_else(|| member["shape"].as_str())
                    .unwrap();
                fields.insert(name.clone(), self.value(shape, name, depth + 1));
            }
        }
        Value::Object(fields)
    }

    fn text(&mut self, shape: &Value, member: &str) -> Value {
        let values = shape["enum"].as_array().cloned().unwrap_or_default();
        if !values.is_empty() && self.rng.u8(0..10) > 0 {
            return self.rng.choice(values).unwrap();
        }
        if self.rng.u8(0..50) == 0 {
            return json!("x".repeat(self.rng.usize(0..3000)));
        }
        if member.ends_with("Token") || member.ends_with("VersionId") {
            return json!(self.rng.choice(TOKENS).unwrap());
        }
        let fitting = FITTING.iter().find(|(end, _)| member.ends_with(end));
        let fitting = fitting.map_or(&WORDS[..], |(_, texts)| texts);
        let texts = if self.rng.u8(0..20) == 0 {
            &WORDS[..]
        } else {
            fitting
        };
        json!(self.rng.choice(texts).unwrap())
    }
}

/// By operation, how many calls were carried out and how many were refused.
type Counts = BTreeMap<String, (usize, usize)>;

/// Carries random calls out on a random account; what came of each, as text.
fn run(service: Service, protocol: Protocol, model: &str, seed: u64) -> (Vec<String>, Counts) {
    let mut generator = Generator {
        service,
        protocol,
        model: serde_json::from_str(model).unwrap(),
        rng: Rng::with_seed(seed),
        eager: 0,
        now: 0,
    };
    let mut account = harness::account(|whim| {
        whim.stale = Percent(20);
        whim.stale_up_to = SignedDuration::from_secs(40);
        whim.events_twice = Percent(10);
        whim.largest_page = 3;
    });
    let mut now: Timestamp = "2026-11-21T02:00:00Z".parse().unwrap();
    let (mut trace, mut counts) = (Vec::new(), Counts::new());
    for _ in 0..STEPS {
        generator.eager = generator.rng.choice([0, 5, 30]).unwrap();
        generator.now = now.as_second();
        let call = generator.call();
        now += SignedDuration::from_secs(generator.rng.i64(0..600));
        let (answer, effects) = account.answer(&call, now);
        refusals::check(&call, answer.status, answer.code.as_deref());
        let count = counts.entry(call.operation).or_default();
        *if answer.status == 200 {
            &mut count.0
        } else {
            &mut count.1
        } += 1;
        let body = String::from_utf8_lossy(&answer.body);
        trace.push(format!("{now} {} {body} {effects:?}", answer.status));
        end_steps(&mut account, &effects, now, &mut generator.rng);
    }
    (trace, counts)
}

fn end_steps(account: &mut Account, effects: &[Effect], now: Timestamp, rng: &mut Rng) {
    for effect in effects {
        if let Effect::Rotation(invocation) = effect {
            let succeeded = rng.bool();
            account.by_hand(now, |services, at| {
                services.secrets.step_ended(invocation, succeeded, at);
            });
        }
    }
}

fn every_answer_is_documented(service: Service, protocol: Protocol, model: &str) {
    let (trace, counts) = run(service, protocol, model, 1);
    for (operation, (done, refused)) in counts {
        assert!(
            done > 0 && refused > 0,
            "{operation}: {done} done, {refused} refused"
        );
    }
    assert!(
        trace == run(service, protocol, model, 1).0,
        "the same seed gives the same answers"
    );
    assert!(trace != run(service, protocol, model, 2).0);
}

#[test]
fn secrets_manager_answers_whatever_comes_with_what_is_documented() {
    let model = include_str!("../../data/secretsmanager-shapes.json");
    every_answer_is_documented(Service::SecretsManager, Protocol::Json, model);
}

#[test]
fn cloudwatch_answers_whatever_comes_with_what_is_documented() {
    let model = include_str!("../../data/cloudwatch-shapes.json");
    every_answer_is_documented(Service::CloudWatch, Protocol::Cbor, model);
}

#[test]
fn scheduler_answers_whatever_comes_with_what_is_documented() {
    let model = include_str!("../../data/scheduler-shapes.json");
    every_answer_is_documented(Service::Scheduler, Protocol::Rest, model);
}
