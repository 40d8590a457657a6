//! `EventBridge` Scheduler.

use aws_sdk_scheduler::{
    Client,
    types::{FlexibleTimeWindow, RetryPolicy, Target},
};

use super::parameter::Parameter;
use crate::step::{Outcome, Step};

/// Makes the call.
pub async fn send(scheduler: &Client, step: &Step) -> Option<Outcome> {
    call!(scheduler, step, {
        CreateSchedule create_schedule {
            Name set_name,
            GroupName set_group_name,
            ScheduleExpression set_schedule_expression,
            ScheduleExpressionTimezone set_schedule_expression_timezone,
            Window set_flexible_time_window,
            StartDate set_start_date,
            EndDate set_end_date,
            State set_state,
            Description set_description,
            ActionAfterCompletion set_action_after_completion,
            TargetArn set_target,
            ClientToken set_client_token,
        }
        UpdateSchedule update_schedule {
            Name set_name,
            GroupName set_group_name,
            ScheduleExpression set_schedule_expression,
            ScheduleExpressionTimezone set_schedule_expression_timezone,
            Window set_flexible_time_window,
            StartDate set_start_date,
            EndDate set_end_date,
            State set_state,
            Description set_description,
            ActionAfterCompletion set_action_after_completion,
            TargetArn set_target,
            ClientToken set_client_token,
        }
        GetSchedule get_schedule { Name set_name, GroupName set_group_name }
        DeleteSchedule delete_schedule {
            Name set_name,
            GroupName set_group_name,
            ClientToken set_client_token,
        }
        ListSchedules list_schedules {
            GroupName set_group_name,
            NamePrefix set_name_prefix,
            State set_state,
            MaxResults set_max_results,
            NextToken set_next_token,
        }
    })
}

/// `OFF`, or `FLEXIBLE` with the parameter `WindowMinutes`.
impl Parameter for FlexibleTimeWindow {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let mode = Parameter::of(step, name)?;
        let window = Self::builder().mode(mode);
        let window = window.set_maximum_window_in_minutes(step.number("WindowMinutes"));
        Some(window.build().unwrap())
    }
}

/// Of the function with this ARN; the parameters `Input` and `Retries` are its too.
impl Parameter for Target {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let role = "arn:aws:iam::123456789012:role/scheduler";
        let target = Self::builder().arn(step.get(name)?).role_arn(role);
        let target = target.set_input(step.get("Input"));
        let policy = |most| RetryPolicy::builder().maximum_retry_attempts(most).build();
        let target = target.set_retry_policy(step.number("Retries").map(policy));
        Some(target.build().unwrap())
    }
}
