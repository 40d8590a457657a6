//! The Aurora client: the only crate that names the RDS SDK. SDK types become model types at its
//! door, and its errors say what a caller can do about them.

mod client;
mod convert;
mod endpoint_error;
mod error;
mod events;
mod reader_error;
mod readers;
#[cfg(test)]
mod tests;

pub use client::Aurora;
pub use endpoint_error::SetEndpointError;
pub use error::{ApiError, CreateSnapshotError, DeleteSnapshotError, Kind};
pub use events::RdsEvent;
pub use reader_error::{CreateReaderError, DeleteReaderError};
