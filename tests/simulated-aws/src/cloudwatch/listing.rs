//! Listings of alarms.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html>

use serde_json::{Value, json};

use super::{Alarm, CloudWatch, Kind, bad_token, invalid, texts};
use crate::{At, Call, Refusal, page::page, stamp::seconds};

/// Without `MaxRecords`.
const ON_A_PAGE: u64 = 50;

impl CloudWatch {
    pub(super) fn describe_alarms(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let wanted = wanted(call)?;
        let alarms = self.alarms.as_of(at.shown).iter();
        let alarms = alarms.map(|(name, alarm)| (name.clone(), alarm.as_ref()));
        let related = |alarm: &Alarm| self.is_related(call, alarm);
        let shown = alarms.filter(|(_, alarm)| wanted(alarm) && related(alarm));
        let size = size(call, at, ON_A_PAGE);
        let page = page(&fingerprint(call), shown, call.text("NextToken"), size);
        let page = page.map_err(bad_token)?;
        let of = |kind: &str| -> Value {
            let alarms = page.items.iter().filter(|alarm| alarm.kind.name() == kind);
            alarms.map(|alarm| show(alarm)).collect()
        };
        Ok(json!({
            "MetricAlarms": of("MetricAlarm"),
            "CompositeAlarms": of("CompositeAlarm"),
            "NextToken": page.token,
        }))
    }

    fn is_related(&self, call: &Call, alarm: &Alarm) -> bool {
        let names = |parent: &Alarm, child: &str| match &parent.kind {
            Kind::Composite(rule) => rule.children().contains(&child),
            Kind::Metric => false,
        };
        let parent = call.text("ChildrenOfAlarmName");
        let parent = parent.map(|name| self.alarms.get(name));
        let child = call.text("ParentsOfAlarmName");
        parent.is_none_or(|parent| parent.is_some_and(|parent| names(parent, &alarm.name)))
            && child.is_none_or(|child| names(alarm, child))
    }
}

/// Which alarms a call wants, apart from how they are related.
fn wanted(call: &Call) -> Result<impl Fn(&Alarm) -> bool, Refusal> {
    let related = ["ChildrenOfAlarmName", "ParentsOfAlarmName"];
    let others = [
        "AlarmNames",
        "AlarmNamePrefix",
        "AlarmTypes",
        "StateValue",
        "ActionPrefix",
    ];
    let has = |member: &&str| call.input.get(member).is_some_and(|it| !it.is_null());
    let relations = related.iter().filter(|member| has(member)).count();
    if relations > 1 || relations == 1 && others.iter().any(has) {
        return Err(invalid(
            "ChildrenOfAlarmName and ParentsOfAlarmName must stand alone.",
        ));
    }
    if has(&"AlarmNames") && has(&"AlarmNamePrefix") {
        return Err(invalid(
            "AlarmNamePrefix and AlarmNames can't be given together.",
        ));
    }
    let owned = |member: &str| call.text(member).map(str::to_owned);
    let list =
        |member: &str| -> Vec<String> { texts(&call.input, member).map(str::to_owned).collect() };
    let (names, by_name) = (list("AlarmNames"), has(&"AlarmNames"));
    let mut kinds = list("AlarmTypes");
    if kinds.is_empty() && relations == 0 {
        kinds.push("MetricAlarm".to_owned());
    }
    let (prefix, state) = (owned("AlarmNamePrefix"), owned("StateValue"));
    let action = owned("ActionPrefix");
    Ok(move |alarm: &Alarm| {
        let acts = |prefix: &String| {
            let states = [
                super::State::Ok,
                super::State::Alarm,
                super::State::InsufficientData,
            ];
            let mut actions = states
                .iter()
                .flat_map(|state| texts_of(alarm, state.actions()));
            actions.any(|action| action.starts_with(prefix))
        };
        (!by_name || names.contains(&alarm.name))
            && prefix
                .as_ref()
                .is_none_or(|prefix| alarm.name.starts_with(prefix))
            && (kinds.is_empty() || kinds.iter().any(|kind| kind == alarm.kind.name()))
            && state
                .as_ref()
                .is_none_or(|state| state == alarm.state.name())
            && action.as_ref().is_none_or(acts)
    })
}

fn texts_of<'a>(alarm: &'a Alarm, member: &str) -> impl Iterator<Item = &'a str> {
    let items = alarm.configuration.get(member).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str)
}

fn show(alarm: &Alarm) -> Value {
    let mut shown = alarm.configuration.clone();
    shown.entry("ActionsEnabled").or_insert(json!(true));
    for list in ["OKActions", "AlarmActions", "InsufficientDataActions"] {
        shown.entry(list).or_insert(json!([]));
    }
    let time = |time| json!({"$timestamp": seconds(time)});
    for (member, value) in [
        ("AlarmArn", json!(alarm.arn)),
        ("StateValue", json!(alarm.state.name())),
        ("StateReason", json!(alarm.reason)),
        ("StateReasonData", json!(alarm.reason_data)),
        ("StateUpdatedTimestamp", time(alarm.updated)),
        ("StateTransitionedTimestamp", time(alarm.transitioned)),
        ("AlarmConfigurationUpdatedTimestamp", time(alarm.configured)),
    ] {
        shown.insert(member.to_owned(), value);
    }
    shown.retain(|_, member| !member.is_null());
    Value::Object(shown)
}

/// How many items a page has at most.
pub(super) fn size(call: &Call, at: &At<'_>, without: u64) -> usize {
    let asked = call.input["MaxRecords"].as_u64().unwrap_or(without);
    at.whim
        .largest_page
        .min(usize::try_from(asked).unwrap_or(usize::MAX))
}

/// Which listing it is: the call but for the page.
pub(super) fn fingerprint(call: &Call) -> String {
    let mut input = super::members(&call.input);
    input.retain(|member, _| {
        !["NextToken", "MaxRecords", "MaxDatapoints"].contains(&member.as_str())
    });
    format!("{} {}", call.operation, Value::Object(input))
}
