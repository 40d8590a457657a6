//! Reading metrics.

use aws_sdk_cloudwatch::types::{
    Dimension, Metric, MetricDataQuery, MetricStat, ScanBy, StatusCode,
};
use jiff::{SignedDuration, Timestamp};
use simulated_aws::cloudwatch;

use super::{Cloud, cpu, values};
use crate::{harness::World, refusals::code};

#[tokio::test(start_paused = true)]
async fn data_points_are_summed_up_by_period_newest_first() {
    let cloud = Cloud::plain();
    for (minutes_ago, value) in [(20, 10.0), (11, 20.0), (10, 40.0), (9, 60.5), (1, 5.0)] {
        cloud.record(minutes_ago, value);
    }
    assert_eq!(
        values(&cloud.cpu("Average", 60).await),
        [5.0, 60.5, 40.0, 20.0, 10.0]
    );
    let average = cloud.cpu("Average", 600).await;
    assert_eq!(values(&average), [35.166_666_666_666_664, 15.0]);
    for (stat, first) in [
        ("Sum", 105.5),
        ("Maximum", 60.5),
        ("Minimum", 5.0),
        ("SampleCount", 3.0),
    ] {
        let shown = cloud.cpu(stat, 600).await;
        assert_eq!(values(&shown)[..1], [first], "{stat}");
    }
    let result = &average.metric_data_results()[0];
    assert_eq!(
        (result.id(), result.label()),
        (Some("m1"), Some("CPUUtilization"))
    );
    assert_eq!(result.status_code(), Some(&StatusCode::Complete));
    let times: Vec<_> = result
        .timestamps()
        .iter()
        .map(|time| cloud.ago(0).secs() - time.secs())
        .collect();
    assert_eq!(times, [600, 1200]);
}

#[tokio::test(start_paused = true)]
async fn one_call_reads_the_connections_of_several_instances() {
    let cloud = Cloud::plain();
    let readers = [("reader_1", 12.0), ("reader_2", 0.0)];
    for (reader, connections) in readers {
        cloud.world.aws.outside(|account, now| {
            account.by_hand(now, |services, at| {
                let db = [("DBInstanceIdentifier", reader)];
                let metric = cloudwatch::Metric::new("AWS/RDS", "DatabaseConnections", &db);
                let cloudwatch = services.cloudwatch;
                cloudwatch.record(metric, now - SignedDuration::from_mins(1), connections, at);
            })
        });
    }
    let query = |reader: &str| {
        let db = Dimension::builder().name("DBInstanceIdentifier");
        let metric = Metric::builder().namespace("AWS/RDS");
        let metric = metric.metric_name("DatabaseConnections");
        let metric = metric.dimensions(db.value(reader).build()).build();
        let stat = MetricStat::builder().metric(metric).stat("Maximum");
        let stat = stat.period(60).build();
        let query = MetricDataQuery::builder().id(reader).metric_stat(stat);
        query.build()
    };
    let get = cloud.client.get_metric_data();
    let get = get.start_time(cloud.ago(5)).end_time(cloud.ago(0));
    let get = get.metric_data_queries(query("reader_1"));
    let get = get.metric_data_queries(query("reader_2"));
    let shown = get.metric_data_queries(query("reader_3")).send().await;
    let shown = shown.unwrap().metric_data_results.unwrap();
    let shown = shown.iter().map(|it| (it.id().unwrap(), it.values()));
    let expected: [(&str, &[f64]); 3] = [
        ("reader_1", &[12.0]),
        ("reader_2", &[0.0]),
        ("reader_3", &[]),
    ];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[tokio::test(start_paused = true)]
async fn an_answer_goes_on_where_the_one_before_ended() {
    let cloud = Cloud::of(World::with(|whim| whim.largest_page = 3));
    for minutes_ago in 1..=4 {
        cloud.record(minutes_ago, f64::from(i32::try_from(minutes_ago).unwrap()));
    }
    let get = cloud
        .client
        .get_metric_data()
        .start_time(cloud.ago(60))
        .end_time(cloud.ago(-1));
    let get = get.metric_data_queries(cpu("a", "Average", 60));
    let get = get
        .metric_data_queries(cpu("b", "Sum", 60))
        .scan_by(ScanBy::TimestampAscending);
    let mut token = None;
    let mut seen = Vec::new();
    loop {
        let page = get
            .clone()
            .set_next_token(token.take())
            .send()
            .await
            .unwrap();
        for result in page.metric_data_results() {
            let status = result.status_code().unwrap().as_str();
            seen.push(format!(
                "{} {:?} {status}",
                result.id().unwrap(),
                result.values()
            ));
        }
        token = page.next_token;
        if token.is_none() {
            break;
        }
    }
    let expected = [
        "a [4.0, 3.0, 2.0] PartialData",
        "b [] PartialData",
        "a [1.0] Complete",
        "b [4.0, 3.0] PartialData",
        "a [] Complete",
        "b [2.0, 1.0] Complete",
    ];
    assert_eq!(seen, expected);
    let error = get.next_token("3").send().await.unwrap_err();
    assert!(error.into_service_error().is_invalid_next_token());
}

#[tokio::test(start_paused = true)]
async fn queries_that_make_no_sense_are_refused_and_expressions_loudly() {
    let cloud = Cloud::plain();
    let get = |query: MetricDataQuery| {
        let get = cloud
            .client
            .get_metric_data()
            .start_time(cloud.ago(60))
            .end_time(cloud.ago(0));
        get.metric_data_queries(query)
    };
    let expression = MetricDataQuery::builder()
        .id("e")
        .expression("SUM(METRICS())")
        .build();
    let neither = MetricDataQuery::builder().id("e").build();
    for (bad, expected) in [
        (get(cpu("M1", "Average", 60)), "ValidationError"),
        (get(cpu("m1", "Average", 45)), "ValidationError"),
        (get(neither), "ValidationError"),
        (get(cpu("m1", "p90", 60)), "InvalidAction"),
        (get(expression), "InvalidAction"),
        (
            get(cpu("m1", "Sum", 60)).metric_data_queries(cpu("m1", "Sum", 60)),
            "ValidationError",
        ),
        (
            get(cpu("m1", "Sum", 60)).end_time(cloud.ago(60)),
            "ValidationError",
        ),
        (
            cloud.client.get_metric_data().start_time(cloud.ago(1)),
            "ValidationError",
        ),
    ] {
        assert_eq!(code(&bad.send().await.unwrap_err()), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn older_data_is_there_only_in_longer_periods() {
    let cloud = Cloud::plain();
    let minutes = 20 * 24 * 60;
    cloud.record(minutes, 1.0);
    let get = |period| {
        let from = cloud.ago(minutes + 10);
        let get = cloud
            .client
            .get_metric_data()
            .start_time(from)
            .end_time(cloud.ago(0));
        get.metric_data_queries(cpu("m1", "Sum", period)).send()
    };
    assert!(values(&get(60).await.unwrap()).is_empty());
    assert_eq!(values(&get(300).await.unwrap()), [1.0]);
    let now: Timestamp = cloud.world.now();
    assert!(now > Timestamp::UNIX_EPOCH);
}
