mod scene;
mod told;

use aurora_model::{ClusterEndpoints, ClusterStatus, Outcome, Tags, tags};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    database::{
        Ending,
        look::{Look, Session, Statement, Transaction, Wait},
    },
    observation::Seen,
    remedy::Victim,
    trouble::Trouble,
};

use scene::*;

#[test]
fn each_rule_ends_what_it_is_about_and_nobody_else() {
    let seen = seen(vec![
        in_transaction(session(1, "app")),
        in_transaction(session(2, "report")),
        in_transaction(Session {
            seconds: 299,
            ..session(3, "app")
        }),
        session(4, "app"),
        runs(session(5, "app"), "SELECT * FROM `orders`"),
        runs(session(6, "app"), "DELETE FROM `orders`"),
        runs(session(7, "batch"), "SELECT ?"),
        runs(
            Session {
                schema: Some("books".into()),
                ..session(8, "app")
            },
            "SELECT ?",
        ),
        Session {
            command: "Query".into(),
            statement: None,
            ..session(9, "app")
        },
        in_transaction(Session {
            statement: None,
            ..session(10, "app")
        }),
    ]);
    insta::assert_snapshot!(lines(&all(), &seen), @"
        alert orders-cpu: rings since 2026-11-23 03:00 UTC: over 80 %
        leave connection 2 of report on orders-1: sleeps for 1h in a transaction that has changed 12 rows; left alone: policy.remedies.idle_transactions.only.users does not name it
        leave connection 6 of app on orders-1: executes for 1h: DELETE FROM `orders`; left alone: policy.remedies.long_statements.only.digests does not name it
        leave connection 7 of batch on orders-1: executes for 1h: SELECT ?; left alone: policy.remedies.long_statements.never.users names it
        leave connection 8 of app on orders-1: executes for 1h: SELECT ?; left alone: policy.remedies.long_statements.never.schemas names it
        leave connection 9 of app on orders-1: executes for 1h: a statement that is not known; left alone: policy.remedies.long_statements.only.digests does not name it
        END connection 1 of app on orders-1: sleeps for 1h in a transaction that has changed 12 rows; policy.remedies.idle_transactions ends what is over 5m
        END connection 4 of app on orders-1: sleeps for 1h; policy.remedies.idle_sessions ends what is over 10m
        END STATEMENT connection 5 of app on orders-1: executes for 1h: SELECT * FROM `orders`; policy.remedies.long_statements ends what is over 10m
        ASK orders: orders-cpu rings for CPU; whether one comes, and when, scale-readers decides
        ");
}

#[test]
fn nobody_protected_is_ended_whatever_the_policy_says() {
    let everybody = policy(&json!({
        "secret": "orders/end", "max_kills": 50,
        "idle_transactions": {"longer_than": "10s", "only": {"users": ["*"]}},
        "long_statements": {"longer_than": "10s", "only": {"users": ["*"]}},
    }));
    let nightshift = Session {
        program: Some("nightshift".into()),
        ..session(5, "jobs")
    };
    let server = Session {
        user: None,
        ..session(6, "")
    };
    let dump = Session {
        command: "Binlog Dump GTID".into(),
        ..session(7, "replica")
    };
    let applier = Session {
        command: "Connect".into(),
        ..session(8, "replica")
    };
    let seen = seen(vec![
        in_transaction(session(1, "Admin")),
        in_transaction(session(2, "rdsadmin")),
        in_transaction(session(3, "mysql.session")),
        in_transaction(session(4, "watch")),
        in_transaction(nightshift),
        in_transaction(server),
        dump,
        in_transaction(applier),
        runs(session(9, "event_scheduler"), "SELECT ?"),
        in_transaction(session(10, "app")),
    ]);
    insta::assert_snapshot!(lines(&everybody, &seen), @"
        alert orders-cpu: rings since 2026-11-23 03:00 UTC: over 80 %
        leave connection 1 of Admin on orders-1: sleeps for 1h in a transaction that has changed 12 rows; left alone: Admin is the master user
        leave connection 2 of rdsadmin on orders-1: sleeps for 1h in a transaction that has changed 12 rows; left alone: rdsadmin is a user of the system
        leave connection 3 of mysql.session on orders-1: sleeps for 1h in a transaction that has changed 12 rows; left alone: mysql.session is a user of the system
        leave connection 4 of watch on orders-1: sleeps for 1h in a transaction that has changed 12 rows; left alone: it is Nightshift's own
        leave connection 5 of jobs on orders-1: sleeps for 1h in a transaction that has changed 12 rows; left alone: it is Nightshift's own
        leave connection 6 of the server on orders-1: sleeps for 1h in a transaction that has changed 12 rows; left alone: it has no user: it is a thread of the server, or nobody knows whose
        leave connection 9 of event_scheduler on orders-1: executes for 1h: SELECT ?; left alone: event_scheduler is a user of the system
        END connection 10 of app on orders-1: sleeps for 1h in a transaction that has changed 12 rows; policy.remedies.idle_transactions ends what is over 10s
        ");
}

#[test]
fn those_that_block_the_most_come_first_and_no_more_than_max_kills() {
    let mut policy = all();
    policy.remedies.max_kills.0 = 2;
    let mut seen = seen(vec![
        in_transaction(session(1, "app")),
        in_transaction(Session {
            seconds: 9000,
            ..session(2, "app")
        }),
        in_transaction(session(3, "app")),
    ]);
    let waits = |waiter, holder| Wait {
        waiter,
        holder,
        seconds: Some(5),
        object: "shop.orders".into(),
        mode: "X".into(),
        metadata: false,
    };
    seen.servers[0].look.as_mut().unwrap().waits = vec![waits(1, 1003), waits(2, 1003)];
    insta::assert_snapshot!(lines(&policy, &seen), @"
        alert orders-cpu: rings since 2026-11-23 03:00 UTC: over 80 %
        END connection 3 of app on orders-1: sleeps for 1h in a transaction that has changed 12 rows; 2 wait for it; policy.remedies.idle_transactions ends what is over 5m
        END connection 2 of app on orders-1: sleeps for 2h 30m in a transaction that has changed 12 rows; policy.remedies.idle_transactions ends what is over 5m
        wait connection 1 of app on orders-1: sleeps for 1h in a transaction that has changed 12 rows; policy.remedies.idle_transactions ends what is over 5m; policy.remedies.max_kills allows 2 in a run
        ASK orders: orders-cpu rings for CPU; whether one comes, and when, scale-readers decides
        ");
}

#[test]
fn within_the_cooldown_nothing_is_ended_and_no_reader_is_asked_for_twice() {
    let mut seen = seen(vec![in_transaction(session(1, "app"))]);
    seen.cluster
        .tags
        .set(tags::REMEDIED, "2026-11-23T03:06:00Z");
    seen.cluster
        .tags
        .set(tags::READER_ASKED, "2026-11-23T03:06:00Z");
    insta::assert_snapshot!(lines(&all(), &seen), @"
        alert orders-cpu: rings since 2026-11-23 03:00 UTC: over 80 %
        wait connection 1 of app on orders-1: sleeps for 1h in a transaction that has changed 12 rows; policy.remedies.idle_transactions ends what is over 5m; not before 2026-11-23 03:11 UTC, policy.remedies.cooldown after the last
        keep orders: scale-readers was asked for a reader at 2026-11-23 03:06 UTC
        ");
}

#[test]
fn without_remedies_nothing_is_done() {
    let policy = policy(&json!({}));
    let seen = seen(vec![in_transaction(session(1, "app"))]);
    insta::assert_snapshot!(lines(&policy, &seen), @"alert orders-cpu: rings since 2026-11-23 03:00 UTC: over 80 %");
}

#[test]
fn a_rule_for_other_troubles_does_not_hold() {
    let policy = policy(&json!({
        "secret": "orders/end",
        "idle_transactions": {"longer_than": "5m", "on": ["history-list"], "only": {"users": ["*"]}},
        "add_reader": {"on": ["connections"]},
    }));
    let seen = seen(vec![in_transaction(session(1, "app"))]);
    insta::assert_snapshot!(lines(&policy, &seen), @"alert orders-cpu: rings since 2026-11-23 03:00 UTC: over 80 %");
}

/// The table of what a second look may show.
#[test]
fn only_the_same_connection_and_statement_still_over_the_limit_is_ended() {
    let sleeper = in_transaction(session(1, "app"));
    let runner = runs(session(2, "app"), "SELECT ?");
    let seen = seen(vec![sleeper.clone(), runner.clone()]);
    let victims: Vec<Victim> = plan(&all(), &seen, now(), now())
        .plan
        .actions()
        .filter_map(|(_, remedy)| match remedy {
            Remedy::End(victim) => Some(victim.clone()),
            Remedy::AskForReader => None,
        })
        .collect();
    let [sleeps, executes] = &victims[..] else {
        panic!("{victims:?}")
    };
    let said = |victim: &Victim, now: Option<&Session>| match victim.still(now) {
        Ok(()) => "ended".into(),
        Err(spared) => spared.to_string(),
    };
    let other_thread = Session {
        thread: 9,
        ..sleeper.clone()
    };
    let other_user = Session {
        user: Some("boss".into()),
        ..sleeper.clone()
    };
    let committed = Session {
        transaction: None,
        ..sleeper.clone()
    };
    let awake = Session {
        command: "Query".into(),
        ..sleeper.clone()
    };
    let young = Session {
        seconds: 1,
        ..sleeper.clone()
    };
    let restarted = Session {
        started: 11,
        ..sleeper.clone()
    };
    assert_eq!(
        said(sleeps, Some(&restarted)),
        "the connection has ended by itself"
    );
    assert_eq!(said(sleeps, Some(&sleeper)), "ended");
    assert_eq!(said(sleeps, None), "the connection has ended by itself");
    assert_eq!(
        said(sleeps, Some(&other_thread)),
        "the connection has ended by itself"
    );
    assert_eq!(
        said(sleeps, Some(&other_user)),
        "the connection has ended by itself"
    );
    assert_eq!(said(sleeps, Some(&committed)), "it has gone on by itself");
    assert_eq!(said(sleeps, Some(&awake)), "it has gone on by itself");
    assert_eq!(said(sleeps, Some(&young)), "it has gone on by itself");
    let mut next = runner.clone();
    next.statement.as_mut().unwrap().event = 6;
    let idle = Session {
        command: "Sleep".into(),
        ..runner.clone()
    };
    let mut fresh = runner.clone();
    fresh.statement.as_mut().unwrap().seconds = 1.0;
    assert_eq!(said(executes, Some(&runner)), "ended");
    assert_eq!(
        said(executes, Some(&next)),
        "the statement has ended by itself"
    );
    assert_eq!(
        said(executes, Some(&idle)),
        "the statement has ended by itself"
    );
    assert_eq!(said(executes, Some(&fresh)), "it has gone on by itself");
}

fn any_session() -> impl Strategy<Value = Session> {
    let user = proptest::option::of(prop_oneof![
        Just("app".to_owned()),
        Just("ADMIN".to_owned()),
        Just("watch".to_owned()),
        Just("rdsadmin".to_owned()),
        Just("batch".to_owned()),
        "[a-z.*]{0,6}",
    ]);
    let command = prop_oneof![
        Just("Sleep"),
        Just("Query"),
        Just("Execute"),
        Just("Binlog Dump"),
        Just("Connect"),
        Just("Daemon")
    ];
    let program = proptest::option::of(prop_oneof![
        Just("nightshift".to_owned()),
        Just("php".to_owned())
    ]);
    let digest = proptest::option::of(prop_oneof![Just("SELECT ?"), Just("DELETE FROM `t`")]);
    (
        1_u64..50,
        user,
        command,
        0_u64..5000,
        program,
        digest,
        any::<bool>(),
        proptest::option::of("[a-z]{1,5}"),
    )
        .prop_map(
            |(id, user, command, seconds, program, digest, open, schema)| {
                let session = Session {
                    user,
                    command: command.into(),
                    seconds,
                    program,
                    schema,
                    ..session(id, "")
                };
                let session = if open {
                    in_transaction(session)
                } else {
                    session
                };
                match digest {
                    Some(digest) => {
                        let command = session.command.clone();
                        Session {
                            command,
                            ..runs(session, digest)
                        }
                    }
                    None => session,
                }
            },
        )
}

proptest! {
    #[test]
    fn no_plan_ends_a_bystander(sessions in proptest::collection::vec(any_session(), 0..30), most in 1_u8..9, hot: bool) {
        let mut policy = all();
        policy.remedies.max_kills.0 = most;
        let mut seen = seen(sessions.clone());
        if hot {
            seen.cluster.tags.set(tags::REMEDIED, "2026-11-23T03:09:00Z");
        }
        let plan = plan(&policy, &seen, now(), now()).plan;
        let victims: Vec<&Victim> = plan.actions().filter_map(|(_, remedy)| match remedy {
            Remedy::End(victim) => Some(victim),
            Remedy::AskForReader => None,
        }).collect();
        prop_assert!(victims.len() <= usize::from(most));
        prop_assert!(!hot || victims.is_empty());
        for victim in victims {
            // Said anew, and without the rules' own code.
            let meant = sessions.iter().filter(|it| it.id == victim.id && it.thread == victim.thread).any(|it| {
                let user = it.user.as_deref().unwrap_or("");
                let known = !["", "ADMIN", "watch", "rdsadmin"].contains(&user) && !user.starts_with("mysql.");
                let sleeps = it.command == "Sleep" && it.seconds >= 300 && it.transaction.is_some() && user.starts_with("app");
                let idle = it.command == "Sleep" && it.seconds >= 600 && it.transaction.is_none();
                let digest = it.statement.as_ref().and_then(|it| it.digest.as_deref());
                let executes = ["Query", "Execute"].contains(&&*it.command) && it.seconds >= 600
                    && digest == Some("SELECT ?") && user != "batch" && it.schema.as_deref() != Some("books");
                known && it.program.as_deref() != Some("nightshift") && (sleeps || idle || executes)
            });
            prop_assert!(meant, "{victim:?}");
        }
    }

    #[test]
    fn the_order_of_what_is_seen_is_irrelevant(sessions in proptest::collection::vec(any_session(), 0..12), shift in 0_usize..12) {
        let mut unique = sessions;
        unique.sort_by_key(|it| it.id);
        unique.dedup_by_key(|it| it.id);
        let mut shifted = unique.clone();
        if !shifted.is_empty() {
            let by = shift % shifted.len();
            shifted.rotate_left(by);
        }
        let ends = |sessions| {
            let plan = plan(&all(), &seen(sessions), now(), now()).plan;
            let mut lines: Vec<_> = plan.decisions.into_iter().map(|it| format!("{it:?}")).collect();
            lines.sort();
            lines
        };
        prop_assert_eq!(ends(unique), ends(shifted));
    }
}

#[test]
fn a_headline_counts_what_was_ended() {
    let seen = seen(vec![in_transaction(session(1, "app"))]);
    let plan = plan(&all(), &seen, now(), now()).plan;
    let trigger = aurora_model::report::TriggerRef {
        kind: "alarm",
        id: String::new(),
        time: now(),
    };
    let outcomes = vec![Outcome::Done, Outcome::Done];
    let report = aurora_model::Report::new("remedy-alarm", "apply", trigger, plan, outcomes);
    insta::assert_snapshot!(report.headline, @"orders: asked for a reader of 1, ended 1, orders-cpu needs a person");
}
