//! Real servers: [`Database`] on [`aurora_sql`].

mod accounts;
mod change;
mod definition;
mod grants;
mod tokens;
mod version;

use std::time::Duration;

use aurora_sql::{Account, Limits, Options, SqlError, Statement, Tls};
use secrets::Secret;

use crate::database::{
    Access, Change, Database, Definition, Endpoint, Entry, Login, Server, Session,
};
use version::Version;

/// The servers that can be reached from here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Servers;

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
        let session =
            aurora_sql::Session::open(to, user, password, None, &options(access), until).await?;
        Ok(Connected {
            session,
            version: None,
            shows: false,
        })
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

/// A login on a real server.
pub struct Connected {
    session: aurora_sql::Session,
    version: Option<String>,
    shows: bool,
}

impl Connected {
    /// The version as the server spells it. It is asked for once.
    async fn version_text(&mut self) -> Result<String, SqlError> {
        if let Some(version) = &self.version {
            return Ok(version.clone());
        }
        let version = self.session.server_version().await?;
        Ok(self.version.insert(version).clone())
    }

    async fn version(&mut self) -> Result<Version, SqlError> {
        Ok(Version::of(&self.version_text().await?))
    }

    /// Makes what `SHOW` says safe to take apart: names are quoted, and a stored password is
    /// written in hexadecimal digits, because it may have quotes in it.
    /// <https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_sql_quote_show_create>
    async fn make_showable(&mut self) -> Result<(), SqlError> {
        if self.shows {
            return Ok(());
        }
        let sql = if self.version().await?.prints_hexadecimal() {
            "SET SESSION sql_quote_show_create = 1, SESSION print_identified_with_as_hex = 1"
        } else {
            "SET SESSION sql_quote_show_create = 1"
        };
        let set = Statement::new("setting how accounts are shown", sql);
        self.session.execute(&set).await?;
        self.shows = true;
        Ok(())
    }
}

impl Session for Connected {
    async fn server(&mut self) -> Result<Server, SqlError> {
        let version = self.version_text().await?;
        Ok(Server {
            dual_passwords: Version::of(&version).has_dual_passwords(),
            version,
            writable: self.session.is_writer().await?,
            encrypted: self.session.encrypted(),
            me: self.session.account().await?,
        })
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, SqlError> {
        self.session.get_lock(name, wait).await
    }

    async fn entries(
        &mut self,
        user: &str,
        candidates: &[&Secret],
    ) -> Result<Vec<Entry>, SqlError> {
        let version = self.version().await?;
        accounts::entries(&mut self.session, version, user, candidates).await
    }

    async fn definition(&mut self, account: &Account) -> Result<Definition, SqlError> {
        self.make_showable().await?;
        accounts::definition(&mut self.session, account).await
    }

    async fn change(&mut self, change: &Change<'_>) -> Result<(), SqlError> {
        let version = match change {
            Change::SetOptions { .. } => self.version().await?,
            _ => Version::of(""),
        };
        let statement = change::statement(change, version);
        self.session.execute(&statement).await.map(|_| ())
    }

    async fn close(self) {
        self.session.close().await;
    }
}

/// What `one` adds for each account, with commas between.
fn each<'a>(
    statement: Statement,
    accounts: impl IntoIterator<Item = &'a Account>,
    one: impl Fn(Statement, &Account) -> Statement,
) -> Statement {
    let add = |statement: Statement, (at, account)| {
        one(statement.sql(if at == 0 { "" } else { ", " }), account)
    };
    accounts.into_iter().enumerate().fold(statement, add)
}
