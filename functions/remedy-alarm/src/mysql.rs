//! Real servers: [`Database`] on [`aurora_sql`].
//!
//! What a user needs for which of it is in [`grants`]. No question asks for the text of a statement or for
//! the values of a row: `SQL_TEXT`, `PROCESSLIST_INFO`, `INFO`, `trx_query` and `LOCK_DATA` stay on the server.

mod about;
mod end;
mod gaps;
pub mod grants;
mod innodb;
mod jobs;
mod largest;
mod look;
mod metadata;
mod normalise;
mod processlist;
mod replicas;
mod row_locks;
mod sessions;
mod spell;
mod statements;
mod transactions;

use aurora_sql::{Endpoint, Limits, Login, Options, SqlError, Tls};
use tokio::time::Instant;

use self::about::About;
use crate::database::{
    Access, Database, Ending, Server,
    look::{Look, Session, Wanted},
};

/// The servers that can be reached from here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Servers;

/// A login on a real server.
pub struct Connected {
    session: aurora_sql::Session,
    about: Option<About>,
    /// When the transactions were read last.
    transactions: Option<Instant>,
}

impl Database for Servers {
    type Server = Connected;

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
        Ok(Connected {
            session,
            about: None,
            transactions: None,
        })
    }
}

/// How sessions are opened.
fn options(access: &Access) -> Options {
    let tls = Tls::of(access.ca.as_deref(), access.plain_text);
    let limits = Limits {
        connect: access.connect,
        statement: access.query,
        lock_wait: access.query,
    };
    Options { tls, limits }
}

impl Server for Connected {
    async fn look(&mut self, wanted: Wanted) -> Result<Look, SqlError> {
        look::look(self, wanted).await
    }

    async fn session(&mut self, id: u64) -> Result<Option<Session>, SqlError> {
        look::session(self, id).await
    }

    async fn end(&mut self, id: u64, ending: Ending) -> Result<bool, SqlError> {
        let aurora = self.about().await?.aurora;
        end::end(&mut self.session, id, ending, aurora).await
    }

    async fn close(self) {
        self.session.close().await;
    }
}

impl Connected {
    /// What the server is; asked once.
    async fn about(&mut self) -> Result<&About, SqlError> {
        let about = match self.about.take() {
            Some(about) => about,
            None => about::about(&mut self.session).await?,
        };
        Ok(self.about.insert(about))
    }
}
