//! EVENTs on a real server.

mod firings;
mod generate;
mod round_trip;
mod stage;
mod templates;
