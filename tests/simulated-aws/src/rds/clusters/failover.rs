//! `FailoverDBCluster`, and the failover when the writer is deleted.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_FailoverDBCluster.html>

use std::cmp::Reverse;

use jiff::SignedDuration;

use crate::{
    At, Call, Refusal,
    rds::{
        Cluster, Instance, Rds, clusters::in_state, events::Happened, input, out::Out,
        refusals::Code,
    },
};

/// AWS says that it typically takes less than 35 seconds.
const TAKES: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(10), SignedDuration::from_secs(60));

impl Rds {
    pub(crate) fn failover_cluster(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Out, Refusal> {
        let id = input::stored(call, "DBClusterIdentifier")?;
        let cluster = self.named_cluster(&id)?;
        in_state(&cluster, &["available"])?;
        let target = match call.text("TargetDBInstanceIdentifier") {
            Some(named) => self.reader(&cluster, &named.to_ascii_lowercase())?,
            None => self.next_writer(&cluster, at).ok_or_else(|| {
                let why = format!("Cluster {id} has no available reader to fail over to.");
                Code::InvalidClusterState.because(why)
            })?,
        };
        self.begin_failover(&id, target, at);
        Ok(self.shown_cluster(&id, at))
    }

    /// The reader that was named as the next writer.
    fn reader(&self, cluster: &Cluster, named: &str) -> Result<String, Refusal> {
        let readers = cluster.members.get(1..).unwrap_or_default();
        let reader = readers.iter().find(|reader| *reader == named);
        let reader = reader.ok_or_else(|| {
            let what = "is not a reader of the cluster";
            Refusal::invalid(format!("Cannot find target instance: {named} {what}"))
        })?;
        let instance = self.instances.get(reader);
        if instance.is_some_and(|instance| instance.status == "available") {
            return Ok(reader.clone());
        }
        let why = format!("Instance {reader} is not in available state.");
        Err(Code::InvalidInstanceState.because(why))
    }

    /// The reader that Aurora promotes: the lowest tier, then the largest class, then any.
    pub(crate) fn next_writer(&self, cluster: &Cluster, at: &mut At<'_>) -> Option<String> {
        let readers = cluster.members.get(1..).unwrap_or_default();
        let readers = readers.iter().filter_map(|id| self.instances.get(id));
        let rank = |reader: &Instance| (reader.promotion_tier, Reverse(size(&reader.class)));
        let ready = readers.filter(|reader| reader.status == "available");
        let mut ready: Vec<_> = ready.map(|reader| (rank(reader), &reader.id)).collect();
        ready.sort();
        let first = ready.first()?.0;
        let equal = ready.iter().take_while(|(rank, _)| *rank == first).count();
        let any = at.whim.rng.usize(0..equal);
        Some(ready[any].1.clone())
    }

    /// `target` will be the writer in a little while.
    pub(crate) fn begin_failover(&mut self, id: &str, target: String, at: &mut At<'_>) {
        let zone = |id: &str| self.instances.get(id).map(|instance| &instance.zone);
        let writer = self
            .clusters
            .get(id)
            .and_then(|cluster| cluster.members.first());
        let same = writer.is_some_and(|writer| zone(writer) == zone(&target));
        let told = if same {
            Happened::FAILOVER_IN_ZONE
        } else {
            Happened::FAILOVER_ACROSS_ZONES
        };
        self.cluster_becomes(id, "failing-over", at);
        self.happened_to(told, id, &target, at);
        let ends = at.now + at.whim.between(TAKES);
        self.cluster_will(id, "failing-over", "available", ends, at);
        self.under_way.failovers.insert(id.to_owned(), target);
    }

    /// The failover is over, well or badly.
    pub(crate) fn failed_over(&mut self, id: &str, at: &mut At<'_>) {
        let target = self.under_way.failovers.remove(id).unwrap_or_default();
        let there = self.instances.get(&target).is_some();
        let old = self
            .cluster(id)
            .and_then(|cluster| cluster.members.first().cloned());
        self.promote(id, &target, at);
        self.cluster_becomes(id, "available", at);
        if !there {
            self.happened(Happened::FAILOVER_FAILED, id, at);
            return;
        }
        for restarted in [Some(target.clone()), old].into_iter().flatten() {
            self.happened(Happened::INSTANCE_RESTARTED, &restarted, at);
        }
        self.happened_to(Happened::FAILOVER_DONE, id, &target, at);
    }
}

/// How large a class is, as far as its name tells: `db.r6g.2xlarge` is twice `db.r6g.xlarge`.
fn size(class: &str) -> u32 {
    let size = class.rsplit('.').next().unwrap_or_default();
    match size {
        "small" => 1,
        "medium" => 2,
        "large" => 4,
        "xlarge" => 8,
        other => {
            let times = other.strip_suffix("xlarge").map(str::parse::<u32>);
            times.map_or(0, |times| 8 * times.unwrap_or(0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_have_their_size_by_name() {
        let classes = [
            "db.t4g.medium",
            "db.r6g.large",
            "db.r6g.xlarge",
            "db.r6g.16xlarge",
        ];
        assert_eq!(classes.map(size), [2, 4, 8, 128]);
        assert_eq!(size("db.serverless"), 0);
    }
}
