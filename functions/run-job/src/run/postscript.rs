//! The note that the team was told, once the report is on its way.

use std::time::Duration;

use jiff::Timestamp;
use secrets::{CURRENT, Credential};
use tokio::time::Instant;

use super::{
    Visit,
    door::{self, Inside},
    rows::Rows,
};
use crate::{
    Policy, Tools,
    database::{Database, Endpoint, Ledger, Login, RunId, Session},
};

/// How long the login and each statement may take: there are but seconds until Lambda ends the
/// function.
const LIMIT: Duration = Duration::from_secs(2);

/// The note that the team was told, with a login of its own: the time of the one for the work may be
/// up.
pub(super) struct Postscript<'a, D: Database> {
    tools: Tools<'a, D>,
    job: Policy,
    writer: Endpoint,
    told: Vec<Timestamp>,
    held_up: Option<RunId>,
    /// The login for the work, which holds the job's lock: an invocation that comes now waits for it,
    /// and does not tell of the same.
    lock: Option<Inside<D::Session>>,
}

impl<'a, D: Database> Postscript<'a, D> {
    /// What is to be noted once the report with these rows is on its way, if anything.
    pub(super) fn new(
        visit: &Visit<'_, D>,
        tools: Tools<'a, D>,
        writer: Endpoint,
        rows: &Rows<'_, D>,
        lock: Option<Inside<D::Session>>,
    ) -> Option<Self> {
        let nothing = rows.told.is_empty() && rows.held_up.is_none();
        (!nothing).then(|| Self {
            tools,
            job: visit.job().clone(),
            writer,
            told: rows.told.clone(),
            held_up: rows.held_up,
            lock,
        })
    }

    /// Without it, the next tick tells once more.
    pub(super) async fn write(self) {
        let _ = self.noted().await;
    }

    async fn noted(self) -> Option<()> {
        let value = self.tools.secrets.value(&self.job.secret, CURRENT).await;
        let credential = Credential::parse(&value.ok()??.content).ok()?;
        let access = door::access(&self.job, LIMIT, LIMIT, Instant::now() + 4 * LIMIT);
        let login = Login::from(&credential);
        let session = self.tools.database.open(&self.writer, login, &access).await;
        let mut session = session.ok()?;
        let standing = session.standing(&self.job.job).await.ok()??;
        let untold = standing.untold.into_iter();
        let over = untold.filter(|run| self.told.contains(&run.slot));
        for run in over.map(|run| run.id).chain(self.held_up) {
            session.told(run).await.ok()?;
        }
        session.close().await;
        if let Some(inside) = self.lock {
            inside.session.close().await;
        }
        Some(())
    }
}
