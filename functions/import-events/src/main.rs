//! Wiring: Lambda's events to [`import_events::handle`].

use aurora::Aurora;
use import_events::{NAME, Tools, handle, mysql::Servers};
use scheduler::Scheduler;
use secrets::Secrets;
use tokio::sync::OnceCell;

fn main() -> Result<(), handler::BootError> {
    let clients = OnceCell::new();
    let clients = &clients;
    handler::run(NAME, |sdk: handler::Sdk, call| async move {
        let (aurora, secrets, scheduler) = clients
            .get_or_init(async || {
                let config = sdk.config().await;
                (
                    Aurora::new(config),
                    Secrets::new(config),
                    Scheduler::new(config),
                )
            })
            .await;
        let tools = Tools {
            aurora,
            secrets,
            scheduler,
            database: &Servers,
        };
        handle(tools, call).await
    })
}
