//! The JSON of a database secret.

use proptest::prelude::*;
use serde_json::Value;

use crate::{Credential, CredentialError, Secret};

fn parse(text: &str) -> Result<Credential, CredentialError> {
    Credential::parse(&Secret::new(text))
}

fn wrong(text: &str) -> String {
    parse(text).err().unwrap().to_string()
}

/// A secret with `fields` beside those it must have.
fn with(fields: &str) -> String {
    format!(
        r#"{{"engine":"mysql","host":"db.example.com","username":"app","password":"old"{fields}}}"#
    )
}

#[test]
fn a_secret_with_all_fields_is_read() {
    let text = with(
        r#","port":3307,"dbname":"shop","masterarn":"arn:master","dbClusterIdentifier":"orders""#,
    );
    let credential = parse(&text).unwrap();
    assert_eq!(credential.engine(), "mysql");
    assert_eq!(credential.host(), "db.example.com");
    assert_eq!(credential.port(), 3307);
    assert_eq!(credential.username(), "app");
    assert_eq!(credential.password().expose(), "old");
    assert_eq!(credential.dbname(), Some("shop"));
    assert_eq!(credential.masterarn(), Some("arn:master"));
    assert_eq!(credential.db_cluster_identifier(), Some("orders"));
}

#[test]
fn what_a_secret_may_lack_has_a_default() {
    for fields in [
        "",
        r#","port":null,"dbname":null,"masterarn":"","dbClusterIdentifier":"""#,
    ] {
        let credential = parse(&with(fields)).unwrap();
        assert_eq!(credential.port(), 3306);
        assert_eq!(credential.dbname(), None);
        assert_eq!(credential.masterarn(), None);
        assert_eq!(credential.db_cluster_identifier(), None);
    }
}

#[test]
fn each_engine_of_mysqls_is_taken() {
    for engine in ["mysql", "aurora-mysql", "aurora"] {
        let text = with("").replace("mysql", engine);
        assert_eq!(parse(&text).unwrap().engine(), engine);
    }
}

