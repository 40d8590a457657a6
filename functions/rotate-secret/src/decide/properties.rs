//! What holds for every account, whatever its passwords: decisions against MySQL's transitions.

use aurora_model::Span;
use jiff::{SignedDuration, Timestamp};
use proptest::{prelude::*, sample::select};

use super::{
    Known, Role, Secondary, Seen, clone, discard,
    model::{Passwords, Statement},
    own::{self, OwnSight, Version},
    set::{Choice, Verdict, plan, set},
    testing::account,
};

const ROLES: [Option<Role>; 5] = [
    Some(Role::Current),
    Some(Role::Pending),
    Some(Role::Previous),
    Some(Role::Older),
    None,
];

fn accounts() -> impl Strategy<Value = Seen> {
    let secondary = prop_oneof![
        1 => Just(Secondary::None),
        5 => select(ROLES.to_vec()).prop_map(of_role),
    ];
    let hosts = select(vec!["%", "10.0.%", "localhost"]);
    let shut = prop_oneof![8 => Just((false, None)), 1 => Just((true, None)), 1 => Just((false, Some("auth_socket".to_string())))];
    (select(ROLES.to_vec()), secondary, hosts, shut).prop_map(
        |(primary, secondary, host, (locked, passwordless))| Seen {
            account: account("app", host),
            primary,
            secondary,
            locked,
            passwordless,
        },
    )
}

fn of_role(role: Option<Role>) -> Secondary {
    role.map_or(Secondary::Unknown, Secondary::Known)
}

/// What the account is seen to be after `statement`.
fn after(seen: &Seen, statement: &Statement<Option<Role>>) -> Seen {
    let Passwords { primary, secondary } = seen.passwords().after(statement).unwrap();
    let secondary = secondary.map_or(Secondary::None, of_role);
    Seen {
        primary,
        secondary,
        ..seen.clone()
    }
}

fn unknown(seen: &Seen) -> usize {
    usize::from(seen.primary.is_none()) + usize::from(seen.secondary == Secondary::Unknown)
}

const CURRENT: Option<Role> = Some(Role::Current);

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn setting_shuts_no_door_of_the_current_password(seen in accounts(), settled: bool, overwrite: bool) {
        let choice = set(&seen, settled, overwrite);
        let Some(statement) = choice.statement() else {
            return Ok(());
        };
        let then = after(&seen, &statement);
        prop_assert_eq!(then.opens(Role::Current), seen.opens(Role::Current));
        prop_assert!(then.opens(Role::Pending));
        prop_assert_eq!(set(&then, settled, overwrite), Choice::AlreadyDone);
        prop_assert!(settled || then.opens(Role::Previous) || !seen.opens(Role::Previous));
        prop_assert!(overwrite || unknown(&then) >= unknown(&seen).min(1));
        prop_assert!(overwrite || unknown(&seen) < 2);
    }

    #[test]
    fn setting_tells_whom_it_kills(seen in accounts(), settled: bool, overwrite: bool) {
        let choice = set(&seen, settled, overwrite);
        let Some(statement) = choice.statement() else {
            return Ok(());
        };
        let (then, told) = (after(&seen, &statement).passwords(), match choice {
            Choice::Retain { kills } => kills,
            Choice::Replace { kills } => Some(kills),
            _ => None,
        });
        let before = seen.passwords();
        let dead = ROLES.into_iter().filter(|role| before.opens(role) && !then.opens(role));
        let told: Vec<_> = told.into_iter().map(|dies| match dies {
            super::set::Dies::Known(role) => Some(role),
            _ => None,
        }).collect();
        // Of two unknown passwords one dies and one stays: the model cannot tell them apart.
        prop_assert!(dead.eq(told.iter().copied()) || told == [None] && unknown(&seen) == 2);
    }

    #[test]
    fn a_plan_ends_well_after_each_of_its_statements(
        seen in proptest::collection::vec(accounts(), 0..5), settled: bool, overwrite: bool,
    ) {
        let known = Known::new(vec![Role::Current, Role::Pending], |_, _| false);
        let Verdict::Go(statements) = plan(&known, &seen, settled, overwrite).verdict else {
            return Ok(());
        };
        let mut now = seen;
        for statement in &statements {
            let sql = Statement::Set { to: Some(Role::Pending), retain: statement.retain };
            for one in now.iter_mut().filter(|one| statement.accounts.contains(&one.account)) {
                // Of two entries of one account, as this test draws them, the plan names both.
                if set(one, settled, overwrite).statement() == Some(sql.clone()) {
                    let then = after(one, &sql);
                    prop_assert_eq!(then.opens(Role::Current), one.opens(Role::Current));
                    *one = then;
                }
            }
            let verdict = plan(&known, &now, settled, overwrite).verdict;
            prop_assert!(matches!(verdict, Verdict::Go(_) | Verdict::AlreadyDone));
        }
        prop_assert_eq!(plan(&known, &now, settled, overwrite).verdict, Verdict::AlreadyDone);
    }

    #[test]
    fn discarding_leaves_the_current_password_alone(
        seen in accounts(), unfinished: bool, hours in 0..50_i64, overwrite: bool,
    ) {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let moved = Some(now - SignedDuration::from_hours(hours));
        let grace = Span::hours(24);
        let standing = discard::Standing { unfinished, moved, grace, now, overwrite_unknown: overwrite };
        let statements = discard::discard(&seen, &standing).statements();
        prop_assert!(statements.is_empty() || hours >= 24 && !unfinished && !seen.opens(Role::Pending));
        let mut then = seen.clone();
        for statement in &statements {
            then = after(&then, statement);
            prop_assert!(then.opens(Role::Current));
            prop_assert!(overwrite || unknown(&then) == unknown(&seen));
        }
        if !statements.is_empty() {
            prop_assert_eq!((then.primary, then.secondary), (CURRENT, Secondary::None));
            let again = discard::discard(&then, &standing);
            prop_assert_eq!(again, discard::Choice::Leave { why: discard::Why::NothingRetained });
        }
    }

    #[test]
    fn the_other_user_keeps_what_cached_clients_use(seen in accounts(), settled: bool, overwrite: bool) {
        let choice = clone::password(&seen, settled, overwrite);
        let Some(statement) = choice.statement() else {
            return Ok(());
        };
        let then = after(&seen, &statement);
        prop_assert!(then.opens(Role::Pending));
        prop_assert_eq!(then.opens(Role::Current), seen.opens(Role::Current));
        prop_assert!(settled || then.opens(Role::Previous) || !seen.opens(Role::Previous));
        prop_assert!(overwrite || unknown(&then) == unknown(&seen));
        prop_assert_eq!(clone::password(&then, settled, overwrite), Choice::AlreadyDone);
    }
}

