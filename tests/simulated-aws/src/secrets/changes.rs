//! What happens in Secrets Manager by itself.

use jiff::Timestamp;

use super::SecretsManager;
use crate::At;

/// Something that happens by itself after a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The rotation function is invoked for the step that is next.
    Invoke {
        /// The secret's name.
        name: String,
        /// The rotation's token.
        token: String,
    },
    /// A rotation begins by schedule.
    Due {
        /// The secret's name.
        name: String,
        /// The beginning of the window it was scheduled for.
        window: Timestamp,
    },
    /// A secret's recovery window is over.
    Gone {
        /// The secret's name.
        name: String,
    },
}

impl From<Change> for crate::Change {
    fn from(change: Change) -> Self {
        Self::Secrets(change)
    }
}

impl SecretsManager {
    pub(crate) fn change(&mut self, change: &Change, at: &mut At<'_>) {
        match change {
            Change::Invoke { name, token } => self.invoke(name, token, at),
            Change::Due { name, window } => self.due(name, *window, at),
            Change::Gone { name } => self.gone(name, at),
        }
    }
}
