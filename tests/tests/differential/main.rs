//! The simulated AWS against stand-ins that others have written: the same sequences of calls go
//! through the SDK's clients to both, and the answers are compared.
//!
//! Both may be wrong. Where they differ, AWS's documentation decides: `known/`
//! lists each difference with the page. One that is not listed fails the test,
//! and so does one that is listed and not met any more.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod bench;
mod calls;
mod compare;
mod debugged;
mod known;
mod send;
mod sides;
mod step;

use bench::Bench;
use calls::{cloudwatch, rds, scheduler, sns_and_secrets};
use sides::ThirdParty;

#[test]
fn rds_answers_as_moto_does_but_for_what_is_known() {
    let known = &[known::rds_refusals::KNOWN, known::rds_answers::KNOWN];
    let mut bench = Bench::new(ThirdParty::moto(), known);
    bench.run(20, &rds::begin(), rds::generate);
    bench.end();
}

#[test]
fn sns_and_secrets_manager_answer_as_ministack_does_but_for_what_is_known() {
    let known = &[known::sns::KNOWN, known::secrets::KNOWN];
    let mut bench = Bench::new(ThirdParty::ministack(), known);
    bench.run(24, &sns_and_secrets::begin(), sns_and_secrets::generate);
    bench.end();
}

#[test]
fn cloudwatch_answers_as_ministack_does_but_for_what_is_known() {
    let known = &[known::metrics::KNOWN, known::alarms::KNOWN];
    let mut bench = Bench::new(ThirdParty::ministack(), known);
    bench.run(24, &cloudwatch::begin(), cloudwatch::generate);
    bench.end();
}

#[test]
fn the_scheduler_answers_as_ministack_does_but_for_what_is_known() {
    let mut bench = Bench::new(ThirdParty::ministack(), &[known::scheduler::KNOWN]);
    bench.run(16, &scheduler::begin(), scheduler::generate);
    bench.end();
}
