//! Trouble on one of the clusters: a report that forgets its transaction, a checkout that waits for what
//! it has locked, and the alarm that this sets off.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

use super::past::ORDERS;
use super::run::{Woken, set_in_motion};
use super::servers::Servers;
use crate::cloud::Ministack;
use crate::mysql::Mysql;

/// The user that forgets its transaction.
pub const REPORTS: &str = "reports";
/// The user that waits for it.
pub const CHECKOUT: &str = "checkout";
/// The secret of the user that looks, and its password.
pub const LOOK: (&str, &str) = ("tech-n-ai/look", "known-to-remedy-alarm-to-look");
/// The secret of the user that ends sessions, and its password.
pub const END: (&str, &str) = ("tech-n-ai/end", "known-to-remedy-alarm-to-end");
/// A customer's value in the report's statement, which is to be in no mail.
pub const VALUE: &str = "jane.doe@example.com";
/// Its tags on the cluster, in which it remembers what the team was told, and when it ended somebody.
pub const NOTES: [&str; 2] = ["nightshift:episode", "nightshift:remedied"];

/// How long a session must have slept in a transaction. The least that a policy may say.
const LONG: Duration = Duration::from_secs(10);
/// The applications are given that long to get on with what was in their way.
const AT_ONCE: Duration = Duration::from_secs(1);
/// No wait of this night takes so long.
const LIMIT: Duration = Duration::from_secs(20);
/// How long the history list has become: so long that the alarm of the template's goes off.
const HIGH: f64 = 1_640_000.0;
/// How long it is on a good night.
const LOW: f64 = 900.0;
/// For so many minutes it has grown.
const GROWN: i32 = 75;

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The report begins a transaction and forgets it, and the checkout comes to wait.
    Begins,
    /// `CloudWatch` sees what became of it.
    Rings,
    /// The metric is well again.
    Over,
}

/// The two applications.
#[derive(Default)]
pub struct Trouble(Mutex<State>);

#[derive(Default)]
struct State {
    asleep: Option<(Instant, Conn)>,
    waiting: Option<JoinHandle<Result<(), mysql_async::Error>>>,
    became: Option<Became>,
}

/// What became of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Became {
    /// Whether the report still had its session.
    pub sleeps: bool,
    /// Whether the checkout had got what it waited for.
    pub served: bool,
    /// What the checkout's row says in the end.
    pub basket: String,
}

/// The table, the applications, and the two users of the function, with the rights that README names.
/// The procedures are Aurora's own.
pub fn made() -> Vec<String> {
    let look = [
        "PROCESS, REPLICATION CLIENT ON *.*",
        "SELECT ON performance_schema.*",
        "SELECT ON nightshift.*",
    ];
    let end = [look[0], look[1], "CONNECTION_ADMIN ON *.*"];
    let basket = ["SELECT, UPDATE ON shop.baskets"];
    let mut all = vec![
        "CREATE TABLE shop.baskets (id INT PRIMARY KEY, note VARCHAR(60) NOT NULL)".to_owned(),
        "INSERT INTO shop.baskets VALUES (1, 'full'), (2, 'empty')".to_owned(),
    ];
    all.extend(user((REPORTS, REPORTS), &basket));
    all.extend(user((CHECKOUT, CHECKOUT), &basket));
    all.extend(user(("look", LOOK.1), &look));
    all.extend(user(("end", END.1), &end));
    all
}

fn user((name, password): (&str, &str), rights: &[&str]) -> Vec<String> {
    let create = format!("CREATE USER {name}@'%' IDENTIFIED BY '{password}'");
    let grant = |right: &&str| format!("GRANT {right} TO {name}@'%'");
    std::iter::once(create)
        .chain(rights.iter().map(grant))
        .collect()
}

/// What the team wants of remedy-alarm.
pub fn policy(ca: &str) -> Value {
    json!({
        "cluster": ORDERS, "long": "5s",
        "database": {"secret": LOOK.0, "ca": ca},
        "remedies": {
            "secret": END.0,
            "idle_transactions": {
                "longer_than": format!("{}s", LONG.as_secs()), "only": {"users": [REPORTS]},
            },
        },
        // The night is over already when it is played.
        "expire_after": "12h",
    })
}

impl Trouble {
    /// Lets it happen.
    pub async fn happen(&self, servers: &Servers, ministack: &Ministack, event: Event) -> Woken {
        let state = &mut *self.0.lock().await;
        let [writer, _] = servers.both();
        match event {
            Event::Begins => {
                *state = begin(writer).await;
                Woken::default()
            }
            Event::Rings => {
                let since = state.asleep.as_ref().map(|(since, _)| *since);
                sleep_until(since.unwrap_or_else(Instant::now) + LONG + AT_ONCE).await;
                set_in_motion(ministack, grows(ministack)).await
            }
            Event::Over => {
                state.became = Some(end(state, writer).await);
                let well = [(Timestamp::now(), LOW)];
                set_in_motion(ministack, ministack.history_list(ORDERS, &well)).await
            }
        }
    }

    /// What became of them, once it is over.
    pub async fn became(&self) -> Option<Became> {
        self.0.lock().await.became.clone()
    }
}

async fn begin(writer: &Mysql) -> State {
    let mut report = login(writer, REPORTS).await;
    let update = |note: &str| format!("UPDATE shop.baskets SET note = '{note}' WHERE id = 1");
    for sql in ["USE shop", "BEGIN", &update(VALUE)] {
        report.query_drop(sql).await.expect("the report's right");
    }
    let mut checkout = login(writer, CHECKOUT).await;
    let paid = update("paid");
    let waiting = tokio::spawn(async move {
        let patient = "SET innodb_lock_wait_timeout = 300";
        checkout.query_drop(patient).await?;
        checkout.query_drop(paid).await
    });
    State {
        asleep: Some((Instant::now(), report)),
        waiting: Some(waiting),
        became: None,
    }
}

/// By the last of these the alarm goes off.
async fn grows(ministack: &Ministack) {
    let now = Timestamp::now();
    let point = |minutes: i32| {
        let part = f64::from((GROWN - minutes).max(0)) / f64::from(GROWN);
        let ago = SignedDuration::from_mins(minutes.into());
        (now - ago, LOW + (HIGH - LOW) * part)
    };
    // The alarm's own period has the last one only.
    let past: Vec<_> = (1..36).rev().map(|fifth| point(5 * fifth + 1)).collect();
    ministack.history_list(ORDERS, &past).await;
    ministack.history_list(ORDERS, &[point(0)]).await;
}

/// If nobody has ended it, the report gives up by itself.
async fn end(state: &mut State, writer: &Mysql) -> Became {
    let mut waiting = state.waiting.take().expect("it has begun");
    let served = matches!(timeout(AT_ONCE, &mut waiting).await, Ok(Ok(Ok(()))));
    let (_, mut report) = state.asleep.take().expect("it has begun");
    let sleeps = report.query_drop("ROLLBACK").await.is_ok();
    if !served {
        let _ = timeout(LIMIT, waiting).await;
    }
    let basket = "SELECT note FROM shop.baskets WHERE id = 1";
    Became {
        sleeps,
        served,
        basket: writer.root(basket).await.concat().concat(),
    }
}

async fn login(writer: &Mysql, user: &str) -> Conn {
    let login = writer.login(user, user).await;
    login.unwrap_or_else(|e| panic!("{user}: {e}"))
}
