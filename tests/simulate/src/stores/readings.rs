//! What the throttle looks at, over the simulator's servers.

use run_job::database::{ReaderLag, Readings, Signal, Unread};

use super::Connected;

impl Readings for Connected {
    async fn reading(&mut self, _: Signal<'_>) -> Result<f64, Unread> {
        Ok(self.read("a reading", |_| Ok(0.0)).await?)
    }

    async fn reader_lags(&mut self) -> Result<Vec<ReaderLag>, Unread> {
        let lag = self.session.lag(self.patience).await?;
        let instance = self.session.instance();
        let reader = format!("{}-reader", instance.trim_end_matches("-0"));
        // A script's lags are far below what a double holds exactly.
        let milliseconds = u32::try_from(lag).map_or(f64::MAX, f64::from);
        Ok(vec![ReaderLag {
            reader,
            milliseconds,
        }])
    }

    fn connection(&self) -> u32 {
        self.session.connection()
    }
}
