//! A field of a cron expression.

/// The names of months and of weekdays; a name stands for its place, counted from one.
pub(super) const MONTHS: &str = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC";
pub(super) const WEEKDAYS: &str = "SUN MON TUE WED THU FRI SAT";

/// The values of a field: for each part of the list the first, the last, and the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field(Vec<(i16, i16, i16)>);

impl Field {
    /// Reads `*`, `5`, `1-5`, `0/15`, `MON-FRI` and lists of these, within `least` and `most`.
    pub(super) fn parse(text: &str, least: i16, most: i16, names: &str) -> Option<Self> {
        let parts = text.split(',').map(|part| range(part, least, most, names));
        parts.collect::<Option<_>>().map(Self)
    }

    /// Whether `value` is one of them.
    pub(super) fn has(&self, value: i16) -> bool {
        let within = |(first, last, step): &(i16, i16, i16)| {
            (*first..=*last).contains(&value) && (value - first) % step == 0
        };
        self.0.iter().any(within)
    }
}

fn range(text: &str, least: i16, most: i16, names: &str) -> Option<(i16, i16, i16)> {
    let (range, step) = match text.split_once('/') {
        Some((range, step)) => (range, Some(number(step, 1, most, "")?)),
        None => (text, None),
    };
    let value = |text| number(text, least, most, names);
    let (least, most) = match range.split_once('-') {
        Some((from, to)) => (value(from)?, value(to)?),
        None if range == "*" => (least, most),
        // A step without an end goes on to the end of the field.
        None => (
            value(range)?,
            if step.is_some() { most } else { value(range)? },
        ),
    };
    (least <= most).then_some((least, most, step.unwrap_or(1)))
}

/// A number within bounds, or a name's place.
pub(super) fn number(text: &str, least: i16, most: i16, names: &str) -> Option<i16> {
    let mut known = names.split(' ');
    let place = known.position(|name| !name.is_empty() && name.eq_ignore_ascii_case(text));
    let place = place.and_then(|place| i16::try_from(place + 1).ok());
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let value = place.or_else(|| digits.then(|| text.parse().ok())?)?;
    (least..=most).contains(&value).then_some(value)
}
