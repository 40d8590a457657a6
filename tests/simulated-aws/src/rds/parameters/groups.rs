//! `DescribeDBClusterParameterGroups` and `DescribeDBParameterGroups`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterParameterGroups.html>

use crate::{
    At, Call, Refusal,
    rds::{
        ParameterGroup, Rds, out::Out, paging::Page, parameters::Kind,
        refusals::parameter_group_not_found,
    },
};

impl Rds {
    pub(crate) fn describe_groups(
        &self,
        kind: Kind,
        call: &Call,
        at: &At<'_>,
    ) -> Result<Out, Refusal> {
        let page = Page::of(call, at)?;
        let groups = self.groups(kind).as_of(at.shown);
        if call.text(kind.member()).is_none() {
            let show = |group: &ParameterGroup, out: &mut Out| show(kind, group, out);
            return Ok(page.show(kind.list(), groups, |_| true, show));
        }
        let name = kind.named(call)?;
        let group = groups.get(&name);
        let group = group.ok_or_else(|| parameter_group_not_found(&name))?;
        Ok(Out::one(kind.list(), |out| show(kind, group, out)))
    }
}

/// A group as the API shows it.
pub(super) fn show(kind: Kind, group: &ParameterGroup, out: &mut Out) {
    let ParameterGroup {
        name,
        arn,
        family,
        description,
        parameters: _,
        tags: _,
    } = group;
    let arn_member = match kind {
        Kind::Cluster => "DBClusterParameterGroupArn",
        Kind::Instance => "DBParameterGroupArn",
    };
    out.text(kind.member(), name);
    out.text(arn_member, arn);
    out.text("DBParameterGroupFamily", family);
    out.text("Description", description);
}
