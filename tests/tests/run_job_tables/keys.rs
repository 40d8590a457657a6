//! Every kind of key is read, kept as JSON, and compared as its index is ordered.

use fastrand::Rng;

use crate::scene::{CUTOFF, Scene};

/// A table whose key is hostile.
struct Shape {
    schema: &'static str,
    /// The key's columns as they are declared, and their names.
    columns: &'static str,
    key: &'static str,
    /// Values for the columns, as SQL.
    values: fn(&mut Rng) -> String,
}

fn among(random: &mut Rng, values: &[&str]) -> String {
    values[random.usize(..values.len())].to_owned()
}

fn text(random: &mut Rng) -> String {
    let letters = [
        "a",
        "A",
        "ä",
        "Ä",
        "ß",
        "ss",
        "é",
        "e\u{301}",
        "😀",
        "👩\u{200d}🚀",
        " ",
        "  ",
        "\\0",
        "\\'",
        "\\\\",
        "_",
        "%",
        "z",
    ];
    let many = random.usize(0..4);
    let text: String = (0..many).map(|_| among(random, &letters)).collect();
    format!("'{text}'")
}

fn latin(random: &mut Rng) -> String {
    let many = random.usize(0..4);
    let letters = ["a", "A", "ä", "Ä", "ß", "é", "€", " ", "ÿ", "z"];
    let text: String = (0..many).map(|_| among(random, &letters)).collect();
    format!("'{text}'")
}

fn bytes(random: &mut Rng) -> String {
    let many = random.usize(0..4);
    let digits: String = (0..many)
        .map(|_| among(random, &["00", "01", "20", "7F", "80", "FF"]))
        .collect();
    format!("x'{digits}'")
}

fn unsigned(random: &mut Rng) -> String {
    let edges = [
        "0",
        "1",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
    ];
    match random.u8(..4) {
        0 => among(random, &edges),
        1 => (u64::MAX - random.u64(..50)).to_string(),
        _ => random.u64(..).to_string(),
    }
}

fn signed(random: &mut Rng) -> String {
    let edges = ["-9223372036854775808", "-1", "0", "9223372036854775807"];
    if random.bool() {
        among(random, &edges)
    } else {
        random.i64(..).to_string()
    }
}

/// Several that are the same floating-point number.
fn decimal(random: &mut Rng) -> String {
    let sign = among(random, &["", "-"]);
    format!(
        "{sign}1234567890123456789{}.{:05}",
        random.u8(..10),
        random.u32(..100_000)
    )
}

fn day(random: &mut Rng) -> String {
    let odd = [
        "'0000-00-00'",
        "'2026-00-00'",
        "'2026-02-00'",
        "'9999-12-31'",
        "'1000-01-01'",
    ];
    if random.u8(..4) == 0 {
        return among(random, &odd);
    }
    format!(
        "'20{:02}-{:02}-{:02}'",
        random.u8(..40),
        random.u8(1..13),
        random.u8(1..29)
    )
}

fn moment(random: &mut Rng) -> String {
    let odd = [
        "'0000-00-00 00:00:00'",
        "'2026-00-10 01:02:03.5'",
        "'9999-12-31 23:59:59.999999'",
    ];
    if random.u8(..4) == 0 {
        return among(random, &odd);
    }
    let second = random.u8(..2);
    format!(
        "'2026-01-01 00:00:0{second}.{:06}'",
        random.u32(..1_000_000)
    )
}

fn stamp(random: &mut Rng) -> String {
    let odd = [
        "0",
        "'1970-01-01 00:00:01'",
        "'2038-01-19 03:14:07'",
        "'2026-10-25 02:30:00'",
    ];
    if random.u8(..4) == 0 {
        return among(random, &odd);
    }
    format!(
        "'2026-03-29 0{}:30:00.{:03}'",
        random.u8(..5),
        random.u16(..1_000)
    )
}

fn clock(random: &mut Rng) -> String {
    let sign = among(random, &["", "-"]);
    format!(
        "'{sign}{}:{:02}:07.{:03}'",
        random.u16(..838),
        random.u8(..60),
        random.u16(..1_000)
    )
}

fn year(random: &mut Rng) -> String {
    if random.u8(..9) == 0 {
        "0".to_owned()
    } else {
        random.u16(1901..2156).to_string()
    }
}

fn null_or(random: &mut Rng, value: fn(&mut Rng) -> String) -> String {
    if random.u8(..3) == 0 {
        "NULL".to_owned()
    } else {
        value(random)
    }
}

