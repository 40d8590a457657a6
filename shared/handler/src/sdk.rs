//! The SDK's configuration: made when a call first needs it, shared by all clients.

use std::{sync::Arc, time::Duration};

use aws_config::{BehaviorVersion, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{
    Builder,
    tls::{self, TlsContext, TrustStore, rustls_provider::CryptoMode},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use tokio::sync::OnceCell;

/// See `data/README.md`.
const AMAZON_ROOTS: &[u8] = include_bytes!("../data/amazon-roots.pem");

/// Which certificate authorities are trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roots {
    /// Amazon's own, which are part of the binary.
    #[default]
    Amazon,
    /// The system's.
    System,
}

/// Hands out the SDK's configuration. Cheap to clone; the configuration is loaded once, at the
/// first call that needs it and not before the runtime asks for an event.
#[derive(Clone, Debug, Default)]
pub struct Sdk {
    roots: Roots,
    config: Arc<OnceCell<SdkConfig>>,
}

impl Sdk {
    /// A configuration that will trust `roots`.
    #[must_use]
    pub fn new(roots: Roots) -> Self {
        Self {
            roots,
            config: Arc::default(),
        }
    }

    /// The configuration `given`, with production's retries and time limits, for tests that stand
    /// in for AWS.
    #[must_use]
    pub fn over(given: &SdkConfig) -> Self {
        let config = given.to_builder().retry_config(retries());
        let config = config.timeout_config(timeouts()).build();
        Self {
            roots: Roots::default(),
            config: Arc::new(OnceCell::new_with(Some(config))),
        }
    }

    /// The configuration, from the environment, with adaptive retries and time limits on every
    /// attempt. <https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html>
    pub async fn config(&self) -> &SdkConfig {
        self.config.get_or_init(|| load(self.roots)).await
    }
}

async fn load(roots: Roots) -> SdkConfig {
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .retry_config(retries())
        .timeout_config(timeouts());
    loader.http_client(http_client(roots)).load().await
}

fn retries() -> RetryConfig {
    RetryConfig::adaptive()
        .with_max_attempts(8)
        .with_initial_backoff(Duration::from_millis(200))
        .with_max_backoff(Duration::from_secs(5))
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(3))
        .operation_attempt_timeout(Duration::from_secs(25))
        .build()
}

fn http_client(roots: Roots) -> SharedHttpClient {
    let trusted = match roots {
        Roots::Amazon => TrustStore::empty().with_pem_certificate(AMAZON_ROOTS),
        Roots::System => TrustStore::empty().with_native_roots(true),
    };
    let context = TlsContext::builder().with_trust_store(trusted).build();
    #[expect(clippy::expect_used, reason = "a test builds it from the same bytes")]
    let context = context.expect("the embedded certificates parse: `the_embedded_roots_parse`");
    Builder::new()
        .tls_provider(tls::Provider::Rustls(CryptoMode::Ring))
        .tls_context(context)
        .build_https()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_roots_parse() {
        assert_eq!(
            String::from_utf8_lossy(AMAZON_ROOTS)
                .matches("BEGIN CERTIFICATE")
                .count(),
            5
        );
        let _client = http_client(Roots::Amazon);
    }
}
