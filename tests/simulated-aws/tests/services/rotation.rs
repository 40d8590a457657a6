//! Rotating secrets.

use aws_sdk_secretsmanager::{Client, types::RotationRulesType};
use jiff::SignedDuration;
use simulated_aws::{
    Effect, Percent,
    secrets::{Invocation, Step},
};

use crate::{harness::World, refusals::code, secrets::token};

const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:rotate-secret";

struct Rotation {
    world: World,
    client: Client,
    token: String,
}

impl Rotation {
    /// A secret `db` whose version `a` is current.
    async fn of(world: World) -> Self {
        let client = Client::new(&world.sdk);
        let create = client.create_secret().name("db").secret_string("old");
        create
            .client_request_token(token("a"))
            .send()
            .await
            .unwrap();
        let token = token("b");
        Self {
            world,
            client,
            token,
        }
    }

    async fn begin(&self, token: &str, days: i64) -> Result<(), String> {
        let rules = RotationRulesType::builder()
            .automatically_after_days(days)
            .build();
        let rotate = self
            .client
            .rotate_secret()
            .secret_id("db")
            .rotation_rules(rules);
        let rotate = rotate
            .rotation_lambda_arn(FUNCTION)
            .client_request_token(token);
        rotate
            .send()
            .await
            .map(|_| ())
            .map_err(|error| code(&error).to_owned())
    }

    /// Leaps to the next invocation; none if there is none within `minutes`.
    async fn invoked(&self, minutes: i64) -> Vec<Invocation> {
        let until = self.world.now() + SignedDuration::from_mins(minutes);
        loop {
            let effects = self
                .world
                .effects()
                .into_iter()
                .filter_map(|effect| match effect {
                    Effect::Rotation(invocation) => Some(invocation),
                    _ => None,
                });
            let invocations: Vec<_> = effects.collect();
            let next = self.world.aws.with(|account, _| account.next_change());
            match next.filter(|next| invocations.is_empty() && *next <= until) {
                Some(next) => self.world.pass(next.duration_since(self.world.now())).await,
                None => return invocations,
            }
        }
    }

    /// The function has ended the step, and says how.
    fn ended(&self, invocation: &Invocation, succeeded: bool) {
        self.world.aws.outside(|account, now| {
            account.by_hand(now, |services, at| {
                services.secrets.step_ended(invocation, succeeded, at);
            })
        });
    }

    /// Does what a rotation function does in each step.
    async fn work(&self, invocation: &Invocation) {
        let id = || &invocation.token;
        if invocation.step == Step::Create {
            let put = self
                .client
                .put_secret_value()
                .secret_id("db")
                .secret_string("new");
            let put = put.client_request_token(id()).version_stages("AWSPENDING");
            put.send().await.unwrap();
        }
        if invocation.step == Step::Finish {
            let finish = self.client.update_secret_version_stage().secret_id("db");
            let finish = finish.version_stage("AWSCURRENT").move_to_version_id(id());
            finish
                .remove_from_version_id(token("a"))
                .send()
                .await
                .unwrap();
        }
    }

    async fn value(&self) -> String {
        let answer = self.client.get_secret_value().secret_id("db").send().await;
        answer.unwrap().secret_string.unwrap()
    }
}

#[tokio::test(start_paused = true)]
async fn the_four_steps_come_one_after_another_and_the_next_rotation_is_planned() {
    let rotation = Rotation::of(World::plain()).await;
    rotation.begin(&rotation.token, 30).await.unwrap();
    for step in [Step::Create, Step::Set, Step::Test, Step::Finish] {
        let [invocation] = rotation.invoked(1).await.try_into().unwrap();
        assert_eq!(
            (invocation.step, invocation.function.as_str()),
            (step, FUNCTION)
        );
        assert_eq!(invocation.token, rotation.token);
        rotation.work(&invocation).await;
        rotation.ended(&invocation, true);
        rotation.ended(&invocation, true);
    }
    assert_eq!(rotation.invoked(30).await, []);
    assert_eq!(rotation.value().await, "new");
    let described = rotation
        .client
        .describe_secret()
        .secret_id("db")
        .send()
        .await
        .unwrap();
    assert_eq!(described.rotation_enabled(), Some(true));
    assert_eq!(
        described
            .rotation_rules()
            .unwrap()
            .automatically_after_days(),
        Some(30)
    );
    assert!(described.last_rotated_date().is_some());
    assert_eq!(
        described.next_rotation_date().unwrap().to_string(),
        "2026-12-22T00:00:00Z"
    );

    let [next] = rotation.invoked(60 * 24 * 31).await.try_into().unwrap();
    assert_eq!(next.step, Step::Create);
    assert_ne!(next.token, rotation.token);
}

