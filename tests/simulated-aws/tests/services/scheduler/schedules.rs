//! Creating, changing and listing schedules.

use aws_sdk_scheduler::{
    primitives::DateTime,
    types::{
        ActionAfterCompletion, FlexibleTimeWindow, FlexibleTimeWindowMode, ScheduleState, Target,
    },
};
use jiff::Timestamp;

use super::{FUNCTION, ROLE, Schedules, target, window};
use crate::{harness::World, refusals::refused};

#[tokio::test(start_paused = true)]
async fn a_schedule_is_shown_with_what_was_said_and_the_defaults() {
    let schedules = Schedules::plain();
    let created = schedules
        .create("nightly", "cron(0 3 * * ? *)")
        .send()
        .await
        .unwrap();
    let arn = "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightly";
    assert_eq!(created.schedule_arn(), arn);
    let shown = schedules
        .client
        .get_schedule()
        .name("nightly")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (shown.arn(), shown.group_name()),
        (Some(arn), Some("default"))
    );
    assert_eq!(shown.schedule_expression_timezone(), Some("UTC"));
    assert_eq!(shown.state(), Some(&ScheduleState::Enabled));
    assert_eq!(
        shown.action_after_completion(),
        Some(&ActionAfterCompletion::None)
    );
    let target = shown.target().unwrap();
    assert_eq!(
        (target.arn(), target.role_arn(), target.input()),
        (FUNCTION, ROLE, Some("{}"))
    );
    assert_eq!(
        target.retry_policy().unwrap().maximum_retry_attempts(),
        Some(185)
    );
    let created = shown.creation_date().unwrap();
    assert_eq!(created.secs(), schedules.world.now().as_second());
}

#[tokio::test(start_paused = true)]
async fn what_makes_no_sense_is_refused() {
    let schedules = Schedules::plain();
    let create = |expression: &str| schedules.create("s", expression);
    let date = |time: &str| DateTime::from_secs(time.parse::<Timestamp>().unwrap().as_second());
    let rate = || create("rate(1 hour)");
    let off = FlexibleTimeWindow::builder().mode(FlexibleTimeWindowMode::Off);
    let off = off.maximum_window_in_minutes(5).build().unwrap();
    let on = FlexibleTimeWindow::builder()
        .mode(FlexibleTimeWindowMode::Flexible)
        .build()
        .unwrap();
    let arn = |arn: &str, role: &str| Target::builder().arn(arn).role_arn(role).build().unwrap();
    for bad in vec![
        create("cron(0 3 * * * *)"),
        create("rate(0 minutes)"),
        create("at(2026-11-21)"),
        create("daily"),
        rate().name("s p"),
        rate().name("s".repeat(65)),
        rate().schedule_expression_timezone("Europe/Bielefeld"),
        rate().flexible_time_window(off),
        rate().flexible_time_window(on),
        rate().flexible_time_window(window(Some(1441))),
        rate().start_date(date("2026-11-21T01:50:00Z")),
        rate().end_date(date("2026-11-21T01:59:00Z")),
        rate()
            .start_date(date("2026-11-23T00:00:00Z"))
            .end_date(date("2026-11-22T00:00:00Z")),
        rate().target(target("{")),
        rate().target(arn("take-snapshot", ROLE)),
        rate().target(arn(FUNCTION, "scheduler")),
        rate().description("d".repeat(513)),
    ] {
        let said = format!("{bad:?}");
        assert_eq!(
            refused(bad.send().await),
            ("ValidationException".to_owned(), 400),
            "{said}"
        );
    }
    let error = create("daily").send().await.unwrap_err();
    assert!(error.into_service_error().is_validation_exception());
}

