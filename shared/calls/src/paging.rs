//! Listings, read to their end.

use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::{ApiError, error};

/// The items of all `pages`; `read` takes a page apart into its marker and its items.
///
/// A listing with a page missing is no listing: a page that cannot be read is an error, and so is
/// a last page with a marker. The SDK stops without a word at a page that names itself as the
/// next one.
///
/// # Errors
/// When a page cannot be read.
pub async fn all<P, E, T>(
    operation: &'static str,
    subject: &str,
    mut pages: PaginationStream<Result<P, SdkError<E, HttpResponse>>>,
    read: impl Fn(P) -> (Option<String>, Vec<T>),
) -> Result<Vec<T>, ApiError>
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let (mut all, mut last) = (Vec::new(), None);
    while let Some(page) = pages.next().await {
        let (marker, items) = read(page.map_err(|e| error::read_failed(operation, subject, &e))?);
        all.extend(items);
        last = marker.filter(|marker| !marker.is_empty());
    }
    match last {
        None => Ok(all),
        Some(_) => Err(error::endless(operation, subject)),
    }
}
