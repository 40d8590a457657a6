//! Parameter groups.

use aws_sdk_rds::{
    error::ProvideErrorMetadata,
    types::{ApplyMethod, Filter, Parameter},
};
use simulated_aws::rds::ParameterGroup;

use crate::world::World;

#[tokio::test(start_paused = true)]
async fn parameters_that_a_group_sets_are_listed_as_the_users() {
    let world = World::with_readers(0, |_| ());
    let rds = &world.client;
    let create = rds
        .create_db_cluster_parameter_group()
        .description("For orders");
    let create = create.db_cluster_parameter_group_name("Orders");
    create
        .db_parameter_group_family("aurora-mysql8.0")
        .send()
        .await
        .unwrap();
    let modify = |name: &str, method| {
        let parameter = Parameter::builder()
            .parameter_name(name)
            .parameter_value("ON");
        let modify = rds.modify_db_cluster_parameter_group();
        let modify = modify.db_cluster_parameter_group_name("orders");
        modify
            .parameters(parameter.apply_method(method).build())
            .send()
    };
    modify("event_scheduler", ApplyMethod::Immediate)
        .await
        .unwrap();
    let unknown = modify("no_such", ApplyMethod::Immediate).await.unwrap_err();
    assert_eq!(unknown.code(), Some("InvalidParameterValue"));
    let fixed = modify("gtid-mode", ApplyMethod::Immediate)
        .await
        .unwrap_err();
    assert_eq!(fixed.code(), Some("InvalidParameterCombination"));

    let list = rds
        .describe_db_cluster_parameters()
        .db_cluster_parameter_group_name("orders");
    let set = list
        .clone()
        .source("user")
        .send()
        .await
        .unwrap()
        .parameters
        .unwrap();
    assert_eq!(set.len(), 1);
    assert_eq!(set[0].parameter_name(), Some("event_scheduler"));
    assert_eq!(set[0].parameter_value(), Some("ON"));
    let named = Filter::builder()
        .name("parameter-name")
        .values("binlog_format")
        .build();
    let named = list
        .filters(named)
        .send()
        .await
        .unwrap()
        .parameters
        .unwrap();
    assert_eq!(
        (named.len(), named[0].source()),
        (1, Some("engine-default"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_default_group_is_there_once_something_uses_it_and_stays_as_it_is() {
    let world = World::with_readers(0, |_| ());
    let rds = &world.client;
    let name = "default.aurora-mysql8.0";
    for found in [
        rds.describe_db_cluster_parameters()
            .db_cluster_parameter_group_name(name)
            .send()
            .await
            .is_ok(),
        rds.describe_db_parameters()
            .db_parameter_group_name(name)
            .send()
            .await
            .is_ok(),
    ] {
        assert!(found);
    }
    let parameter = Parameter::builder()
        .parameter_name("event_scheduler")
        .parameter_value("ON");
    let parameter = parameter.apply_method(ApplyMethod::Immediate).build();
    let modify = rds
        .modify_db_cluster_parameter_group()
        .db_cluster_parameter_group_name(name);
    let error = modify
        .parameters(parameter)
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    assert!(error.is_invalid_db_parameter_group_state_fault());
}

#[tokio::test(start_paused = true)]
async fn there_are_fifty_parameter_groups() {
    let world = World::plain();
    world.outside(|rds, at| {
        for number in 0..50 {
            let group = ParameterGroup::new(at.place, "cluster-pg", &format!("g-{number}"), "f");
            rds.add_cluster_parameter_group(group, at);
        }
    });
    let create = |name: &str| {
        let create = world
            .client
            .create_db_cluster_parameter_group()
            .description("d");
        let create = create.db_cluster_parameter_group_name(name);
        create.db_parameter_group_family("aurora-mysql8.0").send()
    };
    let full = create("g-50").await.unwrap_err().into_service_error();
    assert!(full.is_db_parameter_group_quota_exceeded_fault());
    let same = create("G-1").await.unwrap_err().into_service_error();
    assert!(same.is_db_parameter_group_already_exists_fault());
}