/// Passwords of a user that sees itself from outside only: versions, or one that is none of them.
type Mine = Option<Version>;

fn mine() -> impl Strategy<Value = Passwords<Mine>> {
    let one = || {
        select(vec![
            Some(Version::Current),
            Some(Version::Pending),
            Some(Version::Previous),
            Some(Version::Older(0)),
            Some(Version::Older(1)),
            None,
        ])
    };
    let two = (one(), proptest::option::weighted(0.8, one()));
    two.prop_map(|(primary, secondary)| Passwords { primary, secondary })
}

fn sight(passwords: &Passwords<Mine>) -> OwnSight {
    let opens = |version| passwords.opens(&Some(version));
    OwnSight {
        pending: opens(Version::Pending),
        current: opens(Version::Current),
        previous: opens(Version::Previous),
        older: 2,
    }
}

/// After the first of the attempts that error 3891 does not end; none where it ends all.
fn attempted(passwords: &Passwords<Mine>, attempts: &[own::Attempt]) -> Option<Passwords<Mine>> {
    let statement = |attempt: &own::Attempt| Statement::SetOwn {
        to: Some(attempt.to),
        instead_of: attempt.instead_of.map(Some),
        retain: attempt.retain,
    };
    attempts
        .iter()
        .find_map(|attempt| passwords.after(&statement(attempt)).ok())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_user_alone_shuts_no_door_of_its_current_password(before in mine(), settled: bool, overwrite: bool) {
        let opens = sight(&before);
        let decided = own::own(opens, settled, overwrite);
        let own::Own::Try { login, attempts, .. } = decided else {
            let right = match decided {
                own::Own::AlreadyDone { .. } => opens.pending,
                own::Own::Wait { .. } => opens.previous && !settled,
                _ => !opens.pending && !opens.current && !opens.previous,
            };
            prop_assert!(right);
            return Ok(());
        };
        prop_assert!(before.opens(&Some(login)));
        let Some(then) = attempted(&before, &attempts) else {
            // Refused: the primary one is no version of this secret.
            prop_assert!(before.primary.is_none() && !overwrite);
            return Ok(());
        };
        for role in [Version::Current, login] {
            prop_assert_eq!(then.opens(&Some(role)), before.opens(&Some(role)));
        }
        prop_assert_eq!(then.primary, Some(Version::Pending));
        prop_assert!(settled || then.opens(&Some(Version::Previous)) || !opens.previous);
        // An unknown primary one stays; an unknown secondary one is what this way cannot see.
        prop_assert!(overwrite || before.primary.is_some() || then.opens(&None));
        let again = own::own(sight(&then), settled, overwrite);
        let done = matches!(again, own::Own::AlreadyDone { .. });
        prop_assert!(done);
    }

    #[test]
    fn a_user_alone_discards_only_beside_its_current_password(before in mine(), hours in 0..50_i64) {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let moved = Some(now - SignedDuration::from_hours(hours));
        let grace = Span::hours(24);
        let standing = discard::Standing { unfinished: false, moved, grace, now, overwrite_unknown: false };
        let discard::Own::Try(attempts) = discard::own(sight(&before), &standing) else {
            return Ok(());
        };
        prop_assert!(hours >= 24 && before.primary.is_some() && before.secondary.is_some());
        let proved = attempted(&before, &attempts).unwrap();
        prop_assert!(proved.opens(&Some(Version::Current)));
        let then = proved.after(&Statement::Discard).unwrap();
        prop_assert_eq!(then, Passwords::new(Some(Version::Current)));
    }
}
