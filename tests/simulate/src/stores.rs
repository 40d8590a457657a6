//! run-job's idea of a database over the simulator's servers.

mod ledger;
mod partitions;
mod readings;
mod tables;
mod work;

use std::time::Duration;

use aurora_sql::SqlError;
use jiff::Timestamp;
use run_job::database::{Access, Database, Endpoint, Login, RunId, Server, Session};
use simulator::{
    database::{self, Databases, Patience},
    store::Store,
};

/// The simulator's servers.
pub struct Simulated(pub Databases);

impl Database for Simulated {
    type Session = Connected;

    async fn open(
        &self,
        to: &Endpoint,
        login: Login<'_>,
        access: &Access,
    ) -> Result<Connected, SqlError> {
        let password = self.0.password(login.password.expose());
        let patience = |limit| Patience {
            limit,
            until: access.until,
        };
        let connecting = patience(access.connect);
        let session = self
            .0
            .open(&to.host, login.user, password, connecting)
            .await?;
        Ok(Connected {
            session,
            run: None,
            patience: patience(access.statement),
        })
    }
}

/// A login on one of them.
pub struct Connected {
    session: database::Session,
    /// The run it has in hand.
    run: Option<RunId>,
    patience: Patience,
}

impl Connected {
    /// One transaction: what is being done, and what a trace shows of it.
    async fn change<T: Send + 'static>(
        &mut self,
        said: (&'static str, String),
        work: impl FnOnce(&mut Store, Timestamp) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, SqlError> {
        self.session.stored(said, true, self.patience, work).await
    }

    async fn read<T: Send + 'static>(
        &mut self,
        what: &'static str,
        look: impl FnOnce(&Store) -> Result<T, SqlError> + Send + 'static,
    ) -> Result<T, SqlError> {
        let said = (what, String::new());
        let look = move |store: &mut Store, _: Timestamp| look(store);
        self.session.stored(said, false, self.patience, look).await
    }
}

/// There is no such table.
fn missing() -> SqlError {
    SqlError::Refused {
        what: "reading a table".into(),
        code: 1146,
        state: "42S02".into(),
    }
}

impl Session for Connected {
    async fn server(&mut self) -> Result<Server, SqlError> {
        let (writable, _, _) = self.session.server(self.patience).await?;
        Ok(Server {
            version: "8.0.39".into(),
            writable,
            aurora: true,
            uuid: self.session.instance().into(),
        })
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, SqlError> {
        self.session.lock(name, wait, self.patience).await
    }

    async fn event_enabled(&mut self, schema: &str, name: &str) -> Result<Option<bool>, SqlError> {
        let event = format!("{schema}.{name}");
        self.read("asking for the EVENT", move |store| {
            Ok(store.events.get(&event).copied())
        })
        .await
    }

    async fn close(self) {
        self.session.close();
    }
}
