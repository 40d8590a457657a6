//! When things fire: an EVENT in the database, and the schedule that takes its place.

mod convert;
mod cron;
mod differences;
mod expression;
mod firings;
mod monthly;

pub use self::{
    convert::{Conversion, Refusal, convert},
    cron::{Cron, Day},
    expression::{Expression, Rate, Timetable},
    firings::{firings, next},
};

#[cfg(test)]
mod tests;
