//! The stage: the set, the function, the application, and who plays the cases.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::application::Application;
use super::case::{Case, Moment, Resume, Runs, Side};
use super::doctor::DOCTOR;
use super::matrix::Count;
use super::played::Played;
use super::set::{Pace, Set, quoted};
use super::strategy::Strategy;
use super::subject::Subject;
use crate::fault::{Fault, When};
use crate::mysql::{Cut, Relay};
use crate::rotation::{Public, STEPS, token};

/// No login takes longer, on a machine with much to do.
const LOGIN_LIMIT: Duration = Duration::from_secs(20);

/// So many rotations at the most are begun to count one in which no step is repeated.
const ENOUGH: usize = 4;

/// The set, the function and the application. Cases are played on it one after the other.
pub struct Stage {
    /// Servers, relays, AWS.
    pub set: Arc<Set>,
    pub(super) subject: Subject,
    application: Application,
    rotations: u64,
    /// When finishSecret last ended.
    pub(super) finished: Instant,
    broken: Option<&'static str>,
    /// Whether the second execution environment has died in this case.
    pub(super) second_killed: bool,
    /// Messages to the writer and to the replica before the doctor came.
    pub(super) sent_before: (usize, usize),
    pub(super) public: Public,
}

impl Stage {
    /// A stage for a program that speaks the Lambda Runtime API; for ours, without one.
    pub async fn start(strategy: Strategy, pace: Pace, function: Option<PathBuf>) -> Self {
        let set = Set::start(strategy, pace).await;
        let subject = match function {
            Some(path) => Subject::binary(&set, path).await,
            None => Subject::ours(&set).await,
        };
        Self::of(set, subject).await
    }

    /// The same with any function. The application begins to log in.
    pub async fn of(set: Arc<Set>, subject: Subject) -> Self {
        let application = Application::start(Arc::clone(&set));
        let mut stage = Self {
            set,
            subject,
            application,
            rotations: 0,
            finished: Instant::now(),
            broken: None,
            second_killed: false,
            sent_before: (0, 0),
            public: Public::without(&[Set::boss()]),
        };
        stage.public.hashes_on(&stage.set.pair.writer).await;
        stage
    }

    /// Rotates once to have everything as it usually is, the clone made, and counts what the next
    /// rotation sends. Both must succeed.
    pub async fn count(&mut self) -> (Count, Vec<Played>) {
        let undisturbed = Case {
            moment: Moment::Never,
            resume: Resume::SameStep,
            runs: Runs::One,
        };
        let mut played = vec![self.play(undisturbed).await];
        loop {
            self.quiet().await;
            let before = (self.set.writer.count(), self.set.reader.count());
            let again = self.play(undisturbed).await;
            self.quiet().await;
            let count = Count {
                writer: self.set.writer.count() - before.0,
                reader: self.set.reader.count() - before.1,
                calls: again.calls,
            };
            // One in which a step had to be repeated counts for too much.
            let usual = again.during.is_empty() || played.len() > ENOUGH;
            played.push(again);
            if usual {
                return (count, played);
            }
        }
    }

    pub(super) async fn quiet(&self) {
        self.set.writer.all_closed().await;
        self.set.reader.all_closed().await;
    }

    /// Plays a case to its end: until the rotation has succeeded, or is given up, and the
    /// application's cache knows of it.
    pub async fn play(&mut self, case: Case) -> Played {
        let began = Instant::now();
        self.set.proxy.reset();
        self.arm(case.moment);
        let rotated = self.rotate(case).await;
        let died = self.has_died();
        self.disarm();
        let during = self.during();
        let calls = self.set.proxy.calls().len();
        self.settled().await;
        let mut played = Played {
            case,
            died,
            during,
            calls,
            stuck: rotated.err(),
            shut: self.shut().await,
            leaks: self.leaks(),
            tally: self.application.take(),
            took: Duration::ZERO,
        };
        if played.stuck.is_some() || !played.shut.is_empty() {
            let standing = self.standing().await;
            played.stuck.get_or_insert_default().push_str(&standing);
            self.repair().await;
        }
        self.set.secrets.prune();
        played.took = began.elapsed();
        played
    }

    /// Waits until the application has read the secret again, and the next rotation may kill what
    /// was just replaced: finishSecret notes the time shortly before its end.
    async fn settled(&self) {
        let Pace {
            cache,
            settle,
            every,
        } = self.set.pace;
        sleep(cache + every * 5).await;
        sleep_until(self.finished + settle + every * 5).await;
    }

    async fn rotate(&mut self, case: Case) -> Result<(), String> {
        let token = self.begin().await;
        (self.broken, self.second_killed) = (None, false);
        let went = self.once(&token, 0, case.runs).await;
        match (went, case.resume) {
            (_, Resume::Doctor(moment)) => {
                self.broken = Some(DOCTOR);
                self.doctored(moment).await
            }
            (Ok(()), _) => Ok(()),
            (Err(broken), Resume::SameStep) => {
                self.broken = Some(STEPS[broken.step]);
                self.persist(&token, broken.step).await
            }
            (Err(broken), Resume::NewRotation) => {
                self.broken = Some(STEPS[broken.step]);
                self.set.secrets.give_up().await;
                let token = self.begin().await;
                self.persist(&token, 0).await
            }
        }
    }

