//! The AWS control plane that Nightshift uses, simulated: RDS, SNS, Secrets Manager, `CloudWatch`
//! and `EventBridge` Scheduler of one account in one region.
//!
//! An [`Account`] is plain data. [`Account::answer`] carries one call out at a given time,
//! [`Account::advance`] lets pass what takes time, and both say what they changed as [`Effect`]s.
//! There is no clock and no thread in it, and every choice AWS would make for itself (how long a
//! snapshot takes, how large a page is, how old a listing may be) comes from its [`Whim`], so one
//! seed gives one history.
//!
//! Two doors lead to it: [`Connector`] stands behind the SDK's HTTP client, in the same process
//! and under simulated time; [`Server`] is the same behind a loopback socket, for real binaries.

mod account;
mod agenda;
mod answer;
mod call;
mod cbor;
pub mod cloudwatch;
mod connector;
mod effect;
mod expression;
mod fault;
mod model;
mod modelled;
mod page;
pub mod rds;
pub mod scheduler;
pub mod secrets;
mod server;
pub mod sns;
mod stamp;
mod time;
mod uuid;
mod views;
mod whim;
mod wire;
mod xml;

pub use account::{Account, At, Place, Services};
pub use agenda::{Agenda, Change};
pub use answer::{Answer, Refusal};
pub use call::{Call, Protocol, Service, Unreadable};
pub use connector::{Aws, Connector, Record, Witness};
pub use effect::Effect;
pub use fault::{Fault, Faults, denied};
pub use modelled::{Modelled, modelled};
pub use server::Server;
pub use time::SimulatedTime;
pub use views::Views;
pub use whim::{Percent, Whim};
