//! Wiring: Lambda's events to [`remedy_alarm::handle`].

use aurora::Aurora;
use cloudwatch::CloudWatch;
use remedy_alarm::{NAME, Tools, handle, mysql::Servers};
use secrets::Secrets;
use tokio::sync::OnceCell;

fn main() -> Result<(), handler::BootError> {
    let clients = OnceCell::new();
    let clients = &clients;
    handler::run(NAME, |sdk: handler::Sdk, call| async move {
        let (aurora, cloudwatch, secrets) = clients
            .get_or_init(async || {
                let config = sdk.config().await;
                (
                    Aurora::new(config),
                    CloudWatch::new(config),
                    Secrets::new(config),
                )
            })
            .await;
        let tools = Tools {
            aurora,
            cloudwatch,
            secrets,
            database: &Servers,
        };
        handle(tools, call).await
    })
}
