//! A single DELETE in an EVENT, run by the server's own scheduler.

use std::time::Duration;

use mysql_async::prelude::Queryable;
use tokio::time::{sleep, timeout};

use super::LIMIT;
use crate::stage::Stage;

const POLL: Duration = Duration::from_millis(200);

/// Creates the EVENT, and waits for the row by which it says that it is through.
pub async fn work(stage: &Stage) -> Result<(), String> {
    let mut session = stage.session().await?;
    let event = format!(
        "CREATE EVENT shop.cleanup ON SCHEDULE AT CURRENT_TIMESTAMP ON COMPLETION PRESERVE DO \
         BEGIN DELETE FROM shop.access_logs WHERE created_at < '{}'; \
         INSERT INTO shop.cleanup_log VALUES (NOW()); END",
        stage.cutoff()
    );
    let log = "CREATE TABLE shop.cleanup_log (at DATETIME PRIMARY KEY)";
    for statement in [log, &event] {
        session
            .query_drop(statement)
            .await
            .map_err(|e| e.to_string())?;
    }
    let through = async {
        loop {
            let done: Option<u64> = session
                .query_first("SELECT COUNT(*) FROM shop.cleanup_log")
                .await
                .map_err(|e| e.to_string())?;
            if done == Some(1) {
                return Ok(());
            }
            sleep(POLL).await;
        }
    };
    let never = |_| Err("the EVENT is not through, the server's error log may say why".to_owned());
    timeout(LIMIT, through).await.unwrap_or_else(never)
}
