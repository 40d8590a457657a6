//! Secrets and databases: how they are at the beginning, and what people do to them.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulated_aws::{Account, Call, Effect, Protocol, Service};

use crate::{
    database::{Accounts, Entry, Servers, Statement, World},
    dice::Dice,
    script::{
        ByHand, Database, DatabaseWeather, Import, Jobs, OfAccount, Script, SecretPlan, TAG, USER,
        VersionPlan,
    },
};

/// The password of all jobs' users.
const PASSWORD: &str = "the-password-of-all-jobs";
/// The function that rotates secrets.
const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-rotate-secret";

/// The servers at the beginning.
pub(super) fn servers(script: &Script) -> Servers {
    let seed = Dice::of(script.seed, "servers").seed();
    if let Some(jobs) = &script.jobs {
        return of_jobs(script, jobs, seed);
    }
    if let Some(remedies) = &script.remedies {
        return super::remedies::servers(script, remedies, seed);
    }
    let Some(database) = &script.database else {
        let none = DatabaseWeather::default();
        return Servers::new(World::new(seed, none, script.calm));
    };
    let mut world = World::new(seed, database.weather.clone(), script.calm);
    for server in &database.servers {
        let mut accounts = Accounts::new();
        let of_server = database.accounts.iter();
        for it in of_server.filter(|it| it.cluster == server.cluster) {
            accounts.insert(it.account.clone(), entry(&mut world, it));
        }
        let clusters = script.clusters.iter();
        let instances = clusters
            .filter(|cluster| cluster.id == server.cluster)
            .flat_map(crate::script::Cluster::instances);
        let instances: Vec<String> = instances.collect();
        world.add(server, &instances, accounts, script.begins);
    }
    Servers::new(world)
}

/// The servers that jobs work on.
fn of_jobs(script: &Script, jobs: &Jobs, seed: u64) -> Servers {
    let mut world = World::new(seed, jobs.weather.clone(), script.calm);
    let password = world.password(PASSWORD);
    let user = aurora_sql::Account {
        user: USER.to_owned(),
        host: "%".to_owned(),
    };
    for server in &jobs.servers {
        let accounts = Accounts::from([(user.clone(), Entry::new(password, &[]))]);
        let clusters = script.clusters.iter();
        let instances = clusters
            .filter(|cluster| cluster.id == server.cluster)
            .flat_map(crate::script::Cluster::instances);
        let instances: Vec<String> = instances.collect();
        world.add(server, &instances, accounts, script.begins);
    }
    for (cluster, store) in &jobs.stores {
        world.put_store(cluster, store.clone());
    }
    Servers::new(world)
}

/// The secrets that jobs log in with.
pub(super) fn add_logins(jobs: &Jobs, imports: bool, account: &mut Account, begins: Timestamp) {
    for server in &jobs.servers {
        let content = json!({
            "engine": "mysql", "host": host(&server.cluster), "port": 3306,
            "username": USER, "password": PASSWORD, "dbClusterIdentifier": server.cluster,
        });
        let of_events = imports.then(|| Import::secret(&server.cluster));
        for name in [format!("job-login-{}", server.cluster)]
            .into_iter()
            .chain(of_events)
        {
            let input = json!({
                "Name": name,
                "ClientRequestToken": "00000000-0000-4000-8000-00000000c0de",
                "SecretString": content.to_string(),
            });
            call(account, "CreateSecret", input, begins);
        }
    }
}

fn entry(world: &mut World, it: &OfAccount) -> Entry {
    let primary = world.password(&it.primary);
    Entry {
        secondary: it.secondary.as_ref().map(|text| world.password(text)),
        locked: it.locked,
        plugin: it.plugin.into(),
        options: it.options.clone(),
        ..Entry::new(primary, &it.grants)
    }
}

