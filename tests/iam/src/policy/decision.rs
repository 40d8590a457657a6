//! What a policy says to a request, and why.

/// The outcome for one action on one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Allowed by these statements, one or more.
    Allowed(Vec<Grant>),
    /// Denied by this statement, whatever else allows it.
    Denied {
        /// Its place in the policy.
        statement: usize,
    },
    /// Denied because nothing allows it; the statement that came nearest, if one has the action.
    NotAllowed(Option<Miss>),
}

/// That a statement allows a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The statement's place in the policy.
    pub statement: usize,
    /// Which elements of its `Action` do; of `NotAction`, the first.
    pub actions: Hits,
    /// Which elements of its `Resource` do; of `NotResource`, the first.
    pub resources: Hits,
}

/// Which elements of a list fit: the first, and whether it is the only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hits {
    /// The first that fits.
    pub first: usize,
    /// Whether no other does.
    pub only: bool,
}

/// That a statement with the action does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// The statement's place in the policy.
    pub statement: usize,
    /// What it fails on.
    pub shortfall: Shortfall,
}

/// What a statement fails on, the first thing of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// It is about other actions.
    Action,
    /// It is about other resources.
    Resource,
    /// This condition, by its place in the statement, is not met.
    Condition(usize),
    /// This policy variable has no value in the request.
    Variable(String),
}

impl Shortfall {
    /// The further a statement got, the nearer it came.
    pub(crate) fn nearness(&self) -> usize {
        match self {
            Self::Action => 0,
            Self::Resource | Self::Variable(_) => 1,
            Self::Condition(at) => 2 + at,
        }
    }
}
