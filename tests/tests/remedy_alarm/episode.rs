use aws_sdk_cloudwatch::types::StateValue;
use nightshift_tests::fault::{Fault, When};
use serde_json::json;

use crate::scene::{Scene, event, said};

const CPU: &str = "orders-CPUUtilization";

#[tokio::test]
async fn one_case_file_an_update_when_it_gets_worse_and_one_when_it_is_over() {
    let scene = Scene::with(json!({}), &[]).await;
    scene.alarm("CPUUtilization", "orders-0").await;
    scene.alarm("CPUUtilization", "orders-0").await;
    scene.run(&scene.tick()).await;
    assert_eq!(scene.mails().len(), 1, "{:#?}", scene.mails());
    let worse = scene.alarm("ReadLatency", "orders-1").await;
    let mails = scene.mails();
    assert_eq!(mails.len(), 2, "{:#?} {mails:#?}", said(&worse));
    assert!(
        mails[1].contains("it got worse, read latency of orders-1 rings too"),
        "{}",
        mails[1]
    );
    scene.set(CPU, StateValue::Ok).await;
    scene
        .run(&event(CPU, "CPUUtilization", "orders-0", "OK"))
        .await;
    assert_eq!(scene.mails().len(), 2, "one still rings");
    scene.set("orders-ReadLatency", StateValue::Ok).await;
    let over = event("orders-ReadLatency", "ReadLatency", "orders-1", "OK");
    scene.run(&over).await;
    scene.run(&over).await;
    scene.run(&scene.tick()).await;
    let mails = scene.mails();
    assert_eq!(mails.len(), 3, "{mails:#?}");
    assert!(mails[2].contains("over after"), "{}", mails[2]);
}

#[tokio::test]
async fn an_alarm_that_has_recovered_since_is_not_acted_upon() {
    let scene = Scene::with(json!({}), &[]).await;
    scene.rings(CPU, "CPUUtilization", "orders-0").await;
    scene.set(CPU, StateValue::Ok).await;
    let run = scene
        .run(&event(CPU, "CPUUtilization", "orders-0", "ALARM"))
        .await;
    assert_eq!(run.value()["outcome"], "nothing", "{}", run.value());
    assert_eq!(scene.mails().len(), 0);
}

#[tokio::test]
async fn an_alarm_about_something_else_is_one_line_in_the_log_and_no_mail() {
    let scene = Scene::with(json!({}), &[]).await;
    let run = scene
        .run(&event("x", "CPUUtilization", "books-1", "ALARM"))
        .await;
    assert_eq!(run.value()["outcome"], "nothing");
    let headline = run.value()["headline"].as_str().unwrap();
    assert!(headline.contains("ignored"), "{headline}");
    assert_eq!(scene.mails().len(), 0);
}

#[tokio::test]
async fn a_mail_that_failed_is_sent_by_the_next_tick() {
    let scene = Scene::with(json!({}), &[]).await;
    scene
        .proxy
        .inject(When::action("Publish"), Fault::AccessDenied);
    scene.alarm("CPUUtilization", "orders-0").await;
    assert_eq!(scene.mails().len(), 0);
    scene.proxy.heal();
    scene.run(&scene.tick()).await;
    scene.run(&scene.tick()).await;
    assert_eq!(scene.mails().len(), 1);
}
