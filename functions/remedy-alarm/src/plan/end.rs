//! Which sessions and statements are ended.

use std::cmp::Reverse;

use aurora_model::{
    Choice, Decision, Span, tags,
    words::{count, moment},
};
use jiff::Timestamp;

use crate::{
    Policy,
    database::{
        Ending,
        look::{Look, Session},
    },
    findings::load::used_percent,
    observation::{Observation, Seen, concerns},
    pattern::any_fits,
    policy::{self, Never, Only},
    protected::protected,
    remedy::{Remedy, Rule, Victim},
    trouble::Trouble,
};

/// A digest in a sentence.
const DIGEST_CHARS: usize = 80;

/// One rule of a policy, as it holds now.
#[derive(Clone, Copy)]
struct Holding {
    rule: Rule,
    limit: Span,
}

/// A session that one of the rules is about.
struct Candidate<'a> {
    seen: &'a Seen,
    session: &'a Session,
    holding: Holding,
    blocks: usize,
}

/// What becomes of every session that a rule is about, those that block the most first.
pub(super) fn decisions(
    policy: &Policy,
    seen: &Observation,
    now: Timestamp,
) -> Vec<Decision<Remedy>> {
    let mut decided = Vec::new();
    let mut chosen = Vec::new();
    for (server, look) in seen.looks() {
        let holding = holding(policy, seen, server, look);
        let candidates = candidates(server, look, &holding);
        for candidate in candidates {
            match why_not(policy, seen, candidate.holding.rule, candidate.session) {
                Some(why) => decided.push(left(seen, &candidate, &why)),
                None => chosen.push(ending(seen, &candidate)),
            }
        }
    }
    chosen.sort_by_key(|(blocks, age, decision)| {
        (Reverse(*blocks), Reverse(*age), decision.subject.clone())
    });
    let chosen = chosen.into_iter().map(|(_, _, decision)| decision);
    let most = usize::from(policy.remedies.max_kills.0);
    decided.extend(limited(policy, seen, chosen.collect(), most, now));
    decided
}

/// Why a session is not ended by `rule` although its time is over; `None` where it is.
pub(crate) fn why_not(
    policy: &Policy,
    seen: &Observation,
    rule: Rule,
    session: &Session,
) -> Option<String> {
    let remedies = &policy.remedies;
    let lists = match rule {
        Rule::IdleTransactions => remedies.idle_transactions.as_ref().map(lists),
        Rule::LongStatements => remedies.long_statements.as_ref().map(lists),
        Rule::IdleSessions => remedies
            .idle_sessions
            .as_ref()
            .map(|it| (&it.only, &it.never)),
    };
    let Some((only, never)) = lists else {
        return Some(format!("there is no {}", rule.field()));
    };
    protected(session, seen).or_else(|| not_meant(session, rule, only, never))
}

const fn lists(rule: &policy::Rule) -> (&Only, &Never) {
    (&rule.only, &rule.never)
}

/// The rules that are given and hold for what rings, on one server.
fn holding(policy: &Policy, seen: &Observation, server: &Seen, look: &Look) -> Vec<Holding> {
    let remedies = &policy.remedies;
    let rule = |rule: Rule, given: &Option<policy::Rule>| {
        let given = given.as_ref().filter(|it| rings(seen, server, &it.on))?;
        let limit = given.longer_than;
        Some(Holding { rule, limit })
    };
    let idle = remedies.idle_sessions.as_ref();
    let idle = idle.filter(|it| used_percent(look) >= Some(it.above_percent.into()));
    let idle = idle.map(|it| Holding {
        rule: Rule::IdleSessions,
        limit: it.longer_than,
    });
    let rules = [
        rule(Rule::IdleTransactions, &remedies.idle_transactions),
        rule(Rule::LongStatements, &remedies.long_statements),
        idle,
    ];
    rules.into_iter().flatten().collect()
}

/// Whether one rings for a trouble of `on`, or for any but little of something, that something on this server may be the cause of.
fn rings(seen: &Observation, server: &Seen, on: &[Trouble]) -> bool {
    let mut ringing = seen.ringing.iter().filter(|alarm| concerns(alarm, server));
    ringing.any(|alarm| (on.is_empty() && !alarm.little) || on.contains(&alarm.trouble))
}

fn candidates<'a>(seen: &'a Seen, look: &'a Look, holding: &[Holding]) -> Vec<Candidate<'a>> {
    let about = |session: &'a Session| {
        let mut rules = holding.iter();
        let holding = rules.find(|it| it.rule.meets(session, it.limit)).copied()?;
        let blocks = look.waits.iter();
        let blocks = blocks.filter(|wait| wait.holder == session.thread).count();
        Some(Candidate {
            seen,
            session,
            holding,
            blocks,
        })
    };
    look.sessions.iter().filter_map(about).collect()
}

