//! When EVENTs fire, by the server's own arithmetic and by its own clock.

use std::time::Duration;

use fastrand::Rng;
use import_events::{
    event::{Event, EventZone, Interval, Schedule},
    schedule::firings,
};
use jiff::{Timestamp, civil::DateTime};
use tokio::time::sleep;

use crate::{
    generate::{event, zone},
    stage::{Stage, sql},
};

fn every(zone: EventZone, interval: &str, starts: DateTime) -> Event {
    let (value, unit) = interval.split_once(' ').unwrap();
    let interval = Interval::read(value, unit).unwrap();
    let schedule = Schedule::Every {
        interval,
        starts,
        ends: None,
    };
    Event {
        zone,
        schedule,
        ..event(&mut Rng::with_seed(1), 0)
    }
}

fn utc() -> EventZone {
    EventZone::read("UTC", "UTC").unwrap()
}

fn seconds(time: &str) -> i64 {
    let time: Timestamp = time.parse().unwrap();
    time.as_second()
}

/// Some time before a change of the clocks of that zone, or any time of 2027.
fn starts(rng: &mut Rng, zone: &EventZone) -> Timestamp {
    let base = seconds("2027-01-01T00:00:00Z") + rng.i64(0..31_000_000);
    let base = Timestamp::from_second(base).unwrap();
    let change = zone.changes(base).next().unwrap_or(base);
    let before = rng.i64(0..400_000) / 60 * 60;
    Timestamp::from_second(change.as_second() - before).unwrap()
}

#[tokio::test]
async fn what_the_server_adds_up_is_when_it_fires() {
    const COUNT: i64 = 30;
    let mut stage = Stage::set().await;
    let mut rng = Rng::with_seed(5);
    for _ in 0..300 {
        let zone = zone(&mut rng);
        let start = starts(&mut rng, &zone);
        let (amount, unit) = (
            rng.u32(1..200),
            ["MINUTE", "HOUR", "DAY", "WEEK"][rng.usize(..4)],
        );
        let local = zone.local(start);
        // What comes twice is the first, so that the model and the server begin at one moment.
        let start = zone.moment(local).unwrap();
        let event = every(zone.clone(), &format!("{amount} {unit}"), local);
        stage
            .run(&format!("SET SESSION time_zone = '{}'", zone.said()))
            .await;
        let sums = (1..=COUNT).map(|n| {
            let n = n * i64::from(amount);
            format!(
                "UNIX_TIMESTAMP(CAST('{}' AS DATETIME) + INTERVAL {n} {unit})",
                sql(local)
            )
        });
        let sums = sums.collect::<Vec<_>>().join(", ");
        let row = stage.rows(&format!("SELECT {sums}")).await.remove(0);
        let mut added: Vec<i64> = row
            .into_iter()
            .map(|sum| sum.unwrap().parse().unwrap())
            .collect();
        // The server's zones go on to 2045.
        added.retain(|sum| *sum < seconds("2044-01-01T00:00:00Z"));
        // In the hour that is left out all are the same moment.
        added.dedup();
        let fired: Vec<_> = firings(&event, start)
            .take(added.len())
            .map(Timestamp::as_second)
            .collect();
        assert_eq!(
            fired, added,
            "EVERY {amount} {unit} STARTS {local} in {zone}"
        );
    }
}

/// The local midnights at which an EVENT of the 31st fires, and two seconds before each the moment
/// to which the zone's clock is put forward.
const MIDNIGHTS: [&str; 7] = [
    "2027-01-31",
    "2027-02-28",
    "2027-03-28",
    "2027-03-31",
    "2027-04-30",
    "2027-05-30",
    "2027-05-31",
];

/// How long the clock of [`MIDNIGHTS`] goes on until it is put forward.
const STRETCH: i64 = 5;

/// A zone in which months pass in seconds: of the time between, an offset leaves out all.
async fn hurried(stage: &mut Stage, from: i64) {
    let midnights = MIDNIGHTS.iter().enumerate().map(|(number, midnight)| {
        let at = from + STRETCH * i64::try_from(number).unwrap();
        (at, seconds(&format!("{midnight}T00:00:00Z")) - 2 - at)
    });
    let changes: Vec<_> = midnights.collect();
    stage
        .zone("Test/Hurried", changes[0].1, &changes[1..])
        .await;
}

async fn logging(stage: &mut Stage, name: &str, zone: &str, interval: &str, starts: &str) {
    stage
        .run(&format!(
            "SET SESSION time_zone = '{zone}'; CREATE EVENT {name} ON SCHEDULE EVERY {interval} \
             STARTS '{starts}' DO INSERT INTO fired VALUES ('{name}', NOW(), UNIX_TIMESTAMP())"
        ))
        .await;
}

