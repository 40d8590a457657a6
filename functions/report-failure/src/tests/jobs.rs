//! Lost runs of run-job and import-events.

use serde_json::{Value, json};

use super::{lost, read};

/// What the mail says the run was woken by and for.
fn woken(function: &str, policy: &Value) -> String {
    let request = json!({"policy": policy, "event": {
        "scheduled_time": "2026-11-21T02:00:00Z",
        "schedule_arn": "arn:aws:scheduler:eu-central-1:123456789012:schedule/nightshift-jobs/purge-logs",
    }});
    let mail = read(&lost(function, &request));
    let lines = mail.lines().find(|line| line.starts_with("It was woken"));
    lines.unwrap().into()
}

#[test]
fn a_job_is_named_with_its_cluster() {
    let job = json!({"job": "purge-logs", "cluster": "orders"});
    insta::assert_snapshot!(woken("run-job", &job), @"It was woken by the schedule purge-logs for 2026-11-21 02:00 UTC, to run the job purge-logs on the cluster orders.");
    insta::assert_snapshot!(woken("run-job", &json!({"job": 7})), @"It was woken by the schedule purge-logs for 2026-11-21 02:00 UTC, to run a job.");
}

#[test]
fn an_event_is_named_with_what_was_to_become_of_it() {
    let asked = |action: Value| json!({"cluster": "orders", "action": action});
    let over = asked(json!({"cut-over": {"event": "shop.purge_logs"}}));
    insta::assert_snapshot!(woken("import-events", &over), @"It was woken by the schedule purge-logs for 2026-11-21 02:00 UTC, to hand the EVENT shop.purge_logs over to its job on the cluster orders.");
    let back = asked(json!({"roll-back": {"event": "shop.purge_logs"}}));
    insta::assert_snapshot!(woken("import-events", &back), @"It was woken by the schedule purge-logs for 2026-11-21 02:00 UTC, to hand the EVENT shop.purge_logs back from its job on the cluster orders.");
    insta::assert_snapshot!(woken("import-events", &asked(json!({"status": {}}))), @"It was woken by the schedule purge-logs for 2026-11-21 02:00 UTC, to say who runs each EVENT on the cluster orders.");
    insta::assert_snapshot!(woken("import-events", &asked(json!({"plan": {}}))), @"It was woken by the schedule purge-logs for 2026-11-21 02:00 UTC, to look at the EVENTs on the cluster orders.");
    insta::assert_snapshot!(woken("import-events", &json!({"action": []})), @"It was woken by the schedule purge-logs for 2026-11-21 02:00 UTC, to look at the EVENTs.");
}
