//! What RDS says of the cluster and its instances, and what could not be read.

pub(crate) mod gaps;
mod status;

use aurora_sql::NO_CONNECTION_LEFT;

use self::status::Stand;
use super::{Draft, Kind, Scene, say, weight::WHOLE};
use crate::{
    database::look::Look,
    observation::{Observation, Seen},
    trouble::Trouble,
};

/// A server that was started since then has been restarted.
const A_SHORT_WHILE: u64 = 600;
/// Why a server could not be looked into.
const REASON_CHARS: usize = 300;

pub(super) fn drafts(scene: Scene<'_>) -> Vec<Draft> {
    let seen = scene.seen;
    let mut drafts: Vec<Draft> = cluster(seen).into_iter().collect();
    drafts.extend(seen.instances.iter().filter_map(instance));
    for server in &seen.servers {
        match &server.look {
            Ok(look) => {
                drafts.extend(roles(server, look));
                drafts.extend(restarted(server, look));
                drafts.extend(gaps::draft_of(scene, server, look));
            }
            Err(why) => drafts.push(unreachable(scene, server, why)),
        }
    }
    drafts.extend(gaps::blind(scene));
    drafts
}

fn draft(kind: Kind, instance: &str, said: String, next: String) -> Draft {
    Draft {
        kind,
        instance: instance.into(),
        session: None,
        evidence: 0,
        said,
        next,
    }
}

fn cluster(seen: &Observation) -> Option<Draft> {
    let (id, status) = (say::name(&seen.cluster.id), &seen.cluster.status);
    let events = events("db-cluster", &seen.cluster.id);
    Some(match status::of_cluster(status) {
        Stand::Serves => return None,
        Stand::FailsOver => draft(
            Kind::Failover,
            "",
            format!(
                "{id} fails over: RDS is making a reader its writer. Writes fail until that is done, usually within a minute."
            ),
            format!("Wait for it, then see that applications have found the new writer. {events}"),
        ),
        Stand::Down => draft(
            Kind::NotAvailable,
            "",
            format!(
                "RDS says that the cluster {id} is {}: it takes no statements.",
                say::name(&status.to_string())
            ),
            format!("If nobody in the team meant it, find out who did. {events}"),
        ),
        Stand::Changing => draft(
            Kind::Changing,
            "",
            format!(
                "RDS says that the cluster {id} is {}.",
                say::name(&status.to_string())
            ),
            events,
        ),
    })
}

fn instance(instance: &aurora_model::Instance) -> Option<Draft> {
    let (id, status) = (
        say::name(&instance.id),
        say::name(&instance.status.to_string()),
    );
    let events = events("db-instance", &instance.id);
    Some(match status::of_instance(&instance.status) {
        Stand::Serves => return None,
        Stand::Down | Stand::FailsOver => draft(
            Kind::NotAvailable,
            &instance.id,
            format!("RDS says that {id} is {status}: it takes no statements."),
            format!("If nobody in the team meant it, find out why. {events}"),
        ),
        Stand::Changing => draft(
            Kind::Changing,
            &instance.id,
            format!("RDS says that {id} is {status}."),
            events,
        ),
    })
}

/// RDS keeps events for two weeks.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeEvents.html>
fn events(kind: &str, id: &str) -> String {
    format!(
        "What RDS did: aws rds describe-events --source-type {kind} --source-identifier {} --duration 180",
        say::name(id)
    )
}

/// RDS and the server do not agree on whether it is the writer. Only Aurora's readers are known to take no
/// writes.
fn roles(server: &Seen, look: &Look) -> Option<Draft> {
    let on = say::name(&server.instance);
    let said = match (server.writer, look.writable) {
        (true, false) => format!("RDS calls {on} the writer, and it takes no writes"),
        (false, true) if look.aurora => format!("RDS calls {on} a reader, and it takes writes"),
        _ => return None,
    };
    Some(draft(
        Kind::Failover,
        &server.instance,
        format!("{said}: a failover is going on, or was a moment ago."),
        format!(
            "Wait a minute, then see that applications write to the new writer. {}",
            events("db-instance", &server.instance)
        ),
    ))
}

fn restarted(server: &Seen, look: &Look) -> Option<Draft> {
    let on = say::name(&server.instance);
    (look.up < A_SHORT_WHILE).then(|| {
        draft(
            Kind::Restarted,
            &server.instance,
            format!("{on} was started {} ago; its buffer pool may be cold, and what was counted before is lost.", say::age(look.up)),
            format!("If nobody restarted it, it crashed or failed over. {}", events("db-instance", &server.instance)),
        )
    })
}

fn unreachable(scene: Scene<'_>, server: &Seen, why: &str) -> Draft {
    let on = say::name(&server.instance);
    let full = why.contains(NO_CONNECTION_LEFT);
    let means = if full {
        "All its connections are used: applications get no new one either."
    } else {
        "Either it serves nobody, and applications fail as well, or it is only Nightshift that does not get in."
    };
    let secret = scene.policy.database.as_ref();
    let secret = secret.map_or_else(String::new, |it| format!(" ({})", say::name(&it.secret)));
    let evidence = if full && scene.rings(Trouble::Connections) {
        WHOLE
    } else {
        0
    };
    Draft {
        evidence,
        ..draft(
            Kind::Unreachable,
            &server.instance,
            format!(
                "{on} could not be looked into: {}. {means}",
                aurora_model::words::clip(why, REASON_CHARS)
            ),
            format!(
                "Log in from where an application runs. If that works, check the security group and the subnets of the function remedy-alarm, and the secret of policy.database{secret}. If it fails too, the server is the trouble. {}",
                events("db-instance", &server.instance)
            ),
        )
    }
}
