//! What the server is busy with: its connections, and statements of one form.

use std::collections::{BTreeMap, BTreeSet};

use super::{Draft, Kind, Scene, say, weight::evidence};
use crate::{
    database::{
        Ending,
        look::{Digest, Look, Session},
    },
    observation::Seen,
    trouble::Trouble,
};

/// From so many percent of `max_connections` on it is told whatever rings.
const NEARLY_ALL: u64 = 75;
/// What one form of statements must take of the time to stand out, in percent.
const MOST_OF_THE_TIME: u64 = 40;
/// And of one session's time: a server that does next to nothing has a largest statement as well.
const SOME_LOAD: u64 = 25;
/// From so many rows looked at for one that is sent an index may be missing.
const MANY_FOR_ONE: u64 = 1_000;
/// Statements are new of which the first ended within so many seconds,
const NEW: u64 = 60 * 60;
/// where the server has counted for this long: to one that was started lately all are.
const COUNTED: u64 = 24 * 60 * 60;
/// How many owners of connections a sentence names.
const OWNERS: usize = 3;

pub(super) fn drafts(scene: Scene<'_>, seen: &Seen, look: &Look) -> Vec<Draft> {
    let drafts = [connections(scene, seen, look), heavy(seen, look)];
    drafts.into_iter().flatten().collect()
}

/// How many connections are used: those of clients, and the one that was looked through.
pub(crate) fn used(look: &Look) -> u64 {
    let sessions = look.sessions.iter().filter(|it| it.user.is_some()).count();
    u64::try_from(sessions)
        .unwrap_or(u64::MAX)
        .saturating_add(1)
}

/// How many percent that is; `None` where the limit is not known.
pub(crate) fn used_percent(look: &Look) -> Option<u64> {
    let used = used(look).saturating_mul(100);
    used.checked_div(look.max_connections)
}

/// Those who hold connections under one user and program.
struct Owner<'a> {
    user: &'a str,
    program: Option<&'a str>,
    hosts: BTreeSet<&'a str>,
    sessions: Vec<&'a Session>,
}

/// Who holds the connections, those with the most first.
fn owners(look: &Look) -> Vec<Owner<'_>> {
    let mut owners: BTreeMap<_, Owner<'_>> = BTreeMap::new();
    for session in &look.sessions {
        let Some(user) = session.user.as_deref() else {
            continue;
        };
        let program = session.program.as_deref().filter(|it| !it.is_empty());
        let owner = owners.entry((user, program)).or_insert(Owner {
            user,
            program,
            hosts: BTreeSet::new(),
            sessions: Vec::new(),
        });
        owner.hosts.extend(session.host.as_deref());
        owner.sessions.push(session);
    }
    let mut owners: Vec<_> = owners.into_values().collect();
    owners.sort_by_key(|owner| std::cmp::Reverse(owner.sessions.len()));
    owners
}

impl Owner<'_> {
    fn asleep(&self) -> impl Iterator<Item = &&Session> {
        self.sessions.iter().filter(|session| session.sleeps())
    }

    fn mostly_sleeps(&self) -> bool {
        self.asleep().count() * 2 > self.sessions.len()
    }

    /// `app (orders-api) holds 430 from 10.0.0.5, of which 425 sleep, the longest for 2h`.
    fn holds(&self) -> String {
        let program = self.program.map(|it| format!(" ({})", say::name(it)));
        let hosts: Vec<&str> = self.hosts.iter().copied().collect();
        let from = match hosts[..] {
            [] => String::new(),
            [host] => format!(" from {}", say::name(host)),
            _ => format!(" from {} hosts", hosts.len()),
        };
        let longest = self.asleep().map(|session| session.seconds).max();
        let asleep = longest.map_or_else(
            || ", of which none sleeps".into(),
            |it| {
                format!(
                    ", of which {} sleep, the longest for {}",
                    self.asleep().count(),
                    say::age(it)
                )
            },
        );
        let (user, number) = (say::name(self.user), self.sessions.len());
        format!(
            "{user}{} holds {number}{from}{asleep}",
            program.unwrap_or_default()
        )
    }
}

