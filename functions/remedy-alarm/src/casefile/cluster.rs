//! What is told of the cluster as a whole.

use std::cmp::Reverse;

use aurora::RdsEvent;
use aurora_model::{Section, words::moment};

use super::{Server, cut, section};
use crate::{
    database::look::Applier,
    findings::{
        Scene,
        replicas::{LATE, lags},
        say,
        state::gaps::told,
        storage::oldest,
    },
    trouble::Trouble,
};

/// A history list that is worth a line.
const WORTH_A_LINE: u64 = 10_000;

/// How far readers and replicas are behind, where one is or an alarm says so.
pub(super) fn lag(scene: Scene<'_>, servers: &[Server<'_>]) -> Section {
    let lags = lags(servers.iter().map(|server| server.look));
    let mut lags: Vec<(&str, u64)> = lags.into_iter().collect();
    lags.sort_by_key(|(reader, lag)| (Reverse(*lag), *reader));
    let late = lags.iter().any(|(_, lag)| *lag >= LATE);
    let readers = lags.into_iter().map(|(reader, lag)| {
        format!(
            "{} is {} behind the writer",
            say::name(reader),
            say::short(lag)
        )
    });
    let mut lines = cut(readers.collect(), scene.rows());
    lines.retain(|_| late || scene.rings(Trouble::ReplicaLag));
    let appliers = servers.iter().filter_map(|server| {
        let applier = server.look.applier.as_ref()?;
        Some(replicates(&server.seen.instance, applier))
    });
    lines.extend(cut(appliers.collect(), scene.rows()));
    section("Replica lag".into(), lines)
}

fn replicates(instance: &str, applier: &Applier) -> String {
    let Applier {
        behind,
        receiving,
        applying,
        error,
    } = applier;
    let behind = behind.map_or_else(
        || "it is not known how far".into(),
        |behind| say::short(say::micros(behind)),
    );
    let runs = |runs: bool| if runs { "runs" } else { "is stopped" };
    let error = match error {
        0 => String::new(),
        error => format!(", last error {error}"),
    };
    format!(
        "{} is behind its source: {behind}; its receiver {}, its applier {}{error}",
        say::name(instance),
        runs(*receiving),
        runs(*applying),
    )
}

/// How many row versions purge has still to remove, where that is worth a line.
pub(super) fn history(scene: Scene<'_>, servers: &[Server<'_>]) -> Section {
    let asked = scene.rings(Trouble::HistoryList);
    let lines = servers.iter().filter_map(|server| {
        let worth = |length: &u64| *length >= WORTH_A_LINE || (asked && server.seen.writer);
        let length = server.look.history.filter(worth)?;
        let oldest = oldest(scene, server.seen, server.look).map(|(on, session)| {
            let open = session.transaction.as_ref().map_or(0, |it| it.seconds);
            format!(
                "; the oldest transaction is of {} on {}, open for {}",
                say::who(session),
                say::name(&on.instance),
                say::age(open)
            )
        });
        let instance = say::name(&server.seen.instance);
        let length = say::grouped(length);
        Some(format!(
            "{instance}: {length}{}",
            oldest.unwrap_or_default()
        ))
    });
    section("History list".into(), cut(lines.collect(), scene.rows()))
}

/// What could not be read.
pub(super) fn gaps(servers: &[Server<'_>]) -> Section {
    let lines = servers.iter().flat_map(|server| {
        let on = say::name(&server.seen.instance);
        told(server.look)
            .into_iter()
            .map(move |gap| format!("{on}: {gap}"))
    });
    section("What could not be read".into(), lines.collect())
}

/// What RDS says has happened, the latest first: a failover explains much.
pub(super) fn events(scene: Scene<'_>) -> Section {
    let events = scene.seen.events.iter().rev();
    let line = |event: &RdsEvent| {
        let source = say::name(&event.source);
        format!("{} {source}: {}", moment(event.at), event.message)
    };
    let lines = cut(events.map(line).collect(), scene.rows());
    section("What RDS did within a day".into(), lines)
}
