//! The proxy records every call, and its faults are what they say they are.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use hyper::Method;
use nightshift_tests::fault::{Fault, When};
use nightshift_tests::http::{Answer, Request, Server, send};
use nightshift_tests::lambda::{Lambda, Settings};
use nightshift_tests::proxy::{Proxy, Upstreams};
use serde_json::json;
use tokio::time::Instant;

/// A service that counts what it was asked to do, and the proxy before it.
struct Bench {
    proxy: Proxy,
    done: Arc<AtomicUsize>,
    _service: Server,
}

impl Bench {
    async fn start() -> Self {
        let done = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&done);
        let service = Server::start(move |_| {
            counter.fetch_add(1, Ordering::SeqCst);
            async { Ok(Answer::new(200, "text/xml", "<Done/>")) }
        })
        .await;
        let proxy = Proxy::start(Upstreams {
            rds: service.address(),
            others: Some(service.address()),
        })
        .await;
        Self {
            proxy,
            done,
            _service: service,
        }
    }

    fn address(&self) -> SocketAddr {
        self.proxy
            .url()
            .strip_prefix("http://")
            .unwrap()
            .parse()
            .unwrap()
    }

    /// Makes one call; what came back is its status, or nothing.
    async fn call(&self, body: &'static str) -> Option<u16> {
        let request = Request::new(Method::POST, "/", body);
        let answer = send(self.address(), request).await.ok()?;
        Some(answer.status.as_u16())
    }

    fn done(&self) -> usize {
        self.done.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn calls_are_recorded_in_order_with_parameters_and_outcome() {
    let bench = Bench::start().await;
    bench.call("Action=Create&Name=a").await;
    bench.call("Action=Delete&Name=b").await;
    let calls = bench.proxy.calls();
    assert_eq!(bench.proxy.actions(), ["unknown:Create", "unknown:Delete"]);
    assert_eq!(calls[1].params["Name"], "b");
    assert_eq!((calls[0].status, calls[0].took_effect), (Some(200), true));
    assert!(calls[0].at <= calls[1].at);
}

#[tokio::test]
async fn cut_after_has_the_effect_and_loses_the_answer() {
    let bench = Bench::start().await;
    bench
        .proxy
        .inject(When::action("Create").once(), Fault::CutAfter);
    assert_eq!(bench.call("Action=Create").await, None);
    assert_eq!(bench.done(), 1);
    let call = &bench.proxy.calls()[0];
    assert_eq!((call.status, call.took_effect), (None, true));
    assert_eq!(bench.proxy.effects("Create"), 1);
}

#[tokio::test]
async fn cut_before_has_no_effect() {
    let bench = Bench::start().await;
    bench
        .proxy
        .inject(When::action("Create").once(), Fault::CutBefore);
    assert_eq!(bench.call("Action=Create").await, None);
    assert_eq!((bench.done(), bench.proxy.effects("Create")), (0, 0));
    assert_eq!(bench.call("Action=Create").await, Some(200));
}

#[tokio::test]
async fn errors_are_answered_without_effect() {
    let bench = Bench::start().await;
    let quota = Fault::Error {
        status: 400,
        code: "SnapshotQuotaExceeded",
        message: "full",
    };
    for (fault, status, code) in [
        (Fault::Throttle, 400, "<Code>Throttling</Code>"),
        (Fault::ServerError, 503, "<Code>ServiceUnavailable</Code>"),
        (Fault::AccessDenied, 403, "<Code>AccessDenied</Code>"),
        (quota, 400, "<Code>SnapshotQuotaExceeded</Code>"),
    ] {
        bench.proxy.inject(When::any().once(), fault);
        let request = Request::new(Method::POST, "/", "Action=Create");
        let answer = send(bench.address(), request).await.unwrap();
        assert_eq!(answer.status.as_u16(), status);
        assert!(answer.text().contains(code), "{}", answer.text());
        bench.proxy.heal();
    }
    assert_eq!(bench.done(), 0);
    assert!(
        bench
            .proxy
            .calls()
            .iter()
            .all(|call| call.failed_on_purpose)
    );
}

#[tokio::test]
async fn a_fault_befalls_the_calls_it_names_and_no_other() {
    let bench = Bench::start().await;
    let proxy = &bench.proxy;
    proxy.inject(When::any().nth(2), Fault::Throttle);
    proxy.inject(When::action("Delete"), Fault::ServerError);
    proxy.inject(
        When::action("Create").with("Name", "b"),
        Fault::AccessDenied,
    );
    let mut answers = Vec::new();
    for body in [
        "Action=Create&Name=a",
        "Action=Create&Name=a", // the second of all
        "Action=Create&Name=b",
        "Action=Delete&Name=a",
        "Action=Delete&Name=b",
        "Action=Create&Name=a",
    ] {
        answers.push(bench.call(body).await.unwrap());
    }
    assert_eq!(answers, [200, 400, 403, 503, 503, 200]);
}

#[tokio::test]
async fn a_stalled_call_is_late_and_a_hanging_one_never_comes() {
    let bench = Bench::start().await;
    let time = Duration::from_millis(200);
    bench.proxy.inject(When::any().nth(1), Fault::Stall(time));
    bench.proxy.inject(When::any().nth(2), Fault::Hang);
    let start = Instant::now();
    assert_eq!(bench.call("Action=Create").await, Some(200));
    assert!(start.elapsed() >= time);
    let hanging = tokio::time::timeout(time, bench.call("Action=Create")).await;
    assert!(hanging.is_err());
    assert_eq!(bench.done(), 1);
}

#[tokio::test]
async fn what_has_reached_the_service_is_carried_out_though_the_caller_is_gone() {
    let bench = Bench::start().await;
    let time = Duration::from_millis(100);
    let slow = Server::start(move |_| async move {
        tokio::time::sleep(time).await;
        Ok(Answer::new(200, "text/xml", "<Done/>"))
    })
    .await;
    bench.proxy.send_others_to(slow.address());
    assert!(
        tokio::time::timeout(time / 4, bench.call("Action=Create"))
            .await
            .is_err()
    );
    tokio::time::sleep(time * 2).await;
    assert_eq!(bench.proxy.effects("Create"), 1);
}

#[tokio::test]
async fn a_function_dies_before_or_after_its_call_took_effect() {
    let bench = Bench::start().await;
    let binary = Path::new(env!("CARGO_BIN_EXE_unruly-handler"));
    let lambda = Lambda::start_binary("unruly", binary.to_owned(), Settings::new()).await;
    let killer = lambda.killer();
    let payload = json!({"call": bench.address().to_string()});
    for (fault, effects) in [
        (Fault::KillBefore(killer.clone()), 0),
        (Fault::KillAfter(killer), 1),
    ] {
        bench.proxy.reset();
        bench.proxy.inject(When::action("Touch").once(), fault);
        let run = lambda.invoke(&payload, Duration::from_secs(20)).await;
        assert_eq!(run.error().error_type, "Runtime.ExitError");
        assert_eq!(bench.proxy.effects("Touch"), effects);
    }
    // The next event finds a new process and a service in order.
    let run = lambda.invoke(&payload, Duration::from_secs(20)).await;
    assert!(run.cold && run.result.is_ok(), "{run:?}");
    assert_eq!(bench.proxy.effects("Touch"), 2);
}
