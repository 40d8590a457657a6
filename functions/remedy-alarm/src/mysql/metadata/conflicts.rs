//! Which metadata lock waits for which. It is not in the manual: it is written at the top of the server's own
//! `sql/mdl.cc`, where 8.0 and 9.7 say the same.
//! <https://dev.mysql.com/doc/refman/8.0/en/metadata-locking.html>

const X: &str = "EXCLUSIVE";
const IX: &str = "INTENTION_EXCLUSIVE";
const S: &str = "SHARED";
const SH: &str = "SHARED_HIGH_PRIO";
const SR: &str = "SHARED_READ";
const SW: &str = "SHARED_WRITE";
const SWLP: &str = "SHARED_WRITE_LOW_PRIO";
const SU: &str = "SHARED_UPGRADABLE";
const SRO: &str = "SHARED_READ_ONLY";
const SNW: &str = "SHARED_NO_WRITE";
const SNRW: &str = "SHARED_NO_READ_WRITE";

/// What is locked as a whole, for whatever is in it.
const SCOPES: [&str; 6] = [
    "GLOBAL",
    "COMMIT",
    "TABLESPACE",
    "BACKUP LOCK",
    "SCHEMA",
    "RESOURCE_GROUPS",
];

/// The modes that a request for `mode` waits for: of locks that were `granted`, or of those that were only asked
/// for and go before it.
pub(super) fn with(object: &str, mode: &str, granted: bool) -> &'static [&'static str] {
    if SCOPES.contains(&object) {
        return in_a_scope(mode, granted);
    }
    if granted {
        granted_on_an_object(mode)
    } else {
        asked_for_on_an_object(mode)
    }
}

fn in_a_scope(mode: &str, granted: bool) -> &'static [&'static str] {
    match (mode, granted) {
        (IX, _) => &[S, X],
        (S, true) => &[IX, X],
        (S, false) => &[X],
        (X, true) => &[IX, S, X],
        _ => &[],
    }
}

fn granted_on_an_object(mode: &str) -> &'static [&'static str] {
    match mode {
        S | SH => &[X],
        SR => &[SNRW, X],
        SW | SWLP => &[SRO, SNW, SNRW, X],
        SU => &[SU, SNW, SNRW, X],
        SRO => &[SW, SWLP, SNRW, X],
        SNW => &[SW, SWLP, SU, SNW, SNRW, X],
        SNRW => &[SR, SW, SWLP, SU, SRO, SNW, SNRW, X],
        X => &[S, SH, SR, SW, SWLP, SU, SRO, SNW, SNRW, X],
        _ => &[],
    }
}

fn asked_for_on_an_object(mode: &str) -> &'static [&'static str] {
    match mode {
        S | SU | SNW | SNRW => &[X],
        SR => &[SNRW, X],
        SW => &[SNW, SNRW, X],
        SWLP => &[SRO, SNW, SNRW, X],
        SRO => &[SW, SNRW, X],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [&str; 10] = [S, SH, SR, SW, SWLP, SU, SRO, SNW, SNRW, X];

    #[test]
    fn whoever_may_not_share_with_me_may_not_share_with_whom_i_hold() {
        for one in ALL {
            for other in ALL {
                let there = with("TABLE", one, true).contains(&other);
                let back = with("TABLE", other, true).contains(&one);
                assert_eq!(there, back, "{one} {other}");
            }
        }
    }

    /// The server's invariant: what goes before a request would also be in its way once it is granted.
    #[test]
    fn nobody_waits_behind_a_request_that_they_could_share_with() {
        for object in ["TABLE", "GLOBAL"] {
            for mode in ALL.into_iter().chain([IX]) {
                let granted = with(object, mode, true);
                for before in with(object, mode, false) {
                    assert!(granted.contains(before), "{object}: {mode} behind {before}");
                }
            }
        }
    }
}
