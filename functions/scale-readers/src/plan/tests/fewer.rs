//! Fewer readers.

use super::*;
use crate::endpoints;

const LONG: &str = "2026-11-21T02:30:00Z";

fn three() -> Observation {
    seen(vec![
        instance("orders-2", "b"),
        ours("orders-3", "c", "2026-11-20T00:00:00Z"),
        ours("orders-4", "a", "2026-11-20T12:00:00Z"),
    ])
}

#[test]
fn the_newest_of_nightshifts_own_is_emptied_first() {
    insta::assert_snapshot!(said(&idle(three(), LONG)), @"drain  orders/orders-4: 3 → 2 readers: idle low since 02:30; no custom endpoint leads to it, and the reader endpoint cannot leave it out. It goes at 5 connections or fewer, or at 03:40");
    insta::assert_snapshot!(with(json!({"remove": "oldest"}), &idle(three(), LONG)), @"drain  orders/orders-3: 3 → 2 readers: idle low since 02:30; no custom endpoint leads to it, and the reader endpoint cannot leave it out. It goes at 5 connections or fewer, or at 03:40");
}

#[test]
fn not_before_the_load_has_been_low_for_long_enough() {
    insta::assert_snapshot!(said(&idle(three(), "2026-11-21T03:00:00Z")), @"wait   orders/orders: fewer are allowed since 03:00, not yet for 15m; the next change at the earliest at 03:15");
    assert!(said(&busy(idle(three(), LONG))).starts_with("ALERT"));
}

#[test]
fn readers_of_others_stay() {
    let others = idle(
        seen(vec![instance("orders-2", "b"), instance("orders-3", "c")]),
        LONG,
    );
    insta::assert_snapshot!(said(&others), @"leave  orders/orders: fewer are allowed, but Nightshift made none of the readers that serve");
}

#[test]
fn never_below_the_floor() {
    insta::assert_snapshot!(with(json!({"min": 3}), &idle(three(), LONG)), @"keep   orders/orders: 3 readers, between 3 and 3: fewer are allowed, but none is above the floor");
}

