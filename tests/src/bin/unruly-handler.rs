//! A function that does what its event says, misbehaviour included: what the
//! harness is tested with.

use std::net::SocketAddr;
use std::process::exit;

use hyper::Method;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use nightshift_tests::http::{Request, send};
use serde_json::{Value, json};
use tokio::time::{Duration, sleep};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    println!("started");
    run(service_fn(handle)).await
}

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let (wish, context) = (event.payload, event.context);
    if let Some(text) = wish["print"].as_str() {
        println!("{text}");
        eprintln!("{text} again");
    }
    if let Some(address) = wish["call"].as_str() {
        let address: SocketAddr = address.parse()?;
        send(address, Request::new(Method::POST, "/", "Action=Touch")).await?;
    }
    match wish["then"].as_str() {
        Some("fail") => Err("as wished".into()),
        Some("exit") => exit(3),
        Some("hang") => {
            sleep(Duration::from_hours(1)).await;
            Ok(Value::Null)
        }
        _ => Ok(json!({
            "request_id": context.request_id,
            "deadline_ms": context.deadline,
            "arn": context.invoked_function_arn,
        })),
    }
}
