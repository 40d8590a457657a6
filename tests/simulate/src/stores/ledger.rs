//! The ledger over the simulator's store.

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::JobName;
use run_job::database::{
    Begun, End, Holder, Ledger, NewRun, Pause, Place, Run, RunId, Skip, Standing, State, Tally,
};
use simulator::store::{self, RunRow, Store};

use super::{Connected, missing};

impl Ledger for Connected {
    async fn install(&mut self) -> Result<bool, SqlError> {
        let said = ("making the ledger", "make the ledger".to_owned());
        self.change(said, |store, _| {
            if store.ledger.is_none() && store.may_create {
                store.ledger = Some(store::Ledger::default());
            }
            Ok(store.ledger.is_some())
        })
        .await
    }

    async fn standing(&mut self, job: &JobName) -> Result<Option<Standing>, SqlError> {
        let name = job.to_string();
        self.read("reading the ledger", move |store| {
            Ok(store.ledger.as_ref().map(|ledger| standing(ledger, &name)))
        })
        .await
    }

    async fn begin(&mut self, job: &JobName, new: &NewRun) -> Result<Begun, SqlError> {
        let (name, new) = (job.to_string(), new.clone());
        let said = (
            "beginning the run",
            format!("begin {name} for {}", new.slot),
        );
        self.change(said, move |store, _| {
            let ledger = store.ledger.as_mut().ok_or_else(missing)?;
            let there = ledger.of_slot(&name, new.slot).or(ledger.open(&name));
            if let Some(there) = there {
                return Ok(Begun::There(run(there)));
            }
            let id = ledger.add(&name, new.slot, "running", new.at);
            let row = ledger.run_mut(id).ok_or_else(missing)?;
            row.spec.clone_from(&new.spec);
            row.holder.clone_from(&new.holder.0);
            let begun = run(row);
            let job = ledger.jobs.entry(name).or_default();
            job.buffered = job.buffered.filter(|slot| *slot != new.slot);
            Ok(Begun::New(begun))
        })
        .await
    }

    async fn take_up(&mut self, run: RunId, holder: &Holder) -> Result<bool, SqlError> {
        self.run = Some(run);
        let holder = holder.0.clone();
        let said = ("taking the run up", format!("take run {} up", run.0));
        self.change(said, move |store, _| {
            let ledger = store.ledger.as_mut().ok_or_else(missing)?;
            let row = ledger.run_mut(run.0).filter(|row| row.state == "running");
            Ok(row.is_some_and(|row| {
                row.attempts += u32::from(row.holder != holder);
                row.holder = holder;
                true
            }))
        })
        .await
    }

    async fn put(&mut self, run: RunId, holder: &Holder, place: &Place) -> Result<bool, SqlError> {
        self.run = Some(run);
        let (holder, place) = (holder.0.clone(), json(place));
        let said = ("noting the place", format!("put run {} at {place}", run.0));
        self.change(said, move |store, _| {
            let row = held(store, run, &holder)?;
            Ok(row.is_some_and(|row| {
                row.place = place;
                true
            }))
        })
        .await
    }

    async fn end(&mut self, run: RunId, holder: &Holder, end: &End) -> Result<bool, SqlError> {
        let (holder, end) = (holder.0.clone(), end.clone());
        let said = (
            "ending the run",
            format!("end run {} as {:?}", run.0, end.state),
        );
        self.change(said, move |store, _| ended(store, run, &holder, &end))
            .await
    }

    async fn told(&mut self, run: RunId) -> Result<(), SqlError> {
        let said = ("noting that it is told", format!("run {} is told", run.0));
        self.change(said, move |store, _| {
            let ledger = store.ledger.as_mut().ok_or_else(missing)?;
            ledger.run_mut(run.0).ok_or_else(missing)?.told = true;
            Ok(())
        })
        .await
    }

    async fn skip(&mut self, job: &JobName, skip: &Skip) -> Result<bool, SqlError> {
        let (name, skip) = (job.to_string(), skip.clone());
        let said = (
            "leaving a schedule out",
            format!("skip {name} for {}", skip.slot),
        );
        self.change(said, move |store, _| {
            let ledger = store.ledger.as_mut().ok_or_else(missing)?;
            if ledger.of_slot(&name, skip.slot).is_some() {
                return Ok(false);
            }
            let id = ledger.add(&name, skip.slot, "skipped", skip.at);
            let row = ledger.run_mut(id).ok_or_else(missing)?;
            (row.error, row.told) = (Some(skip.why), skip.told);
            let job = ledger.jobs.entry(name).or_default();
            job.buffered = job.buffered.filter(|slot| *slot != skip.slot);
            Ok(true)
        })
        .await
    }

