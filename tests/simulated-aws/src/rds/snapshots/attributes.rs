//! With whom a snapshot is shared.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterSnapshotAttribute.html>

use std::sync::Arc;

use crate::{
    At, Call, Effect, Refusal,
    rds::{
        Rds, Snapshot, input,
        out::Out,
        refusals::{Code, snapshot_not_found},
        snapshots::{MANUAL, key},
    },
};

/// The only attribute there is.
const RESTORE: &str = "restore";
/// With how many accounts a snapshot can be shared.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-share-snapshot.html>
const MOST_ACCOUNTS: usize = 20;

impl Rds {
    pub(crate) fn describe_snapshot_attributes(
        &self,
        call: &Call,
        at: &At<'_>,
    ) -> Result<Out, Refusal> {
        let id = input::required(call, "DBClusterSnapshotIdentifier")?;
        let id = key(id, at.place);
        let snapshot = self.snapshots.as_of(at.shown).get(&id);
        let snapshot = snapshot.filter(|snapshot| snapshot.kind == MANUAL);
        let snapshot = snapshot.ok_or_else(|| snapshot_not_found(&id))?;
        Ok(shown(snapshot))
    }

    pub(crate) fn modify_snapshot_attribute(
        &mut self,
        call: &Call,
        at: &mut At<'_>,
    ) -> Result<Out, Refusal> {
        let id = input::required(call, "DBClusterSnapshotIdentifier")?;
        let id = key(id, at.place);
        let attribute = input::required(call, "AttributeName")?;
        if attribute != RESTORE {
            let message = format!("Invalid snapshot attribute {attribute}.");
            return Err(Refusal::invalid(message));
        }
        let snapshot = self.sharable(&id)?;
        let accounts = changed(&snapshot.shared_with, call)?;
        let share = |snapshot: &mut Snapshot| snapshot.shared_with = accounts;
        self.snapshots.change(at.now, &id, share);
        at.effects.push(Effect::Other {
            operation: call.operation.clone(),
            subject: snapshot.arn.clone(),
        });
        Ok(shown(self.snapshots.get(&id).unwrap_or(&snapshot)))
    }

    fn sharable(&self, id: &str) -> Result<Arc<Snapshot>, Refusal> {
        let snapshot = self.snapshot(id).ok_or_else(|| snapshot_not_found(id))?;
        if snapshot.kind == MANUAL && snapshot.status == "available" {
            return Ok(snapshot);
        }
        let Snapshot { kind, status, .. } = &*snapshot;
        let why = format!("Snapshot {id} is {kind} and {status}; it can't be shared.");
        Err(Code::InvalidSnapshotState.because(why))
    }
}

fn changed(accounts: &[String], call: &Call) -> Result<Vec<String>, Refusal> {
    let named = |member| input::texts(&call.input, member, "AttributeValue");
    let removed: Vec<_> = named("ValuesToRemove").collect();
    let mut accounts = accounts.to_vec();
    accounts.retain(|account| !removed.contains(&account.as_str()));
    for account in named("ValuesToAdd") {
        let digits = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
        if !digits && account != "all" {
            return Err(Refusal::invalid(format!("Invalid account id {account}.")));
        }
        if !accounts.iter().any(|one| one == account) {
            accounts.push(account.to_owned());
        }
    }
    if accounts.len() > MOST_ACCOUNTS {
        let message = format!("A snapshot can be shared with at most {MOST_ACCOUNTS} accounts.");
        return Err(Code::SharedSnapshotQuota.because(message));
    }
    Ok(accounts)
}

fn shown(snapshot: &Snapshot) -> Out {
    let restore = |out: &mut Out| {
        out.text("AttributeName", RESTORE);
        out.texts("AttributeValues", "AttributeValue", &snapshot.shared_with);
    };
    Out::of(|out| {
        out.element("DBClusterSnapshotAttributesResult", |out| {
            out.text("DBClusterSnapshotIdentifier", &snapshot.id);
            out.element("DBClusterSnapshotAttributes", |out| {
                out.element("DBClusterSnapshotAttribute", restore);
            });
        });
    })
}
