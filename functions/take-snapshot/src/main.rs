//! Wiring: Lambda's events to [`take_snapshot::handle`].

use aurora::Aurora;
use take_snapshot::handle;
use tokio::sync::OnceCell;

fn main() -> Result<(), handler::BootError> {
    let aurora = OnceCell::new();
    let aurora = &aurora;
    handler::run(take_snapshot::NAME, |sdk: handler::Sdk, call| async move {
        let aurora = aurora
            .get_or_init(async || Aurora::new(sdk.config().await))
            .await;
        handle(aurora, call).await
    })
}
