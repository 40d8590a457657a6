//! What fired.

use aurora_model::{
    Section,
    words::{clip, list, moment},
};

use super::{cut, section, wrapped};
use crate::{
    findings::{Scene, say},
    observation::Ringing,
    trouble::Trouble,
};

/// An alarm's name; `CloudWatch` allows 255 characters.
const NAME_CHARS: usize = 120;
/// `CloudWatch`'s reason, and the team's words.
const WORDS_CHARS: usize = 330;
/// So many metrics are named.
const METRICS: usize = 3;
/// So many children are named.
const CHILDREN: usize = 8;

/// The alarms that ring, the one that has rung for the longest first.
pub(super) fn fired(scene: Scene<'_>) -> Section {
    let mut ringing: Vec<&Ringing> = scene.seen.ringing.iter().collect();
    ringing.sort_by_key(|alarm| (alarm.since, &alarm.name, &alarm.reason, &alarm.instance));
    let mut lines = Vec::new();
    for alarm in ringing.iter().take(scene.rows()) {
        lines.extend(told(scene, alarm));
    }
    lines.extend(super::more(ringing.len(), scene.rows()));
    if ringing.is_empty() {
        lines.push(format!(
            "No alarm about {} rings now.",
            say::name(&scene.seen.cluster.id)
        ));
    }
    section("What fired".into(), lines)
}

fn told(scene: Scene<'_>, alarm: &Ringing) -> Vec<String> {
    let name = clip(&alarm.name, NAME_CHARS);
    let seconds = scene.now.duration_since(alarm.since).as_secs();
    let lasted = say::age(u64::try_from(seconds).unwrap_or(0));
    let since = moment(alarm.since);
    let mut lines = wrapped(&format!(
        "{name}: {} of {}, since {since} ({lasted})",
        about(alarm),
        of(scene, alarm),
    ));
    let words = |start: &str, text: &str| {
        let text = clip(text, WORDS_CHARS);
        (!text.is_empty()).then(|| format!("{start}: {text}"))
    };
    lines.extend(words("CloudWatch", &alarm.reason));
    lines.extend(
        alarm
            .description
            .as_deref()
            .and_then(|it| words("The team's words", it)),
    );
    lines.extend(children(alarm));
    lines
}

/// What it is about: what a person calls its metric, else the names of its metrics.
fn about(alarm: &Ringing) -> String {
    let names = alarm.metrics.iter().map(|metric| say::name(&metric.name));
    let names: Vec<String> = names.take(METRICS).collect();
    match alarm.trouble {
        Trouble::Other if names.is_empty() => "a composite alarm".into(),
        Trouble::Idle => format!("{} ({})", alarm.trouble.words(), list(&names)),
        Trouble::Other => list(&names),
        trouble => trouble.words().into(),
    }
}

/// `orders-2 (reader)`.
fn of(scene: Scene<'_>, alarm: &Ringing) -> String {
    let cluster = &scene.seen.cluster;
    let Some(instance) = &alarm.instance else {
        return format!("the cluster {}", say::name(&cluster.id));
    };
    let mut members = cluster.members.iter();
    let member = members.find(|member| member.id == *instance);
    let role = member.map(|member| {
        if member.writer {
            " (writer)"
        } else {
            " (reader)"
        }
    });
    format!("{}{}", say::name(instance), role.unwrap_or_default())
}

/// The names of a composite alarm's children that ring.
fn children(alarm: &Ringing) -> Vec<String> {
    let mut children: Vec<String> = alarm
        .children
        .iter()
        .map(|it| clip(it, NAME_CHARS))
        .collect();
    children.retain(|child| !child.is_empty());
    children.sort();
    if children.is_empty() {
        return children;
    }
    let mut lines = vec!["It rings because of:".into()];
    let children = children.into_iter().map(|child| format!("-> {child}"));
    lines.extend(cut(children.collect(), CHILDREN));
    lines
}
