//! A server with a ledger that the tests of this binary share, and a walk over a table of it.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use aurora_sql::SqlError;
use jiff::civil::date;
use jobs::{ledger, policy::Name};
use nightshift_tests::mysql::Mysql;
use run_job::{
    database::{
        Access, Condition, Database as _, Done, Endpoint, Holder, Key, Kin, Literal, Login, Place,
        Range, RunId, Step, Table, Tables as _, Walk,
    },
    mysql::{Connected, Servers},
};
use secrets::Secret;
use tokio::{sync::Mutex, time::Instant};

const PASSWORD: &str = "walker-and-all";

/// What is before this goes.
pub const CUTOFF: &str = "2026-06-01 00:00:00";

/// One server for the tests that run at the same time; it is gone with the last of them.
pub async fn shared() -> Arc<Mysql> {
    static SHARED: Mutex<Weak<Mysql>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(server) = shared.upgrade() {
        return server;
    }
    let server = Arc::new(Mysql::start().await);
    for sql in ledger::CREATE {
        server.root(sql).await;
    }
    let user = format!(
        "CREATE USER walker@'%' IDENTIFIED BY '{PASSWORD}'; GRANT ALL ON *.* TO walker@'%'"
    );
    server.root(&user).await;
    *shared = Arc::downgrade(&server);
    server
}

/// A login through this port of the server.
pub async fn open(server: &Mysql, port: u16) -> Connected {
    let to = Endpoint {
        host: "localhost".to_owned(),
        port,
    };
    let password = Secret::new(PASSWORD);
    let login = Login {
        user: "walker",
        password: &password,
    };
    let access = Access {
        ca: Some(server.ca().to_owned()),
        plain_text: false,
        database: None,
        connect: Duration::from_secs(10),
        statement: Duration::from_secs(30),
        lock_wait: Duration::from_secs(1),
        until: Instant::now() + Duration::from_mins(2),
    };
    Servers.open(&to, login, &access).await.unwrap()
}

pub fn name(name: &str) -> Name {
    Name::new(name).unwrap()
}

/// Those whose `created_at` is before [`CUTOFF`].
pub fn old() -> Condition {
    Condition::Aged {
        column: name("created_at"),
        before: Literal::DateTime(date(2026, 6, 1).at(0, 0, 0, 0)),
        and: None,
    }
}

/// A run over the table `t` of a schema of its own.
pub struct Scene {
    pub server: Arc<Mysql>,
    pub session: Connected,
    pub schema: &'static str,
    pub table: Table,
    pub into: Option<Table>,
    pub children: Vec<Kin>,
    pub condition: Condition,
    pub index: &'static str,
    pub place: Place,
    pub run: RunId,
    pub holder: Holder,
    pub most: u32,
    /// Entries of the stretch when its end was looked for; a test that makes one up does not know.
    entries: u32,
}

/// What a walk came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Stretches with an end of their own.
    pub stretches: u64,
    pub rows: u64,
    pub copied: u64,
    pub children: u64,
    pub checksum: u64,
}

impl Scene {
    /// Makes the schema with `sql`, in which every table is named without it.
    pub async fn new(schema: &'static str, sql: &str) -> Self {
        let server = shared().await;
        let sql = format!("CREATE SCHEMA {schema}; USE {schema}; {sql}");
        server.root(&sql).await;
        let mut session = open(&server, server.port()).await;
        let table = session.table(&name(schema), &name("t")).await;
        let run = format!(
            "INSERT INTO nightshift.job_run (job, slot, state, began_at, spec, holder, place) \
             VALUES ('{schema}', NOW(), 'running', NOW(), '', 'us', '{{}}')"
        );
        server.root(&run).await;
        let id = format!("SELECT id FROM nightshift.job_run WHERE job = '{schema}'");
        let id = server.root(&id).await[0][0].parse().unwrap();
        Self {
            table: table.unwrap().unwrap(),
            server,
            session,
            schema,
            into: None,
            children: Vec::new(),
            condition: old(),
            index: "PRIMARY",
            place: Place::default(),
            run: RunId(id),
            holder: Holder("us".to_owned()),
            most: 100,
            entries: u32::MAX,
        }
    }

