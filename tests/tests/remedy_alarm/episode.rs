use aws_sdk_cloudwatch::types::StateValue;
use nightshift_tests::fault::{Fault, When};
use serde_json::json;

use crate::scene::{App, Scene, event, long_enough, said};

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

#[tokio::test]
async fn an_alarm_that_is_back_is_told_of_although_another_one_rings_all_the_while() {
    let scene = Scene::with(json!({}), &[]).await;
    scene.alarm("CPUUtilization", "orders-0").await;
    scene.alarm("ReadLatency", "orders-1").await;
    assert_eq!(scene.mails().len(), 2, "{:#?}", scene.mails());
    let mut tick = scene.tick();
    tick["policy"]["quiet"] = json!("1s");
    scene.set("orders-ReadLatency", StateValue::Ok).await;
    scene.run(&tick).await;
    scene.run(&tick).await;
    assert_eq!(scene.mails().len(), 2, "{:#?}", scene.mails());
    scene.set("orders-ReadLatency", StateValue::Alarm).await;
    scene.run(&tick).await;
    scene.run(&tick).await;
    let mails = scene.mails();
    assert_eq!(mails.len(), 3, "{mails:#?}");
    let back = "it got worse, read latency of orders-1 rings too";
    assert!(mails[2].contains(back), "{}", mails[2]);
}

#[tokio::test]
async fn an_alarm_that_has_no_data_any_more_is_not_told_to_be_over() {
    let scene = Scene::with(json!({}), &[]).await;
    scene
        .rings("orders-other", "CPUUtilization", "orders-1")
        .await;
    scene
        .set("orders-other", StateValue::InsufficientData)
        .await;
    scene.alarm("CPUUtilization", "orders-0").await;
    scene.set(CPU, StateValue::InsufficientData).await;
    let ended = event(CPU, "CPUUtilization", "orders-0", "INSUFFICIENT_DATA");
    scene.run(&ended).await;
    scene.run(&scene.tick()).await;
    let mails = scene.mails();
    assert_eq!(mails.len(), 2, "{mails:#?}");
    let last = mails[1].replace('\n', " ");
    assert!(!last.contains("over after"), "{last}");
    let but = format!("but {CPU} has no data");
    assert!(last.contains("[ACT]") || last.contains(&but), "{last}");
    assert!(
        last.contains(&but) && !last.contains("orders-other"),
        "{last}"
    );
}

#[tokio::test]
async fn where_it_cannot_be_noted_what_was_told_the_mail_says_so() {
    let scene = Scene::with(json!({}), &[]).await;
    let tags = When::action("AddTagsToResource");
    scene.proxy.inject(tags, Fault::AccessDenied);
    scene.alarm("CPUUtilization", "orders-0").await;
    let mails = scene.mails();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    let mail = mails[0].replace('\n', " ");
    let said = "What you are told cannot be noted on orders";
    assert!(
        mail.contains(said) && mail.contains("allow the call"),
        "{mail}"
    );
}

#[tokio::test]
async fn a_remedy_that_lacks_a_right_is_told_once_and_carried_out_once_it_has_it() {
    let rule = json!({"longer_than": "10s", "only": {"users": ["app"]}});
    let scene = Scene::with(json!({"idle_transactions": rule}), &[]).await;
    let writer = &scene.pair.writer;
    writer
        .root("REVOKE CONNECTION_ADMIN ON *.* FROM ends@'%'")
        .await;
    let culprit = App::on(writer, "app").await.does("BEGIN").await;
    let culprit = culprit.does("SELECT * FROM shop.orders").await;
    long_enough().await;
    scene.alarm("CPUUtilization", "orders-0").await;
    for _ in 0..2 {
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        let run = scene.run(&scene.tick()).await;
        assert_eq!(run.value()["outcome"], "failed", "{:#?}", said(&run));
    }
    let mails = scene.mails();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(mails[0].contains("failed to end"), "{}", mails[0]);
    writer
        .root("GRANT CONNECTION_ADMIN ON *.* TO ends@'%'")
        .await;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    scene.run(&scene.tick()).await;
    assert_eq!(scene.mails().len(), 2, "{:#?}", scene.mails());
    assert!(!culprit.lives().await);
}
