use nightshift_tests::mysql::Mysql;
use serde_json::json;

use crate::scene::{App, Bystanders, LITERAL, Scene, ended, long_enough, said};

const RULE: &str = "10s";

fn runaway() -> String {
    format!(
        "SELECT COUNT(*) FROM shop.n a, shop.n b, shop.n c, shop.n d WHERE a.n + b.n <> '{LITERAL}'"
    )
}

async fn sessions(server: &Mysql, user: &str) -> usize {
    let sql = format!("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = '{user}'");
    server.root(&sql).await.len()
}

#[tokio::test]
async fn a_runaway_select_is_named_and_ended_and_its_connection_stays() {
    let rule =
        json!({"longer_than": RULE, "only": {"users": ["app"], "digests": ["SELECT COUNT *"]}});
    let scene = Scene::with(json!({"long_statements": rule}), &[]).await;
    let writer = &scene.pair.writer;
    let bystanders = Bystanders::on(writer).await;
    let culprit = App::on(writer, "app").await.goes_on(&runaway());
    let other = App::on(writer, "app").await.goes_on("SELECT SLEEP(600)");
    long_enough().await;
    let run = scene.alarm("CPUUtilization", "orders-0").await;
    assert_eq!(ended(&run), [culprit.id.to_string()], "{:#?}", said(&run));
    let (cut, stays) = culprit.statement.await.unwrap();
    let cut = cut.unwrap_err().to_string();
    assert!(cut.contains("1317"), "the query was interrupted: {cut}");
    assert_eq!(stays.id(), culprit.id);
    assert_eq!(sessions(writer, "app").await, 2, "both connections stay");
    assert!(!other.statement.is_finished());
    bystanders.survive().await;
    let [mail] = &scene.mails()[..] else {
        panic!("one mail")
    };
    assert!(
        mail.contains(&format!("connection {} of app on orders-0", culprit.id)),
        "{mail}"
    );
    assert!(mail.contains("SELECT COUNT"), "{mail}");
}

#[tokio::test]
async fn of_a_chain_of_locks_three_deep_the_one_who_holds_them_all_is_named_and_ended() {
    let rule = json!({"longer_than": RULE, "only": {"users": ["app"]}});
    let scene = Scene::with(
        json!({"idle_transactions": rule}),
        &["--innodb-lock-wait-timeout=600"],
    )
    .await;
    let writer = &scene.pair.writer;
    let bystanders = Bystanders::on(writer).await;
    let takes = |id: u8| format!("UPDATE shop.orders SET note = '{LITERAL}' WHERE id = {id}");
    let begun = async |id| {
        App::on(writer, "app")
            .await
            .does("BEGIN")
            .await
            .does(&takes(id))
            .await
    };
    let root = begun(1).await;
    let (second, third) = (begun(2).await, begun(3).await);
    let (ids, second) = ((root.id, second.id, third.id), second.goes_on(&takes(1)));
    let third = third.goes_on(&takes(2));
    let last = App::on(writer, "app").await.goes_on(&takes(3));
    long_enough().await;
    let run = scene.alarm("BlockedTransactions", "orders-0").await;
    assert_eq!(ended(&run), [root.id.to_string()], "{:#?}", said(&run));
    assert!(!root.lives().await);
    let (second, _holds) = second.statement.await.unwrap();
    second.unwrap();
    assert!(
        !third.statement.is_finished(),
        "it waits for the second, who is at work"
    );
    assert!(!last.statement.is_finished());
    bystanders.survive().await;
    let [mail] = &scene.mails()[..] else {
        panic!("one mail")
    };
    let tree = mail
        .split("Lock waits")
        .nth(1)
        .unwrap_or_else(|| panic!("{mail}"));
    let at = |id: u32| {
        tree.find(&format!("connection {id}"))
            .unwrap_or_else(|| panic!("{id}: {tree}"))
    };
    assert!(
        at(ids.0) < at(ids.1) && at(ids.1) < at(ids.2) && at(ids.2) < at(last.id),
        "{tree}"
    );
}

