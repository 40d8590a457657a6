//! What the throttle looks at.

use crate::database::{Readings, Signal};
use aurora_sql::SqlError;

use super::Connected;

impl Readings for Connected {
    async fn reading(&mut self, _signal: Signal<'_>) -> Result<f64, SqlError> {
        unimplemented!()
    }

    fn connection(&self) -> u32 {
        self.session.connection_id()
    }
}
