//! `DescribeDBClusters`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html>

use crate::{
    At, Call, Refusal,
    rds::{
        Cluster, Rds, filters::Filters, input, out::Out, paging::Page, refusals::cluster_not_found,
        show,
    },
};

const LIST: (&str, &str) = ("DBClusters", "DBCluster");
const FILTERS: [&str; 5] = [
    "clone-group-id",
    "db-cluster-id",
    "db-cluster-resource-id",
    "domain",
    "engine",
];

impl Rds {
    pub(crate) fn describe_clusters(&self, call: &Call, at: &At<'_>) -> Result<Out, Refusal> {
        let page = Page::of(call, at)?;
        let filters = Filters::of(call, at.place, &FILTERS)?;
        let clusters = self.clusters.as_of(at.shown);
        let wanted = |cluster: &Cluster| {
            filters.pass("db-cluster-id", &cluster.id)
                && filters.pass("engine", &cluster.engine)
                && filters.pass_with("db-cluster-resource-id", || show::cluster_resource(cluster))
                // No cluster here is a clone or joined to a directory.
                && filters.pass("clone-group-id", "")
                && filters.pass("domain", "")
        };
        let show = |cluster: &Cluster, out: &mut Out| {
            self.show_cluster(cluster, at.shown, at.place, out);
        };
        let Some(id) = call.text("DBClusterIdentifier") else {
            return Ok(page.show(LIST, clusters, wanted, show));
        };
        let id = input::bare(id, at.place, "cluster");
        let cluster = clusters.get(&id).filter(|cluster| wanted(cluster));
        let cluster = cluster.ok_or_else(|| cluster_not_found(&id))?;
        Ok(Out::one(LIST, |out| show(cluster, out)))
    }
}
