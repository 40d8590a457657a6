//! What the doctor sees of one secret.

use aurora_model::words::moment;
use aurora_sql::{Endpoint, SqlError};
use jiff::Timestamp;
use secrets::PENDING;

use super::rights;
use crate::{
    database::{Database, Session},
    decide::{
        Seen,
        doctor::{Door, Instance, Observation, Rules, Strategy, Version},
    },
    doors::{self, Doors},
    halt::Halt,
    policy,
    rotation::{Kept, Rotation},
    versions::Versions,
};

/// Everything [`examine`](crate::decide::doctor::examine) asks for.
pub(super) async fn at<D: Database>(rotation: &Rotation<'_, D>) -> Result<Observation, Halt> {
    let pending = rotation.unfinished().await?;
    let versions = Versions::read(rotation, rotation.current().await?, pending).await?;
    let credential = &versions.current.credential;
    let mut seen = without_doors(rotation, &versions);
    let (cluster, instances) = rotation.cluster_of(Some(credential)).await?;
    if doors::check(credential, &cluster, &instances, &rotation.policy).is_err() {
        seen.host_in_cluster = false;
        return Ok(seen);
    }
    let doors = Doors::of(&cluster, &instances)?;
    let past = past_grace(rotation, &seen);
    seen.instances = knock(rotation, &doors, &versions, past).await;
    if let Some((accounts, missing)) = rights::accounts(rotation, &doors, &versions).await? {
        seen.accounts = accounts;
        seen.rights_missing = missing;
    }
    Ok(seen)
}

fn without_doors<D: Database>(rotation: &Rotation<'_, D>, versions: &Versions) -> Observation {
    let secret = &rotation.secret;
    let now = rotation.call.now;
    let version = |kept: &Kept| Version {
        id: kept.id.clone(),
        created: kept.created.unwrap_or(now),
    };
    // A version that is pending and has no value yet is a rotation that has just begun, or was
    // given up before it had done anything.
    let unnamed = |id: &str| Version {
        id: id.into(),
        created: secret.changed.unwrap_or(now),
    };
    let pending = versions.pending.as_ref().map(version);
    let credential = &versions.current.credential;
    Observation {
        name: secret.name.clone(),
        user: credential.username().into(),
        strategy: strategy(&rotation.policy),
        rotation_enabled: secret.rotation_enabled == Some(true),
        interval: secret.rotation_rules.as_ref().and_then(|rules| {
            rules
                .after_days
                .map(|days| aurora_model::Span::hours(u32::from(days) * 24))
        }),
        next: secret.next_rotation,
        current: Some(version(&versions.current)),
        pending: pending.or_else(|| secret.holder(PENDING).map(unnamed)),
        previous: versions.previous.as_ref().map(version),
        moved: rotation.current_since(&versions.current),
        host: credential.host().into(),
        host_in_cluster: true,
        instances: vec![],
        accounts: None,
        rights_missing: vec![],
    }
}

fn strategy(policy: &policy::SecretPolicy) -> Strategy {
    match policy.strategy {
        _ if policy.superuser => Strategy::Superuser,
        policy::Strategy::DualPassword => Strategy::DualPassword,
        policy::Strategy::AlternatingUsers => Strategy::AlternatingUsers,
        policy::Strategy::SingleUser => Strategy::SingleUser,
    }
}

fn past_grace<D: Database>(rotation: &Rotation<'_, D>, seen: &Observation) -> bool {
    let (now, grace) = (rotation.call.now, rotation.policy.grace.duration());
    seen.moved
        .is_some_and(|moved: Timestamp| now.duration_since(moved) >= grace)
}

/// Tries the current version at each door; another one only where it matters, because each login
/// that is refused counts for `FAILED_LOGIN_ATTEMPTS` and stands in the server's log.
async fn knock<D: Database>(
    rotation: &Rotation<'_, D>,
    doors: &Doors,
    versions: &Versions,
    past: bool,
) -> Vec<Instance> {
    let mut instances = vec![];
    for (name, to, writer) in doors.all() {
        let current = door(rotation, to, Some(&versions.current)).await;
        let shut = current == Door::Shut;
        let retiring = writer
            && current == Door::Opens
            && past
            && versions.current.credential.masterarn().is_none()
            && !rotation.retired();
        let (pending, previous) = (versions.pending.as_ref(), versions.previous.as_ref());
        let pending = door(rotation, to, pending.filter(|_| shut)).await;
        let previous = match previous {
            Some(previous) if retiring => old(rotation, to, &versions.current, previous).await,
            previous => door(rotation, to, previous.filter(|_| shut)).await,
        };
        instances.push(Instance {
            name,
            writer,
            current,
            pending,
            previous,
        });
    }
    instances
}

/// The previous version at the writer's door, which the current one opens. A login that succeeds
/// sets MySQL's count of refused ones back: so the current one logs in before and afterwards, and
/// one run does this at a time.
/// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#failed-login-tracking>
async fn old<D: Database>(
    rotation: &Rotation<'_, D>,
    to: &Endpoint,
    current: &Kept,
    previous: &Kept,
) -> Door {
    let Ok(mut session) = rotation.open(to, &current.credential).await else {
        return Door::NotTried;
    };
    let mut previously = Door::NotTried;
    if rotation.lock(&mut session).await.is_ok() {
        previously = door(rotation, to, Some(previous)).await;
        if previously != Door::Opens {
            let _ = rotation.knock(to, &current.credential).await;
        }
    }
    session.close().await;
    previously
}

async fn door<D: Database>(
    rotation: &Rotation<'_, D>,
    to: &Endpoint,
    version: Option<&Kept>,
) -> Door {
    let Some(version) = version else {
        return Door::NotTried;
    };
    match rotation.knock(to, &version.credential).await {
        Ok(()) => Door::Opens,
        Err(SqlError::AccessDenied { .. }) => Door::Shut,
        Err(error) => Door::Unknown(error.to_string()),
    }
}

/// Nothing ails it: what there is to know all the same.
pub(super) fn well(seen: &Observation, rules: &Rules) -> String {
    let opens = seen
        .instances
        .iter()
        .filter(|one| one.current == Door::Opens)
        .count();
    let doors = format!(
        "AWSCURRENT (user {}) logs in on {opens} of {} instances",
        seen.user,
        seen.instances.len()
    );
    let old = seen
        .accounts
        .iter()
        .flatten()
        .any(|one: &Seen| one.secondary != crate::decide::Secondary::None);
    let until = seen
        .moved
        .and_then(|moved| moved.checked_add(rules.grace.duration()).ok());
    let kept = match until {
        Some(until) if old && until > rules.now => format!(
            "; the old password opens the door as well until {}",
            moment(until)
        ),
        _ => String::new(),
    };
    let next = seen.next.map_or_else(String::new, |next| {
        format!("; the next rotation is due by {}", moment(next))
    });
    format!("{doors}{kept}{next}")
}
