//! What is written for an EVENT, as other programs read it.

use std::{fs, process::Command};

use fastrand::Rng;
use import_events::write::{Import, Setting, import};
use nightshift_tests::repo;
use serde_json::Value;

use crate::generate::event;

/// Reads infra/job.yaml and templates that make stacks of it, and prints for each the inputs of its
/// schedules, where the parameters are such as infra/job.yaml takes.
const READ: &str = "
import json, re, sys, yaml
class Loader(yaml.SafeLoader): pass
Loader.add_multi_constructor('!', lambda loader, tag, node:
    loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None)
read = lambda path: yaml.load(open(path), Loader)
job = read(sys.argv[1])
def fits(name, value):
    known = job['Parameters'][name]
    assert re.fullmatch(known.get('AllowedPattern', '(?s).*'), value), (name, value)
    assert value in known.get('AllowedValues', [value]), (name, value)
    assert len(value) <= known.get('MaxLength', 4096), (name, value)
for path in sys.argv[2:]:
    (stack,) = read(path)['Resources'].values()
    properties = stack['Properties']
    assert properties['Location'] == '../job.yaml' and stack['Type'] == 'AWS::Serverless::Application'
    given = properties['Parameters']
    for name, value in given.items(): fits(name, value)
    schedules = [it['Properties'] for it in job['Resources'].values()]
    inputs = [it['Target']['Input'].replace('${Policy}', given['Policy']) for it in schedules]
    print(json.dumps({'given': given, 'inputs': [json.loads(it) for it in inputs]}))
";

fn output(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{wrong}");
    text
}

/// Whether it says that infra/job.yaml does not take its policy.
fn refused(import: &Import) -> bool {
    let said = |problem: &String| problem.contains("infra/job.yaml");
    import.problems.iter().any(said)
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
    let fit = |import: &Import| import.schedule.is_some() && !refused(import);
    let all: Vec<_> = all.filter(fit).collect();
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
    let job = repo::root().join("infra/job.yaml");
    let mut read = Command::new(repo::python());
    let read = output(read.args(["-c", READ]).arg(job).args(&paths));
    for (line, import) in read.lines().zip(&all) {
        let read: Value = serde_json::from_str(line).unwrap();
        let [schedule, tick] = [&read["inputs"][0], &read["inputs"][1]];
        assert_eq!(schedule["policy"], import.policy);
        assert_eq!(tick["policy"], import.policy);
        assert_eq!(
            (&schedule["tick"], &tick["tick"]),
            (&Value::Null, &true.into())
        );
        assert_eq!(read["given"]["Name"], import.job.job.as_str());
        assert_eq!(read["given"]["State"], "DISABLED");
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
