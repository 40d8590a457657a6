//! What SQL a policy may hold.

use super::*;

fn of_where(sql: &str) -> Value {
    json!({"purge": {"table": "logs", "where": sql}})
}

fn of_statement(sql: &str) -> Value {
    json!({"statement": {"sql": sql}})
}

#[test]
fn conditions_that_people_write_are_taken() {
    for sql in [
        "state = 'closed' AND closed_at < :now - INTERVAL 30 DAY",
        "note LIKE '50\\% off; now' OR note = 'it''s -- #fine /* too */ ?'",
        "`now` < 5--1 AND current_total > 0",
        "id IN (SELECT order_id FROM gone WHERE at < :now)",
        "path REGEXP '^/a\\\\'",
        "at < FROM_UNIXTIME(UNIX_TIMESTAMP(:now) - 60)",
        "data->'$.state' = \"closed\"",
    ] {
        assert!(parse::<Job>(&job(&of_where(sql))).is_ok(), "{sql}");
    }
}

#[test]
fn conditions_that_could_surprise_are_refused() {
    let wrong = [
        "",
        "  ",
        "1=1; DROP TABLE logs",
        "1=1 -- and more",
        "1=1 # more",
        "1=1 /* x */",
        "1=1 /*! OR 1 */",
        "1=1 /* x",
        "1) OR (1",
        "(1=1",
        "a = 'x",
        "a = \"x",
        "`a = 1",
        "a = 'it\\'s'",
        "a = ?",
        "@a = 1",
        "a < NOW() - INTERVAL 1 DAY",
        "a < now ( )",
        "a < current_timestamp",
        "a < UNIX_TIMESTAMP()",
        "RAND() < 0.5",
        "SLEEP(10)",
        "GET_LOCK('x', 1)",
        "a < :then",
        "a := 1",
        "a = '\0'; x",
        "a = \0",
    ];
    let said: Vec<String> = wrong
        .iter()
        .map(|sql| format!("{sql:?}: {}", error(of_where(sql))))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    "": policy.purge.where: expected a condition such as state = 'closed', got nothing
    "  ": policy.purge.where: expected a condition such as state = 'closed', got nothing
    "1=1; DROP TABLE logs": policy.purge.where: expected no ; outside quotes, got one
    "1=1 -- and more": policy.purge.where: expected no comment, got one
    "1=1 # more": policy.purge.where: expected no comment, got one
    "1=1 /* x */": policy.purge.where: expected no comment, got one
    "1=1 /*! OR 1 */": policy.purge.where: expected no /*! */, which the server runs, got one
    "1=1 /* x": policy.purge.where: expected */ at the end of a comment, got none
    "1) OR (1": policy.purge.where: expected as many ( as ), got a ) too many
    "(1=1": policy.purge.where: expected as many ( as ), got a ( too many
    "a = 'x": policy.purge.where: expected ' at the end of a text, got none
    "a = \"x": policy.purge.where: expected " at the end of a text, got none
    "`a = 1": policy.purge.where: expected ` at the end of a text, got none
    "a = 'it\\'s'": policy.purge.where: expected '' for a quote in a text, got \'
    "a = ?": policy.purge.where: expected no ? outside quotes, got one
    "@a = 1": policy.purge.where: expected no @ outside quotes, got one
    "a < NOW() - INTERVAL 1 DAY": policy.purge.where: expected a condition that stays the same for the whole run, got NOW; the trigger's time is :now
    "a < now ( )": policy.purge.where: expected a condition that stays the same for the whole run, got now; the trigger's time is :now
    "a < current_timestamp": policy.purge.where: expected a condition that stays the same for the whole run, got current_timestamp; the trigger's time is :now
    "a < UNIX_TIMESTAMP()": policy.purge.where: expected a condition that stays the same for the whole run, got UNIX_TIMESTAMP; the trigger's time is :now
    "RAND() < 0.5": policy.purge.where: expected a condition that stays the same for the whole run, got RAND; the trigger's time is :now
    "SLEEP(10)": policy.purge.where: expected a condition that stays the same for the whole run, got SLEEP; the trigger's time is :now
    "GET_LOCK('x', 1)": policy.purge.where: expected a condition that stays the same for the whole run, got GET_LOCK; the trigger's time is :now
    "a < :then": policy.purge.where: expected no placeholder but :now, got :then
    "a := 1": policy.purge.where: expected no placeholder but :now, got :
    "a = '\0'; x": policy.purge.where: expected no ; outside quotes, got one
    "a = \0": policy.purge.where: expected SQL, got a NUL in it
    "#);
}

#[test]
fn statements_that_people_write_are_taken() {
    for sql in [
        "INSERT INTO hourly SELECT DATE_FORMAT(at, '%H;'), COUNT(*) FROM logs GROUP BY 1 -- by hour",
        "/* weekly */ REPLACE INTO weekly SELECT NOW(), 1",
        "WITH x AS (SELECT 1) SELECT /*+ MAX_EXECUTION_TIME(1000) */ * FROM x",
        "(SELECT 1)",
        "ANALYZE TABLE logs",
        "UPDATE t SET a = a--1; ",
    ] {
        assert!(parse::<Job>(&job(&of_statement(sql))).is_ok(), "{sql}");
    }
}

#[test]
fn statements_that_are_not_one_or_outlive_themselves_are_refused() {
    let wrong = [
        "",
        "-- nothing",
        "DELETE FROM a; DELETE FROM b",
        "BEGIN DELETE FROM a END",
        "start transaction",
        "/* x */ COMMIT",
        "SET GLOBAL a = 1",
        "CALL tidy()",
        "DELETE FROM a /*!; DROP TABLE b */",
        "UPDATE t SET a = a--1; DROP TABLE t",
        "USE other",
    ];
    let said: Vec<String> = wrong
        .iter()
        .map(|sql| format!("{sql:?}: {}", error(of_statement(sql))))
        .collect();
    insta::assert_snapshot!(said.join("\n"), @r#"
    "": policy.statement.sql: expected one statement, got nothing
    "-- nothing": policy.statement.sql: expected one statement, got nothing
    "DELETE FROM a; DELETE FROM b": policy.statement.sql: expected no ; outside quotes, got one
    "BEGIN DELETE FROM a END": policy.statement.sql: expected a statement that begins with INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, ALTER, CREATE, DROP, RENAME, got BEGIN; put what is more into a procedure and say call
    "start transaction": policy.statement.sql: expected a statement that begins with INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, ALTER, CREATE, DROP, RENAME, got START; put what is more into a procedure and say call
    "/* x */ COMMIT": policy.statement.sql: expected a statement that begins with INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, ALTER, CREATE, DROP, RENAME, got COMMIT; put what is more into a procedure and say call
    "SET GLOBAL a = 1": policy.statement.sql: expected a statement that begins with INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, ALTER, CREATE, DROP, RENAME, got SET; put what is more into a procedure and say call
    "CALL tidy()": policy.statement.sql: expected a statement, got CALL; say call in place of statement
    "DELETE FROM a /*!; DROP TABLE b */": policy.statement.sql: expected no /*! */, which the server runs, got one
    "UPDATE t SET a = a--1; DROP TABLE t": policy.statement.sql: expected no ; outside quotes, got one
    "USE other": policy.statement.sql: expected a statement that begins with INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, ALTER, CREATE, DROP, RENAME, got USE; put what is more into a procedure and say call
    "#);
}

#[test]
fn a_query_of_the_team_is_a_select() {
    let of = |sql| json!({"throttle": {"query": {"sql": sql, "soft": 1.5}}});
    for sql in [
        "SELECT COUNT(*) FROM queue",
        "WITH a AS (SELECT 1) SELECT * FROM a",
    ] {
        assert!(parse::<Job>(&job(&of(sql))).is_ok(), "{sql}");
    }
    insta::assert_snapshot!(error(of("DELETE FROM queue")), @"policy.throttle.query.sql: expected a SELECT, got DELETE");
    insta::assert_snapshot!(error(of("SELECT 1; SELECT 2")), @"policy.throttle.query.sql: expected no ; outside quotes, got one");
    insta::assert_snapshot!(error(of("")), @"policy.throttle.query.sql: expected a SELECT, got nothing");
}
