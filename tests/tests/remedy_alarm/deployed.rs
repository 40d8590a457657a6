//! The template as it is, deployed into the local cloud, before real servers in real trouble, and alarms
//! that wake the function by the template's own ways.

mod stage;
mod template;
mod trouble;

use nightshift_tests::mysql::Pair;
use serde_json::Value;

use crate::scene::{Bystanders, servers};
use stage::{Stage, ended, of};
use template::{HISTORY, LONG, WAYS};
use trouble::Trouble;

/// No wait for a lock ends by itself.
const PATIENT: &str = "--innodb-lock-wait-timeout=600";
/// Beyond the template's `HistoryListLength`.
const TOO_LONG: f64 = 2_000_000.0;

/// Trouble on these servers, and the template deployed before them; what comes of it is told by `play`.
async fn in_trouble(pair: &Pair, way: &'static str, play: impl AsyncFnOnce(&Stage, Trouble)) {
    let bystanders = Bystanders::on(&pair.writer).await;
    let (stage, trouble) = tokio::join!(Stage::deploy(pair, way), Trouble::on(&pair.writer));
    play(&stage, trouble).await;
    bystanders.survive().await;
}

/// What came of the trouble: one mail, which names the culprit, whose session alone has ended.
async fn is_over(trouble: Trouble, stage: &Stage, way: &str) -> Vec<Value> {
    let all = stage.ended().await;
    let ends: Vec<String> = all.iter().flat_map(ended).collect();
    let culprit = trouble.culprit();
    assert_eq!(ends, [culprit.to_string()], "{way}: {all:#?}");
    let [mail] = &stage.mails().await[..] else {
        panic!("{way}: one mail: {all:#?}")
    };
    let named = format!("- ended connection {culprit} of app on orders-0");
    assert!(mail.contains(&named), "{way}: {mail}");
    trouble.has_ended().await;
    all
}

#[tokio::test]
async fn trouble_reaches_the_function_through_the_templates_own_alarm_on_each_of_its_ways() {
    let pair = servers(&[PATIENT]).await;
    for (way, kind) in WAYS {
        in_trouble(&pair, way, async |stage, trouble| {
            let (mail, took) = stage.history_list(TOO_LONG).await;
            println!("{way}: from the metric to the mail {took} ms");
            assert!(mail.contains(HISTORY), "{way}: {mail}");
            let all = is_over(trouble, stage, way).await;
            assert_eq!(all.len(), 2, "{way}: the event and it again: {all:#?}");
            let by_it = all.iter().all(|run| run["payload"].get(kind).is_some());
            assert!(by_it, "{way}: {all:#?}");
            let (mail, took) = stage.history_list(0.0).await;
            println!("{way}: from the end to the mail {took} ms");
            assert!(mail.contains("over after"), "{way}: {mail}");
            let all = stage.ended().await;
            assert_eq!(all.len(), 2, "{way}: the event and it again: {all:#?}");
            assert_eq!(stage.mails().await, [mail], "{way}");
        })
        .await;
    }
}

#[tokio::test]
async fn an_alarm_that_names_no_cluster_and_is_set_by_hand_and_set_again_is_answered_once() {
    let pair = servers(&[PATIENT]).await;
    in_trouble(&pair, "sns", async |stage, trouble| {
        let ministack = stage.cloud.ministack().await;
        let set = async || {
            ministack.set_alarm(LONG, "ALARM").await;
            ministack.set_alarm(LONG, "ALARM").await;
        };
        let (mail, took) = stage.told_of(set()).await;
        println!("from the alarm to the mail {took} ms");
        assert!(mail.contains(LONG), "{mail}");
        let all = is_over(trouble, stage, "sns").await;
        assert_eq!(all.len(), 2, "the event and it again: {all:#?}");
    })
    .await;
}

#[tokio::test]
async fn a_composite_alarm_beside_its_child_makes_one_mail_that_names_them_both() {
    let pair = servers(&[PATIENT]).await;
    for (way, _) in WAYS {
        in_trouble(&pair, way, async |stage, trouble| {
            stage.watch_as_a_team().await;
            let (mail, took) = stage.history_list(TOO_LONG).await;
            println!("{way}: from the metric of a child to the mail {took} ms");
            let parent = mail.contains("\nteam-trouble: a composite alarm");
            assert!(parent, "{way}: {mail}");
            let children = mail.split("It rings because of:\n").nth(1);
            let children = children.unwrap_or_else(|| panic!("{way}: {mail}"));
            let child = format!("-> {HISTORY}\n");
            assert!(children.starts_with(&child), "{way}: {mail}");
            let all = is_over(trouble, stage, way).await;
            let count = "the child's event, its parent's, and one again";
            assert_eq!(all.len(), 3, "{way}: {count}: {all:#?}");
        })
        .await;
    }
}

#[tokio::test]
async fn an_alarm_about_another_cluster_is_one_line_in_the_log_and_no_mail() {
    let pair = servers(&[]).await;
    for (way, kind) in WAYS {
        let stage = Stage::deploy(&pair, way).await;
        stage.another_clusters_alarm_rings().await;
        let all = stage.ended().await;
        let [run] = &all[..] else {
            panic!("{way}: one run: {all:#?}")
        };
        assert!(run["payload"].get(kind).is_some(), "{way}: {run:#}");
        assert_eq!(of(run)["outcome"], "nothing", "{way}: {run:#}");
        assert_eq!(stage.mails().await, [""; 0], "{way}");
        let log = stage.log().await;
        let [line] = &log[..] else {
            panic!("{way}: one line: {log:#?}")
        };
        let said = "team-books is about the cluster books: ignored";
        assert!(line.contains(said), "{way}: {line}");
    }
}
