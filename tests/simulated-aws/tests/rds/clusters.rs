//! Clusters come and go, and are listed.

use aws_sdk_rds::error::ProvideErrorMetadata;
use simulated_aws::Percent;

use crate::world::{World, minutes};

#[tokio::test(start_paused = true)]
async fn a_cluster_shows_that_it_is_backed_up_if_aws_feels_like_it() {
    for (backing_up, shown) in [(0, "available"), (100, "backing-up")] {
        let world = World::with_readers(0, |whim| whim.backing_up = Percent(backing_up));
        let create = world
            .client
            .create_db_cluster_snapshot()
            .db_cluster_identifier("orders");
        create
            .db_cluster_snapshot_identifier("s")
            .send()
            .await
            .unwrap();
        assert_eq!(world.status(), shown);
        world.pass(minutes(6)).await;
        assert_eq!(world.status(), "available");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cluster_is_created_empty_and_filled_and_emptied_and_deleted() {
    let world = World::plain();
    let rds = &world.client;
    let create = rds
        .create_db_cluster()
        .db_cluster_identifier("Orders")
        .engine("aurora-mysql");
    let create = create
        .master_username("admin")
        .master_user_password("longenough");
    let created = create.send().await.unwrap().db_cluster.unwrap();
    assert_eq!(
        (created.status(), created.db_cluster_identifier()),
        (Some("creating"), Some("orders"))
    );
    for id in ["w", "r"] {
        let member = rds.create_db_instance().db_cluster_identifier("orders");
        let member = member
            .db_instance_class("db.r6g.large")
            .engine("aurora-mysql");
        member.db_instance_identifier(id).send().await.unwrap();
    }
    world.pass(minutes(12)).await;
    assert_eq!(world.members(), ["w", "r"]);

    let delete = || rds.delete_db_cluster().db_cluster_identifier("orders");
    let full = delete().skip_final_snapshot(true).send().await.unwrap_err();
    assert!(
        full.into_service_error()
            .is_invalid_db_cluster_state_fault()
    );
    for id in ["r", "w"] {
        rds.delete_db_instance()
            .db_instance_identifier(id)
            .send()
            .await
            .unwrap();
    }
    let neither = delete().send().await.unwrap_err();
    assert_eq!(neither.code(), Some("InvalidParameterCombination"));
    delete()
        .final_db_snapshot_identifier("last")
        .send()
        .await
        .unwrap();
    assert_eq!(world.status(), "deleting");
    world.pass(minutes(20)).await;
    assert_eq!(world.status(), "gone");
    let last = world.rds(|rds| rds.snapshots.get("last").map(|last| last.status.clone()));
    assert_eq!(last.as_deref(), Some("available"));
    let instances = rds.describe_db_instances().send().await.unwrap();
    assert_eq!(instances.db_instances().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_protected_cluster_stays() {
    let world = World::with_readers(0, |_| ());
    world.outside(|rds, at| {
        rds.delete_instance("orders-1", at);
        rds.clusters
            .change(at.now, "orders", |it| it.deletion_protection = true);
    });
    let delete = world
        .client
        .delete_db_cluster()
        .db_cluster_identifier("orders");
    let error = delete.skip_final_snapshot(true).send().await.unwrap_err();
    assert_eq!(error.code(), Some("InvalidParameterCombination"));
    assert_eq!(world.status(), "available");
}

#[tokio::test(start_paused = true)]
async fn clusters_are_filtered_by_name_arn_and_engine() {
    let world = World::with_readers(0, |_| ());
    world.outside(|rds, at| {
        let mut other = simulated_aws::rds::Cluster::new(at.place, "other", at.now);
        other.engine = "aurora-postgresql".into();
        rds.add_cluster(other, at);
    });
    let listed = async |name: &str, values: &[&str]| {
        let filter = aws_sdk_rds::types::Filter::builder().name(name);
        let values = values.iter().map(ToString::to_string).collect();
        let filter = filter.set_values(Some(values)).build();
        let listing = world
            .client
            .describe_db_clusters()
            .filters(filter)
            .send()
            .await;
        let listing = listing.map_err(|e| e.code().unwrap().to_owned())?;
        let clusters = listing.db_clusters.unwrap_or_default();
        Ok::<_, String>(
            clusters
                .into_iter()
                .map(|it| it.db_cluster_identifier.unwrap())
                .collect(),
        )
    };
    let both = vec!["orders".to_owned(), "other".to_owned()];
    assert_eq!(
        listed("db-cluster-id", &["Orders", "other", "x"]).await,
        Ok(both)
    );
    let arn = "arn:aws:rds:eu-central-1:123456789012:cluster:other";
    assert_eq!(
        listed("db-cluster-id", &[arn]).await,
        Ok(vec!["other".into()])
    );
    assert_eq!(
        listed("engine", &["aurora-mysql"]).await,
        Ok(vec!["orders".into()])
    );
    assert_eq!(listed("clone-group-id", &["x"]).await, Ok(vec![]));
    let many: Vec<_> = (0..101).map(|number| format!("c-{number}")).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    assert!(listed("db-cluster-id", &many[..100]).await.is_ok());
    for wrong in [("status", &["available"][..]), ("db-cluster-id", &many)] {
        assert_eq!(
            listed(wrong.0, wrong.1).await,
            Err("InvalidParameterValue".into())
        );
    }
    let by_arn = world
        .client
        .describe_db_clusters()
        .db_cluster_identifier(arn);
    assert_eq!(by_arn.send().await.unwrap().db_clusters().len(), 1);
}
