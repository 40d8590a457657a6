//! Trouble that lasts is told once, at once.

use nightshift_tests::fault::{Fault, When};

use super::{alarms::direct, *};

const QUOTA: Fault = Fault::Error {
    status: 400,
    code: "InstanceQuotaExceeded",
    message: "It would exceed the quota for DB instances.",
};

/// A busy cluster with one reader, which can have another.
async fn busy() -> (Scene, Lambda, Value) {
    let scene = Scene::with(&[reader(2, false)]).await;
    scene.alarm("readers-busy", "ALARM").await;
    let policy = policy(json!({}));
    let function = scene.function("apply", &policy).await;
    (scene, function, tick(&policy))
}

impl Scene {
    fn creations_fail(&self) {
        let creation = When::action("CreateDBInstance");
        self.cloud.proxy().inject(creation, QUOTA);
    }

    fn mails(&self) -> usize {
        self.cloud.proxy().mails().len()
    }

    /// What the cluster's tag says the team was told.
    async fn told(&self) -> Option<String> {
        let inventory = self.cloud.rds().inventory().await;
        let tag = &inventory["clusters"][0]["tags"]["nightshift:readers-told"];
        tag.as_str().map(Into::into)
    }
}

#[tokio::test]
async fn a_quota_is_told_by_the_first_tick_and_again_once_it_is_back() {
    let (scene, function, tick) = busy().await;
    scene.creations_fail();
    for mails in [1, 1, 1] {
        let run = function.invoke(&tick, LIMIT).await;
        assert_eq!(run.value()["outcome"], "failed", "{}", run.value());
        assert_eq!(scene.mails(), mails);
    }
    let mails = scene.cloud.proxy().mails();
    assert!(mails[0].email().contains("InstanceQuotaExceeded"));
    assert_eq!(scene.told().await.map(|it| it.len()), Some(8));
    // Nobody asks for a reader any more, so nobody misses one.
    scene.alarm("readers-busy", "OK").await;
    function.invoke(&tick, LIMIT).await;
    assert_eq!(
        (scene.mails(), scene.told().await),
        (1, Some(String::new()))
    );
    scene.alarm("readers-busy", "ALARM").await;
    for mails in [2, 2] {
        function.invoke(&tick, LIMIT).await;
        assert_eq!(scene.mails(), mails);
    }
    // What comes of it at last is told as ever.
    scene.cloud.proxy().heal();
    let run = function.invoke(&tick, LIMIT).await;
    assert_eq!(headline(&run), format!("{ORDERS}: created 1"));
    assert_eq!(
        (scene.mails(), scene.told().await),
        (3, Some(String::new()))
    );
}

#[tokio::test]
async fn a_mail_that_is_lost_is_sent_by_the_next_tick() {
    let (scene, function, tick) = busy().await;
    scene.creations_fail();
    let publish = When::action("Publish").once();
    scene.cloud.proxy().inject(publish, Fault::AccessDenied);
    function.invoke(&tick, LIMIT).await;
    assert_eq!(
        (scene.mails(), scene.told().await),
        (0, Some(String::new()))
    );
    for mails in [1, 1] {
        function.invoke(&tick, LIMIT).await;
        assert_eq!(scene.mails(), mails);
    }
}

#[tokio::test]
async fn what_a_tick_is_the_first_to_see_does_not_wait_for_the_schedule() {
    let scene = Scene::with(&[reader(2, false)]).await;
    scene.alarm("readers-busy", "ALARM").await;
    let full = policy(json!({"max": 1}));
    let function = scene.function("apply", &full).await;
    let (alarm, daily) = (direct("readers-busy", "ALARM"), scheduled(&full, now()));
    for (trigger, mails) in [(tick(&full), 1), (tick(&full), 1), (alarm, 1), (daily, 2)] {
        let run = function.invoke(&trigger, LIMIT).await;
        assert_eq!(run.value()["outcome"], "needs-person", "{}", run.value());
        assert_eq!(scene.mails(), mails, "{trigger}");
    }
    let mails = scene.cloud.proxy().mails();
    let told = "the most that policy.max allows";
    assert!(mails[0].email().contains(told), "{}", mails[0].email());
}

#[tokio::test]
async fn where_it_cannot_be_noted_a_tick_tells_what_failed_and_no_more() {
    let (scene, function, tick) = busy().await;
    let tag = When::action("AddTagsToResource");
    scene.cloud.proxy().inject(tag, Fault::AccessDenied);
    scene.creations_fail();
    for mails in [1, 2] {
        function.invoke(&tick, LIMIT).await;
        assert_eq!(scene.mails(), mails);
    }
    let mails = scene.cloud.proxy().mails();
    let why = "cannot be noted on the cluster";
    assert!(mails[0].email().contains(why), "{}", mails[0].email());
    let full = policy(json!({"max": 1}));
    let function = scene.function("apply", &full).await;
    let run = function.invoke(&super::tick(&full), LIMIT).await;
    assert_eq!(run.value()["outcome"], "needs-person", "{}", run.value());
    assert_eq!((scene.mails(), scene.told().await), (2, None));
}

#[tokio::test]
async fn in_mode_plan_nothing_is_noted() {
    let (scene, _, _) = busy().await;
    let full = policy(json!({"max": 1}));
    let function = scene.function("plan", &full).await;
    let alarm = direct("readers-busy", "ALARM");
    for (trigger, mails) in [(tick(&full), 0), (alarm.clone(), 1), (alarm, 2)] {
        function.invoke(&trigger, LIMIT).await;
        assert_eq!((scene.mails(), scene.told().await), (mails, None));
    }
}
