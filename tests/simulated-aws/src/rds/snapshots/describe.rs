//! `DescribeDBClusterSnapshots`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterSnapshots.html>

use crate::{
    At, Call, Refusal,
    rds::{
        Rds, Snapshot,
        filters::Filters,
        input,
        out::Out,
        paging::Page,
        refusals::{combination, snapshot_not_found},
        snapshots::key,
    },
};

const LIST: (&str, &str) = ("DBClusterSnapshots", "DBClusterSnapshot");
const FILTERS: [&str; 4] = [
    "db-cluster-id",
    "db-cluster-snapshot-id",
    "snapshot-type",
    "engine",
];

impl Rds {
    pub(crate) fn describe_snapshots(&self, call: &Call, at: &At<'_>) -> Result<Out, Refusal> {
        let page = Page::of(call, at)?;
        let wanted = Wanted::of(call, at)?;
        let snapshots = self.snapshots.as_of(at.shown);
        let show = |snapshot: &Snapshot, out: &mut Out| {
            self.show_snapshot(snapshot, at.shown, at.place, out);
        };
        let includes = |snapshot: &Snapshot| wanted.includes(snapshot);
        let Some(id) = &wanted.id else {
            return Ok(page.show(LIST, snapshots, includes, show));
        };
        let snapshot = snapshots.get(id).filter(|snapshot| includes(snapshot));
        let snapshot = snapshot.ok_or_else(|| snapshot_not_found(id))?;
        Ok(Out::one(LIST, |out| show(snapshot, out)))
    }
}

/// Which snapshots a call asks for.
struct Wanted<'a> {
    id: Option<String>,
    cluster: Option<String>,
    kind: Option<&'a str>,
    shared: bool,
    public: bool,
    account: &'a str,
    filters: Filters,
}

impl<'a> Wanted<'a> {
    fn of(call: &'a Call, at: &At<'a>) -> Result<Self, Refusal> {
        let id = call.text("DBClusterSnapshotIdentifier");
        let cluster = call.text("DBClusterIdentifier");
        if id.is_some() && cluster.is_some() {
            return Err(combination(
                "DBClusterIdentifier and DBClusterSnapshotIdentifier can't be used together.",
            ));
        }
        Ok(Self {
            id: id.map(|id| key(id, at.place)),
            cluster: cluster.map(|cluster| input::bare(cluster, at.place, "cluster")),
            kind: kind(call)?,
            shared: input::flag(call, "IncludeShared")?,
            public: input::flag(call, "IncludePublic")?,
            account: &at.place.account,
            filters: Filters::of(call, at.place, &FILTERS)?,
        })
    }

    fn includes(&self, snapshot: &Snapshot) -> bool {
        let of_cluster = |cluster: &String| *cluster == snapshot.cluster;
        self.cluster.as_ref().is_none_or(of_cluster)
            && self.includes_kind(snapshot)
            && self.filters.pass("db-cluster-id", &snapshot.cluster)
            && self.filters.pass("db-cluster-snapshot-id", &snapshot.id)
            && self.filters.pass("snapshot-type", &snapshot.kind)
            && self.filters.pass("engine", &snapshot.engine)
    }

    fn includes_kind(&self, snapshot: &Snapshot) -> bool {
        let others = snapshot.kind == "shared";
        let with = |whom: &str| snapshot.shared_with.iter().any(|one| one == whom);
        match self.kind {
            Some("shared") => others && with(self.account),
            Some("public") => with("all"),
            Some(kind) => snapshot.kind == kind,
            // An automated one is found by its name only if the call says that it is one.
            None if self.id.is_some() && snapshot.kind == "automated" => false,
            None if others && self.id.is_none() => {
                (self.shared && with(self.account)) || (self.public && with("all"))
            }
            None => true,
        }
    }
}

fn kind(call: &Call) -> Result<Option<&str>, Refusal> {
    match call.text("SnapshotType") {
        None => Ok(None),
        Some(kind @ ("automated" | "manual" | "shared" | "public" | "awsbackup")) => Ok(Some(kind)),
        Some(other) => Err(Refusal::invalid(format!(
            "Invalid snapshot type {other}. Valid values are: manual, automated, awsbackup, \
             shared, public."
        ))),
    }
}
