use insta::assert_snapshot;

use super::{super::testing::seen, *};

fn standing(hours_ago: i64) -> Standing {
    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    Standing {
        unfinished: false,
        moved: Some(now - jiff::SignedDuration::from_hours(hours_ago)),
        grace: Span::hours(24),
        now,
        overwrite_unknown: false,
    }
}

fn short(choice: &Choice) -> &'static str {
    match choice {
        Choice::Keep { .. } => "keep",
        Choice::Discard => "discard",
        Choice::ReassertThenDiscard => "reassert",
        Choice::Leave {
            why: Why::NothingRetained,
        } => "none",
        Choice::Leave {
            why: Why::Unfinished,
        } => "busy",
        Choice::Leave {
            why: Why::CurrentShut,
        } => "shut",
        Choice::Leave { why: Why::Unknown } => "unknown",
        Choice::Leave { .. } => "leave",
    }
}

fn table(standing: &Standing) -> String {
    let mut rows = vec!["  | -       c       p       q       o       ?".to_string()];
    for primary in "cpqo?".chars() {
        let cells = "-cpqo?".chars().map(|secondary| {
            let choice = discard(&seen(&format!("{primary}{secondary}")), standing);
            let mut cell = short(&choice).to_string();
            cell.truncate(7);
            format!("{cell:7}")
        });
        let cells = cells.collect::<Vec<_>>().join(" ");
        rows.push(format!("{primary} | {}", cells.trim_end()));
    }
    rows.join("\n")
}

#[test]
fn after_its_grace_the_old_password_goes_where_the_current_one_stays() {
    assert_snapshot!(table(&standing(24)), @r"
      | -       c       p       q       o       ?
    c | none    discard busy    discard discard unknown
    p | busy    busy    busy    busy    busy    busy
    q | shut    reasser busy    shut    shut    shut
    o | shut    reasser busy    shut    shut    shut
    ? | shut    unknown busy    shut    shut    shut
    ");
}

#[test]
fn within_its_grace_it_stays() {
    assert_snapshot!(table(&standing(23)), @r"
      | -       c       p       q       o       ?
    c | none    keep    busy    keep    keep    unknown
    p | busy    busy    busy    busy    busy    busy
    q | shut    keep    busy    shut    shut    shut
    o | shut    keep    busy    shut    shut    shut
    ? | shut    unknown busy    shut    shut    shut
    ");
}

#[test]
fn passwords_set_by_hand_go_only_where_the_policy_says_so() {
    let standing = Standing {
        overwrite_unknown: true,
        ..standing(24)
    };
    assert_eq!(discard(&seen("c?"), &standing), Choice::Discard);
    assert_eq!(discard(&seen("?c"), &standing), Choice::ReassertThenDiscard);
    assert_eq!(short(&discard(&seen("??"), &standing)), "shut");
}

#[test]
fn nothing_is_discarded_while_a_rotation_is_unfinished() {
    let standing = Standing {
        unfinished: true,
        ..standing(1000)
    };
    assert_eq!(short(&discard(&seen("cq"), &standing)), "busy");
    let sight = OwnSight {
        pending: false,
        current: true,
        previous: true,
        older: 0,
    };
    assert_eq!(
        own(sight, &standing),
        Own::Not(Choice::Leave {
            why: Why::Unfinished
        })
    );
}

#[test]
fn nothing_is_discarded_before_anybody_knows_when_aws_current_moved() {
    let standing = Standing {
        moved: None,
        ..standing(0)
    };
    assert_eq!(
        discard(&seen("cq"), &standing),
        Choice::Leave {
            why: Why::MoveUnknown
        }
    );
}

#[test]
fn a_grace_without_end_ends_never() {
    let far = Standing {
        moved: Some(Timestamp::MAX),
        ..standing(0)
    };
    assert_eq!(
        discard(&seen("cq"), &far),
        Choice::Keep {
            until: Timestamp::MAX
        }
    );
}

#[test]
fn a_user_alone_proves_that_its_current_password_is_the_primary_one() {
    let sight = OwnSight {
        pending: false,
        current: true,
        previous: true,
        older: 3,
    };
    let attempt = |old| Attempt {
        to: Version::Current,
        instead_of: Some(old),
        retain: false,
    };
    let proofs = vec![attempt(Version::Current), attempt(Version::Previous)];
    assert_eq!(own(sight, &standing(24)), Own::Try(proofs));
    let until = standing(23).moved.unwrap() + Span::hours(24).duration();
    assert_eq!(own(sight, &standing(23)), Own::Not(Choice::Keep { until }));
    let gone = OwnSight {
        previous: false,
        ..sight
    };
    assert_eq!(
        own(gone, &standing(24)),
        Own::Not(Choice::Leave {
            why: Why::NothingRetained
        })
    );
    let shut = OwnSight {
        current: false,
        ..sight
    };
    assert_eq!(
        own(shut, &standing(24)),
        Own::Not(Choice::Leave {
            why: Why::CurrentShut
        })
    );
}

#[test]
fn the_sentence_says_until_when_or_why() {
    assert_snapshot!(discard(&seen("cq"), &standing(4)).reason(), @"the old password opens the door beside the current one until 2026-11-22 08:00 UTC");
    assert_snapshot!(discard(&seen("cq"), &standing(25)).reason(), @"its grace is over: the old password no longer opens the door, the current one does");
    assert_snapshot!(discard(&seen("qc"), &standing(25)).reason(), @"its grace is over, and the current password is only the secondary one: it is set in place of the primary first, then its second copy is discarded; it opens the door all the while, the old one no longer");
    assert_snapshot!(discard(&seen("c?"), &standing(25)).reason(), @"one of its passwords is no version of this secret: somebody set it by hand, and it stays unless the policy allows overwrite_unknown");
    let locked = Seen {
        locked: true,
        ..seen("cq")
    };
    assert_snapshot!(discard(&locked, &standing(25)).reason(), @"the account is locked: left as it is");
}
