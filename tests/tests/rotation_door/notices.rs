//! The harness notices what it is there for.

use nightshift_tests::door::{Case, Moment, Pace, Played, Resume, Runs, Set, Stage, Strategy};

use crate::naive::Naive;

const UNDISTURBED: Case = Case {
    moment: Moment::Never,
    resume: Resume::NewRotation,
    runs: Runs::One,
};

/// So many rotations by a function that does it wrong, with two accounts and dual passwords.
async fn played(naive: Naive, rotations: usize) -> Vec<Played> {
    let set = Set::start(Strategy::DualSuperuser, Pace::default()).await;
    let subject = naive.on(&set);
    let mut stage = Stage::of(set, subject).await;
    let mut played = vec![];
    for _ in 0..rotations {
        played.push(stage.play(UNDISTURBED).await);
    }
    played
}

fn faults(played: &Played) -> String {
    played.faults(Strategy::DualSuperuser).join("\n")
}

/// As AWS's single-user function does it.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_set_before_the_label_moves_is_seen_as_refused_logins() {
    let played = played(Naive::default(), 1).await;
    let (only, said) = (&played[0], faults(&played[0]));
    assert!(!only.tally.refused.is_empty(), "{only:?}");
    assert!(
        only.tally.window().is_some_and(|window| !window.is_zero()),
        "{only:?}"
    );
    assert!(said.contains("logins refused"), "{said}");
    // In the end all is well: the refusals are all that is wrong with it.
    assert!(only.stuck.is_none() && only.shut.is_empty(), "{said}");
    let mut doors: Vec<_> = only.tally.refused.iter().map(|it| it.door.name()).collect();
    doors.sort_unstable();
    doors.dedup();
    assert_eq!(doors.len(), 4, "{doors:?}");
}

/// The current password is only the secondary one after a rotation that was given up.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_retained_without_a_look_at_the_account_is_seen_as_refused_logins() {
    let naive = Naive {
        retains: true,
        fails_to_test: Some(2),
        ..Naive::default()
    };
    let played = played(naive, 2).await;
    assert_eq!(faults(&played[0]), "");
    let said = faults(&played[1]);
    assert!(said.contains("logins refused"), "{said}");
}

/// After a rotation that was given up the old password is the one that applications log in with.
#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_that_discards_the_secondary_password_blindly_is_seen_as_refused_logins() {
    let naive = Naive {
        retains: true,
        fails_to_test: Some(2),
        discards: true,
        ..Naive::default()
    };
    let set = Set::start(Strategy::DualSuperuser, Pace::default()).await;
    let subject = naive.on(&set);
    let mut stage = Stage::of(set, subject).await;
    assert_eq!(faults(&stage.play(UNDISTURBED).await), "");
    let given_up = Case {
        resume: Resume::Doctor(Moment::Never),
        ..UNDISTURBED
    };
    let said = faults(&stage.play(given_up).await);
    assert!(said.contains("logins refused"), "{said}");
    assert!(said.contains("AWSCURRENT is shut out in the end"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_in_the_log_is_found() {
    let as_bytes = |password: &str| {
        let bytes: Vec<String> = password.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("set {}", bytes.concat())
    };
    let naive = Naive {
        retains: true,
        prints: Some(as_bytes),
        ..Naive::default()
    };
    let played = played(naive, 1).await;
    let said = faults(&played[0]);
    assert_eq!(
        said,
        r#"a secret in the open: a password in hexadecimal, in small letters after "set ""#
    );
}
