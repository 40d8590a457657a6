//! The policy's defaults, its checks, what holds for one secret, and the payloads in `events/`.

use std::{fs, path::PathBuf};

use handler::{Cause, Trigger, policy::parse, trigger};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;

const NAME: &str = "shop/app";
const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3";
const CERTIFICATE: &str =
    "-----BEGIN CERTIFICATE-----\nMIIBhTCC\nAQ==\n-----END CERTIFICATE-----\n";

fn policy(json: &Value) -> Policy {
    parse(json).unwrap()
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "reads better in the table below"
)]
fn error(json: Value) -> String {
    parse::<Policy>(&json).unwrap_err().to_string()
}

#[test]
fn a_policy_may_be_empty_and_what_it_leaves_out_is_safe() {
    let policy = policy(&json!({}));
    assert_eq!(policy, Policy::default());
    let of_secret = policy.of_secret(NAME, ARN, None).unwrap();
    assert_eq!(
        of_secret,
        SecretPolicy {
            superuser: false,
            strategy: Strategy::DualPassword,
            fallback: Fallback::Refuse,
            grace: Span::hours(24),
            settle: Span::hours(1),
            stuck_after: Span::hours(2),
            reader_wait: Span::seconds(30),
            overwrite_unknown: false,
            plain_text: false,
            ca: None,
            accept_hosts: vec![],
            limits: Limits {
                connect: Span::seconds(5),
                statement: Span::seconds(10),
                lock_wait: Span::seconds(5),
            },
        }
    );
    assert_eq!(handler::Policy::expire_after(&policy), Span::hours(1));
    assert_eq!(handler::Policy::mode(&policy), None);
}

#[test]
fn a_limit_left_out_has_its_default() {
    let limits = policy(&json!({"limits": {"statement": "1m"}})).limits;
    let expected = Limits {
        statement: Span::seconds(60),
        ..Limits::default()
    };
    assert_eq!(limits, expected);
}

#[test]
fn what_is_said_of_one_secret_holds_for_it_alone() {
    let policy = policy(&json!({
        "grace": "12h",
        "accept_hosts": ["db.example.com"],
        "secrets": {
            NAME: {"strategy": "single-user", "grace": "2h", "plain_text": true},
            ARN: {"grace": "3h", "accept_hosts": []},
        },
    }));
    let other = policy.of_secret("shop/other", "arn:other", None).unwrap();
    assert_eq!(
        (other.strategy, other.grace),
        (Strategy::DualPassword, Span::hours(12))
    );
    assert_eq!(other.accept_hosts, ["db.example.com"]);
    let by_name = policy.of_secret(NAME, "arn:other", None).unwrap();
    assert_eq!(
        (by_name.strategy, by_name.grace),
        (Strategy::SingleUser, Span::hours(2))
    );
    assert!(by_name.plain_text && !by_name.overwrite_unknown);
    // The ARN's fields win, and those it lacks are the name's.
    let by_both = policy.of_secret(NAME, ARN, None).unwrap();
    assert_eq!(
        (by_both.strategy, by_both.grace),
        (Strategy::SingleUser, Span::hours(3))
    );
    assert!(by_both.accept_hosts.is_empty() && by_both.plain_text);
}

#[test]
fn every_field_can_be_said_of_one_secret() {
    let all = json!({
        "strategy": "alternating-users", "fallback": "single-user", "grace": "2d", "settle": "2h",
        "stuck_after": "3h", "reader_wait": "1m", "overwrite_unknown": true, "plain_text": true,
        "ca": CERTIFICATE, "accept_hosts": ["db.example.com"],
        "limits": {"connect": "1s", "statement": "2s", "lock_wait": "3s"},
    });
    let of_all = policy(&all).of_secret(NAME, ARN, None).unwrap();
    let of_one = policy(&json!({"secrets": {NAME: all}}));
    assert_eq!(of_one.of_secret(NAME, ARN, None).unwrap(), of_all);
    let default = Policy::default().of_all();
    assert_eq!(of_one.of_secret("other", "other", None).unwrap(), default);
    let SecretPolicy {
        strategy,
        fallback,
        ca,
        limits,
        ..
    } = of_all;
    assert_eq!(strategy, Strategy::AlternatingUsers);
    assert_eq!(fallback.strategy(), Some(Strategy::SingleUser));
    assert_eq!(
        (ca.as_deref(), limits.lock_wait),
        (Some(CERTIFICATE), Span::seconds(3))
    );
}

#[test]
fn the_tag_is_stronger_than_the_policy() {
    let policy = policy(&json!({"secrets": {NAME: {"strategy": "single-user"}}}));
    let tagged = |tag| policy.of_secret(NAME, ARN, Some(tag)).unwrap();
    for strategy in Strategy::ALL {
        let of_secret = tagged(strategy.as_str());
        assert_eq!((of_secret.strategy, of_secret.superuser), (strategy, false));
    }
    assert!(tagged("superuser").superuser);
}

