//! Every payload parses with the function it is for, and says there what it says in the file.

use std::fmt::Write;

use handler::{Cause, Trigger};
use jiff::Timestamp;
use nightshift_tests::repo;
use serde_json::{Value, json};

use crate::function;

#[test]
fn every_function_is_held_against_its_events() {
    assert_eq!(
        function::all().map(|function| function.name).to_vec(),
        repo::functions()
    );
}

#[test]
fn what_a_payload_says_survives() {
    let mut table = String::new();
    for function in function::all() {
        for event in function.events().iter().filter(|event| !event.is_bad()) {
            let name = format!("{}/{}", function.name, event.file);
            let (trigger, wish) = function
                .read(&event.payload)
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            let (policy, inner) = (&event.payload["policy"], inner(&event.payload));
            assert_eq!(trigger.time, time(inner), "{name}");
            assert_eq!(said(&trigger), written(&trigger, inner), "{name}");
            assert_eq!(json!(wish.mode), policy["mode"], "{name}");
            if let Some(expire_after) = policy["expire_after"].as_str() {
                assert_eq!(Ok(wish.expire_after), expire_after.parse(), "{name}");
            }
            let kind = trigger.reference().kind;
            let _ = writeln!(table, "{name}: {kind} {}", trigger.reference().name());
        }
    }
    insta::assert_snapshot!(table, @r"
    import-events/cut-over-every-field.json: schedule by-hand
    import-events/cut-over.json: schedule by-hand
    import-events/plan-named.json: schedule by-hand
    import-events/plan.json: schedule by-hand
    import-events/roll-back.json: schedule by-hand
    import-events/status.json: schedule nightshift-import-events
    prune-snapshots/bare-scheduled-event.json: schedule nightshift-prune-snapshots
    prune-snapshots/rule.json: schedule nightshift-prune-snapshots
    prune-snapshots/schedule-every-field.json: schedule nightshift-prune-snapshots
    prune-snapshots/schedule.json: schedule nightshift-prune-snapshots
    prune-snapshots/tick.json: tick nightshift-prune-snapshots-tick
    report-failure/crashed.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/failed-again.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/failed-for-good.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/killed.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/not-allowed.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/out-of-memory.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/panicked.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/rds-event.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/switched-off.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/throttled.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/timed-out.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    report-failure/too-old.json: failure e4b46cbf-b738-4f0a-8880-a18cdf61200e
    rotate-secret/create-secret.json: rotation-step shop/app
    rotate-secret/finish-secret.json: rotation shop/app
    rotate-secret/rule.json: schedule nightshift-rotate-secret
    rotate-secret/schedule-every-field.json: schedule nightshift-rotate-secret
    rotate-secret/schedule.json: schedule nightshift-rotate-secret
    rotate-secret/set-secret.json: rotation-step shop/app
    rotate-secret/snake-case-step.json: rotation-step shop/app
    rotate-secret/test-secret.json: rotation-step shop/app
    rotate-secret/tick.json: tick nightshift-rotate-secret-tick
    run-job/archive.json: schedule archive-orders
    run-job/call.json: schedule tidy-sessions
    run-job/partitions-drop.json: schedule rotate-events
    run-job/partitions-exchange.json: schedule rotate-clicks
    run-job/purge-children.json: schedule purge-orders
    run-job/purge-snowflake.json: schedule purge-messages
    run-job/purge-soft-deleted.json: schedule purge-deleted-users
    run-job/purge-where.json: schedule purge-closed-orders
    run-job/purge.json: schedule purge-access-logs
    run-job/rule-archive.json: schedule nightshift-archive-orders
    run-job/rule.json: schedule nightshift-purge-access-logs
    run-job/schedule-every-field.json: schedule purge-access-logs
    run-job/schedule.json: schedule purge-access-logs
    run-job/statement.json: schedule hourly-statistics
    run-job/tick.json: tick purge-access-logs-tick
    take-snapshot/bare-scheduled-event.json: schedule nightshift-take-snapshot
    take-snapshot/rule.json: schedule nightshift-take-snapshot
    take-snapshot/schedule-named-clusters.json: schedule nightshift-take-snapshot-six-hourly
    take-snapshot/schedule.json: schedule nightshift-take-snapshot
    take-snapshot/snapshot-available.json: rds-event 844e2571-85d4-695f-b930-0153b71dcb42
    take-snapshot/snapshot-deleted-by-somebody.json: api-call 6f87d04b-9f74-4f04-a780-7acf4b0a9b38
    take-snapshot/snapshot-failed.json: rds-event 844e2571-85d4-695f-b930-0153b71dcb42
    take-snapshot/tick.json: tick nightshift-take-snapshot-tick
    ");
}

#[test]
fn a_wrong_payload_gives_one_clear_error() {
    let mut table = String::new();
    for function in function::all() {
        for event in function.events().iter().filter(|event| event.is_bad()) {
            let error = match function.read(&event.payload) {
                Ok(_) => "NO ERROR".to_owned(),
                Err(error) => error,
            };
            let _ = writeln!(table, "{}/{}: {error}", function.name, event.file);
        }
    }
    insta::assert_snapshot!(table, @r#"
    import-events/bad-action.json: policy.action: unknown value move; known here: plan, cut-over, roll-back, status
    import-events/bad-event.json: policy.action.cut-over.event: expected an EVENT as schema.name, got "purge_logs"
    import-events/bad-no-cluster.json: policy.cluster: expected a name, got none
    import-events/bad-same-tick.json: policy.action.roll-back.tick: expected another schedule than the job's own, got purge-logs
    import-events/bad-two-actions.json: policy.action: expected map with a single key, got an object
    import-events/bad-wait.json: policy.action.cut-over.wait: expected at most 15m, got 1h
    prune-snapshots/bad-keeps-nothing.json: policy.keep: expected at least one rule such as "daily": 7, got none: every snapshot would be deleted
    prune-snapshots/bad-misspelt-rule.json: policy.keep.dayly: unknown field dayly; known here: last, within, hourly, daily, weekly, monthly, yearly
    prune-snapshots/bad-negative-count.json: policy.keep.daily: expected a whole number of at least 0, got -1
    prune-snapshots/bad-no-keep.json: policy: keep is missing
    prune-snapshots/bad-percent.json: policy.max_delete_percent: expected a whole number from 0 to 100, got 150
    report-failure/bad-no-function.json: payload.requestContext: functionArn is missing
    rotate-secret/bad-ca.json: policy.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none
    rotate-secret/bad-grace.json: policy.grace: expected at least the settle time of 1h, got 10m
    rotate-secret/bad-host.json: policy.accept_hosts: expected host names such as db.example.com, without a port, got "db.example.com:3306"
    rotate-secret/bad-no-token.json: payload: ClientRequestToken is missing
    rotate-secret/bad-step.json: payload.Step: expected createSecret, setSecret, testSecret or finishSecret, got "rotateSecret"
    rotate-secret/bad-strategy.json: policy.strategy: unknown value dual-passwords; known here: dual-password, alternating-users, single-user
    rotate-secret/bad-unknown-field.json: policy.grace_period: unknown field grace_period; known here: strategy, fallback, grace, settle, stuck_after, reader_wait, overwrite_unknown, plain_text, ca, accept_hosts, limits, secrets, expire_after, mode
    run-job/bad-age-and-where.json: policy.purge.column: expected no column beside where: say it within where, got both
    run-job/bad-archive-nowhere.json: policy.archive.into: expected the table that takes the rows, as table or schema.table, got nothing
    run-job/bad-budget.json: policy.call.budget: expected at most 14m, got 1h
    run-job/bad-every-row.json: policy.purge: expected column and older_than, or where, got neither: every row would go
    run-job/bad-name.json: policy.job: expected a job name of 1 to 48 lower-case letters, digits and single hyphens, beginning with a letter, got "Purge access logs"
    run-job/bad-no-kind.json: policy: expected exactly one of purge, archive, partitions, call and statement, got none
    run-job/bad-partition-hours.json: policy.partitions.every: expected whole days such as 1d or 7d, got 12h
    run-job/bad-protected-schema.json: policy.database: expected a schema of yours, from which rows may be taken, got mysql
    run-job/bad-throttle.json: policy.throttle.replica_lag.critical_ms: expected at least soft_ms, which is 5000, got 1000
    run-job/bad-two-kinds.json: policy: expected exactly one of purge, archive, partitions, call and statement, got purge and call
    run-job/bad-unknown-field.json: policy.purge.older: unknown field older; known here: table, column, older_than, unit, column_zone, and, where, accept_scan, children, into, max_rows
    run-job/bad-where-moves.json: policy.purge.where: expected a condition that stays the same for the whole run, got NOW; the trigger's time is :now
    run-job/bad-where-two-statements.json: policy.purge.where: expected no ; outside quotes, got one
    run-job/bad-window.json: policy.windows: expected two different times of day such as 22:30 and 06:00, or 00:00 and 24:00, got "22:00" and "22:00"
    take-snapshot/bad-context-attribute-not-filled-in.json: event.scheduled_time: expected a time such as 2026-11-21T02:00:00Z, got "<aws.scheduler.scheduled-time>"
    take-snapshot/bad-envelope-field.json: events: unknown field; the envelope has policy, event and tick
    take-snapshot/bad-no-event.json: event: is missing; it says when and by what the function was woken
    take-snapshot/bad-other-service.json: event.detail-type: expected a scheduled, RDS or alarm event, got "EC2 Instance State-change Notification" from "aws.ec2"
    take-snapshot/bad-time-zone.json: policy.time_zone: expected an IANA time zone such as Europe/Berlin, got "Europe/Munich"
    take-snapshot/bad-unknown-field.json: policy.rop: unknown field rop; known here: schedule, clusters, time_zone, copy_tags, rpo, quota_warn_percent, expire_after, tags, several_a_day, mode
    "#);
}

/// The event in its envelope, or the payload that is one.
fn inner(payload: &Value) -> &Value {
    payload.get("event").unwrap_or(payload)
}

/// A step of a rotation says no time: it has that of its arrival.
fn time(event: &Value) -> Timestamp {
    let fields = ["scheduled_time", "time", "timestamp"];
    let mut times = fields.iter().filter_map(|field| event[field].as_str());
    let said = times.next().map(|time| time.parse().unwrap());
    said.unwrap_or(function::ARRIVED)
}

/// What a trigger tells a function, in the order of `written`.
fn said(trigger: &Trigger) -> Value {
    match &trigger.cause {
        Cause::Schedule | Cause::Tick => json!([trigger.id]),
        Cause::RdsEvent(event) => json!([
            trigger.id,
            event.event_id,
            event.source_id,
            event.source_type,
            event.message,
            event.categories,
        ]),
        Cause::ApiCall(call) => json!([
            trigger.id,
            call.operation,
            call.caller,
            call.request,
            call.response,
            call.error_code,
        ]),
        Cause::Failure(record) => json!([
            trigger.id,
            record.function_arn,
            record.condition,
            record.attempts,
            record.request,
            record.function_error,
            record.response,
        ]),
        Cause::Alarm(alarm) => json!([alarm.name, alarm.reason]),
        Cause::Rotation(step) => json!([step.step.to_string(), step.secret, step.token]),
    }
}

/// The same where AWS writes it.
fn written(trigger: &Trigger, event: &Value) -> Value {
    let detail = &event["detail"];
    match &trigger.cause {
        Cause::Schedule | Cause::Tick if event["schedule_arn"].is_string() => {
            json!([event["schedule_arn"]])
        }
        Cause::Schedule | Cause::Tick => json!([event["resources"][0]]),
        Cause::RdsEvent(_) => json!([
            event["id"],
            detail["EventID"],
            detail["SourceIdentifier"],
            detail["SourceType"],
            detail["Message"],
            detail["EventCategories"],
        ]),
        Cause::ApiCall(_) => json!([
            event["id"],
            detail["eventName"],
            detail["userIdentity"]["arn"],
            detail["requestParameters"],
            detail["responseElements"],
            detail["errorCode"],
        ]),
        Cause::Failure(_) => {
            let context = &event["requestContext"];
            json!([
                context["requestId"],
                context["functionArn"],
                context["condition"],
                context["approximateInvokeCount"],
                event["requestPayload"],
                event["responseContext"]["functionError"],
                event["responsePayload"],
            ])
        }
        Cause::Rotation(_) => {
            let step = event["Step"].as_str().unwrap().replace("_s", "S");
            json!([step, event["SecretId"], event["ClientRequestToken"]])
        }
        Cause::Alarm(_) => {
            let data = &event["alarmData"];
            json!([data["alarmName"], data["state"]["reason"]])
        }
    }
}
