//! Wiring: Lambda's events to [`run_job::handle`].

use aurora::Aurora;
use cloudwatch::CloudWatch;
use run_job::{NAME, Tools, handle, mysql::Servers};
use secrets::Secrets;
use tokio::sync::OnceCell;

fn main() -> Result<(), handler::BootError> {
    let clients = OnceCell::new();
    let clients = &clients;
    handler::run(NAME, |sdk: handler::Sdk, call| async move {
        let (aurora, secrets, cloudwatch) = clients
            .get_or_init(async || {
                let config = sdk.config().await;
                (
                    Aurora::new(config),
                    Secrets::new(config),
                    CloudWatch::new(config),
                )
            })
            .await;
        let tools = Tools {
            aurora,
            secrets,
            database: &Servers,
            cloudwatch: Some(cloudwatch),
        };
        handle(tools, call).await
    })
}
