//! EVENTs and their jobs: who runs what, and what is said of it.

use jiff::Timestamp;
use serde_json::Value;

use super::obeys::changed;
use crate::{
    history::{History, Mail},
    script::{IMPORTS, Import, Way},
    step::{Ending, What},
    switches::Turn,
};

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn rows(report: &Value) -> impl Iterator<Item = &Value> {
    report["rows"].as_array().into_iter().flatten()
}

/// The EVENT that a run of import-events is to move, and which way.
fn moved(history: &History, run: usize) -> Option<(&Import, Way)> {
    let chain = history.chain_of(run);
    let imports = history.script.imports.as_ref()?;
    let policy = &chain.payload["policy"];
    let (way, wish) = [(Way::Over, "cut-over"), (Way::Back, "roll-back")]
        .into_iter()
        .find_map(|(way, name)| Some((way, policy["action"].get(name)?)))?;
    let import = imports.event(text(policy, "cluster"), text(wish, "event"))?;
    (chain.function == IMPORTS).then_some((import, way))
}

/// Whether the EVENT, its schedule and its tick are enabled.
fn on(history: &History, import: &Import) -> [bool; 3] {
    import.switches().map(|what| history.switches.on(&what))
}

/// What others did to the EVENT and its schedules since then.
fn touched(history: &History, import: &Import, run: usize, since: Timestamp) -> bool {
    let switches = import.switches();
    let turns = history.switches.turns.iter().rev();
    let mut lately = turns.take_while(|turn| turn.at >= since);
    lately.any(|turn| turn.by != Some(run) && switches.contains(&turn.what))
}

/// Whether a run's report says that all is as its call wants it.
fn claims_all(report: &Value) -> bool {
    let fine = |row: &Value| {
        ["done", "already-done"].contains(&text(row, "outcome")) || text(row, "verdict") == "keep"
    };
    rows(report).next().is_some() && rows(report).all(fine)
}

pub(super) fn what_a_move_reports_is_so(history: &History) -> Option<String> {
    let (run, Ending::Answered(report)) = history.last_ending()? else {
        return None;
    };
    let (import, way) = moved(history, run)?;
    if !claims_all(report) || touched(history, import, run, history.sees_since(run)) {
        return None;
    }
    let is = on(history, import);
    let wanted = match way {
        Way::Over => [false, true, true],
        Way::Back => [true, false, false],
    };
    (is != wanted).then(|| {
        format!(
            "run {run} says that {way:?} of {} is done: EVENT, schedule and tick are enabled {is:?}",
            import.event
        )
    })
}

/// What the run of the last step enabled in it.
fn enabled(history: &History) -> Option<(usize, &Turn)> {
    let turn = history.switches.turns.last().filter(|turn| turn.on)?;
    let run = turn.by?;
    let mine = match &history.last()?.what {
        What::Called(record) => usize::try_from(record.who).ok() == Some(run),
        What::Asked(query) => query.changed && query.who == run,
        _ => false,
    };
    (mine && turn.at == history.last()?.at).then_some((run, turn))
}

pub(super) fn never_both(history: &History) -> Option<String> {
    let (run, turn) = enabled(history)?;
    let (import, way) = moved(history, run)?;
    if touched(history, import, run, history.sees_since(run)) {
        return None;
    }
    let [event, schedule, tick] = on(history, import);
    // A template may enable a tick from the start: by itself it begins nothing, and a cut-over that is
    // taken back leaves it.
    let tick = tick && (way == Way::Back || turn.what == import.tick);
    let begins = turn.what == import.schedule;
    let (now, store) = (turn.at, history.after.get(&import.cluster)?);
    let executed = store.made.get(&import.event)?.executed(now);
    let busy = begins && executed;
    ((event && (schedule || tick)) || busy).then(|| {
        format!(
            "run {run} enabled {}: the EVENT is enabled {event} and being executed {executed}, the schedule is enabled {schedule}, its tick {tick}",
            turn.what
        )
    })
}

/// Whether a report says that something is left to do.
fn admits(report: &Value) -> bool {
    rows(report).any(|row| {
        ["failed", "busy", "left", "refused"].contains(&text(row, "outcome"))
            || ["alert", "wait"].contains(&text(row, "verdict"))
    })
}

