//! Alarms that ring and stop ringing, and what people do meanwhile.

use aurora_sql::Account;
use jiff::{SignedDuration, Timestamp};

use super::{ENDS, LOOKS, Remedies, RemedyPlan};
use crate::{
    database,
    dice::Dice,
    script::{Act, ByHand, Deed, Delivery},
};

/// The password of both users.
pub const PASSWORD: &str = "the-password-of-both-users";

/// The tags that remedy-alarm keeps on a cluster.
const TAGS: [&str; 3] = [
    "nightshift:episode",
    "nightshift:remedied",
    "nightshift:reader-asked",
];

/// All of it; what is broken is whole again when calm comes.
pub(in crate::script) fn of(
    seed: u64,
    (begins, calm): (Timestamp, Timestamp),
    remedies: &Remedies,
    deliveries: &[Delivery],
) -> Vec<Act> {
    let mut dice = Dice::of(seed, "remedies' acts");
    let arrivals = deliveries.iter().flat_map(|it| &it.arrivals);
    let arrivals: Vec<Timestamp> = arrivals.filter(|at| **at < calm).copied().collect();
    let mut acts = Vec::new();
    for plan in &remedies.plans {
        for _ in 0..dice.count(3, 12) {
            let at = dice.moment(begins, calm);
            ringing(&mut dice, plan, at, calm, &mut acts);
        }
        for _ in 0..*dice.pick(&[0, 0, 1, 3]) {
            // In the middle of a run, when it hurts most.
            let at = *dice.pick(&arrivals) + SignedDuration::from_millis(dice.between(10, 2_000));
            acts.push((at.min(calm), Deed::FailOver(plan.cluster.clone())));
        }
        meddling(&mut dice, plan, (begins, calm), &mut acts);
        in_the_end(&mut dice, plan, calm, &mut acts);
    }
    acts.sort_by_key(|(at, _)| *at);
    acts.into_iter()
        .map(|(at, deed)| Act { at, deed })
        .collect()
}

/// An alarm rings, for a while or for good; now and then it flaps.
fn ringing(
    dice: &mut Dice,
    plan: &RemedyPlan,
    at: Timestamp,
    calm: Timestamp,
    acts: &mut Vec<(Timestamp, Deed)>,
) {
    let metric = |it: &&super::AlarmPlan| matches!(it.watches, super::Watches::Metric(..));
    let alarms: Vec<_> = plan.alarms.iter().filter(metric).collect();
    let name = &dice.pick(&alarms).name;
    let of = |state: &str| Deed::Alarm {
        name: name.clone(),
        state: state.to_owned(),
    };
    let times = if dice.chance(25) { dice.count(2, 6) } else { 1 };
    let most = if times > 1 { 300 } else { 7_200 };
    let mut at = at;
    for _ in 0..times {
        acts.push((at.min(calm), of("ALARM")));
        at += dice.seconds(1, most);
        let over = *dice.pick(&["OK", "OK", "INSUFFICIENT_DATA"]);
        acts.push((at.min(calm), of(over)));
        at += dice.seconds(1, most);
    }
}

/// A person takes a right away, spoils a secret, or changes the tags.
fn meddling(
    dice: &mut Dice,
    plan: &RemedyPlan,
    (begins, calm): (Timestamp, Timestamp),
    acts: &mut Vec<(Timestamp, Deed)>,
) {
    let cluster = plan.cluster.clone();
    if dice.chance(12) {
        let right = |given| {
            Deed::ByHand(ByHand::Right {
                cluster: cluster.clone(),
                account: account(ENDS),
                right: database::RIGHT_TO_END,
                given,
            })
        };
        acts.push((dice.moment(begins, calm), right(false)));
        acts.push((calm, right(true)));
    }
    if dice.chance(12) {
        let user = *dice.pick(&[LOOKS, ENDS]);
        let secret = plan.secret(user);
        let put = |password: &str| {
            Deed::ByHand(ByHand::Put {
                secret: secret.clone(),
                password: password.to_owned(),
            })
        };
        acts.push((dice.moment(begins, calm), put("another-password")));
        acts.push((calm, put(PASSWORD)));
    }
    for _ in 0..*dice.pick(&[0, 0, 0, 1, 3]) {
        let value = dice
            .chance(30)
            .then(|| "what a person put there".to_owned());
        let (cluster, key) = (cluster.clone(), *dice.pick(&TAGS));
        acts.push((
            dice.moment(begins, calm),
            Deed::Tag {
                cluster,
                key,
                value,
            },
        ));
    }
}

/// As calm comes nothing rings, or one alarm begins to and goes on.
fn in_the_end(
    dice: &mut Dice,
    plan: &RemedyPlan,
    calm: Timestamp,
    acts: &mut Vec<(Timestamp, Deed)>,
) {
    for alarm in &plan.alarms {
        let name = alarm.name.clone();
        let state = "OK".to_owned();
        if matches!(alarm.watches, super::Watches::Metric(..)) {
            acts.push((calm, Deed::Alarm { name, state }));
        }
    }
    if dice.chance(60) {
        let about: Vec<_> = plan.alarms.iter().take(4).collect();
        let name = dice.pick(&about).name.clone();
        let state = "ALARM".to_owned();
        let at = calm + dice.seconds(1, 1_200);
        acts.push((at, Deed::Alarm { name, state }));
    }
}

/// The account of one of Nightshift's users.
#[must_use]
pub fn account(user: &str) -> Account {
    Account {
        user: user.to_owned(),
        host: "%".to_owned(),
    }
}
