//! The lag of Aurora readers as `CloudWatch` has it: where the writer cannot be asked for it.

use std::time::Duration;

use cloudwatch::{CloudWatch, Datapoint, Metric};
use jiff::{SignedDuration, Timestamp};
use tokio::time::{Instant, timeout};

use super::{Reading, What};

/// How old the newest datapoint may be. Aurora sends one a minute.
const FRESH: SignedDuration = SignedDuration::from_mins(3);
/// How long an answer is good for.
const KEPT: Duration = Duration::from_secs(20);
/// How long `CloudWatch` may take.
const LIMIT: Duration = Duration::from_secs(2);

/// The metric `AuroraReplicaLag` of readers, in milliseconds. The role needs
/// `cloudwatch:GetMetricData`.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html>
pub struct Metrics {
    client: CloudWatch,
    now: Timestamp,
    then: Instant,
    last: Option<(Instant, Vec<Reading>)>,
}

impl Metrics {
    /// `now` is the wall clock at this moment; from here on time is measured.
    #[must_use]
    pub fn new(client: CloudWatch, now: Timestamp) -> Self {
        Self {
            client,
            now,
            then: Instant::now(),
            last: None,
        }
    }

    /// The lag of each of `readers`, by DB instance.
    pub(super) async fn lags(&mut self, readers: &[String]) -> Vec<Reading> {
        if let Some((at, readings)) = &self.last
            && at.elapsed() < KEPT
        {
            return readings.clone();
        }
        let values = self.ask(readers).await;
        let lag = |of: &String, value| Reading {
            what: What::Lag { of: of.clone() },
            value,
        };
        let readings = readers.iter().zip(values);
        let readings: Vec<_> = readings.map(|(of, value)| lag(of, value)).collect();
        self.last = Some((Instant::now(), readings.clone()));
        readings
    }

    async fn ask(&self, readers: &[String]) -> Vec<Result<f64, String>> {
        let to = self.now.saturating_add(self.then.elapsed());
        let to = to.unwrap_or(self.now);
        let from = to.saturating_sub(FRESH).unwrap_or(to);
        let metrics: Vec<Metric> = readers.iter().map(|reader| lag_of(reader)).collect();
        let answer = timeout(LIMIT, self.client.latest(&metrics, from, to)).await;
        let why = match answer {
            Ok(Ok(datapoints)) => return datapoints.into_iter().map(value).collect(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("CloudWatch did not answer within {} s", LIMIT.as_secs()),
        };
        readers.iter().map(|_| Err(why.clone())).collect()
    }
}

fn lag_of(reader: &str) -> Metric {
    Metric {
        namespace: "AWS/RDS".to_owned(),
        name: "AuroraReplicaLag".to_owned(),
        dimension: ("DBInstanceIdentifier".to_owned(), reader.to_owned()),
    }
}

fn value(datapoint: Option<Datapoint>) -> Result<f64, String> {
    let none = || "CloudWatch has no AuroraReplicaLag of the last 3 minutes".to_owned();
    datapoint.map(|datapoint| datapoint.value).ok_or_else(none)
}
