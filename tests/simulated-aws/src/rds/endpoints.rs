//! The endpoints of clusters, and custom ones above all.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Custom.Considerations.html>

mod describe;
mod modify;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{
    At, Place,
    rds::{Rds, show::host},
};

/// A custom endpoint: it leads to members of a cluster that somebody chose.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterEndpoint.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterEndpoint {
    /// Its identifier, in lower case.
    pub id: String,
    /// Its ARN.
    pub arn: String,
    /// The cluster it belongs to.
    pub cluster: String,
    /// `creating`, `available`, `modifying`, `deleting`, `inactive`.
    pub status: String,
    /// Whom it may lead to: `READER` or `ANY`.
    pub kind: String,
    /// The instances it leads to; where there are none, to all but the excluded ones.
    pub static_members: BTreeSet<String>,
    /// The instances it does not lead to.
    pub excluded_members: BTreeSet<String>,
}

impl ClusterEndpoint {
    fn host(&self, place: &Place) -> String {
        host(&self.id, "cluster-custom-", place)
    }
}

impl Rds {
    /// The hosts of a cluster's custom endpoints as they were at `shown`.
    pub(crate) fn custom_hosts(
        &self,
        cluster: &str,
        shown: Timestamp,
        place: &Place,
    ) -> Vec<String> {
        let endpoints = self.endpoints.as_of(shown).values();
        let of_cluster = endpoints.filter(|endpoint| endpoint.cluster == cluster);
        of_cluster.map(|endpoint| endpoint.host(place)).collect()
    }

    /// An instance that is gone is in no list any more. One that is stopped, failed or the writer
    /// by now stays where it is.
    pub(crate) fn endpoints_forget(&mut self, instance: &str, at: &At<'_>) {
        let endpoints = self.endpoints.truth().values();
        let listing = endpoints.filter(|endpoint| {
            endpoint.static_members.contains(instance)
                || endpoint.excluded_members.contains(instance)
        });
        let listing: Vec<_> = listing.map(|endpoint| endpoint.id.clone()).collect();
        for id in listing {
            self.endpoints.change(at.now, &id, |endpoint| {
                endpoint.static_members.remove(instance);
                endpoint.excluded_members.remove(instance);
            });
        }
    }

    /// A cluster that is gone has no custom endpoints.
    pub(crate) fn remove_endpoints(&mut self, cluster: &str, at: &At<'_>) {
        let endpoints = self.endpoints.truth().values();
        let of_cluster = endpoints.filter(|endpoint| endpoint.cluster == cluster);
        let gone: Vec<_> = of_cluster.map(|endpoint| endpoint.id.clone()).collect();
        for id in gone {
            self.under_way.endpoints.end(&id);
            self.endpoints.remove(at.now, &id);
        }
    }
}
