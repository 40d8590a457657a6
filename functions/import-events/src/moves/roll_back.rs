//! What is to be done to hand an EVENT back to the database.

use super::{
    Decided, Step, cut_over,
    look::{Seen, on},
};
use crate::{
    database::{Found, Status},
    policy::RollBack,
};

/// What is to be done to hand the EVENT back.
pub(crate) fn decide(seen: &Seen, wish: &RollBack, cluster: &str) -> Decided {
    let found = cut_over::found(seen).and_then(|event| {
        let job = cut_over::own(seen, &wish.event, cluster)?;
        if !event.on() {
            fires(event)?;
            cut_over::spellable(event)?;
        }
        Ok((event, job))
    });
    let (event, job) = match found {
        Ok((event, job)) => (event, &job.job),
        Err(problem) => return Decided::Person(problem),
    };
    if let (Some(tick), None) = (&wish.tick, &seen.tick) {
        return Decided::Person(format!("there is no schedule {tick}"));
    }
    let (schedule, tick) = (on(seen.schedule.as_ref()), seen.tick.as_ref());
    let steps = steps(event.status, schedule, tick.map(|tick| on(Some(tick))));
    if steps.is_empty() {
        return Decided::Already(format!(
            "the EVENT is enabled; the job {job} is not scheduled"
        ));
    }
    if seen.working {
        let wait = wish.wait;
        return Decided::Later(format!(
            "the job {job} is at work and was so for {wait}: nothing was touched; try again once it has ended, or pause the job"
        ));
    }
    Decided::Steps(
        steps,
        format!("the EVENT takes the place of the job {job} again"),
    )
}

/// The steps to the database: both schedules are off before the EVENT is on.
pub(super) fn steps(event: Status, schedule: bool, tick: Option<bool>) -> Vec<Step> {
    let all = [
        (tick == Some(true), Step::DisableTick),
        (schedule, Step::DisableSchedule),
        (event != Status::Enabled, Step::EnableEvent),
    ];
    let wanted = all.into_iter().filter(|(wanted, _)| *wanted);
    wanted.map(|(_, step)| step).collect()
}

/// An EVENT whose time is over would not come back: the server executes one for a single moment at
/// once, and drops what can fire no more unless it is to be preserved.
fn fires(event: &Found) -> Result<(), String> {
    match event.over {
        Some(false) => Ok(()),
        Some(true) => Err(
            "the EVENT's time is over: to enable it would execute or drop it at once; make it anew by hand if it is still wanted"
                .to_owned(),
        ),
        None => Err(format!(
            "the server does not know the EVENT's time zone {}, so it is not sure whether its time is over: load the time zone tables",
            event.zone()
        )),
    }
}
