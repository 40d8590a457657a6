//! Which function a record is about.

/// The functions of Nightshift.
const OURS: [&str; 8] = [
    "take-snapshot",
    "prune-snapshots",
    "rotate-secret",
    "run-job",
    "import-events",
    "scale-readers",
    "remedy-alarm",
    crate::NAME,
];

/// A Lambda function, by its ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Function {
    /// Nightshift's name for it; that of Lambda, where it is none of ours.
    pub(crate) name: String,
    /// Lambda's name for it.
    pub(crate) lambda_name: String,
    /// Where it runs.
    pub(crate) region: String,
}

impl Function {
    /// `arn:aws:lambda:<region>:<account>:function:<name>`, mostly with a version behind it.
    pub(crate) fn of_arn(arn: &str) -> Self {
        let part = |number: usize| arn.split(':').nth(number).filter(|part| !part.is_empty());
        let lambda_name = part(6).unwrap_or(arn);
        let ours = OURS.iter().find(|ours| {
            let prefix = lambda_name.strip_suffix(*ours);
            prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('-'))
        });
        Self {
            name: (*ours.unwrap_or(&lambda_name)).into(),
            lambda_name: lambda_name.into(),
            region: part(3).unwrap_or("an unknown region").into(),
        }
    }

    /// Where Lambda writes unless told otherwise, and where our templates let it write.
    pub(crate) fn log_group(&self) -> String {
        format!("/aws/lambda/{}", self.lambda_name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_there_is_is_known() {
        let all = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).unwrap();
        for function in all {
            let name = function.unwrap().file_name().into_string().unwrap();
            let arn = format!("arn:aws:lambda:eu-central-1:123456789012:function:team-{name}:7");
            assert_eq!(Function::of_arn(&arn).name, name);
        }
    }
}
