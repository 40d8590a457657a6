//! Parameter groups, of clusters and of instances.

mod create;
mod groups;
mod known;
mod list;

use crate::{
    At, Call, Refusal, Views,
    rds::{ParameterGroup, Rds, input},
};

/// The two kinds of groups, and what the API calls them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Cluster,
    Instance,
}

impl Kind {
    /// The member that names a group.
    const fn member(self) -> &'static str {
        match self {
            Self::Cluster => "DBClusterParameterGroupName",
            Self::Instance => "DBParameterGroupName",
        }
    }

    /// The member that lists groups, and its items.
    const fn list(self) -> (&'static str, &'static str) {
        match self {
            Self::Cluster => ("DBClusterParameterGroups", "DBClusterParameterGroup"),
            Self::Instance => ("DBParameterGroups", "DBParameterGroup"),
        }
    }

    /// The group that a call names, in lower case.
    fn named(self, call: &Call) -> Result<String, Refusal> {
        input::stored(call, self.member())
    }
}

impl Rds {
    /// The default groups are there as soon as something uses them.
    pub(crate) fn use_group(&mut self, kind: Kind, name: &str, at: &At<'_>) {
        let Some(family) = name.strip_prefix("default.") else {
            return;
        };
        if self.groups(kind).get(name).is_some() {
            return;
        }
        let (groups, in_arns) = match kind {
            Kind::Cluster => (&mut self.cluster_parameter_groups, "cluster-pg"),
            Kind::Instance => (&mut self.parameter_groups, "pg"),
        };
        let group = ParameterGroup {
            description: format!("Default parameter group for {family}"),
            ..ParameterGroup::new(at.place, in_arns, name, family)
        };
        groups.put(at.now, name, group);
    }

    fn groups(&self, kind: Kind) -> &Views<ParameterGroup> {
        match kind {
            Kind::Cluster => &self.cluster_parameter_groups,
            Kind::Instance => &self.parameter_groups,
        }
    }
}
