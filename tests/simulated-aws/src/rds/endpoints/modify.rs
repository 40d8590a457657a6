//! `ModifyDBClusterEndpoint`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterEndpoint.html>

use std::collections::BTreeSet;

use jiff::SignedDuration;

use crate::{
    At, Call, Effect, Refusal,
    rds::{
        Change, Cluster, ClusterEndpoint, Rds, clusters, input,
        out::Out,
        refusals::{Code, combination, endpoint_not_found, instance_not_found},
    },
};

const TAKES: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(10), SignedDuration::from_mins(2));

/// The lists that a call gives.
struct Lists {
    members: BTreeSet<String>,
    excluded: BTreeSet<String>,
}

impl Rds {
    pub(crate) fn modify_endpoint(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let id = input::stored(call, "DBClusterEndpointIdentifier")?;
        let lists = Lists::of(call)?;
        let endpoint = self.endpoints.get(&id);
        let endpoint = endpoint.ok_or_else(|| endpoint_not_found(&id))?;
        let cluster = self.named_cluster(&endpoint.cluster)?;
        clusters::in_state(&cluster, &["available", "backing-up"])?;
        modifiable(endpoint)?;
        for member in lists.members.iter().chain(&lists.excluded) {
            self.listable(member, &cluster)?;
        }
        self.endpoints
            .change(at.now, &id, |endpoint| lists.give(endpoint));
        self.begin_modification(&id, at);
        Ok(self.shown_endpoint(&id, at))
    }

    /// A member may be in a list in any state but on its way in or out.
    fn listable(&self, member: &str, cluster: &Cluster) -> Result<(), Refusal> {
        let named = cluster.members.iter().find(|one| *one == member);
        let instance = named.and_then(|id| self.instances.get(id));
        let instance = instance.ok_or_else(|| instance_not_found(member))?;
        if ["creating", "deleting"].contains(&instance.status.as_str()) {
            let why = format!("Instance {member} is in {} state.", instance.status);
            return Err(Code::InvalidInstanceState.because(why));
        }
        Ok(())
    }

    fn begin_modification(&mut self, id: &str, at: &mut At<'_>) {
        let ends = at.now + at.whim.between(TAKES);
        self.under_way.endpoints.begin(id, at.now, ends);
        at.agenda
            .note(ends, Change::EndpointModified(id.into()).into());
        let arn = self.endpoints.get(id).map(|endpoint| endpoint.arn.clone());
        at.effects.push(Effect::Other {
            operation: "ModifyDBClusterEndpoint".into(),
            subject: arn.unwrap_or_default(),
        });
    }

    fn shown_endpoint(&self, id: &str, at: &At<'_>) -> Out {
        Out::of(|out| {
            if let Some(endpoint) = self.endpoints.get(id) {
                endpoint.show(&endpoint.host(at.place), out);
            }
        })
    }

    /// The lists of a custom endpoint hold from now on.
    pub(crate) fn endpoint_modified(&mut self, id: &str, at: &At<'_>) {
        self.under_way.endpoints.end(id);
        self.endpoints.change(at.now, id, |endpoint| {
            endpoint.status = "available".into();
        });
    }
}

impl Lists {
    fn of(call: &Call) -> Result<Self, Refusal> {
        let list = |member| {
            let texts = input::texts(&call.input, member, "member");
            texts.map(str::to_ascii_lowercase).collect::<BTreeSet<_>>()
        };
        let (members, excluded) = (list("StaticMembers"), list("ExcludedMembers"));
        if members.is_empty() || excluded.is_empty() {
            return Ok(Self { members, excluded });
        }
        Err(combination(
            "You can't specify both static members and excluded members for a custom endpoint.",
        ))
    }

    /// One list takes the place of the other. An empty one is taken for none: the endpoint is
    /// modified for a while, and keeps what it had. <https://github.com/boto/boto3/issues/3058>
    fn give(self, endpoint: &mut ClusterEndpoint) {
        endpoint.status = "modifying".into();
        if !self.members.is_empty() || !self.excluded.is_empty() {
            endpoint.static_members = self.members;
            endpoint.excluded_members = self.excluded;
        }
    }
}

fn modifiable(endpoint: &ClusterEndpoint) -> Result<(), Refusal> {
    let ClusterEndpoint { id, status, .. } = endpoint;
    if status == "available" {
        return Ok(());
    }
    Err(Code::InvalidEndpointState.because(format!(
        "DBClusterEndpoint {id} is in {status} state but expected it to be available."
    )))
}
