//! One step of one rotation under way: what it reads, and how it logs in.

use std::cell::OnceCell;

use aurora::ApiError;
use aurora_model::{
    Choice, ClusterEndpoints, Decision, Instance, Outcome, Plan, Report, plan::Action,
};
use aurora_sql::SqlError;
use handler::{Error, Invocation};
use jiff::Timestamp;
use secrets::{CURRENT, Credential, Described, Listed, PENDING, PREVIOUS, ReadError};
use tokio::time::Instant;

use crate::{
    NAME, Tools,
    database::{Access, Database, Login, Session},
    doors::{self, Doors},
    halt::Halt,
    policy::{Policy, SecretPolicy},
    standing,
};

/// The tag that says when AWSCURRENT last moved: Secrets Manager keeps no such moment of a
/// version.
pub(crate) const ROTATED_AT: &str = "nightshift:rotated-at";

/// The tag with the version whose predecessor's password was discarded.
const RETIRED: &str = "nightshift:retired-before";

/// A version of the secret, with what is in it.
pub(crate) struct Kept {
    pub(crate) id: String,
    pub(crate) created: Option<Timestamp>,
    pub(crate) credential: Credential,
}

/// One step of one rotation under way.
pub(crate) struct Rotation<'a, D> {
    pub(crate) tools: &'a Tools<'a, D>,
    pub(crate) call: &'a Invocation<Policy>,
    pub(crate) policy: SecretPolicy,
    pub(crate) secret: Described,
    /// The version that is being rotated to; empty where nothing is being rotated.
    pub(crate) token: &'a str,
    pub(crate) cluster: OnceCell<String>,
    /// When it was begun.
    pub(crate) began: Instant,
}

