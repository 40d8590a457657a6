//! Pages of listings.

use std::collections::BTreeSet;

use aws_sdk_rds::error::ProvideErrorMetadata;
use simulated_aws::rds::{Cluster, Instance, ParameterGroup, Snapshot};

use crate::world::{World, days};

/// A world with `count` snapshots `s-000`, `s-001`, … that gives pages of 20.
fn snapshots(count: usize) -> World {
    let world = World::with_readers(0, |whim| whim.largest_page = 20);
    for number in 0..count {
        world.add_snapshot(&format!("s-{number:03}"));
    }
    world
}

/// The names on the page behind `marker`, and the next marker.
async fn page(world: &World, marker: Option<String>) -> (Vec<String>, Option<String>) {
    let page = world.client.describe_db_cluster_snapshots();
    let page = page.set_marker(marker).send().await.unwrap();
    let names = page.db_cluster_snapshots.unwrap_or_default().into_iter();
    let names = names.map(|one| one.db_cluster_snapshot_identifier.unwrap());
    (names.collect(), page.marker)
}

#[tokio::test(start_paused = true)]
async fn pages_are_no_larger_than_aws_likes_and_together_they_are_all() {
    let world = snapshots(47);
    let (first, marker) = page(&world, None).await;
    let (second, marker) = page(&world, marker).await;
    let (third, end) = page(&world, marker).await;
    assert_eq!([first.len(), second.len(), third.len()], [20, 20, 7]);
    assert_eq!(end, None);
    let all: BTreeSet<_> = [first, second, third].concat().into_iter().collect();
    assert_eq!(all.len(), 47);
}

#[tokio::test(start_paused = true)]
async fn a_last_page_that_is_full_has_no_marker() {
    let world = snapshots(20);
    let (names, marker) = page(&world, None).await;
    assert_eq!((names.len(), marker), (20, None));
}

#[tokio::test(start_paused = true)]
async fn what_stays_is_listed_once_although_others_come_and_go_between_pages() {
    let world = snapshots(60);
    let mut seen = Vec::new();
    let (mut names, mut marker) = page(&world, None).await;
    let mut round = 0;
    loop {
        seen.append(&mut names);
        let Some(next) = marker else { break };
        world.outside(|rds, at| {
            // The last one shown goes, so do one before and one behind; others come.
            rds.delete_snapshot(seen.last().unwrap(), at);
            rds.delete_snapshot(&format!("s-00{round}"), at);
            rds.delete_snapshot(&format!("s-05{round}"), at);
            for id in [
                format!("r-{round}"),
                format!("s-01{round}x"),
                format!("t-{round}"),
            ] {
                rds.add_snapshot(Snapshot::new(at.place, &id, "orders", at.now), at);
            }
        });
        round += 1;
        (names, marker) = page(&world, Some(next)).await;
    }
    let once: BTreeSet<_> = seen.iter().cloned().collect();
    assert_eq!(once.len(), seen.len(), "one is listed twice");
    let stayed = world.rds(|rds| rds.snapshots.truth().keys().cloned().collect::<Vec<_>>());
    let stayed = stayed
        .iter()
        .filter(|id| id.starts_with("s-") && !id.ends_with('x'));
    let missing: Vec<_> = stayed.filter(|id| !once.contains(*id)).collect();
    assert!(missing.is_empty(), "lost: {missing:?}");
    assert!(round >= 2, "there was nothing between pages");
}

#[tokio::test(start_paused = true)]
async fn markers_that_are_made_up_or_of_another_listing_are_refused() {
    let world = snapshots(30);
    let marker = page(&world, None).await.1.unwrap();
    for bad in ["20", "s-019", &marker[1..], &format!("{marker}00")] {
        let listing = world.client.describe_db_cluster_snapshots();
        let error = listing.marker(bad).send().await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameterValue"), "{bad}");
    }
    let other = world.client.describe_db_clusters().marker(&marker);
    assert_eq!(
        other.send().await.unwrap_err().code(),
        Some("InvalidParameterValue")
    );
}

#[tokio::test(start_paused = true)]
async fn max_records_is_from_20_to_100() {
    let world = snapshots(0);
    for (asked, taken) in [
        (19, false),
        (20, true),
        (100, true),
        (101, false),
        (-1, false),
    ] {
        let listing = world.client.describe_db_clusters().max_records(asked);
        assert_eq!(listing.send().await.is_ok(), taken, "{asked}");
    }
}

#[tokio::test(start_paused = true)]
async fn every_listing_has_pages() {
    let world = World::with(|whim| whim.largest_page = 3);
    world.outside(|rds, at| {
        for number in 0..8 {
            let id = format!("x-{number}");
            let place = at.place;
            rds.add_cluster(Cluster::new(place, &id, at.now), at);
            rds.add_instance(Instance::new(place, &id, &id, at.now), at);
            for (kind, own) in [("cluster-pg", true), ("pg", false)] {
                let group = ParameterGroup::new(place, kind, &id, "aurora-mysql8.0");
                if own {
                    rds.add_cluster_parameter_group(group, at);
                } else {
                    rds.add_parameter_group(group, at);
                }
            }
        }
    });
    for id in 0..8 {
        let stop = world
            .client
            .stop_db_cluster()
            .db_cluster_identifier(format!("x-{id}"));
        stop.send().await.unwrap();
    }
    world.pass(days(0) + crate::world::minutes(20)).await;
    let rds = &world.client;
    // Each way to list: how many pages, and how many items.
    macro_rules! pages {
        ($listing:expr, $items:ident) => {{
            let mut pages = $listing.into_paginator().send();
            let (mut count, mut items) = (0, 0);
            while let Some(page) = pages.next().await {
                let page = page.unwrap().$items.unwrap_or_default();
                assert!(page.len() <= 3);
                count += 1;
                items += page.len();
            }
            (count, items)
        }};
    }
    assert_eq!(pages!(rds.describe_db_clusters(), db_clusters), (3, 8));
    assert_eq!(pages!(rds.describe_db_instances(), db_instances), (3, 8));
    let groups = rds.describe_db_cluster_parameter_groups();
    // The default group is there as soon as a cluster uses it.
    assert_eq!(pages!(groups, db_cluster_parameter_groups), (3, 9));
    assert_eq!(
        pages!(rds.describe_db_parameter_groups(), db_parameter_groups),
        (3, 9)
    );
    let parameters = rds.describe_db_cluster_parameters();
    let parameters = parameters.db_cluster_parameter_group_name("x-1");
    let (count, all) = pages!(parameters, parameters);
    assert!(
        all > 20 && count == usize::div_ceil(all, 3),
        "{count} pages of {all}"
    );
    let parameters = rds.describe_db_parameters().db_parameter_group_name("x-1");
    assert_eq!(pages!(parameters, parameters), (count, all));
    assert_eq!(pages!(rds.describe_events(), events), (6, 16));
}
