//! Whether there is a machine of a class to be had in a zone.

use jiff::SignedDuration;

use crate::{
    At, Refusal,
    rds::{Rds, refusals::Code, show},
};

/// For how long the answer is the same.
const HOLDS: (SignedDuration, SignedDuration) =
    (SignedDuration::from_mins(10), SignedDuration::from_mins(60));

impl Rds {
    /// The zone for a new instance: the one asked for, or any that has room.
    pub(crate) fn zone_with_room(
        &mut self,
        class: &str,
        asked: Option<&str>,
        at: &mut At<'_>,
    ) -> Result<String, Refusal> {
        let mut zones = show::zones(at.place);
        at.whim.rng.shuffle(&mut zones);
        let zones = match asked {
            None => zones.to_vec(),
            Some(asked) if zones.iter().any(|zone| zone == asked) => vec![asked.to_owned()],
            Some(other) => {
                let why = format!("Invalid availability zone: {other}");
                return Err(Refusal::invalid(why));
            }
        };
        let found = zones
            .into_iter()
            .find(|zone| self.has_room(class, zone, at));
        found.ok_or_else(|| {
            Code::NoCapacity.because(format!(
                "Cannot create a {class} database instance because there are no availability \
                 zones with sufficient capacity for VPC and storage type : aurora for {class}. \
                 Please try the request again at a later time."
            ))
        })
    }

    fn has_room(&mut self, class: &str, zone: &str, at: &mut At<'_>) -> bool {
        let key = (class.to_owned(), zone.to_owned());
        if let Some((has, until)) = self.under_way.capacity.get(&key)
            && at.now < *until
        {
            return *has;
        }
        let has = !at.whim.happens(at.whim.no_capacity);
        let until = at.now + at.whim.between(HOLDS);
        self.under_way.capacity.insert(key, (has, until));
        has
    }
}
