//! The simulated AWS against stand-ins that others have written: the same sequences of calls go
//! through the SDK's clients to both, and the answers are compared.
//!
//! Both may be wrong. Where they differ, AWS's documentation decides: `known_moto.rs` and
//! `known_ministack.rs` list each difference with the page. One that is not listed fails the test,
//! and so does one that is listed and not met any more.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

mod bench;
mod compare;
mod debugged;
mod known;
mod known_ministack;
mod known_moto;
mod others;
mod rds;
mod send;
mod sides;
mod step;

use bench::Bench;
use sides::ThirdParty;

#[test]
fn rds_answers_as_moto_does_but_for_what_is_known() {
    let mut bench = Bench::new(ThirdParty::moto(), known_moto::KNOWN);
    bench.run(20, &rds::begin(), rds::generate);
    bench.end();
}

#[test]
fn sns_and_secrets_manager_answer_as_ministack_does_but_for_what_is_known() {
    let mut bench = Bench::new(ThirdParty::ministack(), known_ministack::KNOWN);
    bench.run(24, &others::begin(), others::generate);
    bench.end();
}
