//! `RebootDBInstance`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RebootDBInstance.html>

use jiff::SignedDuration;

use crate::{
    At, Call, Refusal,
    rds::{Rds, events::Happened, input, out::Out, refusals::combination},
};

const TAKES: (SignedDuration, SignedDuration) =
    (SignedDuration::from_secs(10), SignedDuration::from_mins(2));

impl Rds {
    pub(crate) fn reboot_instance(&mut self, call: &Call, at: &mut At<'_>) -> Result<Out, Refusal> {
        let id = input::stored(call, "DBInstanceIdentifier")?;
        let instance = self.named_instance(&id)?;
        if input::flag(call, "ForceFailover")? {
            return Err(combination(
                "Cannot force failover of an instance that is not a Multi-AZ instance.",
            ));
        }
        super::in_state(&instance, &["available"])?;
        self.instance_becomes(&id, "rebooting", at);
        self.happened(Happened::INSTANCE_SHUT_DOWN, &id, at);
        let ends = at.now + at.whim.between(TAKES);
        self.instance_will(&id, "rebooting", "available", ends, at);
        Ok(self.shown_instance(&id, at))
    }
}
