//! Real servers: [`Database`](crate::database::Database) on [`aurora_sql`].

mod events;
mod ledger;
mod status;

use std::time::Duration;

use aurora_sql::{Account, Limits, Options, SqlError, Statement, Tls};

use crate::database::{
    Access, Database, Definer, Endpoint, Found, Ledger, Login, Running, Server, Session,
};
use jobs::JobName;

/// The servers that can be reached from here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Servers;

/// A login on a real server.
pub struct Connected {
    session: aurora_sql::Session,
}

impl Database for Servers {
    type Session = Connected;

    async fn open(
        &self,
        to: &Endpoint,
        login: Login<'_>,
        access: &Access,
    ) -> Result<Connected, SqlError> {
        let Login { user, password } = login;
        let until = aurora_sql::Session::until(access.until);
        let options = options(access);
        let session = aurora_sql::Session::open(to, user, password, None, &options, until).await?;
        Ok(Connected { session })
    }
}

/// How sessions are opened.
fn options(access: &Access) -> Options {
    let tls = Tls::of(access.ca.as_deref(), access.plain_text);
    Options {
        tls,
        limits: Limits::default(),
    }
}

impl Session for Connected {
    async fn server(&mut self) -> Result<Server, SqlError> {
        let statement = Statement::new(
            "asking what the server is",
            "SELECT @@innodb_read_only + @@super_read_only, @@event_scheduler, \
             @@system_time_zone, @@version, CURRENT_USER(), \
             CAST(UNIX_TIMESTAMP() AS UNSIGNED)",
        );
        let rows = self.session.query(&statement).await?;
        let row = rows.first().ok_or_else(|| odd(&statement))?;
        let account = Account::from_current_user(&row.required_text(4)?);
        let now = row.integer(5)?.and_then(|now| i64::try_from(now).ok());
        let now = now.and_then(|now| jiff::Timestamp::from_second(now).ok());
        Ok(Server {
            writable: row.integer(0)? == Some(0),
            scheduler: row.required_text(1)?,
            zone: row.required_text(2)?,
            version: row.required_text(3)?,
            account: account.ok_or_else(|| odd(&statement))?,
            now: now.ok_or_else(|| odd(&statement))?,
        })
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, SqlError> {
        self.session.get_lock(name, wait).await
    }

    async fn grants(&mut self) -> Result<Vec<String>, SqlError> {
        let statement = Statement::new("reading the login's grants", "SHOW GRANTS");
        let rows = self.session.query(&statement).await?;
        rows.iter().map(|row| row.required_text(0)).collect()
    }

    async fn events(&mut self) -> Result<Vec<Found>, SqlError> {
        let statement = events::all();
        let rows = self.session.query(&statement).await?;
        rows.iter()
            .map(|row| events::read(row, &statement))
            .collect()
    }

    async fn event(&mut self, schema: &str, name: &str) -> Result<Option<Found>, SqlError> {
        let statement = events::one(schema, name);
        let rows = self.session.query(&statement).await?;
        let found = rows.first().map(|row| events::read(row, &statement));
        found.transpose()
    }

    async fn create_statement(&mut self, event: &Found) -> Result<String, SqlError> {
        let statement = events::create(event)?;
        let rows = self.session.query(&statement).await?;
        let row = rows.first().ok_or_else(|| odd(&statement))?;
        row.required_text(3)
    }

    async fn running(&mut self, event: &Found) -> Result<Running, SqlError> {
        let statement = status::processes(event);
        let rows = self.session.query(&statement).await?;
        let row = rows.first().ok_or_else(|| odd(&statement))?;
        let (busy, seen) = (row.integer(0)?, row.integer(1)?);
        Ok(match (busy, seen) {
            (Some(1..), _) => Running::Yes,
            (_, Some(1..)) => Running::No,
            _ => Running::Unseen,
        })
    }

    async fn set_status(&mut self, event: &Found, enabled: bool) -> Result<(), SqlError> {
        self.session.execute(&status::as_made(event)).await?;
        let altered = self.session.execute(&status::alter(event, enabled)?).await;
        // Else the literals of later statements would be read in the EVENT's character set.
        self.session.execute(&status::as_ours()).await?;
        altered.map(drop)
    }

    async fn accounts(&mut self) -> Result<Vec<Definer>, SqlError> {
        let statement = Statement::new(
            "reading the accounts",
            "SELECT User, Host, account_locked = 'Y' FROM mysql.user",
        );
        let rows = self.session.query(&statement).await?;
        let account = |row: &aurora_sql::Row| {
            let (user, host) = (row.required_text(0)?, row.required_text(1)?);
            Ok(Definer {
                account: Account { user, host },
                locked: row.integer(2)? == Some(1),
            })
        };
        rows.iter().map(account).collect()
    }

    async fn ledger(&mut self, job: &JobName) -> Result<Option<Ledger>, SqlError> {
        ledger::read(&mut self.session, job).await
    }

    async fn close(self) {
        self.session.close().await;
    }
}

/// An answer that is not as expected, with the client's number for it.
fn odd(statement: &Statement) -> SqlError {
    SqlError::odd_answer(statement.what())
}
