//! EVENTs that fire every so many months.

use jiff::civil::DateTime;

use super::{Cron, Day};

/// The expression for every `step` months from `start` on, and whether some months are too short
/// for its day. `None` where the months are other ones in each year.
pub(super) fn monthly(start: DateTime, step: i32) -> Option<(Cron, bool)> {
    let (every, years) = if step % 12 == 0 {
        (12, i16::try_from(step / 12).ok()?)
    } else {
        (i8::try_from(step).ok().filter(|step| 12 % step == 0)?, 1)
    };
    let months = (1..=12).filter(|month| (month - start.month()) % every == 0);
    let months: Vec<i8> = months.collect();
    let short = months.iter().any(|month| shortest(*month) < start.day());
    let cron = Cron {
        day: day(start.day(), &months, short),
        months,
        years: if years == 1 {
            (1970, 1)
        } else {
            (start.year(), years)
        },
        ..Cron::daily(vec![start.minute()], vec![start.hour()])
    };
    Some((cron, short))
}

/// The 31st, where a month has none, means its last day. Of the 29th and 30th only February has
/// none, so that they stay what they are unless February is all there is.
fn day(day: i8, months: &[i8], short: bool) -> Day {
    if short && (day == 31 || months == [2]) {
        Day::Last
    } else {
        Day::OfMonth(day)
    }
}

/// The days of a month, of February in most years.
const fn shortest(month: i8) -> i8 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
