//! New readers: their names, where they go, what they are like.

use aurora_model::{
    Choice, Decision, Tags,
    name::fitted,
    reader::{DbInstance, InstanceSettings, NewReader},
    tags::{self, MAX_TAGS},
    words::{count, list},
};
use jiff::Timestamp;

use super::{Decided, Scene};
use crate::{
    change::{Change, Create, Place},
    changes::stamp,
    fleet::Stand,
    policy::AS_WRITER,
    wish::{Asker, Least},
};

/// Why a reader is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause<'a> {
    /// Fewer than the policy's `min`, or than a floor of its schedule.
    Least(Least),
    /// An alarm asks for more, or remedy-alarm does.
    Asked(Asker<'a>),
}

impl Cause<'_> {
    /// What the names of the readers added for it have in common. It stays the same for as long as the
    /// cause does, so runs that meet, or that see lists of different age, ask for the same readers.
    fn slug(self) -> String {
        let minute = |at: Timestamp| at.strftime("%y%m%d%H%M").to_string();
        match self {
            Self::Least(Least { until: None, .. }) => "min".into(),
            Self::Least(Least {
                until: Some(until), ..
            }) => format!("f{}", minute(until)),
            Self::Asked(Asker::Alarm(alarm)) => format!("a{}", minute(alarm.since)),
            Self::Asked(Asker::Remedy(at)) => format!("q{}", minute(at)),
        }
    }

    const fn since(self) -> Option<Timestamp> {
        match self {
            Self::Least(Least { until, .. }) => until,
            Self::Asked(asker) => Some(asker.since()),
        }
    }
}

/// The class of an Aurora Serverless v2 instance.
const SERVERLESS: &str = "db.serverless";
/// Tags that a reader gets when it is to go: since when, and one for each custom endpoint, of which a
/// cluster has up to five.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html>
const LEFT_FREE: usize = 6;
/// Hours of a month, as AWS's price lists count them.
const MONTH: f64 = 730.0;
/// Room in a name for `-r`, the slug of at most 11 characters, `-15` and a letter.
const NAME_END: usize = 18;

