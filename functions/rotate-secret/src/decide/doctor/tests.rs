use insta::assert_snapshot;

use super::{
    super::testing::{account, seen as letters},
    *,
};

const NOW: &str = "2026-11-21T12:00:00Z";

fn ago(hours: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap() - jiff::SignedDuration::from_hours(hours)
}

fn version(id: &str, hours: i64) -> Version {
    Version {
        id: id.into(),
        created: ago(hours),
    }
}

/// What the letters log in with; the others are refused.
fn at(name: &str, opens: &str) -> Instance {
    let door = |letter| {
        if opens.contains(letter) {
            Door::Opens
        } else {
            Door::Shut
        }
    };
    Instance {
        name: name.into(),
        writer: name == "writer",
        current: door('c'),
        pending: door('p'),
        previous: door('q'),
    }
}

/// Rotated two days ago, discarded since.
fn healthy() -> Observation {
    Observation {
        name: "shop/app".into(),
        user: "app".into(),
        strategy: Strategy::DualPassword,
        rotation_enabled: true,
        interval: Some(Span::hours(24 * 30)),
        next: Some(ago(-24 * 28)),
        current: Some(version("v2", 48)),
        pending: Some(version("v2", 48)),
        previous: Some(version("v1", 24 * 32)),
        moved: Some(ago(48)),
        host: "shop.cluster-x.rds.amazonaws.com".into(),
        host_in_cluster: true,
        instances: vec![at("writer", "c"), at("reader-1", "c")],
        accounts: Some(vec![letters("c-")]),
        rights_missing: vec![],
    }
}

fn rules() -> Rules {
    Rules {
        now: ago(0),
        grace: Span::hours(24),
        stuck_after: Span::hours(2),
        overwrite_unknown: false,
    }
}

fn given_up(hours: i64, instances: [&str; 2]) -> Observation {
    let [writer, reader] = instances;
    Observation {
        pending: Some(version("v3", hours)),
        instances: vec![at("writer", writer), at("reader-1", reader)],
        ..healthy()
    }
}

