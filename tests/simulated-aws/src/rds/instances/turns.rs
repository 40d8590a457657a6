//! What becomes of an instance by itself.

use jiff::SignedDuration;

use crate::{
    At,
    rds::{Rds, events::Happened},
};

const CONFIGURING: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(20), SignedDuration::from_mins(2));

/// What a creation that fails ends as. From none of them anything leads on but deletion.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html>
pub(super) const FAILURES: [&str; 3] = ["failed", "incompatible-network", "insufficient-capacity"];

impl Rds {
    /// An instance that was `from` is `to` now.
    pub(crate) fn instance_turns(&mut self, id: &str, from: &str, to: &str, at: &mut At<'_>) {
        self.under_way.instances.end(id);
        self.instance_becomes(id, to, at);
        match (from, to) {
            ("creating", "failed") => self.happened(Happened::INSTANCE_FAILED, id, at),
            ("creating", other) if FAILURES.contains(&other) => {}
            ("creating", _) => self.happened(Happened::INSTANCE_CREATED, id, at),
            ("rebooting", _) => self.happened(Happened::INSTANCE_RESTARTED, id, at),
            _ => {}
        }
        if to.starts_with("configuring-") {
            let ends = at.now + at.whim.between(CONFIGURING);
            self.instance_will(id, to, "available", ends, at);
        }
    }

    /// An instance that was being deleted is gone.
    pub(crate) fn instance_gone(&mut self, id: &str, at: &mut At<'_>) {
        self.happened(Happened::INSTANCE_DELETED, id, at);
        self.remove_instance(id, at);
    }
}
