//! When a script begins.

use jiff::Timestamp;

use crate::dice::Dice;

/// A midnight, UTC, of days that are likely to be hard: months' and years' ends, the change to
/// and from summer time, a leap day.
pub(super) fn begins(dice: &mut Dice) -> Timestamp {
    const HARD: [&str; 6] = [
        "2026-03-28",
        "2026-10-24",
        "2026-12-30",
        "2028-02-27",
        "2026-01-30",
        "2027-02-27",
    ];
    let day = if dice.chance(40) {
        (*dice.pick(&HARD)).to_owned()
    } else {
        format!(
            "20{}-{:02}-{:02}",
            dice.between(25, 29),
            dice.between(1, 12),
            dice.between(1, 28)
        )
    };
    #[expect(clippy::expect_used, reason = "such days exist")]
    format!("{day}T00:00:00Z")
        .parse()
        .expect("a day of the calendar at midnight")
}
