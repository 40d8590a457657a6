//! More readers.

use super::*;

fn two() -> Observation {
    seen(vec![instance("orders-2", "b")])
}

#[test]
fn an_alarm_that_stands_adds_a_reader_where_there_are_fewest() {
    insta::assert_snapshot!(said(&busy(two())), @"create orders/orders-ra2611210305-2: 1 → 2 readers: the alarm busy stands since 03:05; the next change at the earliest at 03:15");
}

#[test]
fn one_that_has_recovered_since_adds_nothing() {
    insta::assert_snapshot!(said(&two()), @"keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer");
}

#[test]
fn a_reader_that_is_being_created_counts() {
    let mut coming = ours("orders-ra2611210305-2", "b", NOW);
    (coming.status, coming.created) = (InstanceStatus::Creating, None);
    let one = busy(seen(vec![instance("orders-2", "b"), coming]));
    insta::assert_snapshot!(said(&one), @"wait   orders/orders: orders-ra2611210305-2 is being created; the alarms are looked at again after that");
}

#[test]
fn not_before_the_cooldown_is_over() {
    let fresh = busy(seen(vec![ours("orders-2", "b", "2026-11-21T03:07:00Z")]));
    insta::assert_snapshot!(said(&fresh), @"wait   orders/orders: the last change was at 03:07; the next change at the earliest at 03:12");
    insta::assert_snapshot!(with(json!({"cooldown_out": "3m"}), &fresh), @"create orders/orders-ra2611210305-2: 1 → 2 readers: the alarm busy stands since 03:05; the next change at the earliest at 03:13");
}

#[test]
fn never_more_than_the_policy_and_aurora_allow() {
    let three = busy(seen(
        ["orders-2", "orders-3", "orders-4"]
            .map(|id| instance(id, "b"))
            .into(),
    ));
    insta::assert_snapshot!(said(&three), @"ALERT  orders/orders: the alarm busy stands since 03:05, but 3 readers are there, the most that policy.max allows");
    let many = json!({"max": 9, "step_out": 15, "flap_limit": 12});
    let step = with(many, &busy(two()));
    let created = step.lines().filter(|line| line.starts_with("create"));
    assert_eq!(created.count(), 8, "{step}");
    assert!(step.contains("8 → 9 readers: the alarm busy stands since 03:05; that is the most"));
}

#[test]
fn below_the_floor_there_is_no_cooldown() {
    insta::assert_snapshot!(said(&seen(vec![])), @"create orders/orders-rmin-1: 0 → 1 reader: policy.min is 1; the next change at the earliest at 03:15");
    let floor = json!({"schedule_floors": [{"readers": 2, "window": {"from": "04:00", "to": "05:00"}}], "time_zone": "Europe/Berlin"});
    let fresh = seen(vec![ours("orders-2", "b", "2026-11-21T03:07:00Z")]);
    insta::assert_snapshot!(with(floor, &fresh), @"create orders/orders-rf2611210400-2: 1 → 2 readers: the schedule wants 2 until 05:00; the next change at the earliest at 04:15");
}

