//! The SDK's configuration in a simulated sandbox.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_async::{
    rt::sleep::{SharedAsyncSleep, TokioSleep},
    time::SharedTimeSource,
};
use simulated_aws::Aws;

/// A configuration whose calls go to `aws` and are made for `who`.
#[must_use]
pub fn config(aws: &Aws, who: Arc<AtomicU64>) -> SdkConfig {
    let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "simulated");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(sandbox()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(aws.client(who))
        .time_source(SharedTimeSource::new(aws.time()))
        .sleep_impl(SharedAsyncSleep::new(TokioSleep::new()))
        .build()
}

/// The SDK keeps one bucket of retries for each region in a static of the process. A sandbox is a
/// process of its own, so each gets a region of its own; no call carries it but in its signature.
fn sandbox() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("sandbox-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
