//! The statements that take the time.

use mysql_async::prelude::Queryable;
use remedy_alarm::database::{Server, look::Gap};

use crate::scene::{ALL, after, client, look, no_literal, open, shop};

const BUSY: &str = "SELECT `n` FROM `shop` . `orders` WHERE `id` = ?";

#[tokio::test]
async fn what_takes_the_time_while_we_look_comes_first() {
    let server = shop(&[]).await;
    let _once = after(&server, &["DO SLEEP(1.25), 'a-secret'"]).await;
    let mut busy = client(&server).await;
    busy.query_drop("USE shop").await.unwrap();
    let busy = tokio::spawn(async move {
        loop {
            let select = "SELECT n FROM shop.orders WHERE id = 4711";
            busy.query_drop(select).await.unwrap();
        }
    });
    let look = look(&server, ALL).await;
    busy.abort();
    assert!((1.5..15.0).contains(&look.sample), "{}", look.sample);
    let (first, rest) = look.statements.split_first().unwrap();
    assert_eq!(
        (first.text.as_str(), first.schema.as_deref()),
        (BUSY, Some("shop"))
    );
    assert!(
        first.calls_now > 20 && first.calls_now <= first.calls,
        "{first:?}"
    );
    assert!(
        first.seconds_now > 0.0 && first.seconds_now <= first.seconds,
        "{first:?}"
    );
    let once = rest
        .iter()
        .find(|it| it.text.starts_with("DO `SLEEP`"))
        .unwrap();
    assert!((1.25..2.0).contains(&once.seconds), "{once:?}");
    assert_eq!((once.calls, once.calls_now), (1, 0));
    let key = |it: &remedy_alarm::database::look::Digest| (it.seconds_now, it.seconds);
    assert!(
        look.statements
            .is_sorted_by(|one, other| key(one) >= key(other))
    );
    assert!(
        1 <= first.age && first.age <= once.age && once.age <= look.known,
        "{look:?}"
    );
    assert!((1..look.up + 20).contains(&look.known), "{look:?}");
    assert!(look.statements.len() <= 5);
    let own = look
        .statements
        .iter()
        .find(|it| it.text.to_lowercase().contains("_schema`"));
    assert_eq!(own, None);
    no_literal(&look, &["a-secret", "4711"]);
}

#[tokio::test]
async fn a_table_of_statements_that_is_full_is_told() {
    let server = shop(&["--performance-schema-digests-size=3"]).await;
    let mut busy = client(&server).await;
    let busy = tokio::spawn(async move {
        loop {
            busy.query_drop("SELECT n FROM shop.orders").await.unwrap();
        }
    });
    let look = open(&server, "look").await.look(ALL).await.unwrap();
    busy.abort();
    let [
        Gap {
            of: "statements",
            why,
        },
    ] = &look.gaps[..]
    else {
        panic!("{:?}", look.gaps);
    };
    assert!(
        why.starts_with("the server's table of them is full: "),
        "{why}"
    );
}
