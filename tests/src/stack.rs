//! The deployed stacks: the real templates, through `tests/cloud/deploy.py`.

mod cron;

use std::net::SocketAddr;
use std::process::Command;

use serde_json::Value;

use crate::process::{Group, Process};
use crate::repo;

/// What is to be deployed.
pub struct Wanted {
    /// The template, from the repository's root.
    pub template: &'static str,
    /// The stack's name.
    pub name: &'static str,
    /// The template's parameters, besides what the machine dictates.
    pub parameters: Vec<(&'static str, String)>,
    /// Functions that get so many seconds instead of what their templates give them.
    pub timeouts: Vec<(&'static str, u32)>,
}

/// A deployed stack, as `deploy.py` describes it.
pub struct Stack(Value);

/// A schedule of a stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Its name, by which it is fired.
    pub name: String,
    /// The group that it is in.
    pub group: String,
    /// The function it wakes, by Nightshift's name.
    pub function: String,
    /// The hours and minutes at which it is due.
    pub times: Vec<(i8, i8)>,
    /// The time zone that they are of.
    pub zone: String,
}

impl Schedule {
    /// Whether it only looks again for what another one could not do.
    #[must_use]
    pub fn is_tick(&self) -> bool {
        self.name.ends_with("-tick")
    }

    /// Whether it is a job's.
    #[must_use]
    pub fn is_of_a_job(&self) -> bool {
        self.function == "run-job"
    }

    /// What it wakes: the deployed function's own name, or the job's.
    #[must_use]
    pub fn wakes(&self) -> &str {
        self.name.strip_suffix("-tick").unwrap_or(&self.name)
    }
}

/// Deploys a stack of the functions' development builds.
pub async fn deploy(wanted: Wanted, rds: SocketAddr, others: SocketAddr) -> Stack {
    let mut command = Command::new(repo::python());
    command
        .arg(repo::root().join("tests/cloud/deploy.py"))
        .args(["--endpoint", &format!("http://{others}")])
        .args(["--rds-endpoint", &format!("http://{rds}")])
        .arg("--bin-dir")
        .arg(repo::profile_dir())
        .arg("--template")
        .arg(repo::root().join(wanted.template))
        .args(["--stack", wanted.name]);
    for (name, value) in wanted.parameters {
        command.args(["--param", &format!("{name}={value}")]);
    }
    for (function, seconds) in wanted.timeouts {
        command.args(["--timeout", &format!("{function}={seconds}")]);
    }
    let process = Process::start("deploy", command, Group::Shared);
    let status = process.handle().ended().await;
    let output = process.output();
    assert!(status.success(), "{}: {output}", wanted.template);
    // What the tools have to say, if anything, comes before the inventory.
    let start = output.find("{\n").expect("an inventory");
    let inventory = serde_json::from_str(&output[start..]);
    Stack(inventory.unwrap_or_else(|e| panic!("{}: {e}: {output}", wanted.template)))
}

impl Stack {
    /// The ARN of the inbox topic.
    #[must_use]
    pub fn topic(&self) -> String {
        text(&self.0["topic"])
    }

    /// The ARN of a deployed function, by Nightshift's name for it.
    #[must_use]
    pub fn function(&self, name: &str) -> String {
        text(&self.0["functions"][name])
    }

    /// All its schedules.
    #[must_use]
    pub fn schedules(&self) -> Vec<Schedule> {
        let schedules = self.0["schedules"].as_array().expect("a list of schedules");
        let read = |schedule: &Value| Schedule {
            name: text(&schedule["name"]),
            group: text(&schedule["group"]),
            function: text(&schedule["function"]),
            times: cron::times(&text(&schedule["expression"])),
            zone: text(&schedule["time_zone"]),
        };
        schedules.iter().map(read).collect()
    }
}

fn text(value: &Value) -> String {
    let text = value.as_str().unwrap_or_else(|| panic!("no text: {value}"));
    text.to_owned()
}
