//! Which steps may be taken.

use std::collections::BTreeMap;

use aurora_model::Tags;

use super::*;

fn secret(versions: &[(&str, &[&str])]) -> Described {
    let stages = |stages: &[&str]| stages.iter().map(|stage| (*stage).to_owned()).collect();
    let versions: BTreeMap<_, _> = versions
        .iter()
        .map(|(id, labels)| ((*id).to_owned(), stages(labels)))
        .collect();
    Described {
        arn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:app-login-AbCdEf".into(),
        name: "app-login".into(),
        rotation_enabled: Some(true),
        rotation_lambda: None,
        rotation_rules: None,
        owning_service: None,
        tags: Tags::default(),
        versions,
        created: None,
        changed: None,
        last_rotated: None,
        next_rotation: None,
        deleted: None,
    }
}

/// What `check` says of rotating to version `new`.
fn said(secret: &Described) -> String {
    match check(secret, "new") {
        Ok(()) => "goes on".into(),
        Err(Halt::Keep(reason) | Halt::Rotated(reason)) => format!("keep: {reason}"),
        Err(Halt::Wait(reason)) => format!("wait: {reason}"),
        Err(Halt::Alert(reason)) => format!("alert: {reason}"),
        Err(Halt::Error(error)) => format!("error: {error}"),
    }
}

const ROTATING: &[(&str, &[&str])] = &[("old", &["AWSCURRENT"]), ("new", &["AWSPENDING"])];

#[test]
fn a_pending_version_goes_on() {
    assert_eq!(said(&secret(ROTATING)), "goes on");
    let never_set_up = Described {
        rotation_enabled: None,
        ..secret(ROTATING)
    };
    assert_eq!(said(&never_set_up), "goes on", "as AWS's functions have it");
}

#[test]
fn a_version_that_is_current_already_is_left_as_it_is() {
    let done = secret(&[
        ("old", &["AWSPREVIOUS"]),
        ("new", &["AWSCURRENT", "AWSPENDING"]),
    ]);
    assert_eq!(
        said(&done),
        "keep: version new is AWSCURRENT already: this rotation has succeeded"
    );
}

/// A late repetition of finishSecret must not take the label back from what a person has put.
#[test]
fn a_version_that_another_has_replaced_is_not_made_current_again() {
    let replaced = secret(&[
        ("by hand", &["AWSCURRENT"]),
        ("new", &["AWSPREVIOUS", "AWSPENDING"]),
    ]);
    assert_eq!(
        said(&replaced),
        "keep: version new was AWSCURRENT already, and another one has replaced it: this rotation is over"
    );
}

#[test]
fn what_is_not_being_rotated_needs_a_person() {
    let off = Described {
        rotation_enabled: Some(false),
        ..secret(ROTATING)
    };
    assert_eq!(
        said(&off),
        "alert: rotation of app-login is not enabled: enable it, or do not call this function for it."
    );
    let gone = secret(&[("old", &["AWSCURRENT"])]);
    assert_eq!(
        said(&gone),
        "alert: new is not a version of app-login that carries a label: the rotation it belongs to is over. Begin a new one."
    );
    let superseded = secret(&[
        ("old", &["AWSCURRENT"]),
        ("new", &["mine"]),
        ("newer", &["AWSPENDING"]),
    ]);
    assert_eq!(
        said(&superseded),
        "alert: version new of app-login is not AWSPENDING (newer is): this rotation was given up. Begin a new one."
    );
    let managed = Described {
        owning_service: Some("rds".into()),
        ..secret(ROTATING)
    };
    assert_eq!(
        said(&managed),
        "alert: app-login belongs to the service rds, which rotates it itself: take this function off its rotation."
    );
    let deleted = Described {
        deleted: "2026-11-21T02:00:00Z".parse().ok(),
        ..secret(ROTATING)
    };
    assert_eq!(
        said(&deleted),
        "alert: app-login was marked for deletion at 2026-11-21T02:00:00Z: restore it, or cancel its rotation."
    );
}
