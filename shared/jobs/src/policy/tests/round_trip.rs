//! A job that is written reads back as it was: `import-events` writes jobs.

mod kinds;

use handler::Policy;
use proptest::{collection::vec, option, prelude::*, sample::select, strategy::BoxedStrategy};

use self::kinds::{a_span, a_zone};
use super::*;

fn a_window() -> BoxedStrategy<Window> {
    let days = select(vec![
        vec![],
        vec![Day::Monday],
        vec![Day::Saturday, Day::Sunday],
    ]);
    let times = select(vec![
        ("22:30", "06:00"),
        ("00:00", "24:00"),
        ("01:05", "01:06"),
    ]);
    let window = |(days, (from, to)): (Vec<Day>, (&str, &str))| Window {
        days,
        from: from.into(),
        to: to.into(),
    };
    (days, times).prop_map(window).boxed()
}

fn a_limit() -> BoxedStrategy<Option<Limit>> {
    let both = (any::<u32>(), any::<u32>()).prop_map(|(a, b)| Limit {
        soft: Some(u64::from(a.min(b))),
        critical: Some(u64::from(a.max(b))),
    });
    let soft = any::<u64>().prop_map(|soft| Limit {
        soft: Some(soft),
        critical: None,
    });
    option::of(prop_oneof![both, soft]).boxed()
}

fn a_throttle() -> BoxedStrategy<Throttle> {
    let lag = (
        a_limit(),
        select(vec![
            vec![],
            Address::new("replica.example.com:3306")
                .into_iter()
                .collect(),
        ]),
    );
    let lag = lag.prop_map(|(limit, replicas)| {
        limit.map(|Limit { soft, critical }| Lag {
            soft_ms: soft,
            critical_ms: critical,
            replicas,
        })
    });
    let query = option::of((0_u32..10_000).prop_map(|hundredths| Query {
        sql: "SELECT COUNT(*) FROM queue".into(),
        soft: None,
        critical: Some(f64::from(hundredths) / 100.0),
    }));
    let limits = (a_limit(), a_limit(), a_limit(), a_limit());
    (lag, limits, query, 100_u32..=60_000, a_span())
        .prop_map(
            |(
                replica_lag,
                (history_list_length, threads_running, commit_ms, lock_waits),
                query,
                every_ms,
                patience,
            )| Throttle {
                replica_lag,
                history_list_length,
                threads_running,
                commit_ms,
                lock_waits,
                query,
                every_ms,
                patience,
            },
        )
        .boxed()
}

fn a_job() -> BoxedStrategy<Job> {
    let name =
        "[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,3}".prop_map(|name| JobName::new(&name).unwrap());
    let chunk =
        (1_u32..=60_000, 1_u32..=100_000, 0_u32..10_000).prop_map(|(target_ms, most, nice)| {
            Chunk {
                target_ms,
                first: most / 2 + 1,
                most,
                nice_ratio: f64::from(nice) / 100.0,
            }
        });
    let event = option::of("[a-z ]{1,9}\\.[a-z ]{1,9}");
    let mode = option::of(select(vec![Mode::Plan, Mode::Apply]));
    let time = (
        vec(a_window(), 0..3),
        a_zone(),
        any::<bool>(),
        a_span(),
        any::<u32>(),
        a_span(),
    );
    let rest = (event, mode, any::<bool>());
    (kinds::a_job(), name, chunk, a_throttle(), time, rest)
        .prop_map(
            |(kind, job, chunk, throttle, time, (replaces_event, mode, plain_text))| {
                let (windows, time_zone, buffers, catch_up, pause_after, expire_after) = time;
                let overlap = if buffers {
                    Overlap::BufferOne
                } else {
                    Overlap::Skip
                };
                Job {
                    job,
                    replaces_event,
                    windows,
                    time_zone,
                    overlap,
                    catch_up,
                    pause_after,
                    chunk,
                    throttle,
                    plain_text,
                    expire_after,
                    mode,
                    ..kind
                }
            },
        )
        .boxed()
}

proptest! {
    #[test]
    fn a_job_that_is_written_reads_back_as_it_was(job in a_job()) {
        prop_assert_eq!(job.check(), Ok(()));
        let written = serde_json::to_string(&job).unwrap();
        let read: Value = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(parse::<Job>(&read), Ok(job));
    }
}
