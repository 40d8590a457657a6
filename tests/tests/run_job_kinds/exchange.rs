//! Partitions past their age become tables of an archive.

use insta::assert_snapshot;
use run_job::turn::Ended;
use serde_json::json;

use crate::{
    partitions::{by_date, keep_a_day},
    stage::{Stage, Terms, words},
};

async fn stage(name: &'static str) -> Stage {
    let into = json!({"exchange-into": name});
    Stage::of(name, keep_a_day(into), &by_date(true)).await
}

#[tokio::test]
async fn rows_are_in_the_archive_and_counted_once() {
    let stage = stage("exchanged").await;
    // One that is empty leaves no table behind.
    stage.sql("DELETE FROM logs WHERE id BETWEEN 0 AND 2").await;
    let ended = stage.turn(Terms::default()).await;
    assert!(matches!(ended, Some(Ended::Through)), "{ended:?}");
    assert_eq!(stage.tally().await, (4, 3, 3));
    assert_eq!(
        stage
            .ask("SELECT GROUP_CONCAT(id ORDER BY id) FROM {}.logs_p20261120")
            .await,
        ["3,4,5"]
    );
    assert_eq!(
        stage.ask("SHOW TABLES FROM {}").await,
        ["logs", "logs_p20261120"]
    );
    assert_eq!(
        stage.ask("SELECT MIN(id), MAX(id) FROM {}.logs").await,
        ["6 11"]
    );
}

#[tokio::test]
async fn an_archive_table_with_rows_of_its_own_is_never_exchanged() {
    let stage = stage("in_archive").await;
    let sql = "CREATE TABLE logs_p20261119 (id BIGINT NOT NULL, at DATE NOT NULL, body VARCHAR(20), \
               PRIMARY KEY (id, at), KEY (at)); INSERT INTO logs_p20261119 VALUES (77, '2020-01-01', 'z')";
    stage.sql(sql).await;
    assert_snapshot!(words(stage.turn(Terms::default()).await), @"the archive table in_archive.logs_p20261119 has 1 rows, and partition p20261119 has rows as well: nothing was exchanged. Rename the table, or move its rows elsewhere");
    assert_eq!(stage.ask("SELECT id FROM {}.logs_p20261119").await, ["77"]);
    assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.logs").await, ["12"]);
}

#[tokio::test]
async fn an_archive_table_of_another_shape_is_told() {
    let stage = stage("other_shape").await;
    stage.sql("CREATE TABLE logs_p20261119 (id INT)").await;
    assert_snapshot!(words(stage.turn(Terms::default()).await), @"the archive table other_shape.logs_p20261119 is not defined as the partitioned table is (1736): drop it if it is empty, and it is made anew; where columns were added with ALGORITHM=INSTANT, rebuild the table once (ALTER TABLE … FORCE)");
    assert_eq!(stage.ask("SELECT COUNT(*) FROM {}.logs").await, ["12"]);
}
