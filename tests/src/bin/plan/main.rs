//! `make plan`: one function's real binary, run from here against the AWS account in the
//! environment, in mode `plan`, which reads and touches nothing.
//!
//! Credentials, region, profile and endpoints are whatever the environment says, as for any AWS
//! tool; `POLICY` too, for events that bring no policy. The mode is `plan` whatever the
//! environment or the policy says, and without a topic there is no mail. The run ends with 0 when
//! the function reported, be it that a rail refused; with 1 when it could not; with 2 when asked
//! for something that does not exist.
#![expect(
    clippy::disallowed_methods,
    reason = "a command on a person's machine: it passes on their environment and their time"
)]

mod asked;
mod text;

use std::{env, process::ExitCode, time::Duration};

use jiff::Timestamp;
use nightshift_tests::lambda::{Lambda, LambdaError, Settings};

use asked::Asked;

/// Lambda's longest time-out: whatever the template says, a person can wait or interrupt.
const LIMIT: Duration = Duration::from_mins(15);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let asked = match Asked::read(env::args().skip(1), Timestamp::now()) {
        Ok(asked) => asked,
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::from(2);
        }
    };
    tokio::select! {
        code = run(&asked) => code,
        // The function is in a process group of its own: it ends with what `run` holds.
        _ = tokio::signal::ctrl_c() => {
            eprintln!("interrupted; nothing was touched");
            ExitCode::from(130)
        }
    }
}

async fn run(asked: &Asked) -> ExitCode {
    println!("{}", text::before(asked, |name| env::var(name).ok()));
    let function = Lambda::start(&asked.function, settings()).await;
    match function.invoke(&asked.payload, LIMIT).await.result {
        Ok(report) => {
            print!("{}", text::report(&report, asked.all));
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}", failed(&error));
            ExitCode::FAILURE
        }
    }
}

/// The environment, less what would make the function act, mail, or take itself for one in Lambda.
fn settings() -> Settings {
    let ours = |name: &str| {
        let exact = ["INBOX_TOPIC_ARN", "MODE", "_HANDLER", "LAMBDA_TASK_ROOT"];
        exact.contains(&name) || name.starts_with("AWS_LAMBDA_")
    };
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| !ours(name))
        .fold(Settings::default(), |all, (name, value)| {
            all.set(&name, value)
        })
        .mode("plan")
}

/// The error, with a hint where the cause is on this side.
fn failed(error: &LambdaError) -> String {
    let mut text = format!("error: {}", error.error_message);
    let says = |words: &str| text.contains(words);
    if says("credentials") || says("cargo feature") || says("ExpiredToken") {
        text.push_str(
            "\nThe functions know keys and roles, not sign-in. For a profile with SSO or a \
             credential process, first:\n  eval \"$(aws configure export-credentials --format env)\"",
        );
    } else if says("Missing Region") {
        text.push_str("\nSay which region, such as AWS_REGION=eu-central-1");
    }
    text
}
