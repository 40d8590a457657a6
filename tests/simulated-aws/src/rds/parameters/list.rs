//! `DescribeDBClusterParameters` and `DescribeDBParameters`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterParameters.html>

use std::{collections::BTreeMap, sync::Arc};

use crate::{
    At, Call, Refusal,
    rds::{
        ParameterGroup, Rds,
        filters::Filters,
        out::Out,
        paging::Page,
        parameters::{
            Kind,
            known::{KNOWN, Known},
        },
        refusals::parameter_group_not_found,
    },
};

impl Rds {
    pub(crate) fn describe_parameters(
        &self,
        kind: Kind,
        call: &Call,
        at: &At<'_>,
    ) -> Result<Out, Refusal> {
        let page = Page::of(call, at)?;
        let filters = Filters::of(call, at.place, &["parameter-name"])?;
        let source = source(call)?;
        let name = kind.named(call)?;
        let group = self.groups(kind).as_of(at.shown).get(&name);
        let group = group.ok_or_else(|| parameter_group_not_found(&name))?;
        let parameters: BTreeMap<_, _> = of_group(group).collect();
        let wanted = |parameter: &Parameter<'_>| {
            filters.pass("parameter-name", parameter.known.name)
                && source.is_none_or(|source| source == parameter.source())
        };
        let list = ("Parameters", "Parameter");
        Ok(page.show(list, &parameters, wanted, Parameter::show))
    }
}

/// A parameter, with the value its group gives it.
struct Parameter<'a> {
    known: &'static Known,
    set: Option<&'a String>,
}

impl Parameter<'_> {
    const fn source(&self) -> &'static str {
        match self.set {
            Some(_) => "user",
            None => "engine-default",
        }
    }

    fn show(&self, out: &mut Out) {
        let Known {
            name,
            is_static,
            kind,
            allowed,
            default,
        } = self.known;
        out.text("ParameterName", name);
        if let Some(value) = self.set.map(String::as_str).or(*default) {
            out.text("ParameterValue", value);
        }
        if let Some(allowed) = allowed {
            out.text("AllowedValues", allowed);
        }
        out.text("DataType", kind);
        out.text("ApplyType", if *is_static { "static" } else { "dynamic" });
        out.text("ApplyMethod", "pending-reboot");
        out.plain("IsModifiable", true);
        out.text("Source", self.source());
    }
}

fn of_group(group: &ParameterGroup) -> impl Iterator<Item = (String, Arc<Parameter<'_>>)> {
    KNOWN.iter().map(|known| {
        let set = group.parameters.get(known.name);
        (known.name.to_owned(), Arc::new(Parameter { known, set }))
    })
}

fn source(call: &Call) -> Result<Option<&str>, Refusal> {
    match call.text("Source") {
        None => Ok(None),
        Some(source @ ("user" | "system" | "engine-default")) => Ok(Some(source)),
        Some(other) => Err(Refusal::invalid(format!(
            "Invalid parameter source {other}"
        ))),
    }
}
