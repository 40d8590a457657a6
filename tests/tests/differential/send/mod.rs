//! Steps through the SDK's clients: for each service a table of which parameter of a step goes to
//! which setter.

mod parameter;

use std::fmt::Debug;

use aws_config::SdkConfig;
use aws_sdk_rds::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use jiff::Timestamp;
use serde_json::Value;

use crate::{
    debugged,
    step::{Outcome, Step},
};

/// Makes the call of a step, if its operation is in the table; none otherwise.
macro_rules! call {
    ($client:expr, $step:ident, {
        $($operation:ident $call:ident { $($parameter:ident $set:ident),* $(,)? })*
    }) => {
        match $step.operation {
            $(stringify!($operation) => {
                let call = $client.$call();
                $(let call = call.$set(
                    $crate::send::parameter::Parameter::of($step, stringify!($parameter)),
                );)*
                Some($crate::send::outcome(&Box::pin(call.send()).await))
            })*
            _ => None,
        }
    };
}

mod cloudwatch;
mod rds;
mod scheduler;
mod secrets;
mod sns;

/// The clients of one account.
pub struct Clients {
    rds: aws_sdk_rds::Client,
    sns: aws_sdk_sns::Client,
    secrets: aws_sdk_secretsmanager::Client,
    cloudwatch: aws_sdk_cloudwatch::Client,
    scheduler: aws_sdk_scheduler::Client,
    origin: Timestamp,
}

impl Clients {
    /// Clients that count the times of steps from `origin`.
    pub fn new(config: &SdkConfig, origin: Timestamp) -> Self {
        Self {
            rds: aws_sdk_rds::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
            secrets: aws_sdk_secretsmanager::Client::new(config),
            cloudwatch: aws_sdk_cloudwatch::Client::new(config),
            scheduler: aws_sdk_scheduler::Client::new(config),
            origin,
        }
    }

    /// Makes the call.
    pub async fn send(&self, step: &Step) -> Outcome {
        let step = &step.counted_from(self.origin);
        if let Some(told) = rds::send(&self.rds, step).await {
            return told;
        }
        if let Some(told) = sns::send(&self.sns, step).await {
            return told;
        }
        if let Some(told) = secrets::send(&self.secrets, step).await {
            return told;
        }
        if let Some(told) = cloudwatch::send(&self.cloudwatch, step, self.origin).await {
            return told;
        }
        let told = scheduler::send(&self.scheduler, step).await;
        told.unwrap_or_else(|| panic!("no such step: {step}"))
    }
}

fn outcome<T: Debug, E: ProvideErrorMetadata + Debug>(
    sent: &Result<T, SdkError<E, HttpResponse>>,
) -> Outcome {
    match sent {
        Ok(output) => Outcome {
            status: 200,
            code: None,
            body: debugged::read(&format!("{output:?}")),
            changed: true,
        },
        Err(error) => {
            let status = error
                .raw_response()
                .map(|response| response.status().as_u16());
            Outcome {
                status: status.unwrap_or_else(|| panic!("no answer: {error:?}")),
                code: error.code().map(str::to_owned),
                body: Value::Null,
                changed: true,
            }
        }
    }
}
