//! What holds for every history and every policy.

mod arbitrary;

use std::collections::{BTreeMap, BTreeSet};

use aurora_model::{Choice, Decision, Plan, Rail, Snapshot, SnapshotStatus, Span, Zone, tags};
use jiff::Timestamp;
use proptest::{collection::vec, prelude::*};

use self::arbitrary::{ages, keeps, observations, policies, zones};
use crate::{
    plan::{Delete, Observation, plan},
    policy::{Keep, Policy},
    rails::guard,
    retention::{Candidate, Verdict, judge},
    testing::{now, observed},
};

fn deletes(plan: &Plan<Delete>) -> BTreeSet<String> {
    plan.actions()
        .map(|(_, delete)| delete.snapshot.clone())
        .collect()
}

/// What would really be deleted: what no breach covers.
fn allowed(plan: &Plan<Delete>) -> BTreeSet<String> {
    let allowed = plan
        .actions()
        .filter(|(decision, _)| plan.forbidden(&decision.cluster).is_none());
    allowed.map(|(_, delete)| delete.snapshot.clone()).collect()
}

fn without(observation: &Observation, gone: &BTreeSet<String>) -> Observation {
    let mut observation = observation.clone();
    observation
        .snapshots
        .retain(|snapshot| !gone.contains(&snapshot.id));
    observation
}

/// A rail that deleting `gone` has broken, found without any of the code under test.
fn broken(policy: &Policy, observation: &Observation, gone: &BTreeSet<String>) -> Option<String> {
    let selector = policy.selector();
    let mut by_cluster: BTreeMap<&str, Vec<&Snapshot>> = BTreeMap::new();
    for snapshot in &observation.snapshots {
        by_cluster
            .entry(&snapshot.cluster)
            .or_default()
            .push(snapshot);
    }
    let past = |snapshot: &Snapshot| snapshot.created.is_some_and(|created| created <= now());
    let ours = |snapshot: &Snapshot| snapshot.managed_for("nightly") && past(snapshot);
    let good = |snapshot: &Snapshot| ours(snapshot) && snapshot.status == SnapshotStatus::Available;
    let (mut all_good, mut all_going) = (0, 0);
    for (id, snapshots) in by_cluster {
        let cluster = observation.clusters.iter().find(|cluster| cluster.id == id);
        let meant = cluster.map_or_else(|| selector.names(id), |cluster| selector.selects(cluster));
        let going: Vec<&Snapshot> = snapshots
            .iter()
            .copied()
            .filter(|s| gone.contains(&s.id))
            .collect();
        for snapshot in &going {
            let status = matches!(
                snapshot.status,
                SnapshotStatus::Available | SnapshotStatus::Failed
            );
            if !(meant && ours(snapshot) && !snapshot.tags.has(tags::HOLD) && status) {
                return Some(format!("{} is not ours to delete", snapshot.id));
            }
        }
        let newest = |of: &dyn Fn(&Snapshot) -> bool| {
            let found = snapshots.iter().copied().filter(|snapshot| of(snapshot));
            found.max_by_key(|snapshot| (snapshot.created, snapshot.id.clone()))
        };
        let free = |snapshot: &Snapshot| good(snapshot) && !snapshot.tags.has(tags::HOLD);
        let free_count = snapshots.iter().filter(|snapshot| free(snapshot)).count();
        let free_going = going.iter().filter(|snapshot| free(snapshot)).count();
        if meant {
            all_good += free_count;
            all_going += free_going;
        }
        if free_going > 0 && free_count - free_going < policy.min_keep as usize {
            return Some(format!("min_keep of {id}"));
        }
        if free_going * 100 > free_count * usize::from(policy.max_delete_percent) {
            return Some(format!("share of {id}"));
        }
        if newest(&free).is_some_and(|newest| gone.contains(&newest.id)) {
            return Some(format!("newest good of {id}"));
        }
        if newest(&|s| good(s) && s.drilled()).is_some_and(|newest| gone.contains(&newest.id)) {
            return Some(format!("newest drilled of {id}"));
        }
        let fresh = |newest: &Snapshot| {
            now().duration_since(newest.created.unwrap()) <= policy.rpo.duration()
        };
        if cluster.is_some() && !going.is_empty() && !newest(&good).is_some_and(fresh) {
            return Some(format!("recovery point of {id}"));
        }
    }
    if gone.len() > policy.max_deletes as usize {
        return Some("max_deletes".into());
    }
    (all_going * 100 > all_good * usize::from(policy.max_delete_percent))
        .then(|| "share of the run".into())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_a_plan_may_do_breaks_no_rail(policy in policies(), observation in observations()) {
        let plan = plan(&policy, &observation, now());
        prop_assert_eq!(broken(&policy, &observation, &allowed(&plan)), None);
        let fault = [Rail::Ownership, Rail::NewestGood, Rail::NewestDrilled];
        prop_assert!(!plan.breaches.iter().any(|breach| fault.contains(&breach.rail)), "{}", plan);
    }

    #[test]
    fn the_rails_hold_even_if_retention_were_wrong(
        policy in policies(),
        observation in observations(),
        wrong in vec(any::<prop::sample::Index>(), 0..9),
    ) {
        let mut plan = Plan::empty();
        if !observation.snapshots.is_empty() {
            let ids: BTreeSet<usize> = wrong.iter().map(|index| index.index(observation.snapshots.len())).collect();
            plan.decisions = ids.into_iter().map(|index| {
                let Snapshot { id, cluster, .. } = &observation.snapshots[index];
                Decision::new(cluster, id, Choice::Act(Delete { snapshot: id.clone() }), "wrong")
            }).collect();
        }
        plan.breaches = guard(&policy, &plan, &observation, now());
        prop_assert_eq!(broken(&policy, &observation, &allowed(&plan)), None);
    }

    #[test]
    fn nothing_is_refused_without_a_broken_rail(policy in policies(), observation in observations()) {
        let plan = plan(&policy, &observation, now());
        let deletes = deletes(&plan);
        if deletes != allowed(&plan) {
            prop_assert!(broken(&policy, &observation, &deletes).is_some(), "{}", plan);
        }
    }

    #[test]
    fn planning_after_applying_plans_nothing(policy in policies(), observation in observations()) {
        let first = plan(&policy, &observation, now());
        let second = plan(&policy, &without(&observation, &allowed(&first)), now());
        prop_assert_eq!(allowed(&second), BTreeSet::new());
        // Even where every rail was lifted for one run.
        let second = plan(&policy, &without(&observation, &deletes(&first)), now());
        prop_assert_eq!(deletes(&second), BTreeSet::new());
    }

    #[test]
    fn a_run_cut_short_leaves_exactly_the_rest(
        policy in policies(),
        observation in observations(),
        done in vec(any::<bool>(), 70),
    ) {
        let planned = deletes(&plan(&policy, &observation, now()));
        let (done, rest): (BTreeSet<_>, BTreeSet<_>) = {
            let (done, rest): (Vec<_>, Vec<_>) = planned.into_iter().zip(done).partition(|(_, done)| *done);
            let ids = |pairs: Vec<(String, bool)>| pairs.into_iter().map(|(id, _)| id).collect();
            (ids(done), ids(rest))
        };
        prop_assert_eq!(&deletes(&plan(&policy, &without(&observation, &done), now())), &rest);
        // RDS goes on listing a snapshot while it is being deleted.
        let mut going = observation;
        for snapshot in going.snapshots.iter_mut().filter(|snapshot| done.contains(&snapshot.id)) {
            snapshot.status = SnapshotStatus::Deleting;
        }
        prop_assert_eq!(&deletes(&plan(&policy, &going, now())), &rest);
    }

    #[test]
    fn the_order_of_the_listing_is_irrelevant(
        policy in policies(),
        (observation, shuffled) in observations().prop_flat_map(|observation| {
            let clusters = Just(observation.clusters.clone()).prop_shuffle();
            let snapshots = Just(observation.snapshots.clone()).prop_shuffle();
            (Just(observation), (clusters, snapshots).prop_map(|(clusters, snapshots)| observed(clusters, snapshots)))
        }),
    ) {
        prop_assert_eq!(plan(&policy, &observation, now()), plan(&policy, &shuffled, now()));
    }

    #[test]
    fn every_snapshot_of_a_cluster_that_is_meant_has_one_row(policy in policies(), observation in observations()) {
        let plan = plan(&policy, &observation, now());
        for cluster in observation.clusters.iter().filter(|cluster| policy.selector().selects(cluster)) {
            let rows = plan.decisions.iter().filter(|decision| decision.cluster == cluster.id);
            let told: usize = rows.map(|row| {
                row.subject.split_once(" snapshots, ").map_or(1, |(number, _)| number.parse().unwrap())
            }).sum();
            let there = observation.snapshots.iter().filter(|snapshot| snapshot.cluster == cluster.id).count();
            prop_assert_eq!(told, there, "{}", plan);
        }
    }

    #[test]
    fn retention_agrees_with_a_slow_and_simple_one(keep in keeps(), zone in zones(), ages in vec(ages(), 0..80)) {
        let zone = Zone::named(zone).unwrap();
        let ids: Vec<String> = (0..ages.len()).map(|number| format!("s{number}")).collect();
        let history: Vec<Candidate> = ages.iter().zip(&ids).map(|(age, id)| Candidate { created: now() - *age, id }).collect();
        let kept: BTreeSet<&str> = judge(&keep, &zone, history.clone())
            .into_iter()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Keep(_)))
            .map(|(candidate, _)| candidate.id)
            .collect();
        prop_assert_eq!(kept, kept_simply(&keep, &zone, history));
    }
}

