//! Wiring: Lambda's events to [`report_failure::handle`].

use handler::{Delivery, Sdk};

fn main() -> Result<(), handler::BootError> {
    // The mail is the whole effect: without it the run has failed, and Lambda tries again.
    handler::run_with_delivery(
        report_failure::NAME,
        Delivery::Required,
        |_sdk: Sdk, call| async move { report_failure::handle(&call) },
    )
}
