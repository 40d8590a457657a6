//! Everything but RDS: ministack with corrections (`tests/cloud/ministack_server`).

use std::net::SocketAddr;

use hyper::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{launch, signed, test_endpoint};
use crate::http::Request;
use crate::lambda::{ACCOUNT, REGION};
use crate::process::Process;
use crate::wire::to_form;

/// The ministack server, seen from behind: nothing here is recorded or fails.
pub struct Ministack {
    _process: Process,
    address: SocketAddr,
}

impl Ministack {
    pub(super) async fn start() -> Self {
        let (process, address) = launch("ministack").await;
        Self {
            _process: process,
            address,
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Creates an SNS topic and returns its ARN.
    pub async fn topic(&self, name: &str) -> String {
        self.sns(&[("Action", "CreateTopic"), ("Name", name)]).await;
        format!("arn:aws:sns:{REGION}:{ACCOUNT}:{name}")
    }

    /// Creates an SQS queue and returns its URL.
    pub async fn queue(&self, name: &str) -> String {
        let answer = self.sqs("CreateQueue", &json!({"QueueName": name})).await;
        let url = answer["QueueUrl"].as_str();
        url.unwrap_or_else(|| panic!("no queue: {answer}"))
            .to_owned()
    }

    /// Subscribes the queue to the topic. With `raw` a message's body is what
    /// the topic has for `sqs`; otherwise SNS's envelope around it.
    pub async fn subscribe(&self, topic_arn: &str, queue: &str, raw: bool) {
        self.sns(&[
            ("Action", "Subscribe"),
            ("TopicArn", topic_arn),
            ("Protocol", "sqs"),
            (
                "Endpoint",
                &format!("arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"),
            ),
            ("Attributes.entry.1.key", "RawMessageDelivery"),
            (
                "Attributes.entry.1.value",
                if raw { "true" } else { "false" },
            ),
        ])
        .await;
    }

    /// Takes what is in the queue, ten messages at the most.
    pub async fn receive(&self, queue_url: &str) -> Vec<Value> {
        let request = json!({
            "QueueUrl": queue_url,
            "MaxNumberOfMessages": 10,
            "MessageAttributeNames": ["All"],
        });
        let mut answer = self.sqs("ReceiveMessage", &request).await;
        match answer["Messages"].take() {
            Value::Array(messages) => messages,
            _ => Vec::new(),
        }
    }

    /// Hands an event over as another service does, which does not wait for the answer.
    pub async fn deliver(&self, function: &str, event: &Value) {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let request = Request::new(Method::POST, path, event.to_string())
            .header("x-amz-invocation-type", "Event");
        let answer = signed(self.address, "lambda", request).await;
        assert_eq!(answer.status, 202, "{function}: {}", answer.text());
    }

    /// The lines of a log group, in which those of other groups are not.
    pub async fn log(&self, group: &str) -> Vec<String> {
        let filter = json!({"logGroupName": group}).to_string();
        let request = Request::new(Method::POST, "/", filter)
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "Logs_20140328.FilterLogEvents");
        let answer = signed(self.address, "logs", request).await;
        let answer: Value = serde_json::from_slice(&answer.body)
            .unwrap_or_else(|e| panic!("{group}: {e}: {}", answer.text()));
        let lines = answer["events"].as_array().into_iter().flatten();
        let lines = lines.filter_map(|line| line["message"].as_str());
        lines.map(str::to_owned).collect()
    }

    /// Everything published to SNS: topic, subject, bodies, attributes.
    pub async fn mails(&self) -> Value {
        test_endpoint(self.address, "GET", "/_test/mails", &Value::Null).await
    }

    /// Asynchronous invocations of deployed functions and what became of them.
    pub async fn invocations(&self) -> Value {
        test_endpoint(self.address, "GET", "/_test/async", &Value::Null).await
    }

    /// Fires a deployed trigger as if its time had come: `{"schedule": name}`
    /// or `{"rule": name}`, and `time`.
    pub async fn fire(&self, trigger: &Value) -> Value {
        test_endpoint(self.address, "POST", "/_test/fire", trigger).await
    }

    /// Invokes a deployed function and waits for its answer, as `aws lambda invoke` does.
    ///
    /// # Errors
    /// What the function ended with.
    pub async fn invoke(&self, function: &str, payload: &Value) -> Result<Value, Value> {
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let request = Request::new(Method::POST, path, payload.to_string());
        let answer = signed(self.address, "lambda", request).await;
        let body = serde_json::from_slice(&answer.body)
            .unwrap_or_else(|e| panic!("{function}: {e}: {}", answer.text()));
        if answer.headers.contains_key("x-amz-function-error") {
            Err(body)
        } else {
            Ok(body)
        }
    }

    /// All schedules, as Scheduler lists them.
    pub async fn schedules(&self) -> Vec<Value> {
        match self.scheduler("/schedules").await["Schedules"].take() {
            Value::Array(schedules) => schedules,
            other => panic!("schedules are no list: {other}"),
        }
    }

    /// One schedule with its whole definition.
    pub async fn schedule(&self, group: &str, name: &str) -> Value {
        let path = format!("/schedules/{name}?groupName={group}");
        self.scheduler(&path).await
    }

    async fn scheduler(&self, path: &str) -> Value {
        let request = Request::new(Method::GET, path, "");
        let answer = signed(self.address, "scheduler", request).await;
        serde_json::from_slice(&answer.body)
            .unwrap_or_else(|e| panic!("{path}: {e}: {}", answer.text()))
    }

    /// Forgets mails, invocations and calls; what is deployed stays.
    pub async fn forget(&self) {
        test_endpoint(self.address, "POST", "/_test/reset", &json!({})).await;
    }

    /// Creates an alarm on the processors of the readers of `cluster`, in this state: `OK`, `ALARM`,
    /// `INSUFFICIENT_DATA`.
    pub async fn alarm(&self, name: &str, cluster: &str, state: &str) {
        self.new_alarm(name, cluster, None).await;
        self.set_alarm(name, state).await;
    }

    /// Creates an alarm on the same, without data so far, which tells `action`, a topic or a function, if
    /// there is one, when it rings.
    pub async fn new_alarm(&self, name: &str, cluster: &str, action: Option<&str>) {
        let mut fields = vec![
            ("Action", "PutMetricAlarm"),
            ("AlarmName", name),
            ("Namespace", "AWS/RDS"),
            ("MetricName", "CPUUtilization"),
            ("Statistic", "Average"),
            ("Period", "60"),
            ("EvaluationPeriods", "2"),
            ("Threshold", "70"),
            ("ComparisonOperator", "GreaterThanThreshold"),
            ("Dimensions.member.1.Name", "DBClusterIdentifier"),
            ("Dimensions.member.1.Value", cluster),
            ("Dimensions.member.2.Name", "Role"),
            ("Dimensions.member.2.Value", "READER"),
        ];
        fields.extend(action.map(|action| ("AlarmActions.member.1", action)));
        self.cloudwatch(&fields).await;
    }

    /// Creates a composite alarm, which tells `action`, if there is one, when it rings.
    pub async fn composite_alarm(&self, name: &str, rule: &str, action: Option<&str>) {
        let mut fields = vec![
            ("Action", "PutCompositeAlarm"),
            ("AlarmName", name),
            ("AlarmRule", rule),
        ];
        fields.extend(action.map(|action| ("AlarmActions.member.1", action)));
        self.cloudwatch(&fields).await;
    }

    /// Gives an alarm that state.
    pub async fn set_alarm(&self, name: &str, state: &str) {
        self.cloudwatch(&[
            ("Action", "SetAlarmState"),
            ("AlarmName", name),
            ("StateValue", state),
            ("StateReason", "by the test"),
        ])
        .await;
    }

    /// Records, as of now, how busy the processors of the readers of `cluster` are on average, in per
    /// cent. The alarms on it are looked at again.
    pub async fn cpu_of_readers(&self, cluster: &str, percent: f64) {
        let of = [("DBClusterIdentifier", cluster), ("Role", "READER")];
        self.record("CPUUtilization", &of, percent).await;
    }

    /// Records, as of now, how many connections an instance has.
    pub async fn connections(&self, instance: &str, number: f64) {
        let of = [("DBInstanceIdentifier", instance)];
        self.record("DatabaseConnections", &of, number).await;
    }

    /// Records how long the history list of `cluster` was. The alarms on it are looked at again.
    pub async fn history_list(&self, cluster: &str, points: &[(Timestamp, f64)]) {
        let of = [("DBClusterIdentifier", cluster), ("Role", "WRITER")];
        let metric = "RollbackSegmentHistoryListLength";
        self.put(metric, &of, points).await;
    }

    /// All alarms have been in their states for so much longer.
    pub async fn age_alarms(&self, by: SignedDuration) {
        let age = json!({"seconds": by.as_secs()});
        test_endpoint(self.address, "POST", "/_test/age-alarms", &age).await;
    }

    async fn record(&self, metric: &str, dimensions: &[(&str, &str)], value: f64) {
        self.put(metric, dimensions, &[(Timestamp::now(), value)])
            .await;
    }

    async fn put(&self, metric: &str, dimensions: &[(&str, &str)], points: &[(Timestamp, f64)]) {
        let mut fields = vec![
            ("Action".into(), "PutMetricData".into()),
            ("Namespace".into(), "AWS/RDS".into()),
        ];
        for (number, (time, value)) in (1..).zip(points) {
            let datum = |field: &str| format!("MetricData.member.{number}.{field}");
            fields.push((datum("MetricName"), metric.to_owned()));
            fields.push((
                datum("Timestamp"),
                time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            ));
            fields.push((datum("Value"), value.to_string()));
            for (number, (name, of)) in (1..).zip(dimensions) {
                let dimension = |field: &str| datum(&format!("Dimensions.member.{number}.{field}"));
                fields.push((dimension("Name"), (*name).to_owned()));
                fields.push((dimension("Value"), (*of).to_owned()));
            }
        }
        let fields: Vec<_> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        self.cloudwatch(&fields).await;
    }

    async fn cloudwatch(&self, fields: &[(&str, &str)]) {
        let body = to_form(&[fields, &[("Version", "2010-08-01")]].concat());
        let request = Request::new(Method::POST, "/", body)
            .header("content-type", "application/x-www-form-urlencoded");
        signed(self.address, "monitoring", request).await;
    }

    async fn sns(&self, fields: &[(&str, &str)]) {
        let body = to_form(&[fields, &[("Version", "2010-03-31")]].concat());
        let request = Request::new(Method::POST, "/", body)
            .header("content-type", "application/x-www-form-urlencoded");
        signed(self.address, "sns", request).await;
    }

    async fn sqs(&self, action: &str, body: &Value) -> Value {
        let request = Request::new(Method::POST, "/", body.to_string())
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", &format!("AmazonSQS.{action}"));
        let answer = signed(self.address, "sqs", request).await;
        serde_json::from_slice(&answer.body)
            .unwrap_or_else(|e| panic!("{action}: {e}: {}", answer.text()))
    }
}
