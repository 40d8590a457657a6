//! The doctor comes to a rotation that was given up, and is killed as the rotation was.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::case::{Case, Moment, Resume, Runs, Side};
use super::matrix::Count;
use super::played::Played;
use super::stage::Stage;
use super::strategy::Strategy;
use crate::mysql::Cut;

/// Its name among the steps.
pub const DOCTOR: &str = "the doctor";
/// In the policy of its schedule: an unfinished rotation is one that was given up.
pub(super) const STUCK_AFTER: &str = "1s";
/// In the same: an old password is discarded. Longer than the application's cache.
pub(super) const GRACE: &str = "2s";

/// Versions are dated to the second, so that one of them is older than `STUCK_AFTER` only now.
const RIPE: Duration = Duration::from_millis(2200);
/// How long the doctor comes again and again.
const PATIENCE: Duration = Duration::from_secs(15);
/// Between two visits.
const PAUSE: Duration = Duration::from_millis(100);

impl Stage {
    /// The doctor comes until nothing is left to do, killed at this moment of all it sends.
    pub(super) async fn doctored(&mut self, moment: Moment) -> Result<(), String> {
        sleep(RIPE).await;
        self.disarm();
        self.hear_calls();
        self.set.proxy.reset();
        self.arm(moment);
        self.sent_before = (self.set.writer.count(), self.set.reader.count());
        let patience = Instant::now() + PATIENCE;
        loop {
            let visit = self.subject.visit(&self.set).await;
            let said = self.heard(visit).await;
            let left = self.left().await;
            match (said, left) {
                (Ok(()), None) => return Ok(()),
                (said, left) if Instant::now() > patience => {
                    let said = said.err().unwrap_or_default();
                    return Err(format!("{DOCTOR}: {} {said}", left.unwrap_or_default()));
                }
                _ => sleep(PAUSE).await,
            }
        }
    }

    /// What a doctor must not leave, once it may mend it.
    async fn left(&self) -> Option<String> {
        if self.set.secrets.stuck().await.is_some() {
            return Some("AWSPENDING is left on a version that is not current.".to_owned());
        }
        match self.set.strategy {
            Strategy::DualSuperuser => self.has_second_password().await,
            Strategy::DualOwn => self.opens_to_previous().await,
            _ => None,
        }
    }

    async fn has_second_password(&self) -> Option<String> {
        let accounts = "SELECT host FROM mysql.user WHERE user = 'app' \
                        AND JSON_CONTAINS_PATH(User_attributes, 'one', '$.additional_password')";
        let accounts = self.set.pair.writer.root(accounts).await.concat();
        let some = !accounts.is_empty();
        some.then(|| {
            format!(
                "A second password is left to app at {}.",
                accounts.join(", ")
            )
        })
    }

    /// A user that sees no accounts discards a password only if it knows whose it is.
    async fn opens_to_previous(&self) -> Option<String> {
        let previous = self.set.secrets.previous().await?;
        let door = self.set.doors()[0];
        let login = self.set.enter(door, &previous.username, &previous.password);
        let opens = login.await.is_ok();
        opens.then(|| "AWSPREVIOUS is not discarded.".to_owned())
    }

    /// Counts what the doctor sends about a rotation that was given up shortly before its end.
    pub async fn count_doctor(&mut self, rotation: Count) -> (Count, Played) {
        let (side, n) = (Side::Writer, rotation.writer * 4 / 5);
        let cut = Cut::AfterForwarding;
        let case = Case {
            moment: Moment::Message { side, n, cut },
            resume: Resume::Doctor(Moment::Never),
            runs: Runs::One,
        };
        let played = self.play(case).await;
        self.quiet().await;
        let count = Count {
            writer: self.set.writer.count() - self.sent_before.0,
            reader: self.set.reader.count() - self.sent_before.1,
            calls: played.calls,
        };
        (count, played)
    }
}
