//! What is read, field by field and page by page.

use aws_sdk_secretsmanager::{Client, types::FilterNameStringType};
use aws_smithy_mocks::{Rule, mock};

use super::*;
use crate::{CURRENT, PENDING, PREVIOUS, PasswordShape, ReadError};

const ARN: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders/app-AbCdEf";

fn describes(body: &str) -> Rule {
    let body = body.to_owned();
    mock!(Client::describe_secret)
        .match_requests(|request| request.secret_id() == Some("orders/app"))
        .then_http_response(move || response(200, body.clone()))
}

fn gives(body: String) -> Rule {
    mock!(Client::get_secret_value).then_http_response(move || response(200, body.clone()))
}

fn missing() -> HttpResponse {
    let why = "Secrets Manager can't find the specified secret value for staging label: AWSPENDING";
    refused(400, "ResourceNotFoundException", why)
}

#[tokio::test]
async fn a_secret_with_all_its_fields() {
    let rule = describes(&format!(
        r#"{{"ARN":"{ARN}","Name":"orders/app","RotationEnabled":true,
        "RotationLambdaARN":"arn:function","OwningService":"rds",
        "RotationRules":{{"AutomaticallyAfterDays":30,"ScheduleExpression":"rate(30 days)","Duration":"3h"}},
        "Tags":[{{"Key":"nightshift:rotation","Value":"dual-password"}},{{"Key":"team"}}],
        "VersionIdsToStages":{{"{OLD}":["AWSPREVIOUS","mine"],"{NEW}":["AWSCURRENT"]}},
        "CreatedDate":1795000000.5,"LastChangedDate":1795100000,"LastRotatedDate":1795200000,
        "NextRotationDate":1797800000,"DeletedDate":1797900000}}"#
    ));
    let secret = secrets([&rule]).describe("orders/app").await.unwrap();
    insta::assert_debug_snapshot!(secret, @r#"
    Described {
        arn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders/app-AbCdEf",
        name: "orders/app",
        rotation_enabled: Some(
            true,
        ),
        rotation_lambda: Some(
            "arn:function",
        ),
        rotation_rules: Some(
            RotationRules {
                after_days: Some(
                    30,
                ),
                schedule: Some(
                    "rate(30 days)",
                ),
                window: Some(
                    "3h",
                ),
            },
        ),
        owning_service: Some(
            "rds",
        ),
        tags: Tags(
            {
                "nightshift:rotation": "dual-password",
                "team": "",
            },
        ),
        versions: {
            "11111111-1111-4111-8111-111111111111": {
                "AWSPREVIOUS",
                "mine",
            },
            "22222222-2222-4222-8222-222222222222": {
                "AWSCURRENT",
            },
        },
        created: Some(
            2026-11-18T11:06:40.5Z,
        ),
        changed: Some(
            2026-11-19T14:53:20Z,
        ),
        last_rotated: Some(
            2026-11-20T18:40:00Z,
        ),
        next_rotation: Some(
            2026-12-20T20:53:20Z,
        ),
        deleted: Some(
            2026-12-22T00:40:00Z,
        ),
    }
    "#);
    assert_eq!(secret.holder(CURRENT), Some(NEW));
    assert_eq!(secret.holder(PENDING), None);
    assert!(secret.holds(OLD, PREVIOUS) && !secret.holds(NEW, PREVIOUS));
}