/// Puts the secrets into the account, with their past.
pub(super) fn add(database: &Database, account: &mut Account, begins: Timestamp) {
    let mut arns = BTreeMap::new();
    let mut past: Vec<(Timestamp, &SecretPlan, usize)> = database
        .secrets
        .iter()
        .flat_map(|secret| {
            let versions = secret.versions.iter().enumerate();
            versions.map(move |(number, version)| {
                let age = SignedDuration::from_hours(version.age_hours.max(0));
                (begins - age, secret, number)
            })
        })
        .collect();
    // Superusers come first: others name their secrets.
    past.sort_by_key(|(at, secret, _)| (secret.superuser.is_some(), *at));
    let earliest = past.iter().map(|(at, ..)| *at).min().unwrap_or(begins);
    for (at, secret, number) in past {
        let at = if secret.tag == "superuser" {
            earliest
        } else {
            at
        };
        let superuser = secret.superuser.as_ref().and_then(|name| arns.get(name));
        put(account, secret, number, superuser, at);
        if let Some(arn) = account.secrets.find(&secret.name).map(|it| it.arn.clone()) {
            arns.insert(secret.name.clone(), arn);
        }
    }
    for secret in database.rotated() {
        rotated(account, secret, begins);
    }
}

/// A version's id: 32 characters at least.
fn version_id(secret: &SecretPlan, number: usize) -> String {
    let hash = Dice::of(0, &secret.versions[number].password).seed();
    format!("v{number}-{hash:016x}-0000-0000-0000")
}

fn put(
    account: &mut Account,
    secret: &SecretPlan,
    number: usize,
    superuser: Option<&String>,
    at: Timestamp,
) {
    let version: &VersionPlan = &secret.versions[number];
    let mut content = json!({
        "engine": "mysql", "host": host(&secret.cluster), "port": 3306,
        "username": version.user, "password": version.password,
        "dbClusterIdentifier": secret.cluster,
    });
    if let Some(arn) = superuser {
        content["masterarn"] = json!(arn);
    }
    let (id, content) = (version_id(secret, number), content.to_string());
    if number == 0 {
        let tags = json!([{"Key": TAG, "Value": secret.tag}]);
        let input = json!({
            "Name": secret.name, "ClientRequestToken": id, "SecretString": content, "Tags": tags,
        });
        call(account, "CreateSecret", input, at);
    } else {
        let input = json!({
            "SecretId": secret.name, "ClientRequestToken": id, "SecretString": content,
            "VersionStages": [version.label],
        });
        call(account, "PutSecretValue", input, at);
    }
    if version.dropped {
        let input = json!({
            "SecretId": secret.name, "VersionStage": version.label, "RemoveFromVersionId": id,
        });
        call(account, "UpdateSecretVersionStage", input, at);
    }
}

/// Where a cluster's writer is to be found.
fn host(cluster: &str) -> String {
    format!("{cluster}.cluster-c0ffee.eu-central-1.rds.amazonaws.com")
}

/// Turns rotation on. One that is stuck cannot be begun anew: then Secrets Manager keeps the old
/// one, and only its function is set.
fn rotated(account: &mut Account, secret: &SecretPlan, at: Timestamp) {
    let Some(hours) = secret.every_hours else {
        return;
    };
    let pending = secret.stuck();
    let token = pending.map_or_else(
        || format!("first-{}-0000-0000-0000-0000-0000", version_id(secret, 0)),
        |number| version_id(secret, number),
    );
    if let Some(number) = pending {
        take_off(account, secret, &version_id(secret, number), at);
    }
    let input = json!({
        "SecretId": secret.name, "ClientRequestToken": token.chars().take(64).collect::<String>(),
        "RotationLambdaARN": FUNCTION, "RotateImmediately": false,
        "RotationRules": {"ScheduleExpression": format!("rate({hours} hours)")},
    });
    if pending.is_none() {
        call(account, "RotateSecret", input, at);
    } else {
        stuck(account, secret, &token, input, at);
    }
}

fn take_off(account: &mut Account, secret: &SecretPlan, id: &str, at: Timestamp) {
    let input = json!({
        "SecretId": secret.name, "VersionStage": "AWSPENDING", "RemoveFromVersionId": id,
    });
    call(account, "UpdateSecretVersionStage", input, at);
}

