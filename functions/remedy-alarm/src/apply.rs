//! One remedy each, every answer classified.

use std::{sync::Mutex, time::Duration};

use aurora_model::{Note, Outcome, Severity, Tags, tags};
use aurora_sql::{Endpoint, SqlError};
use handler::Invocation;
use jiff::Timestamp;
use secrets::Credential;
use tokio::{
    sync::OnceCell,
    time::{Instant, sleep},
};

use crate::{
    Policy, Tools,
    database::{Database, Ending, Server, look::Session},
    observation::Observation,
    observe::servers,
    plan::end::why_not,
    remedy::{Remedy, Spared, Victim},
};

/// How often, and how far apart, it is looked whether a session has ended.
const LOOKS: u32 = 5;
const APART: Duration = Duration::from_millis(200);

/// What the remedies of one run share.
pub(crate) struct Hands<'a, D> {
    tools: Tools<'a, D>,
    call: &'a Invocation<Policy>,
    seen: &'a Observation,
    noted: OnceCell<()>,
    credential: OnceCell<Credential>,
    notes: Mutex<Vec<Note>>,
}

impl<'a, D: Database> Hands<'a, D> {
    pub(crate) fn new(
        tools: Tools<'a, D>,
        call: &'a Invocation<Policy>,
        seen: &'a Observation,
    ) -> Self {
        Self {
            tools,
            call,
            seen,
            noted: OnceCell::new(),
            credential: OnceCell::new(),
            notes: Mutex::default(),
        }
    }

    /// What was noticed on the way.
    pub(crate) fn into_notes(self) -> Vec<Note> {
        self.notes.into_inner().unwrap_or_default()
    }

    /// Carries out one remedy, of the thing called `subject`.
    pub(crate) async fn apply(&self, subject: &str, remedy: &Remedy) -> Outcome {
        match remedy {
            Remedy::AskForReader => match self.tag(tags::READER_ASKED).await {
                Ok(()) => Outcome::Done,
                Err(outcome) => outcome,
            },
            Remedy::End(victim) => match self.end(subject, victim).await {
                Ok(outcome) | Err(outcome) => outcome,
            },
        }
    }

    /// Notes on the cluster that something was done now.
    async fn tag(&self, key: &str) -> Result<(), Outcome> {
        let mut note = Tags::default();
        note.set(key, stamp(self.call.now));
        let arn = &self.seen.cluster.arn;
        let tagged = self.tools.aurora.tag(arn, &note).await;
        tagged.map_err(|error| failed(error.to_string(), error.retryable()))
    }

    /// The note comes first: the next run then keeps the cooldown, whatever happens to this one.
    async fn end(&self, subject: &str, victim: &Victim) -> Result<Outcome, Outcome> {
        let note = async || self.tag(tags::REMEDIED).await;
        self.noted.get_or_try_init(note).await?;
        let (to, credential) = (self.endpoint(victim)?, self.credential().await?);
        let login = credential.into();
        let Some(access) = &self.call.policy.database else {
            return Err(failed("policy.database is missing".into(), false));
        };
        let access = servers::access(access, Instant::now() + self.call.deadline.left());
        let opened = self.tools.database.open(&to, login, &access).await;
        let mut server = opened.map_err(|error| refused(&error))?;
        let ended = self.look_and_end(&mut server, victim).await;
        server.close().await;
        Ok(self.told(subject, ended.map_err(|error| refused(&error))?))
    }

    /// Looks again and ends in one session: a restart between the two, after which the same id may be somebody
    /// else's, ends that session as well.
    async fn look_and_end(
        &self,
        server: &mut impl Server,
        victim: &Victim,
    ) -> Result<Ended, SqlError> {
        let now = server.session(victim.id).await?;
        if let Err(spared) = self.still(victim, now.as_ref()) {
            return Ok(Ended::Spared(spared));
        }
        if !server.end(victim.id, victim.ending).await? {
            return Ok(Ended::Spared(Spared::Gone));
        }
        for _ in 0..LOOKS {
            sleep(APART).await;
            let Ok(now) = server.session(victim.id).await else {
                return Ok(Ended::Lingers);
            };
            let now = now.filter(|it| it.thread == victim.thread);
            let there = match victim.ending {
                Ending::Connection => now.is_some(),
                Ending::Statement => victim.still(now.as_ref()).is_ok(),
            };
            if !there {
                return Ok(Ended::Yes);
            }
        }
        Ok(Ended::Lingers)
    }

    /// All that was decided on is decided again, about what is there now.
    fn still(&self, victim: &Victim, now: Option<&Session>) -> Result<(), Spared> {
        victim.still(now)?;
        let Some(session) = now else {
            return Err(Spared::Gone);
        };
        let why_not = why_not(&self.call.policy, self.seen, victim.rule, session);
        why_not.map_or(Ok(()), |_| Err(Spared::NotMeant))
    }

    fn told(&self, subject: &str, ended: Ended) -> Outcome {
        let (outcome, text) = match ended {
            Ended::Yes => return Outcome::Done,
            Ended::Spared(why) => (Outcome::AlreadyDone, format!("{why}; nothing was ended")),
            Ended::Lingers => (
                Outcome::Done,
                "it was told to end, and was not seen to have ended yet: a rollback takes about as long as the changes took".into(),
            ),
        };
        let note = Note::new(Severity::Info, format!("{subject}: {text}."));
        if let Ok(mut notes) = self.notes.lock() {
            notes.push(note);
        }
        outcome
    }

    fn endpoint(&self, victim: &Victim) -> Result<Endpoint, Outcome> {
        let mut instances = self.seen.instances.iter();
        let instance = instances.find(|it| it.id == victim.instance);
        let endpoint = instance.and_then(servers::endpoint);
        endpoint.ok_or_else(|| failed(format!("{} has no endpoint", victim.instance), true))
    }

    async fn credential(&self) -> Result<&Credential, Outcome> {
        let read = async || {
            let name = self.call.policy.remedies.secret.as_deref();
            servers::credential(self.tools, self.call, name.unwrap_or_default()).await
        };
        let read = self.credential.get_or_try_init(read).await;
        read.map_err(|why| failed(why.to_string(), why.retry))
    }
}

/// What became of a victim.
#[derive(Clone, Copy)]
enum Ended {
    /// It has ended.
    Yes,
    /// It was left alone.
    Spared(Spared),
    /// It was told to, and is still there, or that cannot be seen.
    Lingers,
}

fn refused(error: &SqlError) -> Outcome {
    failed(error.to_string(), error.retryable())
}

const fn failed(detail: String, retry: bool) -> Outcome {
    Outcome::Failed { detail, retry }
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