#[tokio::test(start_paused = true)]
async fn the_version_of_a_rotation_that_has_begun_has_no_value_yet() {
    let rotation = Rotation::of(World::plain()).await;
    rotation.begin(&rotation.token, 30).await.unwrap();
    let described = rotation
        .client
        .describe_secret()
        .secret_id("db")
        .send()
        .await
        .unwrap();
    assert_eq!(
        described.version_ids_to_stages().unwrap()[&rotation.token],
        ["AWSPENDING"]
    );
    let get = rotation.client.get_secret_value().secret_id("db");
    let get = get.version_id(&rotation.token).version_stage("AWSPENDING");
    let error = get.send().await.unwrap_err().into_service_error();
    assert!(error.is_resource_not_found_exception());
    assert_eq!(rotation.value().await, "old");
}

#[tokio::test(start_paused = true)]
async fn a_failed_step_begins_the_rotation_anew_and_the_fifth_failure_leaves_it_stuck() {
    let rotation = Rotation::of(World::plain()).await;
    rotation.begin(&rotation.token, 30).await.unwrap();
    for _ in 0..5 {
        for step in [Step::Create, Step::Set] {
            let [invocation] = rotation.invoked(11).await.try_into().unwrap();
            assert_eq!(invocation.step, step);
            rotation.work(&invocation).await;
            rotation.ended(&invocation, step == Step::Create);
        }
    }
    assert_eq!(rotation.invoked(60).await, []);
    assert_eq!(
        rotation.begin(&token("c"), 30).await.unwrap_err(),
        "InvalidRequestException"
    );
    rotation.begin(&rotation.token, 30).await.unwrap();

    let free = rotation
        .client
        .update_secret_version_stage()
        .secret_id("db");
    let free = free
        .version_stage("AWSPENDING")
        .remove_from_version_id(&rotation.token);
    free.send().await.unwrap();
    rotation.begin(&token("c"), 30).await.unwrap();
    let [invocation] = rotation.invoked(1).await.try_into().unwrap();
    assert_eq!(
        (invocation.step, invocation.token),
        (Step::Create, token("c"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_stuck_rotation_is_tried_again_when_the_next_is_due() {
    let rotation = Rotation::of(World::plain()).await;
    rotation.begin(&rotation.token, 1).await.unwrap();
    for _ in 0..5 {
        let [invocation] = rotation.invoked(11).await.try_into().unwrap();
        rotation.ended(&invocation, false);
    }
    let [invocation] = rotation.invoked(60 * 48).await.try_into().unwrap();
    assert_eq!(
        (invocation.step, &invocation.token),
        (Step::Create, &rotation.token)
    );
}

#[tokio::test(start_paused = true)]
async fn another_rotation_is_refused_while_one_is_stuck_which_is_tried_again() {
    let rotation = Rotation::of(World::plain()).await;
    rotation.begin(&rotation.token, 30).await.unwrap();
    for _ in 0..5 {
        let [invocation] = rotation.invoked(11).await.try_into().unwrap();
        rotation.ended(&invocation, false);
    }
    assert_eq!(rotation.invoked(60).await, []);
    let refused = rotation.begin(&token("c"), 30).await.unwrap_err();
    assert_eq!(refused, "InvalidRequestException");
    let [again] = rotation.invoked(1).await.try_into().unwrap();
    let stuck = (Step::Create, rotation.token.clone());
    assert_eq!((again.step, again.token), stuck);
}

#[tokio::test(start_paused = true)]
async fn finishing_without_moving_the_label_is_no_success() {
    let rotation = Rotation::of(World::plain()).await;
    rotation.begin(&rotation.token, 30).await.unwrap();
    for _ in 0..4 {
        let [invocation] = rotation.invoked(1).await.try_into().unwrap();
        rotation.ended(&invocation, true);
    }
    let [again] = rotation.invoked(11).await.try_into().unwrap();
    assert_eq!(again.step, Step::Create);
}

#[tokio::test(start_paused = true)]
async fn an_invocation_may_come_twice() {
    let rotation = Rotation::of(World::with(|whim| whim.events_twice = Percent(100))).await;
    rotation.begin(&rotation.token, 30).await.unwrap();
    let [one, two] = rotation.invoked(1).await.try_into().unwrap();
    assert_eq!(one, two);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_rotation_leaves_its_label_and_goes_no_further() {
    let rotation = Rotation::of(World::plain()).await;
    let cancel = || {
        rotation
            .client
            .cancel_rotate_secret()
            .secret_id("db")
            .send()
    };
    let never = cancel().await.unwrap_err().into_service_error();
    assert!(never.is_invalid_request_exception());
    rotation.begin(&rotation.token, 1).await.unwrap();
    let [create] = rotation.invoked(1).await.try_into().unwrap();
    let cancelled = cancel().await.unwrap();
    assert_eq!(cancelled.version_id(), Some(rotation.token.as_str()));
    rotation.ended(&create, true);
    assert_eq!(rotation.invoked(60 * 48).await, []);
    let described = rotation
        .client
        .describe_secret()
        .secret_id("db")
        .send()
        .await
        .unwrap();
    assert_eq!(described.rotation_enabled(), Some(false));
    assert_eq!(
        rotation.begin(&token("c"), 1).await.unwrap_err(),
        "InvalidRequestException"
    );
}

#[tokio::test(start_paused = true)]
async fn without_rotating_at_once_only_the_test_is_invoked() {
    let rotation = Rotation::of(World::plain()).await;
    let rotate = rotation
        .client
        .rotate_secret()
        .secret_id("db")
        .rotate_immediately(false);
    let rotate = rotate
        .rotation_lambda_arn(FUNCTION)
        .client_request_token(&rotation.token);
    rotate.send().await.unwrap();
    let [invocation] = rotation.invoked(1).await.try_into().unwrap();
    assert_eq!(invocation.step, Step::Test);
    rotation.ended(&invocation, true);
    let described = rotation
        .client
        .describe_secret()
        .secret_id("db")
        .send()
        .await
        .unwrap();
    let labels: Vec<_> = described
        .version_ids_to_stages
        .unwrap()
        .into_values()
        .collect();
    assert_eq!(labels, [["AWSCURRENT"]]);
    assert_eq!(rotation.invoked(60).await, []);
}

#[tokio::test(start_paused = true)]
async fn rules_and_functions_that_make_no_sense_are_refused() {
    let rotation = Rotation::of(World::plain()).await;
    let rotate = || rotation.client.rotate_secret().secret_id("db");
    assert_eq!(
        code(&rotate().send().await.unwrap_err()),
        "InvalidRequestException"
    );
    let name = rotate()
        .rotation_lambda_arn("rotate-secret")
        .send()
        .await
        .unwrap_err();
    assert!(name.into_service_error().is_invalid_parameter_exception());
    let rules = |expression: &str, duration: Option<&str>, days| {
        let rules = RotationRulesType::builder().schedule_expression(expression);
        let rules = rules.set_duration(duration.map(Into::into));
        rules.set_automatically_after_days(days).build()
    };
    for bad in [
        rules("rate(1 hour)", None, None),
        rules("cron(0 3 * * * *)", None, None),
        rules("rate(10 days)", Some("0h"), None),
        rules("rate(10 days)", None, Some(10)),
    ] {
        let rotate = rotate().rotation_lambda_arn(FUNCTION).rotation_rules(bad);
        assert_eq!(
            code(&rotate.send().await.unwrap_err()),
            "InvalidParameterException"
        );
    }
    assert_eq!(
        rotation.begin("short", 1).await.unwrap_err(),
        "ValidationException"
    );
}
