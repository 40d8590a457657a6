//! The local cloud: RDS by moto, everything else by ministack, each a process
//! of its own that ends with the test, and the recording proxy in front.

mod ministack;
mod rds;

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::OnceCell;

use crate::http::{self, Answer, Request};
use crate::lambda::{REGION, Settings};
use crate::process::{Group, Process};
use crate::proxy::{Proxy, Upstreams};
use crate::repo;

pub use ministack::Ministack;
pub use rds::Rds;

/// Much more than a start takes, also with other tests beside it.
const START_LIMIT: Duration = Duration::from_mins(1);

/// The local cloud. Everything of it ends when it is dropped.
pub struct Cloud {
    proxy: Proxy,
    rds: Rds,
    ministack: OnceCell<Ministack>,
    inbox: OnceCell<String>,
}

impl Cloud {
    /// Starts RDS and the proxy. ministack starts when it is first asked for.
    pub async fn start() -> Self {
        let rds = Rds::start().await;
        let proxy = Proxy::start(Upstreams {
            rds: rds.address(),
            others: None,
        })
        .await;
        Self {
            proxy,
            rds,
            ministack: OnceCell::new(),
            inbox: OnceCell::new(),
        }
    }

    /// What functions call: every call is recorded, and may be made to fail.
    #[must_use]
    pub fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    /// RDS, seen from behind: what is there, and how it got there.
    #[must_use]
    pub fn rds(&self) -> &Rds {
        &self.rds
    }

    /// Everything but RDS.
    pub async fn ministack(&self) -> &Ministack {
        let start = async {
            let ministack = Ministack::start().await;
            self.proxy.send_others_to(ministack.address());
            ministack
        };
        self.ministack.get_or_init(|| start).await
    }

    /// The ARN of the inbox topic.
    pub async fn inbox(&self) -> &str {
        let create = async { self.ministack().await.topic("inbox").await };
        self.inbox.get_or_init(|| create).await
    }

    /// A function's environment in this cloud, without an inbox.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings::new().endpoint(&self.proxy.url())
    }

    /// Forgets all clusters, snapshots, calls, faults and mails: as good as a
    /// new cloud, in no time. The inbox stays.
    pub async fn reset(&self) {
        self.proxy.reset();
        self.rds.reset().await;
        if let Some(ministack) = self.ministack.get() {
            ministack.forget().await;
        }
    }
}

/// Starts one part of the local cloud and waits until it listens.
async fn launch(server: &str) -> (Process, SocketAddr) {
    let mut command = Command::new(repo::python());
    command
        .arg(repo::root().join("tests/cloud/launch.py"))
        .args([server, "--log", "/dev/stderr"]);
    let process = Process::start(server, command, Group::Own);
    let address = process.listening(START_LIMIT).await;
    (process, address)
}

/// Calls one of the endpoints the tests look through.
async fn test_endpoint(to: SocketAddr, method: &str, path: &str, body: &Value) -> Value {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    let method = method.parse().expect("a method");
    let answer = call(to, Request::new(method, path, body)).await;
    serde_json::from_slice(&answer.body)
        .unwrap_or_else(|e| panic!("{path}: {e}: {}", answer.text()))
}

/// Sends a request signed as far as the stand-ins look: the scope.
async fn signed(to: SocketAddr, service: &str, request: Request) -> Answer {
    let scope = format!("test/20260101/{REGION}/{service}/aws4_request");
    let header = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    call(to, request.header("authorization", &header)).await
}

async fn call(to: SocketAddr, request: Request) -> Answer {
    let what = format!("{} {}", request.method, request.path);
    let answer = http::send(to, request)
        .await
        .unwrap_or_else(|e| panic!("{what} at {to}: {e}"));
    assert!(
        answer.status.is_success(),
        "{what} at {to}: {}: {}",
        answer.status,
        answer.text()
    );
    answer
}
