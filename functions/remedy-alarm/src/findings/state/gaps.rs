//! What could not be read, and the right that would let it be.

use std::collections::{BTreeMap, BTreeSet};

use aurora_model::words::{clip, list};

use super::{Draft, Kind, Scene, Seen, draft};
use crate::{
    database::look::{Gap, Look},
    findings::say,
};

/// Why one query had no answer.
const WHY_CHARS: usize = 160;
/// So many gaps are told of one server.
const TOLD: usize = 8;

pub(super) fn draft_of(scene: Scene<'_>, server: &Seen, look: &Look) -> Option<Draft> {
    let gaps = told(look);
    if gaps.is_empty() {
        return None;
    }
    let on = say::name(&server.instance);
    let said = format!("On {on} could not be read: {}.", gaps.join("; "));
    Some(draft(Kind::Gap, &server.instance, said, cure(scene, look)))
}

/// What could not be read, by why.
pub(crate) fn told(look: &Look) -> Vec<String> {
    let mut by_why: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for gap in &look.gaps {
        let why = clip(&gap.why, WHY_CHARS);
        by_why.entry(why).or_default().insert(gap.of);
    }
    let told = by_why.into_iter().map(|(why, of)| {
        let of: Vec<&str> = of.into_iter().collect();
        format!("{} ({why})", list(&of))
    });
    told.take(TOLD).collect()
}

/// What would let it be read.
fn cure(scene: Scene<'_>, look: &Look) -> String {
    let whose = scene.policy.database.as_ref();
    let whose = whose.map_or_else(String::new, |it| format!(" {}", say::name(&it.secret)));
    let rights: BTreeSet<String> = look.gaps.iter().filter_map(grant).collect();
    let rights: Vec<String> = rights.into_iter().take(TOLD).collect();
    let mut cures = Vec::new();
    if !look.instrumented {
        cures.push("Set performance_schema = 1 in the instance's parameter group and restart it; with Performance Insights on, RDS does so by itself.".into());
    }
    if !rights.is_empty() {
        cures.push(format!(
            "The user of the secret{whose}, to be put in for ?, needs: {}",
            rights.join(" ")
        ));
    }
    if cures.is_empty() {
        cures.push("It is asked for again at the next look.".into());
    }
    cures.join(" ")
}

/// The statement that gives the missing right, where that is what is missing. The words are those of
/// [`SqlError::MissingRight`](aurora_sql::SqlError::MissingRight).
fn grant(gap: &Gap) -> Option<String> {
    let right = gap.why.strip_prefix("the right ")?;
    let (right, _) = right.split_once(" is missing")?;
    Some(format!("GRANT {} TO ?;", say::name(right)))
}

/// That nobody looked into the database.
pub(super) fn blind(scene: Scene<'_>) -> Option<Draft> {
    if !scene.seen.servers.is_empty() {
        return None;
    }
    let (said, next) = match &scene.policy.database {
        None => (
            "The database was not looked into: the policy has no database. What follows is what RDS and CloudWatch know.",
            "Give policy.database.secret, of a user with read rights only: who waits for whom, and what is executed, is known to the server alone.",
        ),
        Some(_) => (
            "The database was not looked into: the cluster has no instance that could be asked.",
            "See what RDS says of its instances.",
        ),
    };
    Some(draft(Kind::Blind, "", said.into(), next.into()))
}
