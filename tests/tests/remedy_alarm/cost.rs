//! What a run costs in calls.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::types::StateValue;
use serde_json::{Value, json};

use crate::scene::{App, Scene, event, long_enough};

const CPU: &str = "orders-CPUUtilization";
const LATENCY: &str = "orders-ReadLatency";

/// What each run calls.
const COSTS: &str = "\
a tick in quiet: 5 calls, 1 cloudwatch:DescribeAlarms, 1 rds:DescribeDBClusters, 1 rds:DescribeDBInstances, \
2 secretsmanager:GetSecretValue
another instance's alarm: 3 calls, 1 cloudwatch:DescribeAlarms, 1 rds:DescribeDBClusters, \
1 rds:DescribeDBInstances
another instance's alarm meanwhile: 3 calls, 1 cloudwatch:DescribeAlarms, 1 rds:DescribeDBClusters, \
1 rds:DescribeDBInstances
another cluster's alarm: 0 calls
an alarm: 11 calls, 1 cloudwatch:DescribeAlarms, 1 cloudwatch:GetMetricData, 2 rds:AddTagsToResource, \
1 rds:DescribeDBClusters, 1 rds:DescribeDBInstances, 2 rds:DescribeEvents, 2 secretsmanager:GetSecretValue, \
1 sns:Publish
the same again: 8 calls, 1 cloudwatch:DescribeAlarms, 1 cloudwatch:GetMetricData, 1 rds:DescribeDBClusters, \
1 rds:DescribeDBInstances, 2 rds:DescribeEvents, 2 secretsmanager:GetSecretValue
the end: 7 calls, 2 cloudwatch:DescribeAlarms, 2 rds:AddTagsToResource, 1 rds:DescribeDBClusters, \
1 rds:DescribeDBInstances, 1 sns:Publish
an alarm and a remedy: 13 calls, 1 cloudwatch:DescribeAlarms, 1 cloudwatch:GetMetricData, \
3 rds:AddTagsToResource, 1 rds:DescribeDBClusters, 1 rds:DescribeDBInstances, 2 rds:DescribeEvents, \
3 secretsmanager:GetSecretValue, 1 sns:Publish
";

impl Scene {
    /// How often a run calls what; after it there have been so many mails.
    async fn cost(&self, event: &Value, mails: usize) -> String {
        self.proxy.reset();
        let run = self.run(event).await;
        assert_eq!(self.mails().len(), mails, "{}", run.value());
        let mut calls: BTreeMap<String, u32> = BTreeMap::new();
        for action in self.proxy.actions() {
            *calls.entry(action).or_default() += 1;
        }
        let mut told = vec![format!("{} calls", calls.values().sum::<u32>())];
        told.extend(calls.iter().map(|(it, number)| format!("{number} {it}")));
        told.join(", ")
    }
}

#[tokio::test]
async fn a_run_costs_no_more_calls_than_it_needs() {
    let rule = json!({"longer_than": "10s", "only": {"users": ["app"]}});
    let scene = Scene::with(json!({"idle_transactions": rule}), &[]).await;
    let cpu = |state| event(CPU, "CPUUtilization", "orders-0", state);
    let mut costs = vec![("a tick in quiet", scene.cost(&scene.tick(), 0).await)];
    let mut other = event("other", "CPUUtilization", "books-0", "ALARM");
    costs.push(("another instance's alarm", scene.cost(&other, 0).await));
    scene.rings(CPU, "CPUUtilization", "orders-0").await;
    costs.push((
        "another instance's alarm meanwhile",
        scene.cost(&other, 0).await,
    ));
    other["alarmData"]["configuration"]["metrics"][0]["metricStat"]["metric"]["dimensions"] =
        json!({"DBClusterIdentifier": "books", "Role": "WRITER"});
    costs.push(("another cluster's alarm", scene.cost(&other, 0).await));
    costs.push(("an alarm", scene.cost(&cpu("ALARM"), 1).await));
    costs.push(("the same again", scene.cost(&cpu("ALARM"), 1).await));
    scene.set(CPU, StateValue::Ok).await;
    costs.push(("the end", scene.cost(&cpu("OK"), 2).await));
    let culprit = App::on(&scene.pair.writer, "app").await.does("BEGIN").await;
    let culprit = culprit.does("SELECT * FROM shop.orders").await;
    long_enough().await;
    scene.rings(LATENCY, "ReadLatency", "orders-0").await;
    let latency = event(LATENCY, "ReadLatency", "orders-0", "ALARM");
    costs.push(("an alarm and a remedy", scene.cost(&latency, 3).await));
    assert!(!culprit.lives().await);
    let told = costs.iter().map(|(what, cost)| format!("{what}: {cost}\n"));
    let told: String = told.collect();
    println!("{told}");
    assert_eq!(told, COSTS);
}
