//! An application that logs in to the database all night, with what its secret says.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::sleep;

use super::secret::{self, Version};
use super::servers::Servers;
use crate::cloud::Ministack;
use crate::mysql::Mysql;

/// How long it goes on with what it has read, by the night's clock: as long as AWS's caching
/// clients do if nobody tells them otherwise.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_cache-java.html>
const CACHED: SignedDuration = SignedDuration::from_hours(1);
/// Between two logins on the same server.
const PAUSE: Duration = Duration::from_millis(40);
/// So often it logs in on each server, at least, whenever something has happened.
const SOME: u64 = 3;

/// The logins up to some moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// On the writer, and on the reader.
    pub logins: [u64; 2],
    /// The same on both, by the version of the secret.
    pub versions: BTreeMap<String, u64>,
    /// What the servers answered instead.
    pub refused: Vec<String>,
}

impl Tally {
    /// All logins.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.logins.iter().sum()
    }

    /// Those with a version of the secret.
    #[must_use]
    pub fn with(&self, version: Option<&str>) -> u64 {
        version
            .and_then(|id| self.versions.get(id))
            .copied()
            .unwrap_or_default()
    }

    /// In words: `1,240 logins, 0 refused`.
    #[must_use]
    pub fn said(&self) -> String {
        let (sum, refused) = (self.sum(), self.refused.len());
        format!("{} logins, {refused} refused", thousands(sum))
    }
}

/// `1,240`.
#[must_use]
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The application.
pub struct Application<'a> {
    ministack: &'a Ministack,
    servers: &'a Servers,
    clock: Cell<Timestamp>,
    cache: RefCell<Option<(Timestamp, Version)>>,
    tally: RefCell<Tally>,
    /// Logins and refusals on the writer, and on the reader.
    answers: Cell<[u64; 2]>,
}

impl<'a> Application<'a> {
    /// One that begins at `time`.
    pub fn new(ministack: &'a Ministack, servers: &'a Servers, time: Timestamp) -> Self {
        Self {
            ministack,
            servers,
            clock: Cell::new(time),
            cache: RefCell::default(),
            tally: RefCell::default(),
            answers: Cell::default(),
        }
    }

    /// Logs in, again and again, until `night` is over.
    pub async fn all(&self, night: impl Future<Output = ()>) {
        let [writer, reader] = self.servers.both();
        tokio::select! {
            () = night => {}
            never = self.log_in(0, writer) => match never {},
            never = self.log_in(1, reader) => match never {},
        }
    }

    /// It is `time` now.
    pub fn clock(&self, time: Timestamp) {
        self.clock.set(time);
    }

    /// The logins up to now.
    pub fn tally(&self) -> Tally {
        self.tally.borrow().clone()
    }

    /// The same after a few more on each server.
    pub async fn some_more(&self) -> Tally {
        let before = self.answers.get();
        let few = |now: [u64; 2]| {
            now.iter()
                .zip(before)
                .any(|(now, before)| now - before < SOME)
        };
        while few(self.answers.get()) {
            sleep(PAUSE).await;
        }
        self.tally()
    }

    async fn log_in(&self, number: usize, server: &Mysql) -> Infallible {
        loop {
            let version = self.version().await;
            let answer = server.login(&version.username, &version.password).await;
            self.note(number, &version.id, answer.as_ref().err());
            if let Ok(session) = answer {
                let _ = session.disconnect().await;
            }
            sleep(PAUSE).await;
        }
    }

    async fn version(&self) -> Version {
        let now = self.clock.get();
        let cached = self.cache.borrow().clone();
        match cached {
            Some((read, version)) if now.duration_since(read) < CACHED => version,
            _ => {
                let version = secret::current(self.ministack).await;
                self.cache.replace(Some((now, version.clone())));
                version
            }
        }
    }

    fn note(&self, number: usize, version: &str, error: Option<&mysql_async::Error>) {
        let mut answers = self.answers.get();
        answers[number] += 1;
        self.answers.set(answers);
        let mut tally = self.tally.borrow_mut();
        match error {
            None => {
                tally.logins[number] += 1;
                *tally.versions.entry(version.to_owned()).or_default() += 1;
            }
            Some(error) => {
                let time = self.clock.get().strftime("%H:%M UTC");
                let server = ["the writer", "the reader"][number];
                tally
                    .refused
                    .push(format!("{time}, {server}, version {version}: {error}"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_a_comma_at_each_thousand() {
        let said = [0, 999, 1000, 1_234_567].map(thousands);
        assert_eq!(said, ["0", "999", "1,000", "1,234,567"]);
    }
}
