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
    /// How far back, in seconds; `None` where months or years are counted.
    pub(super) back: Option<i64>,
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
            back: Some(0),
        })
    })?;
    while reader.symbol("-") {
        moment.back = add(moment.back, interval(reader)?);
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
        inner.back = add(inner.back, back);
    }
    reader.symbol(")").then_some(inner)
}

fn argument(reader: &mut Reader<'_, '_>, negative: bool) -> Option<Option<i64>> {
    if !negative {
        return interval(reader);
    }
    let minus = reader.words("INTERVAL") && reader.symbol("-");
    minus.then(|| amount(reader))?
}

/// `INTERVAL n unit`: its seconds, or within that `None` where it is of the calendar.
fn interval(reader: &mut Reader<'_, '_>) -> Option<Option<i64>> {
    reader.words("INTERVAL").then(|| amount(reader))?
}

fn amount(reader: &mut Reader<'_, '_>) -> Option<Option<i64>> {
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
        Some(one) => number.checked_mul(*one).map(Some),
        None => Some(None),
    }
}

/// `None` where either is of the calendar, or both are too long to be meant.
fn add(back: Option<i64>, more: Option<i64>) -> Option<i64> {
    back?.checked_add(more?)
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
        unix.moment.back = add(unix.moment.back, Some(whole));
    }
    Some(unix)
}

fn from_1970(reader: &mut Reader<'_, '_>) -> Option<Unix> {
    if !(reader.words("UNIX_TIMESTAMP") && reader.symbol("(")) {
        return None;
    }
    let now = Moment {
        base: Base::Now,
        back: Some(0),
    };
    let moment = reader.attempt(moment).unwrap_or(now);
    let unix = Unix {
        moment,
        milliseconds: false,
        wall: moment.back != Some(0),
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
