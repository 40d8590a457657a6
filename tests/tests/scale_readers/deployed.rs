//! The template as it is, deployed into the local cloud, and an alarm that wakes the function by the
//! template's own way.

use std::time::Duration;

use nightshift_tests::stack::{Stack, Wanted, deploy};
use tokio::time::Instant;

use super::*;

/// Much more than an alarm and a run take.
const PATIENCE: Duration = Duration::from_mins(1);

impl Scene {
    async fn deploy(&self, alarms_by: &str) -> Stack {
        let text = |name, value: &str| (name, value.to_owned());
        let wanted = Wanted {
            template: "infra/functions/scale-readers.yaml",
            name: "readers",
            parameters: vec![
                text("NamePrefix", "night"),
                text("Mode", "apply"),
                text("ClusterIdentifier", ORDERS),
                text("AlarmsBy", alarms_by),
                text("InboxTopicArn", self.cloud.inbox().await),
            ],
            timeouts: Vec::new(),
        };
        let others = self.cloud.ministack().await.address();
        deploy(wanted, self.cloud.rds().address(), others).await
    }

    /// All invocations, once they have ended.
    async fn ended(&self) -> Vec<Value> {
        let ministack = self.cloud.ministack().await;
        until(async || {
            let all = ministack.invocations().await.as_array().cloned()?;
            let ended = all.iter().all(|each| each["state"] != "running");
            ended.then_some(all)
        })
        .await
    }

    /// The text of the first mail to the inbox.
    async fn mail(&self) -> String {
        let (ministack, inbox) = (self.cloud.ministack().await, self.cloud.inbox().await);
        until(async || {
            let sent = ministack.mails().await;
            let mut mails = sent.as_array()?.iter();
            let mail = mails.find(|mail| mail["topic"] == inbox)?;
            Some(mail["bodies"]["email"].to_string())
        })
        .await
    }
}

/// What there is at last.
async fn until<T>(look: impl AsyncFn() -> Option<T>) -> T {
    let patient = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    patient.await.unwrap()
}

#[tokio::test]
async fn load_reaches_the_function_through_the_templates_own_alarm_on_each_of_its_ways() {
    for (way, kind) in [
        ("sns", "Records"),
        ("action", "alarmData"),
        ("rule", "event"),
    ] {
        let scene = Scene::with(&[reader(2, false)]).await;
        scene.deploy(way).await;
        let ministack = scene.cloud.ministack().await;
        ministack.forget().await;
        let began = Instant::now();
        ministack.cpu_of_readers(ORDERS, 91.5).await;
        let mail = scene.mail().await;
        let took = began.elapsed().as_millis();
        println!("{way}: from the metric to the mail {took} ms");
        assert!(mail.contains("1 → 2 readers: the alarm night-"), "{mail}");
        assert_eq!(scene.readers().await.len(), 2, "{way}");
        let all = scene.ended().await;
        assert_eq!(all.len(), 1, "{way}: the idle alarm says nothing: {all:?}");
        assert!(all[0]["payload"].get(kind).is_some(), "{way}: {all:?}");
        let told = format!("night-{ORDERS}-readers-busy");
        let report = all[0]["result"].to_string();
        assert!(
            report.contains(&format!(":alarm:{told}")),
            "{way}: {report}"
        );
    }
}

#[tokio::test]
async fn an_alarm_that_is_set_by_hand_and_set_again_wakes_it_once() {
    let scene = Scene::with(&[reader(2, false)]).await;
    scene.deploy("sns").await;
    let ministack = scene.cloud.ministack().await;
    ministack.forget().await;
    let began = Instant::now();
    let busy = format!("night-{ORDERS}-readers-busy");
    ministack.set_alarm(&busy, "ALARM").await;
    ministack.set_alarm(&busy, "ALARM").await;
    let mail = scene.mail().await;
    let took = began.elapsed().as_millis();
    println!("from the alarm to the mail {took} ms");
    assert!(mail.contains("1 → 2 readers"), "{mail}");
    assert_eq!(scene.ended().await.len(), 1);
    assert_eq!(scene.readers().await.len(), 2);
}
