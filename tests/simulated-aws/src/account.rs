//! One account in one region.

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    Agenda, Answer, Call, Change, Effect, Refusal, Service, Whim, cloudwatch::CloudWatch, rds::Rds,
    scheduler::Scheduler, secrets::SecretsManager, sns::Sns,
};

/// Which account, where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The account's twelve digits.
    pub account: String,
    /// `eu-central-1`.
    pub region: String,
}

impl Place {
    /// `arn:aws:<service>:<region>:<account>:<resource>`.
    #[must_use]
    pub fn arn(&self, service: &str, resource: &str) -> String {
        let Self { account, region } = self;
        format!("arn:aws:{service}:{region}:{account}:{resource}")
    }
}

/// The services of one account in one region, and what is to come.
#[derive(Clone, Debug)]
pub struct Account {
    /// Which account, where.
    pub place: Place,
    /// AWS's own choices.
    pub whim: Whim,
    /// Aurora: clusters, instances, snapshots.
    pub rds: Rds,
    /// Topics, and what was published to them.
    pub sns: Sns,
    /// Secrets, their versions and their rotation.
    pub secrets: SecretsManager,
    /// Metrics and alarms.
    pub cloudwatch: CloudWatch,
    /// Schedules.
    pub scheduler: Scheduler,
    agenda: Agenda,
    answered: u64,
}

/// The services of an account, for work outside any call.
#[derive(Debug)]
pub struct Services<'a> {
    /// Aurora.
    pub rds: &'a mut Rds,
    /// Topics.
    pub sns: &'a mut Sns,
    /// Secrets.
    pub secrets: &'a mut SecretsManager,
    /// Metrics and alarms.
    pub cloudwatch: &'a mut CloudWatch,
    /// Schedules.
    pub scheduler: &'a mut Scheduler,
}

/// What an operation may use besides its own service's state.
pub struct At<'a> {
    /// The time.
    pub now: Timestamp,
    /// The moment that listings of this call show; `now`, or a little earlier.
    pub shown: Timestamp,
    /// Which account, where.
    pub place: &'a Place,
    /// AWS's own choices.
    pub whim: &'a mut Whim,
    /// What is to come.
    pub agenda: &'a mut Agenda,
    /// What has changed.
    pub effects: &'a mut Vec<Effect>,
}

impl Account {
    /// An empty account.
    #[must_use]
    pub fn new(place: Place, whim: Whim) -> Self {
        let mut account = Self {
            place,
            whim,
            rds: Rds::default(),
            sns: Sns::default(),
            secrets: SecretsManager::default(),
            cloudwatch: CloudWatch::default(),
            scheduler: Scheduler::default(),
            agenda: Agenda::default(),
            answered: 0,
        };
        let keep = account.whim.stale_up_to;
        account.rds.remember(keep);
        account.secrets.remember(keep);
        account.cloudwatch.remember(keep);
        account.scheduler.remember(keep);
        account
    }

    /// Carries `call` out at `now`, and says what it changed. What was due before is done first.
    pub fn answer(&mut self, call: &Call, now: Timestamp) -> (Answer, Vec<Effect>) {
        let mut effects = self.advance(now);
        let shown = self.whim.shows(now);
        let result = self.carried_out(call, now, shown, &mut effects);
        self.answered += 1;
        let request_id = format!("{:08x}-0000-4000-8000-000000000000", self.answered);
        (Answer::of(call, result, &request_id), effects)
    }

    fn carried_out(
        &mut self,
        call: &Call,
        now: Timestamp,
        shown: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<Value, Refusal> {
        let (services, mut at) = self.split(now, shown, effects);
        match call.service {
            Service::Rds => services.rds.answer(call, &mut at),
            Service::Sns => services.sns.answer(call, &mut at),
            Service::SecretsManager => services.secrets.answer(call, &mut at),
            Service::CloudWatch => services.cloudwatch.answer(call, &mut at),
            Service::Scheduler => services.scheduler.answer(call, &mut at),
        }
    }

    /// When something changes next by itself.
    #[must_use]
    pub fn next_change(&self) -> Option<Timestamp> {
        self.agenda.next()
    }

    /// Lets everything happen that is due at `now`, and says what it was.
    pub fn advance(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        while let Some((at, change)) = self.agenda.due(now) {
            let (services, mut at) = self.split(at, at, &mut effects);
            match change {
                Change::Rds(change) => services.rds.change(&change, &mut at),
                Change::Secrets(change) => services.secrets.change(&change, &mut at),
                Change::Scheduler(change) => services.scheduler.change(&change, &mut at),
            }
        }
        effects
    }

    /// Runs `work` on RDS outside any call: somebody at the console, or a past being made.
    pub fn outside<T>(
        &mut self,
        now: Timestamp,
        work: impl FnOnce(&mut Rds, &mut At<'_>) -> T,
    ) -> (T, Vec<Effect>) {
        self.by_hand(now, |services, at| work(services.rds, at))
    }

    /// Runs `work` on all services outside any call.
    pub fn by_hand<T>(
        &mut self,
        now: Timestamp,
        work: impl FnOnce(Services<'_>, &mut At<'_>) -> T,
    ) -> (T, Vec<Effect>) {
        let mut effects = self.advance(now);
        let (services, mut at) = self.split(now, now, &mut effects);
        let done = work(services, &mut at);
        (done, effects)
    }

    fn split<'a>(
        &'a mut self,
        now: Timestamp,
        shown: Timestamp,
        effects: &'a mut Vec<Effect>,
    ) -> (Services<'a>, At<'a>) {
        let services = Services {
            rds: &mut self.rds,
            sns: &mut self.sns,
            secrets: &mut self.secrets,
            cloudwatch: &mut self.cloudwatch,
            scheduler: &mut self.scheduler,
        };
        let at = At {
            now,
            shown,
            place: &self.place,
            whim: &mut self.whim,
            agenda: &mut self.agenda,
            effects,
        };
        (services, at)
    }
}
