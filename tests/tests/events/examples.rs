//! What the templates make of policies are policies: the jobs in `infra/examples/jobs.yaml`, and what
//! scale-readers does where its parameter is left empty.

use std::process::Command;

use handler::policy;
use nightshift_tests::repo;
use serde_json::Value;

/// The parameters of each job.
const JOBS: &str = "import json, templates as t; \
    example = t.load(t.INFRA / 'examples/jobs.yaml'); \
    print(json.dumps([given for _, _, given in t.nested(t.INFRA / 'examples/x', example)]))";
/// The policy that scale-readers has without one of the team's, and the names of the template's alarms
/// on readers.
const READERS: &str = "import json, templates as t, resolve as r; \
    template = t.load(t.INFRA / 'functions/scale-readers.yaml'); \
    given = {name: p.get('Default') for name, p in template['Parameters'].items()}; \
    given |= {'ClusterIdentifier': 'orders', 'TimeZone': 'Europe/Berlin'}; \
    resolver, all = r.Resolver(template, given), template['Resources']; \
    policy = all['Function']['Properties']['Environment']['Variables']['POLICY']; \
    alarms = [all[name]['Properties']['AlarmName'] for name in ('BusyAlarm', 'IdleAlarm')]; \
    print(json.dumps([resolver.value(policy), resolver.value(alarms)]))";

/// What a script prints that reads templates with the modules of `tests/infra`.
fn read(script: &str) -> Value {
    let python = Command::new(repo::python())
        .args(["-c", script])
        .env("PYTHONPATH", repo::root().join("tests/infra"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    assert!(python.status.success(), "{python:?}");
    serde_json::from_slice(&python.stdout).unwrap()
}

#[test]
fn each_job_of_the_example_is_one_and_has_its_schedules_name() {
    let jobs = read(JOBS);
    let jobs = jobs.as_array().unwrap();
    assert!(jobs.len() >= 4, "{jobs:?}");
    for job in jobs {
        let json = serde_json::from_str(job["Policy"].as_str().unwrap()).unwrap();
        let policy: run_job::Policy = policy::parse(&json).unwrap();
        assert_eq!(policy.job.as_str(), job["Name"]);
    }
}

#[test]
fn the_policy_of_scale_readers_own_template_names_its_alarms() {
    let read = read(READERS);
    let json = serde_json::from_str(read[0].as_str().unwrap()).unwrap();
    let policy: scale_readers::Policy = policy::parse(&json).unwrap();
    assert_eq!(policy.cluster, "orders");
    assert_eq!((policy.min, policy.max), (1, 3));
    assert_eq!(policy.time_zone.to_string(), "Europe/Berlin");
    let [busy, idle] = [&read[1][0], &read[1][1]].map(|name| name.as_str().unwrap());
    assert_eq!(policy.out_alarms, [busy]);
    assert_eq!(policy.in_alarms, [idle]);
}
