//! The payloads in `events/` and the policies in them, read as the functions read them.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod alarms;
mod examples;
mod function;
mod payloads;
mod schemas;
