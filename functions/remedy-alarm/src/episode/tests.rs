use proptest::prelude::*;

use super::*;
use crate::trouble::Trouble;

fn at(minute: i64) -> Timestamp {
    let three: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
    three + jiff::SignedDuration::from_mins(minute)
}

fn rings(name: &str, since: i64) -> Ringing {
    Ringing {
        name: name.into(),
        trouble: Trouble::Cpu,
        little: false,
        instance: None,
        since: at(since),
        reason: String::new(),
        description: None,
        metrics: vec![],
        threshold: None,
        children: vec![],
    }
}

const QUIET: Span = Span::seconds(15 * 60);

/// What is told when the alarms of each minute ring in it.
fn story(minutes: &[(i64, &[&str])]) -> Vec<String> {
    let mut told: Option<Episode> = None;
    let mut story = Vec::new();
    for (minute, names) in minutes {
        let ringing: Vec<_> = names.iter().map(|name| rings(name, *minute)).collect();
        let (news, next) = news(told.as_ref(), &ringing, &[], QUIET, at(*minute));
        let word = format!("{news:?}");
        let word = word.split(['(', ' ', '{']).next().unwrap_or_default();
        story.push(format!("{minute} {word}"));
        told = next.or(told);
    }
    story
}

#[test]
fn an_episode_is_told_once_when_it_begins_when_it_gets_worse_and_when_it_is_over() {
    let told = story(&[
        (0, &[]),
        (1, &["cpu"]),
        (1, &["cpu"]),
        (6, &["cpu"]),
        (9, &["cpu", "lag"]),
        (9, &["lag", "cpu"]),
        (11, &["lag"]),
        (14, &[]),
        (14, &[]),
        (19, &[]),
    ]);
    assert_eq!(
        told,
        [
            "0 Nothing",
            "1 Begins",
            "1 Known",
            "6 Known",
            "9 Worse",
            "9 Known",
            "11 Known",
            "14 Over",
            "14 Nothing",
            "19 Nothing"
        ]
    );
}

#[test]
fn what_comes_back_within_the_quiet_time_is_told_once_that_is_over() {
    let told = story(&[
        (0, &["cpu"]),
        (4, &[]),
        (6, &["cpu"]),
        (8, &[]),
        (12, &["cpu"]),
        (19, &["cpu"]),
        (20, &["cpu"]),
        (21, &[]),
        (22, &["lag"]),
        (24, &[]),
        (60, &["cpu"]),
    ]);
    assert_eq!(
        told,
        [
            "0 Begins",
            "4 Over",
            "6 Quiet",
            "8 Nothing",
            "12 Quiet",
            "19 Begins",
            "20 Known",
            "21 Over",
            "22 Worse",
            "24 Over",
            "60 Begins"
        ]
    );
}

#[test]
fn what_was_told_to_be_over_and_is_back_while_something_else_rings_is_told_once_it_was_quiet() {
    let told = story(&[
        (0, &["cpu"]),
        (4, &[]),
        (6, &["lag"]),
        (8, &["cpu"]),
        (10, &["cpu", "lag"]),
        (20, &["lag"]),
        (22, &["cpu", "lag"]),
        (23, &["cpu"]),
        (40, &["lag"]),
        (41, &[]),
        (50, &["cpu"]),
    ]);
    assert_eq!(
        told,
        [
            "0 Begins", "4 Over", "6 Worse", "8 Quiet", "10 Quiet", "20 Quiet", "22 Worse",
            "23 Known", "40 Worse", "41 Over", "50 Quiet"
        ]
    );
}

#[test]
fn an_alarm_that_comes_back_is_told_of_although_another_one_rings_for_good() {
    let told = story(&[
        (0, &["cpu"]),
        (20, &["cpu", "lag"]),
        (25, &["cpu"]),
        (30, &["cpu", "lag"]),
        (34, &["cpu", "lag"]),
        (35, &["cpu", "lag"]),
        (36, &["cpu", "lag"]),
        (50, &["cpu"]),
        (90, &["cpu", "lag"]),
        (95, &[]),
    ]);
    assert_eq!(
        told,
        [
            "0 Begins", "20 Worse", "25 Known", "30 Known", "34 Known", "35 Worse", "36 Known",
            "50 Known", "90 Worse", "95 Over"
        ]
    );
}

#[test]
fn an_alarm_that_flaps_while_another_one_rings_for_good_is_no_mail_storm() {
    let minutes: Vec<(i64, &[&str])> = (0..480)
        .map(|minute| match minute % 2 {
            0 => (minute, &["cpu", "lag"][..]),
            _ => (minute, &["cpu"][..]),
        })
        .collect();
    let told = story(&minutes);
    let worse = told.iter().filter(|it| it.ends_with("Worse")).count();
    assert!((20..=480 / 15 + 1).contains(&worse), "{worse}");
}

