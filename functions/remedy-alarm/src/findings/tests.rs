//! What is found in nights that happen.

mod any;
mod causes;
mod locks;
pub(crate) mod nights;
mod properties;
mod rules;
pub(crate) mod scenes;

pub(crate) use any::{observation, policy, shuffled};

use super::*;

/// The findings as a person reads them, with their weights.
fn told(findings: &[Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let Finding {
            kind,
            instance,
            weight,
            said,
            next,
            ..
        } = finding;
        format!("{weight} {kind:?} on {instance:?}\n{said}\n-> {next}\n")
    });
    lines.collect()
}

fn all(seen: &Observation) -> Vec<Finding> {
    findings(&scenes::policy(), seen, scenes::now())
}

fn first(seen: &Observation) -> String {
    told(&all(seen)[..1])
}
