//! The calls of a search against the functions' roles.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use iam_evaluation::{RecordedCall, Role, Roles};
use simulated_aws::Service;
use simulator::{
    script::REMEDIES,
    search::{Sample, Shape, Tally},
};

/// The calls that the role of the function that made them does not allow, one sentence each.
/// `file` holds what `tests/infra/roles.py` prints.
pub fn denied(file: &Path, tally: &Tally) -> Vec<String> {
    let read = fs::read_to_string(file).map_err(|error| error.to_string());
    let roles = read.and_then(|text| Roles::parse(&text).map_err(|error| error.to_string()));
    let roles = match roles {
        Ok(roles) => roles,
        Err(error) => return vec![format!("{}: {error}", file.display())],
    };
    let judged = tally
        .samples
        .iter()
        .flat_map(|(shape, sample)| judged(&roles, shape, sample));
    let unique: BTreeSet<String> = judged.collect();
    unique.into_iter().collect()
}

/// In each deployment of the function that has an inbox, as the simulated one has, may move EVENTs
/// where one is moved, and has the secrets of remedy-alarm where one is read.
fn judged(roles: &Roles, shape: &Shape, sample: &Sample) -> Vec<String> {
    let deployments = match roles.deployments(shape.function) {
        Ok(deployments) => deployments,
        Err(error) => return vec![error.to_string()],
    };
    let needs: &[&str] = match (shape.function, sample.call.service) {
        (_, Service::Scheduler) if sample.call.operation == "UpdateSchedule" => &["MovesEvents"],
        (REMEDIES, Service::SecretsManager) => &["HasDatabaseSecret", "HasRemedySecret"],
        _ => &[],
    };
    let fit = |role: &&Role| role.inbox().is_some() && needs.iter().all(|it| role.has(it));
    let with_inbox = deployments.iter().filter(fit);
    with_inbox.filter_map(|role| judge(role, sample)).collect()
}

fn judge(role: &Role, sample: &Sample) -> Option<String> {
    let mut params = sample.call.flat();
    if let (Some(id), Some((end, _))) = (params.get_mut("SecretId"), &sample.resource)
        && !id.starts_with("arn:")
    {
        let place = role.place();
        let (region, account) = (&place.region, &place.account);
        *id = format!("arn:aws:secretsmanager:{region}:{account}:secret:{end}");
    }
    let tags_of = |arn: &str| {
        let (id, tags) = sample.resource.as_ref()?;
        arn.ends_with(&format!(":{id}"))
            .then(|| tags.clone().into_iter().collect::<BTreeMap<_, _>>())
    };
    let call = RecordedCall {
        service: sample.call.service.prefix(),
        operation: &sample.call.operation,
        params: &params,
        place: role.place(),
        tags_of: &tags_of,
    };
    role.judge(&call).err().map(|denied| denied.to_string())
}
