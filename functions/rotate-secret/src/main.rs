//! Wiring: Lambda's events to [`rotate_secret::handle`].

use aurora::Aurora;
use rotate_secret::{NAME, Tools, handle, mysql::Servers, shape};
use secrets::Secrets;
use tokio::sync::OnceCell;

fn main() -> Result<(), handler::BootError> {
    let clients = OnceCell::new();
    let (clients, shape) = (&clients, &shape(&handler::variable));
    handler::run(NAME, |sdk: handler::Sdk, call| async move {
        let (aurora, secrets) = clients
            .get_or_init(async || {
                let config = sdk.config().await;
                (Aurora::new(config), Secrets::new(config))
            })
            .await;
        let shape = shape.as_ref().map_err(Clone::clone)?;
        let tools = Tools {
            secrets,
            aurora,
            database: &Servers,
            shape,
        };
        handle(tools, call).await
    })
}
