//! The same through a loopback socket, as real binaries reach it.

use aws_sdk_rds::{Client, config::http::HttpResponse};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
    result::ConnectorError,
};
use aws_smithy_types::body::SdkBody;
use http_body_util::{BodyExt, Full};
use hyper::{Request, body::Bytes, client::conn::http1::handshake};
use hyper_util::rt::TokioIo;
use simulated_aws::Server;
use tokio::net::TcpStream;

use crate::world::{World, config};

/// A connection for each request.
#[derive(Debug)]
struct Plain;

impl HttpConnector for Plain {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(async move {
            let sent = send(&request).await;
            sent.map_err(|error| ConnectorError::io(error.to_string().into()))
        })
    }
}

async fn send(request: &HttpRequest) -> Result<HttpResponse, Box<dyn std::error::Error>> {
    let uri: hyper::Uri = request.uri().parse()?;
    let authority = uri.authority().ok_or("no host")?.as_str();
    let socket = TcpStream::connect(authority).await?;
    let (mut sender, connection) = handshake(TokioIo::new(socket)).await?;
    tokio::spawn(connection);
    let body = request.body().bytes().unwrap_or_default().to_vec();
    let mut copy = Request::builder().method(request.method()).uri(uri.path());
    for (name, value) in request.headers() {
        copy = copy.header(name, value);
    }
    let copy = copy
        .header("host", authority)
        .body(Full::new(Bytes::from(body)))?;
    let response = sender.send_request(copy).await?;
    let status = response.status().as_u16().try_into()?;
    let body = response.into_body().collect().await?.to_bytes();
    Ok(HttpResponse::new(status, SdkBody::from(body)))
}

#[tokio::test]
async fn the_server_answers_the_sdk_as_the_connector_does() {
    let world = World::with_readers(2, |_| ());
    world.add_snapshot("s");
    let server = Server::start(world.aws.clone()).await.unwrap();
    let connector = SharedHttpConnector::new(Plain);
    let http = http_client_fn(move |_, _| connector.clone());
    let over = Client::from_conf(
        config()
            .endpoint_url(server.url())
            .http_client(http)
            .build(),
    );
    let within = &world.client;

    let listings = (
        over.describe_db_clusters()
            .send()
            .await
            .unwrap()
            .db_clusters,
        over.describe_db_cluster_snapshots()
            .send()
            .await
            .unwrap()
            .db_cluster_snapshots,
    );
    let same = (
        within
            .describe_db_clusters()
            .send()
            .await
            .unwrap()
            .db_clusters,
        within
            .describe_db_cluster_snapshots()
            .send()
            .await
            .unwrap()
            .db_cluster_snapshots,
    );
    assert_eq!(listings, same);
    assert_eq!(listings.1.unwrap().len(), 1);

    let mut errors = Vec::new();
    for client in [&over, within] {
        let stop = client
            .start_db_cluster()
            .db_cluster_identifier("orders")
            .send()
            .await;
        let error = stop.unwrap_err().into_service_error();
        assert!(error.is_invalid_db_cluster_state_fault());
        errors.push(error.meta().message().map(str::to_owned));
    }
    assert_eq!(errors[0], errors[1]);

    let create = over
        .create_db_cluster_snapshot()
        .db_cluster_identifier("orders");
    create
        .db_cluster_snapshot_identifier("new")
        .send()
        .await
        .unwrap();
    assert!(world.rds(|rds| rds.snapshots.get("new").is_some()));
}