impl<D: Database> Rotation<'_, D> {
    /// The content of `version`, if it has one.
    pub(crate) async fn version(&self, version: &str) -> Result<Option<Kept>, Halt> {
        let value = self.tools.secrets.value_of(&self.secret.arn, version);
        let value = self.in_time("the secret's versions", value).await?;
        let Some(value) = value else { return Ok(None) };
        let credential = Credential::parse(&value.content).map_err(|error| {
            Halt::Alert(format!(
                "version {version} of {}: {error}",
                self.secret.name
            ))
        })?;
        if let Some(cluster) = doors::cluster_of(&credential) {
            let _ = self.cluster.set(cluster.to_owned());
        }
        Ok(Some(Kept {
            id: version.into(),
            created: value.created,
            credential,
        }))
    }

    /// What applications log in with.
    pub(crate) async fn current(&self) -> Result<Kept, Halt> {
        let version = match self.secret.holder(CURRENT) {
            Some(id) => self.version(id).await?,
            None => None,
        };
        version.ok_or_else(|| {
            Halt::Alert(format!(
                "{} has no AWSCURRENT version with a value: put the credential that logs in into it.",
                self.secret.name
            ))
        })
    }

    /// What they will log in with.
    pub(crate) async fn pending(&self) -> Result<Kept, Halt> {
        self.version(self.token).await?.ok_or_else(|| {
            Halt::Wait(format!(
                "version {} has no value yet: createSecret must come first",
                self.token
            ))
        })
    }

    /// The version that is pending and not current, if it has a value.
    pub(crate) async fn unfinished(&self) -> Result<Option<Kept>, Halt> {
        match self.secret.holder(PENDING) {
            Some(id) if Some(id) != self.secret.holder(CURRENT) => self.version(id).await,
            _ => Ok(None),
        }
    }

    /// What they logged in with before. It had a value when it was AWSCURRENT: an answer that says
    /// otherwise would make its password one that nobody knows, and so free to be overwritten.
    pub(crate) async fn previous(&self) -> Result<Option<Kept>, Halt> {
        let Some(id) = self.secret.holder(PREVIOUS) else {
            return Ok(None);
        };
        let lost = || {
            Halt::Alert(format!(
                "Secrets Manager finds no value of version {id} of {}, which is AWSPREVIOUS: clients may still use its password. If it stays so, take the label from it.",
                self.secret.name
            ))
        };
        self.version(id).await?.ok_or_else(lost).map(Some)
    }

    /// Where the servers are, once it is sure that all these credentials are for them.
    pub(crate) async fn doors(&self, credentials: &[&Credential]) -> Result<Doors, Halt> {
        let (cluster, instances) = self.cluster_of(credentials.first().copied()).await?;
        for credential in credentials {
            doors::check(credential, &cluster, &instances, &self.policy)?;
        }
        Doors::of(&cluster, &instances)
    }

    /// The cluster that `credential` is for, as RDS describes it, with its instances.
    pub(crate) async fn cluster_of(
        &self,
        credential: Option<&Credential>,
    ) -> Result<(ClusterEndpoints, Vec<Instance>), Halt> {
        let Some(id) = credential.and_then(doors::cluster_of) else {
            return Err(Halt::Alert(format!(
                "the secret {} does not say which cluster it is for: add \"dbClusterIdentifier\" to its JSON.",
                self.secret.name
            )));
        };
        doors::find(self.tools.aurora, self.call, id).await
    }

    /// The secret that holds the superuser, where this one names it.
    pub(crate) async fn superuser(
        &self,
        credential: &Credential,
    ) -> Result<Option<Credential>, Halt> {
        let Some(arn) = credential.masterarn() else {
            return Ok(None);
        };
        let value = self.tools.secrets.value(arn, CURRENT);
        let value = self.in_time("the superuser's secret", value).await?;
        let Some(value) = value else {
            return Err(Halt::Alert(format!(
                "the superuser's secret {arn} has no AWSCURRENT version"
            )));
        };
        let parsed = Credential::parse(&value.content);
        let parsed = parsed
            .map_err(|error| Halt::Alert(format!("the superuser's secret {arn}: {error}")))?;
        Ok(Some(parsed))
    }

    /// How to log in.
    pub(crate) fn access(&self) -> Access {
        let policy = &self.policy;
        Access {
            ca: policy.ca.clone(),
            plain_text: policy.plain_text,
            connect: policy.limits.connect.duration().unsigned_abs(),
            statement: policy.limits.statement.duration().unsigned_abs(),
            lock_wait: policy.limits.lock_wait.duration().unsigned_abs(),
            until: Instant::now() + self.call.deadline.left(),
        }
    }

    /// A session at `to` as the user of `credential`.
    pub(crate) async fn open(
        &self,
        to: &aurora_sql::Endpoint,
        credential: &Credential,
    ) -> Result<D::Session, SqlError> {
        let login = Login::from(credential);
        self.tools.database.open(to, login, &self.access()).await
    }

    /// Whether `credential` opens the door at `to`: it goes in and out again.
    pub(crate) async fn knock(
        &self,
        to: &aurora_sql::Endpoint,
        credential: &Credential,
    ) -> Result<(), SqlError> {
        self.open(to, credential).await?.close().await;
        Ok(())
    }

    /// Whether `credential` opens the door at `to` or is refused there.
    pub(crate) async fn opens(
        &self,
        to: &aurora_sql::Endpoint,
        credential: &Credential,
    ) -> Result<bool, Halt> {
        match self.knock(to, credential).await {
            Ok(()) => Ok(true),
            Err(SqlError::AccessDenied { .. }) => Ok(false),
            Err(error) => Err(Halt::of_sql("the writer", &error)),
        }
    }

    /// Waits until no other run is at work on this secret's accounts, and makes sure that the
    /// secret is still as this run has read it.
    pub(crate) async fn alone(&self, session: &mut D::Session) -> Result<(), Halt> {
        self.lock(session).await?;
        self.unchanged().await
    }

    /// Waits until no other run is at work on this secret's accounts.
    pub(crate) async fn lock(&self, session: &mut D::Session) -> Result<(), Halt> {
        let name = lock_name(&self.secret.arn);
        let wait = self.policy.limits.lock_wait.duration().unsigned_abs();
        let wait = wait.min(self.call.deadline.left() / 2);
        let had = session.lock(&name, wait).await;
        if !had.map_err(|error| Halt::of_sql("the lock against a second run", &error))? {
            return Err(Halt::Wait("another run is at work on this secret".into()));
        }
        Ok(())
    }

    /// Nothing where the secret's labels are where this run has seen them.
    pub(crate) async fn unchanged(&self) -> Result<(), Halt> {
        let again = self.tools.secrets.describe(&self.secret.arn);
        let again = self.in_time("the secret", again).await?;
        if again.versions == self.secret.versions {
            return Ok(());
        }
        if !self.token.is_empty() {
            standing::check(&again, self.token)?;
        }
        Err(Halt::Wait(
            "the secret's labels were moved meanwhile: the next try reads it anew".into(),
        ))
    }

    /// When AWSCURRENT last moved, as far as it is known: what the tag says, or when the version
    /// was made.
    pub(crate) fn current_since(&self, current: &Kept) -> Option<Timestamp> {
        let tag = self
            .secret
            .tags
            .get(ROTATED_AT)
            .and_then(|at| at.parse().ok());
        tag.max(current.created)
    }

    /// The time by the clock that was read when the run began.
    pub(crate) fn moment(&self) -> Timestamp {
        let (now, passed) = (self.call.now, self.began.elapsed());
        now.checked_add(passed).unwrap_or(now)
    }

    /// Whether AWSCURRENT has been where it is for long enough that clients which cache the secret
    /// know it.
    pub(crate) fn settled(&self, current: &Kept) -> bool {
        let since = self.current_since(current);
        since.is_none_or(|since| {
            self.call.now.duration_since(since) >= self.policy.settle.duration()
        })
    }

    /// Whether the password before the current one was discarded.
    pub(crate) fn retired(&self) -> bool {
        self.secret.tags.get(RETIRED) == self.secret.holder(CURRENT)
    }

    /// So that the doctor need not try an old password at the door at every visit. Without it, the
    /// next visit tries once more.
    pub(crate) async fn note_retired(&self, current: &str) {
        self.note(RETIRED, current).await;
    }

    /// Writes a tag that a later run is better off with and can do without.
    pub(crate) async fn note(&self, key: &str, value: &str) {
        let tagged = self.tools.secrets.tag(&self.secret.arn, key, value);
        let _ = self.call.deadline.within(tagged).await;
    }

    /// Every version there is, with a label or without.
    pub(crate) async fn all_versions(&self) -> Result<Vec<Listed>, Halt> {
        let versions = self.tools.secrets.versions(&self.secret.arn);
        let read = self
            .call
            .read("the secret's versions", versions, ApiError::retryable);
        Ok(read.await?)
    }

    async fn in_time<T>(
        &self,
        what: &'static str,
        reading: impl Future<Output = Result<T, ReadError>>,
    ) -> Result<T, Halt> {
        Ok(self.call.read(what, reading, ReadError::retryable).await?)
    }

    /// The decision about the secret as a whole.
    pub(crate) fn decision<A>(&self, choice: Choice<A>, reason: impl Into<String>) -> Decision<A> {
        let name = self.secret.name.clone();
        let cluster = self.cluster.get().unwrap_or(&name).clone();
        Decision::new(cluster, name, choice, reason)
    }

    /// The report of `plan` and its outcomes.
    fn report<A: Action>(&self, plan: Plan<A>, outcomes: Vec<Outcome>) -> Report {
        let (mode, trigger) = (self.call.mode.as_str(), self.call.trigger.reference());
        Report::new(NAME, mode, trigger, plan, outcomes)
    }

    /// What became of `plan`, with at most `at_once` of its actions under way.
    pub(crate) async fn applied<A: Action>(
        &self,
        plan: Plan<A>,
        at_once: usize,
        act: impl AsyncFn(&A) -> Outcome,
    ) -> Report {
        let (mode, deadline) = (self.call.mode, self.call.deadline);
        let act = async |_: &_, action: &A| act(action).await;
        let outcomes = handler::apply(&plan, mode, deadline, at_once, act).await;
        self.report(plan, outcomes)
    }

    /// The report of a step that goes no further.
    pub(crate) fn halted(&self, halt: Halt) -> Result<Report, Error> {
        let (choice, reason) = halt.said::<Nothing>()?;
        let plan = Plan {
            decisions: vec![self.decision(choice, reason)],
            ..Plan::empty()
        };
        Ok(self.report(plan, vec![]))
    }
}

/// No action at all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Nothing {}

impl Action for Nothing {
    fn verb(&self) -> &'static str {
        match *self {}
    }
}

/// The name of the lock that keeps two runs on one secret apart, within MySQL's 64 characters: the
/// end of the ARN has the characters that Secrets Manager adds to make it unique.
/// <https://dev.mysql.com/doc/refman/8.0/en/locking-functions.html#function_get-lock>
fn lock_name(arn: &str) -> String {
    let name = arn.rsplit(':').next().unwrap_or(arn);
    let skipped = name.chars().count().saturating_sub(40);
    let end: String = name.chars().skip(skipped).collect();
    format!("nightshift:rotate:{end}")
}
