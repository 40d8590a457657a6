//! Names of schedules.

use std::{fmt, str::FromStr};

/// A schedule's group and name; written as `group/name`, or as the name alone in the group
/// `default`.
/// <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScheduleName {
    /// The group: 1 to 64 letters, digits, `-`, `_` and `.`.
    pub group: String,
    /// The name: the same.
    pub name: String,
}

/// A text that names no schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected the name of a schedule as name or group/name, each of 1 to 64 letters, digits, -, _ and ."
)]
pub struct NameError;

/// The group of schedules that name none.
const DEFAULT: &str = "default";

impl FromStr for ScheduleName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let (group, name) = text.split_once('/').unwrap_or((DEFAULT, text));
        if !valid(group) || !valid(name) {
            return Err(NameError);
        }
        Ok(Self {
            group: group.to_owned(),
            name: name.to_owned(),
        })
    }
}

fn valid(part: &str) -> bool {
    let known = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    (1..=64).contains(&part.len()) && part.bytes().all(known)
}

impl fmt::Display for ScheduleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { group, name } = self;
        if group == DEFAULT {
            f.write_str(name)
        } else {
            write!(f, "{group}/{name}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_it_is_written() {
        for text in ["purge-logs", "nightshift/purge_logs.v2", "a/default"] {
            let name: ScheduleName = text.parse().unwrap();
            assert_eq!(name.to_string(), text);
        }
        let plain: ScheduleName = "default/purge-logs".parse().unwrap();
        assert_eq!(plain, "purge-logs".parse().unwrap());
    }

    #[test]
    fn what_scheduler_takes_for_no_name_is_none() {
        let long = "a".repeat(65);
        for text in [
            "",
            "/",
            "a/",
            "/a",
            "a/b/c",
            "purge logs",
            "p\u{fc}rge",
            &long,
        ] {
            assert_eq!(text.parse::<ScheduleName>(), Err(NameError), "{text}");
        }
    }
}
