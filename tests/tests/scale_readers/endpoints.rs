//! Readers that a custom endpoint leads to.

use nightshift_tests::{
    fault::{Fault, When},
    scenario::passing_faults,
};

use super::{alarms::direct, *};

const MODIFY: &str = "ModifyDBClusterEndpoint";

fn id(nth: u8) -> String {
    format!("{ORDERS}-{nth}")
}

/// A custom endpoint that leads to these instances.
fn reports(members: &[u8]) -> Value {
    let members: Vec<_> = members.iter().map(|nth| id(*nth)).collect();
    json!([{"id": "reports", "static_members": members}])
}

/// No time passes between the runs, so none is given.
fn in_no_time() -> Value {
    policy(json!({"drain": {"max_wait": "0s"}}))
}

impl Scene {
    /// The instances that the endpoint leads to.
    async fn members(&self) -> Vec<String> {
        let inventory = self.cloud.rds().inventory().await;
        let members = &inventory["clusters"][0]["endpoints"][0]["StaticMembers"];
        serde_json::from_value(members.clone()).unwrap()
    }

    /// The calls that change what applications reach, in their order.
    async fn changes(&self) -> Vec<String> {
        let calls = self.cloud.rds().calls().await;
        let done = calls.iter().filter(|call| call["status"] == 200);
        let names = done.filter_map(|call| call["action"].as_str());
        let changes = names.filter(|name| [MODIFY, "DeleteDBInstance"].contains(name));
        changes.map(str::to_owned).collect()
    }
}

#[tokio::test]
async fn a_reader_is_taken_out_of_its_endpoint_before_it_is_deleted() {
    let readers = [reader(2, false), reader(3, true)];
    let scene = Scene::with(&readers).await;
    scene.alarm("readers-idle", "ALARM").await;
    let function = scene.function("apply", &policy(json!({}))).await;
    let none = [None];
    for fault in none.into_iter().chain(passing_faults().map(Some)) {
        let context = format!("{fault:?}");
        scene.begin_with(&readers, reports(&[2, 3])).await;
        if let Some(fault) = fault {
            let call = When::action(MODIFY).once();
            scene.cloud.proxy().inject(call, fault);
        }
        let alarm = direct("readers-idle", "ALARM");
        let run = function.invoke(&alarm, LIMIT).await;
        assert_eq!(headline(&run), format!("{ORDERS}: drained 1"), "{context}");
        assert_eq!(scene.members().await, [id(2)], "{context}");
        assert_eq!(scene.readers().await.len(), 2, "{context}");
        let run = function.invoke(&tick(&in_no_time()), LIMIT).await;
        assert_eq!(headline(&run), format!("{ORDERS}: deleted 1"), "{context}");
        let changes = scene.changes().await;
        assert_eq!(changes.last().unwrap(), "DeleteDBInstance", "{context}");
        assert!(changes[..changes.len() - 1].iter().all(|it| it == MODIFY));
    }
}

#[tokio::test]
async fn where_the_process_dies_at_that_call_the_retry_goes_on() {
    let readers = [reader(2, false), reader(3, true)];
    let scene = Scene::with(&readers).await;
    scene.alarm("readers-idle", "ALARM").await;
    let function = scene.function("apply", &policy(json!({}))).await;
    for after in [false, true] {
        let context = format!("after: {after}");
        let killer = function.killer();
        let death = if after {
            Fault::KillAfter(killer)
        } else {
            Fault::KillBefore(killer)
        };
        scene.begin_with(&readers, reports(&[2, 3])).await;
        scene
            .cloud
            .proxy()
            .inject(When::action(MODIFY).once(), death);
        let alarm = direct("readers-idle", "ALARM");
        let run = function.invoke_async(&alarm, LIMIT).await;
        assert!(run.attempts[0].result.is_err(), "{context}");
        assert_eq!(scene.members().await, [id(2)], "{context}");
        assert_eq!(scene.readers().await.len(), 2, "{context}");
        let run = function.invoke(&tick(&in_no_time()), LIMIT).await;
        assert_eq!(headline(&run), format!("{ORDERS}: deleted 1"), "{context}");
        assert_eq!(
            scene.changes().await,
            [MODIFY, "DeleteDBInstance"],
            "{context}"
        );
    }
}

/// RDS takes minutes to modify an endpoint, and no other change to it meanwhile.
#[tokio::test]
async fn of_two_that_go_at_once_the_second_leaves_the_endpoint_with_the_next_tick() {
    let readers = [reader(2, false), reader(3, true), reader(4, true)];
    let scene = Scene::with(&readers).await;
    scene.alarm("readers-idle", "ALARM").await;
    scene.begin_with(&readers, reports(&[2, 3, 4])).await;
    let slow = |slow: bool| json!({"endpoint_stays_modifying": slow});
    scene.cloud.rds().configure(&slow(true)).await;
    let policy = policy(json!({"step_in": 2}));
    let function = scene.function("apply", &policy).await;
    let run = function.invoke(&tick(&policy), LIMIT).await;
    insta::assert_snapshot!(headline(&run), @"tech-n-ai-aurora-cluster: drained 1, still to drain 1");
    assert_eq!(scene.members().await.len(), 2);
    let run = function.invoke(&tick(&policy), LIMIT).await;
    insta::assert_snapshot!(headline(&run), @"tech-n-ai-aurora-cluster: still to drain 1, 1 waiting for the next tick");
    scene.cloud.rds().configure(&slow(false)).await;
    let available = json!({"status": "available"});
    scene
        .cloud
        .rds()
        .patch("endpoint", "reports", available)
        .await;
    let run = function.invoke(&tick(&policy), LIMIT).await;
    insta::assert_snapshot!(headline(&run), @"tech-n-ai-aurora-cluster: drained 1, 1 waiting for the next tick");
    assert_eq!(scene.members().await, [id(2)]);
    assert_eq!(scene.readers().await.len(), 3);
    let run = function.invoke(&tick(&in_no_time()), LIMIT).await;
    assert_eq!(
        headline(&run),
        format!("{ORDERS}: deleted 2"),
        "{}",
        run.value()
    );
}
