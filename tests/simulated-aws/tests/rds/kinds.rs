//! Whose snapshots there are, and who sees them.

use aws_sdk_rds::error::ProvideErrorMetadata;
use simulated_aws::{
    Place,
    rds::{Cluster, Snapshot},
};

use crate::world::{World, place};

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_shared_with_twenty_accounts_at_most() {
    let world = World::with_readers(0, |_| ());
    world.add_snapshot("source");
    let share = |accounts: Vec<String>| {
        let share = world.client.modify_db_cluster_snapshot_attribute();
        let share = share
            .db_cluster_snapshot_identifier("source")
            .attribute_name("restore");
        share.set_values_to_add(Some(accounts)).send()
    };
    let account = |number: u64| (100_000_000_000 + number).to_string();
    share((0..20).map(account).collect()).await.unwrap();
    let error = share(vec![account(20)]).await.unwrap_err();
    assert!(
        error
            .into_service_error()
            .is_shared_snapshot_quota_exceeded_fault()
    );
    let error = share(vec!["everybody".into()]).await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterValue"));
    let attributes = world.client.describe_db_cluster_snapshot_attributes();
    let attributes = attributes
        .db_cluster_snapshot_identifier("source")
        .send()
        .await
        .unwrap();
    let attributes = attributes.db_cluster_snapshot_attributes_result.unwrap();
    let restore = &attributes.db_cluster_snapshot_attributes()[0];
    assert_eq!(restore.attribute_name(), Some("restore"));
    assert_eq!(restore.attribute_values().len(), 20);
}

#[tokio::test(start_paused = true)]
async fn snapshots_are_listed_by_kind_cluster_and_filter() {
    let world = World::with_readers(0, |_| ());
    let other = Place {
        account: "210987654321".into(),
        region: place().region,
    };
    world.outside(|rds, at| {
        let place = at.place;
        for (id, cluster) in [
            ("a-manual", "orders"),
            ("b-manual", "other"),
            ("rds:orders-2026-11-20-03-00", "orders"),
            ("awsbackup:job-1", "orders"),
        ] {
            rds.add_snapshot(Snapshot::new(place, id, cluster, at.now), at);
        }
        let shared = Snapshot::shared_by(&other, place, "theirs", "orders", at.now);
        let mut public = Snapshot::shared_by(&other, place, "everybodys", "x", at.now);
        public.shared_with = vec!["all".into()];
        rds.add_snapshot(shared, at);
        rds.add_snapshot(public, at);
        rds.add_cluster(Cluster::new(place, "other", at.now), at);
    });
    let list = || world.client.describe_db_cluster_snapshots();
    let filter = |name: &str, value: &str| {
        aws_sdk_rds::types::Filter::builder()
            .name(name)
            .values(value)
            .build()
    };
    let theirs = "arn:aws:rds:eu-central-1:210987654321:cluster-snapshot:theirs";
    let everybodys = "arn:aws:rds:eu-central-1:210987654321:cluster-snapshot:everybodys";
    let (automated, backup) = ("rds:orders-2026-11-20-03-00", "awsbackup:job-1");
    let orders = "arn:aws:rds:eu-central-1:123456789012:cluster:orders";
    for (listing, expected) in [
        (list(), vec!["a-manual", backup, "b-manual", automated]),
        (
            list().include_shared(true),
            vec!["a-manual", theirs, backup, "b-manual", automated],
        ),
        (
            list().include_public(true),
            vec!["a-manual", everybodys, backup, "b-manual", automated],
        ),
        (list().snapshot_type("manual"), vec!["a-manual", "b-manual"]),
        (list().snapshot_type("automated"), vec![automated]),
        (list().snapshot_type("awsbackup"), vec![backup]),
        (list().snapshot_type("shared"), vec![theirs]),
        (list().snapshot_type("public"), vec![everybodys]),
        (
            list().db_cluster_identifier("Orders"),
            vec!["a-manual", backup, automated],
        ),
        (list().db_cluster_identifier("never"), vec![]),
        (
            list().filters(filter("db-cluster-id", orders)),
            vec!["a-manual", backup, automated],
        ),
        (
            list()
                .filters(filter("db-cluster-id", "orders"))
                .filters(filter("snapshot-type", "manual")),
            vec!["a-manual"],
        ),
        (list().db_cluster_snapshot_identifier(theirs), vec![theirs]),
    ] {
        let listed = listing.clone().send().await.unwrap();
        let listed: Vec<_> = listed
            .db_cluster_snapshots()
            .iter()
            .map(|snapshot| snapshot.db_cluster_snapshot_identifier().unwrap())
            .collect();
        assert_eq!(listed, expected, "{listing:?}");
    }
    // An automated one is found by name only if the call says what it is.
    let one = list().db_cluster_snapshot_identifier(automated);
    let error = one.clone().send().await.unwrap_err().into_service_error();
    assert!(error.is_db_cluster_snapshot_not_found_fault());
    let found = one.snapshot_type("automated").send().await.unwrap();
    assert_eq!(found.db_cluster_snapshots().len(), 1);

    for wrong in [
        list().snapshot_type("nightly"),
        list().filters(filter("status", "available")),
        list()
            .db_cluster_identifier("orders")
            .db_cluster_snapshot_identifier("a-manual"),
    ] {
        let code = wrong
            .clone()
            .send()
            .await
            .unwrap_err()
            .code()
            .map(str::to_owned);
        assert!(
            code.is_some_and(|code| code.starts_with("InvalidParameter")),
            "{wrong:?}"
        );
    }
}
