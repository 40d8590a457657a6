//! Instances, as far as they are members of a cluster.

mod capacity;
mod create;
mod delete;
mod describe;
mod reboot;
mod settings;
mod turns;

use std::sync::Arc;

pub(crate) use settings::usual as usual_settings;

use jiff::Timestamp;

use crate::{
    At, Effect, Refusal,
    rds::{
        Change, Cluster, Instance, Rds,
        out::Out,
        parameters::Kind,
        refusals::{Code, instance_not_found},
    },
};

impl Rds {
    /// An instance as it is.
    pub(crate) fn instance(&self, id: &str) -> Option<Arc<Instance>> {
        self.instances.truth().get(id).cloned()
    }

    /// The instance that a call names.
    pub(crate) fn named_instance(&self, id: &str) -> Result<Arc<Instance>, Refusal> {
        self.instance(id).ok_or_else(|| instance_not_found(id))
    }

    /// An instance as it is, as an answer shows it.
    fn shown_instance(&self, id: &str, at: &At<'_>) -> Out {
        Out::of(|out| {
            out.element("DBInstance", |out| {
                if let Some(instance) = self.instances.get(id) {
                    self.show_instance(instance, at.now, at.place, out);
                }
            });
        })
    }

    /// An instance's status will change by itself at `ends`, unless something else happens before.
    pub(crate) fn instance_will(
        &mut self,
        id: &str,
        from: &str,
        to: &str,
        ends: Timestamp,
        at: &mut At<'_>,
    ) {
        self.under_way.instances.begin(id, at.now, ends);
        let change = Change::Instance {
            id: id.into(),
            from: from.into(),
            to: to.into(),
        };
        at.agenda.note(ends, change.into());
    }

    /// Adds an instance, the last of its cluster's members.
    pub(crate) fn put_instance(&mut self, instance: Instance, at: &mut At<'_>) {
        let ready = instance.ready && instance.status != "creating";
        let instance = Instance { ready, ..instance };
        let (id, cluster) = (instance.id.clone(), instance.cluster.clone());
        self.use_group(Kind::Instance, &instance.parameter_group, at);
        self.instances.put(at.now, id.clone(), instance);
        self.clusters
            .change(at.now, &cluster, |cluster: &mut Cluster| {
                if !cluster.members.contains(&id) {
                    cluster.members.push(id.clone());
                }
            });
        let created = self.instance(&id).map(Effect::InstanceCreated);
        at.effects.extend(created);
    }

    /// Gives an instance another status, and says so if it is one.
    pub(crate) fn instance_becomes(&mut self, id: &str, status: &str, at: &mut At<'_>) {
        let Some(before) = self.instance(id).filter(|before| before.status != status) else {
            return;
        };
        let becomes = |instance: &mut Instance| {
            let begun = ["creating", "deleting"].contains(&status);
            instance.ready |= !begun && !turns::FAILURES.contains(&status);
            instance.status = status.into();
        };
        self.instances.change(at.now, id, becomes);
        if let Some(instance) = self.instance(id) {
            let from = before.status.clone();
            at.effects.push(Effect::InstanceChanged { instance, from });
        }
    }

    /// An instance is no more, nor a member.
    pub(crate) fn remove_instance(&mut self, id: &str, at: &mut At<'_>) {
        self.under_way.instances.end(id);
        let Some(gone) = self.instances.remove(at.now, id) else {
            return;
        };
        self.endpoints_forget(id, at);
        let Some(before) = self.cluster(&gone.cluster) else {
            return;
        };
        self.clusters.change(at.now, &gone.cluster, |cluster| {
            cluster.members.retain(|member| member != id);
        });
        if let Some(cluster) = self.cluster(&gone.cluster)
            && before.members.first().is_some_and(|writer| writer == id)
            && !cluster.members.is_empty()
        {
            let from = id.to_owned();
            at.effects.push(Effect::WriterChanged { cluster, from });
        }
    }
}

/// Whether the instance is in one of these states.
fn in_state(instance: &Instance, states: &[&str]) -> Result<(), Refusal> {
    let Instance { id, status, .. } = instance;
    if states.contains(&status.as_str()) {
        return Ok(());
    }
    Err(Code::InvalidInstanceState.because(format!(
        "Instance {id} is in {status} state but expected it to be one of {}.",
        states.join(",")
    )))
}
