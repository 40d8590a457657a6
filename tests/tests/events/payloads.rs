//! Every payload parses with the function it is for, and says there what it says in the file.

use std::fmt::Write;

use handler::{Cause, Trigger};
use jiff::Timestamp;
use nightshift_tests::repo;
use serde_json::{Value, json};

use crate::{alarms, function};

#[test]
fn every_function_is_held_against_its_events() {
    assert_eq!(
        function::all().map(|function| function.name).to_vec(),
        repo::functions()
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "most of it is the snapshot")]
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
    remedy-alarm/alarm-direct-composite-ok.json: alarm tech-n-ai-database-in-trouble
    remedy-alarm/alarm-direct-composite.json: alarm tech-n-ai-database-in-trouble
    remedy-alarm/alarm-direct-insufficient-data.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/alarm-direct-long-transaction.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-long-transaction
    remedy-alarm/alarm-direct-memory.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-memory-readers
    remedy-alarm/alarm-direct-metric-math-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-connections-writer
    remedy-alarm/alarm-direct-metric-math.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-connections-writer
    remedy-alarm/alarm-direct-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/alarm-direct-read-latency.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-read-latency-readers
    remedy-alarm/alarm-direct-volume.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-volume
    remedy-alarm/alarm-direct.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/alarm-event-composite-ok.json: alarm tech-n-ai-database-in-trouble
    remedy-alarm/alarm-event-composite.json: alarm tech-n-ai-database-in-trouble
    remedy-alarm/alarm-event-history-list.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-history-list
    remedy-alarm/alarm-event-insufficient-data.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/alarm-event-long-transaction-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-long-transaction
    remedy-alarm/alarm-event-metric-math-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-connections-writer
    remedy-alarm/alarm-event-metric-math.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-connections-writer
    remedy-alarm/alarm-event-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/alarm-event-write-latency.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-write-latency
    remedy-alarm/alarm-event.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/alarm-in-sns-band.json: alarm tech-n-ai-odd-load
    remedy-alarm/alarm-in-sns-composite-ok.json: alarm tech-n-ai-database-in-trouble
    remedy-alarm/alarm-in-sns-composite.json: alarm tech-n-ai-database-in-trouble
    remedy-alarm/alarm-in-sns-deadlocks.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-deadlocks
    remedy-alarm/alarm-in-sns-instance.json: alarm tech-n-ai-reader-2 swaps
    remedy-alarm/alarm-in-sns-insufficient-data.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/alarm-in-sns-metric-math-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-connections-writer
    remedy-alarm/alarm-in-sns-metric-math.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-connections-writer
    remedy-alarm/alarm-in-sns-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/alarm-in-sns-replica-lag.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-replica-lag
    remedy-alarm/alarm-in-sns.json: alarm nightshift-tech-n-ai-aurora-cluster-trouble-cpu-writer
    remedy-alarm/other-cluster.json: alarm nightshift-billing-trouble-cpu-writer
    remedy-alarm/other-ec2.json: alarm web-1-busy
    remedy-alarm/other-instance.json: alarm billing-2-busy
    remedy-alarm/other-no-dimension.json: alarm all-databases-busy
    remedy-alarm/other-no-trouble.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-idle
    remedy-alarm/schedule-every-field.json: schedule nightshift-remedy-alarm
    remedy-alarm/schedule.json: schedule nightshift-remedy-alarm
    remedy-alarm/tick-rule.json: tick nightshift-remedy-alarm-tick
    remedy-alarm/tick-without-database.json: tick nightshift-remedy-alarm-tick
    remedy-alarm/tick.json: tick nightshift-remedy-alarm-tick
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
    scale-readers/alarm-direct-composite-ok.json: alarm tech-n-ai-readers-overloaded
    scale-readers/alarm-direct-composite.json: alarm tech-n-ai-readers-overloaded
    scale-readers/alarm-direct-insufficient-data.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/alarm-direct-metric-math.json: alarm tech-n-ai-slow-reads
    scale-readers/alarm-direct-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/alarm-direct.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/alarm-event-composite-ok.json: alarm tech-n-ai-readers-overloaded
    scale-readers/alarm-event-composite.json: alarm tech-n-ai-readers-overloaded
    scale-readers/alarm-event-insufficient-data.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/alarm-event-metric-math.json: alarm tech-n-ai-slow-reads
    scale-readers/alarm-event-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/alarm-event.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/alarm-in-sns-composite-ok.json: alarm tech-n-ai-readers-overloaded
    scale-readers/alarm-in-sns-composite.json: alarm tech-n-ai-readers-overloaded
    scale-readers/alarm-in-sns-insufficient-data.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/alarm-in-sns-metric-math.json: alarm tech-n-ai-slow-reads
    scale-readers/alarm-in-sns-ok.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/alarm-in-sns.json: alarm nightshift-tech-n-ai-aurora-cluster-readers-busy
    scale-readers/failover.json: rds-event 844e2571-85d4-695f-b930-0153b71dcb42
    scale-readers/instance-created.json: rds-event 844e2571-85d4-695f-b930-0153b71dcb42
    scale-readers/instance-deleted.json: rds-event 844e2571-85d4-695f-b930-0153b71dcb42
    scale-readers/instance-failed.json: rds-event 844e2571-85d4-695f-b930-0153b71dcb42
    scale-readers/rule.json: schedule nightshift-scale-readers-schedule
    scale-readers/schedule-every-field.json: schedule nightshift-scale-readers
    scale-readers/schedule.json: schedule nightshift-scale-readers
    scale-readers/tick.json: tick nightshift-scale-readers-tick
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
    remedy-alarm/bad-above-percent.json: policy.remedies.idle_sessions.above_percent: expected a whole number from 50 to 99, got 40
    remedy-alarm/bad-ca.json: policy.database.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none
    remedy-alarm/bad-digest-of-a-sleeper.json: policy.remedies.idle_transactions.only.digests: a session that sleeps has no statement; leave it out
    remedy-alarm/bad-empty-cluster.json: policy.cluster: expected a cluster's identifier, got an empty text
    remedy-alarm/bad-empty-pattern.json: policy.remedies.idle_sessions.never.users: expected a pattern, got an empty text
    remedy-alarm/bad-ends-unseen.json: policy.database: is missing; what is to be ended has to be looked at first
    remedy-alarm/bad-history.json: policy.history: expected from 30m to 24h, got 5m
    remedy-alarm/bad-ignore.json: policy.ignore: expected patterns of names, got "*", which leaves no alarm
    remedy-alarm/bad-max-kills.json: policy.remedies.max_kills: expected a whole number from 1 to 50, got 51
    remedy-alarm/bad-no-cluster.json: policy: cluster is missing
    remedy-alarm/bad-no-length.json: policy.remedies.cooldown: expected a length of time such as 90m, 26h, 14d or 8w, got "soon"
    remedy-alarm/bad-no-remedy-secret.json: policy.remedies.secret: is missing; name the secret of the user that may end sessions
    remedy-alarm/bad-no-users.json: policy.remedies.idle_transactions.only.users: expected at least one user; ["*"] is every user
    remedy-alarm/bad-other-message.json: payload.Records[0].Sns.Message: expected an alarm as JSON, got another text
    remedy-alarm/bad-query-limit.json: policy.database.query_limit: expected from 1s to 30s, got 1m
    remedy-alarm/bad-rows.json: policy.rows: expected a whole number from 1 to 20, got 0
    remedy-alarm/bad-state.json: payload.alarmData.state.value: unknown value PANIC; known here: OK, ALARM, INSUFFICIENT_DATA
    remedy-alarm/bad-too-soon.json: policy.remedies.long_statements.longer_than: expected at least 10s, got 5s
    remedy-alarm/bad-trouble.json: policy.remedies.add_reader.on[0]: unknown value slow; known here: cpu, memory, connections, read-latency, write-latency, replica-lag, volume, deadlocks, history-list, long-transaction, idle, other
    remedy-alarm/bad-two-records.json: payload.Records: expected one record, got 2
    remedy-alarm/bad-unknown-field.json: policy.remedy: unknown field remedy; known here: cluster, alarms, ignore, database, history, long, rows, quiet, remedies, expire_after, mode
    remedy-alarm/bad-users-not-given.json: policy.remedies.long_statements.only: users is missing
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
    scale-readers/bad-class.json: policy.classes: expected a class such as db.r7g.large, or as-writer, got "r7g.large"
    scale-readers/bad-endless-drain.json: policy.drain.max_wait: expected at most 24h, got 48h
    scale-readers/bad-flap-limit.json: policy.flap_limit: expected a whole number from 1 to 12, got 100
    scale-readers/bad-floor-above-max.json: policy.schedule_floors[0].readers: expected a whole number from 1 to 3, got 4
    scale-readers/bad-max.json: policy.max: expected a whole number from 1 to 15, got 16
    scale-readers/bad-min-above-max.json: policy.min: expected at most policy.max, which is 3, got 4
    scale-readers/bad-no-cluster.json: policy: cluster is missing
    scale-readers/bad-no-prices.json: policy.max_monthly_cost: expected policy.prices with it: what a reader of each class costs an hour
    scale-readers/bad-nothing-to-do.json: policy.out_alarms: expected an alarm, schedule_floors or a min: without any nothing is ever done
    scale-readers/bad-other-message.json: payload.Records[0].Sns.Message: expected an alarm as JSON, got another text
    scale-readers/bad-remove.json: policy.remove: unknown value idlest; known here: newest or oldest
    scale-readers/bad-same-alarm.json: policy.in_alarms: "nightshift-tech-n-ai-aurora-cluster-readers-busy" is in policy.out_alarms too; one alarm cannot ask for both
    scale-readers/bad-state.json: payload.alarmData.state.value: unknown value PANIC; known here: OK, ALARM, INSUFFICIENT_DATA
    scale-readers/bad-two-records.json: payload.Records: expected one record, got 2
    scale-readers/bad-unknown-field.json: policy.cooldown: unknown field cooldown; known here: cluster, min, max, schedule_floors, time_zone, out_alarms, in_alarms, step_out, step_in, cooldown_out, cooldown_in, stabilise, classes, zones, promotion_tier, drain, remove, flap_limit, max_monthly_cost, prices, expire_after, mode
    scale-readers/bad-window.json: policy.schedule_floors[0].window: expected a beginning from 00:00 to 23:59 and another end up to 24:00, got "08:00" to "08:00"
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

/// An alarm in SNS says its time in its message; a step of a rotation says none, and has that of its
/// arrival.
fn time(event: &Value) -> Timestamp {
    let message = alarms::in_sns(event);
    let in_message = message.as_ref().map(|alarm| &alarm["StateChangeTime"]);
    let fields = ["scheduled_time", "time", "timestamp"];
    let said = fields.iter().map(|field| &event[field]).chain(in_message);
    let mut times = said.filter_map(Value::as_str);
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
        Cause::Alarm(alarm) => alarms::said(alarm),
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
        Cause::Alarm(_) => alarms::written(event),
    }
}
