//! The times of day in a schedule's expression: as much of it as a night needs.

/// The hours and minutes of `cron(<minutes> <hours> * * ? *)`, each a list or `<first>/<step>`.
#[must_use]
pub fn times(expression: &str) -> Vec<(i8, i8)> {
    read(expression).unwrap_or_else(|| panic!("a night has no time for {expression}"))
}

fn read(expression: &str) -> Option<Vec<(i8, i8)>> {
    let inner = expression.strip_prefix("cron(")?.strip_suffix(')')?;
    let (minutes, rest) = inner.split_once(' ')?;
    let (hours, days) = rest.split_once(' ')?;
    let (minutes, hours) = (numbers(minutes, 60)?, numbers(hours, 24)?);
    let times = hours
        .iter()
        .flat_map(|hour| minutes.iter().map(|minute| (*hour, *minute)));
    (days == "* * ? *").then(|| times.collect())
}

fn numbers(list: &str, end: i8) -> Option<Vec<i8>> {
    let Some((first, step)) = list.split_once('/') else {
        return list.split(',').map(|number| number.parse().ok()).collect();
    };
    let (first, step): (i8, usize) = (first.parse().ok()?, step.parse().ok()?);
    (step > 0).then(|| (first..end).step_by(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hour_has_each_minute() {
        assert_eq!(times("cron(0 2 * * ? *)"), [(2, 0)]);
        let ticks = times("cron(20,40 2,3 * * ? *)");
        assert_eq!(ticks, [(2, 20), (2, 40), (3, 20), (3, 40)]);
        assert_eq!(times("cron(50/4 4 * * ? *)"), [(4, 50), (4, 54), (4, 58)]);
        assert_eq!(read("cron(0/0 2 * * ? *)"), None);
        assert_eq!(read("cron(0 2 ? * MON *)"), None);
        assert_eq!(read("rate(1 day)"), None);
    }
}