#[tokio::test]
async fn who_sleeps_in_a_transaction_is_named_and_ended_and_the_young_one_is_not() {
    let rule = json!({"longer_than": RULE, "only": {"users": ["app"]}});
    let scene = Scene::with(json!({"idle_transactions": rule}), &[]).await;
    let writer = &scene.pair.writer;
    let bystanders = Bystanders::on(writer).await;
    let culprit = App::on(writer, "app").await.does("BEGIN").await;
    let culprit = culprit.does("DELETE FROM shop.orders WHERE id = 2").await;
    let idle = App::on(writer, "app").await;
    long_enough().await;
    let young = App::on(writer, "app").await.does("BEGIN").await;
    let young = young.does("DELETE FROM shop.orders WHERE id = 3").await;
    let run = scene
        .alarm("RollbackSegmentHistoryListLength", "orders-0")
        .await;
    assert_eq!(ended(&run), [culprit.id.to_string()], "{:#?}", said(&run));
    assert!(!culprit.lives().await);
    assert!(idle.lives().await);
    assert!(young.lives().await);
    bystanders.survive().await;
    let mails = scene.mails().join("\n");
    assert!(mails.contains("sleeps for"), "{mails}");
}

#[tokio::test]
async fn when_connections_run_out_those_that_idle_are_ended_and_nobody_else() {
    let rule = json!({"longer_than": RULE, "only": {"users": ["app"]}, "above_percent": 80});
    let scene = Scene::with(json!({"idle_sessions": rule}), &["--max-connections=30"]).await;
    let writer = &scene.pair.writer;
    let bystanders = Bystanders::on(writer).await;
    let mut pool = Vec::new();
    for _ in 0..19 {
        pool.push(App::on(writer, "app").await);
    }
    let busy = App::on(writer, "app").await.goes_on("SELECT SLEEP(600)");
    let open = App::on(writer, "app").await.does("BEGIN").await;
    let open = open.does("DELETE FROM shop.orders WHERE id = 3").await;
    long_enough().await;
    let run = scene.alarm("DatabaseConnections", "orders-0").await;
    let mut ids: Vec<_> = pool.iter().map(|app| app.id.to_string()).collect();
    let mut gone = ended(&run);
    ids.sort();
    gone.sort();
    assert_eq!(gone, ids, "{:#?}", said(&run));
    assert!(!busy.statement.is_finished());
    assert!(open.lives().await);
    bystanders.survive().await;
    let [mail] = &scene.mails()[..] else {
        panic!("one mail")
    };
    assert!(
        mail.contains("of 30 connections") && mail.contains("of app from"),
        "{mail}"
    );
}

#[tokio::test]
async fn a_replica_that_waits_for_a_reader_s_lock_is_named_and_freed() {
    let rule = json!({"longer_than": RULE, "only": {"users": ["app"]}});
    let scene = Scene::with(
        json!({"idle_transactions": rule}),
        &["--innodb-lock-wait-timeout=600"],
    )
    .await;
    let (writer, replica) = (&scene.pair.writer, &scene.pair.replica);
    let bystanders = Bystanders::on(replica).await;
    let culprit = App::on(replica, "app").await.does("BEGIN").await;
    let culprit = culprit
        .does("SELECT * FROM shop.orders WHERE id = 1 FOR SHARE")
        .await;
    writer
        .root("UPDATE shop.orders SET note = 'new' WHERE id = 1")
        .await;
    long_enough().await;
    let run = scene.alarm("AuroraReplicaLag", "orders-1").await;
    assert_eq!(ended(&run), [culprit.id.to_string()], "{:#?}", said(&run));
    scene.pair.caught_up().await;
    assert_eq!(sessions(replica, "app").await, 0);
    bystanders.survive().await;
    let [mail] = &scene.mails()[..] else {
        panic!("one mail")
    };
    assert!(mail.contains("orders-1"), "{mail}");
    assert!(mail.contains(&format!("{}", culprit.id)), "{mail}");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_itself_a_finding() {
    let scene = Scene::with(json!({}), &[]).await;
    scene.pair.writer.stop().await;
    let run = scene.alarm("CPUUtilization", "orders-0").await;
    let [mail] = &scene.mails()[..] else {
        panic!("one mail")
    };
    assert!(mail.contains("orders-0"), "{mail}");
    assert!(
        mail.contains("not reached") || mail.contains("could not be looked into"),
        "{mail}"
    );
    assert_eq!(ended(&run), [""; 0]);
}
