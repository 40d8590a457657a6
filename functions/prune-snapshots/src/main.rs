//! Wiring: Lambda's events to [`prune_snapshots::handle`].

use aurora::Aurora;
use prune_snapshots::handle;
use tokio::sync::OnceCell;

fn main() -> Result<(), handler::BootError> {
    let aurora = OnceCell::new();
    let aurora = &aurora;
    handler::run(
        prune_snapshots::NAME,
        |sdk: handler::Sdk, call| async move {
            let aurora = aurora
                .get_or_init(async || Aurora::new(sdk.config().await))
                .await;
            handle(aurora, call).await
        },
    )
}