fn not_meant(session: &Session, rule: Rule, only: &Only, never: &Never) -> Option<String> {
    let user = session.user.as_deref();
    let schema = session.schema.as_deref();
    let digest = session.statement.as_ref();
    let digest = digest.and_then(|it| it.digest.as_deref());
    let lists = [
        ("users", user, &only.users, &never.users),
        ("schemas", schema, &only.schemas, &never.schemas),
        ("digests", digest, &only.digests, &never.digests),
    ];
    let field = rule.field();
    for (name, value, only, never) in lists {
        if any_fits(never, value) {
            return Some(format!("{field}.never.{name} names it"));
        }
        if !only.is_empty() && !any_fits(only, value) {
            return Some(format!("{field}.only.{name} does not name it"));
        }
    }
    let unknown = rule == Rule::LongStatements && digest.is_none() && !never.digests.is_empty();
    unknown.then(|| format!("its statement is not known, and {field}.never.digests might name it"))
}

fn left(seen: &Observation, candidate: &Candidate<'_>, why: &str) -> Decision<Remedy> {
    let reason = format!("{}; left alone: {why}", does(candidate));
    Decision::new(&seen.cluster.id, subject(candidate), Choice::Leave, reason)
}

type Chosen = (usize, u64, Decision<Remedy>);

fn ending(seen: &Observation, candidate: &Candidate<'_>) -> Chosen {
    let Candidate {
        seen: server,
        session,
        holding,
        blocks,
    } = candidate;
    let of_statement = holding.rule == Rule::LongStatements;
    let running = session.running().filter(|_| of_statement);
    let victim = Victim {
        instance: server.instance.clone(),
        id: session.id,
        started: session.started,
        thread: session.thread,
        user: session.user.clone().unwrap_or_default(),
        event: running.map(|statement| statement.event),
        ending: if of_statement {
            Ending::Statement
        } else {
            Ending::Connection
        },
        rule: holding.rule,
        limit: holding.limit,
    };
    let reason = format!(
        "{}; {} ends what is over {}",
        does(candidate),
        holding.rule.field(),
        holding.limit
    );
    let choice = Choice::Act(Remedy::End(victim));
    let decision = Decision::new(&seen.cluster.id, subject(candidate), choice, reason);
    (*blocks, session.seconds, decision)
}

/// Connections are ended by their id, which each instance counts for itself.
fn subject(candidate: &Candidate<'_>) -> String {
    let user = candidate.session.user.as_deref().unwrap_or("the server");
    let (id, instance) = (candidate.session.id, &candidate.seen.instance);
    format!("connection {id} of {user} on {instance}")
}

fn does(candidate: &Candidate<'_>) -> String {
    let Candidate {
        session, blocks, ..
    } = candidate;
    let long = u32::try_from(session.seconds).unwrap_or(u32::MAX);
    let long = Span::seconds(long).roughly();
    let mut said = match (candidate.holding.rule, session.running()) {
        (Rule::IdleTransactions, _) => {
            let changed = session.transaction.as_ref().map_or(0, |it| it.modified);
            format!(
                "sleeps for {long} in a transaction that has changed {}",
                count(usize::try_from(changed).unwrap_or(usize::MAX), "row")
            )
        }
        (Rule::IdleSessions, _) => format!("sleeps for {long}"),
        (Rule::LongStatements, statement) => {
            let digest = statement.and_then(|it| it.digest.as_deref());
            let digest: String = digest.unwrap_or("a statement that is not known").into();
            let digest: String = digest.chars().take(DIGEST_CHARS).collect();
            format!("executes for {long}: {digest}")
        }
    };
    if *blocks > 0 {
        let wait = if *blocks == 1 { "waits" } else { "wait" };
        said = format!("{said}; {blocks} {wait} for it");
    }
    said
}

/// No more than the policy allows, and none shortly after the last.
fn limited(
    policy: &Policy,
    seen: &Observation,
    chosen: Vec<Decision<Remedy>>,
    most: usize,
    now: Timestamp,
) -> Vec<Decision<Remedy>> {
    let last = seen.cluster.tags.get(tags::REMEDIED);
    let last: Option<Timestamp> = last.and_then(|tag| tag.parse().ok());
    let cooldown = policy.remedies.cooldown.0.duration();
    let next = last.and_then(|last| last.saturating_add(cooldown).ok());
    let hot = next.filter(|next| *next > now);
    let limit = |(place, decision): (usize, Decision<Remedy>)| match hot {
        Some(next) => waits(
            decision,
            &format!(
                "not before {}, policy.remedies.cooldown after the last",
                moment(next)
            ),
        ),
        None if place >= most => waits(
            decision,
            &format!("policy.remedies.max_kills allows {most} in a run"),
        ),
        None => decision,
    };
    chosen.into_iter().enumerate().map(limit).collect()
}

fn waits(decision: Decision<Remedy>, why: &str) -> Decision<Remedy> {
    Decision {
        choice: Choice::Wait,
        reason: format!("{}; {why}", decision.reason),
        ..decision
    }
}
