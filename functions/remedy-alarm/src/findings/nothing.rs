//! Where nothing stands out: what was looked at, what that means for the alarm, and where to look next.

use std::collections::BTreeSet;

use super::{
    Draft, Kind, Scene,
    load::{used, used_percent},
    say,
};
use crate::trouble::Trouble;

/// One for each kind of alarm that rings.
pub(super) fn drafts(scene: Scene<'_>) -> impl Iterator<Item = Draft> {
    let ringing = scene.seen.ringing.iter().map(|alarm| alarm.trouble);
    let mut troubles: BTreeSet<Trouble> = ringing.collect();
    if troubles.is_empty() {
        troubles.insert(Trouble::Other);
    }
    let mut looked = Some(looked(scene));
    troubles.into_iter().map(move |trouble| {
        let (means, next) = advice(trouble);
        // Said once, however many alarms ring.
        let looked = looked.take().map(|looked| format!("{looked} "));
        Draft {
            kind: Kind::Nothing,
            instance: String::new(),
            session: None,
            evidence: 0,
            said: format!(
                "{}What that means for an alarm about {}: {means}",
                looked.unwrap_or_default(),
                trouble.words()
            ),
            next: next.into(),
        }
    })
}

/// What was looked at.
fn looked(scene: Scene<'_>) -> String {
    let mut servers: Vec<String> = scene
        .seen
        .looks()
        .map(|(server, look)| {
            let percent = used_percent(look).map(|percent| format!(" ({percent} %)"));
            format!(
                "{} with {}{}",
                say::name(&server.instance),
                say::counted(used(look), "connection"),
                percent.unwrap_or_default(),
            )
        })
        .collect();
    servers.sort();
    if servers.is_empty() {
        return "Nothing stands out in what RDS says; the database was not looked into.".into();
    }
    format!(
        "Nothing stands out on {}: no statement, transaction or lock wait older than {}, and no form of statements that takes most of the time.",
        servers.join(", "),
        scene.policy.long
    )
}

/// What it means that nothing stands out, and the next step that AWS documents.
const fn advice(trouble: Trouble) -> (&'static str, &'static str) {
    match trouble {
        Trouble::Cpu => (
            "the load is of many short statements, or over already.",
            "Database Insights (Performance Insights) shows the load of the last hours by SQL and by wait: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights.UsingDashboard.html If it is simply more than usual, the instance is too small for it, or a reader is missing.",
        ),
        Trouble::Memory => (
            "what holds memory is the server itself, or many sessions a little each.",
            "SELECT * FROM sys.memory_global_by_current_bytes LIMIT 10; tells what it is held for. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-workload-memory.html",
        ),
        Trouble::Connections => (
            "those who held the connections have gone again, or are spread over many.",
            "Compare the chart with the times of deployments. AWS on the limit: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Performance.html",
        ),
        Trouble::ReadLatency => (
            "reads are many rather than long, or their pages are not in the buffer pool.",
            "See BufferCacheHitRatio and ReadIOPS next to the chart, then Top SQL in Database Insights; the slow query log has each statement beyond long_query_time: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Concepts.MySQL.html",
        ),
        Trouble::WriteLatency => (
            "writes are many rather than long, or their commits wait for the volume.",
            "See CommitThroughput and WriteIOPS next to the chart, then the waits in Database Insights: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Managing.Tuning.html",
        ),
        Trouble::ReplicaLag => (
            "the readers have caught up, or what was written to make them late is done.",
            "Compare the chart with write load on the writer and with the readers' class. AWS on it: https://repost.aws/knowledge-center/aurora-read-replica-restart",
        ),
        Trouble::Volume => (
            "the tables that grew were not looked at, or the volume grew slowly.",
            "SELECT NAME, FILE_SIZE FROM information_schema.INNODB_TABLESPACES ORDER BY FILE_SIZE DESC LIMIT 10; tells the largest. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Performance.html",
        ),
        Trouble::Deadlocks => (
            "none was counted since the server was started, or they could not be counted.",
            "SHOW ENGINE INNODB STATUS; tells of the last one; with innodb_print_all_deadlocks = 1 the error log tells of each.",
        ),
        Trouble::HistoryList => (
            "purge is not held up by a transaction that could be seen; it is behind what is written.",
            "Look for open transactions on every instance, and for much that is written at once. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html",
        ),
        Trouble::LongTransaction => (
            "the transaction has ended, or is on an instance that was not looked into.",
            "SELECT trx_mysql_thread_id, trx_started FROM information_schema.INNODB_TRX ORDER BY trx_started LIMIT 10; on each instance tells the oldest ones.",
        ),
        Trouble::Idle => (
            "the applications have nothing to do, were stopped, or do not reach it.",
            "Log in from where an application runs, and look when they were last deployed. If the alarm is one by which readers are taken away, name it in policy.ignore.",
        ),
        Trouble::Other => (
            "what it watches is not explained by what the servers do now.",
            "Look at the metric next to the events of the cluster (RDS console, Logs & events) and to the load in Database Insights.",
        ),
    }
}
