//! Anything a server might say.

use aurora_model::{AlarmMetric, ClusterStatus, InstanceStatus, Span};
use jiff::Timestamp;
use proptest::{collection::vec, option, prelude::*};

use super::scenes;
use crate::{
    Policy,
    database::look::{Applier, Digest, Gap, JobRun, Look, Session, Statement, Transaction, Wait},
    observation::{Chart, Observation, Ringing, Seen},
    trouble::Trouble,
};

/// Names, often with what hurts: emptiness, ends of lines, control characters, what turns the direction.
fn text() -> impl Strategy<Value = String> {
    let hurtful = "[\"'`\\\\\n\r\t\u{0}\u{1b}\u{7f}é\u{202e}\u{2028}😀 ]{0,3}";
    prop_oneof![
        6 => "[a-z]{1,8}",
        2 => hurtful,
        1 => hurtful.prop_map(|part| part.repeat(2_000)),
    ]
}

/// Small numbers, and any.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0..2_000_u64, 1 => any::<u64>()]
}

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![4 => 0.0..2_000_f64, 1 => any::<f64>(), 1 => Just(f64::NAN)]
}

fn command() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just("Query".to_owned()),
        4 => Just("Sleep".to_owned()),
        1 => Just("Killed".to_owned()),
        1 => Just("Binlog Dump GTID".to_owned()),
        1 => text(),
    ]
}

fn statement() -> impl Strategy<Value = Statement> {
    (option::of(text()), float(), number()).prop_map(|(digest, seconds, examined)| Statement {
        event: 1,
        digest,
        seconds,
        examined,
    })
}

fn transaction() -> impl Strategy<Value = Transaction> {
    let rows = (number(), number());
    (number(), option::of(number()), rows, any::<bool>()).prop_map(
        |(seconds, waiting, (modified, locked), rolling_back)| Transaction {
            id: 1,
            seconds,
            waiting,
            modified,
            locked,
            rolling_back,
        },
    )
}

fn session() -> impl Strategy<Value = Session> {
    let who = (
        option::weighted(0.8, text()),
        option::of(text()),
        option::of(text()),
    );
    let what = (command(), option::of(text()), number());
    (
        who,
        what,
        option::of(text()),
        option::of(statement()),
        option::of(transaction()),
    )
        .prop_map(
            |((user, host, schema), (command, state, seconds), program, statement, transaction)| {
                Session {
                    started: 0,
                    id: 0,
                    thread: 0,
                    user,
                    host,
                    schema,
                    command,
                    state,
                    seconds,
                    program,
                    statement,
                    transaction,
                }
            },
        )
}

/// Threads have numbers of their own, as long as a server runs.
fn sessions() -> impl Strategy<Value = Vec<Session>> {
    vec(session(), 0..12).prop_map(|mut sessions| {
        for (place, session) in (0_u64..).zip(&mut sessions) {
            session.thread = place;
            session.id = place + 100;
        }
        sessions
    })
}

fn wait() -> impl Strategy<Value = Wait> {
    (
        0..14_u64,
        0..14_u64,
        option::of(number()),
        text(),
        any::<bool>(),
    )
        .prop_map(|(waiter, holder, seconds, object, metadata)| Wait {
            waiter,
            holder,
            seconds,
            object,
            mode: "X".into(),
            metadata,
        })
}

fn digest() -> impl Strategy<Value = Digest> {
    let numbers = (number(), number(), number(), number(), number());
    (option::of(text()), text(), numbers, float(), float()).prop_map(
        |(schema, text, (calls, examined, sent, age, calls_now), seconds, seconds_now)| Digest {
            schema,
            text,
            calls,
            seconds,
            examined,
            sent,
            age,
            calls_now,
            seconds_now,
        },
    )
}

fn applier() -> impl Strategy<Value = Applier> {
    (option::of(float()), any::<bool>(), any::<bool>(), number()).prop_map(
        |(behind, receiving, applying, error)| Applier {
            behind,
            receiving,
            applying,
            error: error % 3,
        },
    )
}

fn gap() -> impl Strategy<Value = Gap> {
    let of = prop_oneof![
        Just("lock waits"),
        Just("jobs"),
        Just("replication"),
        Just("tables")
    ];
    (of, text()).prop_map(|(of, why)| Gap { of, why })
}

fn job() -> impl Strategy<Value = JobRun> {
    (text(), text(), number(), number()).prop_map(|(job, state, ago, rows)| JobRun {
        job,
        state,
        ago,
        rows,
    })
}

fn sizes() -> impl Strategy<Value = Vec<(String, u64)>> {
    vec((text(), number()), 0..8)
}

fn look() -> impl Strategy<Value = Look> {
    let flags = (any::<bool>(), any::<bool>(), any::<bool>());
    let numbers = (
        number(),
        number(),
        float(),
        number(),
        option::of(number()),
        option::of(number()),
    );
    let busy = (sessions(), vec(wait(), 0..30), vec(digest(), 0..8));
    let kept = (
        vec((text(), float()), 0..4),
        option::of(applier()),
        sizes(),
        sizes(),
    );
    (
        flags,
        numbers,
        busy,
        kept,
        vec(job(), 0..8),
        vec(gap(), 0..12),
    )
        .prop_map(|(flags, numbers, busy, kept, jobs, gaps)| {
            let (writable, aurora, instrumented) = flags;
            let (up, max_connections, sample, known, history, deadlocks) = numbers;
            let (sessions, waits, statements) = busy;
            let (reader_lags, applier, memory, tables) = kept;
            Look {
                version: "8.0.39".into(),
                writable,
                aurora,
                uuid: String::new(),
                up,
                max_connections,
                instrumented,
                sessions,
                waits,
                statements,
                sample,
                known,
                history,
                deadlocks,
                reader_lags,
                applier,
                memory,
                tables,
                jobs,
                gaps,
            }
        })
}

