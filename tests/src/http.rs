//! HTTP/1.1 with whole bodies: one request out, or a server on a free loopback
//! port. Enough for everything the local cloud speaks.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A request with its whole body.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub path: String,
    /// All headers but those of the connection.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// An answer with its whole body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// All headers but those of the connection.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// What a server's handler returns to close the connection without an answer.
#[derive(Debug)]
pub struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection is cut on purpose")
    }
}

impl std::error::Error for Cut {}

impl Request {
    /// A request without headers.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    /// The same request with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        let value = value
            .parse()
            .unwrap_or_else(|_| panic!("header {name}: {value:?} is none"));
        self.headers.insert(name, value);
        self
    }
}

impl Answer {
    /// An answer of the given content type.
    #[must_use]
    pub fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", content_type.parse().expect("a header"));
        Self {
            status: StatusCode::from_u16(status).unwrap_or_else(|_| panic!("no status: {status}")),
            headers,
            body: body.into(),
        }
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends one request on a connection of its own.
///
/// # Errors
/// When the server can't be reached or closes without an answer.
pub async fn send(to: SocketAddr, request: Request) -> io::Result<Answer> {
    let stream = TcpStream::connect(to).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(io::Error::other)?;
    let mut outgoing = hyper::Request::new(Full::new(request.body));
    *outgoing.method_mut() = request.method;
    *outgoing.uri_mut() = request.path.parse().map_err(io::Error::other)?;
    *outgoing.headers_mut() = request.headers;
    outgoing
        .headers_mut()
        .insert(HOST, to.to_string().parse().map_err(io::Error::other)?);

    let exchange = async {
        let (parts, body) = sender.send_request(outgoing).await?.into_parts();
        Ok::<_, hyper::Error>(Answer {
            status: parts.status,
            headers: end_to_end(parts.headers),
            body: body.collect().await?.to_bytes(),
        })
    };
    // The connection is driven beside the exchange and dropped with it.
    tokio::pin!(exchange);
    tokio::select! {
        biased;
        answer = &mut exchange => answer.map_err(io::Error::other),
        ended = connection => match ended {
            Ok(()) => exchange.await.map_err(io::Error::other),
            Err(e) => Err(io::Error::other(e)),
        },
    }
}

/// A server on a free loopback port. Its connections end with it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server whose every request goes to `handler`.
    pub async fn start<H, F>(handler: H) -> Self
    where
        H: Fn(Request) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Answer, Cut>> + Send + 'static,
    {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("loopback has a free port");
        let address = listener
            .local_addr()
            .expect("a bound socket has an address");
        let handler = Arc::new(handler);
        let task = tokio::spawn(async move {
            // Dropped with this task, and every connection with it.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let handler = Arc::clone(&handler);
                let service = service_fn(move |incoming| answer(Arc::clone(&handler), incoming));
                connections.spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service),
                );
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, task }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer<H, F>(
    handler: Arc<H>,
    incoming: hyper::Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Cut>
where
    H: Fn(Request) -> F,
    F: Future<Output = Result<Answer, Cut>>,
{
    let (parts, body) = incoming.into_parts();
    let request = Request {
        method: parts.method,
        path: parts
            .uri
            .path_and_query()
            .map_or_else(|| "/".to_owned(), ToString::to_string),
        headers: end_to_end(parts.headers),
        body: body.collect().await.map_err(|_| Cut)?.to_bytes(),
    };
    let answer = handler(request).await?;
    let mut response = Response::new(Full::<Bytes>::new(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

/// The headers that concern the message and not its connection.
fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    for name in [CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING] {
        headers.remove(name);
    }
    headers
}