#[test]
fn a_tag_that_is_no_strategy_is_one_clear_error() {
    let error = Policy::default()
        .of_secret(NAME, ARN, Some("dual"))
        .unwrap_err();
    insta::assert_snapshot!(error, @r#"the tag nightshift:rotation of the secret shop/app: expected dual-password, alternating-users, single-user, or superuser for a secret that is only read, got "dual"; give the tag one of these values, or remove it"#);
    assert!(Policy::default().of_secret(NAME, ARN, Some("")).is_err());
    assert!(
        Policy::default()
            .of_secret(NAME, ARN, Some("Superuser"))
            .is_err()
    );
}

/// Neither alone makes no sense.
#[test]
fn fields_under_name_and_arn_must_make_sense_together() {
    let policy = policy(&json!({"secrets": {NAME: {"grace": "2h"}, ARN: {"settle": "3h"}}}));
    insta::assert_snapshot!(policy.of_secret(NAME, ARN, None).unwrap_err(), @"policy for the secret shop/app.grace: expected at least the settle time of 3h, got 2h");
}

#[test]
fn a_policy_that_makes_no_sense_is_refused_by_field() {
    insta::assert_snapshot!(error(json!({"grace": "30m"})), @"policy.grace: expected at least the settle time of 1h, got 30m");
    insta::assert_snapshot!(error(json!({"grace": "0s", "settle": "0s"})), @"policy.grace: expected a length of time above 0s, got 0s");
    insta::assert_snapshot!(error(json!({"settle": "2d"})), @"policy.grace: expected at least the settle time of 48h, got 24h");
    insta::assert_snapshot!(error(json!({"stuck_after": "0s"})), @"policy.stuck_after: expected a length of time above 0s, got 0s");
    insta::assert_snapshot!(error(json!({"reader_wait": "1h"})), @"policy.reader_wait: expected at most 15m, got 1h");
    insta::assert_snapshot!(error(json!({"limits": {"connect": "0s"}})), @"policy.limits.connect: expected a length of time above 0s, got 0s");
    insta::assert_snapshot!(error(json!({"limits": {"statement": "16m"}})), @"policy.limits.statement: expected at most 15m, got 16m");
    insta::assert_snapshot!(error(json!({"limits": {"lock_wait": "0s"}})), @"policy.limits.lock_wait: expected a length of time above 0s, got 0s");
    insta::assert_snapshot!(error(json!({"limits": {"lock": "1s"}})), @"policy.limits.lock: unknown field lock; known here: connect, statement, lock_wait");
    insta::assert_snapshot!(error(json!({"limits": []})), @"policy.limits: expected an object, got a list");
    insta::assert_snapshot!(error(json!({"secrets": {"a": []}})), @"policy.secrets.a: expected an object, got a list");
    insta::assert_snapshot!(error(json!({"secrets": {"a": {"limits": []}}})), @"policy.secrets.a.limits: expected an object, got a list");
    insta::assert_snapshot!(error(json!({"secrets": {"a": {"limits": {"connect": 1}}}})), @"policy.secrets.a.limits.connect: expected a text, got 1");
    insta::assert_snapshot!(error(json!([])), @"policy: expected an object, got a list");
    insta::assert_snapshot!(error(json!({"expire_after": "0s"})), @"policy.expire_after: expected a length of time above 0s, got 0s");
    insta::assert_snapshot!(error(json!({"strategy": "dual"})), @"policy.strategy: unknown value dual; known here: dual-password, alternating-users, single-user");
    insta::assert_snapshot!(error(json!({"fallback": "dual-password"})), @"policy.fallback: unknown value dual-password; known here: refuse, single-user, alternating-users");
    insta::assert_snapshot!(error(json!({"graze": "1h"})), @"policy.graze: unknown field graze; known here: strategy, fallback, grace, settle, stuck_after, reader_wait, overwrite_unknown, plain_text, ca, accept_hosts, limits, secrets, expire_after, mode");
    insta::assert_snapshot!(error(json!({"secrets": {"a": {"grace": "1m"}}})), @"policy.secrets.a.grace: expected at least the settle time of 1h, got 1m");
    insta::assert_snapshot!(error(json!({"secrets": {"a": {"mode": "plan"}}})), @"policy.secrets.a.mode: unknown field mode; known here: strategy, fallback, grace, settle, stuck_after, reader_wait, overwrite_unknown, plain_text, ca, accept_hosts, limits");
    insta::assert_snapshot!(error(json!({"secrets": {"": {}}})), @"policy.secrets: expected the name or the ARN of a secret, got an empty text");
}

#[test]
fn hosts_are_names_or_addresses_without_a_port() {
    for host in [
        "db",
        "db.example.com",
        "db.example.com.",
        "10.0.0.1",
        "fd00::1",
    ] {
        assert!(
            parse::<Policy>(&json!({"accept_hosts": [host]})).is_ok(),
            "{host}"
        );
    }
    for host in [
        "",
        ".",
        "db..com",
        "db.example.com:3306",
        "*.example.com",
        "a b",
    ] {
        assert!(
            parse::<Policy>(&json!({"accept_hosts": [host]})).is_err(),
            "{host}"
        );
    }
    insta::assert_snapshot!(error(json!({"accept_hosts": ["db:3306"]})), @r#"policy.accept_hosts: expected host names such as db.example.com, without a port, got "db:3306""#);
}

#[test]
fn a_ca_is_certificates_and_is_never_shown() {
    let two = format!("# ours\n{CERTIFICATE}\n{CERTIFICATE}");
    for ca in [CERTIFICATE, &two, &CERTIFICATE.replace('\n', "\r\n")] {
        assert!(parse::<Policy>(&json!({"ca": ca})).is_ok(), "{ca}");
    }
    let key =
        format!("{CERTIFICATE}-----BEGIN PRIVATE KEY-----\nMIIEhidden\n-----END PRIVATE KEY-----");
    insta::assert_snapshot!(error(json!({"ca": key})), @"policy.ca: expected certificates in PEM only, got a private key among them; take it out and treat it as known to others");
    insta::assert_snapshot!(error(json!({"ca": "/etc/ssl/ca.pem"})), @"policy.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none");
    let cut = CERTIFICATE.replace("-----END", "");
    insta::assert_snapshot!(error(json!({"ca": cut})), @r"policy.ca: expected certificates in PEM, got one that is cut off or no base64; in JSON its line ends are \n");
    let empty = "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----";
    assert!(parse::<Policy>(&json!({"ca": empty})).is_err());
    assert!(parse::<Policy>(&json!({"ca": two.replace("AQ==", "A%==")})).is_err());
}

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../events", crate::NAME]
        .iter()
        .collect()
}

/// The payloads in `events/`, by name.
fn events() -> Vec<(String, Value)> {
    let files = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path());
    let mut events: Vec<(String, Value)> = files
        .filter(|path| !path.ends_with("policy.schema.json"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (
                name,
                serde_json::from_slice(&fs::read(&path).unwrap()).unwrap(),
            )
        })
        .collect();
    events.sort_by(|a, b| a.0.cmp(&b.0));
    events
}

