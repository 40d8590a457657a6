use super::{super::testing::account, *};

const CURRENT_AND_PENDING: [Role; 3] = [Role::Pending, Role::Previous, Role::Current];

fn entry(primary: Held, secondary: Option<Held>, plugin: &str) -> Entry {
    Entry {
        account: account("app", "%"),
        primary,
        secondary,
        locked: false,
        plugin: plugin.into(),
    }
}

#[test]
fn a_password_in_two_roles_has_the_stronger_one() {
    let roles = [Role::Current, Role::Pending, Role::Previous, Role::Older];
    for strong in roles {
        for weak in roles.into_iter().filter(|weak| *weak > strong) {
            for given in [vec![strong, weak], vec![weak, strong]] {
                let known = Known::new(given, |_, _| true);
                assert_eq!(known.role(Held::Candidate(0)), Some(strong));
                assert_eq!(known.role(Held::Candidate(1)), Some(strong));
            }
        }
    }
}

#[test]
fn different_passwords_keep_their_roles() {
    let known = Known::new(CURRENT_AND_PENDING.to_vec(), |_, _| false);
    let roles = (0..4).map(|i| known.role(Held::Candidate(i)));
    assert_eq!(
        roles.collect::<Vec<_>>(),
        [
            Some(Role::Pending),
            Some(Role::Previous),
            Some(Role::Current),
            None
        ]
    );
    assert_eq!(known.role(Held::Unknown), None);
    assert!(!known.pending_is_current());
}

#[test]
fn a_pending_password_that_is_the_current_one_needs_not_be_set() {
    let equal = |i, j| i != 1 && j != 1;
    let known = Known::new(CURRENT_AND_PENDING.to_vec(), equal);
    assert!(known.pending_is_current());
    assert_eq!(known.role(Held::Candidate(0)), Some(Role::Current));
    assert_eq!(known.role(Held::Candidate(1)), Some(Role::Previous));
}

#[test]
fn a_pending_password_that_was_one_before_is_still_pending() {
    let known = Known::new(CURRENT_AND_PENDING.to_vec(), |i, j| i < 2 && j < 2);
    assert!(!known.pending_is_current());
    assert_eq!(known.role(Held::Candidate(1)), Some(Role::Pending));
}

#[test]
fn an_entry_is_seen_in_roles() {
    let known = Known::new(CURRENT_AND_PENDING.to_vec(), |_, _| false);
    let two = entry(
        Held::Candidate(2),
        Some(Held::Unknown),
        "caching_sha2_password",
    );
    let seen = Seen::new(&two, &known);
    assert_eq!(seen.primary, Some(Role::Current));
    assert_eq!(seen.secondary, Secondary::Unknown);
    assert_eq!(seen.shut(), None);
    let one = entry(Held::Unknown, None, "mysql_native_password");
    let seen = Seen::new(&one, &known);
    assert_eq!((seen.primary, seen.secondary), (None, Secondary::None));
}

#[test]
fn only_plugins_that_keep_passwords_are_touched() {
    let known = Known::new(vec![Role::Current], |_, _| false);
    for plugin in [
        "AWSAuthenticationPlugin",
        "auth_socket",
        "mysql_no_login",
        "some_new_one",
    ] {
        let seen = Seen::new(&entry(Held::Candidate(0), None, plugin), &known);
        assert_eq!(seen.passwordless.as_deref(), Some(plugin));
        assert!(!seen.opens(Role::Current), "{plugin}");
    }
}

#[test]
fn a_locked_account_opens_for_nobody() {
    let known = Known::new(vec![Role::Current], |_, _| false);
    let mut entry = entry(Held::Candidate(0), None, "caching_sha2_password");
    assert!(Seen::new(&entry, &known).opens(Role::Current));
    entry.locked = true;
    assert!(!Seen::new(&entry, &known).opens(Role::Current));
}
