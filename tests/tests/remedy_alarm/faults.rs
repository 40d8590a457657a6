//! What fails between the function and AWS, and when: the culprit is ended all the same, once, and told of.

use aws_sdk_cloudwatch::types::StateValue;
use nightshift_tests::{
    fault::{Fault, When},
    lambda::Lambda,
    scenario::LIMIT,
};
use serde_json::{Value, json};

use crate::scene::{App, Bystanders, Scene, event, long_enough};

/// More than a run makes.
const CALLS: usize = 14;
/// How a call goes wrong.
const WAYS: [&str; 3] = ["cut after", "dies before", "dies after"];

fn rule(user: &str) -> Value {
    json!({"idle_transactions": {"longer_than": "10s", "only": {"users": [user]}}})
}

fn fault(way: &str, function: &Lambda) -> Fault {
    match way {
        "cut after" => Fault::CutAfter,
        "dies before" => Fault::KillBefore(function.killer()),
        _ => Fault::KillAfter(function.killer()),
    }
}

/// A culprit of its own for each case, all of them asleep for long enough.
async fn culprits(scene: &Scene, number: usize) -> Vec<(String, App)> {
    let writer = &scene.pair.writer;
    let mut culprits = Vec::new();
    for nth in 0..number {
        let user = format!("culprit{nth}");
        let made = format!(
            "CREATE USER {user}@'%' IDENTIFIED BY '{user}'; GRANT SELECT ON shop.* TO {user}@'%'"
        );
        writer.root(&made).await;
        let app = App::on(writer, &user).await.does("BEGIN").await;
        culprits.push((user, app.does("SELECT * FROM shop.orders").await));
    }
    long_enough().await;
    culprits
}

#[tokio::test]
async fn whichever_call_fails_or_the_function_dies_at_the_culprit_is_ended_and_told_of() {
    let scene = Scene::with(json!({}), &[]).await;
    let bystanders = Bystanders::on(&scene.pair.writer).await;
    let culprits = culprits(&scene, WAYS.len() * CALLS + 1).await;
    let mut culprits = culprits.into_iter();
    let calls = undisturbed(&scene, culprits.next().unwrap()).await;
    assert!((9..=CALLS).contains(&calls), "{calls} calls");
    for nth in 1..=calls {
        for way in WAYS {
            disturbed(&scene, culprits.next().unwrap(), nth, way).await;
        }
    }
    bystanders.survive().await;
}

/// How many calls a run makes that nothing befalls.
async fn undisturbed(scene: &Scene, (user, app): (String, App)) -> usize {
    let function = scene.another(rule(&user)).await;
    scene.proxy.reset();
    run(scene, &function, &user).await;
    assert!(!app.lives().await, "{user} is still there");
    scene.proxy.calls().len()
}

async fn disturbed(scene: &Scene, (user, app): (String, App), nth: usize, way: &str) {
    let context = format!("{way} call {nth}, {user}");
    let function = scene.another(rule(&user)).await;
    scene.proxy.reset();
    let before = scene.mails().len();
    scene
        .proxy
        .inject(When::any().nth(nth), fault(way, &function));
    run(scene, &function, &user).await;
    scene.proxy.heal();
    // A run that died between its note and what the note is of leaves that to the next tick.
    function.invoke(&tick(scene, &user), LIMIT).await;
    assert!(!app.lives().await, "{context}");
    let mails = scene.mails();
    let told = mails[before..]
        .iter()
        .filter(|mail| mail.contains(&alarm(&user)));
    let told = told.count();
    assert!((1..=2).contains(&told), "{context}: told {told} times");
    scene.set(&alarm(&user), StateValue::Ok).await;
}

fn alarm(user: &str) -> String {
    format!("orders-of-{user}")
}

async fn run(scene: &Scene, function: &Lambda, user: &str) {
    let (name, metric) = (alarm(user), "CPUUtilization");
    scene.rings(&name, metric, "orders-0").await;
    let event = event(&name, metric, "orders-0", "ALARM");
    function.invoke_async(&event, LIMIT).await;
}

/// The tick of the function that is about this user alone.
fn tick(scene: &Scene, user: &str) -> Value {
    let mut tick = scene.tick();
    let remedies = tick["policy"]["remedies"].as_object_mut().unwrap();
    remedies.extend(rule(user).as_object().unwrap().clone());
    tick
}