const SHAPES: [Shape; 18] = [
    Shape {
        schema: "k_unsigned",
        columns: "k BIGINT UNSIGNED",
        key: "k",
        values: unsigned,
    },
    Shape {
        schema: "k_signed",
        columns: "k BIGINT",
        key: "k",
        values: signed,
    },
    Shape {
        schema: "k_decimal",
        columns: "k DECIMAL(30,5)",
        key: "k",
        values: decimal,
    },
    Shape {
        schema: "k_text",
        columns: "k VARCHAR(30) COLLATE utf8mb4_0900_ai_ci",
        key: "k",
        values: text,
    },
    Shape {
        schema: "k_cased",
        columns: "k VARCHAR(30) COLLATE utf8mb4_0900_as_cs",
        key: "k",
        values: text,
    },
    Shape {
        schema: "k_padded",
        columns: "k VARCHAR(30) COLLATE utf8mb4_general_ci",
        key: "k",
        values: text,
    },
    Shape {
        schema: "k_bin",
        columns: "k VARCHAR(30) COLLATE utf8mb4_bin",
        key: "k",
        values: text,
    },
    Shape {
        schema: "k_char",
        columns: "k CHAR(30) COLLATE utf8mb4_0900_ai_ci",
        key: "k",
        values: text,
    },
    Shape {
        schema: "k_latin",
        columns: "k VARCHAR(30) COLLATE latin1_german1_ci",
        key: "k",
        values: latin,
    },
    Shape {
        schema: "k_coded",
        columns: "k VARCHAR(30) COLLATE cp1250_general_ci",
        key: "k",
        values: latin,
    },
    Shape {
        schema: "k_bytes",
        columns: "k VARBINARY(30)",
        key: "k",
        values: bytes,
    },
    Shape {
        schema: "k_binary",
        columns: "k BINARY(4)",
        key: "k",
        values: bytes,
    },
    Shape {
        schema: "k_date",
        columns: "k DATE",
        key: "k",
        values: day,
    },
    Shape {
        schema: "k_moment",
        columns: "k DATETIME(6)",
        key: "k",
        values: moment,
    },
    Shape {
        schema: "k_stamp",
        columns: "k TIMESTAMP(3)",
        key: "k",
        values: stamp,
    },
    Shape {
        schema: "k_clock",
        columns: "k TIME(3)",
        key: "k",
        values: clock,
    },
    Shape {
        schema: "k_year",
        columns: "k YEAR",
        key: "k",
        values: year,
    },
    Shape {
        schema: "k_mixed",
        columns: "k VARCHAR(30) COLLATE utf8mb4_0900_ai_ci, `l``m` BIGINT UNSIGNED, `select` VARBINARY(9), d DATE",
        key: "k, `l``m`, `select`, d",
        values: |random| {
            let k = among(random, &["'a'", "'Ä'", "'b '"]);
            let l = among(random, &["0", "5", "18446744073709551615"]);
            format!("{k}, {l}, {}, {}", bytes(random), day(random))
        },
    },
];

/// Rows with hostile keys, and twins of the table for the result that one `DELETE` has.
fn rows(
    columns: &str,
    more: &str,
    random: &mut Rng,
    values: impl Fn(&mut Rng) -> String,
) -> String {
    let rows: Vec<String> = (0..90)
        .map(|n| {
            let month = random.u8(1..13);
            format!("({n}, '2026-{month:02}-03 04:05:06', {})", values(random))
        })
        .collect();
    format!(
        "SET sql_mode = ''; SET time_zone = '+00:00'; \
         CREATE TABLE t (n INT, created_at DATETIME, {columns}, {more}); \
         INSERT IGNORE INTO t VALUES {}; CREATE TABLE twin LIKE t; INSERT INTO twin SELECT * FROM t; \
         DELETE FROM twin WHERE created_at < '{CUTOFF}'; ANALYZE TABLE t",
        rows.join(", ")
    )
}

/// The numbers of rows before, gone, and whether what is left is what one `DELETE` leaves.
async fn walk_all(scene: &mut Scene, rows: u32) {
    let before = scene.numbers("t").await.len();
    let walked = scene.walk(rows).await;
    let after = scene.numbers("t").await;
    assert_eq!(after, scene.numbers("twin").await, "{}", scene.schema);
    assert_eq!(
        walked.rows,
        (before - after.len()) as u64,
        "{}",
        scene.schema
    );
    let (_, ledger) = scene.ledger().await;
    assert_eq!(
        (ledger.rows, ledger.checksum),
        (walked.rows, walked.checksum)
    );
    if scene.index == "PRIMARY" {
        // No entry was passed by twice, and none was left out.
        assert_eq!(
            walked.stretches,
            before as u64 / u64::from(rows),
            "{}",
            scene.schema
        );
    }
}

#[tokio::test]
async fn a_walk_over_any_primary_key_leaves_what_one_delete_leaves() {
    for (seed, shape) in (1..).zip(SHAPES) {
        let mut random = Rng::with_seed(seed);
        let more = format!("PRIMARY KEY ({})", shape.key);
        let sql = rows(shape.columns, &more, &mut random, shape.values);
        let mut scene = Scene::new(shape.schema, &sql).await;
        walk_all(&mut scene, 4).await;
    }
}

#[tokio::test]
async fn a_walk_over_an_index_with_nulls_leaves_what_one_delete_leaves() {
    for (seed, (schema, columns, value)) in (100..).zip([
        ("i_text", "v VARCHAR(20)", text as fn(&mut Rng) -> String),
        ("i_number", "v BIGINT UNSIGNED", unsigned),
        ("i_date", "v DATE", day),
        ("i_bytes", "v VARBINARY(9)", bytes),
    ]) {
        let mut random = Rng::with_seed(seed);
        let columns = format!("id BIGINT, part VARCHAR(9), {columns}, w TIME(1)");
        let more = "PRIMARY KEY (part, id), KEY by_age (created_at, v, w)";
        let sql = rows(&columns, more, &mut random, |random| {
            let (id, part) = (signed(random), latin(random));
            format!(
                "{id}, {part}, {}, {}",
                null_or(random, value),
                null_or(random, clock)
            )
        });
        let mut scene = Scene::new(schema, &sql).await;
        scene.index = "by_age";
        walk_all(&mut scene, 3).await;
    }
}

#[tokio::test]
async fn an_index_is_walked_up_to_the_cutoff_only() {
    let mut random = Rng::with_seed(7);
    let more = "PRIMARY KEY (k), KEY by_age (created_at)";
    let sql = rows("k BIGINT", more, &mut random, signed);
    let mut scene = Scene::new("k_cutoff", &sql).await;
    scene.index = "by_age";
    let old = scene
        .column(&format!(
            "SELECT COUNT(*) FROM t WHERE created_at < '{CUTOFF}'"
        ))
        .await;
    let old: u64 = old[0].parse().unwrap();
    assert!(old > 10);
    let walked = scene.walk(5).await;
    assert_eq!((walked.stretches, walked.rows), (old / 5, old));
}
