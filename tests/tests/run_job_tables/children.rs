//! Rows that belong to others go before them, a few at a time.

use run_job::database::{Kin, Table};

use crate::scene::{Scene, name};

/// Ten rows, old but for two; each has its number of lines, each of which has two words.
const ROWS: &str = "CREATE TABLE t (n INT PRIMARY KEY, created_at DATETIME, code VARCHAR(9) UNIQUE);
     CREATE TABLE line (n INT PRIMARY KEY, code VARCHAR(9), CONSTRAINT of_t FOREIGN KEY (code) REFERENCES t (code));
     CREATE TABLE word (a INT, n INT, line INT, PRIMARY KEY (a, n), FOREIGN KEY (line) REFERENCES line (n));
     INSERT INTO t WITH RECURSIVE r AS (SELECT 1 n UNION ALL SELECT n + 1 FROM r WHERE n < 10)
       SELECT n, IF(n <= 8, '2026-01-01', '2026-12-01'), CONCAT('c', n) FROM r;
     INSERT INTO line SELECT a.n * 100 + b.n, a.code FROM t a JOIN t b ON b.n <= a.n;
     INSERT INTO word SELECT 1, n, n FROM line; INSERT INTO word SELECT 2, n, n FROM line";

fn kin(table: Table, column: &str, references: &str, children: Vec<Kin>) -> Kin {
    let (columns, references) = (vec![name(column)], vec![name(references)]);
    Kin {
        table,
        columns,
        references,
        children,
    }
}

async fn scene(schema: &'static str) -> Scene {
    let mut scene = Scene::new(schema, ROWS).await;
    let (line, word) = (scene.table("line").await, scene.table("word").await);
    let words = kin(word, "line", "n", Vec::new());
    scene.children = vec![kin(line, "code", "code", vec![words])];
    scene
}

#[tokio::test]
async fn children_of_two_generations_go_before_their_rows() {
    for (schema, most) in [("c_few", 3), ("c_one", 1), ("c_many", 1_000)] {
        let mut scene = scene(schema).await;
        scene.most = most;
        let walked = scene.walk(most.min(4)).await;
        // 36 lines of eight rows, and two words of each.
        assert_eq!((walked.rows, walked.children), (8, 36 + 72), "{schema}");
        assert_eq!(scene.numbers("t").await, ["9", "10"].map(str::to_owned));
        assert_eq!(scene.numbers("line").await.len(), 19);
        assert_eq!(scene.numbers("word").await.len(), 38);
        let (_, ledger) = scene.ledger().await;
        assert_eq!((ledger.rows, ledger.children), (8, 108));
    }
}

#[tokio::test]
async fn what_the_server_knows_of_foreign_keys_is_read() {
    let scene = scene("c_read").await;
    let key = &scene.table.referred_by[0];
    assert_eq!(
        (key.table.as_str(), key.on_delete.as_str()),
        ("line", "NO ACTION")
    );
    assert_eq!(
        (&key.columns[..], &key.references[..]),
        (&["code".to_owned()][..], &["code".to_owned()][..])
    );
}
