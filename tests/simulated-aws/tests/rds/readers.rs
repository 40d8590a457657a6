//! What a new reader is told and inherits, and why there may be none.

use std::collections::BTreeSet;

use aws_sdk_rds::{
    error::ProvideErrorMetadata,
    operation::create_db_instance::builders::CreateDBInstanceFluentBuilder,
    types::{DbInstance, Tag},
};
use simulated_aws::{Effect, Percent, rds::Serverless};

use crate::world::{World, minutes};

fn reader(world: &World, class: &str) -> CreateDBInstanceFluentBuilder {
    let create = world.client.create_db_instance();
    let create = create
        .db_instance_identifier("r")
        .db_cluster_identifier("orders");
    create.engine("aurora-mysql").db_instance_class(class)
}

async fn refused(create: CreateDBInstanceFluentBuilder) -> (String, String) {
    let error = create.send().await.unwrap_err().into_service_error();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    (text(error.code()), text(error.message()))
}

async fn shown(world: &World) -> DbInstance {
    let list = world.client.describe_db_instances();
    let list = list.db_instance_identifier("r").send().await.unwrap();
    list.db_instances.unwrap().remove(0)
}

#[tokio::test(start_paused = true)]
async fn a_reader_that_is_told_nothing_has_the_defaults() {
    let world = World::with_readers(0, |_| ());
    reader(&world, "db.r6g.large").send().await.unwrap();
    let reader = shown(&world).await;
    assert_eq!(reader.auto_minor_version_upgrade(), Some(true));
    assert_eq!(reader.publicly_accessible(), Some(false));
    assert_eq!(
        reader.ca_certificate_identifier(),
        Some("rds-ca-rsa2048-g1")
    );
    assert_eq!(reader.monitoring_interval(), Some(0));
    assert_eq!(reader.monitoring_role_arn(), None);
    assert_eq!(reader.performance_insights_enabled(), Some(false));
    assert_eq!(reader.performance_insights_kms_key_id(), None);
    assert!(reader.preferred_maintenance_window().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_reader_is_described_as_it_was_told_to_be() {
    let world = World::with_readers(0, |_| ());
    let tag = Tag::builder().key("team").value("orders").build();
    let role = "arn:aws:iam::123456789012:role/monitoring";
    let create = reader(&world, "db.r7g.xlarge")
        .availability_zone("eu-central-1c")
        .promotion_tier(15)
        .auto_minor_version_upgrade(false)
        .ca_certificate_identifier("rds-ca-ecc384-g1")
        .enable_performance_insights(true)
        .performance_insights_retention_period(93)
        .monitoring_interval(30)
        .monitoring_role_arn(role)
        .preferred_maintenance_window("Sun:03:00-Sun:04:00")
        .publicly_accessible(true)
        .tags(tag.clone());
    create.send().await.unwrap();
    let reader = shown(&world).await;
    assert_eq!(reader.availability_zone(), Some("eu-central-1c"));
    assert_eq!(reader.db_instance_class(), Some("db.r7g.xlarge"));
    assert_eq!(reader.promotion_tier(), Some(15));
    assert_eq!(reader.auto_minor_version_upgrade(), Some(false));
    assert_eq!(reader.ca_certificate_identifier(), Some("rds-ca-ecc384-g1"));
    assert_eq!(reader.performance_insights_enabled(), Some(true));
    assert_eq!(reader.performance_insights_retention_period(), Some(93));
    let key = reader.performance_insights_kms_key_id().unwrap();
    assert!(key.starts_with("arn:aws:kms:eu-central-1:"), "{key}");
    assert_eq!(reader.monitoring_interval(), Some(30));
    assert_eq!(reader.monitoring_role_arn(), Some(role));
    assert_eq!(
        reader.preferred_maintenance_window(),
        Some("sun:03:00-sun:04:00")
    );
    assert_eq!(reader.publicly_accessible(), Some(true));
    assert_eq!(reader.tag_list(), [tag]);
}

#[tokio::test(start_paused = true)]
async fn settings_that_make_no_sense_are_refused() {
    type Change = fn(CreateDBInstanceFluentBuilder) -> CreateDBInstanceFluentBuilder;
    let world = World::with_readers(0, |_| ());
    let wrong: [(Change, &str); 6] = [
        (
            |it| it.ca_certificate_identifier("rds-ca-2015"),
            "CertificateNotFound",
        ),
        (
            |it| it.preferred_maintenance_window("sunday night"),
            "InvalidParameterValue",
        ),
        (
            |it| {
                it.enable_performance_insights(true)
                    .performance_insights_retention_period(94)
            },
            "InvalidParameterValue",
        ),
        (
            |it| it.performance_insights_retention_period(93),
            "InvalidParameterCombination",
        ),
        (
            |it| it.performance_insights_kms_key_id("alias/own"),
            "InvalidParameterCombination",
        ),
        (
            |it| it.database_insights_mode("advanced".into()),
            "InvalidParameterCombination",
        ),
    ];
    for (change, code) in wrong {
        let create = change(reader(&world, "db.r6g.large"));
        let what = format!("{create:?}");
        assert_eq!(refused(create).await.0, code, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn some_small_classes_have_no_performance_insights() {
    let world = World::with_readers(0, |_| ());
    for class in ["db.t3.medium", "db.t3.large", "db.t4g.small"] {
        let create = reader(&world, class).enable_performance_insights(true);
        let (code, why) = refused(create).await;
        assert_eq!(code, "InvalidParameterCombination", "{class}");
        let told = "Performance Insights not supported for this configuration.";
        assert_eq!(why, told, "{class}");
    }
    let medium = reader(&world, "db.t4g.medium").enable_performance_insights(true);
    medium.send().await.unwrap();
    let without = reader(&world, "db.t3.medium").db_instance_identifier("without");
    without.send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_class_that_is_not_offered_is_refused_by_name() {
    let world = World::with_readers(0, |_| ());
    world.outside(|rds, _| rds.not_offered.insert("db.r8g.large".into()));
    let (code, why) = refused(reader(&world, "db.r8g.large")).await;
    assert_eq!(code, "InvalidParameterCombination");
    assert!(why.contains("DBInstanceClass=db.r8g.large"), "{why}");
    reader(&world, "db.r6g.large").send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn serverless_readers_need_a_cluster_that_says_between_what_they_scale() {
    let world = World::with_readers(0, |_| ());
    let (code, _) = refused(reader(&world, "db.serverless")).await;
    assert_eq!(code, "InvalidDBClusterStateFault");
    world.outside(|rds, at| {
        rds.clusters.change(at.now, "orders", |cluster| {
            cluster.serverless = Some(Serverless { least: 1, most: 32 });
        })
    });
    reader(&world, "db.serverless").send().await.unwrap();
    let cluster = world.client.describe_db_clusters().send().await.unwrap();
    let scaling = cluster.db_clusters()[0].serverless_v2_scaling_configuration();
    let scaling = scaling.map(|it| (it.min_capacity(), it.max_capacity()));
    assert_eq!(scaling, Some((Some(0.5), Some(16.0))));
}

#[tokio::test(start_paused = true)]
async fn a_zone_without_room_for_a_class_has_room_for_others() {
    let world = World::with_readers(0, |_| ());
    let (full, small) = ("db.r6g.large", "db.t4g.medium");
    world.outside(|rds, _| rds.set_capacity(full, "eu-central-1a", false));
    let in_zone = |class: &str, zone: &str| reader(&world, class).availability_zone(zone);
    let (code, why) = refused(in_zone(full, "eu-central-1a")).await;
    assert_eq!(code, "InsufficientDBInstanceCapacity");
    assert!(why.contains(full), "{why}");
    world.pass(minutes(600)).await;
    let (code, _) = refused(in_zone(full, "eu-central-1a")).await;
    assert_eq!(code, "InsufficientDBInstanceCapacity");
    let elsewhere = reader(&world, full).send().await.unwrap();
    let elsewhere = elsewhere.db_instance.unwrap();
    assert_ne!(elsewhere.availability_zone(), Some("eu-central-1a"));
    let other = in_zone(small, "eu-central-1a").db_instance_identifier("s");
    other.send().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_creation_that_fails_leaves_what_can_only_be_deleted() {
    let world = World::with_readers(0, |whim| whim.instance_fails = Percent(100));
    let mut ends = BTreeSet::new();
    for _ in 0..20 {
        reader(&world, "db.r6g.large").send().await.unwrap();
        world.pass(minutes(12)).await;
        let failed = shown(&world).await;
        assert!(failed.endpoint().is_none() && failed.instance_create_time().is_none());
        ends.insert(failed.db_instance_status.unwrap());
        let delete = world.client.delete_db_instance();
        delete.db_instance_identifier("r").send().await.unwrap();
        world.pass(minutes(12)).await;
    }
    let states = ["failed", "incompatible-network", "insufficient-capacity"];
    assert_eq!(ends, BTreeSet::from(states.map(str::to_owned)));
    let effects = world.effects();
    let told = |id: &str| {
        let of = |effect: &&Effect| matches!(effect, Effect::Event(event) if event.id == id);
        effects.iter().filter(of).count()
    };
    assert_eq!(told("RDS-EVENT-0005"), 0);
    assert!(told("RDS-EVENT-0031") > 0);
}