#[test]
fn classes_and_zones_in_order_and_only_what_the_money_is_there_for() {
    let many = json!({
        "classes": ["db.serverless", "db.r8g.large", "as-writer"], "zones": ["eu-central-1b", "eu-central-1c"],
        "max_monthly_cost": 450.0, "prices": {"db.r7g.large": 0.30, "db.r8g.large": 0.35},
    });
    let plan = plan(&policy(many.clone()), &busy(two()), at(NOW));
    let (_, change) = plan.actions().next().unwrap();
    let Change::Create(create) = change else {
        panic!("{change:?}")
    };
    let places: Vec<_> = create
        .places
        .iter()
        .map(|it| format!("{} {:?}", it.class, it.zone))
        .collect();
    insta::assert_snapshot!(places.join("\n"), @r#"
        db.r7g.large Some("eu-central-1c")
        db.r7g.large Some("eu-central-1b")
        "#);
    let mut step = many.clone();
    step["step_out"] = json!(2);
    assert_eq!(
        with(step, &busy(two())).lines().count(),
        1,
        "there is money for one"
    );
    let mut dear = many;
    dear["max_monthly_cost"] = json!(400.0);
    insta::assert_snapshot!(with(dear, &busy(two())), @"ALERT  orders/orders: the alarm busy stands since 03:05, but db.serverless needs a capacity range on the cluster (ServerlessV2ScalingConfiguration), with one more db.r8g.large the readers would cost 474 a month, above policy.max_monthly_cost of 400 and with one more db.r7g.large the readers would cost 438 a month, above policy.max_monthly_cost of 400");
}

#[test]
fn a_new_reader_is_like_its_newest_sibling() {
    let mut sibling = ours("orders-3", "c", "2026-11-20T00:00:00Z");
    sibling.settings.parameter_group = Some("readers".into());
    sibling.tags.set("team", "shop");
    sibling.tags.set(tags::CREATED_FOR, "2026-11-19T00:00:00Z");
    let plan = plan(
        &policy(json!({})),
        &busy(seen(vec![instance("orders-2", "b"), sibling])),
        at(NOW),
    );
    let (_, change) = plan.actions().next().unwrap();
    let Change::Create(create) = change else {
        panic!("{change:?}")
    };
    assert_eq!(
        create.new.settings.parameter_group.as_deref(),
        Some("readers")
    );
    let tags: Vec<_> = create.new.tags.iter().collect();
    assert_eq!(
        tags,
        [
            (tags::CREATED_AT, "2026-11-21T03:10:00Z"),
            (tags::CREATED_BY, ""),
            (tags::CREATED_FOR, "2026-11-21T03:05:00Z"),
            (tags::MANAGED_BY, tags::NIGHTSHIFT),
            ("team", "shop"),
        ]
    );
}

#[test]
fn performance_insights_are_the_writers_where_a_class_of_nightshifts_had_none() {
    let made = |on: Option<bool>| {
        let mut two = busy(seen(vec![ours("orders-2", "b", "2026-11-20T00:00:00Z")]));
        two.instances[0].settings = InstanceSettings {
            performance_insights: Some(true),
            performance_insights_key: Some("arn:key".into()),
            performance_insights_days: Some(465),
            ..InstanceSettings::default()
        };
        two.instances[1].settings.performance_insights = on;
        two.instances[1].settings.ca = Some("rds-ca-ecc384-g1".into());
        two
    };
    let settings = |seen: &Observation| {
        let plan = plan(&policy(json!({})), seen, at(NOW));
        let (_, change) = plan.actions().next().unwrap();
        let Change::Create(create) = change else {
            panic!("{change:?}")
        };
        create.new.settings.clone()
    };
    let without = made(Some(false));
    let like_the_writer = without.instances[1]
        .settings
        .clone()
        .with_insights_of(&without.instances[0].settings);
    assert_eq!(settings(&without), like_the_writer);
    assert_eq!(
        settings(&made(Some(true))),
        made(Some(true)).instances[1].settings
    );
    let mut theirs = made(Some(false));
    theirs.instances[1].tags = Tags::default();
    assert_eq!(settings(&theirs), theirs.instances[1].settings);
}

#[test]
fn one_that_was_to_go_is_used_again_first() {
    let going = draining(
        ours("orders-3", "c", "2026-11-20T00:00:00Z"),
        "2026-11-21T03:00:00Z",
    );
    let high = busy(seen(vec![instance("orders-2", "b"), going]));
    insta::assert_snapshot!(said(&high), @"return orders/orders-3: it was to go; the alarm busy stands since 03:05");
}

#[test]
fn a_name_that_a_broken_reader_has_is_not_used_twice() {
    let mut broken = ours("orders-ra2611210305-2", "b", NOW);
    (broken.status, broken.created) = (InstanceStatus::Failed, None);
    insta::assert_snapshot!(said(&busy(seen(vec![instance("orders-2", "b"), broken]))), @"
        delete orders/orders-ra2611210305-2: its creation ended as failed: it never took a read
        create orders/orders-ra2611210305-2b: 1 → 2 readers: the alarm busy stands since 03:05; the next change at the earliest at 03:15
        ");
}

#[test]
fn remedy_alarm_is_heeded_like_an_alarm_until_a_reader_has_come_or_a_quarter_of_an_hour_is_over() {
    let asked = |at: &str| {
        let mut seen = seen(vec![ours("orders-2", "b", "2026-11-21T02:00:00Z")]);
        seen.cluster.tags.set(tags::READER_ASKED, at);
        seen
    };
    insta::assert_snapshot!(with(json!({}), &asked("2026-11-21T03:02:00Z")), @"create orders/orders-rq2611210302-2: 1 → 2 readers: remedy-alarm asked for a reader at 03:02; the next change at the earliest at 03:15");
    insta::assert_snapshot!(with(json!({}), &asked("2026-11-21T02:54:00Z")), @"keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer");
    insta::assert_snapshot!(with(json!({}), &asked("2026-11-21T03:20:00Z")), @"keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer");
    insta::assert_snapshot!(with(json!({"max": 1}), &asked("2026-11-21T03:02:00Z")), @"ALERT  orders/orders: remedy-alarm asked for a reader at 03:02, but 1 reader is there, the most that policy.max allows");
    let mut answered = asked("2026-11-21T03:02:00Z");
    answered.instances[1].created = Some(time("2026-11-21T03:03:00Z"));
    insta::assert_snapshot!(with(json!({}), &answered), @"keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer");
}

#[test]
fn a_class_whose_reader_never_came_is_the_last_to_be_tried_again() {
    let classes = |seen: &Observation| {
        let policy =
            policy(json!({"classes": ["db.r8g.large", "as-writer"], "zones": ["eu-central-1a"]}));
        let plan = plan(&policy, seen, at(NOW));
        let created = plan.actions().find_map(|(_, change)| match change {
            Change::Create(create) => Some(create.places.clone()),
            _ => None,
        });
        created
            .unwrap()
            .into_iter()
            .map(|it| it.class)
            .collect::<Vec<_>>()
    };
    let mut failed = ours("orders-ra2611210305-2", "b", NOW);
    failed.class = "db.r8g.large".into();
    (failed.status, failed.created) = (InstanceStatus::InsufficientCapacity, None);
    let of = |reader: &DbInstance| classes(&seen(vec![reader.clone()]));
    assert_eq!(of(&failed), ["db.r7g.large", "db.r8g.large"]);
    failed.status = InstanceStatus::Deleting;
    assert_eq!(of(&failed), ["db.r7g.large", "db.r8g.large"]);
    failed.created = Some(time("2026-11-21T02:00:00Z"));
    assert_eq!(of(&failed), ["db.r8g.large", "db.r7g.large"]);
}

#[test]
fn a_reader_has_room_for_the_tags_by_which_it_goes() {
    let mut sibling = instance("orders-2", "b");
    for number in 0..50 {
        sibling.tags.set(format!("team-{number:02}"), "shop");
    }
    let plan = plan(&policy(json!({})), &busy(seen(vec![sibling])), at(NOW));
    let (_, change) = plan.actions().next().unwrap();
    let Change::Create(create) = change else {
        panic!("{change:?}")
    };
    assert_eq!(create.new.tags.len(), 44);
}
