//! What is said of each EVENT and each job.

use aurora_model::{Choice, Decision, words::moment};

use scheduler::State;

use super::{
    expression,
    look::{Scheduled, Seen},
};
use crate::{
    database::{Found, Ledger, Status},
    event::Event,
    moves::Step,
    policy::EventName,
    schedule,
};

/// What is said: first of the EVENTs, then of jobs whose EVENT is not there.
pub(crate) fn all(seen: &Seen, cluster: &str) -> Vec<Decision<Step>> {
    let mut said: Vec<Decision<Step>> = seen
        .events
        .iter()
        .map(|event| {
            let (choice, reason) = of_event(seen, event);
            Decision::new(cluster, event.full_name(), choice, reason)
        })
        .collect();
    let lone = jobs(seen).filter(|job| !seen.events.iter().any(|event| replaces(job, event)));
    said.extend(lone.map(|job| {
        let (choice, reason) = of_job(seen, job);
        Decision::new(
            cluster,
            format!("job {}", job.started.job.job),
            choice,
            reason,
        )
    }));
    said
}

/// The schedules that begin runs.
fn jobs(seen: &Seen) -> impl Iterator<Item = &Scheduled> {
    seen.schedules.iter().filter(|it| !it.started.tick)
}

fn replaces(it: &Scheduled, event: &Found) -> bool {
    let named = it.started.job.replaces_event.as_deref();
    EventName::parse(&event.full_name()).is_some_and(|event| named.is_some_and(|it| event.is(it)))
}

type Said = (Choice<Step>, String);

fn of_event(seen: &Seen, event: &Found) -> Said {
    let jobs: Vec<&Scheduled> = jobs(seen).filter(|it| replaces(it, event)).collect();
    let enabled: Vec<&&Scheduled> = jobs
        .iter()
        .filter(|it| it.schedule.state == State::Enabled)
        .collect();
    match (event.status, jobs.as_slice(), enabled.as_slice()) {
        (_, _, [one, other, ..]) => (
            Choice::Alert,
            format!(
                "the schedules {} and {} both run in its place: disable one of them",
                one.schedule.name, other.schedule.name
            ),
        ),
        (Status::Enabled, _, [job]) => (
            Choice::Alert,
            format!(
                "it is enabled, and so is the schedule {} of the job {}, which refuses to run until the EVENT is disabled: disable the schedule, or cut over. {}",
                job.schedule.name,
                job.started.job.job,
                last_of_event(event)
            ),
        ),
        (_, _, [job]) => of_job(seen, job),
        (Status::Enabled, _, []) => by_the_server(seen, event),
        (_, [], []) => (
            Choice::Leave,
            format!(
                "nobody runs it: it is {}, and no job replaces it. {}",
                word(event),
                last_of_event(event)
            ),
        ),
        (_, [job, ..], []) => (
            Choice::Alert,
            format!(
                "nobody runs it: it is {}, and the schedule {} of the job {} is disabled too. The action cut-over finishes the move, roll-back takes it back",
                word(event),
                job.schedule.name,
                job.started.job.job
            ),
        ),
    }
}

fn word(event: &Found) -> &'static str {
    match event.status {
        Status::Enabled => "enabled",
        Status::Disabled => "disabled",
        Status::ReplicaSide => {
            "disabled because it came by replication (it stays so when its server becomes the writer)"
        }
    }
}

fn last_of_event(event: &Found) -> String {
    match &event.last_executed {
        Some(last) => format!("Last executed {last} ({}).", event.zone()),
        None => "Never executed here.".to_owned(),
    }
}

/// An EVENT that is enabled, and no job's.
fn by_the_server(seen: &Seen, event: &Found) -> Said {
    let last = last_of_event(event);
    match why_it_cannot_fire(seen, event) {
        Some(why) => (
            Choice::Alert,
            format!("it is enabled but cannot fire: {why}. {last}"),
        ),
        None => (
            Choice::Keep,
            format!("the database runs it. {last}{}", next_of_event(seen, event)),
        ),
    }
}

fn next_of_event(seen: &Seen, event: &Found) -> String {
    let server = &seen.server;
    let read = Event::timed(&event.columns, &server.zone).ok();
    let next = read.and_then(|event| schedule::next(&event, server.now));
    next.map_or_else(String::new, |next| format!(" Next {}.", moment(next)))
}

fn why_it_cannot_fire(seen: &Seen, event: &Found) -> Option<String> {
    let scheduler = &seen.server.scheduler;
    if scheduler != "ON" {
        return Some(format!(
            "event_scheduler is {scheduler}: set it to ON in the cluster's parameter group"
        ));
    }
    if event.over == Some(true) {
        return Some("its time is over".to_owned());
    }
    let definer = &event.definer;
    let accounts = seen.accounts.as_ref()?;
    match accounts.iter().find(|it| it.account == *definer) {
        None => Some(format!(
            "its definer {definer} does not exist: ALTER DEFINER = … EVENT gives it another"
        )),
        Some(it) if it.locked => Some(format!(
            "its definer {definer} is locked: ALTER USER … ACCOUNT UNLOCK"
        )),
        Some(_) => None,
    }
}

/// A job that is scheduled, or would be.
fn of_job(seen: &Seen, it: &Scheduled) -> Said {
    let job = &it.started.job.job;
    let name = &it.schedule.name;
    let unseen = unseen_event(seen, it);
    if it.schedule.state == State::Disabled {
        return (
            Choice::Leave,
            format!("nobody runs it: its schedule {name} is disabled{unseen}"),
        );
    }
    let ledger = seen.ledgers.get(job);
    let last = ledger.map_or_else(String::new, of_ledger);
    if let Some(why) = ledger.and_then(|it| it.paused.as_ref()) {
        return (
            Choice::Alert,
            format!("the job {job} is to run it but is paused: {why}. {last}"),
        );
    }
    let next = expression::next(&it.schedule, seen.server.now);
    let next = next.map_or_else(String::new, |next| format!(" Next {}.", moment(next)));
    (
        Choice::Keep,
        format!(
            "the job {job} runs it, by the schedule {name}: {} ({}){unseen}. {last}{next}",
            it.schedule.expression, it.schedule.zone
        ),
    )
}

/// That the EVENT a job replaces is not among those that were seen.
fn unseen_event(seen: &Seen, it: &Scheduled) -> String {
    let named = it.started.job.replaces_event.as_ref();
    let there = seen.events.iter().any(|event| replaces(it, event));
    let unseen = named.filter(|_| !there);
    unseen.map_or_else(String::new, |event| {
        format!("; the EVENT {event} that it replaces is not there, or not to be seen")
    })
}

fn of_ledger(ledger: &Ledger) -> String {
    let last = match &ledger.last {
        None => "It has not run yet.".to_owned(),
        Some(last) => {
            let why = last.error.as_ref();
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            format!("Last run {} {}{why}.", last.state, moment(last.ended))
        }
    };
    match ledger.open {
        Some(slot) => format!("{last} The run of {} is not over.", moment(slot)),
        None => last,
    }
}
