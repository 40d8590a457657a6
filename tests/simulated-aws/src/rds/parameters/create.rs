//! `CreateDBClusterParameterGroup` and `ModifyDBClusterParameterGroup`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterParameterGroup.html>

use serde_json::Value;

use crate::{
    At, Call, Effect, Refusal,
    rds::{
        ParameterGroup, Rds,
        account::PARAMETER_GROUPS,
        ids, input,
        out::Out,
        parameters::{Kind, groups::show, known::find},
        refusals::{Code, combination, parameter_group_not_found},
        tags,
    },
};

/// No call changes more.
const MOST_PARAMETERS: usize = 20;

impl Rds {
    pub(crate) fn create_group(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let member = Kind::Cluster.member();
        let name = ids::new(call, member, ids::LONGEST_OF_OTHERS)?;
        let family = input::required(call, "DBParameterGroupFamily")?;
        let description = input::required(call, "Description")?;
        let tags = tags::of(call)?;
        self.room_for_group(&name)?;
        let group = ParameterGroup {
            description: description.into(),
            tags,
            ..ParameterGroup::new(at.place, "cluster-pg", &name, family)
        };
        let shown = Out::of(|out| {
            let show = |out: &mut Out| show(Kind::Cluster, &group, out);
            out.element("DBClusterParameterGroup", show);
        });
        changed(call, &name, at);
        self.cluster_parameter_groups.put(at.now, name, group);
        Ok(shown)
    }

    fn room_for_group(&self, name: &str) -> Result<(), Refusal> {
        if self.cluster_parameter_groups.get(name).is_some() {
            let why = format!("Parameter group {name} already exists");
            return Err(Code::ParameterGroupAlreadyExists.because(why));
        }
        if self.cluster_parameter_groups.len() >= PARAMETER_GROUPS {
            let why = format!("Cannot create more than {PARAMETER_GROUPS} parameter groups");
            return Err(Code::ParameterGroupQuota.because(why));
        }
        Ok(())
    }

    pub(crate) fn modify_group(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let name = Kind::Cluster.named(call)?;
        if self.cluster_parameter_groups.get(&name).is_none() {
            return Err(parameter_group_not_found(&name));
        }
        if name.starts_with("default.") {
            let why = format!("The default parameter group {name} can't be modified");
            return Err(Code::InvalidParameterGroupState.because(why));
        }
        let parameters = input::list(&call.input, "Parameters", "Parameter");
        if parameters.is_empty() || parameters.len() > MOST_PARAMETERS {
            let why = format!("From 1 to {MOST_PARAMETERS} parameters can be modified at once");
            return Err(Refusal::invalid(why));
        }
        let parameters = parameters.iter().map(parameter);
        let parameters = parameters.collect::<Result<Vec<_>, _>>()?;
        let set = |group: &mut ParameterGroup| group.parameters.extend(parameters);
        self.cluster_parameter_groups.change(at.now, &name, set);
        changed(call, &name, at);
        Ok(Out::of(|out| out.text(Kind::Cluster.member(), &name)))
    }
}

fn parameter(parameter: &Value) -> Result<(String, String), Refusal> {
    let text = |member| {
        let text = parameter.get(member).and_then(Value::as_str);
        text.ok_or_else(|| Refusal::missing(member))
    };
    let (name, value) = (text("ParameterName")?, text("ParameterValue")?);
    let known = find(name).ok_or_else(|| {
        let why = format!("Could not find parameter with name: {name}");
        Refusal::invalid(why)
    })?;
    match text("ApplyMethod")? {
        "immediate" if known.is_static => Err(combination(
            "cannot use immediate apply method for static parameter",
        )),
        "immediate" | "pending-reboot" => Ok((name.to_owned(), value.to_owned())),
        other => Err(Refusal::invalid(format!("Invalid apply method {other}"))),
    }
}

fn changed(call: &Call, name: &str, at: &mut At<'_>) {
    at.effects.push(Effect::Other {
        operation: call.operation.clone(),
        subject: at.place.arn("rds", &format!("cluster-pg:{name}")),
    });
}
