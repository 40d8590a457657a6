//! What the server keeps: old row versions, memory, tables; and its deadlocks.

use super::{
    Draft, Kind, Scene, say,
    weight::{WHOLE, evidence},
};
use crate::{
    database::look::{Look, Session},
    observation::Seen,
    trouble::Trouble,
};

/// From such a length on purge is behind, whatever rings; and one at which AWS calls it a problem.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html>
const LONG_HISTORY: u64 = 100_000;
const HARMFUL_HISTORY: u64 = 1_000_000;
/// How many accounts or tables a sentence names.
const NAMED: usize = 3;

pub(super) fn drafts(scene: Scene<'_>, seen: &Seen, look: &Look) -> Vec<Draft> {
    let drafts = [
        history(scene, seen, look),
        deadlocks(scene, seen, look),
        memory(scene, seen, look),
        tables(scene, seen, look),
    ];
    drafts.into_iter().flatten().collect()
}

fn draft(kind: Kind, seen: &Seen, evidence: u16, said: String, next: &str) -> Draft {
    Draft {
        kind,
        instance: seen.instance.clone(),
        session: None,
        evidence,
        said,
        next: next.into(),
    }
}

/// The session whose transaction has been open for longest, with its server. On Aurora that of any instance
/// counts: they have one volume.
pub(crate) fn oldest<'a>(
    scene: Scene<'a>,
    seen: &Seen,
    look: &Look,
) -> Option<(&'a Seen, &'a Session)> {
    let servers = scene.seen.looks();
    let servers = servers.filter(|(it, _)| look.aurora || it.instance == seen.instance);
    let sessions =
        servers.flat_map(|(server, look)| look.sessions.iter().map(move |it| (server, it)));
    let open = sessions.filter(|(_, session)| session.transaction.is_some());
    open.max_by_key(|(server, session)| {
        let open = session.transaction.as_ref().map(|it| it.seconds);
        (open, std::cmp::Reverse((&server.instance, session.id)))
    })
}

fn history(scene: Scene<'_>, seen: &Seen, look: &Look) -> Option<Draft> {
    let length = look.history?;
    let asked = scene.rings(Trouble::HistoryList) && look.writable;
    if length < LONG_HISTORY && !asked {
        return None;
    }
    let on = say::name(&seen.instance);
    let begin = format!("The history list on {on} is {} long", say::grouped(length));
    let oldest = oldest(scene, seen, look).filter(|(_, session)| {
        let open = session.transaction.as_ref();
        open.is_some_and(|open| open.seconds >= scene.long())
    });
    let (said, cure) = match oldest {
        Some((server, session)) => (
            format!(
                "{begin}: purge keeps what the oldest transaction may still read. That is of {} on {}, open for {}.",
                say::who(session),
                say::name(&server.instance),
                say::age(session.transaction.as_ref().map_or(0, |it| it.seconds)),
            ),
            "That transaction must end.",
        ),
        None => (
            format!(
                "{begin}, and no transaction has been open for {} where it was looked: purge is behind what is written.",
                scene.policy.long
            ),
            "Let less be written at once: the list grows shorter by itself.",
        ),
    };
    let next = format!(
        "{cure} Until the list is short again, do not restart or upgrade: that takes the longer. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html"
    );
    let evidence = evidence(length, HARMFUL_HISTORY);
    Some(draft(Kind::HistoryList, seen, evidence, said, &next))
}

fn deadlocks(scene: Scene<'_>, seen: &Seen, look: &Look) -> Option<Draft> {
    let number = look.deadlocks.filter(|number| *number > 0)?;
    if !scene.rings_on(Trouble::Deadlocks, &seen.instance) {
        return None;
    }
    let said = format!(
        "{} has had {} since it was started {} ago. Of each, InnoDB rolled one transaction back, whose application got error 1213.",
        say::name(&seen.instance),
        say::counted(number, "deadlock"),
        say::age(look.up),
    );
    let next = "SHOW ENGINE INNODB STATUS; tells of the last one, who wanted which lock. With innodb_print_all_deadlocks = 1 in the cluster's parameter group, which needs no restart, the error log tells of each. The cure is in the applications: take locks in one order, keep transactions short, try again on 1213.";
    Some(draft(Kind::Deadlocks, seen, WHOLE / 2, said, next))
}

fn memory(scene: Scene<'_>, seen: &Seen, look: &Look) -> Option<Draft> {
    if look.memory.is_empty() || !scene.rings_on(Trouble::Memory, &seen.instance) {
        return None;
    }
    let said = format!(
        "On {}, as far as performance_schema counts it, memory is held by {}.",
        say::name(&seen.instance),
        named(&look.memory),
    );
    let next = "SELECT * FROM sys.memory_by_thread_by_current_bytes LIMIT 10; tells which connections hold it, SELECT * FROM sys.memory_global_by_current_bytes LIMIT 10; what for. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-workload-memory.html";
    Some(draft(Kind::Memory, seen, share(&look.memory), said, next))
}

fn tables(scene: Scene<'_>, seen: &Seen, look: &Look) -> Option<Draft> {
    if look.tables.is_empty() || !scene.rings(Trouble::Volume) {
        return None;
    }
    let said = format!("The largest tables are {}.", named(&look.tables));
    let next = "DELETE gives no space back to the volume; DROP TABLE, TRUNCATE TABLE, DROP PARTITION and OPTIMIZE TABLE do. What may go by its age, run-job can purge. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Performance.html";
    Some(draft(Kind::Tables, seen, share(&look.tables), said, next))
}

/// Names by their bytes, the largest first.
pub(crate) fn largest(sizes: &[(String, u64)]) -> Vec<(&str, u64)> {
    let mut largest: Vec<(&str, u64)> = sizes.iter().map(|it| (it.0.as_str(), it.1)).collect();
    largest.sort_by_key(|(name, bytes)| (std::cmp::Reverse(*bytes), *name));
    largest
}

fn named(sizes: &[(String, u64)]) -> String {
    let largest = largest(sizes).into_iter().take(NAMED);
    let named =
        largest.map(|(name, bytes)| format!("{} ({})", say::object(name), say::size(bytes)));
    named.collect::<Vec<_>>().join(", ")
}

/// How much of all the largest has, as evidence.
fn share(sizes: &[(String, u64)]) -> u16 {
    let whole = sizes.iter().fold(0_u64, |sum, it| sum.saturating_add(it.1));
    let largest = largest(sizes).first().map_or(0, |it| it.1);
    evidence(largest, whole)
}
