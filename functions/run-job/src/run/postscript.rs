//! The note that the team was told, once the report is on its way.

use std::time::Duration;

use jiff::Timestamp;
use secrets::{CURRENT, Credential};
use tokio::time::{Instant, timeout};

use super::{Visit, door, rows::Rows};
use crate::{
    Policy, Tools,
    database::{Database, Endpoint, Ledger, RunId, Session},
};

/// How long the login and each statement may take: there are but seconds until Lambda ends the
/// function.
const LIMIT: Duration = Duration::from_secs(2);

/// The note that the team was told, by the login for the work, which so keeps the job's lock until it
/// is written: nobody else tells the same meanwhile. By a login of its own where that is over.
pub(super) struct Postscript<'a, D: Database> {
    tools: Tools<'a, D>,
    job: Policy,
    writer: Endpoint,
    session: Option<D::Session>,
    told: Vec<Timestamp>,
    held_up: Option<RunId>,
}

impl<'a, D: Database> Postscript<'a, D> {
    /// What is to be noted once the report with these rows is on its way; where that is nothing, the
    /// session is closed.
    pub(super) async fn new(
        visit: &Visit<'_, D>,
        tools: Tools<'a, D>,
        writer: Endpoint,
        session: Option<D::Session>,
        rows: &Rows<'_, D>,
    ) -> Option<Self> {
        if rows.told.is_empty() && rows.held_up.is_none() {
            if let Some(session) = session {
                session.close().await;
            }
            return None;
        }
        Some(Self {
            tools,
            job: visit.job().clone(),
            writer,
            session,
            told: rows.told.clone(),
            held_up: rows.held_up,
        })
    }

    /// Without it, the next tick tells once more.
    pub(super) async fn write(self) {
        let _ = self.noted().await;
    }

    async fn noted(mut self) -> Option<()> {
        if let Some(session) = self.session.take()
            && let Ok(Some(())) = timeout(2 * LIMIT, self.note(session)).await
        {
            return Some(());
        }
        let session = self.login().await?;
        self.note(session).await
    }

    async fn login(&self) -> Option<D::Session> {
        let value = self.tools.secrets.value(&self.job.secret, CURRENT).await;
        let credential = Credential::parse(&value.ok()??.content).ok()?;
        let access = door::access(&self.job, LIMIT, LIMIT, Instant::now() + 4 * LIMIT);
        let login = door::login(&credential);
        let session = self.tools.database.open(&self.writer, login, &access).await;
        session.ok()
    }

    async fn note(&self, mut session: D::Session) -> Option<()> {
        let standing = session.standing(&self.job.job).await.ok()??;
        let untold = standing.untold.into_iter();
        let over = untold.filter(|run| self.told.contains(&run.slot));
        for run in over.map(|run| run.id).chain(self.held_up) {
            session.told(run).await.ok()?;
        }
        session.close().await;
        Some(())
    }
}
