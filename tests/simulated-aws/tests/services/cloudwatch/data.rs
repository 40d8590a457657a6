//! Putting and listing metrics.

use aws_sdk_cloudwatch::types::{
    Dimension, DimensionFilter, Metric, MetricDataQuery, MetricDatum, MetricStat, StandardUnit,
    StatisticSet,
};

use super::{Cloud, values};
use crate::{harness::World, refusals::code};

#[tokio::test(start_paused = true)]
async fn what_is_put_is_read_and_listed() {
    let cloud = Cloud::of(World::with(|whim| whim.largest_page = 1));
    let datum = || {
        MetricDatum::builder()
            .metric_name("Lag")
            .unit(StandardUnit::Seconds)
    };
    let put = |datum: MetricDatum| {
        let put = cloud.client.put_metric_data().namespace("Nightshift");
        put.metric_data(datum).send()
    };
    put(datum().value(2.0).build()).await.unwrap();
    put(datum()
        .values(1.0)
        .values(7.0)
        .counts(3.0)
        .counts(1.0)
        .build())
    .await
    .unwrap();
    let set = StatisticSet::builder()
        .sample_count(2.0)
        .sum(8.0)
        .minimum(3.0)
        .maximum(5.0)
        .build();
    let one = Dimension::builder().name("reader").value("r1").build();
    put(datum().statistic_values(set).dimensions(one).build())
        .await
        .unwrap();

    let list = cloud.client.list_metrics().namespace("Nightshift");
    let pages = list
        .clone()
        .into_paginator()
        .send()
        .try_collect()
        .await
        .unwrap();
    let metrics = pages.iter().map(|page| page.metrics().len());
    assert_eq!(metrics.collect::<Vec<_>>(), [1, 1]);
    let filter = DimensionFilter::builder().name("reader").build();
    let filtered = list.clone().dimensions(filter).send().await.unwrap();
    assert_eq!(filtered.metrics()[0].dimensions()[0].value(), Some("r1"));
    let error = list.next_token("1").send().await.unwrap_err();
    assert!(
        error
            .into_service_error()
            .is_invalid_parameter_value_exception()
    );

    let metric = Metric::builder()
        .namespace("Nightshift")
        .metric_name("Lag")
        .build();
    let stat = MetricStat::builder().metric(metric).stat("Sum").period(60);
    let get = |unit: StandardUnit| {
        let query = MetricDataQuery::builder()
            .id("m")
            .metric_stat(stat.clone().unit(unit).build());
        let get = cloud
            .client
            .get_metric_data()
            .start_time(cloud.ago(5))
            .end_time(cloud.ago(-1));
        get.metric_data_queries(query.build()).send()
    };
    assert_eq!(values(&get(StandardUnit::Seconds).await.unwrap()), [12.0]);
    assert!(values(&get(StandardUnit::Percent).await.unwrap()).is_empty());
}

#[tokio::test(start_paused = true)]
async fn data_that_makes_no_sense_is_refused() {
    let cloud = Cloud::plain();
    let datum = || MetricDatum::builder().metric_name("Lag");
    let put = |namespace: &str, data: Vec<MetricDatum>| {
        let put = cloud.client.put_metric_data().namespace(namespace);
        put.set_metric_data(Some(data)).send()
    };
    let one = |datum: MetricDatum| put("Nightshift", vec![datum]);
    let reserved = put("AWS/RDS", vec![datum().value(1.0).build()])
        .await
        .unwrap_err();
    assert!(
        reserved
            .into_service_error()
            .is_invalid_parameter_value_exception()
    );
    for bad in [
        datum().value(f64::NAN).build(),
        datum().value(1e200).build(),
        datum()
            .value(1.0)
            .timestamp(cloud.ago(15 * 24 * 60))
            .build(),
        datum().value(1.0).timestamp(cloud.ago(-121)).build(),
        datum().values(1.0).counts(1.0).counts(2.0).build(),
        datum().set_values(Some(vec![1.0; 151])).build(),
        datum().value(1.0).storage_resolution(30).build(),
        datum().value(1.0).metric_name("n".repeat(256)).build(),
    ] {
        let said = format!("{bad:?}");
        let error = one(bad).await.unwrap_err();
        assert!(
            matches!(code(&error), "InvalidParameterValue" | "MissingParameter"),
            "{said}: {error:?}"
        );
    }
    let both = one(datum().value(1.0).values(1.0).build())
        .await
        .unwrap_err();
    assert!(
        both.into_service_error()
            .is_invalid_parameter_combination_exception()
    );
    let none = one(datum().build()).await.unwrap_err();
    assert!(
        none.into_service_error()
            .is_missing_required_parameter_exception()
    );
    let none = put("Nightshift", Vec::new()).await.unwrap_err();
    assert!(
        none.into_service_error()
            .is_missing_required_parameter_exception()
    );
    let many = vec![datum().value(1.0).build(); 1001];
    let many = put("Nightshift", many).await.unwrap_err();
    assert!(
        many.into_service_error()
            .is_invalid_parameter_value_exception()
    );
}

#[tokio::test(start_paused = true)]
async fn a_large_request_comes_compressed() {
    let cloud = Cloud::plain();
    let datum = |n: usize| {
        let name = format!("metric with a long name, number {n}");
        MetricDatum::builder().metric_name(name).value(1.0).build()
    };
    let put = cloud.client.put_metric_data().namespace("Nightshift");
    put.set_metric_data(Some((0..1000).map(datum).collect()))
        .send()
        .await
        .unwrap();
    assert_eq!(
        cloud
            .world
            .aws
            .with(|account, _| account.cloudwatch.metrics.len()),
        1000
    );
}