#[test]
fn an_end_tells_which_of_the_episode_s_alarms_have_no_data() {
    let quiet_of = |silent: &[&str]| {
        let (_, told) = news(None, &[rings("cpu", 0), rings("lag", 0)], &[], QUIET, at(0));
        let (_, told) = news(told.as_ref(), &[rings("lag", 0)], &[], QUIET, at(1));
        let silent: Vec<Silent> = silent.iter().map(|name| without_data(name)).collect();
        news(told.as_ref(), &[], &silent, QUIET, at(9)).0
    };
    let over = |silent: &[&str]| News::Over {
        began: at(0),
        silent: silent.iter().map(|name| without_data(name)).collect(),
    };
    assert_eq!(quiet_of(&[]), over(&[]));
    assert_eq!(quiet_of(&["lag", "cpu", "memory"]), over(&["lag", "cpu"]));
    assert_eq!(quiet_of(&["memory"]), over(&[]));
}

fn without_data(name: &str) -> Silent {
    Silent {
        name: name.into(),
        since: at(0),
    }
}

#[test]
fn two_alarms_that_flap_in_turns_are_no_mail_storm() {
    let minutes: Vec<(i64, &[&str])> = (0..480)
        .map(|minute| match minute % 4 {
            0 => (minute, &["cpu"][..]),
            2 => (minute, &["lag"][..]),
            _ => (minute, &[][..]),
        })
        .collect();
    let mailed = ["Begins", "Worse", "Over"];
    let told = story(&minutes);
    let mailed = |it: &&String| mailed.iter().any(|word| it.ends_with(word));
    let mails = told.iter().filter(mailed).count();
    assert!(mails <= 4 * (480 / 15 + 1), "{mails}");
}

#[test]
fn an_alarm_that_flaps_all_night_is_no_mail_storm() {
    let minutes: Vec<(i64, &[&str])> = (0..480)
        .map(|minute| (minute, if minute % 2 == 0 { &["cpu"][..] } else { &[] }))
        .collect();
    let told = story(&minutes);
    let mailed = ["Begins", "Worse", "Over"];
    let mails = told
        .iter()
        .filter(|it| mailed.iter().any(|word| it.ends_with(word)))
        .count();
    assert!(mails <= 2 * (480 / 15 + 1), "{mails}");
}

#[test]
fn a_tag_that_is_none_of_ours_is_no_episode() {
    for tag in [
        "",
        "began=yesterday told=x alarms=",
        "alarms=0",
        "began=2026-11-23T03:00:00Z",
    ] {
        assert_eq!(Episode::parse(tag), None, "{tag}");
    }
}

proptest! {
    #[test]
    fn a_tag_reads_back_and_fits(
        began in 0_i64..10_000, told in 0_i64..10_000, over in proptest::option::of(0_i64..10_000),
        names in proptest::collection::vec("[ -~]{0,40}", 0..40), before in proptest::collection::btree_set(any::<u32>(), 0..=MOST_ALARMS), past in 0_usize..MOST_ALARMS,
        failed in proptest::collection::btree_set(any::<u32>(), 0..=MOST_FAILURES),
    ) {
        let (past, alarms) = (before.iter().take(past).copied().collect(), before.iter().skip(past).copied().collect());
        let known = Episode { began: at(began), told: at(told), over: over.map(at), alarms, past, failed };
        let ringing: Vec<_> = names.iter().map(|name| rings(name, 0)).collect();
        let (_, next) = news(Some(&known), &ringing, &[], QUIET, at(20_000));
        for episode in [Some(known), next].into_iter().flatten() {
            let tag = episode.to_string();
            prop_assert!(tag.len() <= 256, "{} characters: {tag}", tag.len());
            prop_assert!(tag.chars().all(|c| c.is_ascii_alphanumeric() || " :/=-".contains(c)), "{tag}");
            prop_assert_eq!(Episode::parse(&tag), Some(episode));
        }
    }

    #[test]
    fn the_same_twice_is_told_once(
        names in proptest::collection::vec("[a-z]{1,3}", 0..40), minute in 0_i64..100,
        before in proptest::option::of((0_i64..100, proptest::option::of(0_i64..100))),
    ) {
        let known = before.map(|(told, over)| Episode {
            began: at(-5), told: at(told), over: over.map(at), alarms: [number("a")].into(), past: [number("b")].into(), failed: BTreeSet::new(),
        });
        let ringing: Vec<_> = names.iter().map(|name| rings(name, 0)).collect();
        let (_, next) = news(known.as_ref(), &ringing, &[], QUIET, at(minute));
        let told = next.or(known);
        let (again, _) = news(told.as_ref(), &ringing, &[], QUIET, at(minute));
        prop_assert!(!again.mailed(), "{again:?}");
    }
}
