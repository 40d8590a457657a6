//! What a member can be told besides its class and zone, and what it has untold.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>

use std::collections::BTreeMap;

use crate::{
    Call, Place, Refusal,
    rds::{
        Instance, input,
        refusals::{Code, combination},
    },
};

type Settings = BTreeMap<String, String>;

/// What a member can be told, and what its description calls it.
const SETTINGS: [(&str, &str); 11] = [
    ("AutoMinorVersionUpgrade", "AutoMinorVersionUpgrade"),
    ("CACertificateIdentifier", "CACertificateIdentifier"),
    ("CopyTagsToSnapshot", "CopyTagsToSnapshot"),
    ("EnablePerformanceInsights", INSIGHTS),
    ("MonitoringInterval", "MonitoringInterval"),
    ("MonitoringRoleArn", "MonitoringRoleArn"),
    ("NetworkType", "NetworkType"),
    (KEY, KEY),
    (RETENTION, RETENTION),
    ("PreferredMaintenanceWindow", "PreferredMaintenanceWindow"),
    ("PubliclyAccessible", "PubliclyAccessible"),
];
const INSIGHTS: &str = "PerformanceInsightsEnabled";
const KEY: &str = "PerformanceInsightsKMSKeyId";
const RETENTION: &str = "PerformanceInsightsRetentionPeriod";
/// The classes of Aurora MySQL that have none.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_DatabaseInsights.Engines.html>
const WITHOUT_INSIGHTS: [&str; 4] = ["db.t2.", "db.t3.", "db.t4g.micro", "db.t4g.small"];
const FLAGS: [&str; 4] = [
    "AutoMinorVersionUpgrade",
    "CopyTagsToSnapshot",
    "EnablePerformanceInsights",
    "PubliclyAccessible",
];
/// The authorities there are.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.SSL.html>
const AUTHORITIES: [&str; 3] = ["rds-ca-ecc384-g1", "rds-ca-rsa2048-g1", "rds-ca-rsa4096-g1"];

/// What a member has that was told nothing. Its maintenance window would be any.
pub(crate) fn usual() -> Settings {
    let usual = [
        ("AutoMinorVersionUpgrade", "true"),
        ("CACertificateIdentifier", "rds-ca-rsa2048-g1"),
        ("CopyTagsToSnapshot", "false"),
        ("MonitoringInterval", "0"),
        (INSIGHTS, "false"),
        ("PreferredMaintenanceWindow", "sun:04:10-sun:04:40"),
        ("PubliclyAccessible", "false"),
    ];
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    usual.map(owned).into()
}

/// What the call asks for.
pub(super) fn asked(call: &Call, place: &Place) -> Result<Settings, Refusal> {
    for flag in FLAGS {
        input::flag(call, flag)?;
    }
    of_the_cluster(call)?;
    monitoring(call)?;
    insights(call)?;
    certificate(call)?;
    let mut settings = usual();
    for (member, shown) in SETTINGS {
        let given = call.text(member).map(str::to_owned);
        settings.extend(given.map(|given| (shown.to_owned(), given)));
    }
    if let Some(window) = settings.get_mut("PreferredMaintenanceWindow") {
        window.make_ascii_lowercase();
        maintenance(window)?;
    }
    if input::flag(call, "EnablePerformanceInsights")? {
        let default = || place.arn("kms", "key/00000000-0000-4000-8000-000000000000");
        settings.entry(KEY.into()).or_insert_with(default);
        settings.entry(RETENTION.into()).or_insert("7".into());
    }
    Ok(settings)
}

/// Whether the instance has Enhanced Monitoring.
pub(super) fn monitored(instance: &Instance) -> bool {
    let interval = instance.settings.get("MonitoringInterval");
    interval.is_some_and(|interval| interval != "0")
}

/// Members inherit the mode of Database Insights, and can't be told one.
fn of_the_cluster(call: &Call) -> Result<(), Refusal> {
    call.text("DatabaseInsightsMode").map_or(Ok(()), |_| {
        Err(combination(
            "The specified DB Instance is a member of a cluster. Modify the database insights \
             mode for the DB Cluster using the ModifyDbCluster API",
        ))
    })
}

