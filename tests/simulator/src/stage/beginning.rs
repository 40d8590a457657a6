//! The account at the beginning of a script.

use fastrand::Rng;
use simulated_aws::{Account, Place, rds};

use super::{readers, remedies, schedules, secrets};
use crate::{dice::Dice, invariants::oracle, script::Script};

/// What a script begins with: clusters, their snapshots, secrets, schedules, the inbox.
pub(super) fn account(script: &Script) -> Account {
    let rng = Rng::with_seed(Dice::of(script.seed, "whim").seed());
    let place = Place {
        account: "123456789012".into(),
        region: "eu-central-1".into(),
    };
    let mut account = Account::new(place, script.weather.whim(rng));
    account.sns.add_topic(&account.place, "inbox");
    account.rds.quotas.manual_snapshots = script.quota;
    account.outside(script.begins, |service, at| {
        for cluster in &script.clusters {
            let mut new = rds::Cluster::new(at.place, &cluster.id, at.now);
            new.status.clone_from(&cluster.status);
            new.tags = cluster.tags.iter().cloned().collect();
            service.add_cluster(new, at);
            for name in cluster.instances() {
                let mut instance = rds::Instance::new(at.place, &name, &cluster.id, at.now);
                if !name.ends_with("-0") {
                    let (key, value) = oracle::MANAGED_BY;
                    instance.tags.insert(key.into(), value.into());
                }
                service.add_instance(instance, at);
            }
        }
        for snapshot in &script.snapshots {
            service.add_snapshot(snapshot.clone(), at);
        }
    });
    if let Some(database) = &script.database {
        secrets::add(database, &mut account, script.begins);
    }
    if let Some(jobs) = &script.jobs {
        let imports = script.imports.is_some();
        secrets::add_logins(jobs, imports, &mut account, script.begins);
    }
    if let Some(imports) = &script.imports {
        schedules::add(imports, &mut account, script.begins);
    }
    if let Some(plans) = &script.readers {
        readers::add(plans, &mut account, script.begins);
    }
    if let Some(plans) = &script.remedies {
        remedies::add(plans, &mut account, script.begins);
    }
    account
}
