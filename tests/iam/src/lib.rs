//! What a role allows, as IAM decides it, held against the calls that were really made.
//!
//! [`Policy`] is the policy language by itself. [`Reference`] is what AWS documents of its
//! actions; with it a [`RecordedCall`] becomes the requests AWS evaluates. A [`Role`] is what a
//! template gives a function in one [deployment](Role::deployment); it judges calls. [`Coverage`]
//! keeps what they used, [`excess`] finds what is wider than it need be, and [`table`] writes it
//! all down.

mod call;
mod coverage;
pub mod excess;
mod policy;
mod reference;
mod role;
pub mod table;

pub use call::{Place, RecordedCall, Tags, Unreadable, User};
pub use coverage::Coverage;
pub use policy::{
    Condition, Context, Decision, Effect, Found, Grant, Hits, Key, Miss, Policy, PolicyError,
    Request, Shortfall, Statement, Undefined, Written,
};
pub use reference::{AccessLevel, Action, Reference, ResourceType, Supply};
pub use role::{Denied, Origin, Role, Roles, RolesError, Use, Used};
