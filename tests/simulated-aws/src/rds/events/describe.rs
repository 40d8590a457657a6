//! `DescribeEvents`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeEvents.html>

use jiff::{SignedDuration, Timestamp};

use crate::{
    At, Call, Refusal,
    rds::{Event, Rds, input, out::Out, paging::Page, refusals::combination, show},
};

/// How long RDS keeps events.
const KEPT_MINUTES: i64 = 14 * 24 * 60;
/// What a call gets that says no time.
const DEFAULT_MINUTES: i64 = 60;
/// Whatever the API knows as a source.
const SOURCE_TYPES: [&str; 11] = [
    "db-instance",
    "db-parameter-group",
    "db-security-group",
    "db-snapshot",
    "db-cluster",
    "db-cluster-snapshot",
    "custom-engine-version",
    "db-proxy",
    "blue-green-deployment",
    "db-shard-group",
    "zero-etl",
];

impl Rds {
    pub(crate) fn describe_events(&self, call: &Call, at: &At<'_>) -> Result<Out, Refusal> {
        let page = Page::of(call, at)?;
        let wanted = Wanted::of(call, at)?;
        let begin = self.events.partition_point(|event| event.at < wanted.from);
        let events = self.events.iter().enumerate().skip(begin);
        let in_time = events.take_while(|(_, event)| event.at < wanted.until);
        let fresh =
            in_time.filter(|(at, _)| page.after.as_ref().is_none_or(|last| place(*at) > *last));
        let shown = fresh.filter(|(_, event)| wanted.includes(event));
        let shown = shown.map(|(at, event)| (place(at), event));
        Ok(page.fill(("Events", "Event"), shown, show))
    }
}

/// An event's place, in the order of texts.
fn place(at: usize) -> String {
    format!("{at:012}")
}

fn show(event: &Event, out: &mut Out) {
    let Event {
        id: _,
        source_type,
        source,
        arn,
        categories,
        message,
        at,
    } = event;
    out.text("SourceIdentifier", source);
    out.text("SourceType", source_type.name());
    out.text("SourceArn", arn);
    out.text("Message", message);
    out.texts("EventCategories", "EventCategory", categories);
    out.plain("Date", show::time(*at));
}

/// Which events a call asks for.
struct Wanted<'a> {
    from: Timestamp,
    until: Timestamp,
    source: Option<String>,
    source_type: Option<&'a str>,
    categories: Vec<&'a str>,
}

impl<'a> Wanted<'a> {
    fn of(call: &'a Call, at: &At<'_>) -> Result<Self, Refusal> {
        let source_type = call.text("SourceType");
        if let Some(other) = source_type.filter(|named| !SOURCE_TYPES.contains(named)) {
            return Err(Refusal::invalid(format!("Invalid source type: {other}")));
        }
        let source = call.text("SourceIdentifier").map(str::to_ascii_lowercase);
        if source.is_some() && source_type.is_none() {
            return Err(combination(
                "SourceType must be provided together with SourceIdentifier.",
            ));
        }
        let (from, until) = period(call, at)?;
        Ok(Self {
            from,
            until,
            source,
            source_type,
            categories: input::texts(&call.input, "EventCategories", "EventCategory").collect(),
        })
    }

    fn includes(&self, event: &Event) -> bool {
        let named = |category: &&str| self.categories.contains(category);
        self.source_type
            .is_none_or(|named| named == event.source_type.name())
            && self
                .source
                .as_ref()
                .is_none_or(|source| *source == event.source)
            && (self.categories.is_empty() || event.categories.iter().any(named))
    }
}

/// From when to before when. What is newer than what listings show at present is not there yet.
fn period(call: &Call, at: &At<'_>) -> Result<(Timestamp, Timestamp), Refusal> {
    let begin = time(call, "StartTime")?;
    let end = time(call, "EndTime")?;
    let duration = input::number(call, "Duration")?;
    if duration.is_some() && (begin.is_some() || end.is_some()) {
        return Err(combination(
            "Duration can't be used together with StartTime or EndTime.",
        ));
    }
    let minutes = duration.unwrap_or(DEFAULT_MINUTES);
    if !(1..=KEPT_MINUTES).contains(&minutes) {
        let message = format!("Duration must be from 1 to {KEPT_MINUTES} minutes.");
        return Err(Refusal::invalid(message));
    }
    let until = end.unwrap_or(at.now);
    let from = begin.unwrap_or_else(|| until - SignedDuration::from_mins(minutes));
    if from > until {
        return Err(combination("StartTime must be before EndTime."));
    }
    let kept = at.now - SignedDuration::from_mins(KEPT_MINUTES);
    let seen = at.shown + SignedDuration::from_millis(1);
    Ok((from.max(kept), until.max(kept).min(seen)))
}

fn time(call: &Call, member: &str) -> Result<Option<Timestamp>, Refusal> {
    let parse = |text: &str| {
        let wrong = format!("The parameter {member} is not a valid time: {text}");
        text.parse::<Timestamp>()
            .map_err(|_| Refusal::invalid(wrong))
    };
    call.text(member).map(parse).transpose()
}
