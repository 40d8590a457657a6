//! Metrics over time.

use aurora_model::{AlarmMetric, Span};

use super::*;
use crate::Series;

const STEP: Span = Span::seconds(300);

fn series(name: &str, dimensions: &[(&str, &str)], statistic: &str) -> Series {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Series {
        metric: AlarmMetric {
            namespace: "AWS/RDS".to_owned(),
            name: name.to_owned(),
            dimensions: dimensions.iter().map(owned).collect(),
        },
        statistic: statistic.to_owned(),
    }
}

fn asked() -> [Series; 2] {
    let writer = [("DBClusterIdentifier", "orders"), ("Role", "WRITER")];
    [
        series("CPUUtilization", &writer, "Average"),
        series("Deadlocks", &[], "p90"),
    ]
}

type Points = Vec<(Timestamp, f64)>;

async fn history(client: &CloudWatch) -> Result<Vec<Points>, crate::ApiError> {
    let from = at(NOW - 3600 + 7);
    client.history(&asked(), from, at(NOW), STEP).await
}

fn of(points: &[(i64, f64)]) -> Points {
    let point = |(before, value): &(i64, f64)| (at(NOW - before), *value);
    points.iter().map(point).collect()
}

/// From the beginning of a step on: `NOW` is one.
#[tokio::test]
async fn each_metric_is_asked_for_with_all_its_dimensions_in_whole_steps() {
    let asks = |request: &GetMetricDataInput| {
        let queries = request.metric_data_queries().iter();
        let asked = queries.map(|query| {
            let stat = query.metric_stat()?;
            let metric = stat.metric()?;
            let dimensions = metric.dimensions().iter();
            let dimensions =
                dimensions.map(|it| format!(" {}={}", it.name().unwrap(), it.value().unwrap()));
            let dimensions: String = dimensions.collect();
            let name = metric.metric_name()?;
            let (stat, period) = (stat.stat()?, stat.period()?);
            Some(format!("{name}{dimensions} {stat} {period}"))
        });
        let asked: Option<Vec<String>> = asked.collect();
        let expected = [
            "CPUUtilization DBClusterIdentifier=orders Role=WRITER Average 300",
            "Deadlocks p90 300",
        ];
        asked.is_some_and(|asked| asked == expected)
            && request.start_time() == Some(&DateTime::from_secs(NOW - 3600))
            && request.end_time() == Some(&DateTime::from_secs(NOW))
            && request
                .scan_by()
                .is_some_and(|by| by.as_str() == "TimestampAscending")
    };
    let rule = mock!(Client::get_metric_data)
        .match_requests(asks)
        .then_output(|| {
            let complete = || StatusCode::Complete;
            page(
                vec![result("m0", complete(), &[]), result("m1", complete(), &[])],
                None,
            )
        });
    assert_eq!(
        history(&cloudwatch([&rule])).await,
        Ok(vec![vec![], vec![]])
    );
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test]
async fn the_points_of_all_pages_come_oldest_first_in_whatever_order_they_came() {
    let first = mock!(Client::get_metric_data)
        .match_requests(|request| request.next_token().is_none())
        .then_output(|| {
            let deadlocks = result("m1", StatusCode::Complete, &[(300, 4.0), (900, 2.0)]);
            let part = result("m0", StatusCode::PartialData, &[(600, 81.0)]);
            page(vec![deadlocks, part], Some("more"))
        });
    let second = mock!(Client::get_metric_data)
        .match_requests(|request| request.next_token() == Some("more"))
        .then_output(|| {
            let rest = [(300, 97.5), (1200, 12.0)];
            page(vec![result("m0", StatusCode::Complete, &rest)], None)
        });
    let read = history(&cloudwatch([&first, &second])).await;
    let cpu = of(&[(1200, 12.0), (600, 81.0), (300, 97.5)]);
    assert_eq!(read, Ok(vec![cpu, of(&[(900, 2.0), (300, 4.0)])]));
}

/// A chart whose end is missing would show trouble as over.
#[tokio::test]
async fn a_metric_that_was_not_read_to_its_end_is_an_error() {
    let cpu = || result("m0", StatusCode::Complete, &[(300, 1.0)]);
    let deadlocks = |status: StatusCode| result("m1", status, &[(300, 1.0)]);
    for (results, words) in [
        (
            vec![cpu(), deadlocks(StatusCode::PartialData)],
            "PartialData",
        ),
        (
            vec![cpu(), deadlocks(StatusCode::InternalError)],
            "InternalError",
        ),
        (vec![cpu()], "PartialData"),
    ] {
        let rule = mock!(Client::get_metric_data).then_output(move || page(results.clone(), None));
        let error = history(&cloudwatch([&rule])).await.unwrap_err();
        let expected =
            format!("GetMetricData of CPUUtilization, Deadlocks: no proper answer ({words})");
        assert_eq!(error.to_string(), expected);
    }
}

#[tokio::test]
async fn nothing_is_asked_for_nothing() {
    let rule = mock!(Client::get_metric_data).then_output(|| page(Vec::new(), None));
    let read = cloudwatch([&rule])
        .history(&[], at(NOW - 60), at(NOW), STEP)
        .await;
    assert_eq!((read, rule.num_calls()), (Ok(Vec::new()), 0));
}

#[tokio::test]
async fn more_than_five_hundred_metrics_take_more_than_one_call() {
    let asked: Vec<Series> = (0..501)
        .map(|number| series(&format!("Metric{number}"), &[], "Average"))
        .collect();
    let rule = mock!(Client::get_metric_data)
        .match_requests(|request| request.metric_data_queries().len() <= 500)
        .then_compute_output(|request| {
            let names = request.metric_data_queries().iter();
            let results = names.map(|query| {
                let name = query.metric_stat().unwrap().metric().unwrap().metric_name();
                let number = name.unwrap().trim_start_matches("Metric");
                let value = number.parse().unwrap();
                result(query.id().unwrap(), StatusCode::Complete, &[(60, value)])
            });
            page(results.collect(), None)
        });
    let read = cloudwatch([&rule])
        .history(&asked, at(NOW - 60), at(NOW), STEP)
        .await
        .unwrap();
    let values = read.iter().map(|points| points[0].1);
    assert!(values.eq((0..501).map(f64::from)));
    assert_eq!(rule.num_calls(), 2);
}
