//! What happened to alarms.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html>

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Alarm, CloudWatch, bad_token, listing, texts};
use crate::{
    At, Call, Refusal,
    page::{descending, page},
    stamp::{moment, seconds},
};

/// How long it is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Something that happened to an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    /// The alarm's name.
    pub alarm: String,
    /// `MetricAlarm` or `CompositeAlarm`.
    pub kind: &'static str,
    /// When.
    pub at: Timestamp,
    /// `ConfigurationUpdate` or `StateUpdate`.
    pub item: &'static str,
    /// In words.
    pub summary: String,
    /// In JSON.
    pub data: String,
}

impl Happened {
    pub(super) fn to(alarm: &Alarm, item: &'static str, summary: String, at: Timestamp) -> Self {
        Self {
            alarm: alarm.name.clone(),
            kind: alarm.kind.name(),
            at,
            item,
            summary,
            data: json!({"version": "1.0"}).to_string(),
        }
    }

    pub(super) fn transition(before: &Alarm, after: &Alarm) -> Self {
        let state = |alarm: &Alarm| {
            json!({
                "stateValue": alarm.state.name(),
                "stateReason": alarm.reason,
                "stateReasonData": alarm.reason_data,
            })
        };
        let (old, new) = (state(before), state(after));
        let summary = format!("Alarm updated from {} to {}", before.state, after.state);
        Self {
            data: json!({"version": "1.0", "oldState": old, "newState": new}).to_string(),
            ..Self::to(after, "StateUpdate", summary, after.updated)
        }
    }

    fn shown(&self) -> Value {
        json!({
            "AlarmName": self.alarm,
            "AlarmType": self.kind,
            "Timestamp": {"$timestamp": seconds(self.at)},
            "HistoryItemType": self.item,
            "HistorySummary": self.summary,
            "HistoryData": self.data,
        })
    }
}

impl CloudWatch {
    pub(super) fn describe_alarm_history(
        &self,
        call: &Call,
        at: &At<'_>,
    ) -> Result<Value, Refusal> {
        let input = &call.input;
        let kinds: Vec<&str> = texts(input, "AlarmTypes").collect();
        let (from, to) = (moment(&input["StartDate"]), moment(&input["EndDate"]));
        let shown = |it: &&Happened| {
            let kind = if kinds.is_empty() {
                it.kind == "MetricAlarm"
            } else {
                kinds.contains(&it.kind)
            };
            kind && call.text("AlarmName").is_none_or(|name| name == it.alarm)
                && call
                    .text("HistoryItemType")
                    .is_none_or(|item| item == it.item)
                && from.is_none_or(|from| from <= it.at)
                && to.is_none_or(|to| it.at <= to)
                && at.now.duration_since(it.at) <= KEPT
        };
        let ascending = call.text("ScanBy") == Some("TimestampAscending");
        let keyed = self.history.iter().enumerate().filter(|(_, it)| shown(it));
        let mut items: Vec<_> = keyed
            .map(|(number, it)| {
                let key = format!("{number:016}");
                (if ascending { key } else { descending(&key) }, it)
            })
            .collect();
        items.sort_by(|(a, _), (b, _)| a.cmp(b));
        let listing = listing::fingerprint(call);
        let size = listing::size(call, at, 100);
        let page = page(&listing, items, call.text("NextToken"), size).map_err(bad_token)?;
        let items = page.items.into_iter().map(Happened::shown);
        Ok(json!({"AlarmHistoryItems": items.collect::<Value>(), "NextToken": page.token}))
    }
}
