//! Clients at work while the job runs.

use std::sync::atomic::{AtomicBool, Ordering};

use mysql_async::prelude::Queryable;

use crate::{stage::Stage, subject::Load};

/// Runs the load's statements, one after another, until it is to stop: how many errors there were.
pub async fn run(stage: &Stage, load: &Load, stop: &AtomicBool) -> usize {
    let mut errors = 0;
    let mut session = stage
        .writer()
        .login("job", "job-and-nobody-else")
        .await
        .unwrap();
    let mut number = 0;
    while !stop.load(Ordering::Relaxed) {
        let sql = &load.sql[number % load.sql.len()];
        // Every row in turn, but not in their order.
        let id = 1 + (number * 7) % 20;
        let done = session.query_drop(sql.replace("{id}", &id.to_string()));
        errors += usize::from(done.await.is_err());
        number += 1;
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    session.disconnect().await.unwrap();
    errors
}
