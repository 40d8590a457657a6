//! What fails between the function and AWS, and when.

use nightshift_tests::{
    fault::{Fault, When},
    scenario::passing_faults,
};

use super::{alarms::direct, *};

#[tokio::test]
async fn whichever_call_fails_once_one_reader_is_created() {
    let scene = Scene::with(&[reader(2, false)]).await;
    scene.alarm("readers-busy", "ALARM").await;
    let function = scene.function("apply", &policy(json!({}))).await;
    let alarm = direct("readers-busy", "ALARM");
    function.invoke(&alarm, LIMIT).await;
    let calls = scene.cloud.proxy().calls().len();
    assert!(
        calls >= 6,
        "three listings, the alarms, a creation, a mail: {calls}"
    );
    for fault in passing_faults() {
        for nth in 1..=calls {
            let context = format!("{fault:?} at call {nth}");
            scene.begin(&[reader(2, false)]).await;
            let proxy = scene.cloud.proxy();
            proxy.inject(When::any().nth(nth), fault.clone());
            let run = function.invoke(&alarm, LIMIT).await;
            assert_eq!(headline(&run), format!("{ORDERS}: created 1"), "{context}");
            assert_eq!(scene.readers().await.len(), 2, "{context}");
        }
    }
}

#[tokio::test]
async fn whenever_the_process_dies_a_retry_leaves_one_new_reader() {
    let scene = Scene::with(&[reader(2, false)]).await;
    scene.alarm("readers-busy", "ALARM").await;
    let function = scene.function("apply", &policy(json!({}))).await;
    let alarm = direct("readers-busy", "ALARM");
    function.invoke(&alarm, LIMIT).await;
    let calls = scene.cloud.proxy().calls().len();
    for nth in 1..=calls {
        for after in [false, true] {
            let killer = function.killer();
            let death = if after {
                Fault::KillAfter(killer)
            } else {
                Fault::KillBefore(killer)
            };
            scene.begin(&[reader(2, false)]).await;
            scene.cloud.proxy().inject(When::any().nth(nth), death);
            let run = function.invoke_async(&alarm, LIMIT).await;
            assert!(run.attempts[0].result.is_err(), "died at call {nth}");
            let context = format!("died at call {nth}, after: {after}");
            assert_eq!(scene.readers().await.len(), 2, "{context}");
            let mails = scene.cloud.proxy().mails();
            let told = mails.iter().any(|mail| mail.email().contains("created 1"));
            assert!(told, "{context}: {mails:?}");
        }
    }
}