impl Scene<'_> {
    /// `more` readers, `back` of those that were to go being used again.
    pub(super) fn create(&self, more: usize, back: usize, cause: &Cause<'_>) -> Vec<Decided> {
        if let Some(flapping) = self.flapping() {
            return vec![flapping];
        }
        let present = self.fleet.present();
        let max = usize::from(self.policy.max);
        let most = max.saturating_sub(present).min(more);
        if most == 0 {
            let there = count(present, "reader");
            let are = if present == 1 { "is" } else { "are" };
            let reason = format!(
                "{}, but {there} {are} there, the most that policy.max allows",
                self.because(cause)
            );
            return vec![self.cluster(Choice::Alert, reason)];
        }
        // As many of them as there is money for.
        let fewer = (2..=most)
            .rev()
            .find_map(|more| Some((more, self.places(more).ok()?)));
        let (most, places) = match fewer.map_or_else(|| Ok((1, self.places(1)?)), Ok) {
            Ok(found) => found,
            Err(why) => {
                let why: String = why;
                let reason = format!("{}, but {why}", self.because(cause));
                return vec![self.cluster(Choice::Alert, reason)];
            }
        };
        let first = self.fleet.staying() + back + 1;
        (first..first + most)
            .map(|number| self.one(number, &places, cause))
            .collect()
    }

    fn one(&self, number: usize, places: &[Place], cause: &Cause<'_>) -> Decided {
        let sibling = self.sibling();
        let id = self.name(number, *cause);
        let new = NewReader {
            id: id.clone(),
            cluster: self.seen.cluster.id.clone(),
            engine: self.seen.cluster.engine.clone(),
            class: places[0].class.clone(),
            zone: places[0].zone.clone(),
            promotion_tier: self.policy.promotion_tier,
            settings: self.settings(sibling),
            tags: tags_for(sibling, *cause, self.now),
        };
        let places = places.to_vec();
        let next = if number == usize::from(self.policy.max) {
            "that is the most that policy.max allows".into()
        } else {
            format!(
                "the next change at the earliest at {}",
                self.clock(self.next())
            )
        };
        let reason = format!(
            "{} → {}: {}; {next}",
            number - 1,
            count(number, "reader"),
            self.because(cause)
        );
        let create = Change::Create(Box::new(Create {
            new,
            places,
            cluster_arn: self.seen.cluster.arn.clone(),
            cluster_tags: self.seen.cluster.tags.clone(),
        }));
        Decision::new(&self.seen.cluster.id, id, Choice::Act(create), reason)
    }

    /// Whom a new reader is like: the newest reader that serves, or else the writer.
    fn sibling(&self) -> &DbInstance {
        let serving = self.fleet.those(|stand| stand == Stand::Serving);
        let newest = serving
            .into_iter()
            .max_by_key(|reader| (reader.instance.created, &reader.instance.id));
        newest.map_or(self.fleet.writer, |reader| reader.instance)
    }

    /// One of Nightshift's may be without Performance Insights because of its class alone. What the team
    /// wants, the writer then tells.
    fn settings(&self, sibling: &DbInstance) -> InstanceSettings {
        let settings = sibling.settings.clone();
        if sibling.tags.managed() && settings.performance_insights != Some(true) {
            return settings.with_insights_of(&self.fleet.writer.settings);
        }
        settings
    }

    fn name(&self, number: usize, cause: Cause<'_>) -> String {
        let cluster = fitted(
            &self.seen.cluster.id,
            aurora_model::name::MAX_LEN - NAME_END,
        );
        let name = format!("{cluster}-r{}-{number}", cause.slug());
        let taken = |name: &str| self.seen.instances.iter().any(|there| there.id == name);
        let again = ('b'..='z').map(|letter| format!("{name}{letter}"));
        let mut names = std::iter::once(name.clone()).chain(again);
        names.find(|name| !taken(name)).unwrap_or(name)
    }

    /// Where a reader may be, what is preferred first: each class in each zone, and the zone with the
    /// fewest instances first.
    fn places(&self, more: usize) -> Result<Vec<Place>, String> {
        let zones = self.zones();
        let classes = self.classes(more)?;
        let of = |class: &String| {
            let class = class.clone();
            let place = move |zone: &Option<String>| Place {
                class: class.clone(),
                zone: zone.clone(),
            };
            zones.iter().map(place).collect::<Vec<_>>()
        };
        Ok(classes.iter().flat_map(of).collect())
    }

    fn zones(&self) -> Vec<Option<String>> {
        let named = if self.policy.zones.is_empty() {
            &self.seen.cluster.zones
        } else {
            &self.policy.zones
        };
        let there = |zone: &str| {
            let instances = self.seen.instances.iter();
            instances
                .filter(|it| it.zone.as_deref() == Some(zone))
                .count()
        };
        let mut zones: Vec<_> = named.iter().collect();
        zones.sort_by_key(|zone| (there(zone), (*zone).clone()));
        zones.dedup();
        if zones.is_empty() {
            return vec![None];
        }
        zones.into_iter().map(|zone| Some(zone.clone())).collect()
    }

    /// The policy's classes that may be used, with the writer's own put in.
    fn classes(&self, more: usize) -> Result<Vec<String>, String> {
        let writer = &self.fleet.writer.class;
        let mut named: Vec<String> = Vec::new();
        for class in &self.policy.classes {
            let class = if class == AS_WRITER { writer } else { class };
            if !named.contains(class) {
                named.push(class.clone());
            }
        }
        let mut not = Vec::new();
        named.retain(|class| match self.why_not(class, more) {
            Some(why) => {
                not.push(why);
                false
            }
            None => true,
        });
        if named.is_empty() {
            return Err(list(&not));
        }
        // RDS may find out only after its answer that it has none of a class left.
        named.sort_by_key(|class| self.fleet.never_came(class));
        Ok(named)
    }

    fn why_not(&self, class: &str, more: usize) -> Option<String> {
        if class == SERVERLESS && !self.seen.cluster.serverless {
            return Some(format!(
                "{class} needs a capacity range on the cluster (ServerlessV2ScalingConfiguration)"
            ));
        }
        let most = self.policy.max_monthly_cost?;
        let Some(price) = self.policy.prices.get(class) else {
            return Some(format!("{class} has no price in policy.prices"));
        };
        let readers = self
            .fleet
            .readers
            .iter()
            .filter(|it| it.stand != Stand::Going);
        let each = readers.map(|it| self.policy.prices.get(&it.instance.class));
        let Some(now) = each.sum::<Option<f64>>() else {
            return Some(
                "a reader that is there is of a class without a price in policy.prices".into(),
            );
        };
        let added = f64::from(u32::try_from(more).unwrap_or(u32::MAX)) * price;
        let then = (now + added) * MONTH;
        (then > most).then(|| format!("with one more {class} the readers would cost {then:.0} a month, above policy.max_monthly_cost of {most}"))
    }
}

fn tags_for(sibling: &DbInstance, cause: Cause<'_>, now: Timestamp) -> Tags {
    let mut ours = Tags::default();
    ours.set(tags::MANAGED_BY, tags::NIGHTSHIFT);
    let since = cause.since().map_or_else(|| "min".into(), stamp);
    ours.set(tags::CREATED_FOR, since);
    ours.set(tags::CREATED_AT, stamp(now));
    // Filled in when the reader is created; its room is kept here.
    ours.set(tags::CREATED_BY, "");
    ours.filled_up_to(MAX_TAGS - LEFT_FREE, &sibling.tags).0
}
