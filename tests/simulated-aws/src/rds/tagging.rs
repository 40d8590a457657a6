//! Tags of whatever has an ARN.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>

use jiff::Timestamp;

use crate::{
    At, Call, Effect, Place, Refusal,
    rds::{
        Rds, Tags, input,
        out::Out,
        refusals::{Code, cluster_not_found, instance_not_found},
        tags,
    },
};

impl Rds {
    pub(crate) fn add_tags(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let arn = input::required(call, "ResourceName")?;
        let added = tags::of(call)?;
        let mut all = self.tags_of(arn, at.now, at.place)?.clone();
        self.taggable(arn, at)?;
        all.extend(added);
        let all = tags::within_limit(all)?;
        self.retag(&call.operation, arn, at, |tags| *tags = all);
        Ok(Out::default())
    }

    pub(crate) fn remove_tags(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let arn = input::required(call, "ResourceName")?;
        let mut keys = input::texts(&call.input, "TagKeys", "member").peekable();
        if keys.peek().is_none() {
            return Err(Refusal::missing("TagKeys"));
        }
        self.tags_of(arn, at.now, at.place)?;
        self.taggable(arn, at)?;
        self.retag(&call.operation, arn, at, |tags| {
            for key in keys {
                tags.remove(key);
            }
        });
        Ok(Out::default())
    }

    pub(crate) fn list_tags(&self, call: &Call, at: &At<'_>) -> Result<Out, Refusal> {
        let arn = input::required(call, "ResourceName")?;
        let tags = self.tags_of(arn, at.shown, at.place)?;
        Ok(Out::of(|out| tags::show(tags, out)))
    }

    /// The tags that the thing with this ARN had at `shown`.
    fn tags_of(&self, arn: &str, shown: Timestamp, place: &Place) -> Result<&Tags, Refusal> {
        let (kind, name) = parts(arn, place);
        let group = || Refusal::invalid(format!("There is no parameter group {arn}"));
        match kind {
            "cluster" => {
                let thing = self.clusters.as_of(shown).get(name);
                thing
                    .map(|it| &it.tags)
                    .ok_or_else(|| cluster_not_found(name))
            }
            "db" => {
                let thing = self.instances.as_of(shown).get(name);
                thing
                    .map(|it| &it.tags)
                    .ok_or_else(|| instance_not_found(name))
            }
            "cluster-snapshot" => {
                let thing = self.snapshots.as_of(shown).get(name);
                thing.map(|it| &it.tags).ok_or_else(|| {
                    let why = format!("DBClusterSnapshot {name} not found.");
                    Code::TaggedSnapshotNotFound.because(why)
                })
            }
            "cluster-pg" => {
                let thing = self.cluster_parameter_groups.get(name);
                thing.map(|it| &it.tags).ok_or_else(group)
            }
            "pg" => {
                let thing = self.parameter_groups.get(name);
                thing.map(|it| &it.tags).ok_or_else(group)
            }
            _ => Err(Refusal::invalid(format!("Invalid resource name: {arn}"))),
        }
    }

    /// What is being deleted takes no tags any more.
    fn taggable(&self, arn: &str, at: &At<'_>) -> Result<(), Refusal> {
        let (kind, name) = parts(arn, at.place);
        let going = format!("{name} is being deleted.");
        match kind {
            "cluster"
                if self
                    .clusters
                    .get(name)
                    .is_some_and(|it| it.status == "deleting") =>
            {
                Err(Code::InvalidClusterState.because(going))
            }
            "db" if self
                .instances
                .get(name)
                .is_some_and(|it| it.status == "deleting") =>
            {
                Err(Code::InvalidInstanceState.because(going))
            }
            _ => Ok(()),
        }
    }

    /// Changes the tags of what has this ARN, in the name of `operation`. Whether there is such a
    /// thing.
    pub(crate) fn retag(
        &mut self,
        operation: &str,
        arn: &str,
        at: &mut At<'_>,
        change: impl FnOnce(&mut Tags),
    ) -> bool {
        let (kind, name) = parts(arn, at.place);
        let now = at.now;
        let found = match kind {
            "cluster" => self.clusters.change(now, name, |it| change(&mut it.tags)),
            "db" => self.instances.change(now, name, |it| change(&mut it.tags)),
            "cluster-snapshot" => self.snapshots.change(now, name, |it| change(&mut it.tags)),
            "cluster-pg" => {
                let groups = &mut self.cluster_parameter_groups;
                groups.change(now, name, |it| change(&mut it.tags))
            }
            "pg" => {
                let groups = &mut self.parameter_groups;
                groups.change(now, name, |it| change(&mut it.tags))
            }
            _ => false,
        };
        if found {
            at.effects.push(Effect::Other {
                operation: operation.into(),
                subject: arn.into(),
            });
        }
        found
    }
}

/// What kind of thing of this account and region an ARN is of, and its name; of others, nothing.
fn parts<'a>(arn: &'a str, place: &Place) -> (&'a str, &'a str) {
    let own = place.arn("rds", "");
    let resource = arn.strip_prefix(&own).unwrap_or_default();
    resource.split_once(':').unwrap_or_default()
}
