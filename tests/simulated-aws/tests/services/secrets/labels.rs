//! Labels of versions.

use simulated_aws::Effect;

use super::Secrets;
use crate::refusals::code;

#[tokio::test(start_paused = true)]
async fn a_new_value_becomes_current_and_the_old_one_previous() {
    let secrets = Secrets::with_one().await;
    secrets.put("b").send().await.unwrap();
    assert_eq!(secrets.labels().await, "a:AWSPREVIOUS b:AWSCURRENT");
    assert_eq!(secrets.value(None).await.unwrap(), "b");
    assert_eq!(secrets.value(Some("AWSPREVIOUS")).await.unwrap(), "a");
    let answer = secrets.put("c").send().await.unwrap();
    assert_eq!(answer.version_stages(), ["AWSCURRENT"]);
    assert_eq!(secrets.labels().await, "b:AWSPREVIOUS c:AWSCURRENT");
}

#[tokio::test(start_paused = true)]
async fn a_pending_value_leaves_the_current_one_alone() {
    let secrets = Secrets::with_one().await;
    let pending = secrets
        .put("b")
        .version_stages("AWSPENDING")
        .version_stages("mine");
    pending.send().await.unwrap();
    assert_eq!(secrets.labels().await, "a:AWSCURRENT b:AWSPENDING+mine");
    assert_eq!(secrets.value(None).await.unwrap(), "a");
    secrets
        .put("c")
        .version_stages("AWSPENDING")
        .send()
        .await
        .unwrap();
    assert_eq!(secrets.labels().await, "a:AWSCURRENT b:mine c:AWSPENDING");
}

#[tokio::test(start_paused = true)]
async fn a_label_moves_only_from_where_it_is() {
    let secrets = Secrets::with_one().await;
    secrets
        .put("b")
        .version_stages("AWSPENDING")
        .send()
        .await
        .unwrap();
    let parameter = Err("InvalidParameterException".to_owned());
    let missing = Err("ResourceNotFoundException".to_owned());
    for (from, to, expected) in [
        (None, Some("b"), &parameter),
        (Some("b"), Some("b"), &parameter),
        (Some("a"), None, &parameter),
        (None, None, &parameter),
        (Some("a"), Some("z"), &missing),
        (Some("z"), Some("b"), &missing),
    ] {
        assert_eq!(
            &secrets.stage("AWSCURRENT", from, to).await,
            expected,
            "{from:?} {to:?}"
        );
    }
    assert_eq!(secrets.labels().await, "a:AWSCURRENT b:AWSPENDING");
    secrets
        .stage("AWSCURRENT", Some("a"), Some("b"))
        .await
        .unwrap();
    assert_eq!(
        secrets.labels().await,
        "a:AWSPREVIOUS b:AWSCURRENT+AWSPENDING"
    );
    // A second try of the same call, whose first answer was lost.
    assert_eq!(
        secrets.stage("AWSCURRENT", Some("a"), Some("b")).await,
        parameter
    );
    secrets.stage("AWSPENDING", Some("b"), None).await.unwrap();
    assert_eq!(secrets.labels().await, "a:AWSPREVIOUS b:AWSCURRENT");
    // And back.
    secrets
        .stage("AWSCURRENT", Some("b"), Some("a"))
        .await
        .unwrap();
    assert_eq!(secrets.labels().await, "a:AWSCURRENT b:AWSPREVIOUS");
    secrets.stage("new", None, Some("a")).await.unwrap();
    assert_eq!(secrets.labels().await, "a:AWSCURRENT+new b:AWSPREVIOUS");
}

#[tokio::test(start_paused = true)]
async fn a_move_is_told_with_what_it_brought_along() {
    let secrets = Secrets::with_one().await;
    secrets
        .put("b")
        .version_stages("AWSPENDING")
        .send()
        .await
        .unwrap();
    secrets.world.effects();
    secrets
        .stage("AWSCURRENT", Some("a"), Some("b"))
        .await
        .unwrap();
    let moves = secrets
        .world
        .effects()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::LabelMoved {
                label, from, to, ..
            } => {
                let short = |id: Option<String>| id.map(|id| id.trim_end_matches('-').to_owned());
                Some(format!("{label} {:?} {:?}", short(from), short(to)))
            }
            _ => None,
        });
    let moves: Vec<_> = moves.collect();
    let expected = [
        "AWSCURRENT Some(\"a\") Some(\"b\")",
        "AWSPREVIOUS None Some(\"a\")",
    ];
    assert_eq!(moves, expected);
}

#[tokio::test(start_paused = true)]
async fn a_version_carries_at_most_twenty_labels() {
    let secrets = Secrets::with_one().await;
    let labels = |count: usize| (0..count).map(|n| format!("l{n}")).collect::<Vec<_>>();
    let put = |count| {
        secrets
            .put("b")
            .set_version_stages(Some(labels(count)))
            .send()
    };
    assert_eq!(code(&put(21).await.unwrap_err()), "ValidationException");
    put(20).await.unwrap();
    let more = secrets.stage("AWSCURRENT", Some("a"), Some("b")).await;
    assert_eq!(more.unwrap_err(), "LimitExceededException");
    assert!(secrets.labels().await.starts_with("a:AWSCURRENT b:l0"));
}
