//! The functions, as the simulator runs them.

use aurora::Aurora;
use cloudwatch::CloudWatch;
use handler::{Delivery, Deployment, EnvironmentError, Error, Event, Sdk, Surroundings};
use rotate_secret::Tools;
use scheduler::Scheduler;
use secrets::{PasswordShape, Secrets};
use simulator::{Answering, Function, Sandbox, database::Databases};
use tokio::sync::OnceCell;

use crate::{database::Simulated, events, stores};

/// Every function there is.
pub fn all() -> Vec<Box<dyn Function>> {
    vec![
        Box::new(TakeSnapshot),
        Box::new(PruneSnapshots),
        Box::new(ReportFailure),
        Box::new(RotateSecret),
        Box::new(RunJob),
        Box::new(ImportEvents),
    ]
}

struct TakeSnapshot;
struct PruneSnapshots;
struct ReportFailure;

/// A process whose function talks to Aurora through one client, as `main` has it.
struct WithAurora {
    deployment: Deployment,
    aurora: OnceCell<Aurora>,
    answer: fn(&Self, Event) -> Answering<'_>,
}

impl WithAurora {
    fn start(
        name: &'static str,
        surroundings: Surroundings<'_>,
        answer: fn(&Self, Event) -> Answering<'_>,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let deployment = Deployment::new(name, Delivery::BestEffort, surroundings);
        let deployment = deployment.map_err(Error::Environment)?;
        Ok(Box::new(Self {
            deployment,
            aurora: OnceCell::new(),
            answer,
        }))
    }

    async fn aurora(&self, sdk: Sdk) -> &Aurora {
        self.aurora
            .get_or_init(async || Aurora::new(sdk.config().await))
            .await
    }
}

impl Sandbox for WithAurora {
    fn answer(&self, event: Event) -> Answering<'_> {
        (self.answer)(self, event)
    }
}

impl Function for TakeSnapshot {
    fn name(&self) -> &'static str {
        take_snapshot::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        _: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        WithAurora::start(self.name(), surroundings, |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk, call| {
                take_snapshot::handle(process.aurora(sdk).await, call).await
            }))
        })
    }
}

impl Function for PruneSnapshots {
    fn name(&self) -> &'static str {
        prune_snapshots::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        _: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        WithAurora::start(self.name(), surroundings, |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk, call| {
                prune_snapshots::handle(process.aurora(sdk).await, call).await
            }))
        })
    }
}

struct Reporter(Deployment);

impl Sandbox for Reporter {
    fn answer(&self, event: Event) -> Answering<'_> {
        Box::pin(
            self.0
                .answer(event, async |_, call| report_failure::handle(&call)),
        )
    }
}

impl Function for ReportFailure {
    fn name(&self) -> &'static str {
        report_failure::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        _: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let deployment = Deployment::new(self.name(), Delivery::Required, surroundings);
        Ok(Box::new(Reporter(deployment.map_err(Error::Environment)?)))
    }
}

struct RotateSecret;

/// A process that rotates: as its `main` has it, but for the servers.
struct Rotator {
    deployment: Deployment,
    clients: OnceCell<(Aurora, Secrets)>,
    shape: Result<PasswordShape, EnvironmentError>,
    database: Simulated,
}

impl Sandbox for Rotator {
    fn answer(&self, event: Event) -> Answering<'_> {
        Box::pin(self.deployment.answer(event, async |sdk: Sdk, call| {
            let made = async || {
                let config = sdk.config().await;
                (Aurora::new(config), Secrets::new(config))
            };
            let (aurora, secrets) = self.clients.get_or_init(made).await;
            let tools = Tools {
                secrets,
                aurora,
                database: &self.database,
                shape: self.shape.as_ref().map_err(Clone::clone)?,
            };
            rotate_secret::handle(tools, call).await
        }))
    }
}

impl Function for RotateSecret {
    fn name(&self) -> &'static str {
        rotate_secret::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        databases: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let shape = rotate_secret::shape(surroundings.variable);
        let deployment = Deployment::new(self.name(), Delivery::BestEffort, surroundings);
        Ok(Box::new(Rotator {
            deployment: deployment.map_err(Error::Environment)?,
            clients: OnceCell::new(),
            shape,
            database: Simulated(databases),
        }))
    }
}

struct RunJob;

/// A process that runs jobs: as its `main` has it, but for the servers.
struct Runner {
    deployment: Deployment,
    clients: OnceCell<(Aurora, Secrets, CloudWatch)>,
    database: stores::Simulated,
}

impl Sandbox for Runner {
    fn answer(&self, event: Event) -> Answering<'_> {
        Box::pin(self.deployment.answer(event, async |sdk: Sdk, call| {
            let made = async || {
                let config = sdk.config().await;
                (
                    Aurora::new(config),
                    Secrets::new(config),
                    CloudWatch::new(config),
                )
            };
            let (aurora, secrets, cloudwatch) = self.clients.get_or_init(made).await;
            let database = &self.database;
            let tools = run_job::Tools {
                aurora,
                secrets,
                database,
                cloudwatch: Some(cloudwatch),
            };
            run_job::handle(tools, call).await
        }))
    }
}

impl Function for RunJob {
    fn name(&self) -> &'static str {
        run_job::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        databases: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let deployment = Deployment::new(self.name(), Delivery::BestEffort, surroundings);
        Ok(Box::new(Runner {
            deployment: deployment.map_err(Error::Environment)?,
            clients: OnceCell::new(),
            database: stores::Simulated(databases),
        }))
    }
}

struct ImportEvents;

/// A process that moves EVENTs: as its `main` has it, but for the servers.
struct Importer {
    deployment: Deployment,
    clients: OnceCell<(Aurora, Secrets, Scheduler)>,
    database: events::Simulated,
}

impl Sandbox for Importer {
    fn answer(&self, event: Event) -> Answering<'_> {
        Box::pin(self.deployment.answer(event, async |sdk: Sdk, call| {
            let made = async || {
                let config = sdk.config().await;
                (
                    Aurora::new(config),
                    Secrets::new(config),
                    Scheduler::new(config),
                )
            };
            let (aurora, secrets, scheduler) = self.clients.get_or_init(made).await;
            let tools = import_events::Tools {
                aurora,
                secrets,
                scheduler,
                database: &self.database,
            };
            import_events::handle(tools, call).await
        }))
    }
}

impl Function for ImportEvents {
    fn name(&self) -> &'static str {
        import_events::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        databases: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let deployment = Deployment::new(self.name(), Delivery::BestEffort, surroundings);
        Ok(Box::new(Importer {
            deployment: deployment.map_err(Error::Environment)?,
            clients: OnceCell::new(),
            database: events::Simulated(databases),
        }))
    }
}
