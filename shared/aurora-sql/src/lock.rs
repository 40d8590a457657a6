//! Names of user-level locks.

use ring::digest::{SHA256, digest};

/// The most characters MySQL takes.
/// <https://dev.mysql.com/doc/refman/8.0/en/locking-functions.html>
const LIMIT: usize = 64;

/// The name as MySQL takes it. A longer one becomes its SHA-256 in hexadecimal, which has 64
/// characters: two names never share a lock because they begin alike.
pub(crate) fn name(name: &str) -> String {
    if name.chars().count() <= LIMIT {
        return name.to_owned();
    }
    let hash = digest(&SHA256, name.as_bytes());
    let hex = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
    hex.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_that_begin_alike_are_different_locks() {
        let (one, other) = ("a".repeat(65), "a".repeat(66));
        assert_eq!(name(&one).len(), 64);
        assert_ne!(name(&one), name(&other));
        assert_eq!(name(&"ä".repeat(64)), "ä".repeat(64));
    }
}
