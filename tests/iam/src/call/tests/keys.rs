//! The keys that conditions can ask for.

use super::*;

/// What the requests of a tagged create have under a key: on the cluster, on the snapshot, and
/// for the tags.
fn of_create(key: &str) -> [Option<Vec<String>>; 3] {
    let params = params(&[
        ("DBClusterIdentifier", "orders"),
        ("DBClusterSnapshotIdentifier", "orders-1"),
        ("Tags.Tag.1.Key", "Owner"),
        ("Tags.Tag.1.Value", "nightshift"),
    ]);
    let tags = RequestTags::of(&params).unwrap();
    let demands = demands(call("rds", "CreateDBClusterSnapshot", &params), &tags).unwrap();
    let key = Key::new(key);
    let found = demands.iter().map(|demand| match demand.find(&key) {
        Found::Missing => None,
        Found::One(value) => Some(vec![value.into_owned()]),
        Found::Set(values) => Some(values.into_iter().map(String::from).collect()),
    });
    found.collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn keys_of_the_request_are_there_on_each_resource_and_keys_of_a_resource_on_it_alone() {
    let all = |value: &str| [0; 3].map(|_| Some(vec![value.to_owned()]));
    let first = |value: &str| [Some(vec![value.to_owned()]), None, None];
    let last = |value: &str| [None, None, Some(vec![value.to_owned()])];
    let none = || [None, None, None];
    for (key, expected) in [
        ("aws:RequestTag/Owner", all("nightshift")),
        ("aws:RequestTag/owner", all("nightshift")),
        ("rds:req-tag/Owner", all("nightshift")),
        ("rds:req-tag/owner", none()),
        ("aws:TagKeys", all("Owner")),
        ("rds:TagsFromRequest", last("true")),
        ("aws:ResourceTag/team", first("shop")),
        ("rds:cluster-tag/Team", first("shop")),
        ("rds:cluster-tag/team", none()),
        ("rds:cluster-snapshot-tag/Team", none()),
        ("aws:RequestedRegion", all("eu-central-1")),
        ("aws:ResourceAccount", all("123456789012")),
        ("aws:SecureTransport", all("true")),
        ("aws:SourceVpce", none()),
    ] {
        assert_eq!(of_create(key), expected, "{key}");
    }
}

#[test]
fn a_listing_of_everything_has_no_tags() {
    let nothing = BTreeMap::new();
    let tags = RequestTags::default();
    let tagged = RecordedCall {
        tags_of: &|_| Some(Tags::from([("team".into(), "shop".into())])),
        ..call("rds", "DescribeDBClusters", &nothing)
    };
    let demands = demands(tagged, &tags).unwrap();
    assert_eq!(
        demands[0].find(&Key::new("aws:ResourceTag/team")),
        Found::Missing
    );
}

#[test]
fn what_a_service_asks_for_besides_is_asked_by_it() {
    let wake = r#"{"RoleArn":"arn:aws:iam::123456789012:role/wake"}"#;
    let params = [
        params(&[CLUSTER, SNAPSHOT, TAG]),
        params(&[("Name", "wake"), ("Target", wake)]),
    ];
    let tags = params
        .each_ref()
        .map(|params| RequestTags::of(params).unwrap());
    let create = call("rds", "CreateDBClusterSnapshot", &params[0]);
    let schedule = call("scheduler", "CreateSchedule", &params[1]);
    let create = demands(create, &tags[0]).unwrap();
    let schedule = demands(schedule, &tags[1]).unwrap();
    let users = create.iter().chain(&schedule).map(|demand| demand.user);
    let expected = [
        User::Function,
        User::Function,
        User::Rds,
        User::Function,
        User::Scheduler,
    ];
    assert_eq!(users.collect::<Vec<_>>(), expected);
    let passed = schedule[1].find(&Key::new("iam:PassedToService"));
    assert_eq!(passed, Found::One("scheduler.amazonaws.com".into()));
}
