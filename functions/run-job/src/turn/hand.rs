//! A turn behind the throttle: what those kinds of job are given that look at it once.

use aurora_sql::SqlError;
use jobs::Job;
use tokio::time::Instant;

use super::{Ended, Turn};
use crate::{
    database::{Database, Holder, Ledger, Place, Readings as _, Run, Supervised, Tally},
    throttle::{Own, Verdict},
};

/// A run in hand, on one session.
pub struct Hand<'h, S> {
    /// What the team wants.
    pub job: &'h Job,
    /// The run, kept up to date.
    pub run: &'h mut Run,
    /// By whom it is held.
    pub holder: &'h Holder,
    /// A login on the writer that holds the job's lock.
    pub session: &'h mut S,
    /// When to stop.
    pub until: Instant,
    /// What ends then, in words.
    pub ends: &'h str,
    /// See [`Turn::longest`].
    pub longest: bool,
}

impl<D: Database> Turn<'_, D> {
    /// Without the throttle.
    pub fn hand(&mut self) -> Hand<'_, D::Session> {
        Hand {
            job: self.job,
            run: &mut self.run,
            holder: &self.holder,
            session: self.session,
            until: self.until,
            ends: &self.ends,
            longest: self.longest,
        }
    }

    /// Looks at the throttle once: what does not go in steps is not begun while a limit is exceeded.
    ///
    /// # Errors
    /// How the turn ends where one is.
    pub async fn pass(&mut self) -> Result<(), Ended> {
        let own = Own {
            connection: self.session.connection(),
            ..Own::default()
        };
        match self.gate.pass(own).await {
            Verdict::Go => Ok(()),
            Verdict::Wait { why, .. } => Err(Ended::Left(why)),
            Verdict::Stop { why } => Err(Ended::Critical(why)),
        }
    }
}

impl<S: Ledger + Supervised> Hand<'_, S> {
    /// Whether there is time, and nobody has paused the job.
    ///
    /// # Errors
    /// How the turn ends where it is over.
    pub async fn may_go_on(&mut self) -> Result<(), Ended> {
        if Instant::now() >= self.until {
            return Err(Ended::Left(format!("{} is up", self.ends)));
        }
        let paused = self.session.paused(&self.job.job).await;
        match paused.map_err(Ended::by)? {
            Some(pause) => Err(Ended::Paused(pause)),
            None => Ok(()),
        }
    }

    /// Writes down where the run goes on.
    ///
    /// # Errors
    /// How the turn ends where it could not be.
    pub async fn put(&mut self, place: Place) -> Result<(), Ended> {
        let put = self.session.put(self.run.id, self.holder, &place).await;
        held(put.map_err(Ended::by)?)?;
        self.run.place = place;
        Ok(())
    }

    /// Writes down where the run goes on, and what more it has done.
    ///
    /// # Errors
    /// How the turn ends where it could not be.
    pub async fn note(&mut self, place: Place, more: Tally) -> Result<(), Ended> {
        let noted = self.session.note(self.run.id, self.holder, &place, &more);
        held(noted.await.map_err(Ended::by)?)?;
        self.run.place = place;
        self.run.tally.add(&more);
        Ok(())
    }
}

fn held(still: bool) -> Result<(), Ended> {
    if still { Ok(()) } else { Err(Ended::NotOurs) }
}

impl Ended {
    /// What an error of the server's means where nothing else is known: a server that is away, or no
    /// writer any more, is asked again; a lock is for the next tick; all else is for a person.
    #[must_use]
    pub fn by(error: SqlError) -> Self {
        match error {
            SqlError::Unreachable { .. } | SqlError::Lost { .. } | SqlError::ReadOnly { .. } => {
                Self::Away(error)
            }
            SqlError::Locked { .. } | SqlError::TimedOut { .. } => Self::Left(error.to_string()),
            SqlError::AccessDenied { .. }
            | SqlError::Tls { .. }
            | SqlError::MissingRight { .. }
            | SqlError::Refused { .. } => Self::Failed(error.to_string()),
        }
    }
}

impl Tally {
    /// Adds what more was done.
    pub fn add(&mut self, more: &Self) {
        self.steps += more.steps;
        self.rows += more.rows;
        self.copied += more.copied;
        self.children += more.children;
        self.checksum ^= more.checksum;
        self.busy_ms += more.busy_ms;
    }
}
