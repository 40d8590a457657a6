//! The environment Lambda gives a function, and nothing of the user's.

use std::collections::BTreeMap;
use std::env;
use std::net::SocketAddr;

/// The region of everything in the tests.
pub const REGION: &str = "eu-central-1";

/// The account of everything in the tests.
pub const ACCOUNT: &str = "123456789012";

/// A function's environment.
#[derive(Clone, Debug, Default)]
pub struct Settings(BTreeMap<String, String>);

impl Settings {
    /// What every function has: region and credentials.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
            .set("AWS_REGION", REGION)
            .set("AWS_DEFAULT_REGION", REGION)
            // ministack takes the account from the access key.
            .set("AWS_ACCESS_KEY_ID", ACCOUNT)
            .set("AWS_SECRET_ACCESS_KEY", "local")
            .set("AWS_SESSION_TOKEN", "local")
            .set("AWS_EC2_METADATA_DISABLED", "true")
    }

    /// The same with one more variable.
    #[must_use]
    pub fn set(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Every AWS call goes to this URL.
    #[must_use]
    pub fn endpoint(self, url: &str) -> Self {
        self.set("AWS_ENDPOINT_URL", url)
    }

    /// `plan` or `apply`.
    #[must_use]
    pub fn mode(self, mode: &str) -> Self {
        self.set("MODE", mode)
    }

    /// The topic for the mails.
    #[must_use]
    pub fn inbox(self, topic_arn: &str) -> Self {
        self.set("INBOX_TOPIC_ARN", topic_arn)
    }

    /// The policy for triggers that carry none.
    #[must_use]
    pub fn policy(self, policy: &serde_json::Value) -> Self {
        self.set("POLICY", policy.to_string())
    }

    /// All variables of the process, Lambda's own among them.
    pub(super) fn process(&self, function: &str, api: SocketAddr) -> BTreeMap<String, String> {
        let name = format!("nightshift-{function}");
        let lambda = Self::default()
            .set("PATH", env::var("PATH").unwrap_or_default())
            .set("LANG", "en_US.UTF-8")
            .set("TZ", ":UTC")
            .set("_HANDLER", "bootstrap")
            .set("AWS_LAMBDA_RUNTIME_API", api.to_string())
            .set("AWS_LAMBDA_FUNCTION_NAME", &*name)
            .set("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .set("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .set("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .set("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}"))
            .set("AWS_LAMBDA_LOG_STREAM_NAME", "2026/11/21/[$LATEST]0")
            .set("AWS_LAMBDA_LOG_FORMAT", "JSON")
            .set("AWS_LAMBDA_LOG_LEVEL", "INFO")
            // By this name the local cloud knows whose call it is.
            .set("AWS_SDK_UA_APP_ID", function);
        let mut all = lambda.0;
        all.extend(self.0.clone());
        all
    }
}
