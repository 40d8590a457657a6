//! Beginning a run, and all that keeps it from being begun.

use serde_json::json;

use crate::scene::{Scene, said, slot};

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_purges_once_and_tells_once() {
    let scene = Scene::job(json!({})).await;
    let run = scene.schedule(1).await;
    assert_eq!(scene.rows().await, "2", "{}", said(&run));
    assert_eq!(scene.runs().await, ["done 1 4 1"]);
    assert_eq!(scene.log().await, ["purge-logs SUCCESS"]);
    let mails = scene.mails();
    assert!(mails[0].starts_with("orders: ran purge-logs."), "{mails:?}");
    assert!(
        mails[0].contains("deleted 4 rows of shop.logs older than"),
        "{mails:?}"
    );
    let again = said(&scene.schedule(1).await);
    assert!(again.contains("is done already"), "{again}");
    scene.tick().await;
    assert_eq!(scene.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_ledger_mode_plan_writes_nothing_at_all() {
    let scene = Scene::job(json!({"mode": "plan"})).await;
    let run = scene.schedule(1).await;
    assert!(said(&run).contains("planned"), "{}", said(&run));
    assert_eq!(scene.rows().await, "6");
    assert_eq!(
        scene.asked("SHOW DATABASES LIKE 'nightshift'").await.len(),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_triggers_at_once_one_begins() {
    let scene = Scene::job(json!({})).await;
    let other = scene.another().await;
    let event = scene.event(1, false);
    let (one, two) = tokio::join!(
        scene.run(&scene.function, &event),
        other.invoke(&event, std::time::Duration::from_mins(1))
    );
    assert!(one.result.is_ok() && two.result.is_ok(), "{one:?} {two:?}");
    assert_eq!(scene.runs().await, ["done 1 4 1"]);
    assert_eq!(scene.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_its_window_a_schedule_is_kept_for_a_tick() {
    let hour = |minutes_ago: i64| slot(minutes_ago).strftime("%H:%M").to_string();
    let later = json!([{"from": hour(-120), "to": hour(-180)}]);
    let mut scene = Scene::job(json!({"windows": later})).await;
    let run = said(&scene.schedule(1).await);
    assert!(run.contains("outside its window"), "{run}");
    assert!(said(&scene.tick().await).contains("outside its window"));
    assert_eq!(scene.runs().await.len(), 0);
    assert_eq!(scene.mails().len(), 0);
    scene.change(json!({"windows": []}));
    scene.tick().await;
    assert_eq!(scene.runs().await, ["done 1 4 1"]);
    let kept = scene
        .asked("SELECT COUNT(buffered) FROM nightshift.job")
        .await;
    assert_eq!(kept, [["0"]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_schedule_is_left_out_and_the_team_hears_of_it() {
    let scene = Scene::job(json!({"catch_up": "5m"})).await;
    let run = said(&scene.schedule(10).await);
    assert!(run.contains("catch_up"), "{run}");
    assert_eq!(scene.log().await.len(), 1);
    assert!(scene.log().await[0].starts_with("purge-logs SKIPPED the schedule of"));
    assert_eq!(scene.mails().len(), 1);
    assert!(said(&scene.schedule(10).await).contains("was left out already"));
    assert_eq!(scene.mails().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_its_event_is_enabled_a_job_does_not_run() {
    let scene = Scene::job(json!({"replaces_event": "shop.clean_logs"})).await;
    let unseen = said(&scene.schedule(9).await);
    assert!(unseen.contains("GRANT EVENT ON `shop`.*"), "{unseen}");
    scene
        .asked("GRANT EVENT ON shop.* TO job@'%'; CREATE EVENT shop.clean_logs ON SCHEDULE EVERY 1 DAY STARTS NOW() + INTERVAL 1 DAY DO DELETE FROM shop.logs")
        .await;
    let mails = scene.mails().len();
    let run = said(&scene.schedule(3).await);
    assert!(
        run.contains("still enabled") && run.contains("ALTER EVENT `shop`.`clean_logs` DISABLE"),
        "{run}"
    );
    scene.schedule(2).await;
    scene.tick().await;
    assert_eq!(scene.rows().await, "6");
    assert_eq!(scene.mails().len(), mails + 1, "{:?}", scene.mails());
    assert_eq!(scene.log().await.len(), 0);
    scene.asked("ALTER EVENT shop.clean_logs DISABLE").await;
    scene.schedule(1).await;
    assert_eq!(scene.rows().await, "2");
    assert_eq!(scene.log().await, ["clean_logs SUCCESS"]);
}
