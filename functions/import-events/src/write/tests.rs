use handler::policy::parse;
use proptest::prelude::*;

use super::*;
use crate::event::{EventZone, Interval, sample};

fn setting() -> Setting<'static> {
    Setting {
        now: "2026-11-22T12:00:00Z".parse().unwrap(),
        cluster: "orders",
        secret: "orders/jobs",
    }
}

fn written(event: &Event) -> Import {
    import(event, setting()).unwrap()
}

fn named(schema: &str, name: &str) -> String {
    let name_of = |name: &str| jobs::policy::Name::new(name).unwrap();
    let event = Event {
        schema: name_of(schema),
        name: name_of(name),
        ..sample()
    };
    job_name(&event).map_or("none".into(), |name| name.to_string())
}

#[test]
fn the_daily_cleanup_of_the_guide_is_a_purge_every_night() {
    let import = written(&sample());
    insta::assert_snapshot!(import.schedule.unwrap(), @r#"
    AWSTemplateFormatVersion: "2010-09-09"
    Transform: AWS::Serverless-2016-10-31
    Description: "What EVENT app.cleanup_old_logs did, as job app-cleanup-old-logs"
    Resources:
      AppCleanupOldLogs:
        Type: AWS::Serverless::Application
        Properties:
          Location: ../job.yaml
          Parameters:
            Name: app-cleanup-old-logs
            ScheduleExpression: "cron(0 2 * * ? *)"
            TimeZone: "UTC"
            State: DISABLED
            Policy: >-
              {"job":"app-cleanup-old-logs",
              "cluster":"orders",
              "secret":"orders/jobs",
              "database":"app",
              "purge":{"table":"access_logs","column":"created_at","older_than":"30d"},
              "replaces_event":"app.cleanup_old_logs"}
    "#);
    assert_eq!(import.firings.event, import.firings.schedule);
    assert_eq!(import.firings.event.len(), 5);
    assert!(
        import.problems.is_empty() && import.procedure.is_none() && !import.delete_after_completion
    );
}

#[test]
fn the_same_event_altered_to_60_days_is_the_same_job_with_another_age() {
    let altered = Event {
        body: sample().body.replace("30", "60"),
        ..sample()
    };
    let import = written(&altered);
    assert_eq!(import.job.job, written(&sample()).job.job);
    assert_eq!(import.policy["purge"]["older_than"], "60d");
}

#[test]
fn a_disabled_event_is_a_disabled_schedule_and_one_that_sleeps_is_looked_into_first() {
    let disabled = written(&Event {
        status: Status::Disabled,
        ..sample()
    });
    assert!(disabled.schedule.unwrap().contains("State: DISABLED\n"));
    assert_eq!(disabled.firings.event.len(), 5);
    let asleep = written(&Event {
        status: Status::ReplicaSideDisabled,
        ..sample()
    });
    insta::assert_snapshot!(asleep.problems.join("\n"), @"The EVENT is disabled on this server because it came by replication: it has not fired here. Whoever runs it elsewhere must be found before the job is enabled.");
}

#[test]
fn the_weekly_report_of_the_guide_fires_on_its_day_in_its_zone() {
    let weekly = Event {
        zone: EventZone::read("Europe/Berlin", "UTC").unwrap(),
        schedule: Schedule::Every {
            interval: Interval::read("1", "WEEK").unwrap(),
            starts: "2026-11-16 06:00:00".parse().unwrap(),
            ends: None,
        },
        body: "INSERT INTO weekly_reports SELECT * FROM report_of_the_week".into(),
        ..sample()
    };
    let import = written(&weekly);
    let schedule = import.schedule.unwrap();
    assert!(
        schedule.contains("\"cron(0 6 ? * MON *)\"\n        TimeZone: \"Europe/Berlin\""),
        "{schedule}"
    );
    insta::assert_snapshot!(import.policy["statement"], @r#"{"sql":"INSERT INTO weekly_reports SELECT * FROM report_of_the_week","budget":"14m"}"#);
    insta::assert_snapshot!(import.firings.event[0], @"2026-11-23T05:00:00Z");
}

#[test]
fn what_cannot_be_scheduled_is_shown_all_the_same() {
    let every_ten_seconds = Event {
        schedule: Schedule::Every {
            interval: Interval::read("10", "SECOND").unwrap(),
            starts: "2026-11-16 06:00:00".parse().unwrap(),
            ends: None,
        },
        ..sample()
    };
    let import = written(&every_ten_seconds);
    assert_eq!((import.schedule, import.firings.schedule), (None, vec![]));
    insta::assert_snapshot!(import.problems.join("\n"), @"Not scheduled: EVERY 10 SECOND is no whole number of minutes, and EventBridge Scheduler fires at whole minutes; the nearest is rate(1 minute).");
}

#[test]
fn an_event_that_ends_and_is_not_preserved_is_to_be_deleted() {
    let at = "2026-12-24 18:00:00".parse().unwrap();
    let once = Event {
        schedule: Schedule::At(at),
        ..sample()
    };
    let import = written(&once);
    assert!(import.delete_after_completion);
    assert!(
        import
            .differences
            .iter()
            .any(|said| said.starts_with("ON COMPLETION NOT PRESERVE"))
    );
    assert!(
        !written(&Event {
            preserved: true,
            ..once
        })
        .delete_after_completion
    );
    assert!(!written(&sample()).delete_after_completion);
}

#[test]
fn a_setting_that_makes_no_policy_is_an_error_with_its_field() {
    let bad = Event {
        name: jobs::policy::Name::new("x").unwrap(),
        ..sample()
    };
    assert_eq!(import(&bad, setting()).unwrap().policy["job"], "app-x");
}

#[test]
fn a_schema_with_a_dot_is_refused_because_its_event_would_be_taken_for_another() {
    let named = |schema: &str, name: &str| Event {
        schema: jobs::policy::Name::new(schema).unwrap(),
        name: jobs::policy::Name::new(name).unwrap(),
        ..sample()
    };
    let error = import(&named("app.v2", "clean"), setting()).unwrap_err();
    insta::assert_snapshot!(error, @r#"the job for EVENT app.v2.clean: policy.replaces_event: expected a schema without a dot in its name, got "app.v2": its EVENT cannot be told from one of another schema"#);
    assert_eq!(
        written(&named("app", "v2.clean")).policy["replaces_event"],
        "app.v2.clean"
    );
}

#[test]
fn a_job_has_one_name_and_two_events_never_the_same() {
    insta::assert_snapshot!(named("app", "cleanup_old_logs"), @"app-cleanup-old-logs");
    let close = [
        ("app", "cleanup_old_logs"),
        ("app", "cleanup-old-logs"),
        ("app", "Cleanup_old_logs"),
        ("app_cleanup", "old_logs"),
        ("app", "cleanup__old_logs"),
        ("app", "_cleanup_old_logs"),
        ("app", "cleanup old logs"),
        ("9", "x"),
        ("日", "本"),
        ("日", "木"),
        ("app", "ÄÖ"),
    ];
    let mut names: Vec<_> = close
        .iter()
        .map(|(schema, name)| named(schema, name))
        .collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), close.len(), "{names:?}");
    assert!(named(&"s".repeat(64), &"e".repeat(64)).len() <= 48);
}

proptest! {
    #[test]
    fn what_is_written_is_a_policy_and_plain_ascii(
        schema in "[^.\u{0}\u{10000}-\u{10ffff}]{1,64}", name in "[^\u{0}\u{10000}-\u{10ffff}]{1,64}",
        table in "[^\u{0}\u{10000}-\u{10ffff}]{1,20}", value in "\\PC{0,20}",
    ) {
        let name_of = |name: &str| jobs::policy::Name::new(name).unwrap();
        let body = format!(
            "DELETE FROM `{}` WHERE at < NOW() - INTERVAL 3 DAY AND b = '{}'",
            table.replace('`', "``"), value.replace('\\', "\\\\").replace('\'', "''")
        );
        let event = Event { schema: name_of(&schema), name: name_of(&name), body, ..sample() };
        let import = written(&event);
        prop_assert_eq!(parse::<Job>(&import.policy).unwrap(), import.job.clone());
        prop_assert_eq!(&import.policy["purge"]["table"], &table);
        prop_assert_eq!(&import.policy["purge"]["and"]["value"], &value);
        prop_assert!(import.job.job.as_str().len() <= 48);
        let yaml = import.schedule.unwrap();
        prop_assert!(yaml.chars().all(|c| c == '\n' || (' '..='~').contains(&c)));
    }
}
