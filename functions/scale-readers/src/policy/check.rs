//! What the types of a policy do not rule out.

use aurora_model::Span;
use handler::{PolicyError, policy};

use super::{AS_WRITER, Policy};

/// A cluster has at most 15 readers.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html>
const MOST_READERS: u8 = 15;
/// As many alarms as one call of `CloudWatch` tells of.
const MOST_ALARMS: usize = 100;
/// A drain that never ends blocks all that comes after it.
const LONGEST_WAIT: Span = Span::hours(24);

/// As many changes as the cluster's tag is sure to tell of.
const MOST_CHANGES: u32 = 12;

type Checked = Result<(), PolicyError>;

pub(super) fn all(policy: &Policy) -> Checked {
    if policy.cluster.is_empty() {
        return wrong(
            "cluster",
            "expected a cluster's identifier, got an empty text",
        );
    }
    numbers(policy)?;
    floors(policy)?;
    alarms(policy)?;
    places(policy)?;
    cost(policy)?;
    let wait = policy.drain.max_wait;
    if wait > LONGEST_WAIT {
        let problem = format!("expected at most {LONGEST_WAIT}, got {wait}");
        return wrong("drain.max_wait", problem);
    }
    policy::check_above_zero("expire_after", policy.expire_after)
}

fn numbers(policy: &Policy) -> Checked {
    let Policy { min, max, .. } = *policy;
    within("max", max.into(), 1, MOST_READERS.into())?;
    if min > max {
        let problem = format!("expected at most policy.max, which is {max}, got {min}");
        return wrong("min", problem);
    }
    within("step_out", policy.step_out.into(), 1, MOST_READERS.into())?;
    within("step_in", policy.step_in.into(), 1, MOST_READERS.into())?;
    within("promotion_tier", policy.promotion_tier.into(), 0, 15)?;
    within("flap_limit", policy.flap_limit, 1, MOST_CHANGES)
}

fn floors(policy: &Policy) -> Checked {
    for (at, floor) in policy.schedule_floors.iter().enumerate() {
        let field = format!("schedule_floors[{at}]");
        let max = policy.max.into();
        within(&format!("{field}.readers"), floor.readers.into(), 1, max)?;
        if floor.window.minutes().is_none() {
            let (from, to) = (&floor.window.from, &floor.window.to);
            let problem = format!(
                "expected a beginning from 00:00 to 23:59 and another end up to 24:00, got {from:?} to {to:?}"
            );
            return wrong(&format!("{field}.window"), problem);
        }
    }
    Ok(())
}

fn alarms(policy: &Policy) -> Checked {
    let (out, low) = (&policy.out_alarms, &policy.in_alarms);
    if out.is_empty() && low.is_empty() && policy.schedule_floors.is_empty() && policy.min == 0 {
        let problem =
            "expected an alarm, schedule_floors or a min: without any nothing is ever done";
        return wrong("out_alarms", problem);
    }
    if let Some(both) = low.iter().find(|name| out.contains(name)) {
        let problem =
            format!("{both:?} is in policy.out_alarms too; one alarm cannot ask for both");
        return wrong("in_alarms", problem);
    }
    if out.len() + low.len() > MOST_ALARMS {
        let problem = format!("expected at most {MOST_ALARMS} alarms with those of in_alarms");
        return wrong("out_alarms", problem);
    }
    let mut named = [("out_alarms", out), ("in_alarms", low)].into_iter();
    match named.find(|(_, names)| names.iter().any(String::is_empty)) {
        Some((field, _)) => wrong(field, "expected an alarm's name, got an empty text"),
        None => Ok(()),
    }
}

fn places(policy: &Policy) -> Checked {
    if policy.classes.is_empty() {
        return wrong("classes", "expected at least one class, or no such field");
    }
    let class = |name: &&String| *name == AS_WRITER || name.starts_with("db.");
    if let Some(odd) = policy.classes.iter().find(|name| !class(name)) {
        let problem = format!("expected a class such as db.r7g.large, or {AS_WRITER}, got {odd:?}");
        return wrong("classes", problem);
    }
    if policy.zones.iter().any(String::is_empty) {
        return wrong("zones", "expected an Availability Zone, got an empty text");
    }
    Ok(())
}

fn cost(policy: &Policy) -> Checked {
    let fine = |amount: f64| amount.is_finite() && amount > 0.0;
    if let Some((class, price)) = policy.prices.iter().find(|(_, price)| !fine(**price)) {
        let problem = format!("expected an amount above 0, got {price}");
        return wrong(&format!("prices.{class}"), problem);
    }
    match policy.max_monthly_cost {
        Some(most) if !fine(most) => {
            let problem = format!("expected an amount above 0, got {most}");
            wrong("max_monthly_cost", problem)
        }
        Some(_) if policy.prices.is_empty() => {
            let problem =
                "expected policy.prices with it: what a reader of each class costs an hour";
            wrong("max_monthly_cost", problem)
        }
        _ => Ok(()),
    }
}

fn within(field: &str, got: u32, least: u32, most: u32) -> Checked {
    if (least..=most).contains(&got) {
        return Ok(());
    }
    let problem = format!("expected a whole number from {least} to {most}, got {got}");
    wrong(field, problem)
}

fn wrong(field: &str, problem: impl Into<String>) -> Checked {
    Err(PolicyError::new(format!("policy.{field}"), problem))
}
