//! Instances are created, rebooted and deleted.

use std::collections::BTreeSet;

use aws_sdk_rds::{
    error::{ProvideErrorMetadata, SdkError},
    operation::create_db_instance::{
        CreateDBInstanceError, builders::CreateDBInstanceFluentBuilder,
    },
    types::Filter,
};
use simulated_aws::{Effect, Percent, rds::Instance};

use crate::world::{World, minutes, seconds};

fn reader(world: &World, id: &str) -> CreateDBInstanceFluentBuilder {
    let create = world.client.create_db_instance().db_instance_identifier(id);
    let create = create
        .db_cluster_identifier("orders")
        .engine("aurora-mysql");
    create.db_instance_class("db.r6g.large")
}

async fn refused(create: CreateDBInstanceFluentBuilder) -> String {
    create.send().await.unwrap_err().code().unwrap().to_owned()
}

fn statuses(effects: &[Effect]) -> Vec<String> {
    let status = |effect: &Effect| match effect {
        Effect::InstanceCreated(instance) => Some(format!("begun as {}", instance.status)),
        Effect::InstanceChanged { instance, .. } => Some(instance.status.clone()),
        Effect::InstanceDeleted(instance) => Some(format!("deleted when {}", instance.status)),
        Effect::Event(event) => Some(format!("{} {}", event.id, event.message)),
        _ => None,
    };
    effects.iter().filter_map(status).collect()
}

#[tokio::test(start_paused = true)]
async fn a_reader_passes_through_its_states() {
    let world = World::with_readers(0, |_| ());
    let create = reader(&world, "Extra")
        .promotion_tier(15)
        .monitoring_interval(60);
    let create = create.monitoring_role_arn("arn:aws:iam::123456789012:role/m");
    let created = create.send().await.unwrap().db_instance.unwrap();
    assert_eq!(created.db_instance_identifier(), Some("extra"));
    assert_eq!(created.db_instance_status(), Some("creating"));
    assert!(created.endpoint().is_none() && created.instance_create_time().is_none());
    world.pass(minutes(14)).await;
    let extra = world
        .client
        .describe_db_instances()
        .db_instance_identifier("EXTRA");
    let extra = extra.send().await.unwrap().db_instances.unwrap().remove(0);
    assert_eq!(extra.db_instance_status(), Some("available"));
    assert_eq!(extra.promotion_tier(), Some(15));
    assert_eq!(extra.monitoring_interval(), Some(60));
    assert_eq!(extra.engine_version(), Some("8.0.mysql_aurora.3.08.0"));
    assert!(extra.endpoint().is_some() && extra.instance_create_time().is_some());

    let reboot = world
        .client
        .reboot_db_instance()
        .db_instance_identifier("extra");
    reboot.send().await.unwrap();
    world.pass(minutes(2)).await;
    let delete = world
        .client
        .delete_db_instance()
        .db_instance_identifier("extra");
    delete.skip_final_snapshot(true).send().await.unwrap();
    world.pass(minutes(12)).await;
    assert_eq!(
        statuses(&world.effects()),
        [
            "begun as creating",
            "configuring-enhanced-monitoring",
            "RDS-EVENT-0005 DB instance created",
            "available",
            "rebooting",
            "RDS-EVENT-0004 DB instance shutdown",
            "available",
            "RDS-EVENT-0006 DB instance restarted",
            "deleting",
            "deleted when available",
            "RDS-EVENT-0003 DB instance deleted",
        ]
    );
    let gone = world
        .client
        .describe_db_instances()
        .db_instance_identifier("extra");
    let gone = gone.send().await.unwrap_err().into_service_error();
    assert!(gone.is_db_instance_not_found_fault());
}