fn monitoring(call: &Call) -> Result<(), Refusal> {
    let interval = input::number(call, "MonitoringInterval")?.unwrap_or(0);
    if ![0, 1, 5, 10, 15, 30, 60].contains(&interval) {
        let why = format!("Invalid monitoring interval {interval}");
        return Err(Refusal::invalid(why));
    }
    let role = call.text("MonitoringRoleArn").is_some();
    if role != (interval != 0) {
        return Err(combination(
            "A MonitoringRoleARN value is required if you specify a MonitoringInterval value \
             other than 0, and only then.",
        ));
    }
    Ok(())
}

/// A week, two years, or whole months of 31 days between them.
fn insights(call: &Call) -> Result<(), Refusal> {
    let days = input::number(call, RETENTION)?;
    let valid =
        |days: i64| matches!(days, 7 | 731) || (days % 31 == 0 && (1..=23).contains(&(days / 31)));
    if let Some(days) = days.filter(|days| !valid(*days)) {
        let why = format!("Invalid Performance Insights retention period {days}");
        return Err(Refusal::invalid(why));
    }
    let told = days.is_some() || call.text(KEY).is_some();
    let on = input::flag(call, "EnablePerformanceInsights")?;
    if told && !on {
        return Err(combination(
            "Performance Insights must be enabled to give it a key or a retention period.",
        ));
    }
    let class = input::required(call, "DBInstanceClass")?;
    if on && WITHOUT_INSIGHTS.iter().any(|kind| class.starts_with(kind)) {
        return Err(combination(
            "Performance Insights not supported for this configuration.",
        ));
    }
    Ok(())
}

fn certificate(call: &Call) -> Result<(), Refusal> {
    let named = call.text("CACertificateIdentifier");
    match named.filter(|named| !AUTHORITIES.contains(named)) {
        None => Ok(()),
        Some(other) => {
            Err(Code::CertificateNotFound.because(format!("Certificate not found: {other}")))
        }
    }
}

/// `ddd:hh24:mi-ddd:hh24:mi`, of half an hour at least.
fn maintenance(window: &str) -> Result<(), Refusal> {
    let ends = window.split_once('-');
    let ends = ends.and_then(|(begin, end)| Some((minute(begin)?, minute(end)?)));
    let long = ends.is_some_and(|(begin, end)| (end - begin).rem_euclid(WEEK) >= 30);
    if long {
        return Ok(());
    }
    let why = format!("Invalid maintenance window {window}");
    Err(Refusal::invalid(why))
}

const WEEK: i64 = 7 * 24 * 60;

/// The minute of the week that `ddd:hh24:mi` is.
fn minute(text: &str) -> Option<i64> {
    const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let mut parts = text.split(':');
    let day = parts.next()?;
    let day = DAYS.iter().position(|known| *known == day)?;
    let mut number = |below: i64| {
        let number: i64 = parts.next().filter(|part| part.len() == 2)?.parse().ok()?;
        (0..below).contains(&number).then_some(number)
    };
    let (hour, minute) = (number(24)?, number(60)?);
    let none_left = parts.next().is_none();
    none_left.then_some((i64::try_from(day).ok()? * 24 + hour) * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_maintenance_window_has_half_an_hour_at_least_and_may_cross_the_weeks_end() {
        for good in [
            "sun:04:00-sun:04:30",
            "sun:23:45-mon:00:15",
            "mon:00:00-sun:23:59",
        ] {
            assert_eq!(maintenance(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "sun:04:00",
            "sun:04:00-sun:04:29",
            "sun:04:30-sun:04:00-sun:05:00",
            "sun:4:00-sun:5:00",
            "sun:24:00-mon:01:00",
            "son:04:00-son:05:00",
            "sun:04:00:00-sun:05:00:00",
        ] {
            assert!(maintenance(bad).is_err(), "{bad}");
        }
    }
}
