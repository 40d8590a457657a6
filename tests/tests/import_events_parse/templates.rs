//! What is written for an EVENT, as other programs read it.

use std::{fs, process::Command};

use fastrand::Rng;
use import_events::write::{Setting, import};
use nightshift_tests::repo;
use serde_json::Value;

use crate::generate::event;

/// Reads templates and prints what their schedules are invoked with. `!Ref` is read as its name.
const READ: &str = "
import json, sys, yaml
yaml.SafeLoader.add_multi_constructor('!', lambda loader, tag, node: loader.construct_scalar(node))
for path in sys.argv[1:]:
    resources = yaml.safe_load(open(path))['Resources']
    properties = [resource['Properties'] for resource in resources.values()]
    for each in properties: each['Target']['Input'] = json.loads(each['Target']['Input'])
    print(json.dumps(properties))
";

fn output(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{wrong}");
    text
}

#[test]
fn a_template_is_read_as_it_was_meant_whatever_names_the_event_has() {
    let mut rng = Rng::with_seed(7);
    let now = "2026-11-22T12:00:00Z".parse().unwrap();
    let setting = Setting {
        now,
        cluster: "orders",
        secret: "orders/jobs",
    };
    let all = (0..200).map(|number| import(&event(&mut rng, number), setting).unwrap());
    let all: Vec<_> = all.filter(|import| import.schedule.is_some()).collect();
    assert!(all.len() > 50, "{}", all.len());
    let directory = repo::scratch().join(format!("import-events-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    let paths: Vec<_> = all
        .iter()
        .enumerate()
        .map(|(number, import)| {
            let path = directory.join(format!("{number}.yaml"));
            fs::write(&path, import.schedule.as_ref().unwrap()).unwrap();
            path
        })
        .collect();
    let read = output(Command::new(repo::python()).args(["-c", READ]).args(&paths));
    for (line, import) in read.lines().zip(&all) {
        let [schedule, tick] = &serde_json::from_str::<[Value; 2]>(line).unwrap();
        assert_eq!(schedule["Target"]["Input"]["policy"], import.policy);
        assert_eq!(tick["Target"]["Input"]["policy"], import.policy);
        assert_eq!(tick["Target"]["Input"]["tick"], true);
        assert_eq!(schedule["FlexibleTimeWindow"]["Mode"], "OFF");
        assert!(
            schedule["Name"].as_str().unwrap().len() <= 64
                && tick["Name"].as_str().unwrap().len() <= 64
        );
    }
    assert_eq!(read.lines().count(), all.len());
    // It takes a second for each.
    let lint = repo::python().with_file_name("cfn-lint");
    output(
        Command::new(lint)
            .args(["--regions", "eu-central-1", "--"])
            .args(&paths[..8]),
    );
    fs::remove_dir_all(&directory).unwrap();
}