    async fn buffer(&mut self, job: &JobName, slot: Option<Timestamp>) -> Result<(), SqlError> {
        let name = job.to_string();
        let said = ("keeping a schedule", format!("keep {slot:?} for {name}"));
        self.change(said, move |store, _| {
            let ledger = store.ledger.as_mut().ok_or_else(missing)?;
            ledger.jobs.entry(name).or_default().buffered = slot;
            Ok(())
        })
        .await
    }

    /// As a read: mode plan changes nothing but this.
    async fn prove(&mut self, job: &JobName, at: Timestamp, proof: &str) -> Result<(), SqlError> {
        let (name, proof) = (job.to_string(), proof.to_owned());
        let note = move |store: &mut Store, _: Timestamp| {
            let ledger = store.ledger.as_mut().ok_or_else(missing)?;
            ledger.jobs.entry(name).or_default().proven = Some((at, proof));
            Ok(())
        };
        let said = ("noting the proof", String::new());
        self.session.stored(said, false, self.patience, note).await
    }

    async fn paused(&mut self, job: &JobName) -> Result<Option<Pause>, SqlError> {
        let name = job.to_string();
        self.read("reading the switch", move |store| {
            let ledger = store.ledger.as_ref().ok_or_else(missing)?;
            Ok(ledger.jobs.get(&name).and_then(paused))
        })
        .await
    }
}

fn ended(store: &mut Store, run: RunId, holder: &str, end: &End) -> Result<bool, SqlError> {
    let Some(row) = held(store, run, holder)? else {
        return Ok(false);
    };
    row.state = spelled(end.state);
    (row.ended, row.error, row.told) = (Some(end.at), end.error.clone(), false);
    let name = row.job.clone();
    let ledger = store.ledger.as_mut().ok_or_else(missing)?;
    ledger.log.push(store::Logged {
        run: run.0,
        status: format!("{:?}", end.state),
    });
    let job = ledger.jobs.entry(name).or_default();
    match end.state {
        State::Failed => job.failures += 1,
        State::Done => job.failures = 0,
        _ => {}
    }
    if let Some(why) = &end.pause {
        job.paused = Some((end.at, why.clone()));
    }
    Ok(true)
}

/// The run's row, if `holder` has it in hand.
pub(super) fn held<'a>(
    store: &'a mut Store,
    run: RunId,
    holder: &str,
) -> Result<Option<&'a mut RunRow>, SqlError> {
    let ledger = store.ledger.as_mut().ok_or_else(missing)?;
    Ok(ledger.held(run.0, holder))
}

pub(super) fn json(place: &Place) -> String {
    serde_json::to_string(place).unwrap_or_default()
}

fn standing(ledger: &store::Ledger, name: &str) -> Standing {
    let job = ledger.jobs.get(name);
    let mine = ledger.runs.iter().filter(|run| run.job == name);
    let untold = mine
        .clone()
        .filter(|run| run.state != "running" && !run.told);
    let last = mine
        .filter(|run| run.state != "running")
        .max_by_key(|run| run.ended);
    Standing {
        paused: job.and_then(paused),
        failures: job.map_or(0, |job| job.failures),
        buffered: job.and_then(|job| job.buffered),
        open: ledger.open(name).map(run),
        last: last.map(run),
        untold: untold.map(run).collect(),
    }
}

fn paused(job: &store::JobRow) -> Option<Pause> {
    let (since, why) = job.paused.clone()?;
    Some(Pause {
        since: Some(since),
        why,
    })
}

fn spelled(state: State) -> &'static str {
    match state {
        State::Running => "running",
        State::Done => "done",
        State::Failed => "failed",
        State::Stopped => "stopped",
        State::Skipped => "skipped",
    }
}

fn run(row: &RunRow) -> Run {
    let states = [
        State::Running,
        State::Done,
        State::Failed,
        State::Stopped,
        State::Skipped,
    ];
    let state = states
        .into_iter()
        .find(|state| spelled(*state) == row.state);
    Run {
        id: RunId(row.id),
        slot: row.slot,
        began: row.began,
        ended: row.ended,
        state: state.unwrap_or(State::Running),
        error: row.error.clone(),
        spec: row.spec.clone(),
        place: serde_json::from_str(&row.place).unwrap_or_default(),
        tally: Tally {
            steps: row.steps,
            rows: row.rows,
            copied: row.copied,
            children: row.children,
            checksum: row.checksum,
            busy_ms: 0,
        },
        attempts: row.attempts,
        told: row.told,
    }
}