fn seen() -> impl Strategy<Value = Vec<Seen>> {
    let look = prop_oneof![4 => look().prop_map(Ok), 1 => text().prop_map(Err)];
    vec(look, 0..4).prop_map(|looks| {
        let looks = looks.into_iter().enumerate();
        let server = |(place, look)| Seen {
            instance: format!("orders-{place}"),
            writer: place == 0,
            look,
        };
        looks.map(server).collect()
    })
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        Just(Trouble::Cpu),
        Just(Trouble::Memory),
        Just(Trouble::Connections),
        Just(Trouble::ReadLatency),
        Just(Trouble::WriteLatency),
        Just(Trouble::ReplicaLag),
        Just(Trouble::Volume),
        Just(Trouble::Deadlocks),
        Just(Trouble::HistoryList),
        Just(Trouble::LongTransaction),
        Just(Trouble::Other),
    ]
}

fn metric() -> impl Strategy<Value = AlarmMetric> {
    const NAMES: [&str; 4] = [
        "CPUUtilization",
        "FreeableMemory",
        "AuroraReplicaLag",
        "ReadLatency",
    ];
    let name = prop_oneof![
        proptest::sample::select(&NAMES[..]).prop_map(Into::into),
        text()
    ];
    (name, vec((text(), text()), 0..3)).prop_map(|(name, dimensions)| AlarmMetric {
        namespace: "AWS/RDS".into(),
        name,
        dimensions: dimensions.into_iter().collect(),
    })
}

fn ringing() -> impl Strategy<Value = Ringing> {
    let instance = option::of((0..4_u8).prop_map(|place| format!("orders-{place}")));
    let texts = (text(), text(), option::of(text()), vec(text(), 0..8));
    (
        texts,
        trouble(),
        instance,
        moment(),
        vec(metric(), 0..3),
        option::of(float()),
    )
        .prop_map(
            |(
                (name, reason, description, children),
                trouble,
                instance,
                since,
                metrics,
                threshold,
            )| {
                Ringing {
                    name,
                    trouble,
                    little: false,
                    instance,
                    since,
                    reason,
                    description,
                    metrics,
                    threshold,
                    children,
                }
            },
        )
}

fn moment() -> impl Strategy<Value = Timestamp> {
    let near = (-20_000_i64..2_000)
        .prop_map(|seconds| scenes::now() + jiff::SignedDuration::from_secs(seconds));
    prop_oneof![8 => near, 1 => Just(Timestamp::MIN), 1 => Just(Timestamp::MAX)]
}

fn chart() -> impl Strategy<Value = Chart> {
    let step = prop_oneof![Just(60_u32), Just(300), Just(0), any::<u32>()];
    (
        metric(),
        option::of(float()),
        step,
        vec((moment(), float()), 0..60),
    )
        .prop_map(|(metric, threshold, step, points)| Chart {
            metric,
            threshold,
            step: Span::seconds(step),
            points,
        })
}

pub(crate) fn policy() -> impl Strategy<Value = Policy> {
    (1..21_u8, 1..400_u32, 30..1_441_u32, any::<bool>()).prop_map(|(rows, long, minutes, looks)| {
        let policy = scenes::policy();
        Policy {
            rows,
            long: Span::seconds(long),
            history: Span::seconds(minutes * 60),
            database: policy.database.filter(|_| looks),
            ..scenes::policy()
        }
    })
}

/// Anything that may be seen of a cluster.
pub(crate) fn observation() -> impl Strategy<Value = Observation> {
    let cluster = proptest::sample::select(ClusterStatus::KNOWN);
    let statuses = vec(proptest::sample::select(InstanceStatus::KNOWN), 2..3);
    let alarms = (vec(ringing(), 0..4), vec(chart(), 0..3));
    (cluster, statuses, alarms, seen()).prop_map(
        |(cluster, statuses, (ringing, charts), servers)| {
            let mut seen = scenes::quiet();
            seen.cluster.status = cluster;
            for (instance, status) in seen.instances.iter_mut().zip(statuses) {
                instance.status = status;
            }
            Observation {
                ringing,
                charts,
                servers,
                ..seen
            }
        },
    )
}

/// The same with everything in it in another order.
pub(crate) fn shuffled(seen: &Observation) -> Observation {
    let mut seen = seen.clone();
    seen.instances.reverse();
    seen.ringing.reverse();
    seen.charts.reverse();
    seen.servers.reverse();
    for look in seen
        .servers
        .iter_mut()
        .filter_map(|server| server.look.as_mut().ok())
    {
        look.sessions.reverse();
        look.waits.reverse();
        look.statements.reverse();
        look.reader_lags.reverse();
        look.memory.reverse();
        look.tables.reverse();
        look.gaps.reverse();
    }
    seen
}
