//! One case of the matrix: where the function dies, and how it goes on.

use std::fmt;

use crate::mysql::Cut;

/// Which server a message goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The writer.
    Writer,
    /// The replica.
    Reader,
}

/// When the function is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Never.
    Never,
    /// At the n-th message to a server, counted from one over the whole rotation.
    Message {
        /// Which server.
        side: Side,
        /// Which message.
        n: usize,
        /// Before it reaches the server, or after it was carried out.
        cut: Cut,
    },
    /// At the n-th API call, counted from one over the whole rotation.
    Call {
        /// Which call.
        n: usize,
        /// Before it reaches AWS, or after it was carried out.
        cut: Cut,
    },
}

/// How it goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// The same step is repeated, then the ones after it.
    SameStep,
    /// A person takes `AWSPENDING` off, and a new rotation begins.
    NewRotation,
}

/// One case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// When the function is killed.
    pub moment: Moment,
    /// How it goes on.
    pub resume: Resume,
    /// Whether every step is taken by two execution environments at once, until both are killed.
    pub twice: bool,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.twice {
            f.write_str("two at once, ")?;
        }
        match self.moment {
            Moment::Never => return f.write_str("undisturbed"),
            Moment::Message { side, n, cut } => {
                let side = match side {
                    Side::Writer => "writer",
                    Side::Reader => "replica",
                };
                write!(f, "killed {} message {n} to the {side}", when(cut))?;
            }
            Moment::Call { n, cut } => write!(f, "killed {} API call {n}", when(cut))?,
        }
        f.write_str(match self.resume {
            Resume::SameStep => ", the step repeated",
            Resume::NewRotation => ", a new rotation",
        })
    }
}

const fn when(cut: Cut) -> &'static str {
    match cut {
        Cut::BeforeForwarding => "before",
        Cut::AfterForwarding => "after",
    }
}