/// Reads a payload as `handler` does; one that brings no policy is given an empty one.
fn read(payload: &Value) -> Result<(Trigger, Policy), String> {
    let payload = trigger::parse(payload, Timestamp::UNIX_EPOCH).map_err(|e| e.to_string())?;
    let policy = payload.policy.unwrap_or_else(|| json!({}));
    let policy = parse(&policy).map_err(|e| e.to_string())?;
    Ok((payload.trigger, policy))
}

#[test]
fn what_each_payload_says() {
    let said = events()
        .into_iter()
        .map(|(name, payload)| match read(&payload) {
            Ok((trigger, _)) => {
                assert!(!name.starts_with("bad-"), "{name}");
                let step = match &trigger.cause {
                    Cause::Rotation(step) => format!("{} of ", step.step),
                    _ => String::new(),
                };
                let reference = trigger.reference();
                format!("{name}: {} {step}{}", reference.kind, reference.name())
            }
            Err(error) => {
                assert!(name.starts_with("bad-"), "{name}: {error}");
                format!("{name}: {error}")
            }
        });
    let said: Vec<String> = said.collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    bad-ca: policy.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none
    bad-grace: policy.grace: expected at least the settle time of 1h, got 10m
    bad-host: policy.accept_hosts: expected host names such as db.example.com, without a port, got "db.example.com:3306"
    bad-no-token: payload: ClientRequestToken is missing
    bad-step: payload.Step: expected createSecret, setSecret, testSecret or finishSecret, got "rotateSecret"
    bad-strategy: policy.strategy: unknown value dual-passwords; known here: dual-password, alternating-users, single-user
    bad-unknown-field: policy.grace_period: unknown field grace_period; known here: strategy, fallback, grace, settle, stuck_after, reader_wait, overwrite_unknown, plain_text, ca, accept_hosts, limits, secrets, expire_after, mode
    create-secret: rotation-step createSecret of shop/app
    finish-secret: rotation finishSecret of shop/app
    rule: schedule nightshift-rotate-secret
    schedule: schedule nightshift-rotate-secret
    schedule-every-field: schedule nightshift-rotate-secret
    set-secret: rotation-step setSecret of shop/app
    snake-case-step: rotation-step setSecret of shop/app
    test-secret: rotation-step testSecret of shop/app
    tick: tick nightshift-rotate-secret-tick
    "#);
}

#[test]
fn a_payload_shows_every_field() {
    let (_, payload) = events()
        .into_iter()
        .find(|(name, _)| name == "schedule-every-field")
        .unwrap();
    let schema: Value = schemars::schema_for!(Policy).into();
    let fields = |value: &Value| {
        let mut fields: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
        fields.sort();
        fields
    };
    assert_eq!(fields(&payload["policy"]), fields(&schema["properties"]));
    let (_, policy) = read(&payload).unwrap();
    let of_secret = policy.of_secret(NAME, ARN, None).unwrap();
    assert_ne!(of_secret, policy.of_all());
}

#[test]
fn the_schema_is_that_of_the_type() {
    let schema: Value = schemars::schema_for!(Policy).into();
    let written = fs::read_to_string(folder().join("policy.schema.json")).unwrap();
    assert!(written == format!("{schema:#}\n"), "make schemas");
}
