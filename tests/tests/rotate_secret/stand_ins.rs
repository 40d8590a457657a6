//! Rotations by way of other people's Secrets Manager. Neither calls a function by itself, and
//! both differ from AWS in other ways; what is asked here they have in common with it.

use crate::{
    rotations::{OWN, login, rotated},
    scene::{FIRST, Scene},
};

/// moto begins a second rotation only after it has called a function itself.
#[tokio::test]
async fn moto_keeps_the_secret() {
    let script = ["tests/tests/differential/plain_moto.py"];
    let scene = Scene::on("moto", &script, OWN, "dual-password").await;
    rotated(&scene, 1).await;
    assert_eq!(scene.opens("app", FIRST).await, (true, true));
    assert_eq!(scene.mails().len(), 1);
}

#[tokio::test]
async fn ministack_keeps_the_secret() {
    let script = ["tests/cloud/launch.py", "ministack", "--log", "/dev/stderr"];
    let scene = Scene::on("ministack", &script, OWN, "dual-password").await;
    rotated(&scene, 1).await;
    let second = login(&scene, "AWSCURRENT").await.1;
    assert_eq!(scene.opens("app", FIRST).await, (true, true));
    rotated(&scene, 2).await;
    assert_eq!(scene.opens("app", &second).await, (true, true));
    assert_eq!(scene.mails().len(), 2);
}
