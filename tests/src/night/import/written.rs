//! What import-events writes for an EVENT, out of the text of its answer.

use serde_json::Value;

use crate::night::run::Run;

/// The parameters of `infra/job.yaml` that its template may set, besides the policy.
const PARAMETERS: [&str; 6] = [
    "Name",
    "ScheduleExpression",
    "TimeZone",
    "StartDate",
    "EndDate",
    "State",
];

/// What is written for one EVENT.
pub struct Written {
    /// The statement that made the EVENT.
    pub event: String,
    /// The job's policy.
    pub policy: Value,
    /// The parameters of the job's stack, besides the policy.
    pub parameters: Vec<(&'static str, String)>,
    /// What is different in meaning, a sentence each.
    pub differences: Vec<String>,
}

impl Written {
    /// What this run has written for the only EVENT it was asked about.
    pub fn of(run: &Run) -> Self {
        let notes = run.result["notes"]
            .as_array()
            .map_or(&[][..], Vec::as_slice);
        let texts = notes.iter().filter_map(|note| note["text"].as_str());
        let text = texts
            .clone()
            .find(|text| text.contains("as the server has it:\n"));
        let text = text.unwrap_or_else(|| panic!("nothing was written: {}", run.result));
        let policy = part(text, "The policy of the job");
        let template = part(text, "Its schedule, for a template");
        let differences = part(text, "What is different in meaning").lines();
        Self {
            event: part(text, super::EVENT).to_owned(),
            policy: serde_json::from_str(policy).unwrap_or_else(|e| panic!("{e}: {policy}")),
            parameters: parameters(template),
            differences: differences
                .map(|line| line.trim_start_matches("- ").to_owned())
                .collect(),
        }
    }

    /// A parameter's value.
    pub fn parameter(&self, name: &str) -> String {
        let found = self.parameters.iter().find(|(each, _)| *each == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// What stands under a title.
fn part<'a>(text: &'a str, title: &str) -> &'a str {
    let mut parts = text.split("\n\n").filter(|part| part.starts_with(title));
    let part = parts.next().and_then(|part| part.split_once(":\n"));
    part.map_or("", |(_, part)| part.trim_end())
}

fn parameters(template: &str) -> Vec<(&'static str, String)> {
    let value = |name: &str| {
        let mut lines = template
            .lines()
            .filter_map(|line| line.trim().strip_prefix(name));
        lines
            .find_map(|rest| rest.strip_prefix(": "))
            .map(|value| value.trim_matches('"').to_owned())
    };
    PARAMETERS
        .into_iter()
        .filter_map(|name| Some((name, value(name)?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn all_that_is_deployed_is_read_out_of_the_answer() {
        let text = "shop.purge_sessions, as the server has it:\nCREATE EVENT …\n\n\
                    What is different in meaning:\n- One thing.\n- Another.\n\n\
                    The policy of the job shop-purge-sessions:\n{\"job\": \"shop-purge-sessions\"}\n\n\
                    Its schedule, for a template:\nResources:\n      Parameters:\n        \
                    Name: shop-purge-sessions\n        ScheduleExpression: \"cron(30 3 * * ? *)\"\n        \
                    State: DISABLED\n";
        let run = Run {
            function: String::new(),
            step: None,
            attempts: 1,
            failed: false,
            result: json!({"notes": [{"text": "who sees what"}, {"text": text}]}),
        };
        let written = Written::of(&run);
        assert_eq!(written.event, "CREATE EVENT …");
        assert_eq!(written.policy, json!({"job": "shop-purge-sessions"}));
        assert_eq!(written.differences, ["One thing.", "Another."]);
        assert_eq!(
            written.parameter("ScheduleExpression"),
            "cron(30 3 * * ? *)"
        );
        assert_eq!(written.parameters.len(), 3);
    }
}
