//! What a job would do, and why it must not run, asked of a real server.

use jobs::Job;
use run_job::{mysql::Servers, purge, turn::Outlook};
use serde_json::{Value, json};

use crate::scene::{Scene, open};

const TABLES: &str = "CREATE TABLE t (n INT PRIMARY KEY, created_at DATETIME, state VARCHAR(20), f FLOAT,
       KEY by_age (created_at), KEY by_state (state));
     INSERT INTO t SELECT n, '2026-01-01' + INTERVAL n HOUR, IF(n < 20, 'closed', 'open'), 0 FROM
       (SELECT a.n + 20 * b.n AS n FROM
       (WITH RECURSIVE r AS (SELECT 0 n UNION ALL SELECT n + 1 FROM r WHERE n < 19) SELECT n FROM r) a,
       (WITH RECURSIVE r AS (SELECT 0 n UNION ALL SELECT n + 1 FROM r WHERE n < 99) SELECT n FROM r) b) x;
     CREATE TABLE no_key (created_at DATETIME);
     CREATE TABLE float_key (f FLOAT PRIMARY KEY, created_at DATETIME);
     CREATE TABLE prefix_key (v VARCHAR(50), created_at DATETIME, PRIMARY KEY (v(5)));
     CREATE TABLE descending (n INT, created_at DATETIME, PRIMARY KEY (n DESC));
     CREATE TABLE isam (n INT PRIMARY KEY, created_at DATETIME) ENGINE = MyISAM;
     CREATE VIEW seen AS SELECT * FROM t;
     CREATE TABLE watched (n INT PRIMARY KEY, created_at DATETIME);
     CREATE TRIGGER watch AFTER DELETE ON watched FOR EACH ROW SET @gone = OLD.n;
     CREATE TABLE parent (n INT PRIMARY KEY, created_at DATETIME);
     CREATE TABLE child (n INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (n) ON DELETE CASCADE);
     CREATE TABLE archive LIKE t; CREATE TABLE narrow (n INT PRIMARY KEY, created_at DATETIME);
     ANALYZE TABLE t";

async fn look(scene: &mut Scene, kind: &str, rows: Value) -> Outlook {
    let job = json!({
        "job": "a-job", "cluster": "c", "secret": "s", "database": scene.schema, kind: rows
    });
    let job: Job = serde_json::from_value(job).unwrap();
    let slot = "2026-07-01T00:00:00Z".parse().unwrap();
    purge::look::<Servers>(&mut scene.session, &job, slot)
        .await
        .unwrap()
}

fn aged(table: &str, days: u32) -> Value {
    json!({"table": table, "column": "created_at", "older_than": format!("{days}d")})
}

#[tokio::test]
async fn the_index_that_leads_to_far_fewer_rows_is_walked_and_the_report_says_why() {
    let mut scene = Scene::new("l_choice", TABLES).await;
    let outlook = look(&mut scene, "purge", aged("t", 176)).await;
    assert_eq!(
        (outlook.refused.len(), outlook.walk.as_str()),
        (0, "by_age"),
        "{outlook:?}"
    );
    assert_eq!(outlook.estimate, Some(120), "{outlook:?}");
    assert_eq!(
        outlook.notes[0],
        "walks by_age: it leads to about 120 of 2,000 rows, far fewer than PRIMARY"
    );
    let outlook = look(&mut scene, "purge", aged("t", 141)).await;
    assert_eq!(outlook.walk, "PRIMARY", "{outlook:?}");
    let mut rows = aged("t", 141);
    rows["and"] = json!({"column": "state", "operator": "=", "value": "closed"});
    let outlook = look(&mut scene, "purge", rows).await;
    assert_eq!(
        (outlook.walk.as_str(), outlook.estimate),
        ("by_state", Some(20)),
        "{outlook:?}"
    );
}

#[tokio::test]
async fn a_condition_of_ones_own_needs_an_index_or_consent() {
    let mut scene = Scene::new("l_where", TABLES).await;
    let outlook = look(
        &mut scene,
        "purge",
        json!({"table": "t", "where": "state = 'closed'"}),
    )
    .await;
    assert_eq!(
        (outlook.refused.len(), outlook.walk.as_str()),
        (0, "by_state"),
        "{outlook:?}"
    );
    let outlook = look(&mut scene, "purge", json!({"table": "t", "where": "f > 1"})).await;
    let scans = "where: no index leads to its rows, so that about 2,000 rows would be read: \
                 add an index, or set accept_scan";
    assert_eq!(outlook.refused, [scans]);
    let rows = json!({"table": "t", "where": "f > 1", "accept_scan": true});
    let outlook = look(&mut scene, "purge", rows).await;
    assert_eq!(
        (outlook.refused.len(), outlook.walk.as_str()),
        (0, "PRIMARY")
    );
    let now = "created_at < :now - INTERVAL 176 DAY";
    let outlook = look(&mut scene, "purge", json!({"table": "t", "where": now})).await;
    assert_eq!(
        (outlook.walk.as_str(), outlook.estimate),
        ("by_age", Some(120)),
        "{outlook:?}"
    );
}