fn told(seen: &Observation) -> String {
    let line = |Finding {
                    state,
                    sentence,
                    remedy,
                }: &Finding| match remedy {
        Remedy::Repair(repair) => format!("{state}: {sentence}\n  repair: {repair:?}"),
        Remedy::Person(step) => format!("{state}: {sentence}\n  person: {step}"),
    };
    let findings = examine(seen, &rules());
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_healthy_secret_has_no_finding() {
    assert_snapshot!(told(&healthy()), @"");
}

#[test]
fn a_host_outside_the_cluster_is_a_persons_matter() {
    let seen = Observation {
        host: "elsewhere".into(),
        host_in_cluster: false,
        instances: vec![],
        accounts: None,
        ..healthy()
    };
    assert_snapshot!(told(&seen), @"
    host-not-in-cluster: its host elsewhere is no endpoint of the cluster: no password is sent there
      person: correct the secret's host, or name it in the policy's accept_hosts
    ");
}

#[test]
fn a_pending_version_is_given_up_where_the_current_one_logs_in() {
    assert_snapshot!(told(&given_up(5, ["c", "c"])), @r#"
    pending-left-over: version v3 has been AWSPENDING for 5h without becoming current, which blocks every later rotation; the current one logs in
      repair: GiveUpPending { version: "v3" }
    "#);
}

#[test]
fn a_rotation_that_may_still_be_going_on_is_left_alone() {
    assert_snapshot!(told(&given_up(1, ["cp", "c"])), @"");
}

#[test]
fn a_pending_version_is_not_given_up_while_the_current_one_is_shut_out_or_unseen() {
    let unseen = Observation {
        instances: vec![],
        ..given_up(5, ["", ""])
    };
    for seen in [unseen, given_up(5, ["c", ""]), given_up(5, ["p", "c"])] {
        let findings = examine(&seen, &rules());
        let left = findings
            .iter()
            .find(|one| one.state == State::PendingLeftOver)
            .unwrap();
        assert!(matches!(left.remedy, Remedy::Person(_)), "{left:?}");
    }
}

#[test]
fn aws_current_moves_to_the_version_that_alone_logs_in_everywhere() {
    let unseen = |hours| Observation {
        accounts: None,
        ..given_up(hours, ["p", "p"])
    };
    assert_snapshot!(told(&unseen(5)), @r#"
    database-ahead: the current version v2 logs in on no instance, the pending version v3 of 2026-11-21 07:00 UTC on every one
      repair: MoveCurrent { from: "v2", to: "v3" }
    "#);
    assert_snapshot!(told(&unseen(1)), @"
    database-ahead: the current version v2 logs in on no instance, the pending version v3 of 2026-11-21 11:00 UTC on every one
      person: none yet: the rotation may still be going on; from 2026-11-21 13:00 UTC on the doctor moves AWSCURRENT
    ");
}

#[test]
fn aws_current_moves_back_where_only_the_previous_version_logs_in() {
    let seen = Observation {
        instances: vec![at("writer", "q"), at("reader-1", "q")],
        accounts: Some(vec![letters("q-")]),
        ..healthy()
    };
    assert_snapshot!(told(&seen), @r#"
    database-ahead: the current version v2 logs in on no instance, the previous version v1 of 2026-10-20 12:00 UTC on every one
      repair: MoveCurrent { from: "v2", to: "v1" }
    "#);
    let just_moved = Observation {
        moved: Some(ago(1)),
        ..seen
    };
    assert!(told(&just_moved).contains("none yet"));
}

/// A login shows one account; a superuser sees that another has the current password still.
#[test]
fn aws_current_never_moves_away_from_what_some_account_has() {
    let split = Observation {
        instances: vec![at("writer", "q"), at("reader-1", "q")],
        accounts: Some(vec![letters("q-"), letters("c-")]),
        ..healthy()
    };
    assert_snapshot!(told(&split), @"
    database-ahead: the current version v2 logs in on no instance, the previous version v1 of 2026-10-20 12:00 UTC on every one
      person: see which accounts have which password (two users that alternate may not have the same rights yet, and one user's accounts may differ), set the one that applications need, and put it into the secret with put-secret-value
    ");
}

#[test]
fn aws_current_never_moves_unless_every_instance_agrees() {
    let unreached = Door::Unknown("the reader was not reached".into());
    let unknown = |change: fn(&mut Instance) -> &mut Door| {
        let mut seen = given_up(5, ["p", "p"]);
        *change(&mut seen.instances[1]) = unreached.clone();
        seen
    };
    let superuser = Observation {
        strategy: Strategy::Superuser,
        ..given_up(5, ["p", "p"])
    };
    for seen in [
        given_up(5, ["p", "cp"]),
        given_up(5, ["p", ""]),
        unknown(|one| &mut one.current),
        unknown(|one| &mut one.pending),
        superuser,
    ] {
        let findings = examine(&seen, &rules());
        let moved =
            |one: &Finding| matches!(one.remedy, Remedy::Repair(Repair::MoveCurrent { .. }));
        assert!(!findings.iter().any(moved), "{findings:?}");
    }
}

#[test]
fn a_shut_door_is_told_with_the_instance() {
    let seen = Observation {
        instances: vec![at("writer", "c"), at("reader-1", "q")],
        ..healthy()
    };
    assert_snapshot!(told(&seen), @"
    current-shut: its current credential, user app, does not log in on reader-1
      person: look at the replication of these instances: the writer takes this password, they do not
    ");
    let seen = Observation {
        instances: vec![at("writer", ""), at("reader-1", "")],
        ..healthy()
    };
    assert_snapshot!(told(&seen), @"
    current-shut: its current credential, user app, does not log in on writer, reader-1
      person: find out what the password is now, and put it into the secret with put-secret-value; or rotate the secret with a masterarn
    ");
    let seen = Observation {
        current: None,
        pending: None,
        ..healthy()
    };
    assert!(told(&seen).contains("current-shut: no version of it is AWSCURRENT"));
}

#[test]
fn a_rotation_that_did_not_come_is_overdue() {
    let seen = Observation {
        next: Some(ago(3)),
        ..healthy()
    };
    assert_snapshot!(told(&seen), @"
    overdue: it was to be rotated by 2026-11-21 09:00 UTC, 3h ago; it was rotated last at 2026-11-19 12:00 UTC
      person: look into the log of the last attempt, then rotate-secret
    ");
    let by_interval = Observation {
        next: None,
        interval: Some(Span::hours(40)),
        ..healthy()
    };
    assert!(
        told(&by_interval)
            .contains("overdue: it was to be rotated by 2026-11-21 04:00 UTC, 8h ago")
    );
    for fine in [
        Observation {
            rotation_enabled: false,
            ..seen.clone()
        },
        Observation {
            strategy: Strategy::Superuser,
            ..seen.clone()
        },
        Observation {
            next: None,
            interval: None,
            ..seen
        },
    ] {
        assert_eq!(told(&fine), "");
    }
}

#[test]
fn an_old_password_past_its_grace_is_discarded() {
    let here = |host, passwords| Seen {
        account: account("app", host),
        ..letters(passwords)
    };
    let accounts = Some(vec![
        here("b", "qc"),
        here("a", "cq"),
        here("c", "c-"),
        here("d", "c?"),
    ]);
    assert_snapshot!(told(&Observation { accounts, ..healthy() }), @r#"
    old-past-grace: AWSCURRENT moved 2d ago, the grace of 24h is over, and an old password still opens the door
      repair: Discard { accounts: [Account { user: "app", host: "a" }], reassert: [Account { user: "app", host: "b" }] }
    "#);
}

#[test]
fn a_user_alone_discards_what_logs_in_on_the_writer() {
    let both = |moved| Observation {
        moved: Some(ago(moved)),
        accounts: None,
        instances: vec![at("writer", "cq"), at("reader-1", "cq")],
        ..healthy()
    };
    assert_snapshot!(told(&both(48)), @"
    old-past-grace: AWSCURRENT moved 2d ago, the grace of 24h is over, and an old password still opens the door
      repair: DiscardOwn
    ");
    assert_eq!(told(&both(23)), "", "within its grace");
    let alternating = Observation {
        strategy: Strategy::AlternatingUsers,
        ..both(48)
    };
    assert_eq!(
        told(&alternating),
        "",
        "the previous version is the other user's"
    );
}

#[test]
fn missing_rights_are_named() {
    let seen = Observation {
        rights_missing: vec!["APPLICATION_PASSWORD_ADMIN".into()],
        ..healthy()
    };
    assert_snapshot!(told(&seen), @"
    rights-missing: the next rotation would fail: APPLICATION_PASSWORD_ADMIN missing
      person: grant APPLICATION_PASSWORD_ADMIN to the user that changes the password, or name another secret in masterarn
    ");
}

#[test]
fn every_state_has_the_name_that_reports_know() {
    use State::{
        CurrentShut, DatabaseAhead, HostNotInCluster, OldPastGrace, Overdue, PendingLeftOver,
        RightsMissing,
    };
    let names = [
        HostNotInCluster,
        CurrentShut,
        DatabaseAhead,
        PendingLeftOver,
        Overdue,
        OldPastGrace,
        RightsMissing,
    ];
    assert_snapshot!(names.map(State::name).join(" "), @"host-not-in-cluster current-shut database-ahead pending-left-over overdue old-past-grace rights-missing");
}