fn connections(scene: Scene<'_>, seen: &Seen, look: &Look) -> Option<Draft> {
    let percent = used_percent(look)?;
    if percent < NEARLY_ALL && !scene.rings_on(Trouble::Connections, &seen.instance) {
        return None;
    }
    let owners = owners(look);
    let largest = owners.first()?;
    let on = say::name(&seen.instance);
    let said: Vec<String> = owners.iter().take(OWNERS).map(Owner::holds).collect();
    let said = format!(
        "{} of {} connections ({percent} %) are used on {on}: {}.",
        say::grouped(used(look)),
        say::grouped(look.max_connections),
        said.join("; ")
    );
    let full = evidence(percent.saturating_sub(50), 45);
    Some(Draft {
        kind: Kind::Connections,
        instance: seen.instance.clone(),
        session: None,
        // Who is at work holds connections because of something else.
        evidence: if largest.mostly_sleeps() {
            full
        } else {
            full / 3
        },
        said,
        next: fewer(look, &on, largest),
    })
}

/// What to do about the one with the most connections.
fn fewer(look: &Look, on: &str, largest: &Owner<'_>) -> String {
    let whose = say::name(largest.program.unwrap_or(largest.user));
    let idle = largest
        .asleep()
        .filter(|session| session.transaction.is_none());
    let idle = idle.max_by_key(|session| (session.seconds, std::cmp::Reverse(session.id)));
    let Some(idle) = idle.filter(|_| largest.mostly_sleeps()) else {
        return format!(
            "They are at work: connections pile up behind what is slow or blocked, so look at the other findings first. Then at how many {whose} may open; AWS on the limit: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html"
        );
    };
    let kill = say::kill(look, idle.id, Ending::Connection);
    format!(
        "Most of them wait for work: make the pools of {whose} smaller, or let them close idle connections (RDS Proxy shares them). To free the one that has slept for longest, on {on}: {kill}"
    )
}

fn heavy(seen: &Seen, look: &Look) -> Option<Draft> {
    let time = |digest: &Digest| say::micros(digest.seconds_now);
    let whole: u64 = look
        .statements
        .iter()
        .map(time)
        .fold(0, u64::saturating_add);
    let top = look
        .statements
        .iter()
        .max_by_key(|it| (time(it), &it.text))?;
    let part = |whole: u64| {
        time(top)
            .saturating_mul(100)
            .checked_div(whole)
            .unwrap_or(0)
    };
    let (percent, load) = (part(whole), part(say::micros(look.sample)));
    if percent < MOST_OF_THE_TIME || load < SOME_LOAD {
        return None;
    }
    let on = say::name(&seen.instance);
    let new = new(look, top).map(|ago| {
        let known = say::age(look.known);
        format!(", first seen {ago} ago in {known} of counting,")
    });
    let said = format!(
        "Statements of one form{} took {percent} % of the time of those that ended on {on} in the {}s it was watched: {}, {}: {}",
        new.as_deref().unwrap_or_default(),
        say::plain(look.sample),
        each(top),
        rows(top),
        say::digest(&top.text),
    );
    let schema = top.schema.as_deref().filter(|schema| !schema.is_empty());
    let schema = schema.map(|schema| format!(" in schema {}", say::name(schema)));
    let deployed = new.as_ref().map(
        |_| "Find out what was deployed or begun then, and whether it can be taken back or wait. ",
    );
    let next = format!(
        "{}Ask EXPLAIN how it is executed{}, and Database Insights (Performance Insights), by Top SQL, since when it takes so much: more calls come from applications, slower ones from a plan or from data that grew.",
        deployed.unwrap_or_default(),
        schema.unwrap_or_default()
    );
    Some(Draft {
        kind: Kind::HeavyStatement,
        instance: seen.instance.clone(),
        session: None,
        evidence: evidence(percent, 100) / 2 + evidence(load, 800) / 2,
        said,
        next,
    })
}

/// How long ago statements of the form ended for the first time, where that is news.
pub(crate) fn new(look: &Look, form: &Digest) -> Option<String> {
    (form.age < NEW && look.known >= COUNTED).then(|| say::age(form.age))
}

/// `12 calls of 240 ms`.
pub(crate) fn each(digest: &Digest) -> String {
    let calls = say::counted(digest.calls_now, "call");
    let one = say::micros(digest.seconds_now).checked_div(digest.calls_now);
    one.map_or(calls.clone(), |one| {
        format!("{calls} of {}", say::short(one))
    })
}

/// What an average call looks at and sends: `which look at 120,000 rows and send 1 (an index may be missing)`.
pub(crate) fn rows(digest: &Digest) -> String {
    let a_call = |rows: u64| rows.checked_div(digest.calls).unwrap_or(rows);
    let (looked, sent) = (a_call(digest.examined), a_call(digest.sent));
    let many = looked / sent.max(1) >= MANY_FOR_ONE;
    format!(
        "which on average look at {} and send {}{}",
        say::counted(looked, "row"),
        say::grouped(sent),
        if many {
            " (an index may be missing)"
        } else {
            ""
        }
    )
}
