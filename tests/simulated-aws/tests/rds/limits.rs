//! Names, tags and quotas.

use aws_sdk_rds::{
    error::ProvideErrorMetadata,
    operation::create_db_cluster_snapshot::CreateDBClusterSnapshotError, types::Tag,
};
use simulated_aws::{Percent, rds::Snapshot};

use crate::world::{World, minutes};

fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build()
}

async fn create(
    world: &World,
    id: &str,
    tags: Vec<Tag>,
) -> Result<(), CreateDBClusterSnapshotError> {
    let create = world
        .client
        .create_db_cluster_snapshot()
        .db_cluster_identifier("orders");
    let create = create
        .db_cluster_snapshot_identifier(id)
        .set_tags(Some(tags));
    let created = create.send().await;
    created
        .map(drop)
        .map_err(aws_sdk_rds::error::SdkError::into_service_error)
}

#[tokio::test(start_paused = true)]
async fn names_are_checked_as_documented() {
    let world = World::with_readers(0, |_| ());
    let (long, longer) = ("a".repeat(63), "a".repeat(64));
    for good in ["a", "A-1", &long] {
        create(&world, good, vec![]).await.unwrap();
    }
    for bad in ["1a", "-a", "a-", "a--b", "a_b", "rds:a", "a b", &longer] {
        let error = create(&world, bad, vec![]).await.unwrap_err();
        assert_eq!(error.code(), Some("InvalidParameterValue"), "{bad}");
    }
    let same = create(&world, "a-1", vec![]).await.unwrap_err();
    assert!(same.is_db_cluster_snapshot_already_exists_fault());
}

#[tokio::test(start_paused = true)]
async fn the_hundred_and_first_manual_snapshot_is_refused_and_automated_ones_do_not_count() {
    let world = World::with_readers(0, |_| ());
    for number in 0..99 {
        world.add_snapshot(&format!("s-{number}"));
    }
    world.outside(|rds, at| {
        for id in ["rds:a", "rds:b", "awsbackup:c"] {
            rds.add_snapshot(Snapshot::new(at.place, id, "orders", at.now), at);
        }
    });
    create(&world, "last", vec![]).await.unwrap();
    let error = create(&world, "one-more", vec![]).await.unwrap_err();
    assert!(error.is_snapshot_quota_exceeded_fault(), "{error}");

    let quotas = world
        .client
        .describe_account_attributes()
        .send()
        .await
        .unwrap();
    let quotas = quotas.account_quotas.unwrap();
    let quota = |name: &str| {
        let quota = quotas
            .iter()
            .find(|quota| quota.account_quota_name() == Some(name))
            .unwrap();
        (quota.used().unwrap(), quota.max().unwrap())
    };
    assert_eq!(quota("ManualClusterSnapshots"), (100, 100));
    assert_eq!(
        (quota("DBClusters"), quota("DBInstances")),
        ((1, 40), (1, 40))
    );
}

#[tokio::test(start_paused = true)]
async fn tags_are_checked_as_documented() {
    let world = World::with_readers(0, |_| ());
    let many = |count: usize| (0..count).map(|n| tag(&format!("k-{n}"), "v")).collect();
    for (id, tags, taken) in [
        ("fifty", many(50), true),
        ("fifty-one", many(51), false),
        ("reserved", vec![tag("aws:x", "v")], false),
        ("twice", vec![tag("k", "1"), tag("k", "2")], false),
        ("case", vec![tag("k", "1"), tag("K", "2")], true),
        ("quote", vec![tag("k", "\"")], false),
        ("empty-value", vec![tag("k", "")], true),
        ("no-key", vec![tag("", "v")], false),
    ] {
        assert_eq!(create(&world, id, tags).await.is_ok(), taken, "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn tags_come_and_go_by_arn_and_listings_show_them() {
    let world = World::with_readers(1, |_| ());
    world.add_snapshot("s");
    let rds = &world.client;
    for kind in ["cluster:orders", "db:orders-2", "cluster-snapshot:s"] {
        let arn = format!("arn:aws:rds:eu-central-1:123456789012:{kind}");
        let add = rds.add_tags_to_resource().resource_name(&arn);
        add.tags(tag("a", "1"))
            .tags(tag("b", "2"))
            .send()
            .await
            .unwrap();
        let add = rds.add_tags_to_resource().resource_name(&arn);
        add.tags(tag("a", "3")).send().await.unwrap();
        let remove = rds.remove_tags_from_resource().resource_name(&arn);
        remove.tag_keys("b").tag_keys("none").send().await.unwrap();
        let tags = rds
            .list_tags_for_resource()
            .resource_name(&arn)
            .send()
            .await
            .unwrap();
        let tags = tags.tag_list.unwrap();
        assert_eq!(tags, [tag("a", "3")], "{kind}");
    }
    let clusters = rds.describe_db_clusters().send().await.unwrap();
    assert_eq!(clusters.db_clusters()[0].tag_list(), [tag("a", "3")]);
    let snapshots = rds.describe_db_cluster_snapshots().send().await.unwrap();
    assert_eq!(
        snapshots.db_cluster_snapshots()[0].tag_list(),
        [tag("a", "3")]
    );

    let arn = "arn:aws:rds:eu-central-1:123456789012:cluster:orders";
    let all = (0..50).map(|n| tag(&format!("k-{n}"), "v")).collect();
    let add = rds
        .add_tags_to_resource()
        .resource_name(arn)
        .set_tags(Some(all));
    assert_eq!(
        add.send().await.unwrap_err().code(),
        Some("InvalidParameterValue")
    );
    for wrong in [
        "orders",
        "arn:aws:rds:us-east-1:123456789012:cluster:orders",
    ] {
        let list = rds
            .list_tags_for_resource()
            .resource_name(wrong)
            .send()
            .await;
        assert_eq!(
            list.unwrap_err().code(),
            Some("InvalidParameterValue"),
            "{wrong}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_that_fails_stays_as_failed_and_can_be_deleted() {
    let world = World::with_readers(0, |whim| whim.snapshot_fails = Percent(100));
    create(&world, "s", vec![]).await.unwrap();
    world.pass(minutes(6)).await;
    let status = world.rds(|rds| rds.snapshots.get("s").unwrap().status.clone());
    assert_eq!(status, "failed");
    let delete = world
        .client
        .delete_db_cluster_snapshot()
        .db_cluster_snapshot_identifier("s");
    delete.send().await.unwrap();
}
