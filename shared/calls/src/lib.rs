//! What the AWS clients share: what can go wrong with a call, as the things a caller can do about
//! it; what became of the tries of one call; and listings, read to their end.

mod error;
mod paging;
mod tries;

pub use error::{ApiError, Kind, endless, no_answer, read_failed, write_failed};
pub use paging::all;
pub use tries::Tries;