/// Rotation was on before, and its last rotation was given up.
fn stuck(account: &mut Account, secret: &SecretPlan, token: &str, mut input: Value, at: Timestamp) {
    let trial = format!("trial{token}");
    input["ClientRequestToken"] = json!(trial);
    call(account, "RotateSecret", input, at);
    let back = json!({
        "SecretId": secret.name, "VersionStage": "AWSPENDING",
        "RemoveFromVersionId": trial, "MoveToVersionId": token,
    });
    call(account, "UpdateSecretVersionStage", back, at);
    let name = secret.name.clone();
    account.secrets.secrets.change(at, &name, |secret| {
        if let Some(rotation) = &mut secret.rotation {
            rotation.running = None;
        }
    });
}

/// A call that a person makes at the console; what it is answered, nobody sees.
pub(super) fn call(
    account: &mut Account,
    operation: &str,
    input: Value,
    at: Timestamp,
) -> Vec<Effect> {
    let call = Call {
        service: Service::SecretsManager,
        operation: operation.into(),
        input,
        protocol: Protocol::Json,
    };
    account.answer(&call, at).1
}

/// What a person does to the account.
pub(super) fn at_console(account: &mut Account, deed: &ByHand, now: Timestamp) -> Vec<Effect> {
    match deed {
        ByHand::Alter {
            secret: Some(secret),
            password,
            ..
        }
        | ByHand::Put { secret, password } => put_value(account, secret, password, now),
        ByHand::RemovePending { secret } => {
            let found = account.secrets.find(secret);
            let pending = found.and_then(|secret| secret.labelled("AWSPENDING"));
            let Some(id) = pending.map(|version| version.id.clone()) else {
                return Vec::new();
            };
            let input = json!({
                "SecretId": secret, "VersionStage": "AWSPENDING", "RemoveFromVersionId": id,
            });
            call(account, "UpdateSecretVersionStage", input, now)
        }
        ByHand::Rotate { secret, token } => {
            let input = json!({
                "SecretId": secret, "ClientRequestToken": token, "RotationLambdaARN": FUNCTION,
            });
            call(account, "RotateSecret", input, now)
        }
        ByHand::Failover { cluster } => {
            let call = Call {
                service: Service::Rds,
                operation: "FailoverDBCluster".into(),
                input: json!({"DBClusterIdentifier": cluster}),
                protocol: Protocol::Query,
            };
            account.answer(&call, now).1
        }
        _ => Vec::new(),
    }
}

/// Another password in the current version's JSON.
fn put_value(account: &mut Account, secret: &str, password: &str, now: Timestamp) -> Vec<Effect> {
    use simulated_aws::secrets::{CURRENT, Content};
    let found = account.secrets.find(secret);
    let current = found.and_then(|secret| secret.labelled(CURRENT)?.content.clone());
    let Some(Content::Text(text)) = current else {
        return Vec::new();
    };
    let Ok(mut content) = serde_json::from_str::<Value>(text.reveal()) else {
        return Vec::new();
    };
    content["password"] = json!(password);
    let input = json!({
        "SecretId": secret, "ClientRequestToken": format!("hand{:032x}", Dice::of(0, password).seed()),
        "SecretString": content.to_string(),
    });
    call(account, "PutSecretValue", input, now)
}

/// What a person does to a database: the cluster and the statement.
pub(super) fn statement(world: &mut World, deed: &ByHand) -> Option<(String, Statement)> {
    match deed.clone() {
        ByHand::Alter {
            cluster,
            account,
            password,
            retain,
            ..
        } => {
            let to = world.password(&password);
            let accounts = vec![account];
            let set = Statement::SetPassword {
                accounts,
                to,
                retain,
            };
            Some((cluster, set))
        }
        ByHand::Drop { cluster, account } => Some((cluster, Statement::Drop { account })),
        ByHand::Lock {
            cluster,
            account,
            locked,
        } => Some((cluster, Statement::Lock { account, locked })),
        ByHand::Right {
            cluster,
            account,
            right,
            given,
        } => {
            let grant = right.to_owned();
            let statement = if given {
                Statement::Grant { to: account, grant }
            } else {
                Statement::Revoke {
                    from: account,
                    grant,
                }
            };
            Some((cluster, statement))
        }
        _ => None,
    }
}
