//! When nothing can be known, and what is never done.

use proptest::prelude::*;

use super::*;

#[test]
fn what_does_not_fit_together_is_looked_at_again() {
    let mut odd = busy(seen(vec![instance("orders-2", "b")]));
    odd.cluster.members[0].writer = false;
    insta::assert_snapshot!(said(&odd), @"wait   orders/orders: RDS names 0 writers; a failover may be under way; the next tick looks again");
    let mut odd = busy(seen(vec![instance("orders-2", "b")]));
    odd.cluster.members.push(Member {
        id: "orders-9".into(),
        writer: false,
    });
    insta::assert_snapshot!(said(&odd), @"wait   orders/orders: RDS does not tell the same of orders-9 in its two lists yet; the next tick looks again");
    odd.cluster.members.clear();
    insta::assert_snapshot!(said(&odd), @"wait   orders/orders: RDS does not tell the same of orders-1 in its two lists yet; the next tick looks again");
    odd.cluster.status = ClusterStatus::FailingOver;
    insta::assert_snapshot!(said(&odd), @"wait   orders/orders: the cluster is failing-over; the next tick looks again");
}

#[test]
fn what_does_not_pass_by_itself_is_told_once_a_day() {
    let daily = |odd: &Observation| {
        let occasion = Occasion {
            daily: true,
            ..at(NOW)
        };
        plan(&policy(json!({})), odd, occasion).to_string()
    };
    let mut odd = busy(seen(vec![instance("orders-2", "b")]));
    odd.cluster.members[0].writer = false;
    insta::assert_snapshot!(daily(&odd), @"ALERT  orders/orders: RDS names 0 writers; a failover may be under way; as long as that lasts, no reader comes or goes. A secondary cluster of a global database has no writer of its own and is not served");
    odd.cluster.status = ClusterStatus::InaccessibleEncryptionCredentials;
    insta::assert_snapshot!(daily(&odd), @"ALERT  orders/orders: the cluster is inaccessible-encryption-credentials; as long as that lasts, no reader comes or goes");
    odd.cluster.status = ClusterStatus::FailingOver;
    assert_eq!(daily(&odd), said(&odd));
}

