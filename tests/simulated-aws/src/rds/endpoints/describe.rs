//! `DescribeDBClusterEndpoints`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterEndpoints.html>

use jiff::Timestamp;

use crate::{
    At, Call, Place, Refusal,
    rds::{
        Cluster, ClusterEndpoint, Rds, filters::Filters, input, out::Out, paging::Page,
        refusals::cluster_not_found, show::host,
    },
};

const LIST: (&str, &str) = ("DBClusterEndpoints", "DBClusterEndpointList");
const FILTERS: [&str; 4] = [
    "db-cluster-endpoint-custom-type",
    "db-cluster-endpoint-id",
    "db-cluster-endpoint-status",
    "db-cluster-endpoint-type",
];

/// An endpoint of a cluster, of whatever type. Only custom ones have an identifier.
struct Listed<'a> {
    cluster: &'a str,
    kind: &'static str,
    host: String,
    custom: Option<&'a ClusterEndpoint>,
}

impl Rds {
    pub(crate) fn describe_endpoints(&self, call: &Call, at: &At<'_>) -> Result<Out, Refusal> {
        let page = Page::of(call, at)?;
        let filters = Filters::of(call, at.place, &FILTERS)?;
        let clusters = self.clusters.as_of(at.shown);
        let cluster = call.text("DBClusterIdentifier");
        let cluster = cluster.map(|id| input::bare(id, at.place, "cluster"));
        if let Some(unknown) = cluster.as_ref().filter(|id| !clusters.contains_key(*id)) {
            return Err(cluster_not_found(unknown));
        }
        let clusters = clusters.values();
        let asked = clusters.filter(|it| cluster.as_ref().is_none_or(|id| *id == it.id));
        let listed = asked.flat_map(|cluster| self.endpoints_of(cluster, at.shown, at.place));
        let id = call.text("DBClusterEndpointIdentifier");
        let id = id.map(str::to_ascii_lowercase);
        let wanted = listed.filter(|it| {
            id.as_ref().is_none_or(|id| id == it.id())
                && filters.pass("db-cluster-endpoint-custom-type", it.custom_kind())
                && filters.pass("db-cluster-endpoint-id", it.id())
                && filters.pass("db-cluster-endpoint-status", it.status())
                && filters.pass("db-cluster-endpoint-type", it.kind)
        });
        let keyed = wanted.map(|it| (it.key(), it));
        let fresh = keyed.filter(|(key, _)| page.after.as_ref().is_none_or(|last| key > last));
        Ok(page.fill(LIST, fresh, |it, out| it.show(out)))
    }

    /// A cluster's endpoints as they were at `shown`, in the order of their keys.
    fn endpoints_of<'a>(
        &'a self,
        cluster: &'a Cluster,
        shown: Timestamp,
        place: &Place,
    ) -> Vec<Listed<'a>> {
        let of = |kind, host, custom| Listed {
            cluster: &cluster.id,
            kind,
            host,
            custom,
        };
        let (writer, _) = self.writer_endpoint(&cluster.id, place);
        let reader = host(&cluster.id, "cluster-ro-", place);
        let mut listed = vec![of("WRITER", writer, None), of("READER", reader, None)];
        let custom = self.endpoints.as_of(shown).values();
        let custom = custom.filter(|endpoint| endpoint.cluster == cluster.id);
        listed.extend(custom.map(|it| of("CUSTOM", it.host(place), Some(&**it))));
        listed
    }
}

impl Listed<'_> {
    fn id(&self) -> &str {
        self.custom.map_or("", |custom| &custom.id)
    }

    fn custom_kind(&self) -> &str {
        self.custom.map_or("", |custom| &custom.kind)
    }

    fn status(&self) -> &str {
        self.custom.map_or("available", |custom| &custom.status)
    }

    /// Its place in the listing. A space comes before whatever identifiers are made of.
    fn key(&self) -> String {
        let rank = match self.kind {
            "WRITER" => 0,
            "READER" => 1,
            _ => 2,
        };
        format!("{} {rank} {}", self.cluster, self.id())
    }

    fn show(&self, out: &mut Out) {
        if let Some(custom) = self.custom {
            return custom.show(&self.host, out);
        }
        out.text("DBClusterIdentifier", self.cluster);
        out.text("Endpoint", &self.host);
        out.text("Status", self.status());
        out.text("EndpointType", self.kind);
    }
}

impl ClusterEndpoint {
    /// It, at this host, as an answer shows it.
    pub(super) fn show(&self, host: &str, out: &mut Out) {
        let Self {
            id,
            arn,
            cluster,
            status,
            kind,
            static_members,
            excluded_members,
        } = self;
        out.text("DBClusterEndpointIdentifier", id);
        out.text("DBClusterIdentifier", cluster);
        out.text("DBClusterEndpointResourceIdentifier", &resource(id));
        out.text("Endpoint", host);
        out.text("Status", status);
        out.text("EndpointType", "CUSTOM");
        out.text("CustomEndpointType", kind);
        out.texts("StaticMembers", "member", static_members);
        out.texts("ExcludedMembers", "member", excluded_members);
        out.text("DBClusterEndpointArn", arn);
    }
}

/// An identifier that never changes: endpoints can't be renamed.
fn resource(id: &str) -> String {
    let digest = id.bytes().fold(0_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("cluster-endpoint-{digest:016X}")
}
