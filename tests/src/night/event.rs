//! The EVENT that MySQL itself has fired every night, and the table it keeps short: as an administrator
//! makes them and looks at them, with SQL.

use serde_json::{Value, json};

use super::servers;
use super::tonight::Tonight;
use crate::mysql::Mysql;

/// Its name.
pub const EVENT: &str = "shop.purge_sessions";
/// Who hands it over: a user that may do so, and no more.
pub const USER: &str = "events";
/// Its password.
pub const PASSWORD: &str = "known-to-import-events-alone";
/// When it fires.
pub const AT: (i8, i8) = (3, 30);
/// For how many days it keeps a session that has ended.
const DAYS: i64 = 7;
/// How long ago it was made, in days: long enough to fire next when this night is over.
const AGE: i64 = 400;
/// How many sessions there are. One in a hundred has not ended, and half of the others ended too long
/// ago.
const ROWS: i64 = 2_800;
/// How many seconds after the one before it each session ended.
const BETWEEN: i64 = 432;

/// The table, a copy of it, and the EVENT.
pub fn made(tonight: &Tonight) -> Vec<String> {
    let (hour, minute) = AT;
    let oldest = tonight.moment(tonight.ago(DAYS), hour, minute, 0);
    let first = tonight.moment(tonight.ago(AGE), hour, minute, 0);
    let [oldest, first] = [oldest, first].map(|time| time.strftime("%Y-%m-%d %H:%M:%S"));
    let (kept, hundreds) = (ROWS / 2, ROWS / 100);
    vec![
        "CREATE TABLE shop.sessions (id BIGINT UNSIGNED NOT NULL PRIMARY KEY, \
         user_id INT UNSIGNED NOT NULL, ended_at DATETIME, KEY by_end (ended_at))"
            .to_owned(),
        format!(
            "INSERT INTO shop.sessions \
             WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 99) \
             SELECT a.i * 100 + b.i, b.i, IF(b.i = 5, NULL, TIMESTAMPADD(SECOND, \
             (a.i * 100 + b.i - {kept}) * {BETWEEN}, '{oldest}')) FROM n a JOIN n b WHERE a.i < {hundreds}"
        ),
        "CREATE DATABASE beside; CREATE TABLE beside.sessions LIKE shop.sessions".to_owned(),
        "INSERT INTO beside.sessions SELECT * FROM shop.sessions".to_owned(),
        format!(
            "USE shop; SET time_zone = '+00:00'; CREATE DEFINER = {}@'%' EVENT {EVENT} \
             ON SCHEDULE EVERY 1 DAY STARTS '{first}' \
             DO DELETE FROM sessions WHERE ended_at < NOW() - INTERVAL {DAYS} DAY",
            servers::USER
        ),
    ]
}

/// What the EVENT's definer needs for it, what the job in its place will need, and the user that hands
/// it over, with the rights that README names.
pub async fn rights(server: &Mysql, jobs: &str) -> Vec<String> {
    let definer = servers::USER;
    let privileges = server.root("SHOW PRIVILEGES").await;
    let knows = |right: &str| privileges.iter().any(|row| row[0] == right);
    // Until MySQL 8.2, and in Aurora MySQL 3, it had another name.
    let another = ["SET_ANY_DEFINER", "SET_USER_ID"]
        .into_iter()
        .find(|right| knows(right));
    let another = another.expect("a right to name a definer");
    let create = format!("CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'");
    let grants = [
        format!("EVENT ON shop.* TO {definer}@'%', {jobs}@'%', {USER}@'%'"),
        format!("SELECT, DELETE ON shop.sessions TO {definer}@'%', {jobs}@'%'"),
        format!("SELECT ON nightshift.* TO {USER}@'%'"),
        format!("PROCESS, {another} ON *.* TO {USER}@'%'"),
        format!("SELECT (User, Host, account_locked) ON mysql.user TO {USER}@'%'"),
    ];
    let grants = grants.map(|grant| format!("GRANT {grant}"));
    std::iter::once(create).chain(grants).collect()
}

/// What the server says of its EVENTs: whether each fires, when it last did, and when anybody last
/// changed it.
pub async fn all(server: &Mysql) -> Value {
    let sql = "SELECT CONCAT(event_schema, '.', event_name), status, IFNULL(last_executed, 'never'), \
               last_altered FROM information_schema.events ORDER BY 1";
    let event = |row: &Vec<String>| json!({"name": row[0], "status": row[1], "executed": row[2], "altered": row[3]});
    server.root(sql).await.iter().map(event).collect()
}

/// Counts a table of sessions, with a digest of all that stands in it.
pub fn counted(table: &str) -> String {
    format!(
        "SELECT COUNT(*), BIT_XOR(CRC32(CONCAT_WS('|', id, user_id, IFNULL(ended_at, '-')))) FROM {table}"
    )
}

/// What the EVENT would have left: its own statement, at its own hour, on the copy of its table.
pub async fn would_leave(server: &Mysql, tonight: &Tonight) -> Vec<Vec<String>> {
    let definition = "SELECT event_definition FROM information_schema.events \
                      WHERE event_name = 'purge_sessions'";
    let statement = &server.root(definition).await[0][0];
    let (hour, minute) = AT;
    let time = tonight.at(hour, minute, 0).as_second();
    let then = format!("USE beside; SET time_zone = '+00:00', timestamp = {time}; {statement}");
    server.root(&then).await;
    server.root(&counted("beside.sessions")).await
}
