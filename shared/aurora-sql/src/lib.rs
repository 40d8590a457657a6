//! Sessions on an Aurora MySQL cluster.
//!
//! A [`Session`] is one login over verified TLS, with a time limit on everything it does. What it
//! sends is a [`Statement`], built of parts that are quoted by their type; what it answers is
//! [`Row`]s, a count, or a [`SqlError`] that says what a caller can do about it. This is the only
//! crate that names `mysql_async`.

mod account;
mod classify;
mod connect;
mod cut;
mod endpoint;
mod error;
mod identifier;
mod lock;
mod login;
mod options;
mod quote;
mod roots;
mod row;
mod session;
mod statement;
pub mod stored;
mod value;

pub use account::Account;
pub use classify::NO_CONNECTION_LEFT;
pub use endpoint::Endpoint;
pub use error::SqlError;
pub use identifier::{Identifier, NameError};
pub use login::Login;
pub use options::{Limits, Options, Tls};
pub use row::Row;
pub use session::Session;
pub use statement::Statement;
pub use value::Value;
