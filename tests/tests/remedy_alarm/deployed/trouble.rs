//! Real trouble on a real server.

use nightshift_tests::mysql::Mysql;

use crate::scene::{App, Busy, LITERAL, long_enough};

/// Somebody who sleeps in a transaction, and somebody whom that one blocks.
pub struct Trouble {
    culprit: App,
    blocked: Busy,
}

impl Trouble {
    /// It has lasted for long enough to be ended.
    pub async fn on(server: &Mysql) -> Self {
        let takes = format!("UPDATE shop.orders SET note = '{LITERAL}' WHERE id = 1");
        let culprit = App::on(server, "app").await.does("BEGIN").await;
        let culprit = culprit.does(&takes).await;
        let blocked = App::on(server, "app").await.goes_on(&takes);
        long_enough().await;
        Self { culprit, blocked }
    }

    /// The culprit's connection.
    pub fn culprit(&self) -> u32 {
        self.culprit.id
    }

    /// The culprit is gone, and who was blocked goes on.
    pub async fn has_ended(self) {
        let id = self.culprit();
        assert!(!self.culprit.lives().await, "{id} is still there");
        let (went_on, _conn) = self.blocked.statement.await.unwrap();
        went_on.unwrap();
    }
}