#[tokio::test]
async fn what_a_secret_lacks_is_unknown() {
    let rule = describes(r#"{"ARN":"a","Name":"n"}"#);
    let secret = secrets([&rule]).describe("orders/app").await.unwrap();
    assert_eq!(secret.rotation_enabled, None);
    assert_eq!(secret.rotation_rules, None);
    assert!(secret.versions.is_empty() && secret.tags.is_empty());
    assert_eq!((secret.next_rotation, secret.deleted), (None, None));
}

#[tokio::test]
async fn a_rotation_is_overdue_once_its_date_has_passed_and_rotation_is_on() {
    let overdue = async |enabled| {
        let body = format!(r#"{{"RotationEnabled":{enabled},"NextRotationDate":1795000000}}"#);
        let secret = secrets([&describes(&body)]).describe("orders/app").await;
        let at = |second| jiff::Timestamp::from_second(second).unwrap();
        let secret = secret.unwrap();
        [at(1_795_000_000), at(1_795_000_001)].map(|now| secret.overdue_since(now).is_some())
    };
    assert_eq!(overdue(true).await, [false, true]);
    assert_eq!(overdue(false).await, [false, false]);
}

#[tokio::test]
async fn a_version_is_read_by_its_label_or_its_id() {
    let body = format!(
        r#"{{"ARN":"{ARN}","Name":"orders/app","VersionId":"{NEW}","SecretString":"sesame",
        "VersionStages":["AWSPENDING","mine"],"CreatedDate":1795000000}}"#
    );
    let by_label = mock!(Client::get_secret_value)
        .match_requests(|request| {
            request.secret_id() == Some(ARN)
                && request.version_stage() == Some(PENDING)
                && request.version_id().is_none()
        })
        .then_http_response({
            let body = body.clone();
            move || response(200, body.clone())
        });
    let by_id = mock!(Client::get_secret_value)
        .match_requests(|request| {
            request.version_id() == Some(NEW) && request.version_stage().is_none()
        })
        .then_http_response(move || response(200, body.clone()));
    let secrets = secrets([&by_label, &by_id]);
    for version in [
        secrets.value(ARN, PENDING).await,
        secrets.value_of(ARN, NEW).await,
    ] {
        let version = version.ok().flatten().unwrap();
        assert_eq!(version.id, NEW);
        assert!(version.stages.iter().eq(["AWSPENDING", "mine"]));
        assert_eq!(version.created.unwrap().as_second(), 1_795_000_000);
        assert_eq!(version.content.expose(), "sesame");
    }
}

#[tokio::test]
async fn a_version_that_is_not_there_is_none_as_long_as_the_secret_is() {
    let value = mock!(Client::get_secret_value).then_http_response(missing);
    let there = secrets([&value, &describes(r#"{"Name":"orders/app"}"#)]);
    assert!(matches!(there.value("orders/app", PENDING).await, Ok(None)));
    assert!(matches!(there.value_of("orders/app", NEW).await, Ok(None)));

    let describe = mock!(Client::describe_secret).then_http_response(missing);
    let gone = secrets([&value, &describe]);
    for answer in [
        gone.value("orders/app", PENDING).await,
        gone.value_of("orders/app", NEW).await,
    ] {
        assert!(matches!(answer.err(), Some(ReadError::NotFound(_))));
    }
}

/// Whether the version is there is not known then.
#[tokio::test]
async fn a_second_look_that_fails_is_an_error() {
    let value = mock!(Client::get_secret_value).then_http_response(missing);
    let describe = mock!(Client::describe_secret)
        .then_http_response(|| refused(400, "ThrottlingException", "Rate exceeded"));
    let answer = secrets([&value, &describe]).value("db", PENDING).await;
    let error = answer.err().unwrap();
    assert!(error.retryable());
    insta::assert_snapshot!(error, @"DescribeSecret of db: throttled (ThrottlingException); the next run tries again");
}

#[tokio::test]
async fn a_binary_secret_is_an_error_that_says_what_to_do() {
    let rule = gives(format!(
        r#"{{"VersionId":"{NEW}","SecretBinary":"c2VzYW1l"}}"#
    ));
    let answer = secrets([&rule]).value("db", CURRENT).await;
    insta::assert_snapshot!(answer.err().unwrap(), @"version 22222222-2222-4222-8222-222222222222 of db holds binary data; store the credential as text (SecretString)");
}

#[tokio::test]
async fn every_page_of_versions_is_read_those_without_labels_among_them() {
    let page = |from: Option<&'static str>, body: String| {
        mock!(Client::list_secret_version_ids)
            .match_requests(move |request| {
                request.next_token() == from
                    && request.include_deprecated() == Some(true)
                    && request.max_results() == Some(100)
            })
            .then_http_response(move || response(200, body.clone()))
    };
    let first = format!(
        r#"{{"Versions":[{{"VersionId":"{NEW}","VersionStages":["AWSCURRENT"],"CreatedDate":1795000000}}],"NextToken":"2"}}"#
    );
    let second = format!(r#"{{"Versions":[{{"VersionId":"{OLD}"}}]}}"#);
    let rules = [page(None, first), page(Some("2"), second)];
    let versions = secrets(&rules).versions("db").await.unwrap();
    let shown = versions
        .iter()
        .map(|it| (it.id.as_str(), it.stages.len(), it.created.is_some()));
    assert_eq!(shown.collect::<Vec<_>>(), [(NEW, 1, true), (OLD, 0, false)]);
}

fn secrets_page(from: Option<&'static str>, body: &'static str) -> Rule {
    mock!(Client::list_secrets)
        .match_requests(move |request| {
            let [filter] = request.filters() else {
                return false;
            };
            request.next_token() == from
                && request.include_planned_deletion() == Some(false)
                && request.max_results() == Some(100)
                && filter.key() == Some(&FilterNameStringType::TagKey)
                && filter.values() == ["nightshift:rotation"]
        })
        .then_http_response(move || response(200, body))
}

#[tokio::test]
async fn every_page_of_tagged_secrets_is_read_and_only_those_with_the_very_tag_are_kept() {
    let rules = [
        secrets_page(
            None,
            r#"{"SecretList":[
                {"ARN":"a1","Name":"one","RotationEnabled":true,"SecretVersionsToStages":{"v":["AWSCURRENT"]},
                 "Tags":[{"Key":"nightshift:rotation","Value":"superuser"}]},
                {"ARN":"a2","Name":"two","Tags":[{"Key":"nightshift:rotation-old","Value":"x"}]}],"NextToken":"2"}"#,
        ),
        secrets_page(
            Some("2"),
            r#"{"SecretList":[
                {"ARN":"a3","Name":"three","Tags":[{"Key":"nightshift:rotation","Value":"y"}]},
                {"ARN":"a4","Name":"four","DeletedDate":1795000000,
                 "Tags":[{"Key":"nightshift:rotation","Value":"y"}]}]}"#,
        ),
    ];
    let found = secrets(&rules).tagged("nightshift:rotation").await.unwrap();
    let names: Vec<_> = found.iter().map(|secret| secret.name.as_str()).collect();
    assert_eq!(names, ["one", "three"]);
    assert_eq!(found[0].holder(CURRENT), Some("v"));
    assert_eq!(found[0].tags.get("nightshift:rotation"), Some("superuser"));
    assert_eq!(found[0].rotation_enabled, Some(true));
}

