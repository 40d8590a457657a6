//! An identity-based policy, and what it says to a request.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

mod arn;
mod condition;
mod context;
mod decision;
mod error;
mod pattern;
mod statement;
mod test;

use serde_json::Value;

pub use condition::Condition;
pub use context::{Context, Found, Key, Written};
pub use decision::{Decision, Grant, Hits, Miss, Shortfall};
pub use error::{PolicyError, Undefined};
pub use statement::{Effect, Statement};

use error::Stop;
use statement::Reach;

/// A policy document.
#[derive(Clone, Debug)]
pub struct Policy {
    statements: Vec<Statement>,
}

/// What is to be decided: one action on one resource.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The action in lower case: actions are not case-sensitive.
    pub action: &'a str,
    /// The resource's ARN, or `*` where the action knows no resources.
    pub resource: &'a str,
    /// What else the request says.
    pub context: &'a dyn Context,
}

impl Policy {
    /// Reads a policy document.
    ///
    /// # Errors
    /// For whatever in it is not understood: an element, an operator, a value.
    pub fn parse(document: &Value) -> Result<Self, PolicyError> {
        let wrong = |problem: String| PolicyError::new("the policy", problem);
        let Value::Object(elements) = document else {
            return Err(wrong("not an object".to_owned()));
        };
        let known = ["Version", "Id", "Statement"];
        if let Some(other) = elements.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(wrong(format!("the element {other} is not known here")));
        }
        // Without Version, or with the older one, ${…} is no variable.
        // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
        let variables = match elements.get("Version").map(Value::as_str) {
            Some(Some("2012-10-17")) => true,
            None | Some(Some("2008-10-17")) => false,
            Some(other) => return Err(wrong(format!("Version {other:?}"))),
        };
        let statements = match elements.get("Statement") {
            Some(Value::Array(list)) => list.as_slice(),
            Some(one @ Value::Object(_)) => std::slice::from_ref(one),
            _ => return Err(wrong("no Statement".to_owned())),
        };
        let statements = statements.iter().enumerate();
        let statements = statements.map(|(at, one)| Statement::parse(at, one, variables));
        let statements = statements.collect::<Result<_, _>>()?;
        Ok(Self { statements })
    }

    /// Its statements, in their order.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// What it says: an explicit deny wins over every allow; what nothing allows is denied.
    ///
    /// # Errors
    /// When it compares what IAM does not define.
    pub fn evaluate(&self, request: Request<'_>) -> Result<Decision, Undefined> {
        let mut grants = Vec::new();
        for (at, statement) in self.statements.iter().enumerate() {
            match statement.reach(request) {
                Ok(Reach::Applies { actions, resources }) => match statement.effect() {
                    Effect::Deny => return Ok(Decision::Denied { statement: at }),
                    Effect::Allow => grants.push(Grant {
                        statement: at,
                        actions,
                        resources,
                    }),
                },
                Err(Stop::Undefined(undefined)) => return Err(undefined),
                Ok(Reach::Elsewhere(_)) | Err(Stop::Unresolved(_)) => {}
            }
        }
        if grants.is_empty() {
            return Ok(Decision::NotAllowed(self.nearest(request)));
        }
        Ok(Decision::Allowed(grants))
    }

    /// The allowing statement that came nearest to applying.
    fn nearest(&self, request: Request<'_>) -> Option<Miss> {
        let allows = |(_, statement): &(usize, &Statement)| statement.effect() == Effect::Allow;
        let statements = self.statements.iter().enumerate().filter(allows);
        let misses = statements.filter_map(|(statement, each)| {
            let shortfall = match each.reach(request) {
                Ok(Reach::Elsewhere(shortfall)) => shortfall,
                Err(Stop::Unresolved(variable)) => Shortfall::Variable(variable),
                Ok(Reach::Applies { .. }) | Err(Stop::Undefined(_)) => return None,
            };
            Some(Miss {
                statement,
                shortfall,
            })
        });
        let named = misses.filter(|miss| miss.shortfall != Shortfall::Action);
        named.max_by_key(|miss| (miss.shortfall.nearness(), usize::MAX - miss.statement))
    }
}
