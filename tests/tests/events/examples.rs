//! The jobs in `infra/examples/jobs.yaml` are jobs that run-job takes.

use std::process::Command;

use handler::policy;
use nightshift_tests::repo;
use run_job::Policy;
use serde_json::Value;

/// The parameters of each job, as `tests/infra/templates.py` reads them.
fn jobs() -> Vec<Value> {
    let script = "import json, templates as t; \
        example = t.load(t.INFRA / 'examples/jobs.yaml'); \
        print(json.dumps([given for _, _, given in t.nested(t.INFRA / 'examples/x', example)]))";
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
    let jobs = jobs();
    assert!(jobs.len() >= 4, "{jobs:?}");
    for job in jobs {
        let json = serde_json::from_str(job["Policy"].as_str().unwrap()).unwrap();
        let policy: Policy = policy::parse(&json).unwrap();
        assert_eq!(policy.job.as_str(), job["Name"]);
    }
}
