use insta::assert_snapshot;

use super::{
    super::testing::{account, seen},
    *,
};

fn unequal(roles: &[Role]) -> Known {
    Known::new(roles.to_vec(), |_, _| false)
}

/// In letters, as the accounts are: `R` retain, `X` replace, with what dies behind it.
fn short(choice: &Choice) -> String {
    let dies = |dies: &Dies| match dies {
        Dies::Known(Role::Current) => "c",
        Dies::Known(Role::Pending) => "p",
        Dies::Known(Role::Previous) => "q",
        Dies::Known(Role::Older) => "o",
        Dies::UnknownPrimary | Dies::UnknownSecondary => "?",
    };
    match choice {
        Choice::AlreadyDone => "done".into(),
        Choice::Retain { kills } => format!("R {}", kills.as_ref().map_or("", dies)),
        Choice::Replace { kills } => format!("X {}", dies(kills)),
        Choice::Wait => "wait".into(),
        Choice::Refuse { .. } => "refuse".into(),
        Choice::Leave { .. } => "leave".into(),
    }
}

fn table(settled: bool, overwrite_unknown: bool) -> String {
    let mut rows = vec!["  | -      c      p      q      o      ?".to_string()];
    for primary in "cpqo?".chars() {
        let cells = "-cpqo?".chars().map(|secondary| {
            let seen = seen(&format!("{primary}{secondary}"));
            format!("{:6}", short(&set(&seen, settled, overwrite_unknown)))
        });
        let cells = cells.collect::<Vec<_>>().join(" ");
        rows.push(format!("{primary} | {}", cells.trim_end()));
    }
    rows.join("\n")
}