#[test]
fn one_after_the_other() {
    let mut one = idle(three(), LONG);
    one.instances[3] = draining(one.instances[3].clone(), "2026-11-21T03:00:00Z");
    one.connections.insert("orders-4".into(), 40.0);
    insta::assert_snapshot!(said(&one), @"
        wait   orders/orders: orders-4 is being emptied; one after the other
        wait   orders/orders-4: it has 40 connections; it goes at 5 or fewer, or at 03:30
        ");
    one.connections.insert("orders-4".into(), 5.0);
    insta::assert_snapshot!(said(&one), @"
        wait   orders/orders: orders-4 is being emptied; one after the other
        delete orders/orders-4: it is no longer needed; it has 5 connections
        ");
    one.connections.clear();
    insta::assert_snapshot!(said(&one), @"
        wait   orders/orders: orders-4 is being emptied; one after the other
        wait   orders/orders-4: how many connections it has cannot be read; it goes at 5 or fewer, or at 03:30
        ");
    one.instances[3] = draining(one.instances[3].clone(), "2026-11-21T02:40:00Z");
    insta::assert_snapshot!(said(&one), @"
        wait   orders/orders: orders-4 is being emptied; one after the other
        delete orders/orders-4: it was given 30m to be emptied, and they are over; how many connections it has cannot be read
        ");
}

#[test]
fn it_is_taken_out_of_the_custom_endpoints_that_lead_to_it() {
    let mut custom = idle(three(), LONG);
    custom.endpoints = vec![
        endpoint("reports", &["orders-3", "orders-4"], &[]),
        endpoint("all", &[], &["orders-2"]),
        endpoint("others", &["orders-2"], &[]),
    ];
    insta::assert_snapshot!(said(&custom), @"drain  orders/orders-4: 3 → 2 readers: idle low since 02:30; taken out of reports and all; the reader endpoint cannot leave it out. It goes at 5 connections or fewer, or at 03:40");
    custom.endpoints[0].members = vec!["orders-4".into()];
    let said = said(&custom);
    assert!(
        said.contains("orders/orders-3"),
        "the next one, where it is the only one of an endpoint: {said}"
    );
}

/// The lists that the plan gives the endpoint `reports`, one after the other.
fn reports(plan: &Plan<Change>) -> Vec<Vec<String>> {
    let lists = plan.actions().map(|(_, change)| match change {
        Change::Drain(drain) => drain.endpoints[0].members.clone(),
        Change::Return(back) => back.endpoints[0].members.clone(),
        other => panic!("{other:?}"),
    });
    lists.collect()
}

#[test]
fn two_that_go_at_once_leave_an_endpoint_one_after_the_other() {
    let mut custom = idle(three(), LONG);
    let all = ["orders-2", "orders-3", "orders-4"];
    custom.endpoints = vec![endpoint("reports", &all, &[])];
    let policy = policy(json!({"step_in": 2}));
    let plan = plan(&policy, &custom, at(NOW));
    assert_eq!(
        reports(&plan),
        [vec!["orders-2", "orders-3"], vec!["orders-2"]]
    );
    let text = plan.to_string();
    assert!(
        text.contains("3 → 2 readers") && text.contains("2 → 1 reader:"),
        "{text}"
    );
}

#[test]
fn the_last_two_of_an_endpoint_do_not_go_at_once() {
    let mut custom = idle(three(), LONG);
    custom.endpoints = vec![endpoint("reports", &["orders-3", "orders-4"], &[])];
    let said = with(json!({"step_in": 2}), &custom);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("drain  orders/orders-4"), "{said}");
}

#[test]
fn two_that_are_used_again_are_both_in_their_endpoint() {
    let mut custom = busy(three());
    for number in [2, 3] {
        let instance = draining(custom.instances[number].clone(), "2026-11-21T03:00:00Z");
        custom.instances[number] = instance;
        custom.instances[number]
            .tags
            .set(endpoints::key("reports"), "");
    }
    custom.endpoints = vec![endpoint("reports", &["orders-2"], &[])];
    let plan = plan(&policy(json!({})), &custom, at(NOW));
    let both = ["orders-2", "orders-3", "orders-4"];
    assert_eq!(reports(&plan), [&both[..2], &both]);
}

#[test]
fn one_that_has_become_the_only_one_of_an_endpoint_stays() {
    let mut custom = idle(three(), LONG);
    custom.instances[3] = draining(custom.instances[3].clone(), "2026-11-21T02:30:00Z");
    custom.endpoints = vec![endpoint("reports", &["orders-4"], &[])];
    insta::assert_snapshot!(said(&custom), @"
        wait   orders/orders: orders-4 is being emptied; one after the other
        return orders/orders-4: it was to go, and is the only one that answers for the custom endpoint reports now: it stays
        ");
}

/// Whether `orders-4` stays for the endpoint, before it is to go and, with the endpoint as it is and
/// without the reader, afterwards.
fn stays(before: &Observation, endpoint: CustomEndpoint) -> bool {
    let mut custom = before.clone();
    custom.endpoints = vec![endpoint];
    let stays = said(&custom).contains("orders-4 is the only one that answers");
    custom.instances[2] = draining(custom.instances[2].clone(), "2026-11-21T03:00:00Z");
    custom.instances[2].tags.set(endpoints::key("reports"), "");
    let without = endpoints::without(&custom.endpoints, "orders-4");
    for endpoints in [custom.endpoints.clone(), without] {
        custom.endpoints = endpoints;
        let said = said(&custom);
        let returns = said.contains("return orders/orders-4: it was to go, and is the only");
        assert_eq!(returns, stays, "{said}");
    }
    stays
}

#[test]
fn an_endpoint_keeps_one_that_answers() {
    let mut custom = idle(
        seen(vec![
            instance("orders-2", "b"),
            ours("orders-4", "a", "2026-11-20T12:00:00Z"),
            instance("orders-5", "c"),
        ]),
        LONG,
    );
    let of = |members: &[&str], excluded: &[&str]| endpoint("reports", members, excluded);
    let for_readers = |endpoint| CustomEndpoint {
        readers_only: true,
        ..endpoint
    };
    let with_the_writer = of(&["orders-1", "orders-4"], &[]);
    assert!(!stays(&custom, with_the_writer.clone()));
    assert!(stays(&custom, for_readers(with_the_writer)));
    let no_other_reader = of(&[], &["orders-2", "orders-5"]);
    assert!(!stays(&custom, no_other_reader.clone()));
    assert!(stays(&custom, for_readers(no_other_reader)));
    assert!(stays(
        &custom,
        of(&[], &["orders-1", "orders-2", "orders-5"])
    ));
    let two = || of(&["orders-2", "orders-4"], &[]);
    assert!(!stays(&custom, two()));
    custom.instances[1].status = InstanceStatus::Stopped;
    assert!(stays(&custom, two()));
}

#[test]
fn where_there_is_no_alarm_for_it_the_schedule_lets_the_floor_down() {
    let by_clock = json!({"in_alarms": [], "out_alarms": []});
    insta::assert_snapshot!(with(by_clock, &three()), @"drain  orders/orders-4: 3 → 2 readers: the schedule wants no more; no custom endpoint leads to it, and the reader endpoint cannot leave it out. It goes at 5 connections or fewer, or at 03:40");
    let by_quiet = json!({"in_alarms": []});
    insta::assert_snapshot!(with(by_quiet, &three()), @"drain  orders/orders-4: 3 → 2 readers: busy quiet since 2026-11-20 20:00; no custom endpoint leads to it, and the reader endpoint cannot leave it out. It goes at 5 connections or fewer, or at 03:40");
}

#[test]
fn readers_that_come_and_go_all_the_time_need_a_person() {
    let mut restless = idle(three(), LONG);
    let times = ["02:15", "02:25", "02:35", "02:45", "02:50", "02:52"];
    let told: Vec<_> = times
        .iter()
        .map(|at| format!("2026-11-21T{at}:00Z"))
        .collect();
    restless
        .cluster
        .tags
        .set(tags::READER_CHANGES, told.join(" "));
    insta::assert_snapshot!(said(&restless), @"ALERT  orders/orders: 6 changes within an hour, as many as policy.flap_limit allows: nothing is changed before 03:15; find out why the load goes up and down");
}

#[test]
fn one_run_makes_no_more_changes_than_the_hour_has_left() {
    let mut restless = busy(seen(vec![instance("orders-2", "b")]));
    let told = "2026-11-21T02:15:00Z 2026-11-21T02:25:00Z";
    restless.cluster.tags.set(tags::READER_CHANGES, told);
    let policy = json!({"max": 9, "step_out": 3, "flap_limit": 4});
    insta::assert_snapshot!(with(policy.clone(), &restless), @"
        warning: This makes 4 changes within an hour, as many as policy.flap_limit allows: nothing further is changed before 03:15. Find out why the load goes up and down.
        create orders/orders-ra2611210305-2: 1 → 2 readers: the alarm busy stands since 03:05; the next change at the earliest at 03:15
        create orders/orders-ra2611210305-3: 2 → 3 readers: the alarm busy stands since 03:05; the next change at the earliest at 03:15
        wait   orders/orders-ra2611210305-4: policy.flap_limit leaves no room for it before 03:15: 3 → 4 readers: the alarm busy stands since 03:05; the next change at the earliest at 03:15
        ");
    let mut coming = ours("orders-3", "c", NOW);
    (coming.status, coming.created) = (InstanceStatus::Creating, None);
    let one = seen(vec![coming]);
    let floor = json!({"min": 4, "max": 9, "flap_limit": 2});
    insta::assert_snapshot!(with(floor, &one), @"
        warning: This makes 2 changes within an hour, as many as policy.flap_limit allows: nothing further is changed before 04:10. Find out why the load goes up and down.
        create orders/orders-rmin-2: 1 → 2 readers: policy.min is 4; the next change at the earliest at 03:15
        wait   orders/orders-rmin-3: policy.flap_limit leaves no room for it before 04:10: 2 → 3 readers: policy.min is 4; the next change at the earliest at 03:15
        wait   orders/orders-rmin-4: policy.flap_limit leaves no room for it before 04:10: 3 → 4 readers: policy.min is 4; the next change at the earliest at 03:15
        ");
}

/// A reader whose creation failed, and that was asked for then.
fn stillborn(asked: &str) -> Observation {
    let mut instance = ours("orders-3", "c", NOW);
    (instance.status, instance.created) = (InstanceStatus::IncompatibleNetwork, None);
    instance.tags.set(tags::CREATED_AT, asked);
    seen(vec![super::instance("orders-2", "b"), instance])
}

#[test]
fn what_never_came_to_serve_counts_and_its_removal_waits_for_room_in_the_hour() {
    let recent = stillborn("2026-11-21T02:40:00Z");
    insta::assert_snapshot!(with(json!({"flap_limit": 1}), &recent), @"
        wait   orders/orders-3: policy.flap_limit leaves no room for it before 03:40: its creation ended as incompatible-network: it never took a read
        keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer
        ");
    insta::assert_snapshot!(with(json!({"flap_limit": 2, "min": 2}), &recent), @"
        warning: This makes 2 changes within an hour, as many as policy.flap_limit allows: nothing further is changed before 03:40. Find out why the load goes up and down.
        delete orders/orders-3: its creation ended as incompatible-network: it never took a read
        wait   orders/orders-rmin-2: policy.flap_limit leaves no room for it before 03:40: 1 → 2 readers: policy.min is 2; the next change at the earliest at 03:15
        ");
    let long_ago = stillborn("2026-11-21T02:10:00Z");
    insta::assert_snapshot!(with(json!({"flap_limit": 1}), &long_ago), @"
        warning: This makes 1 change within an hour, as many as policy.flap_limit allows: nothing further is changed before 04:10. Find out why the load goes up and down.
        delete orders/orders-3: its creation ended as incompatible-network: it never took a read
        keep   orders/orders: 1 reader, between 1 and 3: no alarm asks for more or allows fewer
        ");
}

#[test]
fn the_note_on_the_cluster_has_the_creation_of_what_never_came_to_serve() {
    let asked = "2026-11-21T02:40:00Z";
    let plan = plan(&policy(json!({})), &stillborn(asked), at(NOW));
    let (_, change) = plan.actions().next().unwrap();
    let Change::Delete(delete) = change else {
        panic!("{change:?}")
    };
    assert_eq!(delete.created, Some(time(asked)));
}

#[test]
fn one_that_a_failover_has_made_the_writer_still_counts_as_come() {
    let mut over = busy(seen(vec![instance("orders-2", "b")]));
    over.instances[0] = ours("orders-1", "a", "2026-11-21T02:40:00Z");
    insta::assert_snapshot!(with(json!({"flap_limit": 1, "cooldown_out": "0s"}), &over), @"ALERT  orders/orders: 1 change within an hour, as many as policy.flap_limit allows: nothing is changed before 03:40; find out why the load goes up and down");
}
