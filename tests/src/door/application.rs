//! The application: it logs in all the while with whatever `AWSCURRENT` says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use mysql_async::Error;
use tokio::task::JoinHandle;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};

use super::secrets::Credential;
use super::set::{Door, Set};

/// A login that takes longer has failed.
const LOGIN_LIMIT: Duration = Duration::from_secs(20);

/// MySQL's number for `Access denied for user … (using password: YES)`.
/// <https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html#error_er_access_denied_error>
pub(super) const ACCESS_DENIED: u16 = 1045;

/// A task that logs in through every door in turn. It ends when it is dropped.
pub(super) struct Application {
    tally: Arc<Mutex<Tally>>,
    task: JoinHandle<()>,
}

/// What the application has seen.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Logins that succeeded, by door.
    pub logins: BTreeMap<Door, usize>,
    /// Logins that were refused with error 1045.
    pub refused: Vec<Refused>,
    /// Logins that failed in any other way, in words.
    pub others: Vec<String>,
}

/// A login that was refused.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Where.
    pub door: Door,
    /// When.
    pub at: Instant,
    /// The version of the secret that was refused; never its value.
    pub version: String,
    /// Its user.
    pub username: String,
}

impl Application {
    /// Starts it.
    pub(super) fn start(set: Arc<Set>) -> Self {
        let tally = Arc::new(Mutex::new(Tally::default()));
        let task = tokio::spawn(run(set, Arc::clone(&tally)));
        Self { tally, task }
    }

    /// What it has seen since this was last asked.
    pub(super) fn take(&self) -> Tally {
        std::mem::take(&mut *seen(&self.tally))
    }
}

impl Drop for Application {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Tally {
    /// Logins that succeeded, over all doors.
    #[must_use]
    pub fn logins(&self) -> usize {
        self.logins.values().sum()
    }

    /// Logins that were tried.
    #[must_use]
    pub fn tried(&self) -> usize {
        self.logins() + self.refused.len() + self.others.len()
    }

    /// From the first refused login to the last; none if none was.
    #[must_use]
    pub fn window(&self) -> Option<Duration> {
        let first = self.refused.iter().map(|refused| refused.at).min()?;
        let last = self.refused.iter().map(|refused| refused.at).max()?;
        Some(last - first)
    }
}

async fn run(set: Arc<Set>, tally: Arc<Mutex<Tally>>) {
    let mut tick = interval(set.pace.every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut cached: Option<(Credential, Instant)> = None;
    for door in set.doors().into_iter().cycle() {
        tick.tick().await;
        let now = Instant::now();
        let fresh = cached
            .take()
            .filter(|(_, read)| now - *read < set.pace.cache);
        let (credential, read) = match fresh {
            Some(fresh) => fresh,
            None => (set.secrets.current().await, now),
        };
        log_in(&set, door, &credential, &tally).await;
        cached = Some((credential, read));
    }
}

async fn log_in(set: &Set, door: Door, credential: &Credential, tally: &Mutex<Tally>) {
    let login = set.enter(door, &credential.username, &credential.password);
    match timeout(LOGIN_LIMIT, login).await {
        Ok(Ok(session)) => {
            *seen(tally).logins.entry(door).or_default() += 1;
            let _ = session.disconnect().await;
        }
        Ok(Err(Error::Server(error))) if error.code == ACCESS_DENIED => {
            let refused = Refused {
                door,
                at: Instant::now(),
                version: credential.version.clone(),
                username: credential.username.clone(),
            };
            seen(tally).refused.push(refused);
        }
        Ok(Err(error)) => seen(tally).others.push(format!("{}: {error}", door.name())),
        Err(_) => seen(tally)
            .others
            .push(format!("{}: no answer in {LOGIN_LIMIT:?}", door.name())),
    }
}

fn seen(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().expect("no panic under this lock")
}
