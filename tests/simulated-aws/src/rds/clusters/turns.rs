//! What becomes of a cluster by itself.

use crate::{
    At, Effect,
    rds::{Rds, events::Happened},
};

impl Rds {
    /// A cluster that was `from` is `to` now.
    pub(crate) fn cluster_turns(&mut self, id: &str, from: &str, to: &str, at: &mut At<'_>) {
        self.under_way.clusters.end(id);
        match (from, to) {
            ("stopped", "starting") => {
                self.happened(Happened::CLUSTER_STARTS_BY_ITSELF, id, at);
                self.begin_start(id, at);
            }
            ("stopping", "stopped") => {
                self.cluster_becomes(id, to, at);
                self.members_turn(id, to, Happened::INSTANCE_STOPPED, at);
                self.happened(Happened::CLUSTER_STOPPED, id, at);
                self.stopped_from_now(id, at);
            }
            ("starting", "available") => {
                self.cluster_becomes(id, to, at);
                self.members_turn(id, to, Happened::INSTANCE_STARTED, at);
                self.happened(Happened::CLUSTER_STARTED, id, at);
            }
            ("creating", "available") => {
                self.cluster_becomes(id, to, at);
                self.happened(Happened::CLUSTER_CREATED, id, at);
            }
            ("failing-over", "available") => self.failed_over(id, at),
            _ => self.cluster_becomes(id, to, at),
        }
    }

    fn members_turn(&mut self, id: &str, to: &str, told: Happened, at: &mut At<'_>) {
        self.members_become(id, to, at);
        let members = self.cluster(id).map(|cluster| cluster.members.clone());
        for member in members.unwrap_or_default() {
            self.happened(told, &member, at);
        }
    }

    /// A cluster that was being deleted is gone.
    pub(crate) fn cluster_gone(&mut self, id: &str, at: &mut At<'_>) {
        self.happened(Happened::CLUSTER_DELETED, id, at);
        self.remove_cluster(id, at);
    }

    /// `writer` is the writer of a cluster from now on; the one before is its second member.
    pub(crate) fn promote(&mut self, id: &str, writer: &str, at: &mut At<'_>) {
        let Some(before) = self.cluster(id) else {
            return;
        };
        let Some(place) = before.members.iter().position(|member| member == writer) else {
            return;
        };
        if place == 0 {
            return;
        }
        self.clusters.change(at.now, id, |cluster| {
            let writer = cluster.members.remove(place);
            cluster.members.insert(0, writer);
        });
        if let Some(cluster) = self.cluster(id) {
            let from = before.members[0].clone();
            at.effects.push(Effect::WriterChanged { cluster, from });
        }
    }
}
