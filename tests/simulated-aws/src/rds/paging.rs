//! Pages: how many, from where on, and the marker that says so.

use std::{
    collections::BTreeMap,
    fmt::Write,
    ops::Bound::{Excluded, Unbounded},
    sync::Arc,
};

use crate::{
    At, Call, Refusal,
    rds::{input::number, out::Out},
};

/// What `MaxRecords` may be.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterSnapshots.html>
const MAX_RECORDS: std::ops::RangeInclusive<i64> = 20..=100;

/// Which page a call asks for.
#[derive(Debug)]
pub(crate) struct Page<'a> {
    operation: &'a str,
    /// No more than this. It may be less than the caller asked for, as AWS may give less.
    size: usize,
    /// The last item of the page before.
    pub(crate) after: Option<String>,
}

impl<'a> Page<'a> {
    pub(crate) fn of(call: &'a Call, at: &At<'_>) -> Result<Self, Refusal> {
        let asked = number(call, "MaxRecords")?.unwrap_or(*MAX_RECORDS.end());
        if !MAX_RECORDS.contains(&asked) {
            return Err(Refusal::invalid(format!(
                "Invalid value {asked} for MaxRecords. Must be between {} and {}",
                MAX_RECORDS.start(),
                MAX_RECORDS.end()
            )));
        }
        let after = call.text("Marker").map(|marker| {
            let last = read(&call.operation, marker);
            last.ok_or_else(|| Refusal::invalid("The parameter Marker is not valid."))
        });
        Ok(Self {
            operation: &call.operation,
            size: usize::try_from(asked)
                .unwrap_or(1)
                .min(at.whim.largest_page)
                .max(1),
            after: after.transpose()?,
        })
    }

    /// The page of those `things` that are `wanted`, each an `item` of the list `name`, with the
    /// marker of the next page.
    pub(crate) fn show<T>(
        &self,
        (name, item): (&str, &str),
        things: &BTreeMap<String, Arc<T>>,
        wanted: impl Fn(&T) -> bool,
        write: impl Fn(&T, &mut Out),
    ) -> Out {
        let after = self.after.as_deref().map_or(Unbounded, Excluded);
        let things = things.range::<str, _>((after, Unbounded));
        let things = things.filter(|(_, thing)| wanted(thing));
        self.fill((name, item), things, |thing, out| write(thing, out))
    }

    /// The first of `things`, each with its key in the order of keys.
    pub(crate) fn fill<K: AsRef<str>, T>(
        &self,
        (name, item): (&str, &str),
        mut things: impl Iterator<Item = (K, T)>,
        write: impl Fn(T, &mut Out),
    ) -> Out {
        let mut last = None;
        Out::of(|out| {
            out.element(name, |out| {
                for (key, thing) in things.by_ref().take(self.size) {
                    out.element(item, |out| write(thing, out));
                    last = Some(key);
                }
            });
            if let (Some(last), true) = (last, things.next().is_some()) {
                out.text("Marker", &marker(self.operation, last.as_ref()));
            }
        })
    }
}

/// A marker says of which operation it is and what was shown last; it stays good when items come
/// and go.
fn marker(operation: &str, last: &str) -> String {
    let mut marker = format!("{:08x}", digest(operation, last));
    for byte in last.bytes() {
        // Writing to a text does not fail.
        let _ = write!(marker, "{byte:02x}");
    }
    marker
}

fn read(operation: &str, marker: &str) -> Option<String> {
    let (digest_said, last) = marker.split_at_checked(8)?;
    let bytes = (0..last.len()).step_by(2).map(|at| {
        let pair = last.get(at..at + 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    let last = String::from_utf8(bytes.collect::<Option<_>>()?).ok()?;
    let said = u32::from_str_radix(digest_said, 16).ok()?;
    (said == digest(operation, &last)).then_some(last)
}

/// FNV-1a: a marker of another operation, or one that was made up, is refused.
fn digest(operation: &str, last: &str) -> u32 {
    let bytes = operation.bytes().chain([0]).chain(last.bytes());
    bytes.fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_good_for_its_operation_only() {
        let marker = marker("DescribeDBClusters", "orders");
        assert_eq!(
            read("DescribeDBClusters", &marker).as_deref(),
            Some("orders")
        );
        assert_eq!(read("DescribeDBInstances", &marker), None);
        for made_up in ["", "orders", "00000000", "zzzzzzzz00", &marker[..9], "ä"] {
            assert_eq!(read("DescribeDBClusters", made_up), None, "{made_up}");
        }
    }
}
