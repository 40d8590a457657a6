//! Who is on the servers: applications, and bystanders of every kind.

use super::{LOOKS, MASTER};
use crate::{
    activity::{Client, Habit},
    dice::Dice,
};

/// The forms of statements; of the last the server knows nothing.
const DIGESTS: [&str; 4] = [
    "SELECT * FROM `orders` WHERE `id` = ?",
    "SELECT SUM ( `total` ) FROM `invoices`",
    "UPDATE `orders` SET `state` = ? WHERE `id` = ?",
    "",
];

/// Who connects: user, schema and program, and what it does.
type Kind = (
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    fn(&mut Dice) -> Habit,
);

/// Those that policies may mean.
const APPLICATIONS: [Kind; 7] = [
    (Some("app_web"), Some("shop"), Some("java"), pooled),
    (Some("app_web"), Some("shop"), None, forgetful),
    (Some("app_batch"), Some("shop"), Some("python"), runaway),
    (Some("app_batch"), Some("billing"), None, forgetful),
    (Some("report_daily"), Some("shop"), None, runaway),
    (Some("report_weekly"), None, Some("mysql"), runaway),
    (Some("someone"), None, None, sleeper),
];

/// Those that nobody may end, as long as they stay.
const BYSTANDERS: [Kind; 12] = [
    (Some(MASTER), Some("shop"), Some("mysql"), runaway),
    (Some(MASTER), None, None, forgetful),
    (Some("rdsadmin"), None, None, runaway),
    (Some("rdsadmin"), None, None, sleeper),
    (Some(LOOKS), None, None, runaway),
    (Some("jobs"), Some("shop"), Some("nightshift"), runaway),
    (Some("jobs"), Some("shop"), Some("nightshift"), forgetful),
    (Some("mysql.session"), None, None, sleeper),
    (Some("replicator"), None, None, |_| {
        always("Binlog Dump GTID")
    }),
    (Some("replicator"), None, None, |_| always("Connect")),
    (None, None, None, |_| always("Daemon")),
    (None, None, None, forgetful),
];

/// The clients of each of the cluster's `instances`.
pub(super) fn of(dice: &mut Dice, cluster: &str, instances: &[String]) -> Vec<Client> {
    let mut clients = Vec::new();
    for instance in instances {
        let (mut of, busy) = (Vec::new(), dice.count(2, 8));
        of.extend((0..busy).map(|_| *dice.pick(&APPLICATIONS)));
        of.extend(BYSTANDERS.into_iter().filter(|_| dice.chance(60)));
        for (user, schema, program, habit) in of {
            clients.push(Client {
                cluster: cluster.to_owned(),
                instance: instance.clone(),
                user,
                schema,
                program,
                habit: habit(dice),
                seed: dice.seed(),
            });
        }
    }
    clients
}

/// Short statements, each a transaction of its own.
fn pooled(dice: &mut Dice) -> Habit {
    Habit {
        always: None,
        digests: DIGESTS[..1].to_vec(),
        executes: 3,
        sleeps: *dice.pick(&[60, 900]),
        in_transaction: 0,
        leaves: 10,
    }
}

/// Statements that take longer than anybody wants to wait.
fn runaway(dice: &mut Dice) -> Habit {
    Habit {
        always: None,
        digests: DIGESTS.to_vec(),
        executes: *dice.pick(&[120, 1_200, 7_200]),
        sleeps: 300,
        in_transaction: 30,
        leaves: 30,
    }
}

/// It forgets to commit.
fn forgetful(dice: &mut Dice) -> Habit {
    Habit {
        always: None,
        digests: DIGESTS.to_vec(),
        executes: 20,
        sleeps: *dice.pick(&[60, 1_800, 7_200]),
        in_transaction: 90,
        leaves: 20,
    }
}

/// It sleeps outside a transaction.
fn sleeper(dice: &mut Dice) -> Habit {
    Habit {
        always: None,
        digests: DIGESTS[..1].to_vec(),
        executes: 1,
        sleeps: *dice.pick(&[600, 7_200]),
        in_transaction: 0,
        leaves: 30,
    }
}

const fn always(command: &'static str) -> Habit {
    Habit {
        always: Some(command),
        digests: Vec::new(),
        executes: 0,
        sleeps: 0,
        in_transaction: 0,
        leaves: 0,
    }
}
