//! What a person reads of each ending.

use super::Ending;

impl Ending {
    /// What happened, to go behind the function's name.
    pub(crate) fn brief(&self) -> String {
        match self {
            Self::TimedOut { after } => format!("timed out{after}"),
            Self::OutOfMemory => "ran out of memory".into(),
            Self::Crashed { how } if how.is_empty() => "crashed".into(),
            Self::Crashed { how } => format!("crashed, {how}"),
            Self::Failed { .. } => "failed".into(),
            Self::Throttled => {
                "was not started: it was throttled until the event was too old".into()
            }
            Self::SwitchedOff => "is switched off".into(),
            Self::Gone => "does not exist".into(),
            Self::Loop => "was stopped as a loop".into(),
            Self::GivenUp { condition } => format!("was given up, {condition}"),
        }
    }

    /// The error's own words.
    pub(crate) fn message(&self) -> Option<&str> {
        match self {
            Self::Failed { message, .. } => Some(message),
            _ => None,
        }
    }

    /// What happened, in a sentence.
    pub(crate) fn happened(&self) -> String {
        match self {
            Self::TimedOut { after } => {
                format!("Lambda cut its last try off{after}: that is its time-out.")
            }
            Self::OutOfMemory => "Its last try used up its memory, and Lambda killed it.".into(),
            Self::Crashed { how } if how.contains("signal: killed") => {
                "Its last try was killed from outside. \
                 Mostly that means that its memory was used up."
                    .into()
            }
            Self::Crashed { .. } => "Its last try ended in the middle of its work.".into(),
            Self::Failed {
                retryable: Some(false),
                ..
            } => "It ended with an error that trying again does not cure.".into(),
            Self::Failed {
                retryable: Some(true),
                ..
            } => "It ended with an error that trying again often cures, \
                 but not this time."
                .into(),
            Self::Failed {
                retryable: None,
                message,
            } if message.starts_with("Lambda panicked") => {
                "Its last try met a bug in the function.".into()
            }
            Self::Failed {
                retryable: None, ..
            } => "It ended with an error.".into(),
            Self::Throttled => "Lambda could not start it: a run of it was still going, \
                 or the account's concurrency was used up."
                .into(),
            Self::SwitchedOff => "Its reserved concurrency is 0: no run of it starts.".into(),
            Self::Gone => "The function, or the version of it that was called, is gone.".into(),
            Self::Loop => "Lambda took it for one that calls itself without end.".into(),
            Self::GivenUp { .. } => "Lambda says no more than that.".into(),
        }
    }

    /// In which state a run that was `tried` left things.
    pub(crate) const fn left_behind(&self, tried: bool) -> &'static str {
        match self {
            Self::Failed { .. } => {
                "Running it twice is always safe: what is done is found and not done again."
            }
            _ if !tried => "Nothing was done.",
            _ => {
                "Part of its work may be done. \
                 That is safe: another run finds it and does only the rest."
            }
        }
    }

    /// What a person does now about the function that Nightshift calls `name`.
    pub(crate) fn remedy(&self, name: &str) -> String {
        match self {
            Self::TimedOut { .. } => "see in the log what it waited for. \
                 If it only had too much to do, raise TimeoutSeconds in its stack."
                .into(),
            Self::OutOfMemory => "raise MemorySize in its stack.".into(),
            Self::Crashed { how } if how.contains("signal: killed") => {
                "see the memory it used in the log's REPORT line, \
                 and raise MemorySize in its stack."
                    .into()
            }
            Self::Failed {
                retryable: Some(false),
                ..
            } => format!(
                "correct what the error names. \
                 To try it before you deploy it: make plan FUNCTION={name} EVENT=<file>."
            ),
            Self::Failed {
                retryable: Some(true),
                ..
            } => "see whether AWS or the network has trouble, \
                 then run it again or leave it to its schedule."
                .into(),
            Self::Throttled => "see whether a run of it hangs, \
                 and whether other functions use up the account's concurrency."
                .into(),
            Self::SwitchedOff => "if that is not meant, set its reserved concurrency \
                 to what its stack says."
                .into(),
            Self::Gone => "if that is meant, delete what still calls it; \
                           otherwise deploy it again."
                .into(),
            Self::Crashed { .. } | Self::Failed { .. } | Self::Loop | Self::GivenUp { .. } => {
                "see its last lines in the log.".into()
            }
        }
    }

    /// Whether the same event may do better another time.
    pub(crate) fn worth_another_run(&self) -> bool {
        match self {
            Self::SwitchedOff | Self::Gone | Self::Loop => false,
            // The event carries the policy and would only bring the same one again.
            Self::Failed {
                retryable: Some(false),
                message,
            } => !message.starts_with("policy"),
            _ => true,
        }
    }
}
