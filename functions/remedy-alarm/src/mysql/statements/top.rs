//! What two samples say, put in order.

use std::collections::HashMap;

use super::{Count, Form, Sample};
use crate::database::look::Digest;

/// The forms with the most time, and what could not be told apart.
#[derive(Debug, Default)]
pub(in crate::mysql) struct Top {
    /// What was counted of each, and what of it while we looked.
    pub(super) forms: Vec<(Form, Count, Count)>,
    /// How many statements ended while we looked that the server has no row for.
    pub(in crate::mysql) lost: u64,
    /// For how long the samples were apart, in seconds.
    pub(in crate::mysql) seconds: f64,
    /// For how many seconds the form that is known for longest has been.
    pub(in crate::mysql) known: u64,
}

/// The `most` with the most time between the samples, and then in all; of those that ended lately.
pub(in crate::mysql) fn top(before: &Sample, after: &Sample, most: usize) -> Top {
    let since = |form: &Form, count: &Count| {
        let before = before.counts.get(form).copied().unwrap_or_default();
        less(*count, before)
    };
    let mut forms = Vec::new();
    let mut lost = 0;
    for (form, count) in &after.counts {
        let now = since(form, count);
        match form.1 {
            Some(_) if count.lately => forms.push((form.clone(), *count, now)),
            Some(_) => {}
            None => lost += now.calls,
        }
    }
    let key = |(_, count, now): &(Form, Count, Count)| (now.seconds, count.seconds);
    forms.sort_by(|one, other| {
        let ((now, all), (other_now, other_all)) = (key(one), key(other));
        let order = other_now.total_cmp(&now).then(other_all.total_cmp(&all));
        order.then_with(|| one.0.cmp(&other.0))
    });
    forms.truncate(most);
    let seconds = (after.at - before.at).as_secs_f64();
    let known = after.counts.values().map(|count| count.age).max();
    Top {
        forms,
        lost,
        seconds,
        known: known.unwrap_or(0),
    }
}

/// What was counted in between. Where it has become less, the table was emptied: all of it is new.
fn less(after: Count, before: Count) -> Count {
    if after.calls < before.calls {
        return after;
    }
    Count {
        calls: after.calls - before.calls,
        seconds: (after.seconds - before.seconds).max(0.0),
        ..after
    }
}

impl Top {
    /// With their texts; what has none any more is gone.
    pub(in crate::mysql) fn digests(self, mut texts: HashMap<Form, String>) -> Vec<Digest> {
        let digest = |(form, count, now): (Form, Count, Count)| {
            let text = texts.remove(&form)?;
            Some(Digest {
                schema: form.0,
                text,
                calls: count.calls,
                seconds: count.seconds,
                examined: count.examined,
                sent: count.sent,
                age: count.age,
                calls_now: now.calls,
                seconds_now: now.seconds,
            })
        };
        self.forms.into_iter().filter_map(digest).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::Instant;

    use super::*;

    fn sample(at: Instant, counts: &[(&str, u64, f64)]) -> Sample {
        let count = |(digest, calls, seconds): &(&str, u64, f64)| {
            let digest = (!digest.is_empty()).then(|| (*digest).to_owned());
            let count = Count {
                calls: *calls,
                seconds: *seconds,
                age: *calls,
                lately: *calls < 1_000,
                ..Count::default()
            };
            ((None, digest), count)
        };
        let counts = counts.iter().map(count).collect();
        Sample { at, counts }
    }

    fn names(top: &Top) -> Vec<&str> {
        let forms = top.forms.iter();
        forms.map(|(form, ..)| form.1.as_deref().unwrap()).collect()
    }

    #[test]
    fn what_takes_time_now_comes_before_what_took_it_once() {
        let start = Instant::now();
        let before = sample(
            start,
            &[("once", 9, 900.0), ("now", 1, 1.0), ("idle", 5, 5.0)],
        );
        let later = start + Duration::from_millis(1_500);
        let after = sample(
            later,
            &[
                ("once", 9, 900.0),
                ("now", 2, 1.5),
                ("new", 3, 0.25),
                ("idle", 5, 5.0),
            ],
        );
        let found = top(&before, &after, 3);
        assert_eq!(names(&found), ["now", "new", "once"]);
        let (_, all, now) = &found.forms[0];
        assert_eq!((all.calls, now.calls, now.seconds), (2, 1, 0.5));
        assert_eq!(found.forms[1].2.calls, 3);
        assert!((found.seconds - 1.5).abs() < 1e-9);
    }

    #[test]
    fn what_has_not_ended_lately_and_what_has_no_row_is_not_told_of() {
        let start = Instant::now();
        let before = sample(start, &[("old", 5_000, 9.0), ("", 70, 7.0)]);
        let after = sample(start, &[("old", 5_000, 9.0), ("", 90, 8.0)]);
        let found = top(&before, &after, 3);
        assert_eq!((names(&found), found.lost), (vec![], 20));
        assert_eq!(found.known, 5_000);
    }

    #[test]
    fn a_table_that_was_emptied_in_between_counts_from_nothing() {
        let start = Instant::now();
        let before = sample(start, &[("a", 50, 9.0)]);
        let after = sample(start, &[("a", 2, 0.5)]);
        let (_, _, now) = top(&before, &after, 3).forms[0];
        assert_eq!((now.calls, now.seconds), (2, 0.5));
    }
}
