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
    /// Nobody goes on. The doctor comes, dies at this moment of all it sends, and comes again.
    Doctor(Moment),
}

/// How many execution environments take each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// One.
    One,
    /// Two at once, until the moment, which kills both.
    TwoDying,
    /// Two at once. The moment kills one; the other goes on.
    TwoOneDying,
}

/// One case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Case {
    /// When the function is killed.
    pub moment: Moment,
    /// How it goes on.
    pub resume: Resume,
    /// How many execution environments take each step.
    pub runs: Runs,
}

impl Case {
    /// What is killed, in a few words.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match (self.resume, self.runs) {
            (Resume::Doctor(_), _) => "the doctor",
            (_, Runs::One) => "one run",
            _ => "two runs at once",
        }
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.runs {
            Runs::One => "",
            Runs::TwoDying => "two at once, ",
            Runs::TwoOneDying => "two at once, one of them ",
        })?;
        write!(f, "{}", self.moment)?;
        match self.resume {
            Resume::SameStep if self.moment == Moment::Never => Ok(()),
            Resume::SameStep => f.write_str(", the step repeated"),
            Resume::NewRotation => f.write_str(", a new rotation"),
            Resume::Doctor(moment) => write!(f, ", the doctor {moment}"),
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Never => f.write_str("undisturbed"),
            Self::Message { side, n, cut } => {
                let side = match side {
                    Side::Writer => "writer",
                    Side::Reader => "replica",
                };
                write!(f, "killed {} message {n} to the {side}", when(cut))
            }
            Self::Call { n, cut } => write!(f, "killed {} API call {n}", when(cut)),
        }
    }
}

const fn when(cut: Cut) -> &'static str {
    match cut {
        Cut::BeforeForwarding => "before",
        Cut::AfterForwarding => "after",
    }
}
