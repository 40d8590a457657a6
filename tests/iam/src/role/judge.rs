//! Whether a role allows a call, and by what.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Ask, Denied, Role};
use crate::call::{Demand, Place, RecordedCall, RequestTags, User, demands};
use crate::policy::{Decision, Hits, Request, Written};
use crate::reference::{Reference, SOURCE_FUNCTION};

/// What a call used of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Used(Vec<Use>);

/// That one request used a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The statement's place in the role.
    pub statement: usize,
    /// Which of its actions.
    pub actions: Hits,
    /// Which of its resources.
    pub resources: Hits,
    /// Whether no other statement allows the request.
    pub sole: bool,
    /// Who asked.
    pub user: User,
}

impl Used {
    /// Each use, in the order of the requests.
    #[must_use]
    pub fn uses(&self) -> &[Use] {
        &self.0
    }
}

impl Role {
    /// Judges a call: every request that AWS would evaluate for it must be allowed.
    ///
    /// # Errors
    /// When one is not, or when it is not known what AWS would evaluate.
    pub fn judge(&self, call: &RecordedCall<'_>) -> Result<Used, Denied> {
        let name = || format!("{}:{}", call.service, call.operation);
        let tags = RequestTags::of(call.params);
        let tags = tags.map_err(|problem| Denied::unread(self, &name(), problem))?;
        let demands = demands(*call, &tags).map_err(|e| Denied::unreadable(self, e))?;
        let demands = demands.into_iter().map(|demand| self.sent(demand));
        self.all(demands.collect())
    }

    /// The demand as it comes from Lambda, which says whose code asks.
    fn sent<'a>(&self, mut demand: Demand<'a>) -> Demand<'a> {
        if demand.user == User::Function {
            demand.given.push(self.source());
        }
        demand
    }

    /// The key that Lambda adds to a request of the function's code.
    fn source(&self) -> (Cow<'static, str>, Cow<'static, str>) {
        (Cow::Borrowed(SOURCE_FUNCTION), Cow::Owned(self.arn()))
    }

    /// Whether the function's own code is denied what the role allows: a permission that only AWS
    /// uses in its name may be as wide as AWS asks for it.
    pub(crate) fn is_kept_from_the_code(&self, action: &str, resource: &str) -> bool {
        let context = Written::default().one(SOURCE_FUNCTION, &self.arn());
        let request = Request {
            action,
            resource,
            context: &context,
        };
        matches!(self.policy.evaluate(request), Ok(Decision::Denied { .. }))
    }

    /// Judges what AWS does by itself with the role, one thing after the other: Lambda writes the
    /// log and hands over what failed for good, Scheduler starts the function.
    pub fn judge_services(&self) -> impl Iterator<Item = Result<Used, Denied>> {
        self.asks.iter().map(|ask| self.judge_ask(ask))
    }

    fn judge_ask(&self, ask: &Ask) -> Result<Used, Denied> {
        let Some(action) = Reference::aws().named(&ask.action) else {
            let problem = "not in service-authorization.json".to_owned();
            return Err(Denied::unread(self, &ask.action, problem));
        };
        let (tags, nothing) = (RequestTags::default(), BTreeMap::new());
        let of_code = ask.by == User::Lambda && action.lower().starts_with("logs:");
        let given = of_code.then(|| self.source()).into_iter().collect();
        self.all(vec![Demand {
            action,
            resource: Cow::Borrowed(&ask.resource),
            kind: action
                .resource_types()
                .find(|kind| kind.form().fits(&ask.resource)),
            user: ask.by,
            call: RecordedCall {
                service: "",
                operation: "",
                params: &nothing,
                place: self.place(),
                tags_of: &|_| None,
            },
            tags: &tags,
            given,
        }])
    }

    fn all<'a>(&'a self, mut demands: Vec<Demand<'a>>) -> Result<Used, Denied> {
        for at in 0..demands.len() {
            let of_key = self.of_key(&demands[at]);
            demands.extend(of_key);
        }
        let mut uses = Vec::with_capacity(demands.len());
        for demand in &demands {
            let request = Request {
                action: demand.action.lower(),
                resource: &demand.resource,
                context: demand,
            };
            let grants = match self.policy.evaluate(request) {
                Ok(Decision::Allowed(grants)) => grants,
                Ok(decision) => return Err(Denied::decided(self, demand, &decision)),
                Err(undefined) => {
                    let problem = undefined.to_string();
                    return Err(Denied::unread(self, demand.action.name(), problem));
                }
            };
            let sole = grants.len() == 1;
            uses.extend(grants.into_iter().map(|grant| Use {
                statement: grant.statement,
                actions: grant.actions,
                resources: grant.resources,
                sole,
                user: demand.user,
            }));
        }
        Ok(Used(uses))
    }

    /// Where the role is.
    #[must_use]
    pub fn place(&self) -> Place<'_> {
        let [partition, region, account] = &self.place;
        Place {
            partition,
            region,
            account,
        }
    }
}
