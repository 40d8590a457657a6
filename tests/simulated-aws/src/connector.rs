//! The account behind the SDK's HTTP client.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aws_smithy_runtime_api::{
    client::{
        http::{
            HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector,
            http_client_fn,
        },
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
    },
    http::StatusCode,
};
use aws_smithy_types::body::SdkBody;
use http_body_util::BodyExt;
use jiff::Timestamp;
use tokio::{sync::oneshot, time::sleep};

use crate::{Account, Answer, Call, Effect, Fault, Faults, SimulatedTime, Unreadable};

/// One call, as it really went.
#[derive(Clone, Debug)]
pub struct Record {
    /// Whose call it was.
    pub who: u64,
    /// Its number among all calls, counted from 1, in the order they were made.
    pub number: u64,
    /// The call.
    pub call: Arc<Call>,
    /// When it arrived, or would have.
    pub at: Timestamp,
    /// What befell it.
    pub fault: Option<Fault>,
    /// The status and the error code it was answered; none if AWS never had it.
    pub answer: Option<(u16, Option<String>)>,
    /// What has changed, by this call or by itself since the last one.
    pub effects: Vec<Effect>,
}

/// Somebody who sees everything that happens.
pub trait Witness: Send + Sync {
    /// AWS has carried out a call, refused it, or never had it.
    fn carried_out(&self, record: &Record, account: &Account);
    /// The caller has the answer, or learns that there will be none.
    fn answered(&self, record: &Record);
    /// Something has happened without a call.
    fn happened(&self, at: Timestamp, effects: &[Effect], account: &Account);
}

/// An account that many share: the functions that call it, and whoever lets its time pass.
#[derive(Clone)]
pub struct Aws(Arc<Shared>);

struct Shared {
    time: SimulatedTime,
    state: Mutex<State>,
    witness: Arc<dyn Witness>,
}

struct State {
    account: Account,
    faults: Faults,
    calls: u64,
}

/// The caller got no answer: the connection was cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut;

impl fmt::Debug for Aws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Aws")
    }
}

impl Aws {
    /// Shares `account`. Its time is `time`; `witness` sees what happens.
    #[must_use]
    pub fn new(
        account: Account,
        faults: Faults,
        time: SimulatedTime,
        witness: Arc<dyn Witness>,
    ) -> Self {
        let state = Mutex::new(State {
            account,
            faults,
            calls: 0,
        });
        Self(Arc::new(Shared {
            time,
            state,
            witness,
        }))
    }

    /// Its time.
    #[must_use]
    pub fn time(&self) -> SimulatedTime {
        self.0.time
    }

    /// An HTTP client for the SDK. Each of its calls is that of whoever `who` names when it is
    /// made.
    #[must_use]
    pub fn client(&self, who: Arc<AtomicU64>) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(Connector {
            aws: self.clone(),
            who,
        });
        http_client_fn(move |_, _| connector.clone())
    }

    /// Looks at the account, or changes it outside any call.
    pub fn with<T>(&self, work: impl FnOnce(&mut Account, &mut Faults) -> T) -> T {
        let State {
            account, faults, ..
        } = &mut *self.state();
        work(account, faults)
    }

    /// Lets happen what is due.
    pub fn advance(&self) {
        let now = self.0.time.now();
        let mut state = self.state();
        let effects = state.account.advance(now);
        if !effects.is_empty() {
            self.0.witness.happened(now, &effects, &state.account);
        }
    }

    /// Runs `work` on the account outside any call and shows the witness what it changed.
    pub fn outside<T>(&self, work: impl FnOnce(&mut Account, Timestamp) -> (T, Vec<Effect>)) -> T {
        let now = self.0.time.now();
        let mut state = self.state();
        let (done, effects) = work(&mut state.account, now);
        if !effects.is_empty() {
            self.0.witness.happened(now, &effects, &state.account);
        }
        done
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic of a function under test is a finding of its own; the account is whole.
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Carries a call out, with what befalls it on the way.
    pub(crate) async fn carry(self, who: u64, call: Arc<Call>) -> Result<Answer, Cut> {
        let (number, fault, going, coming) = self.leave(&call);
        sleep(going).await;
        let (record, answer) = self.arrive(who, number, call, fault);
        match &record.fault {
            Some(Fault::Hung) => std::future::pending().await,
            Some(Fault::Late(by)) => sleep(coming + *by).await,
            _ => sleep(coming).await,
        }
        self.0.witness.answered(&record);
        match record.fault {
            Some(Fault::CutAfter) => Err(Cut),
            _ => answer.ok_or(Cut),
        }
    }

    fn leave(&self, call: &Call) -> (u64, Option<Fault>, Duration, Duration) {
        let now = self.0.time.now();
        let State { faults, calls, .. } = &mut *self.state();
        *calls += 1;
        let fault = faults.befalls(*calls, call, now);
        (*calls, fault, faults.under_way(), faults.under_way())
    }

    fn arrive(
        &self,
        who: u64,
        number: u64,
        call: Arc<Call>,
        fault: Option<Fault>,
    ) -> (Record, Option<Answer>) {
        let at = self.0.time.now();
        let mut state = self.state();
        let (answer, effects) = match &fault {
            Some(Fault::CutBefore | Fault::Hung) => (None, Vec::new()),
            Some(fault) if let Some(refusal) = fault.refusal(&call) => {
                (Some(Answer::of(&call, Err(refusal), "0")), Vec::new())
            }
            _ => {
                let (answer, effects) = state.account.answer(&call, at);
                (Some(answer), effects)
            }
        };
        let told = answer
            .as_ref()
            .map(|answer| (answer.status, answer.code.clone()));
        let record = Record {
            who,
            number,
            call,
            at,
            fault,
            answer: told,
            effects,
        };
        self.0.witness.carried_out(&record, &state.account);
        (record, answer)
    }
}

/// Stands behind the SDK's HTTP client.
#[derive(Debug)]
pub struct Connector {
    aws: Aws,
    who: Arc<AtomicU64>,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (aws, who) = (self.aws.clone(), self.who.load(Ordering::Relaxed));
        let (tell, told) = oneshot::channel();
        // What is on its way arrives, even if the caller dies meanwhile: a task of its own.
        tokio::spawn(async move {
            let answer = match read(request).await {
                Ok(call) => aws.carry(who, Arc::new(call)).await.map_err(|Cut| cut()),
                Err(Unreadable(why)) => Err(ConnectorError::user(why.into())),
            };
            let _ = tell.send(answer.and_then(response));
        });
        HttpConnectorFuture::new(async move { told.await.unwrap_or_else(|_| Err(cut())) })
    }
}

fn cut() -> ConnectorError {
    ConnectorError::io("connection reset by peer".into())
}

/// Takes the body as a socket would: the SDK watches how it flows.
async fn read(mut request: HttpRequest) -> Result<Call, Unreadable> {
    let body = request.take_body().collect().await;
    let body = body.map_err(|error| Unreadable(error.to_string()))?;
    let uri = request.uri();
    let path = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let path = path.find('/').map_or("/", |slash| &path[slash..]);
    let header = |name: &str| request.headers().get(name);
    Call::read(request.method(), path, header, &body.to_bytes())
}

fn response(answer: Answer) -> Result<HttpResponse, ConnectorError> {
    let status = StatusCode::try_from(answer.status).map_err(|e| ConnectorError::user(e.into()))?;
    let mut response = HttpResponse::new(status, SdkBody::from(answer.body));
    response
        .headers_mut()
        .insert("content-type", answer.content_type);
    for (name, value) in answer.headers {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}
