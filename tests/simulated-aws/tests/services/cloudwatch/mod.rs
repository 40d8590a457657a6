//! Metrics and alarms.

mod alarms;
mod data;
mod query;
mod states;

use aws_sdk_cloudwatch::{
    Client,
    operation::{
        get_metric_data::GetMetricDataOutput,
        put_metric_alarm::builders::PutMetricAlarmFluentBuilder,
    },
    primitives::DateTime,
    types::{
        AlarmType, ComparisonOperator, Dimension, Metric, MetricDataQuery, MetricStat, Statistic,
    },
};
use jiff::SignedDuration;
use serde_json::Value;
use simulated_aws::{
    Effect,
    cloudwatch::{self, State},
};

use crate::{harness::World, refusals::code};

struct Cloud {
    world: World,
    client: Client,
}

impl Cloud {
    fn of(world: World) -> Self {
        let client = Client::new(&world.sdk);
        Self { world, client }
    }

    fn plain() -> Self {
        Self::of(World::plain())
    }

    fn alarm(&self, name: &str) -> PutMetricAlarmFluentBuilder {
        let put = self
            .client
            .put_metric_alarm()
            .alarm_name(name)
            .namespace("AWS/RDS");
        let put = put
            .metric_name("CPUUtilization")
            .statistic(Statistic::Average)
            .period(300);
        let put = put.evaluation_periods(2).threshold(80.0);
        put.comparison_operator(ComparisonOperator::GreaterThanThreshold)
    }

    async fn composite(&self, name: &str, rule: &str) -> Result<(), String> {
        let put = self
            .client
            .put_composite_alarm()
            .alarm_name(name)
            .alarm_rule(rule);
        put.send()
            .await
            .map(|_| ())
            .map_err(|error| code(&error).to_owned())
    }

    fn set(&self, name: &str, state: State) -> bool {
        self.world.aws.outside(|account, now| {
            account.by_hand(now, |services, at| {
                services
                    .cloudwatch
                    .set_state(name, state, "by the test", at)
            })
        })
    }

    /// Why a composite alarm is in its state, as JSON.
    async fn reason_data(&self, name: &str) -> Value {
        let list = self.client.describe_alarms().alarm_names(name);
        let list = list.alarm_types(AlarmType::CompositeAlarm);
        let shown = list.send().await.unwrap();
        let data = shown.composite_alarms()[0].state_reason_data();
        serde_json::from_str(data.unwrap()).unwrap()
    }

    /// `name: OK -> ALARM`
    fn changes(&self) -> Vec<String> {
        let effects = self
            .world
            .effects()
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::AlarmChanged { alarm, from } => {
                    Some(format!("{}: {from} -> {}", alarm.name, alarm.state))
                }
                _ => None,
            });
        effects.collect()
    }

    /// Puts a data point of the CPU of instance `db-1` at so many minutes before now.
    fn record(&self, minutes_ago: i64, value: f64) {
        self.world.aws.outside(|account, now| {
            account.by_hand(now, |services, at| {
                let db = [("DBInstanceIdentifier", "db-1")];
                let metric = cloudwatch::Metric::new("AWS/RDS", "CPUUtilization", &db);
                let time = now - SignedDuration::from_mins(minutes_ago);
                services.cloudwatch.record(metric, time, value, at);
            })
        });
    }

    /// The beginning of the world's minute, so many minutes ago.
    fn ago(&self, minutes: i64) -> DateTime {
        let now = self.world.now().as_second();
        DateTime::from_secs(now - now.rem_euclid(60) - minutes * 60)
    }

    /// The CPU of the last hour.
    async fn cpu(&self, stat: &str, period: i32) -> GetMetricDataOutput {
        let get = self
            .client
            .get_metric_data()
            .start_time(self.ago(60))
            .end_time(self.ago(-1));
        get.metric_data_queries(cpu("m1", stat, period))
            .send()
            .await
            .unwrap()
    }
}

fn cpu(id: &str, stat: &str, period: i32) -> MetricDataQuery {
    let db = Dimension::builder()
        .name("DBInstanceIdentifier")
        .value("db-1")
        .build();
    let metric = Metric::builder()
        .namespace("AWS/RDS")
        .metric_name("CPUUtilization");
    let metric = metric.dimensions(db).build();
    let stat = MetricStat::builder()
        .metric(metric)
        .stat(stat)
        .period(period)
        .build();
    MetricDataQuery::builder().id(id).metric_stat(stat).build()
}

fn values(output: &GetMetricDataOutput) -> &[f64] {
    output.metric_data_results()[0].values()
}
