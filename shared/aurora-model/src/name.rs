//! Names of snapshots, derived from the trigger so that one trigger always gives the same name.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{ScheduleName, Zone};

/// RDS allows 63 letters, digits and hyphens, beginning with a letter, neither ending with a
/// hyphen nor with two in a row.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html>
pub const MAX_LEN: usize = 63;
/// After this many failed tries of one night a person must look.
pub const MAX_TRIES: u8 = 9;
/// Room for `-r9`, kept free in every name so that a retry's name differs only in its end.
const RETRY_LEN: usize = 3;

/// What a snapshot's name says: which cluster, which schedule, which slot of it, which try.
#[derive(Clone, Copy, Debug)]
pub struct Slot<'a> {
    /// The cluster's identifier, as legal under RDS's rules.
    pub cluster: &'a str,
    /// The schedule.
    pub schedule: &'a ScheduleName,
    /// The trigger's time.
    pub time: Timestamp,
    /// Whose calendar gives the date.
    pub zone: &'a Zone,
    /// Whether the schedule runs more than once a day, so that the name carries the time too.
    pub several_a_day: bool,
}

impl Slot<'_> {
    /// `<cluster>-<schedule>-<YYYYMMDD>[-<HHMM>]`, and for a later try `-r2` to `-r9` behind it.
    ///
    /// Where that would be longer than RDS allows, the cluster's name is cut and a hash of the
    /// whole of it put in place of the rest, so that two long names never meet.
    #[must_use]
    pub fn name(&self, attempt: u8) -> String {
        let slot = format!("{}-{}", self.schedule, self.local());
        let room = MAX_LEN - RETRY_LEN - slot.len() - 1;
        let cluster = fitted(&self.cluster.to_ascii_lowercase(), room);
        let name = format!("{cluster}-{slot}");
        if attempt <= 1 {
            name
        } else {
            format!("{name}-r{attempt}")
        }
    }

    fn local(&self) -> String {
        let local = self.zone.local(self.time);
        if !self.several_a_day {
            return local.strftime("%Y%m%d").to_string();
        }
        // The hour that clocks repeat in autumn comes twice; its second run needs its own name.
        let first = local
            .time_zone()
            .to_ambiguous_timestamp(local.datetime())
            .earlier()
            .ok();
        let again = if first.is_some_and(|first| first != self.time) {
            "b"
        } else {
            ""
        };
        format!("{}{again}", local.strftime("%Y%m%d-%H%M"))
    }
}

/// `cluster`, or where it is longer than `room`, as much of it as there is room for beside a hash of the
/// whole: two long names never meet.
#[must_use]
pub fn fitted(cluster: &str, room: usize) -> String {
    if cluster.len() <= room {
        return cluster.into();
    }
    let hash = format!("{:08x}", number(cluster));
    let start: String = cluster.chars().take(room - hash.len() - 1).collect();
    format!("{}-{hash}", start.trim_end_matches('-'))
}

/// A number for a text: FNV-1a with 32 bits, which stays the same for ever, unlike that of the standard library's
/// hasher. Two texts have the same one once in four thousand million.
/// <https://datatracker.ietf.org/doc/draft-eastlake-fnv/>
#[must_use]
pub fn number(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// Such numbers as a tag holds them: hexadecimal, with slashes between, each of nine characters but the last.
#[must_use]
pub fn listed(numbers: &BTreeSet<u32>) -> String {
    let numbers: Vec<String> = numbers.iter().map(|it| format!("{it:08x}")).collect();
    numbers.join("/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(
        cluster: &str,
        schedule: &str,
        time: &str,
        zone: &str,
        several_a_day: bool,
        attempt: u8,
    ) -> String {
        let (schedule, zone) = (
            ScheduleName::new(schedule).unwrap(),
            Zone::named(zone).unwrap(),
        );
        let slot = Slot {
            cluster,
            schedule: &schedule,
            time: time.parse().unwrap(),
            zone: &zone,
            several_a_day,
        };
        slot.name(attempt)
    }

    #[test]
    fn the_date_is_that_of_the_policys_zone() {
        let at = "2026-11-20T23:30:00Z";
        assert_eq!(
            name("orders", "nightly", at, "UTC", false, 1),
            "orders-nightly-20261120"
        );
        assert_eq!(
            name("orders", "nightly", at, "Europe/Berlin", false, 1),
            "orders-nightly-20261121"
        );
        assert_eq!(
            name("Orders", "six", at, "Asia/Kolkata", true, 2),
            "orders-six-20261121-0500-r2"
        );
    }

    #[test]
    fn the_hour_that_comes_twice_has_two_names() {
        let (first, second) = ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
        assert_eq!(
            name("c", "h", first, "Europe/Berlin", true, 1),
            "c-h-20261025-0230"
        );
        assert_eq!(
            name("c", "h", second, "Europe/Berlin", true, 1),
            "c-h-20261025-0230b"
        );
    }

    proptest! {
        #[test]
        fn every_legal_cluster_gets_a_legal_name(
            cluster in "[a-z]([a-z0-9]|-[a-z0-9]){0,62}",
            schedule in "[a-z][a-z0-9]{0,19}",
            several in any::<bool>(),
            attempt in 1..=MAX_TRIES,
        ) {
            let cluster = &cluster[..cluster.len().min(63)].trim_end_matches('-');
            let name = name(cluster, &schedule, "2026-10-25T01:30:00Z", "Europe/Berlin", several, attempt);
            prop_assert!(name.len() <= MAX_LEN, "{}", name);
            prop_assert!(name.starts_with(|c: char| c.is_ascii_lowercase()), "{}", name);
            prop_assert!(!name.contains("--") && !name.ends_with('-'), "{}", name);
            prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{}", name);
        }

        #[test]
        fn long_clusters_that_differ_only_at_the_end_keep_apart(a in "[a-z]{1,8}", b in "[a-z]{1,8}") {
            prop_assume!(a != b);
            let long = "x".repeat(55);
            let of = |end: &str| name(&format!("{long}{end}"), "nightly", "2026-01-01T00:00:00Z", "UTC", false, 1);
            prop_assert_ne!(of(&a), of(&b));
        }
    }
}
