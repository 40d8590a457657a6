//! Things as they usually are, to be changed where they shall differ.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::{
    Place,
    rds::{
        Cluster, ClusterEndpoint, Instance, ParameterGroup, Snapshot, Tags, instances, show::millis,
    },
};

impl Cluster {
    /// An available Aurora MySQL cluster without instances and tags. `id` becomes lower case.
    #[must_use]
    pub fn new(place: &Place, id: &str, created: Timestamp) -> Self {
        let id = id.to_ascii_lowercase();
        Self {
            arn: place.arn("rds", &format!("cluster:{id}")),
            id,
            status: "available".into(),
            engine: "aurora-mysql".into(),
            engine_version: "8.0.mysql_aurora.3.08.0".into(),
            parameter_group: "default.aurora-mysql8.0".into(),
            deletion_protection: false,
            members: Vec::new(),
            serverless: None,
            insights: "standard".into(),
            created: millis(created),
            tags: Tags::new(),
        }
    }
}

impl Instance {
    /// An available member of `cluster`. `id` becomes lower case.
    #[must_use]
    pub fn new(place: &Place, id: &str, cluster: &str, created: Timestamp) -> Self {
        let id = id.to_ascii_lowercase();
        Self {
            arn: place.arn("rds", &format!("db:{id}")),
            id,
            cluster: cluster.to_ascii_lowercase(),
            status: "available".into(),
            class: "db.r6g.large".into(),
            zone: format!("{}a", place.region),
            promotion_tier: 1,
            parameter_group: "default.aurora-mysql8.0".into(),
            deletion_protection: false,
            created: millis(created),
            ready: true,
            settings: instances::usual_settings(),
            tags: Tags::new(),
        }
    }
}

impl ClusterEndpoint {
    /// An available custom endpoint of `cluster` that leads to all its readers, those to come
    /// included. `id` becomes lower case.
    #[must_use]
    pub fn new(place: &Place, id: &str, cluster: &str) -> Self {
        let id = id.to_ascii_lowercase();
        Self {
            arn: place.arn("rds", &format!("cluster-endpoint:{id}")),
            id,
            cluster: cluster.to_ascii_lowercase(),
            status: "available".into(),
            kind: "READER".into(),
            static_members: BTreeSet::new(),
            excluded_members: BTreeSet::new(),
        }
    }
}

impl Snapshot {
    /// An available snapshot of `cluster`: an automated one if its name begins with `rds:`, one of
    /// AWS Backup's if with `awsbackup:`, else a manual one. `id` becomes lower case.
    #[must_use]
    pub fn new(place: &Place, id: &str, cluster: &str, created: Timestamp) -> Self {
        let id = id.to_ascii_lowercase();
        let kind = match id.split_once(':') {
            Some(("rds", _)) => "automated",
            Some(("awsbackup", _)) => "awsbackup",
            _ => "manual",
        };
        Self {
            arn: place.arn("rds", &format!("cluster-snapshot:{id}")),
            id,
            cluster: cluster.to_ascii_lowercase(),
            kind: kind.into(),
            status: "available".into(),
            percent: 100,
            created: millis(created),
            engine: "aurora-mysql".into(),
            source: None,
            shared_with: Vec::new(),
            in_use: 0,
            tags: Tags::new(),
        }
    }

    /// An available manual snapshot that the account `owner` shares with that of `place`.
    #[must_use]
    pub fn shared_by(
        owner: &Place,
        place: &Place,
        id: &str,
        cluster: &str,
        created: Timestamp,
    ) -> Self {
        let theirs = Self::new(owner, id, cluster, created);
        Self {
            id: theirs.arn.clone(),
            kind: "shared".into(),
            shared_with: vec![place.account.clone()],
            ..theirs
        }
    }
}

impl ParameterGroup {
    /// A group of clusters' parameters (`kind` is `cluster-pg`) or of instances' (`pg`) that sets
    /// nothing. `name` becomes lower case.
    #[must_use]
    pub fn new(place: &Place, kind: &str, name: &str, family: &str) -> Self {
        let name = name.to_ascii_lowercase();
        Self {
            arn: place.arn("rds", &format!("{kind}:{name}")),
            description: format!("Parameters of {name}"),
            name,
            family: family.into(),
            parameters: BTreeMap::new(),
            tags: Tags::new(),
        }
    }
}
