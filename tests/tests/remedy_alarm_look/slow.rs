//! Questions that take longer than they may.

use std::time::Duration;

use remedy_alarm::database::{Access, Server};

use tokio::time::Instant;

use crate::{
    rights::ledger,
    scene::{ALL, access, after, of, shop, through},
};

#[tokio::test]
async fn a_question_that_takes_too_long_is_a_gap_and_the_others_are_answered() {
    let server = shop(&[]).await;
    ledger(&server).await;
    server
        .root("GRANT SELECT, LOCK TABLES ON nightshift.* TO app@'%'")
        .await;
    let locks = after(&server, &["LOCK TABLES nightshift.job_run WRITE"]).await;
    let access = Access {
        query: Duration::from_secs(1),
        ..access(&server)
    };
    let mut reader = through(server.port(), "look", &access).await.unwrap();
    let begun = Instant::now();
    let look = reader.look(ALL).await.unwrap();
    assert!(begun.elapsed() < Duration::from_secs(5));
    let gaps: Vec<_> = look.gaps.iter().map(|gap| gap.of).collect();
    assert_eq!(gaps, ["jobs"], "{:?}", look.gaps);
    assert!(of(&look, locks.id()).sleeps());
    assert!(look.sample >= 1.5 && !look.statements.is_empty());
}
