//! Wiring: Lambda's events to [`scale_readers::handle`].

use aurora::Aurora;
use cloudwatch::CloudWatch;
use scale_readers::{Tools, handle};
use tokio::sync::OnceCell;

fn main() -> Result<(), handler::BootError> {
    let tools = OnceCell::new();
    let tools = &tools;
    handler::run(scale_readers::NAME, |sdk: handler::Sdk, call| async move {
        let tools = tools
            .get_or_init(async || {
                let config = sdk.config().await;
                Tools {
                    aurora: Aurora::new(config),
                    cloudwatch: CloudWatch::new(config),
                }
            })
            .await;
        handle(tools, call).await
    })
}
