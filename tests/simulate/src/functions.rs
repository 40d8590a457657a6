//! The functions, as the simulator runs them.

use aurora::Aurora;
use aws_config::SdkConfig;
use cloudwatch::CloudWatch;
use handler::{Delivery, Deployment, Error, Event, Sdk, Surroundings};
use scheduler::Scheduler;
use secrets::Secrets;
use simulator::{Answering, Function, Sandbox, database::Databases};
use tokio::sync::OnceCell;

use crate::{database::Simulated, events, remedies, stores};

/// Every function there is.
pub fn all() -> Vec<Box<dyn Function>> {
    vec![
        Box::new(TakeSnapshot),
        Box::new(PruneSnapshots),
        Box::new(ReportFailure),
        Box::new(RotateSecret),
        Box::new(RunJob),
        Box::new(ImportEvents),
        Box::new(ScaleReaders),
        Box::new(RemedyAlarm),
    ]
}

struct ScaleReaders;
struct TakeSnapshot;
struct PruneSnapshots;
struct ReportFailure;

/// A process of one function, as its `main` has it, but for the servers: its clients are made once.
struct Process<Clients, Rest> {
    deployment: Deployment,
    clients: OnceCell<Clients>,
    made: fn(&SdkConfig) -> Clients,
    rest: Rest,
    answer: fn(&Self, Event) -> Answering<'_>,
}

impl<Clients: 'static, Rest: 'static> Process<Clients, Rest> {
    fn start(
        function: &impl Function,
        surroundings: Surroundings<'_>,
        made: fn(&SdkConfig) -> Clients,
        rest: Rest,
        answer: fn(&Self, Event) -> Answering<'_>,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let deployment = Deployment::new(function.name(), Delivery::BestEffort, surroundings);
        Ok(Box::new(Self {
            deployment: deployment.map_err(Error::Environment)?,
            clients: OnceCell::new(),
            made,
            rest,
            answer,
        }))
    }

    async fn clients(&self, sdk: Sdk) -> &Clients {
        let made = async || (self.made)(sdk.config().await);
        self.clients.get_or_init(made).await
    }
}

impl<Clients, Rest> Sandbox for Process<Clients, Rest> {
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
        Process::start(self, surroundings, Aurora::new, (), |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk, call| {
                take_snapshot::handle(process.clients(sdk).await, call).await
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
        Process::start(self, surroundings, Aurora::new, (), |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk, call| {
                prune_snapshots::handle(process.clients(sdk).await, call).await
            }))
        })
    }
}

impl Function for ScaleReaders {
    fn name(&self) -> &'static str {
        scale_readers::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        _: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let made = |config: &_| scale_readers::Tools {
            aurora: Aurora::new(config),
            cloudwatch: CloudWatch::new(config),
        };
        Process::start(self, surroundings, made, (), |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk, call| {
                scale_readers::handle(process.clients(sdk).await, call).await
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
        let rest = (Simulated(databases), shape);
        let made = |config: &SdkConfig| (Aurora::new(config), Secrets::new(config));
        Process::start(self, surroundings, made, rest, |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk: Sdk, call| {
                let (aurora, secrets) = process.clients(sdk).await;
                let (database, shape) = &process.rest;
                let tools = rotate_secret::Tools {
                    secrets,
                    aurora,
                    database,
                    shape: shape.as_ref().map_err(Clone::clone)?,
                };
                rotate_secret::handle(tools, call).await
            }))
        })
    }
}

struct RunJob;

impl Function for RunJob {
    fn name(&self) -> &'static str {
        run_job::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        databases: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let database = stores::Simulated(databases);
        let made = |config: &SdkConfig| {
            (
                Aurora::new(config),
                Secrets::new(config),
                CloudWatch::new(config),
            )
        };
        Process::start(self, surroundings, made, database, |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk: Sdk, call| {
                let (aurora, secrets, cloudwatch) = process.clients(sdk).await;
                let tools = run_job::Tools {
                    aurora,
                    secrets,
                    database: &process.rest,
                    cloudwatch: Some(cloudwatch),
                };
                run_job::handle(tools, call).await
            }))
        })
    }
}

struct RemedyAlarm;

impl Function for RemedyAlarm {
    fn name(&self) -> &'static str {
        remedy_alarm::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        databases: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let database = remedies::Simulated(databases);
        let made = |config: &SdkConfig| {
            (
                Aurora::new(config),
                CloudWatch::new(config),
                Secrets::new(config),
            )
        };
        Process::start(self, surroundings, made, database, |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk: Sdk, call| {
                let (aurora, cloudwatch, secrets) = process.clients(sdk).await;
                let tools = remedy_alarm::Tools {
                    aurora,
                    cloudwatch,
                    secrets,
                    database: &process.rest,
                };
                remedy_alarm::handle(tools, call).await
            }))
        })
    }
}

struct ImportEvents;

impl Function for ImportEvents {
    fn name(&self) -> &'static str {
        import_events::NAME
    }

    fn start(
        &self,
        surroundings: Surroundings<'_>,
        databases: Databases,
    ) -> Result<Box<dyn Sandbox>, Error> {
        let database = events::Simulated(databases);
        let made = |config: &SdkConfig| {
            (
                Aurora::new(config),
                Secrets::new(config),
                Scheduler::new(config),
            )
        };
        Process::start(self, surroundings, made, database, |process, event| {
            Box::pin(process.deployment.answer(event, async |sdk: Sdk, call| {
                let (aurora, secrets, scheduler) = process.clients(sdk).await;
                let tools = import_events::Tools {
                    aurora,
                    secrets,
                    scheduler,
                    database: &process.rest,
                };
                import_events::handle(tools, call).await
            }))
        })
    }
}