#[tokio::test(start_paused = true)]
async fn a_cluster_has_fifteen_readers_and_no_more() {
    let world = World::with_readers(14, |_| ());
    reader(&world, "r-15").send().await.unwrap();
    assert_eq!(
        refused(reader(&world, "r-16")).await,
        "InstanceQuotaExceeded"
    );
    // One that is on its way out still counts until it is gone.
    let delete = world
        .client
        .delete_db_instance()
        .db_instance_identifier("orders-3");
    delete.send().await.unwrap();
    assert_eq!(
        refused(reader(&world, "r-16")).await,
        "InstanceQuotaExceeded"
    );
    world.pass(minutes(12)).await;
    reader(&world, "r-16").send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_account_has_forty_instances() {
    let world = World::with_readers(0, |_| ());
    world.outside(|rds, at| {
        for number in 2..=40 {
            let id = format!("other-{number}");
            rds.add_instance(Instance::new(at.place, &id, "other", at.now), at);
        }
    });
    assert_eq!(refused(reader(&world, "r")).await, "InstanceQuotaExceeded");
}

#[tokio::test(start_paused = true)]
async fn a_class_that_a_zone_has_not_it_has_not_for_a_while() {
    let world = World::with_readers(0, |whim| whim.no_capacity = Percent(50));
    let mut answers = BTreeSet::new();
    for class in [
        "db.r6g.large",
        "db.r6g.xlarge",
        "db.r7g.large",
        "db.r7g.xlarge",
        "db.t4g.large",
    ] {
        let mut tries = Vec::new();
        for number in 0..4 {
            let id = format!("r-{}-{number}", class.replace('.', "-"));
            let create = reader(&world, &id).db_instance_class(class);
            let create = create.availability_zone("eu-central-1b");
            let answer = match create.send().await {
                Ok(_) => "there is",
                Err(SdkError::ServiceError(error)) => {
                    let error = error.into_err();
                    let full = CreateDBInstanceError::is_insufficient_db_instance_capacity_fault;
                    assert!(full(&error), "{error}");
                    "there is none"
                }
                Err(other) => panic!("{other:?}"),
            };
            tries.push(answer);
            world.pass(seconds(60)).await;
        }
        assert!(
            tries.iter().all(|answer| *answer == tries[0]),
            "{class}: {tries:?}"
        );
        answers.insert(tries[0]);
    }
    assert_eq!(answers.len(), 2, "the seed is to have both: {answers:?}");
}

#[tokio::test(start_paused = true)]
async fn capacity_comes_back_and_any_zone_will_do_if_none_is_named() {
    let world = World::with_readers(0, |whim| whim.no_capacity = Percent(100));
    assert_eq!(
        refused(reader(&world, "r")).await,
        "InsufficientDBInstanceCapacity"
    );
    world
        .aws
        .with(|account, _| account.whim.no_capacity = Percent(0));
    assert_eq!(
        refused(reader(&world, "r")).await,
        "InsufficientDBInstanceCapacity"
    );
    world.pass(minutes(61)).await;
    reader(&world, "r").send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_makes_no_sense_is_refused() {
    type Change = fn(CreateDBInstanceFluentBuilder) -> CreateDBInstanceFluentBuilder;
    let world = World::with_readers(0, |_| ());
    let wrong: [(Change, &str); 11] = [
        (
            |it| it.db_instance_identifier("1r"),
            "InvalidParameterValue",
        ),
        (|it| it.promotion_tier(16), "InvalidParameterValue"),
        (
            |it| it.db_instance_class("r6g.large"),
            "InvalidParameterValue",
        ),
        (
            |it| it.availability_zone("us-east-1a"),
            "InvalidParameterValue",
        ),
        (
            |it| it.engine("aurora-postgresql"),
            "InvalidParameterCombination",
        ),
        (
            |it| it.monitoring_interval(60),
            "InvalidParameterCombination",
        ),
        (|it| it.monitoring_interval(7), "InvalidParameterValue"),
        (
            |it| it.db_parameter_group_name("none"),
            "DBParameterGroupNotFound",
        ),
        (
            |it| it.db_cluster_identifier("none"),
            "DBClusterNotFoundFault",
        ),
        (
            |it| it.db_instance_identifier("Orders-1"),
            "DBInstanceAlreadyExists",
        ),
        // What is not simulated is refused loudly, not ignored.
        (|it| it.multi_az(true), "InvalidAction"),
    ];
    for (change, code) in wrong {
        let create = change(reader(&world, "r"));
        let what = format!("{create:?}");
        assert_eq!(refused(create).await, code, "{what}");
    }
    assert_eq!(world.rds(|rds| rds.instances.len()), 1);
}

#[tokio::test(start_paused = true)]
async fn an_instance_that_is_busy_is_let_be() {
    let world = World::with_readers(1, |_| ());
    reader(&world, "r").send().await.unwrap();
    let rds = &world.client;
    let delete = |id: &str| rds.delete_db_instance().db_instance_identifier(id).send();
    let creating = delete("r").await.unwrap_err().into_service_error();
    assert!(creating.is_invalid_db_instance_state_fault());
    delete("orders-2").await.unwrap();
    let twice = delete("orders-2").await.unwrap_err().into_service_error();
    assert!(twice.is_invalid_db_instance_state_fault());
    assert!(twice.message().unwrap().contains("already being deleted"));
    let stop = rds
        .stop_db_cluster()
        .db_cluster_identifier("orders")
        .send()
        .await;
    let stop = stop.unwrap_err().into_service_error();
    assert!(stop.is_invalid_db_instance_state_fault());
    let last = rds.delete_db_instance().db_instance_identifier("orders-1");
    let last = last
        .final_db_snapshot_identifier("x")
        .send()
        .await
        .unwrap_err();
    assert_eq!(last.code(), Some("InvalidParameterCombination"));
}

#[tokio::test(start_paused = true)]
async fn instances_are_filtered_by_cluster() {
    let world = World::with_readers(2, |_| ());
    world.outside(|rds, at| rds.add_instance(Instance::new(at.place, "x", "other", at.now), at));
    for (cluster, expected) in [("ORDERS", 3), ("other", 1), ("none", 0)] {
        let filter = Filter::builder()
            .name("db-cluster-id")
            .values(cluster)
            .build();
        let listing = world
            .client
            .describe_db_instances()
            .filters(filter)
            .send()
            .await
            .unwrap();
        assert_eq!(listing.db_instances().len(), expected, "{cluster}");
    }
}