async fn fired(stage: &mut Stage, name: &str) -> Vec<(String, i64)> {
    let rows = stage
        .rows(&format!(
            "SELECT local, moment FROM fired WHERE name = '{name}' ORDER BY moment"
        ))
        .await;
    let read = |row: Vec<Option<String>>| {
        let [local, moment] = [&row[0], &row[1]].map(|text| text.clone().unwrap());
        (local, moment.parse().unwrap())
    };
    rows.into_iter().map(read).collect()
}

/// The seconds between a change of the clocks and the model's firings around it.
fn around(event: &Event, change: i64, from: i64, to: i64) -> Vec<i64> {
    let after = Timestamp::from_second(change + from).unwrap();
    let times = firings(event, after).map(|time| time.as_second() - change);
    times.take_while(|time| *time <= to).collect()
}

/// The server's firings lie less than three seconds behind the model's: it has a queue.
fn agrees(server: &[(String, i64)], change: i64, model: &[i64]) {
    let after: Vec<_> = server.iter().map(|(_, moment)| moment - change).collect();
    let close = after
        .iter()
        .zip(model)
        .all(|(after, model)| (0..3).contains(&(after - model)));
    assert!(
        close && after.len() == model.len(),
        "{after:?} on the server, {model:?} in the model"
    );
}

/// The server's zones are made for the test: with a change of the clocks some seconds from now.
#[tokio::test]
async fn the_server_fires_when_the_model_says_over_changes_of_the_clocks_and_short_months() {
    let mut stage = Stage::set().await;
    stage
        .run("CREATE SCHEMA app; USE app; CREATE TABLE fired (name VARCHAR(9), local DATETIME, moment BIGINT)")
        .await;
    let now: i64 = stage.rows("SELECT UNIX_TIMESTAMP()").await[0][0]
        .clone()
        .unwrap()
        .parse()
        .unwrap();
    hurried(&mut stage, now + 8).await;
    let change = now + 20;
    stage.zone("Test/Spring", 3_600, &[(change, 7_200)]).await;
    stage.zone("Test/Autumn", 7_200, &[(change, 3_600)]).await;
    logging(
        &mut stage,
        "months",
        "Test/Hurried",
        "1 MONTH",
        "2026-12-31 00:00:00",
    )
    .await;
    let local = |second: i64, offset: i64| {
        sql(utc().local(Timestamp::from_second(second + offset).unwrap()))
    };
    for (name, zone, interval, starts) in [
        (
            "hour",
            "Test/Spring",
            "1 HOUR",
            local(change - 1_800, 3_600),
        ),
        (
            "spring",
            "Test/Spring",
            "6 SECOND",
            local(change - 3_603, 3_600),
        ),
        (
            "autumn",
            "Test/Autumn",
            "6 SECOND",
            local(change - 3_603, 7_200),
        ),
    ] {
        logging(&mut stage, name, zone, interval, &starts).await;
    }
    let stretches = STRETCH * i64::try_from(MIDNIGHTS.len()).unwrap();
    sleep(Duration::from_secs(u64::try_from(stretches + 10).unwrap())).await;

    // The same with the changes of a real zone.
    let berlin = || EventZone::read("Europe/Berlin", "UTC").unwrap();
    let (spring, autumn) = (
        seconds("2027-03-28T01:00:00Z"),
        seconds("2027-10-31T01:00:00Z"),
    );
    let starts =
        |change: i64, before: i64| berlin().local(Timestamp::from_second(change - before).unwrap());
    let hour = every(berlin(), "1 HOUR", starts(spring, 1_800));
    assert_eq!(around(&hour, spring, -12, 15), [0]);
    agrees(&fired(&mut stage, "hour").await, change, &[0]);
    let model = around(
        &every(berlin(), "6 SECOND", starts(spring, 3_603)),
        spring,
        -12,
        15,
    );
    assert_eq!(model, [-9, -3, 0, 3, 9, 15]);
    agrees(
        &within(fired(&mut stage, "spring").await, change),
        change,
        &model,
    );
    let model = around(
        &every(berlin(), "6 SECOND", starts(autumn, 3_603)),
        autumn,
        -12,
        18,
    );
    assert_eq!(model, [-9, -3]);
    agrees(
        &within(fired(&mut stage, "autumn").await, change),
        change,
        &model,
    );

    let months = every(utc(), "1 MONTH", "2026-12-31T00:00:00".parse().unwrap());
    let days = firings(&months, "2027-01-30T23:59:58Z".parse().unwrap()).take(MIDNIGHTS.len());
    let days: Vec<_> = days
        .map(|time| utc().local(time).date().to_string())
        .collect();
    assert_eq!(days, MIDNIGHTS);
    let server: Vec<_> = fired(&mut stage, "months")
        .await
        .into_iter()
        .map(|(local, _)| local[..10].to_owned())
        .collect();
    assert_eq!(server, MIDNIGHTS);
}

/// Those from twelve seconds before a change to eighteen after.
fn within(fired: Vec<(String, i64)>, change: i64) -> Vec<(String, i64)> {
    let near = |time: &(String, i64)| (-11..18).contains(&(time.1 - change));
    fired.into_iter().filter(near).collect()
}