#[test]
fn a_port_is_a_number_or_the_text_of_one() {
    for (port, number) in [
        ("3307", 3307),
        (r#""3307""#, 3307),
        (r#"" 3307 ""#, 3307),
        ("1", 1),
        ("65535", 65535),
    ] {
        let text = with(&format!(r#","port":{port}"#));
        assert_eq!(parse(&text).unwrap().port(), number, "{port}");
    }
    for port in [
        "0", "65536", "-1", "3306.5", r#""""#, r#""db""#, "[3306]", "true",
    ] {
        let text = with(&format!(r#","port":{port}"#));
        assert_eq!(parse(&text).err(), Some(CredentialError::Port), "{port}");
    }
}

/// As in AWS's functions, where it is a field of its own.
#[test]
fn a_field_in_another_case_is_another_field() {
    let credential = parse(&with(r#","Password":"x","PORT":1"#)).unwrap();
    assert_eq!(credential.password().expose(), "old");
    assert_eq!(credential.port(), 3306);
}

#[test]
fn an_error_names_the_field_and_the_remedy() {
    let plain = with("");
    insta::assert_snapshot!(wrong("old"), @r#"the secret is not a JSON object; store it as {"engine": "mysql", "host": …, "username": …, "password": …}"#);
    insta::assert_snapshot!(wrong(&plain.replace("\"host\"", "\"hots\"")), @r#"the secret has no "host"; add it to the secret's JSON"#);
    insta::assert_snapshot!(wrong(&plain.replace("\"app\"", "null")), @r#"the secret has no "username"; add it to the secret's JSON"#);
    insta::assert_snapshot!(wrong(&plain.replace("\"old\"", "\"\"")), @r#"the secret's "password" is empty; fill it in the secret's JSON"#);
    insta::assert_snapshot!(wrong(&plain.replace("\"old\"", "123")), @r#"the secret's "password" is not a text; put it in quotes in the secret's JSON"#);
    insta::assert_snapshot!(wrong(&with(r#","password":"new""#)), @r#"the secret has "password" more than once; leave one of them in the secret's JSON"#);
    insta::assert_snapshot!(wrong(&with(r#","dbname":7"#)), @r#"the secret's "dbname" is not a text; put it in quotes in the secret's JSON"#);
    insta::assert_snapshot!(wrong(&with(r#","port":0"#)), @r#"the secret's "port" is not a number from 1 to 65535; correct it, or leave it out for 3306"#);
    insta::assert_snapshot!(wrong(&plain.replace("mysql", "postgres")), @r#"the secret's "engine" is postgres; only "mysql", "aurora-mysql" and "aurora" can be rotated here"#);
    insta::assert_snapshot!(wrong(&plain.replace("mysql", "sesame")), @r#"the secret's "engine" is none that is known; only "mysql", "aurora-mysql" and "aurora" can be rotated here"#);
}

/// Whatever is wrong with a secret, and wherever the password was put by mistake.
#[test]
fn no_error_shows_a_value() {
    let texts = [
        "sesame",
        r#""sesame""#,
        r#"["sesame"]"#,
        r#"{"password":"sesame""#,
        r#"{"password":sesame}"#,
        r#"{"sesame":1}"#,
        r#"{"engine":"sesame"}"#,
        r#"{"engine":"mysql","host":["sesame"]}"#,
        r#"{"engine":"mysql","host":"h","port":"sesame","username":"u","password":"p"}"#,
        r#"{"engine":"mysql","host":"h","username":"u","password":{"sesame":"sesame"}}"#,
        r#"{"engine":"mysql","host":"h","username":"u","password":"sesame","password":"sesame"}"#,
    ];
    for text in texts {
        let error = parse(text).err().unwrap();
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("sesame"), "{text}: {shown}");
    }
}

#[test]
fn a_new_password_leaves_everything_else_as_it_is_spelt() {
    let text = "{ \"z\": 1.00,\n  \"password\" : \"old\", \"big\": 123456789012345678901234567890,\
                \"engine\":\"mysql\", \"host\":\"db\", \"list\":[ {\"password\":\"x\"} , null ],\
                \"username\":\"app\", \"\\u0061\": 1e400, \"a\": \"\\u00fc\" }\n";
    let new = parse(text)
        .unwrap()
        .with("app_clone", &Secret::new("n\"e\\w\n\u{1}ü"));
    let expected = text
        .replace("\"old\"", r#""n\"e\\w\u000a\u0001ü""#)
        .replace("\"app\"", "\"app_clone\"");
    assert_eq!(new.expose(), expected);
}

fn json(text: &Secret) -> Value {
    serde_json::from_str(text.expose()).unwrap()
}

proptest! {
    /// Hostile names and passwords among fields in any order.
    #[test]
    fn a_new_password_is_read_back_and_nothing_else_has_changed(
        order in Just(["engine", "host", "username", "password", "port", "extra"]).prop_shuffle(),
        username in "\\PC{1,20}", password in ".{1,60}", before in ".{1,60}", extra in ".{0,20}",
    ) {
        let value = |field| match field {
            "engine" => "aurora-mysql".into(),
            "password" => before.clone(),
            "port" => "3306".into(),
            "extra" => extra.clone(),
            _ => field.to_owned(),
        };
        let fields = order.map(|field| (field.to_owned(), Value::from(value(field))));
        let text = Value::Object(fields.into_iter().collect()).to_string();
        let old = parse(&text).unwrap();
        prop_assert!(old.password().expose() == before);

        let password = Secret::new(password);
        let new = old.with(&username, &password);
        let mut expected: Value = serde_json::from_str(&text).unwrap();
        expected["username"] = username.as_str().into();
        expected["password"] = password.expose().into();
        prop_assert_eq!(json(&new).to_string(), expected.to_string());
        let new = parse(new.expose()).unwrap();
        prop_assert!(new.password().same_as(&password));
        prop_assert_eq!(new.username(), username);
    }
}
