//! Windows as a policy writes them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of time that comes again every day, or on some days of the week, in the policy's time
/// zone. One that ends before it begins goes on past midnight, and belongs to the day it begins on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The days it begins on; every day if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// When it begins: `22:30`; from `00:00` to `23:59`.
    pub from: String,
    /// When it ends: `06:00`, or `24:00`; not when it begins.
    pub to: String,
}

/// The minutes of a day.
const DAY: u16 = 24 * 60;

impl Window {
    /// When it begins and when it ends, in minutes since midnight; it goes on past midnight where it
    /// ends before it begins. `None` where one of them is no time of day, or both are the same.
    #[must_use]
    pub fn minutes(&self) -> Option<(u16, u16)> {
        let from = minutes(&self.from).filter(|from| *from < DAY)?;
        let to = minutes(&self.to).filter(|to| *to <= DAY)?;
        (from != to).then_some((from, to))
    }
}

/// The minutes of `22:30` since midnight.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    let number = |text: &str| text.parse::<u16>().ok().filter(|_| two(text));
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60).then_some(hours * 60 + minutes)
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Day {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}
