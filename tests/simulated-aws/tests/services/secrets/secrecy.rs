//! Passwords, and that nothing secret is printed.

use simulated_aws::secrets;

use super::{Secrets, token};
use crate::refusals::code;

#[tokio::test(start_paused = true)]
async fn a_password_has_the_shape_asked_for_and_comes_from_the_seed() {
    let password = |secrets: &Secrets, length: i64| {
        let get = secrets.client.get_random_password().password_length(length);
        let get = get.exclude_characters("/@\"'\\ae").exclude_numbers(true);
        async move { get.send().await.unwrap().random_password.unwrap() }
    };
    let secrets = Secrets::plain();
    let long = password(&secrets, 4096).await;
    assert_eq!(long.len(), 4096);
    assert!(!long.contains(['/', '@', '"', '\'', '\\', 'a', 'e', ' ', '0', '9']));
    for _ in 0..50 {
        let short = password(&secrets, 3).await;
        let has = |of: fn(&char) -> bool| short.chars().filter(of).count();
        let each = [has(char::is_ascii_lowercase), has(char::is_ascii_uppercase)];
        assert_eq!(
            (each, has(char::is_ascii_punctuation)),
            ([1, 1], 1),
            "{short}"
        );
    }
    let again = Secrets::plain();
    assert_eq!(password(&again, 4096).await, long);
    for (length, excluded) in [(1, ""), (20, "all")] {
        let all: String = (' '..='~').collect();
        let get = secrets.client.get_random_password().password_length(length);
        let get = get.exclude_characters(if excluded.is_empty() { "" } else { &all });
        assert_eq!(
            code(&get.send().await.unwrap_err()),
            "InvalidParameterException"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn no_value_is_printed_by_accident() {
    let secrets = Secrets::plain();
    let arn = secrets.world.aws.outside(|account, now| {
        account.by_hand(now, |services, at| {
            services.secrets.add("db", "hunter2", at)
        })
    });
    secrets
        .put("hunter3")
        .client_request_token(token("t"))
        .send()
        .await
        .unwrap();
    let said = secrets.world.aws.with(|account, _| format!("{account:?}"));
    assert!(said.contains(&arn) && said.contains("hidden"));
    let effects = format!("{:?}", secrets.world.effects());
    assert!(effects.contains("PutSecretValue"));
    let calls = secrets.world.calls();
    assert!(
        calls
            .iter()
            .any(|call| call.contains("secretsmanager:PutSecretValue {")),
        "{calls:?}"
    );
    for text in calls.iter().chain([&said, &effects]) {
        assert!(!text.contains("hunter"), "{text}");
    }
    assert_eq!(secrets::Hidden::new("hunter2").reveal(), "hunter2");
}