#[test]
fn settled_every_known_password_may_go_but_the_current_one() {
    assert_snapshot!(table(true, false), @r"
      | -      c      p      q      o      ?
    c | R      R      R      R q    R o    refuse
    p | done   done   done   done   done   done
    q | R      X q    R      R      R o    refuse
    o | R      X o    R      R q    R      refuse
    ? | R      refuse R      R q    R o    refuse
    ");
}

#[test]
fn the_previous_password_is_not_killed_before_clients_have_settled() {
    assert_snapshot!(table(false, false), @r"
      | -      c      p      q      o      ?
    c | R      R      R      wait   R o    refuse
    p | done   done   done   done   done   done
    q | R      wait   R      R      R o    refuse
    o | R      X o    R      wait   R      refuse
    ? | R      refuse R      wait   R o    refuse
    ");
}

#[test]
fn passwords_set_by_hand_go_only_where_the_policy_says_so() {
    assert_snapshot!(table(true, true), @r"
      | -      c      p      q      o      ?
    c | R      R      R      R q    R o    R ?
    p | done   done   done   done   done   done
    q | R      X q    R      R      R o    R ?
    o | R      X o    R      R q    R      R ?
    ? | R      X ?    R      R q    R o    R ?
    ");
}

fn told(letters: &str, settled: bool) -> String {
    let seen = seen(letters);
    words::reason(&seen, &set(&seen, settled, false))
}

#[test]
fn the_sentence_says_what_opens_the_door_before_and_after() {
    assert_snapshot!(told("c-", true), @"the current password opens the door; set with RETAIN CURRENT PASSWORD, in one statement: then the pending password and the current password open it");
    assert_snapshot!(told("cq", true), @"the current password and the previous password open the door; set with RETAIN CURRENT PASSWORD, in one statement: then the pending password and the current password open it, and the previous password no longer does");
    assert_snapshot!(told("oc", true), @"an older password of this secret and the current password open the door; the current password is only the secondary one, which RETAIN would kill, so the primary is replaced, in one statement: then the pending password and the current password open it, and an older password of this secret no longer does");
    assert_snapshot!(told("?-", true), @"a password that is no version of this secret opens the door; set with RETAIN CURRENT PASSWORD, in one statement: then the pending password and a password that is no version of this secret open it; AWSCURRENT did not open this account before, nor will it after");
    assert_snapshot!(told("pc", true), @"nothing to set: the pending password and the current password open the door already");
}

#[test]
fn the_sentence_says_why_nothing_is_done() {
    assert_snapshot!(told("cq", false), @"the current password and the previous password open the door; setting the pending password now would kill the previous one, which clients that cache the secret may still use: try again when they have settled");
    assert_snapshot!(told("c?", true), @"the current password and a password that is no version of this secret open the door; the secondary password is no version of this secret, and setting the pending one would kill it: DISCARD OLD PASSWORD if nobody needs it, or allow overwrite_unknown");
    assert_snapshot!(told("?c", true), @"a password that is no version of this secret and the current password open the door; the current password is only the secondary one, and the primary, which would have to be replaced, is no version of this secret: set the current password again if nobody needs the other, or allow overwrite_unknown");
}

#[test]
fn accounts_without_a_door_for_passwords_are_left() {
    let locked = Seen {
        locked: true,
        ..seen("c-")
    };
    let iam = Seen {
        passwordless: Some("AWSAuthenticationPlugin".into()),
        ..seen("?-")
    };
    let told = |seen: &Seen| words::reason(seen, &set(seen, true, true));
    assert_snapshot!(told(&locked), @"the account is locked: left as it is");
    assert_snapshot!(told(&iam), @"the account logs in by AWSAuthenticationPlugin, without a password of its own: left as it is");
}

fn at(host: &str, letters: &str) -> Seen {
    Seen {
        account: account("app", host),
        ..seen(letters)
    }
}

fn planned(seen: &[Seen]) -> Verdict {
    plan(&unequal(&[Role::Current, Role::Pending]), seen, true, false).verdict
}

#[test]
fn accounts_with_the_same_change_share_a_statement_whatever_their_order() {
    let accounts = [at("c", "c-"), at("b", "oc"), at("a", "co"), at("d", "pc")];
    let go = Verdict::Go(vec![
        Statement {
            retain: false,
            accounts: vec![account("app", "b")],
        },
        Statement {
            retain: true,
            accounts: vec![account("app", "a"), account("app", "c")],
        },
    ]);
    assert_eq!(planned(&accounts), go);
    let reversed: Vec<_> = accounts.into_iter().rev().collect();
    assert_eq!(planned(&reversed), go);
}

#[test]
fn one_account_that_is_refused_or_waits_holds_all_back() {
    assert_eq!(planned(&[at("a", "c-"), at("b", "c?")]), Verdict::Refuse);
    let known = unequal(&[Role::Current]);
    let waiting = plan(&known, &[at("a", "c-"), at("b", "cq")], false, false);
    assert_eq!(waiting.verdict, Verdict::Wait);
    let both = plan(&known, &[at("a", "c?"), at("b", "cq")], false, false);
    assert_eq!(both.verdict, Verdict::Refuse, "waiting would not help");
}

#[test]
fn a_left_account_holds_nobody_back_unless_all_are_left() {
    let locked = Seen {
        locked: true,
        ..at("b", "c-")
    };
    assert!(matches!(
        planned(&[at("a", "c-"), locked.clone()]),
        Verdict::Go(_)
    ));
    assert_eq!(
        planned(&[at("a", "pc"), locked.clone()]),
        Verdict::AlreadyDone
    );
    assert_eq!(planned(&[locked]), Verdict::Refuse);
    assert_eq!(planned(&[]), Verdict::Refuse);
}

#[test]
fn nothing_is_set_where_the_pending_password_is_the_current_one() {
    let known = Known::new(vec![Role::Current, Role::Pending], |_, _| true);
    let plan = plan(&known, &[at("a", "cq"), at("b", "c?")], false, false);
    assert_eq!(plan.verdict, Verdict::AlreadyDone);
}