#[test]
fn a_reader_that_was_to_go_and_became_the_writer_stays() {
    let mut over = seen(vec![instance("orders-2", "b")]);
    over.instances[0] = draining(
        ours("orders-1", "a", "2026-11-20T00:00:00Z"),
        "2026-11-21T02:00:00Z",
    );
    insta::assert_snapshot!(said(&over), @"
        return orders/orders-1: it was to go, and has become the writer: it stays
        keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer
        ");
}

#[test]
fn broken_readers_do_not_count_and_only_those_that_never_served_go_by_themselves() {
    let mut theirs = instance("orders-3", "c");
    theirs.status = InstanceStatus::IncompatibleParameters;
    let mut stillborn = ours("orders-rmin-2", "c", NOW);
    (stillborn.status, stillborn.created) = (InstanceStatus::Failed, None);
    let broken = seen(vec![instance("orders-2", "b"), theirs, stillborn]);
    insta::assert_snapshot!(said(&broken), @"
        ALERT  orders/orders-3: the reader is incompatible-parameters and takes no reads; a person must look
        delete orders/orders-rmin-2: its creation ended as failed: it never took a read
        keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer
        ");
}

#[test]
fn what_an_earlier_attempt_of_the_request_created_is_told() {
    let mut coming = ours("orders-ra2611210305-2", "b", NOW);
    (coming.status, coming.created) = (InstanceStatus::Creating, None);
    coming.tags.set(tags::CREATED_BY, "this-request");
    let mut others = ours("orders-rmin-3", "b", "2026-11-21T01:00:00Z");
    others.tags.set(tags::CREATED_BY, "another-request");
    let retried = busy(seen(vec![instance("orders-2", "b"), coming, others]));
    insta::assert_snapshot!(said(&retried), @"
        create orders/orders-ra2611210305-2: an earlier attempt of this run created it, and ended before its end; it is creating
        wait   orders/orders: orders-ra2611210305-2 is being created; the alarms are looked at again after that
        ");
}

#[test]
fn an_alarm_that_is_not_there_is_told_of() {
    let mut blind = seen(vec![instance("orders-2", "b")]);
    blind.alarms.remove(1);
    insta::assert_snapshot!(said(&blind), @"
        warning: There is no alarm called idle in this account and region; correct policy.out_alarms or policy.in_alarms.
        keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer
        ");
}

fn any_status() -> impl Strategy<Value = InstanceStatus> {
    prop::sample::select(InstanceStatus::KNOWN)
}

fn any_instance(nth: usize) -> impl Strategy<Value = DbInstance> {
    let minutes = prop::option::weighted(0.8, 0..5_000_i64);
    let drain = prop::option::weighted(0.3, 0..200_i64);
    (any_status(), 0..10_u8, minutes, drain, any::<bool>()).prop_map(
        move |(status, often, minutes, drain, managed)| {
            let ago = |minutes: i64| time(NOW) - jiff::SignedDuration::from_mins(minutes);
            let mut instance = instance(&format!("orders-{nth}"), "b");
            instance.status = if often > 2 {
                InstanceStatus::Available
            } else {
                status
            };
            instance.created = minutes.map(ago);
            if managed {
                instance.tags.set(tags::MANAGED_BY, tags::NIGHTSHIFT);
            }
            if let Some(drain) = drain {
                instance
                    .tags
                    .set(tags::DRAINING_SINCE, ago(drain).to_string());
            }
            instance
        },
    )
}

fn any_seen() -> impl Strategy<Value = Observation> {
    let readers: Vec<_> = (2..9).map(any_instance).collect();
    let state = || {
        prop::sample::select(
            &[
                AlarmState::Ok,
                AlarmState::Alarm,
                AlarmState::InsufficientData,
            ][..],
        )
    };
    let empty = prop::collection::vec(any::<bool>(), 7);
    (readers, 0..8_usize, state(), state(), 0..120_i64, empty).prop_map(
        |(mut readers, number, high, low, ago, empty)| {
            readers.truncate(number);
            let mut seen = seen(readers);
            let since = (time(NOW) - jiff::SignedDuration::from_mins(ago)).to_string();
            seen.alarms = vec![alarm("busy", high, &since), alarm("idle", low, &since)];
            let known = seen.instances[1..].iter().zip(empty);
            seen.connections = known
                .map(|(it, empty)| (it.id.clone(), if empty { 2.0 } else { 50.0 }))
                .collect();
            seen
        },
    )
}

fn changes(plan: &Plan<Change>) -> Vec<(&str, &Change)> {
    plan.actions()
        .map(|(decision, change)| (&*decision.subject, change))
        .collect()
}

proptest! {
    #[test]
    fn whatever_is_seen_the_bounds_hold(seen in any_seen(), min in 0..4_u8, more in 1..5_u8, step in 1..4_u8) {
        let policy = policy(json!({"min": min, "max": min + more, "step_out": step, "step_in": step}));
        let plan = plan(&policy, &seen, at(NOW));
        let changes = changes(&plan);
        let fleet = Fleet::of(&seen).unwrap();
        let created = changes.iter().filter(|(_, it)| matches!(it, Change::Create(_))).count();
        let back = changes.iter().filter(|(_, it)| matches!(it, Change::Return(_))).count();
        if created > 0 {
            prop_assert!(fleet.staying() + created + back <= usize::from(policy.max));
            prop_assert!(fleet.present() + created <= 15);
        }
        let mut serving = fleet.those(|stand| stand == Stand::Serving).len();
        for (id, change) in &changes {
            let reader = fleet.readers.iter().find(|reader| reader.instance.id == *id);
            match change {
                Change::Drain(_) | Change::Delete(_) => {
                    let reader = reader.expect("never the writer");
                    prop_assert!(reader.ours(), "{} is not Nightshift's", id);
                    serving -= usize::from(reader.stand == Stand::Serving);
                }
                Change::Create(_) | Change::Created | Change::Return(_) => {}
            }
        }
        let took = changes.iter().any(|(_, it)| matches!(it, Change::Drain(_)));
        prop_assert!(!took || serving + fleet.those(|it| it == Stand::Coming).len() >= usize::from(min));
        let high = seen.alarms[0].state == AlarmState::Alarm;
        prop_assert!(!(high && took), "an alarm asks for more");
    }

    #[test]
    fn the_order_in_which_aws_lists_things_is_irrelevant(seen in any_seen(), seed in any::<u64>()) {
        let policy = policy(json!({}));
        let mut other = seen.clone();
        let turn = usize::try_from(seed % 7).unwrap() % other.instances.len().max(1);
        other.instances.rotate_left(turn);
        other.cluster.members.reverse();
        other.alarms.reverse();
        prop_assert_eq!(plan(&policy, &seen, at(NOW)), plan(&policy, &other, at(NOW)));
    }
}
