//! Which cluster a secret is for, and who may be sent its password.

use aurora_model::{ClusterStatus, Member};
use handler::policy;
use secrets::Secret;
use serde_json::{Value, json};

use super::*;
use crate::Policy;

fn credential(changes: &Value) -> Credential {
    let mut content = json!({
        "engine": "mysql", "host": "orders.cluster-abc.eu-central-1.rds.amazonaws.com",
        "username": "app", "password": "x",
    });
    let fields = content.as_object_mut().unwrap();
    fields.extend(changes.as_object().unwrap().clone());
    Credential::parse(&Secret::new(content.to_string())).unwrap()
}

fn cluster() -> ClusterEndpoints {
    ClusterEndpoints {
        id: "orders".into(),
        arn: String::new(),
        engine: "aurora-mysql".into(),
        version: String::new(),
        status: ClusterStatus::Available,
        writer: Some("orders.cluster-abc.eu-central-1.rds.amazonaws.com".into()),
        reader: None,
        custom: vec![],
        port: Some(3306),
        members: vec![
            Member {
                id: "orders-1".into(),
                writer: true,
            },
            Member {
                id: "orders-2".into(),
                writer: false,
            },
        ],
        master: None,
        tags: aurora_model::Tags::default(),
    }
}

fn instance(id: &str, status: InstanceStatus) -> Instance {
    let endpoint = Some((format!("{id}.abc.eu-central-1.rds.amazonaws.com"), 3306));
    Instance {
        id: id.into(),
        cluster: "orders".into(),
        status,
        endpoint,
    }
}

fn checked(host: &str, accept_hosts: &[&str]) -> Result<(), String> {
    let policy: Policy = policy::parse(&json!({"accept_hosts": accept_hosts})).unwrap();
    let policy = policy.of_secret("app-login", "arn", None).unwrap();
    let instances = [instance("orders-1", InstanceStatus::Available)];
    check(
        &credential(&json!({"host": host})),
        &cluster(),
        &instances,
        &policy,
    )
    .map_err(|halt| halt.to_string())
}

#[test]
fn the_cluster_is_the_one_the_secret_names_or_else_its_endpoints() {
    assert_eq!(cluster_of(&credential(&json!({}))), Some("orders"));
    let named = credential(&json!({"dbClusterIdentifier": "billing", "host": "db.example.com"}));
    assert_eq!(cluster_of(&named), Some("billing"));
    for host in [
        "db.example.com",
        "orders-1.abc.eu-central-1.rds.amazonaws.com",
        "reports.cluster-custom-abc.eu-central-1.rds.amazonaws.com",
    ] {
        assert_eq!(
            cluster_of(&credential(&json!({"host": host}))),
            None,
            "{host}"
        );
    }
}

#[test]
fn a_password_is_sent_to_the_clusters_own_endpoints_and_accepted_aliases_only() {
    assert_eq!(
        checked("ORDERS.cluster-abc.eu-central-1.rds.amazonaws.com", &[]),
        Ok(())
    );
    assert_eq!(
        checked("orders-1.abc.eu-central-1.rds.amazonaws.com", &[]),
        Ok(())
    );
    assert_eq!(checked("db.example.com", &["DB.example.com"]), Ok(()));
    let said = checked("evil.example.com", &["db.example.com"]).unwrap_err();
    assert_eq!(
        said,
        "the secret's host evil.example.com is no endpoint of the cluster orders: correct it, or name it in policy.accept_hosts if it is an alias."
    );
}

#[test]
fn a_reader_that_takes_no_logins_is_away() {
    let instances = [
        instance("orders-1", InstanceStatus::Available),
        instance("orders-2", InstanceStatus::Modifying),
        instance("orders-3", InstanceStatus::Creating),
        instance("orders-4", InstanceStatus::Stopped),
    ];
    let Ok(doors) = Doors::of(&cluster(), &instances) else {
        panic!("it has an endpoint")
    };
    let readers: Vec<_> = doors.readers.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(readers, ["orders-2"]);
    let away = [
        ("orders-3".into(), InstanceStatus::Creating),
        ("orders-4".into(), InstanceStatus::Stopped),
    ];
    assert_eq!(doors.away, away);
    let creating = ClusterEndpoints {
        writer: None,
        ..cluster()
    };
    assert!(matches!(Doors::of(&creating, &[]), Err(Halt::Wait(_))));
}
