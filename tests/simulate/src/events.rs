//! import-events' idea of a database over the simulator's servers.

mod found;
mod ledger;

use std::time::Duration;

use aurora_sql::{Limits, SqlError};
use import_events::database::{
    Access, Database, Definer, Endpoint, Found, Ledger, Login, Running, Server, Session,
};
use jiff::Timestamp;
use jobs::JobName;
use simulator::{
    database::{self, Databases, Patience},
    script::SCHEMA,
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
        let limits = Limits::default();
        let patience = |limit| Patience {
            limit,
            until: access.until,
        };
        let connecting = patience(limits.connect);
        let open = self.0.open(&to.host, login.user, password, connecting);
        Ok(Connected {
            session: open.await?,
            patience: patience(limits.statement),
        })
    }
}

/// A login on one of them.
pub struct Connected {
    session: database::Session,
    patience: Patience,
}

impl Connected {
    async fn read<T: Send + 'static>(
        &mut self,
        what: &'static str,
        look: impl FnOnce(&Store, Timestamp) -> T + Send + 'static,
    ) -> Result<T, SqlError> {
        let said = (what, String::new());
        let look = move |store: &mut Store, now: Timestamp| Ok(look(store, now));
        self.session.stored(said, false, self.patience, look).await
    }
}

impl Session for Connected {
    async fn server(&mut self) -> Result<Server, SqlError> {
        let (writable, _, account) = self.session.server(self.patience).await?;
        let now = self.read("asking for the time", |_, now| now).await?;
        Ok(Server {
            writable,
            scheduler: "ON".into(),
            zone: "UTC".into(),
            version: "8.0.39".into(),
            account,
            now,
        })
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, SqlError> {
        self.session.lock(name, wait, self.patience).await
    }

    async fn grants(&mut self) -> Result<Vec<String>, SqlError> {
        let lines = format!("GRANT SELECT, EVENT ON `{SCHEMA}`.* TO `job`@`%`");
        self.read("reading the grants", |_, _| vec![lines]).await
    }

    async fn events(&mut self) -> Result<Vec<Found>, SqlError> {
        self.read("reading the EVENTs", |store, _| found::all(store))
            .await
    }

    async fn event(&mut self, schema: &str, name: &str) -> Result<Option<Found>, SqlError> {
        let event = format!("{schema}.{name}");
        self.read("reading the EVENT", move |store, _| {
            found::one(store, &event)
        })
        .await
    }

    async fn create_statement(&mut self, event: &Found) -> Result<String, SqlError> {
        let said = found::statement(event);
        self.read("reading how the EVENT is made", |_, _| said)
            .await
    }

    async fn running(&mut self, event: &Found) -> Result<Running, SqlError> {
        let event = event.full_name();
        self.read(
            "asking whether the EVENT is being executed",
            move |store, now| match store.made.get(&event) {
                Some(made) if made.executed(now) => Running::Yes,
                _ => Running::No,
            },
        )
        .await
    }

    async fn set_status(&mut self, event: &Found, enabled: bool) -> Result<(), SqlError> {
        let (event, word) = (
            event.full_name(),
            if enabled { "ENABLE" } else { "DISABLE" },
        );
        let said = ("altering the EVENT", format!("ALTER EVENT {event} {word}"));
        let set = move |store: &mut Store, _| {
            store.events.insert(event, enabled);
            Ok(())
        };
        self.session.stored(said, true, self.patience, set).await
    }

    async fn accounts(&mut self) -> Result<Vec<Definer>, SqlError> {
        let definer = Definer {
            account: found::definer(),
            locked: false,
        };
        self.read("reading the accounts", |_, _| vec![definer])
            .await
    }

    async fn ledger(&mut self, job: &JobName) -> Result<Option<Ledger>, SqlError> {
        let job = job.to_string();
        self.read("reading the ledger", move |store, _| {
            let ledger = store.ledger.as_ref();
            ledger.map(|ledger| ledger::of(ledger, &job))
        })
        .await
    }

    async fn close(self) {
        self.session.close();
    }
}
