//! A call that a role does not allow.

use super::Role;
use crate::call::{Demand, Unreadable};
use crate::policy::{Decision, Miss, Shortfall};

/// A call that the role does not allow, or cannot be shown to allow.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// A request of it is denied.
    #[error("{function} may not {action} on {resource}{asked}: {reason}")]
    NotAllowed {
        /// The function.
        function: String,
        /// The action.
        action: &'static str,
        /// The resource.
        resource: String,
        /// Who asks for it, if not the function itself.
        asked: String,
        /// The statement that denies it, or the one that came nearest to allowing it.
        reason: String,
        /// Whether it is denied only because there is no such resource, whose tags the role asks
        /// for. AWS does not document what a service answers then.
        absent: bool,
    },
    /// It is not known what AWS would evaluate.
    #[error("{function}: {problem}")]
    Unreadable {
        /// The function.
        function: String,
        /// What is not known.
        problem: Unreadable,
    },
}

impl Denied {
    /// Whether it is denied only because there is no such resource.
    #[must_use]
    pub fn is_of_absent_resource(&self) -> bool {
        matches!(self, Self::NotAllowed { absent: true, .. })
    }

    pub(super) fn unreadable(role: &Role, problem: Unreadable) -> Self {
        let function = role.function().to_owned();
        Self::Unreadable { function, problem }
    }

    pub(super) fn unread(role: &Role, call: &str, problem: String) -> Self {
        Self::unreadable(role, Unreadable::new(call, problem))
    }

    pub(super) fn decided(role: &Role, demand: &Demand<'_>, decision: &Decision) -> Self {
        let sid = |at: usize| role.policy.statements()[at].sid();
        let (reason, absent) = match decision {
            Decision::Denied { statement } => (format!("{} denies it", sid(*statement)), false),
            Decision::NotAllowed(None) | Decision::Allowed(_) => {
                ("no statement has this action".to_owned(), false)
            }
            Decision::NotAllowed(Some(miss)) => {
                (nearest(role, miss), is_absent(role, demand, miss))
            }
        };
        Self::NotAllowed {
            function: role.function().to_owned(),
            action: demand.action.name(),
            resource: demand.resource.clone().into_owned(),
            asked: match demand.user {
                crate::User::Function => String::new(),
                user => format!(" (asked by {user})"),
            },
            reason,
            absent,
        }
    }
}

fn nearest(role: &Role, miss: &Miss) -> String {
    let statement = &role.policy.statements()[miss.statement];
    let but = match &miss.shortfall {
        Shortfall::Action => "is about other actions".to_owned(),
        Shortfall::Resource => {
            let resources = statement.resources().unwrap_or_default();
            format!("is about {}", resources.join(", "))
        }
        Shortfall::Condition(at) => {
            let condition = statement.conditions()[*at].text();
            format!("asks for {condition}")
        }
        Shortfall::Variable(variable) => format!("names {variable}, which the request has not"),
    };
    format!("the nearest statement, {}, {but}", statement.sid())
}

fn is_absent(role: &Role, demand: &Demand<'_>, miss: &Miss) -> bool {
    let Shortfall::Condition(at) = miss.shortfall else {
        return false;
    };
    let condition = &role.policy.statements()[miss.statement].conditions()[at];
    let name = condition.key().name();
    let of_resource = name.ends_with(":resourcetag") || name.ends_with("-tag");
    let of_request = name == "rds:req-tag";
    of_resource && !of_request && demand.resource_tags().is_none()
}
