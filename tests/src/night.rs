//! `make night`: one night of Nightshift in the local cloud, told as it passes.
//!
//! The functions are the real binaries, the templates and the recorded events those that are
//! deployed and sent; AWS itself is played.

mod application;
mod book;
mod checks;
mod database;
mod event;
mod expect;
mod happen;
mod import;
mod jobs;
mod paper;
mod past;
mod programme;
mod progress;
mod readers;
mod run;
mod scene;
mod secret;
mod servers;
mod stage;
mod timeline;
mod tonight;
mod trouble;
mod world;

use jiff::Timestamp;
use serde_json::Value;
use tokio::time::Instant;

use self::application::{Application, Tally};
use self::book::Book;
use self::database::Look;
use self::happen::let_happen;
use self::paper::{Ink, Paper};
use self::programme::Happening;
use self::run::Woken;
use self::stage::Stage;
use self::tonight::Tonight;
use crate::stack::Schedule;

/// Whether the functions are deployed to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// They do what they decide.
    Apply,
    /// They only say what they would do.
    Plan,
}

impl Mode {
    /// As the templates' parameter has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Plan => "plan",
        }
    }
}

/// Something that happened in the night, and what became of it.
struct Told {
    happening: Happening,
    /// All clusters, snapshots, secrets, schedules and EVENTs before it.
    before: Value,
    /// The same after it.
    after: Value,
    /// What a job's schedule found in the database, and what it left there.
    tables: Option<[Look; 2]>,
    /// The schedules that it brought.
    deployed: Vec<Schedule>,
    woken: Woken,
    /// The application's logins until all functions had ended.
    at_rest: Tally,
    /// The same a few logins later.
    logins: Tally,
}

/// Lets a night pass and prints it. Returns whether its outcome is what the policies say.
pub async fn pass(mode: Mode) -> bool {
    let (paper, start) = (Paper::new(), Instant::now());
    greet(&paper, mode);
    paper.title("Preparation");
    let stage = Stage::set(&paper, mode).await;
    scene::describe(&paper, &stage);

    let Tonight { day, place, .. } = &stage.tonight;
    let title = format!("The night of {day}, as it has just passed in {place}");
    paper.title(&title);
    let clocks = "It begins with the evening before; now it is six in the morning there. The hours at the left are theirs; those at the \
                  right, and in the mails, are UTC. On this machine the hours take seconds: \
                  snapshots and the secret are made as old as they would be. A rotation carries no \
                  hour of its own; its mail has this machine's, as have the ledger's last run and what \
                  is said of readers and of alarms.";
    paper.text(0, None, clocks);
    let mut book = Book::new(mode, &stage.tonight);
    let night = through(&paper, &stage, mode, &mut book).await;

    paper.title("What this night was");
    let calls = stage.cloud.rds().calls().await;
    let passwords = stage.passwords().await;
    let mut public = stage.public().await;
    public.hear(paper.printed());
    public.hear(book.text());
    for woken in night.iter().map(|told| &told.woken) {
        woken
            .runs
            .iter()
            .for_each(|run| public.hear(run.result.to_string()));
        woken
            .mails
            .iter()
            .for_each(|mail| public.hear(format!("{mail:?}")));
    }
    let tables = stage.tables().await;
    let seen = checks::Seen {
        calls,
        tables,
        sessions: stage.sessions_by_event().await,
        inputs: stage.inputs().await,
        passwords,
        trouble: stage.trouble.became().await,
        leaks: public.leaks(),
    };
    let fine = checks::print(&paper, &checks::of(&stage, mode, &night, &seen));
    let files = book.write();
    let seconds = start.elapsed().as_secs_f64();
    let verdict = if fine {
        paper.ink(Ink::Green, "The night's outcome is what the policies say.")
    } else {
        paper.ink(
            Ink::Red,
            "The night's outcome is NOT what the policies say.",
        )
    };
    paper.line(&format!("\n  {verdict} It took {seconds:.1} s."));
    paper.line(&format!(
        "  Every decision with its reason, and every mail in full: {files}"
    ));
    if mode == Mode::Apply {
        paper.line("  The same night without any change: make night MODE=plan");
    }
    fine
}

/// Everything that happens, one after the other, while the application logs in.
async fn through(paper: &Paper, stage: &Stage, mode: Mode, book: &mut Book) -> Vec<Told> {
    let mut programme = programme::of(stage, mode);
    let dusk = programme
        .first()
        .map_or_else(Timestamp::now, |first| first.time);
    let ministack = stage.cloud.ministack().await;
    let application = Application::new(ministack, &stage.servers, dusk);
    let mut night: Vec<Told> = Vec::new();
    let telling = async {
        while !programme.is_empty() {
            let happening = programme.remove(0);
            if is_idle(&happening, &night) {
                continue;
            }
            let happening = import::unless_disabled(stage, happening).await;
            timeline::head(paper, &stage.tonight, &happening);
            let told = let_happen(paper, stage, &application, happening, &night).await;
            book.note(&told);
            timeline::tell(paper, &told, book.mails());
            programme::add(&mut programme, stage, &told.deployed, mode);
            night.push(told);
        }
    };
    application.all(telling).await;
    night
}

/// Whether it is the tick of a job whose last tick found nothing to do: it would find the same.
fn is_idle(happening: &Happening, night: &[Told]) -> bool {
    let job = happening.tick_of_job();
    let same = |told: &&Told| job.is_some() && told.happening.tick_of_job() == job;
    let last = night.iter().rfind(same);
    last.is_some_and(|told| {
        told.woken
            .runs
            .iter()
            .all(|run| run.text("outcome") == "nothing")
    })
}

fn greet(paper: &Paper, mode: Mode) {
    let title = "Nightshift: one night with two Aurora MySQL clusters";
    paper.both(
        0,
        (title, Some(Ink::Bold)),
        (&format!("mode {}", mode.as_str()), Ink::Blue),
    );
    let text = match mode {
        Mode::Apply => {
            "Every night Nightshift takes a snapshot (a full copy, kept by AWS) of each database \
             cluster, deletes those that nobody needs any more, renews passwords that have become \
             old, clears tables of rows that are past their age, adds a server where those that \
             read have too much to do, and, when an alarm goes off, finds out why and takes the first step. It does so by small programs that AWS runs when their time comes, called \
             functions. Nobody is awake; in the \
             morning the team finds only the mails that matter."
        }
        Mode::Plan => {
            "In mode plan, with which every first deployment begins, Nightshift decides as it \
             would in earnest, says so, and changes nothing: no snapshot is made, none is deleted, no password is \
             renewed, no row is touched."
        }
    };
    paper.text(0, None, text);
    let honest = "Here the functions, their deployment and the MySQL servers are the real ones; AWS \
                  is played by programs on this machine, and nothing leaves it.";
    paper.text(0, None, honest);
}