/// Retention said once more, with labels instead of buckets and a pass over everything per rule.
fn kept_simply<'a>(keep: &Keep, zone: &Zone, mut history: Vec<Candidate<'a>>) -> BTreeSet<&'a str> {
    history.sort_by_key(|candidate| (candidate.created, candidate.id));
    history.reverse();
    let mut kept = BTreeSet::new();
    let Some(newest) = history.first().copied() else {
        return kept;
    };
    kept.extend(
        history
            .iter()
            .take(keep.last as usize)
            .map(|candidate| candidate.id),
    );
    if keep.within != Span::seconds(0) {
        let from: Timestamp = newest.created - keep.within.duration();
        kept.extend(
            history
                .iter()
                .filter(|candidate| candidate.created >= from)
                .map(|candidate| candidate.id),
        );
    }
    let calendars = [
        (keep.hourly, "%F %H %:z"),
        (keep.daily, "%F"),
        (keep.weekly, "%G-%V"),
        (keep.monthly, "%Y-%m"),
        (keep.yearly, "%Y"),
    ];
    for (limit, format) in calendars.into_iter().filter(|(limit, _)| *limit > 0) {
        let label =
            |candidate: &Candidate| zone.local(candidate.created).strftime(format).to_string();
        let mut labels: Vec<String> = Vec::new();
        for candidate in &history {
            if !labels.contains(&label(candidate)) {
                labels.push(label(candidate));
            }
        }
        for wanted in labels.iter().take(limit as usize) {
            kept.extend(
                history
                    .iter()
                    .find(|candidate| label(candidate) == *wanted)
                    .map(|candidate| candidate.id),
            );
        }
        if labels.len() < limit as usize {
            kept.extend(history.last().map(|oldest| oldest.id));
        }
    }
    kept
}
