//! The throttle of one turn.

use secrets::Credential;

use super::{Visit, door::Door};
use crate::{
    database::{Database, Login, Server},
    throttle::{Gate, Metrics, Scope},
};

/// A throttle that watches the cluster with logins of its own.
pub(super) fn gate<'a, D: Database>(
    visit: &Visit<'a, D>,
    door: &Door<'a, D>,
    server: &Server,
    credential: &'a Credential,
) -> Gate<'a, D> {
    let cloudwatch = visit.tools.cloudwatch;
    let scope = Scope {
        writer: door.writer.clone(),
        readers: door.readers.clone(),
        aurora: server.aurora,
        login: Login::from(credential),
        access: door.access(),
        limits: &visit.call.policy.throttle,
        metrics: cloudwatch.map(|client| Metrics::new(client.clone(), visit.moment())),
    };
    Gate::new(visit.tools.database, scope)
}
