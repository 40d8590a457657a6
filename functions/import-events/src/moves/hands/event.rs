//! The steps that change the EVENT, and the one that waits for it.

use std::time::Duration;

use aurora_model::{Outcome, Span, words::list};
use aurora_sql::SqlError;
use tokio::time::{Instant, sleep};

use super::{Hands, State, Trouble, Way};
use crate::{
    database::{Database, Found, Running, Session},
    writer::Writer,
};

/// How often is looked whether the EVENT is still being executed. An execution that begins while
/// the EVENT is disabled shows within less.
const LOOK: Duration = Duration::from_millis(500);

/// So many looks in a row must show nothing.
const QUIET: u32 = 2;

impl<D: Database> Hands<'_, D> {
    /// Enables or disables the EVENT. After a lost connection it logs in once more, and sees what
    /// became of it.
    pub(super) async fn alter(&self, state: &mut State<D::Session>, enabled: bool) -> Outcome {
        let mut sent = false;
        let mut altered = self.altered(state, enabled, &mut sent).await;
        if let Err(Trouble::Sql(error)) = &altered
            && error.retryable()
        {
            state.writer = None;
            altered = self.altered(state, enabled, &mut sent).await;
        }
        altered.unwrap_or_else(Trouble::outcome)
    }

    async fn altered(
        &self,
        state: &mut State<D::Session>,
        enabled: bool,
        sent: &mut bool,
    ) -> Result<Outcome, Trouble> {
        let before = self.event_now(state).await?;
        if before.on() == enabled && (enabled || before.off()) {
            return Ok(if *sent {
                Outcome::Done
            } else {
                Outcome::AlreadyDone
            });
        }
        *sent = true;
        let writer = self.writer(state).await?;
        writer.session.set_status(&before, enabled).await?;
        let after = self.event_now(state).await?;
        if after.on() == enabled {
            return Ok(Outcome::Done);
        }
        Err(Trouble::person(
            "the server took the statement, but the EVENT is as it was",
        ))
    }

    /// The EVENT as it is now, if it is still the one that was decided about.
    pub(super) async fn event_now(&self, state: &mut State<D::Session>) -> Result<Found, Trouble> {
        let Some(planned) = &self.seen.event else {
            return Err(Trouble::person("there is no EVENT"));
        };
        let session = &mut self.writer(state).await?.session;
        let now = session.event(&planned.schema, &planned.name).await?;
        let Some(now) = now else {
            return Err(Trouble::person("the EVENT is not there any more"));
        };
        let different = now.differences(planned);
        if different.is_empty() {
            return Ok(now);
        }
        Err(Trouble::person(format!(
            "the EVENT is another one than a moment ago: its {} changed; look at it with SHOW CREATE EVENT",
            list(&different)
        )))
    }

    /// Waits until the EVENT, which is disabled, is not being executed any more.
    pub(super) async fn quiet(
        &self,
        state: &mut State<D::Session>,
        wait: Span,
    ) -> Result<(), Trouble> {
        // So much earlier that it says itself what it waits for.
        let last = self.until.checked_sub(LOOK * QUIET * 2);
        let until = Instant::now() + wait.duration().unsigned_abs();
        let until = until.min(last.unwrap_or(self.until));
        let mut quiet = 0;
        loop {
            let event = self.event_now(state).await?;
            if !event.off() {
                return Err(Trouble::person("somebody has enabled the EVENT again"));
            }
            let session = &mut self.writer(state).await?.session;
            quiet = match session.running(&event).await? {
                Running::No => quiet + 1,
                Running::Yes => 0,
                Running::Unseen => {
                    return Err(Trouble::person(
                        "it cannot be seen any more whether the EVENT is being executed",
                    ));
                }
            };
            if quiet == QUIET {
                return Ok(());
            }
            if quiet == 0 && Instant::now() >= until {
                return Err(Trouble::Ended(Outcome::Busy {
                    detail: format!("after {wait} the EVENT is still being executed"),
                }));
            }
            sleep(LOOK).await;
        }
    }

    /// The session with the locks, opened again where it was lost.
    async fn writer<'s>(
        &self,
        state: &'s mut State<D::Session>,
    ) -> Result<&'s mut Writer<D::Session>, Trouble> {
        let writer = match state.writer.take() {
            Some(writer) => writer,
            None => self.reopened().await?,
        };
        Ok(state.writer.insert(writer))
    }

    async fn reopened(&self) -> Result<Writer<D::Session>, Trouble> {
        let taken = || Trouble::Sql(SqlError::Locked { code: 1205 });
        let opened = self.door.open_locked(&self.seen.asked).await?;
        let mut writer = opened.ok_or_else(taken)?;
        if let (Way::Back(wait), Ok(started)) = (self.way, &self.seen.started) {
            let lock = format!("nightshift.job.{}", started.job.job);
            let wait = wait.duration().unsigned_abs();
            if !writer.session.lock(&lock, wait).await? {
                return Err(taken());
            }
        }
        Ok(writer)
    }
}
