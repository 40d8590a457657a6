//! A writer, a reader, what rings, and sessions of every kind.

use super::*;

pub(super) fn now() -> Timestamp {
    "2026-11-23T03:10:00Z".parse().unwrap()
}

pub(super) fn policy(remedies: &Value) -> Policy {
    let policy = json!({
        "cluster": "orders",
        "database": {"secret": "orders/watch"},
        "remedies": remedies,
    });
    handler::policy::parse(&policy).unwrap()
}

pub(super) fn all() -> Policy {
    policy(&json!({
        "secret": "orders/end",
        "idle_transactions": {"longer_than": "5m", "only": {"users": ["app*"]}},
        "long_statements": {"longer_than": "10m", "only": {"users": ["*"], "digests": ["SELECT *"]},
            "never": {"schemas": ["books"], "users": ["batch"]}},
        "idle_sessions": {"longer_than": "10m", "only": {"users": ["*"]}},
        "add_reader": {},
    }))
}

pub(super) fn session(id: u64, user: &str) -> Session {
    Session {
        id,
        thread: id + 1000,
        user: Some(user.into()),
        host: Some("10.0.0.7".into()),
        schema: Some("shop".into()),
        command: "Sleep".into(),
        seconds: 3600,
        statement: Some(Statement::default()),
        ..Session::default()
    }
}

pub(super) fn in_transaction(session: Session) -> Session {
    let transaction = Transaction {
        id: 7,
        seconds: 4000,
        modified: 12,
        ..Transaction::default()
    };
    Session {
        transaction: Some(transaction),
        ..session
    }
}

pub(super) fn runs(session: Session, digest: &str) -> Session {
    let statement = Statement {
        event: 5,
        digest: Some(digest.into()),
        seconds: 3600.0,
        examined: 9,
    };
    Session {
        command: "Query".into(),
        statement: Some(statement),
        ..session
    }
}

pub(super) fn seen(sessions: Vec<Session>) -> Observation {
    let cluster = ClusterEndpoints {
        id: "orders".into(),
        arn: "arn:aws:rds:eu-central-1:123456789012:cluster:orders".into(),
        engine: "aurora-mysql".into(),
        version: String::new(),
        status: ClusterStatus::Available,
        writer: None,
        reader: None,
        custom: vec![],
        port: None,
        members: vec![],
        master: Some("admin".into()),
        tags: Tags::default(),
    };
    let look = Look {
        max_connections: 10,
        sessions,
        ..Look::default()
    };
    let server = Seen {
        instance: "orders-1".into(),
        writer: true,
        look: Ok(look),
    };
    let ringing = Ringing {
        name: "orders-cpu".into(),
        trouble: Trouble::Cpu,
        little: false,
        instance: Some("orders-1".into()),
        since: "2026-11-23T03:00:00Z".parse().unwrap(),
        reason: "over 80 %".into(),
        description: None,
        metrics: vec![],
        threshold: None,
        children: vec![],
    };
    Observation {
        cluster,
        instances: vec![],
        ringing: vec![ringing],
        silent: vec![],
        charts: vec![],
        servers: vec![server],
        events: vec![],
        own_users: vec!["watch".into()],
    }
}

pub(super) fn lines(policy: &Policy, seen: &Observation) -> String {
    let plan = plan(policy, seen, now(), now()).plan;
    let line = |it: &Decision<Remedy>| {
        let word = match &it.choice {
            Choice::Act(Remedy::End(victim)) if victim.ending == Ending::Statement => {
                "END STATEMENT"
            }
            Choice::Act(Remedy::End(_)) => "END",
            Choice::Act(Remedy::AskForReader) => "ASK",
            Choice::Keep => "keep",
            Choice::Leave => "leave",
            Choice::Wait => "wait",
            Choice::Alert => "alert",
        };
        format!("{word} {}: {}", it.subject, it.reason)
    };
    let lines: Vec<_> = plan.decisions.iter().map(line).collect();
    lines.join("\n")
}
