//! Secrets, their versions and labels.

mod labels;
mod lifecycle;
mod listing;
mod secrecy;
mod values;

use std::collections::BTreeSet;

use aws_sdk_secretsmanager::{
    Client,
    operation::{
        create_secret::builders::CreateSecretFluentBuilder,
        put_secret_value::builders::PutSecretValueFluentBuilder,
    },
};

use crate::{harness::World, refusals::code};

/// A token of 32 characters.
pub fn token(name: &str) -> String {
    format!("{name:-<32}")
}

struct Secrets {
    world: World,
    client: Client,
}

impl Secrets {
    fn plain() -> Self {
        Self::of(World::plain())
    }

    fn of(world: World) -> Self {
        let client = Client::new(&world.sdk);
        Self { world, client }
    }

    /// A secret `db` whose version `a` is current.
    async fn with_one() -> Self {
        let secrets = Self::plain();
        secrets.create("db", "a").send().await.unwrap();
        secrets
    }

    fn create(&self, name: &str, value: &str) -> CreateSecretFluentBuilder {
        let create = self.client.create_secret().name(name).secret_string(value);
        create.client_request_token(token(value))
    }

    fn put(&self, value: &str) -> PutSecretValueFluentBuilder {
        let put = self
            .client
            .put_secret_value()
            .secret_id("db")
            .secret_string(value);
        put.client_request_token(token(value))
    }

    async fn value(&self, stage: Option<&str>) -> Result<String, String> {
        let get = self.client.get_secret_value().secret_id("db");
        let answer = get.set_version_stage(stage.map(Into::into)).send().await;
        let answer = answer.map_err(|error| code(&error).to_owned())?;
        Ok(answer.secret_string.unwrap())
    }

    /// `a:AWSPREVIOUS b:AWSCURRENT`
    async fn labels(&self) -> String {
        let described = self
            .client
            .describe_secret()
            .secret_id("db")
            .send()
            .await
            .unwrap();
        let stages = described.version_ids_to_stages.unwrap_or_default();
        let lines = stages.into_iter().map(|(id, mut labels)| {
            labels.sort();
            format!("{}:{}", id.trim_end_matches('-'), labels.join("+"))
        });
        let lines: BTreeSet<_> = lines.collect();
        lines.into_iter().collect::<Vec<_>>().join(" ")
    }

    async fn stage(&self, label: &str, from: Option<&str>, to: Option<&str>) -> Result<(), String> {
        let update = self.client.update_secret_version_stage().secret_id("db");
        let update = update
            .version_stage(label)
            .set_move_to_version_id(to.map(token));
        let update = update
            .set_remove_from_version_id(from.map(token))
            .send()
            .await;
        update.map(|_| ()).map_err(|error| code(&error).to_owned())
    }
}
