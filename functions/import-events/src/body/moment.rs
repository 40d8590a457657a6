//! A moment before now, as a body says it.

use super::{
    lex::{Kind, Token},
    reader::{Reader, is_word},
};

/// A moment before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// What it is counted back from.
    pub(super) base: Base,
    /// How far back.
    pub(super) back: Back,
}

/// How far back a moment is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Back {
    /// So many seconds.
    Seconds(i64),
    /// Some of it by the calendar: months, years.
    Calendar,
}

impl Back {
    const NONE: Self = Self::Seconds(0);

    /// `None` where it is too long to be meant.
    fn plus(self, more: Self) -> Option<Self> {
        match (self, more) {
            (Self::Seconds(one), Self::Seconds(other)) => one.checked_add(other).map(Self::Seconds),
            _ => Some(Self::Calendar),
        }
    }
}

/// What a moment is counted back from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// Now, in the session's zone.
    Now,
    /// Now, in UTC.
    UtcNow,
    /// The last midnight, in the session's zone.
    Today,
    /// The last midnight, in UTC.
    UtcToday,
}

/// The functions that say the time, and whether they are spelled with brackets only.
/// <https://dev.mysql.com/doc/refman/8.0/en/date-and-time-functions.html>
const CLOCKS: [(&str, Base, bool); 9] = [
    ("NOW", Base::Now, true),
    ("SYSDATE", Base::Now, true),
    ("CURRENT_TIMESTAMP", Base::Now, false),
    ("LOCALTIME", Base::Now, false),
    ("LOCALTIMESTAMP", Base::Now, false),
    ("UTC_TIMESTAMP", Base::UtcNow, false),
    ("CURDATE", Base::Today, true),
    ("CURRENT_DATE", Base::Today, false),
    ("UTC_DATE", Base::UtcToday, false),
];

/// A function that says the time: `NOW()`, `NOW(3)`, `CURRENT_DATE`.
pub(super) fn clock(reader: &mut Reader<'_, '_>) -> Option<Base> {
    let token = reader.next()?;
    let (_, base, brackets) = CLOCKS.iter().find(|(word, ..)| is_word(token, word))?;
    if reader.symbol("(") {
        reader.attempt(|reader| digit(reader.next()?));
        reader.symbol(")").then_some(*base)
    } else {
        (!brackets).then_some(*base)
    }
}

fn digit(token: &Token<'_>) -> Option<()> {
    (token.kind == Kind::Number && token.source.len() == 1).then_some(())
}

/// A moment: `NOW() - INTERVAL 30 DAY`, `DATE_SUB(CURDATE(), INTERVAL 1 MONTH)`.
pub(super) fn moment(reader: &mut Reader<'_, '_>) -> Option<Moment> {
    let mut moment = reader.attempt(called).or_else(|| {
        let base = reader.attempt(clock)?;
        Some(Moment {
            base,
            back: Back::NONE,
        })
    })?;
    while reader.symbol("-") {
        moment.back = moment.back.plus(interval(reader)?)?;
    }
    Some(moment)
}

/// `DATE_SUB(moment, INTERVAL n unit)`, `DATE_ADD(moment, INTERVAL -n unit)`, or one in brackets.
fn called(reader: &mut Reader<'_, '_>) -> Option<Moment> {
    let sub = reader.words("DATE_SUB") || reader.words("SUBDATE");
    let add_to = !sub && (reader.words("DATE_ADD") || reader.words("ADDDATE"));
    if !reader.symbol("(") {
        return None;
    }
    let mut inner = moment(reader)?;
    if sub || add_to {
        let back = reader.symbol(",").then(|| argument(reader, add_to))??;
        inner.back = inner.back.plus(back)?;
    }
    reader.symbol(")").then_some(inner)
}

fn argument(reader: &mut Reader<'_, '_>, negative: bool) -> Option<Back> {
    if !negative {
        return interval(reader);
    }
    let minus = reader.words("INTERVAL") && reader.symbol("-");
    minus.then(|| amount(reader))?
}

/// `INTERVAL n unit`.
fn interval(reader: &mut Reader<'_, '_>) -> Option<Back> {
    reader.words("INTERVAL").then(|| amount(reader))?
}

fn amount(reader: &mut Reader<'_, '_>) -> Option<Back> {
    let number = reader.whole()?;
    let unit = reader.next()?;
    let seconds = [
        ("SECOND", Some(1)),
        ("MINUTE", Some(60)),
        ("HOUR", Some(3_600)),
        ("DAY", Some(86_400)),
        ("WEEK", Some(604_800)),
        ("MONTH", None),
        ("QUARTER", None),
        ("YEAR", None),
    ];
    let (_, one) = seconds.iter().find(|(word, _)| is_word(unit, word))?;
    match one {
        Some(one) => number.checked_mul(*one).map(Back::Seconds),
        None => Some(Back::Calendar),
    }
}

/// Seconds or milliseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unix {
    pub(super) moment: Moment,
    pub(super) milliseconds: bool,
    /// Whether some of it is counted back on the wall clock.
    pub(super) wall: bool,
}

/// `UNIX_TIMESTAMP(moment) - 30 * 86400`, `(…) * 1000`, `UNIX_TIMESTAMP() * 1000 - 86400000`.
pub(super) fn unix(reader: &mut Reader<'_, '_>) -> Option<Unix> {
    let mut unix = if reader.symbol("(") {
        let inner = unix(reader)?;
        reader.symbol(")").then_some(inner)?
    } else {
        from_1970(reader)?
    };
    if reader.symbol("*") {
        let thousand = reader.whole()? == 1_000 && !unix.milliseconds;
        unix.milliseconds = thousand.then_some(true)?;
    }
    if reader.symbol("-") {
        let back = product(reader)?;
        let one = if unix.milliseconds { 1_000 } else { 1 };
        let whole = (back % one == 0).then_some(back / one)?;
        unix.moment.back = unix.moment.back.plus(Back::Seconds(whole))?;
    }
    Some(unix)
}

fn from_1970(reader: &mut Reader<'_, '_>) -> Option<Unix> {
    if !(reader.words("UNIX_TIMESTAMP") && reader.symbol("(")) {
        return None;
    }
    let now = Moment {
        base: Base::Now,
        back: Back::NONE,
    };
    let moment = reader.attempt(moment).unwrap_or(now);
    let unix = Unix {
        moment,
        milliseconds: false,
        wall: moment.back != Back::NONE,
    };
    reader.symbol(")").then_some(unix)
}

fn product(reader: &mut Reader<'_, '_>) -> Option<i64> {
    let brackets = reader.symbol("(");
    let mut product = reader.whole()?;
    while reader.symbol("*") {
        product = product.checked_mul(reader.whole()?)?;
    }
    (!brackets || reader.symbol(")")).then_some(product)
}
