//! The calls, one method each.

use aws_config::SdkConfig;
use aws_sdk_scheduler::{
    Client,
    operation::{get_schedule::GetScheduleError, list_schedules::ListSchedulesOutput},
    primitives::DateTime,
};
use calls::{ApiError, Tries};
use jiff::Timestamp;

use crate::{Listed, Schedule, ScheduleName, State, WriteError, error, start};

/// The largest page Scheduler gives.
const PAGE: i32 = 100;

/// What became of a schedule whose state was to be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is changed.
    Done,
    /// It was so before.
    AlreadyThere,
}

/// The `EventBridge` Scheduler API, as far as Nightshift uses it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Scheduler(Client);

impl Scheduler {
    /// A client that is configured as `config` says.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// A client over an SDK client, for tests that replay answers.
    #[must_use]
    pub const fn over(client: Client) -> Self {
        Self(client)
    }

    /// The schedule of this name; nothing where there is none, or no such group.
    /// <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html>
    ///
    /// # Errors
    /// When Scheduler does not answer.
    pub async fn schedule(&self, name: &ScheduleName) -> Result<Option<Schedule>, ApiError> {
        let call = self.0.get_schedule().group_name(&name.group);
        match call.name(&name.name).send().await {
            Ok(whole) => Ok(Some(Schedule::of(name.clone(), whole))),
            Err(e)
                if e.as_service_error()
                    .is_some_and(GetScheduleError::is_resource_not_found_exception) =>
            {
                Ok(None)
            }
            Err(e) => Err(calls::read_failed("GetSchedule", &name.to_string(), &e)),
        }
    }

    /// Every schedule of the account and region.
    /// <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn all(&self) -> Result<Vec<Listed>, ApiError> {
        let pages = self.0.list_schedules().max_results(PAGE);
        let pages = pages.into_paginator().send();
        let read = |page: ListSchedulesOutput| {
            let listed = page.schedules.into_iter().filter_map(Listed::of);
            (page.next_token, listed.collect())
        };
        calls::all("ListSchedules", "all schedules", pages, read).await
    }

    /// Enables or disables `schedule`, and leaves the rest of it as it was read.
    ///
    /// The call replaces the whole definition: what somebody else changed since it was read is lost.
    /// A start date that is over is left out, or for a `rate` moved on by whole periods; Scheduler
    /// takes none of the past. After an answer that was lost the schedule is read again, which tells
    /// what became of it.
    /// <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html>
    ///
    /// # Errors
    /// By what the caller can do about it. After an error that is [`unsure`](WriteError::unsure) the
    /// state may be changed.
    pub async fn set_state(
        &self,
        schedule: &Schedule,
        state: State,
        now: Timestamp,
    ) -> Result<Changed, WriteError> {
        if schedule.state == state {
            return Ok(Changed::AlreadyThere);
        }
        let error = match self.put(schedule, state, now).await {
            Ok(()) => return Ok(Changed::Done),
            Err(error) => error,
        };
        if !error.unsure() {
            return Err(error);
        }
        match self.schedule(&schedule.name).await {
            Ok(Some(now)) if now.state == state => Ok(Changed::Done),
            _ => Err(error),
        }
    }

    /// As [`set_state`](Self::set_state), but for a caller who does not trust what it reads, after a
    /// change of its own with an answer that was lost: it is done when Scheduler says that it took it,
    /// whatever state `schedule` was read in. Every field is sent: one that is left out would get
    /// Scheduler's default.
    ///
    /// # Errors
    /// As [`set_state`](Self::set_state).
    pub async fn put(
        &self,
        schedule: &Schedule,
        state: State,
        now: Timestamp,
    ) -> Result<(), WriteError> {
        let (name, whole) = (&schedule.name, schedule.whole.clone());
        let starts = start::put_back(&schedule.expression, schedule.starts, now);
        let call = self.0.update_schedule();
        let call = call
            .group_name(&name.group)
            .name(&name.name)
            .state(state.sdk())
            .set_schedule_expression(whole.schedule_expression)
            .set_schedule_expression_timezone(whole.schedule_expression_timezone)
            .set_start_date(starts.map(|at| DateTime::from_secs(at.as_second())))
            .set_end_date(whole.end_date)
            .set_description(whole.description)
            .set_kms_key_arn(whole.kms_key_arn)
            .set_target(whole.target)
            .set_flexible_time_window(whole.flexible_time_window)
            .set_action_after_completion(whole.action_after_completion);
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        sent.map(drop)
            .map_err(|e| error::update(&name.to_string(), &tries, &e))
    }
}
