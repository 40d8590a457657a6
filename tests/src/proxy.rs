//! A reverse proxy between a function and AWS's stand-ins that records every
//! call and fails the ones a test names.

use std::collections::BTreeMap;
use std::future::pending;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use crate::fault::{Fault, Rule, When};
use crate::http::{self, Answer, Cut, Request, Server};
use crate::mail::Mail;
use crate::wire::Identity;

/// One call as the proxy saw it.
#[derive(Clone, Debug)]
pub struct Call {
    /// The service as IAM names it: `rds`, `sns`.
    pub service: String,
    /// The action: `DescribeDBClusters`.
    pub action: String,
    /// Its parameters.
    pub params: BTreeMap<String, String>,
    /// When it came in, counted from the proxy's start.
    pub at: Duration,
    /// The status the function was answered; none if it got no answer.
    pub status: Option<u16>,
    /// Whether the service behind carried it out.
    pub took_effect: bool,
    /// Whether a fault befell it.
    pub failed_on_purpose: bool,
}

/// Where the proxy sends what it does not fail.
#[derive(Clone, Copy, Debug)]
pub struct Upstreams {
    /// RDS.
    pub rds: SocketAddr,
    /// Everything else, once there is something.
    pub others: Option<SocketAddr>,
}

/// The proxy. It ends when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    inner: Arc<Inner>,
    server: Server,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    // How many calls have come in.
    arrived: watch::Sender<usize>,
    start: Instant,
}

#[derive(Debug)]
struct State {
    upstreams: Upstreams,
    calls: Vec<Call>,
    rules: Vec<Rule>,
}

impl Proxy {
    /// Starts a proxy in front of these services.
    pub async fn start(upstreams: Upstreams) -> Self {
        let inner = Arc::new(Inner {
            state: Mutex::new(State {
                upstreams,
                calls: Vec::new(),
                rules: Vec::new(),
            }),
            arrived: watch::channel(0).0,
            start: Instant::now(),
        });
        let behind = Arc::clone(&inner);
        let server = Server::start(move |request| Arc::clone(&behind).answer(request)).await;
        Self { inner, server }
    }

    /// The URL for a function's `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// From now on everything but RDS goes there.
    pub fn send_others_to(&self, address: SocketAddr) {
        self.inner.state().upstreams.others = Some(address);
    }

    /// Lets `fault` befall the calls that `when` names, counted from now on. Of
    /// several faults for one call the one injected first wins.
    pub fn inject(&self, when: When, fault: Fault) {
        self.inner.state().rules.push(Rule::new(when, fault));
    }

    /// From now on nothing fails on purpose.
    pub fn heal(&self) {
        self.inner.state().rules.clear();
    }

    /// Forgets the calls so far, and the faults.
    pub fn reset(&self) {
        let mut state = self.inner.state();
        state.calls.clear();
        state.rules.clear();
        self.inner.arrived.send_replace(0);
    }

    /// All calls, in the order they came in.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.inner.state().calls.clone()
    }

    /// All calls as IAM names their actions: `rds:DescribeDBClusters`.
    #[must_use]
    pub fn actions(&self) -> Vec<String> {
        let name = |call: &Call| format!("{}:{}", call.service, call.action);
        self.inner.state().calls.iter().map(name).collect()
    }

    /// How often the services behind carried out this action.
    #[must_use]
    pub fn effects(&self, action: &str) -> usize {
        let counts = |call: &&Call| call.action == action && call.took_effect;
        self.inner.state().calls.iter().filter(counts).count()
    }

    /// The mails that were really published, in order.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        let published = |call: &&Call| call.action == "Publish" && call.took_effect;
        let state = self.inner.state();
        let calls = state.calls.iter().filter(published);
        calls.map(|call| Mail::parse(&call.params)).collect()
    }

    /// Waits until that many calls have come in.
    pub async fn arrived(&self, count: usize) {
        let mut arrived = self.inner.arrived.subscribe();
        let wait = arrived.wait_for(|n| *n >= count);
        if tokio::time::timeout(Duration::from_secs(30), wait)
            .await
            .is_err()
        {
            panic!("after 30 s no {count} calls, but {:?}", self.actions());
        }
    }
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic under this lock")
    }

    async fn answer(self: Arc<Self>, request: Request) -> Result<Answer, Cut> {
        let identity = Identity::of(&request);
        let (index, fault) = self.arrive(&identity);
        let Some(fault) = fault else {
            let answer = self.forward(index, &identity, request).await?;
            return Ok(self.answered(index, answer));
        };
        if let Some((status, code, message)) = fault.error() {
            return Ok(self.answered(index, identity.error(status, code, message)));
        }
        match fault {
            Fault::Hang => pending().await,
            Fault::KillBefore(killer) => {
                killer.kill().await;
                Err(Cut)
            }
            Fault::CutAfter => {
                self.forward(index, &identity, request).await?;
                Err(Cut)
            }
            Fault::KillAfter(killer) => {
                self.forward(index, &identity, request).await?;
                killer.kill().await;
                Err(Cut)
            }
            Fault::Stall(time) => {
                sleep(time).await;
                let answer = self.forward(index, &identity, request).await?;
                Ok(self.answered(index, answer))
            }
            // All that is left; the errors were answered above.
            _ => Err(Cut),
        }
    }

    /// Records that the call came in; returns its place and its fault.
    fn arrive(&self, identity: &Identity) -> (usize, Option<Fault>) {
        let mut state = self.state();
        // Every rule counts the call, also when another's fault befalls it.
        let befalling: Vec<_> = state
            .rules
            .iter_mut()
            .filter_map(|rule| rule.befalls(identity))
            .collect();
        let fault = befalling.into_iter().next();
        state.calls.push(Call {
            service: identity.service.clone(),
            action: identity.action.clone(),
            params: identity.params.clone(),
            at: self.start.elapsed(),
            status: None,
            took_effect: false,
            failed_on_purpose: fault.is_some(),
        });
        self.arrived.send_replace(state.calls.len());
        (state.calls.len() - 1, fault)
    }

    fn answered(&self, index: usize, answer: Answer) -> Answer {
        if let Some(call) = self.state().calls.get_mut(index) {
            call.status = Some(answer.status.as_u16());
        }
        answer
    }

    /// Passes the call on. What reached AWS is carried out, even if the caller
    /// dies meanwhile: hence a task of its own, which nobody cancels.
    async fn forward(
        self: &Arc<Self>,
        index: usize,
        identity: &Identity,
        request: Request,
    ) -> Result<Answer, Cut> {
        let upstreams = self.state().upstreams;
        let to = match &*identity.service {
            "rds" => Some(upstreams.rds),
            _ => upstreams.others,
        };
        let name = format!("{}:{}", identity.service, identity.action);
        let Some(to) = to else {
            eprintln!("proxy: nobody for {name}; the test has not asked for ministack");
            return Err(Cut);
        };
        let inner = Arc::clone(self);
        let forwarded = tokio::spawn(async move {
            let answer = http::send(to, request).await;
            if answer.as_ref().is_ok_and(|a| a.status.is_success())
                && let Some(call) = inner.state().calls.get_mut(index)
            {
                call.took_effect = true;
            }
            answer
        });
        match forwarded.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(e)) => {
                eprintln!("proxy: {name} at {to}: {e}");
                Err(Cut)
            }
            Err(_) => Err(Cut),
        }
    }
}
