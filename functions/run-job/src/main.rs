//! Wiring: Lambda's events to `run_job::handle`.

fn main() {}