pub(super) fn nobody_runs_it_is_told(history: &History) -> Option<String> {
    let (run, Ending::Answered(report)) = history.last_ending()? else {
        return None;
    };
    let (import, _) = moved(history, run)?;
    let [event, schedule, _] = on(history, import);
    let at_work = |(other, it): (usize, &crate::history::Run)| {
        let of = moved(history, other).filter(|(of, _)| *of == import);
        it.ended.is_none() && of.is_some()
    };
    let busy = history.runs.iter().enumerate().any(at_work);
    let expired = report["outcome"] == "expired" || rows(report).any(planned);
    let fine = event || schedule || busy || expired || admits(report);
    (!fine && !touched(history, import, run, history.sees_since(run))).then(|| {
        format!(
            "run {run} ended, nobody runs {}, and its report says nothing of it",
            import.event
        )
    })
}

fn planned(row: &Value) -> bool {
    text(row, "outcome") == "planned"
}

pub(super) fn a_look_changes_nothing(history: &History) -> Option<String> {
    let run = changed(history)?;
    let chain = history.chain_of(run);
    let action = &chain.payload["policy"]["action"];
    let looks = action.get("plan").or(action.get("status")).is_some();
    (looks && chain.function == IMPORTS).then(|| format!("run {run} changed something: {action}"))
}

/// The report in a mail.
fn report(mail: &Mail) -> Value {
    let body = mail.message.bodies.get("sqs").map_or("", String::as_str);
    serde_json::from_str(body).unwrap_or_default()
}

pub(super) fn one_side_runs_it_in_the_end(history: &History) -> Option<String> {
    if !history.over() || history.script.plan_only(IMPORTS) {
        return None;
    }
    let calm = history.script.calm;
    let imports = history.script.imports.as_ref()?;
    imports.events.iter().find_map(|import| {
        let of = |run: usize| moved(history, run).is_some_and(|(of, _)| of == import);
        let mut runs = history.runs.iter().enumerate();
        runs.find(|(run, it)| of(*run) && it.began > calm)?;
        let [event, schedule, tick] = on(history, import);
        let told = history.mails.iter().any(|mail| {
            of(mail.run) && history.runs[mail.run].began > calm && admits(&report(mail))
        });
        let fine = event != schedule && tick != event;
        (!fine && !told).then(|| {
            format!(
                "in the end {} is enabled {event}, its schedule {schedule}, its tick {tick}",
                import.event
            )
        })
    })
}

/// What a report says and is not so, or what was done and it does not say.
pub(super) fn claims(history: &History, run: usize, report: &Value) -> Option<String> {
    let (import, _) = moved(history, run)?;
    let [event, schedule, tick] = import.switches();
    let what = |subject: &str| match subject.split_once(' ') {
        Some(("the", rest)) if rest == format!("EVENT {}", import.event) => Some(event.clone()),
        Some(("the", rest)) if rest == format!("schedule {schedule}") => Some(schedule.clone()),
        Some(("the", rest)) if rest == format!("schedule {tick}") => Some(tick.clone()),
        _ => None,
    };
    let since = history.sees_since(run);
    let turned = |what: &str, on: bool| {
        let turns = history.switches.turns.iter().rev();
        let mut lately = turns.take_while(|turn| turn.at >= since);
        lately.any(|turn| turn.what == what && turn.on == on)
    };
    let lie = rows(report).find(|row| {
        let done = text(row, "outcome") == "done";
        let on = text(row, "action") == "enable";
        done && what(text(row, "subject")).is_none_or(|what| !turned(&what, on))
    });
    if let Some(row) = lie {
        return Some(format!("the report says what is not so: {row}"));
    }
    let mut mine = history.switches.turns.iter().rev();
    let silent = mine.find(|turn| {
        let said = rows(report).any(|row| {
            let same = what(text(row, "subject")).as_ref() == Some(&turn.what)
                && (text(row, "action") == "enable") == turn.on;
            same && ["done", "failed", "already-done"].contains(&text(row, "outcome"))
        });
        turn.by == Some(run) && !said
    })?;
    Some(format!("the report has no word of {silent:?}"))
}
