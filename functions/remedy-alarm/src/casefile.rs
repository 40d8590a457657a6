//! The case file: what fired, what most likely is the matter, and what was seen, in the order in which it
//! helps.
//!
//! Its lines mean the same in a font of one width and in any other, and are short enough that nothing on the
//! way to a mail cuts them.

mod chart;
mod cluster;
mod fired;
mod nightshift;
mod server;
#[cfg(test)]
mod tests;
mod waits;

use aurora_model::{Section, words::clip};
use jiff::Timestamp;

use crate::{
    Policy,
    database::look::Look,
    findings::{Finding, Scene},
    observation::{Observation, Seen},
    trouble::Trouble,
};

/// The longest line.
const LINE_CHARS: usize = 380;

/// A part of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Waits,
    Running,
    Transactions,
    Sessions,
    Statements,
    Lag,
    History,
    Memory,
    Tables,
    Events,
    Nightshift,
    Gaps,
}

/// Every part, in the order that suits most alarms.
const ALL: [Part; 12] = [
    Part::Waits,
    Part::Running,
    Part::Transactions,
    Part::Sessions,
    Part::Statements,
    Part::Lag,
    Part::History,
    Part::Memory,
    Part::Tables,
    Part::Events,
    Part::Nightshift,
    Part::Gaps,
];

/// The parts of the case file. Each has a line at least, no line is longer than 380 characters or has an end of
/// a line in it, and what there is more of than `policy.rows` is counted. The order of the observation's
/// parts makes no difference.
#[must_use]
pub fn sections(
    policy: &Policy,
    seen: &Observation,
    findings: &[Finding],
    now: Timestamp,
) -> Vec<Section> {
    let scene = Scene { policy, seen, now };
    let servers = servers(scene);
    let mut sections = vec![fired::fired(scene), likely(findings, scene.rows())];
    sections.extend(chart::sections(scene));
    for part in order(scene) {
        sections.extend(of(part, scene, &servers));
    }
    sections.retain(|section| !section.lines.is_empty());
    sections
}

/// A server that was looked at.
#[derive(Clone, Copy)]
struct Server<'a> {
    seen: &'a Seen,
    look: &'a Look,
    /// Whether an alarm is about it, or about the cluster and it is the writer: then all of it is told.
    whole: bool,
}

/// The servers, those that an alarm is about first, then the writer.
fn servers(scene: Scene<'_>) -> Vec<Server<'_>> {
    let rings = |instance: &str| {
        let mut ringing = scene.seen.ringing.iter();
        ringing.any(|alarm| alarm.instance.as_deref() == Some(instance))
    };
    // A reader's lag is made on the writer.
    let named = scene.seen.ringing.iter().any(|it| it.instance.is_some());
    let of_writer = !named || scene.rings(Trouble::ReplicaLag);
    let looks = scene.seen.looks();
    let mut servers: Vec<Server<'_>> = looks
        .map(|(seen, look)| Server {
            seen,
            look,
            whole: rings(&seen.instance) || (seen.writer && of_writer),
        })
        .collect();
    servers.sort_by_key(|server| {
        let Seen {
            instance, writer, ..
        } = server.seen;
        (!rings(instance), !writer, instance)
    });
    servers
}

/// The alarm that decides on the order: one of which it is known what it is about, the longest first.
fn trouble(scene: Scene<'_>) -> Trouble {
    let ringing = scene.seen.ringing.iter();
    let first = ringing.min_by_key(|alarm| {
        let unknown = matches!(alarm.trouble, Trouble::Idle | Trouble::Other);
        (unknown, alarm.since, &alarm.name, alarm.trouble)
    });
    first.map_or(Trouble::Other, |alarm| alarm.trouble)
}

/// All parts, those that help with what rings first.
fn order(scene: Scene<'_>) -> Vec<Part> {
    use Part::{History, Lag, Memory, Running, Sessions, Statements, Tables, Transactions, Waits};
    let first: &[Part] = match trouble(scene) {
        Trouble::Cpu | Trouble::ReadLatency => &[Running, Statements, Waits],
        Trouble::Memory => &[Memory, Running, Sessions],
        Trouble::Connections => &[Sessions, Waits, Running],
        Trouble::WriteLatency => &[Waits, Statements, Running],
        Trouble::ReplicaLag => &[Lag, Waits, Transactions, Running],
        Trouble::Volume => &[Tables, History, Transactions],
        Trouble::HistoryList => &[Transactions, History, Running],
        Trouble::LongTransaction | Trouble::Deadlocks => &[Waits, Transactions],
        Trouble::Idle | Trouble::Other => &[],
    };
    let others = ALL.iter().filter(|part| !first.contains(part));
    first.iter().chain(others).copied().collect()
}

fn of(part: Part, scene: Scene<'_>, servers: &[Server<'_>]) -> Vec<Section> {
    let each = |section: fn(Scene<'_>, Server<'_>) -> Section| -> Vec<Section> {
        servers
            .iter()
            .map(|server| section(scene, *server))
            .collect()
    };
    match part {
        Part::Waits => each(waits::trees),
        Part::Running => each(server::running),
        Part::Transactions => each(server::transactions),
        Part::Sessions => each(server::sessions),
        Part::Statements => each(server::statements),
        Part::Memory => each(server::memory),
        Part::Tables => each(server::tables),
        Part::Lag => vec![cluster::lag(scene, servers)],
        Part::History => vec![cluster::history(scene, servers)],
        Part::Events => vec![cluster::events(scene)],
        Part::Nightshift => vec![nightshift::did(scene, servers)],
        Part::Gaps => vec![cluster::gaps(servers)],
    }
}

/// The findings with what to do, most likely first.
fn likely(findings: &[Finding], rows: usize) -> Section {
    let mut lines = Vec::new();
    for (number, finding) in (1..).zip(findings.iter().take(rows)) {
        lines.extend(wrapped(&format!("{number}. {}", finding.said)));
        lines.extend(wrapped(&format!("Next: {}", finding.next)));
    }
    lines.extend(more(findings.len(), rows));
    section("Most likely".into(), lines)
}

fn section(title: String, mut lines: Vec<String>) -> Section {
    for line in &mut lines {
        *line = clip(line, LINE_CHARS);
    }
    Section { title, lines }
}

/// The first `rows` of `lines`, and how many more there are.
fn cut(mut lines: Vec<String>, rows: usize) -> Vec<String> {
    let more = more(lines.len(), rows);
    lines.truncate(rows);
    lines.extend(more);
    lines
}

fn more(all: usize, rows: usize) -> Option<String> {
    let more = all.saturating_sub(rows);
    (more > 0).then(|| format!("... and {more} more"))
}

/// `text` on lines that are not too long, cut between words: a statement to paste is never lost.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last().map_or(0, |line| line.chars().count());
        if line > 0 && line + word.chars().count() >= LINE_CHARS {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            let space = if line.is_empty() { "" } else { " " };
            line.push_str(space);
            line.push_str(word);
        }
    }
    lines
}
