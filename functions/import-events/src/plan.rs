//! What would take the place of each EVENT, written out.

mod text;

use aurora_model::{
    Choice, Decision, Note, Outcome, Plan, Report, Severity, plan::Action, words::count,
};
use aurora_sql::SqlError;
use handler::{Error, Invocation, Mode};
use jiff::Timestamp;

use crate::{
    NAME, Tools,
    database::{Database, Found, Server, Session},
    event::Event,
    grants::Sight,
    policy::{self, Policy},
    write::{self, Setting},
    writer::Door,
};

/// An EVENT that a job can take the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Importable;

impl Action for Importable {
    fn verb(&self) -> &'static str {
        "import"
    }
}

/// What the database was asked.
struct Seen {
    server: Server,
    sight: Sight,
    /// The EVENTs, each with the statement that makes it.
    events: Vec<(Found, String)>,
}

/// Writes what would take the place of each EVENT that the policy asks for. Nothing is changed.
///
/// # Errors
/// When the EVENTs cannot be read.
pub(crate) async fn written<D: Database>(
    tools: &Tools<'_, D>,
    call: &Invocation<Policy>,
    wish: &policy::Plan,
) -> Result<Report, Error> {
    let door = Door::find(tools, call).await?;
    let seen = call
        .read("the EVENTs", looked(&door, wish), SqlError::retryable)
        .await?;
    let setting = Setting {
        now: call.trigger.time,
        cluster: &call.policy.cluster,
        secret: wish.job_secret.as_ref().unwrap_or(&call.policy.secret),
    };
    let mut plan = Plan {
        notes: vec![sees(&seen, setting.now)],
        ..Plan::empty()
    };
    for (found, create) in &seen.events {
        let (decision, note) = of_event(found, create, &seen.server.zone, setting);
        plan.decisions.push(decision);
        plan.notes.extend(note);
    }
    plan.decisions.extend(missing(&seen, wish, setting.cluster));
    let outcomes = plan.actions().map(|_| Outcome::Planned).collect();
    let (mode, trigger) = (Mode::Plan.as_str(), call.trigger.reference());
    Ok(Report::new(NAME, mode, trigger, plan, outcomes))
}

async fn looked<D: Database>(door: &Door<'_, D>, wish: &policy::Plan) -> Result<Seen, SqlError> {
    let writer = door.open().await?;
    let (mut session, server) = (writer.session, writer.server);
    let sight = Sight::of(&session.grants().await?);
    let mut events = Vec::new();
    for found in session.events().await? {
        if wanted(&found, wish) {
            let create = session.create_statement(&found).await?;
            events.push((found, create));
        }
    }
    session.close().await;
    Ok(Seen {
        server,
        sight,
        events,
    })
}

fn wanted(found: &Found, wish: &policy::Plan) -> bool {
    let of_schema = wish.schemas.iter().any(|it| it.as_str() == found.schema);
    let named = wish.events.iter().any(|it| it.is(&found.full_name()));
    of_schema || named || (wish.schemas.is_empty() && wish.events.is_empty())
}

/// What the login sees: of other EVENTs the server does not even say that they are there.
fn sees(seen: &Seen, now: Timestamp) -> Note {
    let text = format!(
        "{} sees {}; {} as of {}.",
        seen.server.account,
        seen.sight,
        count(seen.events.len(), "EVENT"),
        aurora_model::words::moment(now)
    );
    Note::new(Severity::Info, text)
}

fn of_event(
    found: &Found,
    create: &str,
    system_zone: &str,
    setting: Setting<'_>,
) -> (Decision<Importable>, Option<Note>) {
    let decision =
        |choice, reason| Decision::new(setting.cluster, found.full_name(), choice, reason);
    let event = Event::read(&found.columns, create, system_zone);
    let event = match event {
        Ok(event) => event,
        Err(error) => {
            return (
                decision(Choice::Alert, format!("{error}: move it by hand")),
                None,
            );
        }
    };
    match write::import(&event, setting) {
        Ok(import) => {
            let note = Note::new(Severity::Info, text::whole(&import, create));
            let choice = if import.problems.is_empty() {
                Choice::Act(Importable)
            } else {
                Choice::Alert
            };
            (decision(choice, text::short(&import)), Some(note))
        }
        Err(error) => (decision(Choice::Alert, error.to_string()), None),
    }
}

/// The EVENTs that the policy names and the login does not see.
fn missing(seen: &Seen, wish: &policy::Plan, cluster: &str) -> Vec<Decision<Importable>> {
    let there = |name: &policy::EventName| {
        let mut events = seen.events.iter();
        events.any(|(found, _)| name.is(&found.full_name()))
    };
    let absent = wish.events.iter().filter(|name| !there(name));
    let decision = |name: &policy::EventName| {
        let reason = format!(
            "there is no such EVENT that {} may see: correct the name, or grant it EVENT on the schema",
            seen.server.account
        );
        Decision::new(cluster, name.to_string(), Choice::Alert, reason)
    };
    absent.map(decision).collect()
}
