//! Sessions that are never ended, whatever a policy says.

use crate::{database::look::Session, observation::Observation};

/// Users of the server itself, of Aurora and of RDS.
/// <https://dev.mysql.com/doc/refman/8.0/en/reserved-accounts.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Security.html>
const OF_THE_SYSTEM: [&str; 8] = [
    "system user",
    "event_scheduler",
    "rdsadmin",
    "rdsrepladmin",
    "rdsproxyadmin",
    "rdstopmgr",
    "rdswriteforwarduser",
    "rds_superuser_role",
];
/// What a client of ours calls itself.
const NIGHTSHIFT: &str = "nightshift";

/// Why the session is never ended; `None` where it may be.
#[must_use]
pub fn protected(session: &Session, seen: &Observation) -> Option<String> {
    if let Some(why) = of_the_system(session) {
        return Some(why);
    }
    let same = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
    let user = session.user.as_deref()?;
    if seen
        .cluster
        .master
        .as_deref()
        .is_some_and(|it| same(it, user))
    {
        return Some(format!("{user} is the master user"));
    }
    let own = seen.own_users.iter().any(|it| same(it, user));
    if own || session.program.as_deref() == Some(NIGHTSHIFT) {
        return Some("it is Nightshift's own".into());
    }
    None
}

/// Why not even a person should end the session.
#[must_use]
pub fn of_the_system(session: &Session) -> Option<String> {
    let user = session.user.as_deref();
    let Some(user) = user.filter(|user| !user.is_empty()) else {
        return Some("it has no user: it is a thread of the server, or nobody knows whose".into());
    };
    if replicates(&session.command) {
        return Some("it replicates".into());
    }
    let mut system = OF_THE_SYSTEM.iter();
    let system = system.any(|it| it.eq_ignore_ascii_case(user)) || user.starts_with("mysql.");
    system.then(|| format!("{user} is a user of the system"))
}

/// Commands of threads that no client waits for an answer of.
/// <https://dev.mysql.com/doc/refman/8.0/en/thread-commands.html>
fn replicates(command: &str) -> bool {
    let of_replication = ["Binlog Dump", "Connect", "Daemon", "Register", "Table Dump"];
    let mut of_replication = of_replication.iter();
    of_replication.any(|start| command.starts_with(start))
}
