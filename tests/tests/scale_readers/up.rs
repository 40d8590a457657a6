//! More readers.

use super::{
    alarms::{direct, event, in_sns},
    *,
};

#[tokio::test]
async fn an_alarm_adds_one_reader_however_it_comes_and_however_often() {
    let scene = Scene::with(&[reader(2, false)]).await;
    scene.alarm("readers-busy", "ALARM").await;
    let policy = policy(json!({}));
    let function = scene.function("apply", &policy).await;
    let payloads = [
        direct("readers-busy", "ALARM"),
        in_sns("readers-busy", "ALARM"),
        event(&policy, "readers-busy", "ALARM"),
        tick(&policy),
    ];
    for first in &payloads {
        scene.begin(&[reader(2, false)]).await;
        let run = function.invoke(first, LIMIT).await;
        assert_eq!(headline(&run), format!("{ORDERS}: created 1"), "{first}");
        for again in &payloads {
            let run = function.invoke(again, LIMIT).await;
            assert_ne!(headline(&run), format!("{ORDERS}: created 1"), "{again}");
        }
        assert_eq!(scene.readers().await.len(), 2, "{first}");
        let mails = scene.cloud.proxy().mails();
        assert!(
            mails[0].email().contains("1 → 2 readers"),
            "{}",
            mails[0].email()
        );
        assert!(mails[0].email().contains("next change at the earliest"));
    }
}

#[tokio::test]
async fn an_alarm_that_is_over_by_now_adds_nothing() {
    let scene = Scene::with(&[reader(2, false)]).await;
    scene.alarm("readers-busy", "ALARM").await;
    scene.alarm("readers-busy", "OK").await;
    let function = scene.function("apply", &policy(json!({}))).await;
    let late = direct("readers-busy", "ALARM");
    let run = function.invoke(&late, LIMIT).await;
    assert_eq!(run.value()["outcome"], "nothing", "{}", run.value());
    assert_eq!(scene.readers().await.len(), 1);
}

#[tokio::test]
async fn in_mode_plan_it_says_what_it_would_do_and_touches_nothing() {
    let scene = Scene::with(&[reader(2, false)]).await;
    scene.alarm("readers-busy", "ALARM").await;
    let before = scene.cloud.rds().inventory().await;
    let function = scene.function("plan", &policy(json!({}))).await;
    let run = function
        .invoke(&direct("readers-busy", "ALARM"), LIMIT)
        .await;
    assert_eq!(run.value()["outcome"], "planned", "{}", run.value());
    assert_eq!(scene.cloud.rds().inventory().await, before);
}

#[tokio::test]
async fn a_new_reader_is_like_its_sibling() {
    let sibling = but(
        reader(2, true),
        json!({"settings": {"preferred_maintenance_window": "sun:03:00-sun:03:30"}}),
    );
    let scene = Scene::with(&[sibling]).await;
    scene.alarm("readers-busy", "ALARM").await;
    let function = scene.function("apply", &policy(json!({}))).await;
    function
        .invoke(&direct("readers-busy", "ALARM"), LIMIT)
        .await;
    let calls = scene.cloud.rds().calls().await;
    let created = calls
        .iter()
        .find(|call| call["action"] == "CreateDBInstance")
        .unwrap();
    let given = &created["params"];
    assert_eq!(given["DBInstanceClass"], "db.r6g.large", "{given}");
    assert_eq!(given["PubliclyAccessible"], "false");
    assert_eq!(given["PromotionTier"], "15");
    assert_eq!(given["PreferredMaintenanceWindow"], "sun:03:00-sun:03:30");
    assert!(given.to_string().contains("payments"), "{given}");
}

#[tokio::test]
async fn a_class_without_performance_insights_is_taken_without_and_the_mail_says_so() {
    let insights = json!({"settings": {"enable_performance_insights": true}});
    let sibling = but(reader(2, false), insights);
    let scene = Scene::with(&[sibling]).await;
    scene.alarm("readers-busy", "ALARM").await;
    let small = policy(json!({"classes": ["db.t3.medium"]}));
    let function = scene.function("apply", &small).await;
    let alarm = direct("readers-busy", "ALARM");
    let run = function.invoke(&alarm, LIMIT).await;
    assert_eq!(headline(&run), format!("{ORDERS}: created 1"));
    let calls = scene.cloud.rds().calls().await;
    let asked = calls
        .iter()
        .filter(|call| call["action"] == "CreateDBInstance")
        .map(|call| &call["params"]["EnablePerformanceInsights"]);
    assert_eq!(asked.collect::<Vec<_>>(), ["true", "false"]);
    let mails = scene.cloud.proxy().mails();
    let told = "RDS has no Performance Insights for db.t3.medium";
    assert!(mails[0].email().contains(told), "{}", mails[0].email());
}

#[tokio::test]
async fn where_rds_has_given_up_the_siblings_certificate_authority_the_reader_has_another() {
    let scene = Scene::with(&[reader(2, false)]).await;
    let (sibling, old) = (format!("{ORDERS}-2"), json!({"ca": "rds-ca-2019"}));
    scene.cloud.rds().patch("instance", &sibling, old).await;
    scene.alarm("readers-busy", "ALARM").await;
    let function = scene.function("apply", &policy(json!({}))).await;
    let run = function
        .invoke(&direct("readers-busy", "ALARM"), LIMIT)
        .await;
    assert_eq!(
        headline(&run),
        format!("{ORDERS}: created 1"),
        "{}",
        run.value()
    );
    let mails = scene.cloud.proxy().mails();
    let told = "certificate authority rds-ca-2019";
    assert!(mails[0].email().contains(told), "{}", mails[0].email());
}
