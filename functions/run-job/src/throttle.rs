//! The throttle: whether the cluster bears another step now.

use std::{marker::PhantomData, time::Duration};

use crate::database::Database;

/// What the throttle says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Go on.
    Go,
    /// Not now: a soft limit is exceeded, or something cannot be read. Look again after this time.
    Wait {
        /// Which limit, with the reading.
        why: String,
        /// When to look again.
        again: Duration,
    },
    /// Not in this invocation: a critical limit is exceeded.
    Stop {
        /// Which limit, with the reading.
        why: String,
    },
}

/// What the throttle must know of the job's own session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Its connection on the writer.
    pub connection: u32,
    /// How long the last commit took.
    pub commit: Option<Duration>,
}

/// The throttle of one invocation, with logins of its own.
pub struct Gate<'a, D: Database>(PhantomData<&'a D>);

impl<D: Database> Gate<'_, D> {
    /// What holds now. It looks at the servers only as often as the policy says, and keeps the last
    /// answer between.
    pub async fn pass(&mut self, _own: Own) -> Verdict {
        std::future::ready(()).await;
        unimplemented!()
    }
}
