//! Creating, changing and deleting schedules.

use serde_json::{Value, json};

use super::{Schedule, Scheduler, no_schedule, schedule::configuration};
use crate::{At, Call, Effect, Refusal};

impl Scheduler {
    /// The same request again, by its token, is the same schedule.
    pub(super) fn create_schedule(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let (key, group) = (self.key(call)?, self.group(call)?);
        let configuration = configuration(call, at.now)?;
        let (name, request) = (call.text("Name").unwrap_or_default(), request(call));
        if let Some(there) = self.schedules.get(&key) {
            if there.request == request && request.0.is_some() {
                return Ok(json!({"ScheduleArn": there.arn}));
            }
            let why = format!("Schedule {name} already exists.");
            return Err(Refusal::new(409, "ConflictException", why));
        }
        if self.schedules.len() >= self.most_schedules {
            let why = "You have reached the quota for schedules.";
            return Err(Refusal::new(402, "ServiceQuotaExceededException", why));
        }
        let schedule = Schedule {
            name: name.to_owned(),
            group: group.to_owned(),
            arn: at.place.arn("scheduler", &format!("schedule/{key}")),
            configuration,
            created: at.now,
            modified: at.now,
            due: None,
            request,
        };
        Ok(self.put(schedule, call, at))
    }

    /// What a call leaves out gets AWS's default, whatever it was before.
    /// <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_UpdateSchedule.html>
    pub(super) fn update_schedule(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let there = self.schedules.get(&self.key(call)?);
        let there = there.ok_or_else(|| no_schedule(call))?;
        let request = request(call);
        if there.request == request && request.0.is_some() {
            return Ok(json!({"ScheduleArn": there.arn}));
        }
        let schedule = Schedule {
            configuration: configuration(call, at.now)?,
            modified: at.now,
            request,
            ..there.clone()
        };
        Ok(self.put(schedule, call, at))
    }

    pub(super) fn delete_schedule(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Value, Refusal> {
        let key = self.key(call)?;
        let token = call
            .text("ClientToken")
            .map(|token| format!("{key} {token}"));
        let Some(gone) = self.schedules.remove(at.now, &key) else {
            let again = token.is_some_and(|token| self.deleted.contains(&token));
            return again.then(|| json!({})).ok_or_else(|| no_schedule(call));
        };
        self.deleted.extend(token);
        at.effects.push(Effect::Other {
            operation: call.operation.clone(),
            subject: gone.arn.clone(),
        });
        Ok(json!({}))
    }

    /// <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html>
    pub(super) fn get_schedule(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let shown = self.schedules.as_of(at.shown).get(&self.key(call)?);
        let shown = shown.ok_or_else(|| no_schedule(call))?;
        Ok(shown.shown())
    }

    fn put(&mut self, mut schedule: Schedule, call: &Call, at: &mut At<'_>) -> Value {
        at.effects.push(Effect::Other {
            operation: call.operation.clone(),
            subject: schedule.arn.clone(),
        });
        let answer = json!({"ScheduleArn": schedule.arn});
        schedule.plan(at.now, at);
        let key = format!("{}/{}", schedule.group, schedule.name);
        self.schedules.put(at.now, key, schedule);
        answer
    }
}

/// What makes a request the same as another.
fn request(call: &Call) -> (Option<String>, Value) {
    (
        call.text("ClientToken").map(str::to_owned),
        call.input.clone(),
    )
}
