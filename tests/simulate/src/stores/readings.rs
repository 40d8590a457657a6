//! What the throttle looks at, over the simulator's servers.

use run_job::database::{ReaderLag, Readings, Signal, Unread};

use super::Connected;

impl Readings for Connected {
    async fn reading(&mut self, _: Signal<'_>) -> Result<f64, Unread> {
        Ok(self.read("a reading", |_| Ok(0.0)).await?)
    }

    async fn reader_lags(&mut self) -> Result<Vec<ReaderLag>, Unread> {
        let lags = self.session.reader_lags(self.patience).await?;
        let lag = |(reader, milliseconds)| ReaderLag {
            reader,
            milliseconds: f64::from(milliseconds),
        };
        Ok(lags.into_iter().map(lag).collect())
    }

    fn connection(&self) -> u32 {
        self.session.connection()
    }
}
