//! What the templates make of policies are policies: the jobs in `infra/examples/jobs.yaml`, and what
//! scale-readers and remedy-alarm do where their parameter is left empty.

use std::process::Command;

use handler::policy;
use nightshift_tests::repo;
use serde_json::{Value, json};

/// The parameters of each job.
const JOBS: &str = "import json, templates as t; \
    example = t.load(t.INFRA / 'examples/jobs.yaml'); \
    print(json.dumps([given for _, _, given in t.nested(t.INFRA / 'examples/x', example)]))";
/// The policy that a function has without one of the team's, and the names of these alarms of its template.
const OWN: &str = "import json, sys, templates as t, resolve as r; \
    function, given, alarms = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]; \
    template = t.load(t.INFRA / f'functions/{function}.yaml'); \
    given = {name: p.get('Default') for name, p in template['Parameters'].items()} | given; \
    resolver, all = r.Resolver(template, given), template['Resources']; \
    policy = all['Function']['Properties']['Environment']['Variables']['POLICY']; \
    alarms = [all[name]['Properties']['AlarmName'] for name in alarms]; \
    print(json.dumps([resolver.value(policy), resolver.value(alarms)]))";

/// What a script prints that reads templates with the modules of `tests/infra`.
fn read(script: &str, arguments: &[&str]) -> Value {
    let python = Command::new(repo::python())
        .args(["-c", script])
        .args(arguments)
        .env("PYTHONPATH", repo::root().join("tests/infra"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(python.status.success(), "{python:?}");
    serde_json::from_slice(&python.stdout).unwrap()
}

#[test]
fn each_job_of_the_example_is_one_and_has_its_schedules_name() {
    let jobs = read(JOBS, &[]);
    let jobs = jobs.as_array().unwrap();
    assert!(jobs.len() >= 4, "{jobs:?}");
    for job in jobs {
        let json = serde_json::from_str(job["Policy"].as_str().unwrap()).unwrap();
        let policy: run_job::Policy = policy::parse(&json).unwrap();
        assert_eq!(policy.job.as_str(), job["Name"]);
    }
}

/// The policy that the template of `function` makes of these parameters, and the names of its `alarms`.
fn own(function: &str, given: &Value, alarms: &[&str]) -> (Value, Vec<String>) {
    let given = given.to_string();
    let read = read(OWN, &[&[function, &given], alarms].concat());
    let json = serde_json::from_str(read[0].as_str().unwrap()).unwrap();
    (json, serde_json::from_value(read[1].clone()).unwrap())
}

#[test]
fn the_policy_of_scale_readers_own_template_names_its_alarms() {
    let given = json!({"ClusterIdentifier": "orders", "TimeZone": "Europe/Berlin"});
    let (json, alarms) = own("scale-readers", &given, &["BusyAlarm", "IdleAlarm"]);
    let policy: scale_readers::Policy = policy::parse(&json).unwrap();
    assert_eq!(policy.cluster, "orders");
    assert_eq!((policy.min, policy.max), (1, 3));
    assert_eq!(policy.time_zone.to_string(), "Europe/Berlin");
    assert_eq!([policy.out_alarms, policy.in_alarms].concat(), alarms);
}

/// Of its alarms this one alone is on a metric that names no cluster.
#[test]
fn the_policy_of_remedy_alarms_own_template_names_the_alarm_on_its_own_metric() {
    let given = json!({"ClusterIdentifier": "orders", "DatabaseSecretArn": "arn:of-the-secret"});
    let (json, alarms) = own("remedy-alarm", &given, &["LongTransactionAlarm"]);
    let policy: remedy_alarm::Policy = policy::parse(&json).unwrap();
    assert_eq!(policy.cluster, "orders");
    assert_eq!(policy.alarms, alarms);
    let secret = policy.database.map(|access| access.secret);
    assert_eq!(secret.as_deref(), Some("arn:of-the-secret"));
    assert_eq!(policy.remedies, remedy_alarm::policy::Remedies::default());

    let given = json!({"ClusterIdentifier": "orders"});
    let (json, _) = own("remedy-alarm", &given, &[]);
    let policy: remedy_alarm::Policy = policy::parse(&json).unwrap();
    assert_eq!((policy.cluster.as_str(), policy.database), ("orders", None));
}
