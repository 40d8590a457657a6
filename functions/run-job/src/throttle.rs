//! The throttle: whether the cluster bears another step now.

use std::{marker::PhantomData, time::Duration};

use jobs::policy::Throttle;

use crate::database::{Access, Database, Endpoint, Login};

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

/// One reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// The identifier of its DB instance.
    pub name: String,
    /// Where it listens.
    pub endpoint: Endpoint,
}

/// Where lag is read if the writer cannot be asked.
pub enum Metrics {}

/// What a gate watches, and as whom.
pub struct Scope<'a> {
    /// The cluster's writer.
    pub writer: Endpoint,
    /// The cluster's readers.
    pub readers: Vec<Replica>,
    /// Whether the writer is Aurora.
    pub aurora: bool,
    /// Who looks.
    pub login: Login<'a>,
    /// How one may log in.
    pub access: Access,
    /// What must hold.
    pub limits: &'a Throttle,
    /// Where the lag of Aurora's readers is read if the writer cannot be asked.
    pub metrics: Option<Metrics>,
}

/// The throttle of one invocation, with logins of its own.
pub struct Gate<'a, D: Database>(PhantomData<&'a D>);

impl<'a, D: Database> Gate<'a, D> {
    /// A gate that has not looked yet.
    #[must_use]
    pub fn new(_: &'a D, _: Scope<'a>) -> Self {
        Self(PhantomData)
    }

    /// What holds now. It looks at the servers only as often as the policy says, and keeps the last
    /// answer between.
    pub async fn pass(&mut self, _own: Own) -> Verdict {
        std::future::ready(()).await;
        unimplemented!()
    }
}
