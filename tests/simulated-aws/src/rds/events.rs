//! RDS's events, and `DescribeEvents`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html>

mod describe;
mod happened;

pub(crate) use happened::Happened;
