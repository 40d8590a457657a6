use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::event::{Event, EventZone, SqlMode, sample};

fn event(body: &str) -> Event {
    Event {
        body: body.into(),
        ..sample()
    }
}

fn in_zone(body: &str, zone: &str) -> Event {
    Event {
        zone: EventZone::read(zone, "UTC").unwrap(),
        ..event(body)
    }
}

/// The job in a line: its kind and what is not the default of it.
fn said(event: &Event) -> String {
    let work = recognise(event);
    let (kind, mut value) = match work.kind {
        Kind::Purge(rows) => ("purge", json!(rows)),
        Kind::Call(call) => ("call", json!(call)),
        Kind::Statement(sql) => ("statement", json!(sql)),
        Kind::Procedure { create, .. } => return format!("procedure\n{create}"),
    };
    let fields = value.as_object_mut().unwrap();
    let usual = [
        json!("time"),
        json!("UTC"),
        json!(false),
        json!("report"),
        json!("14m"),
    ];
    fields.retain(|_, value| !usual.contains(value));
    format!("{kind} in {}: {value}", work.database)
}

fn kind(body: &str) -> String {
    said(&event(body))
}

fn differences(event: &Event) -> String {
    recognise(event).differences.join("\n")
}

#[test]
fn a_delete_by_age_is_a_purge_however_it_says_the_age() {
    let month = r#"purge in app: {"table":"access_logs","column":"created_at","older_than":"30d"}"#;
    for condition in [
        "created_at < NOW() - INTERVAL 30 DAY",
        "created_at < now(3) - interval '30' day",
        "`created_at` < DATE_SUB(NOW(), INTERVAL 30 DAY)",
        "access_logs.created_at < SUBDATE(CURRENT_TIMESTAMP, INTERVAL 720 HOUR)",
        "app.access_logs.created_at < DATE_ADD(UTC_TIMESTAMP(), INTERVAL -30 DAY)",
        "NOW() - INTERVAL 4 WEEK - INTERVAL 2 DAY > created_at",
        "(created_at < (NOW() - INTERVAL 30 DAY))",
        "created_at /* old */ < SYSDATE() - INTERVAL 30 DAY -- gone",
    ] {
        assert_eq!(
            kind(&format!("DELETE FROM access_logs WHERE {condition}")),
            month,
            "{condition}"
        );
    }
    insta::assert_snapshot!(kind("delete from logs.`access logs` where at <= now() - interval 90 minute order by at desc, id limit 1000;"), @r#"purge in logs: {"table":"access logs","column":"at","older_than":"1h30m"}"#);
}

#[test]
fn seconds_and_milliseconds_since_1970_are_ages_too() {
    for (value, unit) in [
        ("UNIX_TIMESTAMP() - 2592000", "unix-seconds"),
        ("UNIX_TIMESTAMP() - 30 * 24 * 3600", "unix-seconds"),
        ("UNIX_TIMESTAMP() - (30*86400)", "unix-seconds"),
        ("UNIX_TIMESTAMP(NOW() - INTERVAL 30 DAY)", "unix-seconds"),
        (
            "UNIX_TIMESTAMP(DATE_SUB(NOW(), INTERVAL 30 DAY)) * 1000",
            "unix-milliseconds",
        ),
        ("(UNIX_TIMESTAMP() - 2592000) * 1000", "unix-milliseconds"),
        (
            "UNIX_TIMESTAMP(NOW(3)) * 1000 - 2592000000",
            "unix-milliseconds",
        ),
    ] {
        let purge = kind(&format!("DELETE FROM t WHERE at < {value}"));
        assert_eq!(
            purge,
            format!(
                r#"purge in app: {{"table":"t","column":"at","older_than":"30d","unit":"{unit}"}}"#
            ),
            "{value}"
        );
    }
}

#[test]
fn one_further_condition_goes_beside_the_age() {
    let and = |condition: &str| {
        kind(&format!(
            "DELETE FROM t WHERE at < NOW() - INTERVAL 7 DAY AND {condition}"
        ))
    };
    insta::assert_snapshot!(and("is_deleted = 1"), @r#"purge in app: {"table":"t","column":"at","older_than":"7d","and":{"column":"is_deleted","operator":"=","value":1}}"#);
    insta::assert_snapshot!(and("(status IN ('done', 'it''s'))"), @r#"purge in app: {"table":"t","column":"at","older_than":"7d","and":{"column":"status","operator":"in","value":["done","it's"]}}"#);
    insta::assert_snapshot!(and("kept_by IS NULL"), @r#"purge in app: {"table":"t","column":"at","older_than":"7d","and":{"column":"kept_by","operator":"is","value":null}}"#);
    insta::assert_snapshot!(and("level >= -3"), @r#"purge in app: {"table":"t","column":"at","older_than":"7d","and":{"column":"level","operator":">=","value":-3}}"#);
    insta::assert_snapshot!(and("a = 1 AND b = 2"), @r#"purge in app: {"table":"t","where":"`at` < :now - INTERVAL 7 DAY AND `a` = 1 AND `b` = 2"}"#);
}

#[test]
fn a_condition_that_means_the_same_elsewhere_is_taken_as_it_is() {
    let condition = |condition: &str| kind(&format!("DELETE FROM t WHERE {condition}"));
    insta::assert_snapshot!(condition("at < NOW() - INTERVAL 1 MONTH"), @r#"purge in app: {"table":"t","where":"`at` < :now - INTERVAL 1 MONTH"}"#);
    insta::assert_snapshot!(condition("at < CURDATE() - INTERVAL 30 DAY"), @r#"purge in app: {"table":"t","where":"`at` < DATE(:now) - INTERVAL 30 DAY"}"#);
    insta::assert_snapshot!(condition("t.expires < UNIX_TIMESTAMP() OR state LIKE '%\\_old' AND NOT DATE(at) = DATE_SUB(CURRENT_DATE, INTERVAL 1 YEAR)"), @r#"purge in app: {"table":"t","where":"`expires` < UNIX_TIMESTAMP(:now) OR `state` LIKE '%\\\\_old' AND NOT DATE(`at`) = DATE_SUB(DATE(:now), INTERVAL 1 YEAR)"}"#);
    let ansi = Event {
        sql_mode: SqlMode::of("ANSI_QUOTES,NO_BACKSLASH_ESCAPES"),
        ..event(r#"DELETE FROM "t" WHERE "a b" = 'c\' OR d = 1"#)
    };
    insta::assert_snapshot!(said(&ansi), @r#"purge in app: {"table":"t","where":"`a b` = 'c\\\\' OR `d` = 1"}"#);
}

#[test]
fn a_delete_that_a_purge_cannot_be_stays_a_statement() {
    for body in [
        "DELETE FROM t",
        "DELETE FROM t LIMIT 10",
        "DELETE IGNORE FROM t WHERE a = 1",
        "DELETE t FROM t JOIN u ON t.id = u.id WHERE u.old",
        "DELETE FROM t WHERE id IN (SELECT id FROM u)",
        "DELETE FROM t WHERE a = RAND()",
        "DELETE FROM t WHERE a < @x",
        "DELETE FROM t WHERE u.at < NOW() - INTERVAL 1 DAY",
        "DELETE FROM t WHERE a = 'at :now'",
        "DELETE FROM t WHERE a = 0x1F",
        "DELETE FROM t WHERE a = 1e5",
        "DELETE FROM t WHERE a = x'1F'",
        "DELETE FROM t WHERE a < DATE '2026-01-01'",
        "DELETE FROM t WHERE a < INTERVAL '1-6' YEAR_MONTH + NOW()",
        "DELETE FROM t WHERE a COLLATE utf8mb4_bin = 'x'",
        "DELETE FROM t WHERE a = CURRENT_USER",
        "DELETE FROM t WHERE (a) b = 'x'",
        "DELETE FROM t WHERE at < NOW() + INTERVAL 1 DAY AND a = CURTIME()",
    ] {
        assert_eq!(
            kind(body),
            format!("statement in app: {}", json!({ "sql": body })),
            "{body}"
        );
    }
}

#[test]
fn a_call_with_values_is_a_call_and_one_with_more_a_statement() {
    insta::assert_snapshot!(kind("CALL tidy"), @r#"call in app: {"procedure":"tidy"}"#);
    insta::assert_snapshot!(kind("call other.tidy(1, -2, 'a''b', NULL, true);"), @r#"call in other: {"procedure":"tidy","arguments":[1,-2,"a'b",null,true]}"#);
    insta::assert_snapshot!(kind("CALL tidy(NOW())"), @r#"statement in app: {"sql":"CALL tidy(NOW())"}"#);
    insta::assert_snapshot!(kind("CALL tidy(1.50)"), @r#"statement in app: {"sql":"CALL tidy(1.50)"}"#);
}

#[test]
fn in_another_zone_than_utc_an_age_has_the_columns_zone_and_the_rest_its_own() {
    let berlin = in_zone(
        "DELETE FROM t WHERE at < NOW() - INTERVAL 30 DAY",
        "Europe/Berlin",
    );
    insta::assert_snapshot!(said(&berlin), @r#"purge in app: {"table":"t","column":"at","older_than":"30d","column_zone":"Europe/Berlin"}"#);
    insta::assert_snapshot!(differences(&berlin), @"
    The age is counted from the time of the schedule, and stays the same for the whole run; NOW() in the EVENT was the time at which it began.
    A day of the policy has 24 hours: while a change of the clocks lies within the age, the boundary is an hour beside the EVENT's.
    It ran with the rights of `admin`@`%`; the job runs as the user of its secret, who needs SELECT and DELETE on app.t.
    ");
    insta::assert_snapshot!(said(&in_zone("DELETE FROM t WHERE at < CURDATE() - INTERVAL 30 DAY", "Europe/Berlin")), @"
    procedure
    USE `app`;
    SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
    DELIMITER $$
    CREATE DEFINER=`admin`@`%` PROCEDURE `nightshift_cleanup_old_logs`()
    BEGIN
    SET SESSION time_zone = 'Europe/Berlin';
    DELETE FROM t WHERE at < CURDATE() - INTERVAL 30 DAY
    ;
    END
    $$
    DELIMITER ;
    ");
    assert!(
        said(&in_zone(
            "DELETE FROM t WHERE at < NOW() - INTERVAL 1 DAY",
            "+05:30"
        ))
        .starts_with("procedure")
    );
    assert!(said(&in_zone("CALL tidy", "Europe/Berlin")).starts_with("procedure"));
    assert!(said(&in_zone("UPDATE t SET a = 1 WHERE b = 2", "+02:00")).starts_with("statement"));
}

#[test]
fn the_hourly_statistics_of_the_guide_are_a_statement() {
    let body = "INSERT INTO hourly_stats (hour, requests)\n  SELECT DATE_FORMAT(created_at, '%Y-%m-%d %H:00:00'), COUNT(*) FROM access_logs\n  WHERE created_at >= NOW() - INTERVAL 1 HOUR GROUP BY 1";
    let stats = Event {
        sql_mode: SqlMode::of("NO_ENGINE_SUBSTITUTION"),
        ..event(body)
    };
    assert_eq!(
        said(&stats),
        format!("statement in app: {}", json!({ "sql": body }))
    );
    insta::assert_snapshot!(differences(&stats), @"
    It ran with the rights of `admin`@`%`; the job runs as the user of its secret, who needs the rights for this INSERT.
    It is ended on the server after 14m (budget), the most that a function's time allows; nobody ended the EVENT. What takes longer must be divided first.
    Its NOW() is the time at which it runs: a run that begins late, after a throttle or a retry, sees a later one.
    run-job's sessions have the default sql_mode, the EVENT had none of ONLY_FULL_GROUP_BY, STRICT_TRANS_TABLES, NO_ZERO_IN_DATE, NO_ZERO_DATE, ERROR_FOR_DIVISION_BY_ZERO: what it took with a warning may now be an error.
    ");
}

#[test]
fn a_check_that_this_is_the_writer_is_left_out() {
    let work = "DELETE FROM access_logs WHERE created_at < NOW() - INTERVAL 30 DAY";
    let purge = kind(work);
    for check in [
        "IF (SELECT @@innodb_read_only) = 0 THEN {};  END IF",
        "BEGIN IF @@read_only = 0 THEN {}; END IF; END",
        "BEGIN IF NOT @@GLOBAL.innodb_read_only AND @@super_read_only = 'OFF' THEN {}; END IF; END;",
        "BEGIN DECLARE reader INT; SELECT @@innodb_read_only INTO reader; IF reader = 0 THEN {}; END IF; END",
        "BEGIN SET @ro = @@global.read_only; IF (@ro = 0) THEN {}; ELSE INSERT INTO event_execution_log (event_name, status) VALUES ('e', 'SKIPPED'); END IF; END",
    ] {
        let body = check.replace("{}", work);
        assert_eq!(kind(&body), purge, "{body}");
        assert!(
            differences(&event(&body))
                .starts_with("The check that this server is the writer is left out"),
            "{body}"
        );
    }
}

#[test]
fn a_lock_is_left_out_and_named() {
    let body = "BEGIN IF GET_LOCK('cleanup', 0) = 1 THEN DELETE FROM t WHERE at < NOW() - INTERVAL 1 DAY; DO RELEASE_LOCK('cleanup'); END IF; END";
    insta::assert_snapshot!(kind(body), @r#"purge in app: {"table":"t","column":"at","older_than":"24h"}"#);
    let told = differences(&event(body));
    insta::assert_snapshot!(told.lines().next().unwrap(), @"GET_LOCK('cleanup') is left out: run-job has a lock of its own for each job, and the ledger keeps two runs apart even where a lock is lost. Others that take this lock are no longer kept out.");
}

const MONITORED: &str = "BEGIN
  DECLARE v_start DATETIME(3) DEFAULT NOW(3);
  DECLARE v_error TEXT;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION
  BEGIN
    GET DIAGNOSTICS CONDITION 1 v_error = MESSAGE_TEXT;
    INSERT INTO event_execution_log (event_name, executed_at, status, error_message, execution_time_ms)
    VALUES ('cleanup_old_logs', NOW(), 'ERROR', v_error, TIMESTAMPDIFF(MICROSECOND, v_start, NOW(3)) / 1000);
  END;
  -- the work
  DELETE FROM access_logs WHERE created_at < NOW() - INTERVAL 30 DAY;
  INSERT INTO event_execution_log (event_name, executed_at, status, error_message, execution_time_ms)
  VALUES ('cleanup_old_logs', NOW(), 'SUCCESS', NULL, TIMESTAMPDIFF(MICROSECOND, v_start, NOW(3)) / 1000);
END";

#[test]
fn the_monitored_event_of_the_guide_comes_down_to_its_work() {
    insta::assert_snapshot!(kind(MONITORED), @r#"purge in app: {"table":"access_logs","column":"created_at","older_than":"30d"}"#);
    insta::assert_snapshot!(differences(&event(MONITORED)), @"
    The log in event_execution_log is left out: run-job writes each run into nightshift.event_execution_log, which has the same columns.
    The error handler is left out: run-job ends a failed run as failed, with its error in the ledger and in the mail, and pauses the job after several.
    The age is counted from the time of the schedule, and stays the same for the whole run; NOW() in the EVENT was the time at which it began.
    It ran with the rights of `admin`@`%`; the job runs as the user of its secret, who needs SELECT and DELETE on app.access_logs.
    ");
    let with = |from: &str, to: &str| kind(&MONITORED.replace(from, to));
    assert_eq!(
        with("DECLARE EXIT HANDLER", "DECLARE CONTINUE HANDLER"),
        kind(MONITORED)
    );
    assert_eq!(
        with("  -- the work", "  START TRANSACTION;").replace("COMMIT", ""),
        kind(MONITORED)
    );
    assert_eq!(
        with("  END;", "    ROLLBACK;\n    RESIGNAL;\n  END;"),
        kind(MONITORED)
    );
}

#[test]
fn a_body_that_does_more_is_not_taken_apart() {
    let changed = |from: &str, to: &str| kind(&MONITORED.replace(from, to));
    for (from, to) in [
        // Two works, and one that needs a variable.
        (
            "  -- the work",
            "  DELETE FROM sessions WHERE at < NOW() - INTERVAL 1 DAY;",
        ),
        ("NOW() - INTERVAL 30 DAY", "v_start - INTERVAL 30 DAY"),
        // A handler that works, one for an error of its own, a setting that the work depends on.
        (
            "    GET DIAGNOSTICS",
            "    DELETE FROM broken;\n    GET DIAGNOSTICS",
        ),
        ("FOR SQLEXCEPTION", "FOR 1205"),
        ("  -- the work", "  SET foreign_key_checks = 0;"),
        ("  -- the work", "  SET v_error = 'x', sql_mode = '';"),
        // Logs that are none.
        ("'SUCCESS', NULL", "'SUCCESS', notify_team()"),
        ("'SUCCESS', NULL", "'SUCCESS', (SELECT MAX(id) FROM t)"),
        (
            "event_name, executed_at, status, error",
            "event_name, executed_at, price, error",
        ),
        // Loops, conditions, labels.
        ("  -- the work", "  WHILE 1 DO SELECT 1; END WHILE;"),
        (
            "  -- the work",
            "  IF HOUR(NOW()) = 3 THEN SELECT 1; END IF;",
        ),
        ("BEGIN\n  DECLARE v_start", "work: BEGIN\n  DECLARE v_start"),
        ("  -- the work", "  /*!80000 SET @x = 1; */"),
    ] {
        assert!(
            changed(from, to).starts_with("procedure"),
            "{from} → {to}: {}",
            changed(from, to)
        );
    }
    for body in [
        "BEGIN DELETE FROM a WHERE b = 1; DELETE FROM c WHERE d = 1; END",
        "BEGIN IF @@read_only = 1 THEN DELETE FROM a WHERE b = 1; END IF; END",
        "BEGIN IF @@read_only = 0 OR 1 THEN DELETE FROM a WHERE b = 1; END IF; END",
        "BEGIN IF @@read_only = 0 THEN DELETE FROM a WHERE b = 1; ELSE DELETE FROM c WHERE d = 1; END IF; END",
        "BEGIN SET @days = 30; DELETE FROM a WHERE at < NOW() - INTERVAL @days DAY; END",
        "BEGIN DECLARE days INT DEFAULT 30; DELETE FROM a WHERE at < NOW() - INTERVAL days DAY; END",
        "BEGIN DECLARE c CURSOR FOR SELECT 1; DELETE FROM a WHERE b = 1; END",
        "BEGIN SELECT SLEEP(10); DELETE FROM a WHERE b = 1; END",
        "BEGIN END",
        "SET GLOBAL innodb_io_capacity = 200",
        "DELETE FROM a WHERE b = 'x",
        "CREATE EVENT x ON SCHEDULE AT NOW() DO DELETE FROM a",
    ] {
        assert!(
            kind(body).starts_with("procedure"),
            "{body}: {}",
            kind(body)
        );
    }
}

#[test]
fn a_procedure_has_a_name_and_a_delimiter_that_fit() {
    let mut long = event("BEGIN SELECT '$$', '$$$'; SELECT 1; END");
    long.name = jobs::policy::Name::new(&"ü".repeat(64)).unwrap();
    let Kind::Procedure { create, call } = recognise(&long).kind else {
        panic!()
    };
    assert_eq!(call.procedure.as_str().chars().count(), 63);
    assert!(
        call.procedure.as_str().starts_with("nightshift_ü") && create.contains("DELIMITER $$$$\n")
    );
}

proptest! {
    #[test]
    fn no_body_makes_it_stumble_and_what_is_not_known_whole_is_kept_whole(
        parts in prop::collection::vec(prop::sample::select(vec![
            "BEGIN", "END", ";", "DELETE FROM t", "WHERE", "a", "<", "NOW()", "-", "INTERVAL", "30", "DAY",
            "AND", "(", ")", "IF", "THEN", "ELSE", "END IF", "@@read_only", "= 0", "DECLARE", "EXIT HANDLER FOR",
            "SQLEXCEPTION", "INSERT INTO log", "CALL p", ",", "'x'", "`", "--", "LIMIT 5", "SET", "x", "UNIX_TIMESTAMP",
        ]), 0..25),
    ) {
        let body = parts.join(" ");
        let event = event(&format!("x{body}"));
        if let Kind::Procedure { create, .. } = recognise(&event).kind {
            prop_assert!(create.contains(event.body.trim().trim_end_matches(';')));
        }
        let event = Event { body: format!("BEGIN {body}"), ..event };
        let _ = recognise(&event);
    }

    #[test]
    fn a_purge_never_takes_younger_rows_than_the_event(
        amount in 1..400_u32, unit in prop::sample::select(vec![("HOUR", 3_600), ("DAY", 86_400), ("WEEK", 604_800), ("MINUTE", 60)]),
        clock in prop::sample::select(vec!["NOW()", "CURRENT_TIMESTAMP", "CURDATE()", "UTC_TIMESTAMP()", "CURRENT_DATE"]),
        extra in prop::sample::select(vec!["", " AND a = 1", " OR a = 1", " LIMIT 5"]),
    ) {
        let body = format!("DELETE FROM t WHERE at < {clock} - INTERVAL {amount} {}{extra}", unit.0);
        let Kind::Purge(rows) = recognise(&event(&body)).kind else { panic!("{body}") };
        // An age alone says what NOW() says; a date and an OR are kept as they are.
        let expected = (!clock.contains("DATE") && !extra.contains("OR"))
            .then(|| aurora_model::Span::seconds(amount * unit.1));
        prop_assert_eq!(rows.older_than, expected, "{}", body);
        prop_assert_eq!(rows.free.is_some(), expected.is_none());
        prop_assert_eq!(rows.and.is_some(), extra.contains("AND") && expected.is_some());
    }
}
