//! What schedules invoke, and when.

use aws_sdk_scheduler::{primitives::DateTime, types::ActionAfterCompletion};
use simulated_aws::Percent;

use super::{FUNCTION, Schedules, target, times, window};
use crate::harness::World;

#[tokio::test(start_paused = true)]
async fn a_schedule_fires_by_its_calendar_with_its_input_filled_in() {
    let schedules = Schedules::plain();
    let input =
        r#"{"time": "<aws.scheduler.scheduled-time>", "n": "<aws.scheduler.attempt-number>"}"#;
    let create = schedules
        .create("s", "cron(30 3 * * ? *)")
        .target(target(input));
    create
        .schedule_expression_timezone("Europe/Berlin")
        .send()
        .await
        .unwrap();
    let fired = schedules.fired(48).await;
    assert_eq!(
        times(&fired),
        ["2026-11-21T02:30:00Z", "2026-11-22T02:30:00Z"]
    );
    assert_eq!(fired[0].target, FUNCTION);
    let expected = r#"{"time": "2026-11-21T02:30:00Z", "n": "1"}"#;
    assert_eq!(fired[0].input.as_deref(), Some(expected));
    schedules
        .client
        .delete_schedule()
        .name("s")
        .send()
        .await
        .unwrap();
    assert_eq!(schedules.fired(48).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_schedule_that_is_over_stays_unless_it_says_otherwise() {
    let schedules = Schedules::plain();
    let at = |name: &str| schedules.create(name, "at(2026-11-21T03:00:00)");
    at("stays").send().await.unwrap();
    at("goes")
        .action_after_completion(ActionAfterCompletion::Delete)
        .send()
        .await
        .unwrap();
    let past = schedules.create("past", "at(2026-11-20T03:00:00)");
    past.send().await.unwrap();
    assert_eq!(schedules.fired(48).await.len(), 2);
    assert_eq!(
        schedules.names(schedules.client.list_schedules()).await,
        "past stays"
    );
}

#[tokio::test(start_paused = true)]
async fn a_schedule_may_fire_late_in_its_window_and_twice() {
    let schedules = Schedules::of(World::with(|whim| whim.events_twice = Percent(100)));
    let rate = schedules
        .create("s", "rate(3 hours)")
        .flexible_time_window(window(Some(60)));
    let from = DateTime::from_secs(schedules.world.now().as_second() + 3600);
    let to = DateTime::from_secs(from.secs() + 3 * 3600);
    rate.start_date(from).end_date(to).send().await.unwrap();
    let fired = schedules.fired(24).await;
    let expected =
        ["03:00", "03:00", "06:00", "06:00"].map(|time| format!("2026-11-21T{time}:00Z"));
    assert_eq!(times(&fired), expected);
}
