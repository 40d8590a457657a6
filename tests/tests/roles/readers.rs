//! The calls that scale-readers really makes: readers that come and go, with and without Enhanced
//! Monitoring, in and out of a custom endpoint.

use nightshift_tests::{
    cloud::Cloud,
    fault::{Fault, When},
    lambda::Lambda,
    payload::{self, scheduled},
    proxy::Call,
    scenario::LIMIT,
};
use serde_json::{Value, json};

use crate::recorded::{Recorded, tags};

const BUSY: &str = "nightshift-orders-readers-busy";
const IDLE: &str = "nightshift-orders-readers-idle";
/// `MonitoringRoleArn` in `tests/infra/roles.py`.
const ROLE: &str = "arn:aws:iam::123456789012:role/rds-monitoring-role";

pub(crate) async fn recorded() -> Recorded {
    let cloud = Cloud::start().await;
    for alarm in [BUSY, IDLE] {
        cloud.ministack().await.alarm(alarm, "orders", "OK").await;
    }
    let with_inbox = calls(&cloud, true).await;
    let without_inbox = calls(&cloud, false).await;
    cloud.reset().await;
    seed(&cloud, 0).await;
    let tags = tags(&cloud.rds().inventory().await);
    Recorded {
        with_inbox,
        without_inbox,
        tags,
    }
}

/// Two readers of Nightshift's, of which one is in a custom endpoint beside the other.
async fn seed(cloud: &Cloud, monitoring: u32) {
    let settings = if monitoring > 0 {
        json!({"monitoring_interval": monitoring, "monitoring_role_arn": ROLE})
    } else {
        json!({})
    };
    let instance = |nth: u8| {
        json!({
            "id": format!("orders-{nth}"), "writer": nth == 1, "settings": settings,
            "zone": "eu-central-1a", "created": "2026-01-01T00:00:00Z",
            "tags": {"nightshift:managed-by": "nightshift"},
        })
    };
    let endpoint = json!({"id": "reports", "static_members": ["orders-2", "orders-3"]});
    let cluster = json!({
        "id": "orders", "tags": {}, "instances": [instance(1), instance(2), instance(3)],
        "endpoints": [endpoint],
    });
    cloud.rds().seed(json!({"clusters": [cluster]})).await;
}

async fn calls(cloud: &Cloud, inbox: bool) -> Vec<Call> {
    let mut all = Vec::new();
    for monitoring in [0, 60] {
        cloud.reset().await;
        seed(cloud, monitoring).await;
        all.extend(day(cloud, inbox).await);
    }
    all
}

/// None may come, which is told; then one does, with the answer to its creation lost; one is to go, stays after all,
/// and goes.
async fn day(cloud: &Cloud, inbox: bool) -> Vec<Call> {
    let mut settings = cloud.settings().mode("apply");
    if inbox {
        settings = settings.inbox(cloud.inbox().await);
    }
    let function = Lambda::start("scale-readers", settings).await;
    let create = When::action("CreateDBInstance").once();
    cloud.proxy().inject(create, Fault::CutAfter);
    let ministack = cloud.ministack().await;
    for (max, busy, idle) in [
        (2, "ALARM", "OK"),
        (4, "ALARM", "OK"),
        (4, "OK", "ALARM"),
        (4, "ALARM", "OK"),
        (4, "OK", "ALARM"),
        (4, "OK", "ALARM"),
    ] {
        ministack.set_alarm(BUSY, busy).await;
        ministack.set_alarm(IDLE, idle).await;
        let run = function.invoke(&tick(max), LIMIT).await;
        assert!(run.result.is_ok() || !inbox, "{run:?}");
    }
    ministack.set_alarm(IDLE, "OK").await;
    cloud.proxy().calls()
}

/// No time passes between the runs, so none is waited for.
fn tick(max: u8) -> Value {
    let policy = json!({
        "cluster": "orders", "min": 1, "max": max, "flap_limit": 12,
        "out_alarms": [BUSY], "in_alarms": [IDLE], "stabilise": "0s", "cooldown_in": "0s",
        "cooldown_out": "0s", "remove": "oldest", "drain": {"max_wait": "0s"},
    });
    scheduled(&policy, payload::now())
}
