//! The Lambda Runtime API: what a function's binary asks for its events.

use std::net::SocketAddr;

use hyper::body::Bytes;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use crate::http::{Answer, Cut, Request, Server};

const PREFIX: &str = "/2018-06-01/runtime/";

/// The API for one process of a function.
pub(super) struct RuntimeApi {
    server: Server,
    said: mpsc::UnboundedReceiver<Said>,
}

/// What the function says.
#[derive(Debug)]
pub(super) enum Said {
    /// It waits for its next event.
    Next(Poll),
    /// The handler's return value.
    Response { request_id: String, body: Bytes },
    /// The handler's error.
    Error { request_id: String, body: Bytes },
    /// The function could not start.
    InitError(Bytes),
}

/// A function's wait for its next event.
#[derive(Debug)]
pub(super) struct Poll(oneshot::Sender<Event>);

/// An event as the function gets it.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) request_id: String,
    pub(super) function_arn: String,
    pub(super) deadline_ms: u128,
    pub(super) payload: Bytes,
}

impl RuntimeApi {
    pub(super) async fn start() -> Self {
        let (say, said) = mpsc::unbounded_channel();
        let server = Server::start(move |request| answer(request, say.clone())).await;
        Self { server, said }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Waits until the function says something.
    pub(super) async fn said(&mut self) -> Said {
        loop {
            match self.said.recv().await.expect("the server can say more") {
                // One that was given up is followed by another.
                Said::Next(poll) if poll.0.is_closed() => {}
                said => return said,
            }
        }
    }
}

impl Poll {
    /// Hands the event over.
    pub(super) fn answer(self, event: Event) {
        // If the function has gone meanwhile, its end is noticed elsewhere.
        let _ = self.0.send(event);
    }
}

async fn answer(request: Request, say: mpsc::UnboundedSender<Said>) -> Result<Answer, Cut> {
    let path = request.path.strip_prefix(PREFIX).unwrap_or_default();
    let parts: Vec<_> = path.split('/').collect();
    let body = request.body;
    let said = match &*parts {
        ["invocation", "next"] => return next(&say).await,
        ["invocation", id, "response"] => Said::Response {
            request_id: (*id).to_owned(),
            body,
        },
        ["invocation", id, "error"] => Said::Error {
            request_id: (*id).to_owned(),
            body,
        },
        ["init", "error"] => Said::InitError(body),
        _ => return Ok(Answer::new(404, "text/plain", "not the Runtime API")),
    };
    let _ = say.send(said);
    Ok(Answer::new(202, "application/json", r#"{"status":"OK"}"#))
}

async fn next(say: &mpsc::UnboundedSender<Said>) -> Result<Answer, Cut> {
    let (poll, event) = oneshot::channel();
    say.send(Said::Next(Poll(poll))).map_err(|_| Cut)?;
    let event = event.await.map_err(|_| Cut)?;
    let mut answer = Answer::new(200, "application/json", event.payload);
    let trace = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0";
    for (name, value) in [
        ("lambda-runtime-aws-request-id", &*event.request_id),
        ("lambda-runtime-deadline-ms", &event.deadline_ms.to_string()),
        ("lambda-runtime-invoked-function-arn", &event.function_arn),
        ("lambda-runtime-trace-id", trace),
    ] {
        let value = value.parse().expect("a header");
        answer.headers.insert(name, value);
    }
    Ok(answer)
}

/// A posted body as JSON; an empty one is null, as Lambda has it.
pub(super) fn json(body: &Bytes) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(body)
        .unwrap_or_else(|e| panic!("the function answered no JSON: {e}\n{body:?}"))
}