    async fn begin(&mut self) -> String {
        self.rotations += 1;
        let token = token(self.rotations);
        self.set.secrets.begin(&token, &self.subject.arn()).await;
        token
    }

    pub(super) fn arm(&self, moment: Moment) {
        let killer = self.subject.killer(0);
        match moment {
            Moment::Never => {}
            Moment::Message { side, n, cut } => self.relay(side).cut_at(n, cut, Some(killer)),
            Moment::Call { n, cut } => {
                let fault = match cut {
                    Cut::BeforeForwarding => Fault::KillBefore(killer),
                    Cut::AfterForwarding => Fault::KillAfter(killer),
                };
                self.set.proxy.inject(When::any().nth(n), fault);
            }
        }
    }

    /// Where it died: the step, and the API call if it was at one. Messages are encrypted.
    fn during(&self) -> String {
        let calls = self.set.proxy.calls().into_iter();
        let at = calls
            .filter(|call| call.failed_on_purpose)
            .map(|call| call.action);
        let step = self.broken.map(str::to_owned);
        step.into_iter().chain(at).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn disarm(&self) {
        for side in [Side::Writer, Side::Reader] {
            self.relay(side)
                .cut_at(usize::MAX, Cut::BeforeForwarding, None);
        }
        self.set.proxy.heal();
    }

    fn relay(&self, side: Side) -> &Relay {
        match side {
            Side::Writer => &self.set.writer,
            Side::Reader => &self.set.reader,
        }
    }

    /// Whether the case's moment has come.
    pub(super) fn has_died(&self) -> bool {
        let failed = |call: &crate::proxy::Call| call.failed_on_purpose;
        self.set.writer.has_cut()
            || self.set.reader.has_cut()
            || self.set.proxy.calls().iter().any(failed)
    }

    /// The doors that `AWSCURRENT` does not open, and why.
    async fn shut(&self) -> Vec<String> {
        self.set.pair.caught_up().await;
        let current = self.set.secrets.current().await;
        let mut shut = vec![];
        for door in self.set.doors() {
            let login = self.set.enter(door, &current.username, &current.password);
            match timeout(LOGIN_LIMIT, login).await {
                Ok(Ok(session)) => drop(session.disconnect().await),
                Ok(Err(error)) => shut.push(format!("{}: {error}", door.name())),
                Err(_) => shut.push(format!("{}: no answer", door.name())),
            }
        }
        shut
    }

    /// Which versions open the writer's door, and the accounts: for people who look for a cause.
    async fn standing(&self) -> String {
        let labels = self.set.secrets.labels().await;
        let mut lines = vec![];
        for version in self.set.secrets.versions() {
            let mut opens = vec![];
            for door in self.set.doors().into_iter().filter(|door| !door.replica) {
                let login = self.set.enter(door, &version.username, &version.password);
                opens.push(
                    timeout(LOGIN_LIMIT, login)
                        .await
                        .is_ok_and(|login| login.is_ok()),
                );
            }
            let labels = labels.get(&version.version).cloned().unwrap_or_default();
            let (_, number) = version.version.rsplit_once('-').unwrap_or_default();
            let number = number.trim_start_matches('0');
            let user = version.username;
            lines.push(format!(
                "version {number} {labels:?} of {user}: opens {opens:?}"
            ));
        }
        let accounts = "SELECT CONCAT(user, '@', host, ' has a secondary password: ', \
                        IFNULL(JSON_CONTAINS_PATH(User_attributes, 'one', '$.additional_password'), 0)) \
                        FROM mysql.user WHERE user LIKE 'app%'";
        let accounts = self.set.pair.writer.root(accounts).await;
        lines.extend(accounts.into_iter().map(|row| row.concat()));
        lines.iter().map(|line| ["\n    ", line].concat()).collect()
    }

    /// What a person would do in the end: the accounts get the password that the secret says, so
    /// that the next case begins like any other.
    async fn repair(&self) {
        self.set.secrets.give_up().await;
        let current = self.set.secrets.current().await;
        let (user, password) = (&current.username, quoted(&current.password));
        // A function may have made fewer accounts, or other ones, than ours does.
        let hosts = format!("SELECT host FROM mysql.user WHERE user = '{user}'");
        for host in self.set.pair.writer.root(&hosts).await.concat() {
            let alter = format!("ALTER USER '{user}'@'{host}' IDENTIFIED BY {password}");
            self.set.pair.writer.root(&alter).await;
            let discard = format!("ALTER USER '{user}'@'{host}' DISCARD OLD PASSWORD");
            self.set.pair.writer.root(&discard).await;
        }
        self.set.pair.caught_up().await;
        sleep(self.set.pace.cache * 2).await;
        self.application.take();
    }

    /// Secrets in what was said since this was last asked, by the function, in mails, and in its
    /// calls.
    fn leaks(&mut self) -> Vec<String> {
        for version in self.set.secrets.versions() {
            self.public.password(&version.password);
        }
        self.hear_calls();
        let leaks = self.public.leaks();
        self.public.forget();
        leaks
    }

    /// Keeps the function's calls so far, which the proxy is about to forget.
    pub(super) fn hear_calls(&mut self) {
        for call in self.set.proxy.calls() {
            self.public.hear_call(&call);
        }
    }
}
