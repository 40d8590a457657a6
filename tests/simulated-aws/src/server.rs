//! The account behind a loopback socket, for real binaries.

use std::{net::SocketAddr, sync::Arc};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{Aws, Call, connector::Cut};

/// Serves an account on a loopback port. It ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Serves `aws` on a port the system chooses. Time passes as on the wall.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(aws: Aws) -> std::io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let aws = aws.clone();
                tokio::spawn(async move {
                    let service = service_fn(move |request| serve(aws.clone(), request));
                    // A connection that is cut on purpose ends with an error.
                    let _ = http1::Builder::new()
                        .serve_connection(TokioIo::new(socket), service)
                        .await;
                });
            }
        });
        Ok(Self { address, task })
    }

    /// For `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// An error here closes the connection without an answer.
async fn serve(aws: Aws, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Cut> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Cut)?.to_bytes();
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let header = |name: &str| parts.headers.get(name)?.to_str().ok();
    let call = match Call::read(parts.method.as_str(), path, header, &body) {
        Ok(call) => Arc::new(call),
        Err(unreadable) => return Ok(refused(&unreadable.0)),
    };
    let carried = tokio::spawn(aws.carry(0, call)).await;
    let answer = carried.unwrap_or(Err(Cut))?;
    let mut response = Response::builder()
        .status(answer.status)
        .header("content-type", answer.content_type);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    response.body(Full::from(answer.body)).map_err(|_| Cut)
}

fn refused(why: &str) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(why.to_owned()));
    *response.status_mut() = hyper::StatusCode::BAD_REQUEST;
    response
}

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the connection was cut on purpose")
    }
}

impl std::error::Error for Cut {}
