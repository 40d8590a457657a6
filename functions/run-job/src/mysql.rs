//! Real servers: [`Database`](crate::database::Database) on [`aurora_sql`].

mod ledger;
mod partitions;
mod readings;
mod tables;
mod work;

use std::time::Duration;

use aurora_sql::{Identifier, Limits, Options, SqlError, Statement, Tls};

use crate::database::{Access, Database, Endpoint, Login, Server, Session};

/// The column `Status` of `SHOW EVENTS`.
/// <https://dev.mysql.com/doc/refman/8.0/en/show-events.html>
const STATUS: usize = 10;

/// The servers that can be reached from here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Servers;

/// A login on a real server.
pub struct Connected {
    pub(crate) session: aurora_sql::Session,
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
        let database = access.database.as_ref().map(jobs::policy::Name::as_str);
        let session =
            aurora_sql::Session::open(to, user, password, database, &options(access), until)
                .await?;
        Ok(Connected { session })
    }
}

/// How sessions are opened.
fn options(access: &Access) -> Options {
    let tls = Tls::of(access.ca.as_deref(), access.plain_text);
    let limits = Limits {
        connect: access.connect,
        statement: access.statement,
        lock_wait: access.lock_wait,
    };
    Options { tls, limits }
}

impl Session for Connected {
    async fn server(&mut self) -> Result<Server, SqlError> {
        let version = self.session.server_version().await?;
        let statement = Statement::new(
            "asking what the server is",
            "SELECT @@server_uuid, @@innodb_read_only + @@super_read_only, \
             (SELECT COUNT(*) FROM performance_schema.global_variables \
              WHERE VARIABLE_NAME = 'aurora_version')",
        );
        let rows = self.session.query(&statement).await?;
        let row = rows.first().ok_or_else(|| odd(&statement))?;
        Ok(Server {
            version,
            writable: row.integer(1)? == Some(0),
            aurora: row.integer(2)? != Some(0),
            uuid: row.required_text(0)?,
        })
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, SqlError> {
        self.session.get_lock(name, wait).await
    }

    /// `information_schema.EVENTS` would say of an EVENT that the login may not see that there is
    /// none; `SHOW EVENTS` says that a right is missing.
    async fn event_enabled(&mut self, schema: &str, name: &str) -> Result<Option<bool>, SqlError> {
        let what = "asking for the EVENT";
        let statement = Statement::new(what, "SHOW EVENTS FROM ");
        let schema = Identifier::new(schema).map_err(|_| odd(&statement))?;
        let statement = statement.identifier(&schema).sql(" WHERE `Name` = ");
        let rows = self.session.query(&statement.string(name)).await?;
        let enabled = rows
            .first()
            .map(|row| row.required_text(STATUS))
            .transpose()?;
        Ok(enabled.map(|status| status == "ENABLED"))
    }

    async fn close(self) {
        self.session.close().await;
    }
}

/// An answer that is not as expected, with the client's number for it.
fn odd(statement: &Statement) -> SqlError {
    SqlError::odd_answer(statement.what())
}
