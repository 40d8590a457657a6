//! Schedules.

mod firing;
mod schedules;

use aws_sdk_scheduler::{
    Client,
    operation::{
        create_schedule::builders::CreateScheduleFluentBuilder,
        list_schedules::builders::ListSchedulesFluentBuilder,
    },
    types::{FlexibleTimeWindow, FlexibleTimeWindowMode, Target},
};
use jiff::SignedDuration;
use simulated_aws::{Effect, scheduler::Firing};

use crate::harness::World;

const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:take-snapshot";
const ROLE: &str = "arn:aws:iam::123456789012:role/scheduler";

struct Schedules {
    world: World,
    client: Client,
}

fn target(input: &str) -> Target {
    let target = Target::builder().arn(FUNCTION).role_arn(ROLE).input(input);
    target.build().unwrap()
}

fn window(minutes: Option<i32>) -> FlexibleTimeWindow {
    let mode = minutes.map_or(FlexibleTimeWindowMode::Off, |_| {
        FlexibleTimeWindowMode::Flexible
    });
    let window = FlexibleTimeWindow::builder().mode(mode);
    window
        .set_maximum_window_in_minutes(minutes)
        .build()
        .unwrap()
}

impl Schedules {
    fn of(world: World) -> Self {
        let client = Client::new(&world.sdk);
        Self { world, client }
    }

    fn plain() -> Self {
        Self::of(World::plain())
    }

    fn create(&self, name: &str, expression: &str) -> CreateScheduleFluentBuilder {
        let create = self
            .client
            .create_schedule()
            .name(name)
            .schedule_expression(expression);
        create
            .target(target("{}"))
            .flexible_time_window(window(None))
    }

    async fn names(&self, list: ListSchedulesFluentBuilder) -> String {
        let pages = list.into_paginator().send().try_collect().await.unwrap();
        let schedules = pages.into_iter().flat_map(|page| page.schedules);
        schedules
            .filter_map(|schedule| schedule.name)
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// What fires in the next hours.
    async fn fired(&self, hours: i64) -> Vec<Firing> {
        self.world.pass(SignedDuration::from_hours(hours)).await;
        let effects = self
            .world
            .effects()
            .into_iter()
            .filter_map(|effect| match effect {
                Effect::ScheduleFired(firing) => Some(firing),
                _ => None,
            });
        effects.collect()
    }
}

fn times(firings: &[Firing]) -> Vec<String> {
    firings
        .iter()
        .map(|firing| firing.scheduled.to_string())
        .collect()
}
