//! What happens outside any call: a past being made, and somebody at the console.
//!
//! These take things as they are given and refuse nothing. What a console refuses too is better
//! done by a call.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    At, Effect,
    rds::{Cluster, ClusterEndpoint, Event, Instance, ParameterGroup, Rds, Snapshot},
};

impl Rds {
    /// A cluster is there, in any state. One that is on its way somewhere (`creating`,
    /// `starting`, `stopping`, `backing-up`, `deleting`) gets there after a while, and a stopped
    /// one starts by itself seven days from now. Other states stay.
    pub fn add_cluster(&mut self, cluster: Cluster, at: &mut At<'_>) {
        let id = cluster.id.clone();
        self.put_cluster(cluster, at);
        self.cluster_goes_on(&id, at);
    }

    /// An instance is there, in any state; the first of its cluster is the writer. One that is
    /// `creating`, `rebooting` or `deleting` is so for a while.
    pub fn add_instance(&mut self, instance: Instance, at: &mut At<'_>) {
        let id = instance.id.clone();
        self.put_instance(instance, at);
        self.instance_goes_on(&id, at);
    }

    /// A custom endpoint is there, in any state, which stays.
    pub fn add_endpoint(&mut self, endpoint: ClusterEndpoint, at: &At<'_>) {
        let id = endpoint.id.clone();
        self.endpoints.put(at.now, id, endpoint);
    }

    /// From now on there is a machine of this class to be had in this zone, or none, whatever the
    /// whim, until it is said otherwise.
    pub fn set_capacity(&mut self, class: &str, zone: &str, has: bool) {
        let key = (class.to_owned(), zone.to_owned());
        let for_good = (has, Timestamp::MAX);
        self.under_way.capacity.insert(key, for_good);
    }

    /// A snapshot is there, of any age and in any state. One that is `creating` or `copying` is
    /// complete after a while, one that is `deleting` is gone.
    pub fn add_snapshot(&mut self, snapshot: Snapshot, at: &mut At<'_>) {
        let id = snapshot.id.clone();
        self.put_snapshot(snapshot, at);
        self.snapshot_goes_on(&id, at);
    }

    /// RDS begins to take an automated snapshot of a cluster, as it does every day. Its
    /// identifier.
    pub fn begin_automated_snapshot(&mut self, cluster: &str, at: &mut At<'_>) -> String {
        let minute = at.now.strftime("%Y-%m-%d-%H-%M");
        let id = format!("rds:{cluster}-{minute}");
        let snapshot = Snapshot {
            status: "creating".into(),
            percent: 0,
            ..Snapshot::new(at.place, &id, cluster, at.now)
        };
        let id = snapshot.id.clone();
        self.begin_snapshot(snapshot, at);
        id
    }

    /// A group of cluster parameters is there.
    pub fn add_cluster_parameter_group(&mut self, group: ParameterGroup, at: &At<'_>) {
        let name = group.name.clone();
        self.cluster_parameter_groups.put(at.now, name, group);
    }

    /// A group of instance parameters is there.
    pub fn add_parameter_group(&mut self, group: ParameterGroup, at: &At<'_>) {
        let name = group.name.clone();
        self.parameter_groups.put(at.now, name, group);
    }

    /// An event was emitted at its time. It is listed, and nobody is told.
    pub fn add_event(&mut self, event: Event) {
        let place = self.events.partition_point(|other| other.at <= event.at);
        self.events.insert(place, event);
    }

    /// A cluster has this status from now on, for whatever reason, and goes on from there as
    /// [`Self::add_cluster`] says. Whether there is such a cluster.
    pub fn set_cluster_status(&mut self, id: &str, status: &str, at: &mut At<'_>) -> bool {
        self.under_way.clusters.end(id);
        self.under_way.stopped.remove(id);
        self.cluster_becomes(id, status, at);
        self.cluster_goes_on(id, at);
        self.clusters.get(id).is_some()
    }

    /// An instance has this status from now on, and goes on from there as
    /// [`Self::add_instance`] says. Whether there is such an instance.
    pub fn set_instance_status(&mut self, id: &str, status: &str, at: &mut At<'_>) -> bool {
        self.under_way.instances.end(id);
        self.instance_becomes(id, status, at);
        self.instance_goes_on(id, at);
        self.instances.get(id).is_some()
    }

    /// A snapshot has this status from now on, and goes on from there as [`Self::add_snapshot`]
    /// says. Whether there is such a snapshot.
    pub fn set_snapshot_status(&mut self, id: &str, status: &str, at: &mut At<'_>) -> bool {
        if let Some(before) = self.snapshot(id) {
            self.release_source(&before, at);
        }
        self.under_way.snapshots.end(id);
        self.change_snapshot(id, at, |snapshot| snapshot.status = status.into());
        self.snapshot_goes_on(id, at);
        self.snapshots.get(id).is_some()
    }

    /// A snapshot is gone at once, whatever it was; as it was before.
    pub fn delete_snapshot(&mut self, id: &str, at: &mut At<'_>) -> Option<Arc<Snapshot>> {
        let before = self.snapshot(id)?;
        self.release_source(&before, at);
        self.under_way.snapshots.end(id);
        self.snapshots.remove(at.now, id);
        let gone = Effect::SnapshotDeleted(before.clone());
        at.effects.push(gone);
        Some(before)
    }

    /// An instance is gone at once; as it was before. Its cluster's next member is the writer, if
    /// it was that.
    pub fn delete_instance(&mut self, id: &str, at: &mut At<'_>) -> Option<Arc<Instance>> {
        let before = self.instances.truth().get(id).cloned()?;
        at.effects.push(Effect::InstanceDeleted(before.clone()));
        self.remove_instance(id, at);
        Some(before)
    }

    /// A cluster is gone at once, with its members and automated snapshots; as it was before.
    pub fn delete_cluster(&mut self, id: &str, at: &mut At<'_>) -> Option<Arc<Cluster>> {
        let before = self.cluster(id)?;
        for member in &before.members {
            self.delete_instance(member, at);
        }
        at.effects.push(Effect::ClusterDeleted(before.clone()));
        self.remove_cluster(id, at);
        Some(before)
    }

    /// Sets a tag of what has this ARN. Whether there is such a thing.
    pub fn tag(&mut self, arn: &str, key: &str, value: &str, at: &mut At<'_>) -> bool {
        self.retag("AddTagsToResource", arn, at, |tags| {
            tags.insert(key.into(), value.into());
        })
    }

    /// Removes a tag of what has this ARN. Whether there is such a thing.
    pub fn untag(&mut self, arn: &str, key: &str, at: &mut At<'_>) -> bool {
        self.retag("RemoveTagsFromResource", arn, at, |tags| {
            tags.remove(key);
        })
    }
}