#[tokio::test]
async fn a_page_that_cannot_be_read_or_names_itself_is_an_error() {
    let first = secrets_page(None, r#"{"SecretList":[],"NextToken":"2"}"#);
    let refused = mock!(Client::list_secrets)
        .then_http_response(|| refused(400, "InvalidNextTokenException", "why"));
    let answer = secrets([&first, &refused])
        .tagged("nightshift:rotation")
        .await;
    insta::assert_snapshot!(answer.unwrap_err(), @"ListSecrets of secrets tagged nightshift:rotation: refused with InvalidNextTokenException: why");

    let itself = secrets_page(Some("2"), r#"{"SecretList":[],"NextToken":"2"}"#);
    let answer = secrets([&first, &itself])
        .tagged("nightshift:rotation")
        .await;
    insta::assert_snapshot!(answer.unwrap_err(), @"ListSecrets of secrets tagged nightshift:rotation: no proper answer (a page names itself as the next one)");
}

#[tokio::test]
async fn a_password_of_the_shape_is_asked_for() {
    let rule = mock!(Client::get_random_password)
        .match_requests(|request| {
            request.password_length() == Some(40)
                && request.exclude_characters() == Some("/@\"'\\")
                && request.exclude_numbers() == Some(true)
                && request.exclude_punctuation() == Some(false)
                && request.exclude_uppercase() == Some(false)
                && request.exclude_lowercase() == Some(false)
                && request.include_space() == Some(false)
                && request.require_each_included_type() == Some(true)
        })
        .then_http_response(|| response(200, r#"{"RandomPassword":"sesame"}"#));
    let shape = PasswordShape {
        length: 40,
        exclude_numbers: true,
        ..PasswordShape::default()
    };
    let password = secrets([&rule]).random_password(&shape).await;
    assert_eq!(password.ok().unwrap().expose(), "sesame");
}

#[tokio::test]
async fn an_empty_password_is_none() {
    let asked = async |body: &'static str| {
        let rule =
            mock!(Client::get_random_password).then_http_response(move || response(200, body));
        let secrets = secrets([&rule]);
        let answer = secrets.random_password(&PasswordShape::default()).await;
        answer.err().unwrap().to_string()
    };
    let none = asked("{}").await;
    insta::assert_snapshot!(none, @"GetRandomPassword of a new password: no proper answer (an answer without a password)");
    assert_eq!(asked(r#"{"RandomPassword":""}"#).await, none);
}
