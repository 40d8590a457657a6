//! Readings and limits as people read them.

use super::What;

/// `3.2 s`, `840 ms`, `154,210`: what `what` came to, or its limit. Rounded up, so that what is
/// above a limit also reads so.
pub(super) fn amount(what: &What, number: f64) -> String {
    match what {
        What::Lag { .. } | What::Commit if number >= 1_000.0 => {
            format!("{} s", number.ceil() / 1_000.0)
        }
        What::Lag { .. } | What::Commit => format!("{} ms", number.ceil()),
        What::Query => number.to_string(),
        What::HistoryListLength | What::ThreadsRunning | What::LockWaits => grouped(number),
    }
}

/// What a reading that is above its limit is called, with its number.
pub(super) fn exceeded(what: &What, number: f64) -> String {
    let amount = amount(what, number);
    match what {
        What::Lag { of } => format!("replica lag {amount} on {of}"),
        What::HistoryListLength => format!("history list length {amount}"),
        What::ThreadsRunning => format!("{amount} threads running"),
        What::Commit => format!("the job's commits take {amount}"),
        What::LockWaits if number <= 1.0 => "a session waits for the job's locks".to_owned(),
        What::LockWaits => format!("{amount} sessions wait for the job's locks"),
        What::Query => format!("the policy's query answers {amount}"),
    }
}

/// What a reading is called that there is none of.
pub(super) fn name(what: &What) -> String {
    match what {
        What::Lag { of } => format!("replica lag on {of}"),
        What::HistoryListLength => "history list length".to_owned(),
        What::ThreadsRunning => "threads running".to_owned(),
        What::Commit => "the time of the job's commits".to_owned(),
        What::LockWaits => "who waits for the job's locks".to_owned(),
        What::Query => "the policy's query".to_owned(),
    }
}

/// A whole number with its thousands apart: `2,000,000`.
fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.ceil());
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lag_is_said_in_seconds_from_one_second_on() {
        let lag = |ms| amount(&What::Lag { of: "r".to_owned() }, ms);
        let said = [0.0, 840.2, 1_000.0, 1_000.4, 3_200.0, 60_000.0].map(lag);
        assert_eq!(said, ["0 ms", "841 ms", "1 s", "1.001 s", "3.2 s", "60 s"]);
    }

    #[test]
    fn thousands_are_set_apart() {
        let said = [0.0, 999.0, 1_000.0, 154_210.0, 2_000_000.0].map(grouped);
        assert_eq!(said, ["0", "999", "1,000", "154,210", "2,000,000"]);
    }
}
