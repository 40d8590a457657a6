use insta::assert_snapshot;

use super::*;

/// Which of pending, current and previous log in, by their letters.
fn sight(letters: &str) -> OwnSight {
    OwnSight {
        pending: letters.contains('p'),
        current: letters.contains('c'),
        previous: letters.contains('q'),
        older: letters.matches('o').count(),
    }
}

fn row(letters: &str, settled: bool, overwrite_unknown: bool) -> String {
    match own(sight(letters), settled, overwrite_unknown) {
        Own::AlreadyDone { .. } => "done".into(),
        Own::Wait { .. } => "wait".into(),
        Own::Refuse { .. } => "refuse".into(),
        Own::Try {
            login, attempts, ..
        } => {
            let attempt = |Attempt {
                               to,
                               instead_of,
                               retain,
                           }: &Attempt| {
                assert_eq!(*to, Version::Pending);
                let old = instead_of.map_or("anything".into(), |old| format!("{old:?}"));
                format!("{old}{}", if *retain { " RETAIN" } else { "" })
            };
            let attempts: Vec<_> = attempts.iter().map(attempt).collect();
            format!("as {login:?} instead of {}", attempts.join(", else "))
        }
    }
}

#[test]
fn the_current_password_is_tried_as_the_primary_one_first() {
    let rows = ["c", "coo", "cqo", "q", "qo", "", "oo", "p", "pc", "pq"];
    let rows = rows.map(|letters| format!("{letters:>3} | {}", row(letters, true, false)));
    assert_snapshot!(rows.join("\n"), @"
      c | as Current instead of Current RETAIN
    coo | as Current instead of Current RETAIN, else Older(0), else Older(1)
    cqo | as Current instead of Current RETAIN, else Previous
      q | as Previous instead of Previous RETAIN
     qo | as Previous instead of Previous RETAIN, else Older(0)
        | refuse
     oo | refuse
      p | done
     pc | done
     pq | done
    ");
}

#[test]
fn the_previous_password_waits_until_clients_have_settled() {
    assert_eq!(row("cq", false, true), "wait");
    assert_eq!(row("c", false, false), row("c", true, false));
    assert_eq!(
        row("q", false, false),
        row("q", true, false),
        "it stays: nothing to wait for"
    );
}

#[test]
fn a_primary_set_by_hand_is_replaced_only_where_the_policy_says_so() {
    assert_eq!(
        row("co", true, true),
        "as Current instead of Current RETAIN, else Older(0), else anything"
    );
    assert_eq!(
        row("cq", true, true),
        row("cq", true, false),
        "both passwords are known"
    );
}

#[test]
fn the_sentences_say_what_this_login_cannot_see() {
    let Own::Try {
        reason, otherwise, ..
    } = own(sight("c"), true, false)
    else {
        panic!("it tries")
    };
    assert_snapshot!(reason, @"the current password opens the door; in one statement, on condition of what is the primary password, the pending password is set beside it: then the pending password and the current password open the door of the account this login was matched with, and no other does: this login cannot see whether there was one");
    assert_snapshot!(otherwise, @"the current password is only the secondary one, and the primary, which would have to be replaced, is no version of this secret: set the current password again if nobody needs the other, name a secret that may change this user in masterarn, or allow overwrite_unknown");
    let Own::Refuse { reason } = own(sight("oo"), true, false) else {
        panic!("it refuses")
    };
    assert_snapshot!(reason, @"neither the pending, nor the current, nor the previous password opens the door: name a secret that may change this user in masterarn");
}
