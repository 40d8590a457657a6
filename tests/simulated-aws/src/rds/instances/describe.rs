//! `DescribeDBInstances`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html>

use crate::{
    At, Call, Refusal,
    rds::{
        Instance, Rds, filters::Filters, input, out::Out, paging::Page,
        refusals::instance_not_found, show,
    },
};

const LIST: (&str, &str) = ("DBInstances", "DBInstance");
const FILTERS: [&str; 5] = [
    "db-cluster-id",
    "db-instance-id",
    "dbi-resource-id",
    "domain",
    "engine",
];

impl Rds {
    pub(crate) fn describe_instances(&self, call: &Call, at: &At<'_>) -> Result<Out, Refusal> {
        let page = Page::of(call, at)?;
        let filters = Filters::of(call, at.place, &FILTERS)?;
        let instances = self.instances.as_of(at.shown);
        let engine = |instance: &Instance| {
            let cluster = self.clusters.get(&instance.cluster);
            cluster.map_or_else(String::new, |cluster| cluster.engine.clone())
        };
        let wanted = |instance: &Instance| {
            filters.pass("db-cluster-id", &instance.cluster)
                && filters.pass("db-instance-id", &instance.id)
                && filters.pass_with("dbi-resource-id", || show::instance_resource(instance))
                && filters.pass_with("engine", || engine(instance))
                // No instance here is joined to a directory.
                && filters.pass("domain", "")
        };
        let show = |instance: &Instance, out: &mut Out| {
            self.show_instance(instance, at.shown, at.place, out);
        };
        let Some(id) = call.text("DBInstanceIdentifier") else {
            return Ok(page.show(LIST, instances, wanted, show));
        };
        let id = input::bare(id, at.place, "db");
        let instance = instances.get(&id).filter(|instance| wanted(instance));
        let instance = instance.ok_or_else(|| instance_not_found(&id))?;
        Ok(Out::one(LIST, |out| show(instance, out)))
    }
}