#[tokio::test]
async fn what_must_not_run_is_refused_with_the_remedy() {
    let mut scene = Scene::new("l_refused", TABLES).await;
    let mut refused = Vec::new();
    for table in [
        "no_key",
        "float_key",
        "prefix_key",
        "descending",
        "isam",
        "seen",
        "watched",
        "parent",
        "gone",
    ] {
        let outlook = look(&mut scene, "purge", aged(table, 30)).await;
        refused.push(outlook.refused.join("\n"));
    }
    for rows in [
        json!({"table": "t"}),
        json!({"table": "t", "column": "born", "older_than": "1d"}),
        json!({"table": "t", "column": "state", "older_than": "1d"}),
        json!({"table": "t", "where": "no_such_column = 1"}),
        json!({"table": "t", "where": "1 = 1) OR (1 = 1"}),
        json!({"table": "t", "column": "created_at", "older_than": "1d",
               "and": {"column": "state", "operator": "=", "value": 0}}),
    ] {
        let outlook = look(&mut scene, "purge", rows).await;
        refused.push(outlook.refused.join("\n"));
    }
    for into in ["narrow", "nowhere", "t"] {
        let mut rows = aged("t", 30);
        rows["into"] = into.into();
        let outlook = look(&mut scene, "archive", rows).await;
        refused.push(outlook.refused.join("\n"));
    }
    insta::assert_snapshot!(refused.join("\n"), @r"
    no_key has no primary key, so a run could not keep its place: ALTER TABLE no_key ADD COLUMN id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY
    float_key has f float in its primary key, which a place cannot be kept in exactly: use a whole number, a decimal, a date or time, or CHAR, VARCHAR, BINARY or VARBINARY
    prefix_key has a primary key with a descending column or a prefix of one, which cannot be walked: make it one of whole, ascending columns
    descending has a primary key with a descending column or a prefix of one, which cannot be walked: make it one of whole, ascending columns
    isam is kept by MyISAM, where a step is no transaction: ALTER TABLE isam ENGINE = InnoDB
    seen is a view: name the table whose rows are to go
    watched has the trigger watch, which would act on each row that goes: drop it, or do its work by a job of its own
    child (p) refers to parent by a foreign key with ON DELETE CASCADE, which would change its rows unseen: name it in children
    table: there is no table l_refused.gone, or the job's user may not see it: GRANT SELECT, DELETE ON l_refused.gone
    give either column and older_than (and, where wanted, and), or where alone
    column: the table t has no column born; name one that it has
    column: state is varchar(20), which holds no age in unit time; that takes DATE, DATETIME or TIMESTAMP
    where: the server does not take it as a condition (error 1054); try it in a SELECT
    where: it closes a parenthesis that it did not open
    and: state is varchar(20), so the value is a text, not 0
    into: narrow has no column state; add it
    into: narrow has no column f; add it
    into: there is no table nowhere, or the job's user may not see it: CREATE TABLE nowhere LIKE t
    into: t is the table itself; name another
    ");
}

#[tokio::test]
async fn children_that_are_named_and_an_archive_that_is_alike_are_not_refused() {
    let mut scene = Scene::new("l_alike", TABLES).await;
    let mut rows = aged("parent", 30);
    rows["children"] = json!([{"table": "child", "columns": ["P"]}]);
    let outlook = look(&mut scene, "purge", rows).await;
    assert_eq!(
        (&outlook.refused[..], outlook.notes.len()),
        (&[][..], 2),
        "{outlook:?}"
    );
    let mut rows = aged("t", 30);
    rows["into"] = "l_alike.archive".into();
    let outlook = look(&mut scene, "archive", rows).await;
    assert_eq!(outlook.refused, Vec::<String>::new());
    assert!(
        outlook.would.starts_with("move to l_alike.archive "),
        "{outlook:?}"
    );
    scene.session = open(&scene.server, scene.server.port()).await;
}
