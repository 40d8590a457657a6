//! Events from EventBridge and from EventBridge Scheduler.

use serde::Deserialize;
use serde_json::Value;

use super::{Cause, Trigger, TriggerError, alarm, read, time};

/// Something happened to an RDS resource.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-cloud-watch-events.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RdsEvent {
    /// `RDS-EVENT-0075`.
    pub event_id: String,
    /// The identifier of the resource.
    pub source_id: String,
    /// `CLUSTER_SNAPSHOT`, `CLUSTER`, `DB_INSTANCE`.
    pub source_type: String,
    /// RDS's own sentence.
    pub message: String,
    /// `backup`, `failure`, `notification`.
    pub categories: Vec<String>,
}

/// A call to the RDS API, as `CloudTrail` hands it to EventBridge.
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>
#[derive(Clone, Debug, PartialEq)]
pub struct ApiCall {
    /// The operation: `DeleteDBClusterSnapshot`.
    pub operation: String,
    /// The ARN of whoever called.
    pub caller: String,
    /// What was asked.
    pub request: Value,
    /// What RDS answered; nothing when it refused.
    pub response: Value,
    /// Why RDS refused, if it did.
    pub error_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scheduled {
    #[serde(rename = "scheduled_time")]
    time: String,
    schedule_arn: String,
    #[serde(rename = "execution_id")]
    _execution_id: Option<Value>,
    #[serde(rename = "attempt_number")]
    _attempt_number: Option<Value>,
}

/// What our schedules send, with Scheduler's context attributes filled in.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html>
pub(super) fn scheduler(event: &Value, path: &str) -> Result<Trigger, TriggerError> {
    let scheduled: Scheduled = read(event, path)?;
    let time = time(&scheduled.time, format!("{path}.scheduled_time"))?;
    Ok(Trigger {
        time,
        id: scheduled.schedule_arn,
        cause: Cause::Schedule,
    })
}

#[derive(Deserialize)]
struct Event {
    id: String,
    source: String,
    #[serde(rename = "detail-type")]
    detail_type: String,
    time: String,
    #[serde(default)]
    resources: Vec<String>,
    detail: Value,
}

/// <https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html>
pub(super) fn event(event: &Value, path: &str) -> Result<Trigger, TriggerError> {
    let Event {
        id,
        source,
        detail_type,
        time: at,
        resources,
        detail,
    } = read(event, path)?;
    let detail_path = format!("{path}.detail");
    let time = time(&at, format!("{path}.time"))?;
    let (id, cause) = match (source.as_str(), detail_type.as_str()) {
        ("aws.events", "Scheduled Event") => {
            (resources.into_iter().next().unwrap_or(id), Cause::Schedule)
        }
        ("aws.rds", "AWS API Call via CloudTrail") => {
            (id, Cause::ApiCall(api_call(&detail, &detail_path)?))
        }
        ("aws.rds", _) => rds_event(id, &detail, &detail_path)?,
        ("aws.cloudwatch", "CloudWatch Alarm State Change") => {
            // As on its other ways, the alarm is what it is known by; an event has another id each time.
            let arn = resources.into_iter().next();
            let known_by = arn.clone().unwrap_or(id);
            let alarm = alarm::changed(&detail, arn.unwrap_or_default(), &detail_path)?;
            (known_by, Cause::Alarm(alarm))
        }
        _ => {
            let problem = format!(
                "expected a scheduled, RDS or alarm event, got {detail_type:?} from {source:?}"
            );
            return Err(TriggerError::new(format!("{path}.detail-type"), problem));
        }
    };
    Ok(Trigger { time, id, cause })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RdsDetail {
    #[serde(rename = "EventID")]
    event_id: Option<String>,
    source_identifier: String,
    source_type: String,
    message: String,
    #[serde(default)]
    event_categories: Vec<String>,
}

fn rds_event(id: String, detail: &Value, path: &str) -> Result<(String, Cause), TriggerError> {
    let detail: RdsDetail = read(detail, path)?;
    let event = RdsEvent {
        event_id: detail.event_id.unwrap_or_default(),
        source_id: detail.source_identifier,
        source_type: detail.source_type,
        message: detail.message,
        categories: detail.event_categories,
    };
    Ok((id, Cause::RdsEvent(event)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CloudTrailDetail {
    event_name: String,
    user_identity: UserIdentity,
    #[serde(default)]
    request_parameters: Value,
    #[serde(default)]
    response_elements: Value,
    error_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct UserIdentity {
    arn: Option<String>,
    invoked_by: Option<String>,
}

fn api_call(detail: &Value, path: &str) -> Result<ApiCall, TriggerError> {
    let detail: CloudTrailDetail = read(detail, path)?;
    let UserIdentity { arn, invoked_by } = detail.user_identity;
    Ok(ApiCall {
        operation: detail.event_name,
        caller: arn
            .or(invoked_by)
            .unwrap_or_else(|| "an AWS service".into()),
        request: detail.request_parameters,
        response: detail.response_elements,
        error_code: detail.error_code,
    })
}