#[tokio::test(start_paused = true)]
async fn a_name_is_taken_once_and_a_token_makes_the_same_request_the_same_schedule() {
    let schedules = Schedules::plain();
    let create = || schedules.create("s", "rate(1 hour)").client_token("t1");
    create().send().await.unwrap();
    create().send().await.unwrap();
    let other = create().description("other");
    assert_eq!(
        refused(other.send().await),
        ("ConflictException".to_owned(), 409)
    );
    let other = create().client_token("t2").send().await.unwrap_err();
    assert!(other.into_service_error().is_conflict_exception());
    let creations = schedules.world.effects();
    assert_eq!(creations.len(), 1, "{creations:?}");

    let delete = |token| {
        schedules
            .client
            .delete_schedule()
            .name("s")
            .client_token(token)
    };
    delete("d1").send().await.unwrap();
    delete("d1").send().await.unwrap();
    assert_eq!(
        refused(delete("d2").send().await),
        ("ResourceNotFoundException".to_owned(), 404)
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_not_found() {
    let schedules = Schedules::plain();
    let missing = ("ResourceNotFoundException".to_owned(), 404);
    assert_eq!(
        refused(schedules.client.get_schedule().name("s").send().await),
        missing
    );
    let update = schedules
        .client
        .update_schedule()
        .name("s")
        .schedule_expression("rate(1 hour)");
    let update = update
        .target(target("{}"))
        .flexible_time_window(window(None));
    assert_eq!(refused(update.send().await), missing);
    assert_eq!(
        refused(
            schedules
                .create("s", "rate(1 hour)")
                .group_name("g")
                .send()
                .await
        ),
        missing
    );
    assert_eq!(
        refused(
            schedules
                .client
                .list_schedules()
                .group_name("g")
                .send()
                .await
        ),
        missing
    );
    let error = schedules
        .client
        .get_schedule()
        .name("s")
        .send()
        .await
        .unwrap_err();
    assert!(error.into_service_error().is_resource_not_found_exception());
}

#[tokio::test(start_paused = true)]
async fn the_quota_is_a_modelled_error() {
    let schedules = Schedules::plain();
    schedules
        .world
        .aws
        .with(|account, _| account.scheduler.most_schedules = 1);
    schedules.create("a", "rate(1 hour)").send().await.unwrap();
    let error = schedules
        .create("b", "rate(1 hour)")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 402);
    assert!(
        error
            .into_service_error()
            .is_service_quota_exceeded_exception()
    );
}

#[tokio::test(start_paused = true)]
async fn an_update_replaces_everything() {
    let schedules = Schedules::plain();
    let create = schedules.create("s", "rate(1 hour)").description("old");
    create
        .schedule_expression_timezone("Europe/Berlin")
        .send()
        .await
        .unwrap();
    let update = schedules
        .client
        .update_schedule()
        .name("s")
        .state(ScheduleState::Disabled);
    let update = update
        .schedule_expression("rate(2 hours)")
        .target(target("{}"));
    update
        .flexible_time_window(window(Some(15)))
        .send()
        .await
        .unwrap();
    let shown = schedules
        .client
        .get_schedule()
        .name("s")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (shown.description(), shown.schedule_expression_timezone()),
        (None, Some("UTC"))
    );
    assert_eq!(shown.schedule_expression(), Some("rate(2 hours)"));
    assert_eq!(
        shown
            .flexible_time_window()
            .unwrap()
            .maximum_window_in_minutes(),
        Some(15)
    );
    assert_eq!(schedules.fired(5).await, []);
}

#[tokio::test(start_paused = true)]
async fn schedules_are_listed_page_by_page_with_what_was_asked_for() {
    let schedules = Schedules::of(World::with(|whim| whim.largest_page = 2));
    schedules
        .world
        .aws
        .with(|account, _| account.scheduler.groups.insert("night".to_owned()));
    for name in ["db-1", "db-2", "web"] {
        schedules.create(name, "rate(1 hour)").send().await.unwrap();
    }
    let night = schedules.create("db-3", "rate(1 hour)").group_name("night");
    night.state(ScheduleState::Disabled).send().await.unwrap();
    let list = || schedules.client.list_schedules();
    assert_eq!(schedules.names(list()).await, "db-1 db-2 web db-3");
    assert_eq!(
        schedules.names(list().name_prefix("db-")).await,
        "db-1 db-2 db-3"
    );
    assert_eq!(
        schedules.names(list().group_name("default")).await,
        "db-1 db-2 web"
    );
    assert_eq!(
        schedules.names(list().state(ScheduleState::Disabled)).await,
        "db-3"
    );
    let first = list().max_results(1).send().await.unwrap();
    assert_eq!(first.schedules().len(), 1);
    let token = first.next_token().unwrap();
    let invalid = ("ValidationException".to_owned(), 400);
    assert_eq!(
        refused(list().name_prefix("db-").next_token(token).send().await),
        invalid
    );
    assert_eq!(refused(list().next_token("2").send().await), invalid);
}
