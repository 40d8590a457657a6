//! Listing schedules.
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html>

use serde_json::{Value, json};

use super::{Scheduler, invalid};
use crate::{At, Call, Refusal, page::page};

impl Scheduler {
    pub(super) fn list_schedules(&self, call: &Call, at: &At<'_>) -> Result<Value, Refusal> {
        let group = call
            .text("GroupName")
            .map(|_| self.group(call))
            .transpose()?;
        let (prefix, state) = (call.text("NamePrefix"), call.text("State"));
        let schedules = self.schedules.as_of(at.shown).iter();
        let shown = schedules.filter(|(_, it)| {
            group.is_none_or(|group| group == it.group)
                && prefix.is_none_or(|prefix| it.name.starts_with(prefix))
                && state.is_none_or(|state| it.configuration["State"] == state)
        });
        let keyed = shown.map(|(key, schedule)| (key.clone(), schedule));
        let asked = call.input["MaxResults"].as_u64();
        let asked = asked.and_then(|asked| usize::try_from(asked).ok());
        let size = at.whim.largest_page.min(asked.unwrap_or(100));
        let listing = format!("schedules {group:?} {prefix:?} {state:?}");
        let page = page(&listing, keyed, call.text("NextToken"), size);
        let page = page.map_err(|_| invalid("Invalid NextToken."))?;
        let schedules = page.items.into_iter().map(|schedule| schedule.summary());
        Ok(json!({"Schedules": schedules.collect::<Value>(), "NextToken": page.token}))
    }
}
