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
        let (aurora, cloudwatch, secrets) = clients
            .get_or_init(async || {
                let config = sdk.config().await;
                let cloudwatch = CloudWatch::new(config);
                (Aurora::new(config), cloudwatch, Secrets::new(config))
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
