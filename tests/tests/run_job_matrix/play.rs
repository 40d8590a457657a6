//! Playing cases, one after another.

use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use nightshift_tests::{lambda::AsyncInvocation, mysql::Cut};
use tokio::time::{Instant, sleep};

use crate::{
    case::{Blow, Case, cases},
    load,
    stage::Stage,
    subject::Subject,
    verdict::{Left, faults},
};

/// A run that is not over after so many ticks never will be.
const TICKS: usize = 30;

/// A case that takes longer is worth a look.
const SLOW: Duration = Duration::from_secs(8);

/// What may still be there of a session whose client died is gone after this time.
const SETTLED: Duration = Duration::from_millis(50);

/// Plays a subject's cases: the faults of all are told at the end.
pub async fn matrix(subject: fn(Timestamp) -> Subject) {
    let began = Instant::now();
    let stage = Stage::of(subject).await;
    let (messages, expected) = undisturbed(&stage).await;
    let cases = cases(messages, stage.subject.load.is_some(), all());
    let (mut told, mut reached) = (vec![], 0);
    for case in &cases {
        let since = Instant::now();
        let (has_come, wrong) = play(&stage, *case, &expected).await;
        reached += usize::from(has_come);
        if since.elapsed() > SLOW {
            println!("{}: {case} took {:?}", stage.subject.name, since.elapsed());
        }
        for fault in wrong {
            println!("{}: {case}: {fault}", stage.subject.name);
            told.push(format!("{case}: {fault}"));
        }
    }
    println!(
        "{}: {} cases at {messages} messages, {reached} came to theirs, in {} s",
        stage.subject.name,
        cases.len(),
        began.elapsed().as_secs()
    );
    assert!(
        told.is_empty(),
        "{}:\n{}",
        stage.subject.name,
        told.join("\n")
    );
    assert!(
        reached * 10 >= cases.len() * 9,
        "{reached} of {}",
        cases.len()
    );
}

#[allow(
    clippy::disallowed_methods,
    reason = "asked for by whoever runs the test"
)]
fn all() -> bool {
    std::env::var_os("NIGHTSHIFT_MATRIX").is_some_and(|value| value == "all")
}

/// How many messages a run sends that nothing befalls, and what it leaves: what anybody would have
/// done by hand leaves the same.
async fn undisturbed(stage: &Stage) -> (usize, Left) {
    stage.reset().await;
    let by_hand = match &stage.subject.by_hand {
        Some(sql) => {
            stage.writer().root(sql).await;
            let effect = Left::effect(stage).await;
            stage.reset().await;
            Some(effect)
        }
        None => None,
    };
    let before = stage.relay.count();
    let run = stage.schedule(0).await;
    stage.relay.all_closed().await;
    let messages = stage.relay.count() - before;
    let left = Left::of(stage).await;
    let said = &run.last().result;
    if let Some(by_hand) = by_hand {
        assert_eq!(left.effect, by_hand, "{said:?}");
    }
    let faults = faults(stage, &left, &left).await;
    assert_eq!(faults, Vec::<String>::new(), "{said:?}");
    (messages, left)
}

/// Plays a case: whether its message came, and what is wrong in the end.
async fn play(stage: &Stage, case: Case, expected: &Left) -> (bool, Vec<String>) {
    stage.reset().await;
    let mut said = befall(stage, case).await;
    let reached = stage.relay.has_cut();
    // What is in wait for a message that did not come must not befall a tick.
    drop(stage.relay.hold_at(usize::MAX));
    let over = to_the_end(stage, &mut said).await;
    let left = Left::of(stage).await;
    let mut wrong = match case.blow {
        Blow::UnderLoad(_) => left.under_load(stage).await,
        Blow::Twins(_) if stage.subject.load.is_some() => left.by_two(stage, expected).await,
        _ => faults(stage, &left, expected).await,
    };
    if !over {
        wrong.push(format!("it is not over after {TICKS} ticks"));
    }
    if !wrong.is_empty() {
        wrong.extend(said.into_iter().map(|said| format!("    {said}")));
    }
    (reached, wrong)
}

/// The schedule fires, and the blow falls; what the function said.
async fn befall(stage: &Stage, Case { blow, message }: Case) -> Vec<String> {
    let run = match blow {
        Blow::Kill(cut) => killed(stage, message, cut).await,
        Blow::Cut(cut) => {
            stage.relay.cut_at(message, cut, None);
            stage.schedule(0).await
        }
        Blow::Restart | Blow::Failover => held(stage, message, blow).await,
        Blow::Twins(cut) => twins(stage, message, cut).await,
        Blow::UnderLoad(cut) => under_load(stage, message, cut).await,
    };
    let said = run.attempts.iter().map(|attempt| match &attempt.result {
        Ok(value) => value["rows"].to_string(),
        Err(error) => format!("{error:?}"),
    });
    said.collect()
}

async fn killed(stage: &Stage, message: usize, cut: Cut) -> AsyncInvocation {
    let killer = stage.functions[0].killer();
    stage.relay.cut_at(message, cut, Some(killer));
    stage.schedule(0).await
}

/// The same schedule twice, and another one at the same time where that does no harm.
async fn twins(stage: &Stage, message: usize, cut: Cut) -> AsyncInvocation {
    let another = async {
        if stage.subject.load.is_some() {
            stage.another_schedule(2).await;
        }
    };
    let one = killed(stage, message, cut);
    tokio::join!(one, stage.schedule(1), another).0
}

async fn under_load(stage: &Stage, message: usize, cut: Cut) -> AsyncInvocation {
    let load = stage
        .subject
        .load
        .clone()
        .expect("cases with a load have one");
    let stop = AtomicBool::new(false);
    let work = async {
        let run = killed(stage, message, cut).await;
        stop.store(true, Ordering::Relaxed);
        run
    };
    tokio::join!(work, load::run(stage, &load, &stop)).0
}

/// At the message, the server goes; it comes back, or another takes its place, while the function
/// goes on.
async fn held(stage: &Stage, message: usize, blow: Blow) -> AsyncInvocation {
    let mut held = stage.relay.hold_at(message);
    let mut run = pin!(stage.schedule(0));
    tokio::select! {
        run = &mut run => return run,
        _ = held.reached() => {}
    }
    if blow == Blow::Restart {
        return tokio::join!(run, stage.restart(|| held.release())).0;
    }
    stage.fail_over().await;
    held.release();
    tokio::join!(run, stage.follow()).0
}

/// Ticks until the run is over and told; whether it is.
async fn to_the_end(stage: &Stage, said: &mut Vec<String>) -> bool {
    for _ in 0..TICKS {
        let open = "SELECT COUNT(*) FROM nightshift.job_run WHERE state = 'running' OR told = 0";
        if stage.ask(open).await == ["0"] {
            return true;
        }
        sleep(SETTLED).await;
        let tick = stage.tick().await;
        said.push(match tick.result {
            Ok(value) => value["rows"].to_string(),
            Err(error) => format!("{error:?}"),
        });
    }
    false
}
