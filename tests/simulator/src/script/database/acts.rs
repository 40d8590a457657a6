//! What people do to databases and secrets.

use jiff::{SignedDuration, Timestamp};

use super::{ByHand, Database, Rough, SecretPlan, act};
use crate::{
    dice::Dice,
    script::{Act, Delivery},
};

/// The deeds of a script whose doctor makes these visits.
pub(in crate::script) fn of(
    seed: u64,
    database: &Database,
    rough: Rough,
    visits: &[Delivery],
) -> Vec<Act> {
    let mut dice = Dice::of(seed, "by-hand");
    let count = *dice.pick(&[0, 1, 2, 4, 6]);
    let mut acts: Vec<Act> = (0..count)
        .map(|number| {
            let at = dice.moment(rough.0, rough.1);
            act(at, deed(&mut dice, database, number))
        })
        .collect();
    // Whoever begins a rotation by hand may do so twice, and something else in its middle.
    for begun in acts.clone() {
        if matches!(
            &begun.deed,
            crate::script::Deed::ByHand(ByHand::Rotate { .. })
        ) && dice.chance(60)
        {
            let at = soon(&mut dice, begun.at);
            let number = acts.len();
            acts.push(act(at, deed(&mut dice, database, number)));
        }
    }
    acts.extend(beside_the_doctor(seed, database, rough, visits));
    acts.sort_by_key(|act| act.at);
    acts
}

/// Rotations that are begun so that their steps meet a visit of the doctor. What is stuck, he may
/// be about to give up.
fn beside_the_doctor(
    seed: u64,
    database: &Database,
    rough: Rough,
    visits: &[Delivery],
) -> Vec<Act> {
    let mut dice = Dice::of(seed, "beside-the-doctor");
    if dice.chance(40) {
        return Vec::new();
    }
    let (secrets, stuck) = (database.rotated().collect(), stuck(database));
    let during = |at: &&Timestamp| **at > rough.0 && **at < rough.1;
    let visits = visits.iter().flat_map(|visit| &visit.arrivals);
    let mut begun = |(number, visit): (usize, &Timestamp)| {
        // What is stuck at the beginning, the first visit gives up.
        let first = number == 0 && !stuck.is_empty();
        if !first && dice.chance(80) {
            return None;
        }
        let secrets: &Vec<&SecretPlan> = if first { &stuck } else { &secrets };
        let secret = dice.pick(secrets).name.clone();
        let at = *visit - SignedDuration::from_millis(dice.between(0, 9_000));
        let token = token(&mut dice);
        Some(act(at, ByHand::Rotate { secret, token }))
    };
    let visits = visits.filter(during).enumerate();
    visits.filter_map(&mut begun).collect()
}

/// The secrets whose rotation was given up before the beginning.
fn stuck(database: &Database) -> Vec<&SecretPlan> {
    let rotated = database.rotated();
    rotated.filter(|secret| secret.stuck().is_some()).collect()
}

/// While the rotation goes on.
fn soon(dice: &mut Dice, at: Timestamp) -> Timestamp {
    at + SignedDuration::from_millis(dice.between(200, 9_000))
}

fn deed(dice: &mut Dice, database: &Database, number: usize) -> ByHand {
    let secrets: Vec<&SecretPlan> = database.rotated().collect();
    let secret = *dice.pick(&secrets);
    let of_user =
        |it: &&super::OfAccount| it.cluster == secret.cluster && it.account.user == secret.user;
    let accounts: Vec<_> = database.accounts.iter().filter(of_user).collect();
    let account = dice.pick(&accounts).account.clone();
    let (cluster, name) = (secret.cluster.clone(), secret.name.clone());
    let password = format!("PWbyhand{number}x{:08x}", dice.seed());
    match dice.between(0, 13) {
        0 | 1 => ByHand::Alter {
            cluster,
            account,
            password,
            retain: dice.chance(60),
            secret: dice.chance(50).then_some(name),
        },
        2 if dice.chance(30) => ByHand::Drop { cluster, account },
        2 | 3 if dice.chance(50) => ByHand::Lock {
            cluster,
            account,
            locked: dice.chance(70),
        },
        4 => ByHand::Right {
            cluster,
            account,
            right: dice.pick::<&str>(&["SELECT ON `shop`.*", "UPDATE ON `shop`.*"]),
            given: dice.chance(50),
        },
        5 => ByHand::Put {
            secret: name,
            password,
        },
        6 => ByHand::RemovePending { secret: name },
        7..=9 => ByHand::Failover { cluster },
        _ => ByHand::Rotate {
            secret: name,
            token: token(dice),
        },
    }
}

fn token(dice: &mut Dice) -> String {
    format!("hand{:016x}{:016x}", dice.seed(), dice.seed())
}
