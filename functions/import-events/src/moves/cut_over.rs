//! What is to be done to hand an EVENT over to its job.

use aurora_model::words::moment;
use jobs::Job;
use scheduler::State;

use super::{
    Decided, Step,
    look::{Seen, on},
};
use crate::{
    database::{Found, Running, Status},
    job::Started,
    policy::CutOver,
};

/// What is to be done to hand the EVENT over.
pub(crate) fn decide(seen: &Seen, wish: &CutOver, cluster: &str) -> Decided {
    let (event, job) = match found(seen).and_then(|event| Ok((event, job(seen, wish, cluster)?))) {
        Ok(found) => found,
        Err(problem) => return Decided::Person(problem),
    };
    let (schedule, tick) = (on(seen.schedule.as_ref()), seen.tick.as_ref());
    let steps = steps(event.status, schedule, tick.map(|tick| on(Some(tick))));
    if steps.is_empty() {
        let job = &job.job;
        return Decided::Already(format!("the job {job} runs it; the EVENT is disabled"));
    }
    // Once the job has the EVENT's place there is nothing left to prove.
    let checked = if steps == [Step::EnableTick] {
        Ok(())
    } else {
        proven(seen, wish, job).and_then(|()| fit(seen, event))
    };
    match checked {
        Ok(()) => Decided::Steps(steps, format!("the job {} takes its place", job.job)),
        Err(problem) if seen.event_on() || on(seen.schedule.as_ref()) => Decided::Person(problem),
        Err(problem) => Decided::Person(format!(
            "{problem}. Until then nobody runs it: the EVENT and the schedule are both disabled. \
             The action roll-back enables the EVENT."
        )),
    }
}

/// The EVENT.
pub(super) fn found(seen: &Seen) -> Result<&Found, String> {
    seen.event.as_ref().ok_or_else(|| {
        format!(
            "there is no EVENT {} that {} may see; it sees {}: correct the name, or grant it EVENT on the schema",
            seen.asked, seen.server.account, seen.sight
        )
    })
}

/// The job that the schedule starts, if it is this EVENT's.
fn job<'a>(seen: &'a Seen, wish: &CutOver, cluster: &str) -> Result<&'a Job, String> {
    let job = own(seen, &wish.event, cluster)?;
    match (&wish.tick, &seen.ticked) {
        (Some(tick), None) => Err(format!("there is no schedule {tick}")),
        (Some(_), Some(Err(problem))) => Err(problem.clone()),
        (Some(tick), Some(Ok(Started { tick: false, .. }))) => Err(format!(
            "the input of the schedule {tick} does not say \"tick\": true"
        )),
        (Some(tick), Some(Ok(ticked))) if jobs::proof(&ticked.job) != jobs::proof(job) => {
            Err(format!(
                "the schedule {tick} has another policy than {}: give both the same",
                wish.schedule
            ))
        }
        _ => Ok(job),
    }
}

/// The job that the schedule starts, if it is for this EVENT.
pub(super) fn own<'a>(
    seen: &'a Seen,
    event: &crate::policy::EventName,
    cluster: &str,
) -> Result<&'a Job, String> {
    let Started { job, tick } = seen.started.as_ref().map_err(Clone::clone)?;
    let name = &job.job;
    let replaces = job.replaces_event.as_deref().unwrap_or("no EVENT");
    if !event.is(replaces) {
        return Err(format!(
            "the job {name} replaces {replaces}: say \"replaces_event\": \"{event}\" in its policy, so that it never runs beside the EVENT"
        ));
    }
    if !job.cluster.eq_ignore_ascii_case(cluster) {
        let other = &job.cluster;
        return Err(format!("the job {name} is for the cluster {other}"));
    }
    if *tick {
        return Err(format!(
            "the schedule of the job {name} is one of ticks, which begin nothing: name its schedule, and this one as tick"
        ));
    }
    Ok(job)
}

/// The steps to the job. The EVENT is off before the schedule is on; the tick comes last, for without
/// the schedule it has nothing to go on with.
pub(super) fn steps(event: Status, schedule: bool, tick: Option<bool>) -> Vec<Step> {
    let all = [
        (event != Status::Disabled, Step::DisableEvent),
        (!schedule, Step::EnableSchedule),
        (tick == Some(false), Step::EnableTick),
    ];
    let wanted = all.into_iter().filter(|(wanted, _)| *wanted);
    wanted.map(|(_, step)| step).collect()
}

/// Whether a plan run has shown that this very job can run.
fn proven(seen: &Seen, wish: &CutOver, job: &Job) -> Result<(), String> {
    let name = &job.job;
    let how = format!(
        "invoke run-job once with the policy of the schedule {} and \"mode\": \"plan\", and read what it says",
        wish.schedule
    );
    let Some(ledger) = &seen.ledger else {
        return Err(format!(
            "the job {name} has not proven itself, and there is no ledger in which it could: make the tables of infra/ledger.sql; then {how}"
        ));
    };
    if let Some(why) = &ledger.paused {
        return Err(format!(
            "the job {name} is paused ({why}): lift the pause first"
        ));
    }
    match &ledger.proven {
        None => Err(format!("the job {name} has not proven itself: {how}")),
        Some((_, proof)) if *proof != jobs::proof(job) => Err(format!(
            "the policy of the job {name} is another one than at its last plan run: {how}"
        )),
        Some((at, _)) => {
            let age = seen.server.now.duration_since(*at);
            if age > wish.proven_within.duration() {
                let (at, limit) = (moment(*at), wish.proven_within);
                return Err(format!(
                    "the last plan run of the job {name} was at {at}, more than {limit} ago: {how}"
                ));
            }
            Ok(())
        }
    }
}

/// What else must be so before anything is touched.
fn fit(seen: &Seen, event: &Found) -> Result<(), String> {
    let schedule = seen.schedule.as_ref();
    let over = schedule.is_some_and(|it| it.ends.is_some_and(|ends| ends <= seen.server.now));
    if event.status != Status::Disabled
        && schedule.is_some_and(|schedule| schedule.state == State::Enabled)
    {
        return Err(format!(
            "the schedule {} is enabled while the EVENT is not disabled: disable the schedule first, so that the job does not begin in the middle of an execution of the EVENT",
            schedule.map(|it| it.name.to_string()).unwrap_or_default()
        ));
    }
    if over {
        return Err("the schedule's end date is over: it would never fire".to_owned());
    }
    if seen.running == Running::Unseen {
        return Err(format!(
            "{} cannot see whether the EVENT is being executed: grant it PROCESS",
            seen.server.account
        ));
    }
    spellable(event)
}

/// Whether the EVENT can be altered from here.
pub(super) fn spellable(event: &Found) -> Result<(), String> {
    if event.spellable() {
        return Ok(());
    }
    Err(format!(
        "the EVENT was made in the character set {} and has a name or a definer beyond ASCII, which cannot be written in it from here without changing it: alter the EVENT by hand",
        event.charset
    ))
}