    /// Another table of the schema.
    pub async fn table(&mut self, table: &str) -> Table {
        let found = self.session.table(&name(self.schema), &name(table)).await;
        found.unwrap().unwrap()
    }

    /// The first column of a query in the schema.
    pub async fn column(&self, sql: &str) -> Vec<String> {
        let sql = sql.replace("FROM ", &format!("FROM {}.", self.schema));
        let rows = self.server.root(&sql);
        let first = |mut row: Vec<String>| row.swap_remove(0);
        rows.await.into_iter().map(first).collect()
    }

    /// The numbers `n` that a table has.
    pub async fn numbers(&self, table: &str) -> Vec<String> {
        self.column(&format!("SELECT n FROM {table} ORDER BY n"))
            .await
    }

    /// What the ledger says: place, rows gone, copied, of children, checksum.
    pub async fn ledger(&self) -> (Place, Walked) {
        let sql = format!(
            "SELECT place, rows_gone, rows_copied, rows_children, checksum \
             FROM nightshift.job_run WHERE id = {}",
            self.run.0
        );
        let row = self.server.root(&sql).await.swap_remove(0);
        let number = |at: usize| row[at].parse().unwrap();
        let walked = Walked {
            stretches: 0,
            rows: number(1),
            copied: number(2),
            children: number(3),
            checksum: number(4),
        };
        (serde_json::from_str(&row[0]).unwrap_or_default(), walked)
    }

    /// The end of the next stretch of so many entries.
    pub async fn boundary(&mut self, rows: u32) -> Option<Key> {
        let walk = Walk {
            table: &self.table,
            index: self.table.index(self.index).unwrap(),
            condition: &self.condition,
            into: self.into.as_ref(),
            children: &self.children,
        };
        let after = self.place.after.as_ref();
        self.entries = rows;
        self.session.boundary(&walk, after, rows).await.unwrap()
    }

    /// The step up to `to`, of `most` rows.
    pub async fn step(&mut self, to: Option<Key>) -> Result<Done, SqlError> {
        let walk = Walk {
            table: &self.table,
            index: self.table.index(self.index).unwrap(),
            condition: &self.condition,
            into: self.into.as_ref(),
            children: &self.children,
        };
        let after = self.place.after.clone();
        let then = Place {
            after: to.clone().or_else(|| after.clone()),
            ..self.place.clone()
        };
        let step = Step {
            run: self.run,
            holder: &self.holder,
            range: Range { after, to },
            entries: self.entries,
            most: self.most,
            then: &then,
        };
        self.session.step(&walk, &step).await
    }

    /// Walks to the end in stretches of so many entries. The place is read from the ledger after each
    /// step, as another invocation would.
    pub async fn walk(&mut self, rows: u32) -> Walked {
        let mut walked = Walked::default();
        loop {
            let to = self.boundary(rows).await;
            let last = to.is_none();
            let done = self.step(to).await;
            let done = done.unwrap_or_else(|error| panic!("{}: {error}", self.schema));
            self.place = self.ledger().await.0;
            match done {
                Done::Whole {
                    rows,
                    copied,
                    children,
                    checksum,
                    ..
                } => {
                    walked.rows += rows;
                    walked.copied += copied;
                    walked.children += children;
                    walked.checksum ^= checksum;
                    assert!(rows + children <= u64::from(self.most));
                    if last {
                        return walked;
                    }
                    walked.stretches += 1;
                }
                Done::Children { children, .. } => {
                    assert!((1..=u64::from(self.most)).contains(&children));
                    walked.children += children;
                }
                other => panic!("{other:?}"),
            }
        }
    }
}
