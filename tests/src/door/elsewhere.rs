//! A client on another machine, as far as the server can see.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// The address that logins come from; all of 127.0.0.0/8 is this machine.
const FROM: [u8; 4] = [127, 0, 0, 2];

/// Passes connections on from 127.0.0.2, so that the server takes them for the account `'%'`
/// where there is one for `'127.0.0.1'` as well. It ends, with its connections, when it is dropped.
#[derive(Debug)]
pub(super) struct Elsewhere {
    port: u16,
    task: JoinHandle<()>,
}

impl Elsewhere {
    /// Starts in front of the server at `to`.
    pub(super) async fn start(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                while connections.try_join_next().is_some() {}
                connections.spawn(carry(client, to));
            }
        });
        Self {
            port: address.port(),
            task,
        }
    }

    /// Its port on 127.0.0.1.
    pub(super) fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A connection that cannot be had shows as one that closes.
async fn carry(mut client: TcpStream, to: SocketAddr) {
    let Ok(socket) = TcpSocket::new_v4() else {
        return;
    };
    if socket.bind(SocketAddr::from((FROM, 0))).is_err() {
        return;
    }
    if let Ok(mut server) = socket.connect(to).await {
        let _ = client.set_nodelay(true).and(server.set_nodelay(true));
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}
