//! What calls have used of a role, and what nothing has.

use std::collections::BTreeSet;

use crate::call::User;
use crate::policy::Effect;
use crate::role::{Role, Used};

/// The uses of a role so far.
#[derive(Clone, Debug)]
pub struct Coverage {
    function: String,
    statements: Vec<Allowing>,
}

/// The uses of one statement: of each of its actions and of each of its resources.
#[derive(Clone, Debug)]
struct Allowing {
    sid: String,
    by: String,
    actions: Vec<Element>,
    resources: Vec<Element>,
    users: BTreeSet<User>,
}

#[derive(Clone, Debug)]
struct Element {
    written: String,
    needed: u64,
    shared: u64,
}

impl Coverage {
    /// Of a role that nothing has used yet.
    #[must_use]
    pub fn of(role: &Role) -> Self {
        let statements = role.policy().statements().iter().enumerate();
        let statements = statements.map(|(at, statement)| {
            let allows = statement.effect() == Effect::Allow;
            let elements = |written: Option<Vec<&str>>| {
                let written = written.filter(|_| allows).unwrap_or_default();
                written.into_iter().map(Element::new).collect()
            };
            Allowing {
                sid: statement.sid().to_owned(),
                by: role.origins()[at].by.clone(),
                actions: elements(statement.actions()),
                resources: elements(statement.resources()),
                users: BTreeSet::new(),
            }
        });
        Self {
            function: role.function().to_owned(),
            statements: statements.collect(),
        }
    }

    /// Adds what a call used. An element counts as needed only where no other would have done.
    pub fn add(&mut self, used: &Used) {
        for one in used.uses() {
            let Some(statement) = self.statements.get_mut(one.statement) else {
                continue;
            };
            statement.users.insert(one.user);
            let sole = one.sole;
            for (elements, hits) in [
                (&mut statement.actions, one.actions),
                (&mut statement.resources, one.resources),
            ] {
                if let Some(element) = elements.get_mut(hits.first) {
                    element.add(sole && hits.only);
                }
            }
        }
    }

    /// Adds what another has seen of the same role.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.statements.iter_mut().zip(&other.statements) {
            mine.users.extend(&theirs.users);
            let mine = mine.actions.iter_mut().chain(&mut mine.resources);
            let theirs = theirs.actions.iter().chain(&theirs.resources);
            for (mine, theirs) in mine.zip(theirs) {
                mine.needed += theirs.needed;
                mine.shared += theirs.shared;
            }
        }
    }

    /// What no call needed, one sentence each: every action of a statement, and every resource of
    /// one that has several.
    #[must_use]
    pub fn unused(&self) -> Vec<String> {
        let mut unused = Vec::new();
        for statement in &self.statements {
            let several = statement.resources.len() > 1;
            let resources = statement.resources.iter().filter(|_| several);
            for element in statement.actions.iter().chain(resources) {
                let why = match (element.needed, element.shared) {
                    (1.., _) => continue,
                    (0, 0) => "which nothing has used",
                    (0, _) => "which something else in the role allows too",
                };
                let (function, sid, written) = (&self.function, &statement.sid, &element.written);
                unused.push(format!("{function}: {sid} allows {written}, {why}"));
            }
        }
        unused
    }

    /// The statements that somebody else uses than the template's reader is told, one sentence
    /// each.
    #[must_use]
    pub fn misattributed(&self) -> Vec<String> {
        let statements = self.statements.iter().flat_map(|statement| {
            let users = statement.users.iter().map(ToString::to_string);
            let others = users.filter(|user| *user != statement.by);
            others.map(move |user| (statement, user))
        });
        let sentence = |(statement, user): (&Allowing, String)| {
            let (function, sid) = (&self.function, &statement.sid);
            let by = &statement.by;
            format!("{function}: {sid} is said to be used by {by}, and is used by {user}")
        };
        statements.map(sentence).collect()
    }
}

impl Element {
    fn new(written: &str) -> Self {
        Self {
            written: written.to_owned(),
            needed: 0,
            shared: 0,
        }
    }

    fn add(&mut self, needed: bool) {
        if needed {
            self.needed += 1;
        } else {
            self.shared += 1;
        }
    }
}
