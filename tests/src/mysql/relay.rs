//! A TCP relay in front of a server that counts what clients send, and cuts the
//! connection, kills the client, or waits for the test, at a message of the test's choice.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};

use super::framing::Framing;
use crate::lambda::Killer;

/// An answer is over when the server has been silent for this long.
const SILENCE: Duration = Duration::from_millis(30);

/// Much more than a client takes that is about to close its connections.
const CLOSING_LIMIT: Duration = Duration::from_secs(30);

/// On which side of the server's work a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The message never reaches the server.
    BeforeForwarding,
    /// The server carries the message out; its answer never reaches the client.
    AfterForwarding,
}

/// The relay, on a free port of 127.0.0.1. It ends, with all its connections,
/// when it is dropped.
///
/// What it counts are messages: TLS records with data, or packets where a client
/// stays in plain text. The login is one, an answer to the server's question for
/// the password another, and each statement one at least: a driver may prepare it
/// first, and one of more than 16 KB takes several records. Nothing is decrypted.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    to: Mutex<SocketAddr>,
    state: Mutex<State>,
    open: watch::Sender<usize>,
}

#[derive(Debug, Default)]
struct State {
    /// The messages of each connection, in the order they were opened.
    connections: Vec<usize>,
    delay: Duration,
    rule: Option<Rule>,
    has_cut: bool,
}

/// What waits for its message.
#[derive(Debug)]
struct Rule {
    /// How many messages from now; one is the next.
    left: usize,
    then: Then,
}

/// What befalls a message.
#[derive(Debug)]
enum Then {
    Cut(Cut, Option<Killer>),
    Hold(oneshot::Sender<()>, oneshot::Receiver<()>),
}

/// A message that is held by [`Relay::hold_at`].
#[derive(Debug)]
pub struct Held {
    reached: oneshot::Receiver<()>,
    release: oneshot::Sender<()>,
}

impl Held {
    /// Waits until the message is there: whether it came, and nothing else was asked for instead.
    pub async fn reached(&mut self) -> bool {
        (&mut self.reached).await.is_ok()
    }

    /// Lets the message pass. So does dropping this.
    pub fn release(self) {
        let _ = self.release.send(());
    }
}

impl Relay {
    /// Starts a relay in front of the server at this address.
    pub async fn start(to: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("loopback has a free port");
        let address = listener.local_addr().expect("a listener has an address");
        let shared = Arc::new(Shared {
            to: Mutex::new(to),
            state: Mutex::default(),
            open: watch::channel(0).0,
        });
        let accepting = tokio::spawn(Arc::clone(&shared).accept(listener));
        Self {
            address,
            shared,
            accepting,
        }
    }

    /// Its port on 127.0.0.1.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How many messages clients have sent over all connections.
    #[must_use]
    pub fn count(&self) -> usize {
        self.connections().iter().sum()
    }

    /// The messages of each connection so far, in the order they were opened.
    #[must_use]
    pub fn connections(&self) -> Vec<usize> {
        self.shared.state().connections.clone()
    }

    /// Cuts the connection that brings the n-th message from now on, over all
    /// connections, counted from one; once. The killer's process is killed before
    /// its connection is cut, so that it sees nothing of it.
    ///
    /// After forwarding means: when the server has answered, or has closed, or the
    /// client has gone on without an answer. A cut in wait is replaced.
    pub fn cut_at(&self, n: usize, cut: Cut, killer: Option<Killer>) {
        assert!(n > 0, "messages are counted from one");
        self.rule(n, Then::Cut(cut, killer));
    }

    /// Holds the n-th message from now on until the test lets it pass: time to do something to the
    /// server. A cut or another message in wait is replaced.
    #[must_use]
    pub fn hold_at(&self, n: usize) -> Held {
        assert!(n > 0, "messages are counted from one");
        let (there, reached) = oneshot::channel();
        let (release, go_on) = oneshot::channel();
        self.rule(n, Then::Hold(there, go_on));
        Held { reached, release }
    }

    /// Connections that are opened from now on go to the server at this address, as those to a
    /// cluster's endpoint do after a failover.
    pub fn lead_to(&self, to: SocketAddr) {
        *self.shared.to.lock().expect("no panic under this lock") = to;
    }

    fn rule(&self, left: usize, then: Then) {
        let mut state = self.shared.state();
        state.has_cut = false;
        state.rule = Some(Rule { left, then });
    }

    /// Whether the last cut or hold asked for has befallen its message.
    #[must_use]
    pub fn has_cut(&self) -> bool {
        self.shared.state().has_cut
    }

    /// Waits until no connection is open. Only then is the count final: a client
    /// says its farewell, and goes without waiting for the relay to count it.
    pub async fn all_closed(&self) {
        let mut open = self.shared.open.subscribe();
        let closed = timeout(CLOSING_LIMIT, open.wait_for(|open| *open == 0)).await;
        assert!(
            closed.is_ok(),
            "after {CLOSING_LIMIT:?} a client still has a connection open"
        );
    }

    /// From now on each message waits this long before it is passed on.
    pub fn delay(&self, delay: Duration) {
        self.shared.state().delay = delay;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no panic under this lock")
    }

    async fn accept(self: Arc<Self>, listener: TcpListener) {
        let mut connections = JoinSet::new();
        while let Ok((client, _)) = listener.accept().await {
            while connections.try_join_next().is_some() {}
            let number = {
                let mut state = self.state();
                state.connections.push(0);
                state.connections.len() - 1
            };
            self.open.send_modify(|open| *open += 1);
            let shared = Arc::clone(&self);
            connections.spawn(async move {
                // A server that is down shows as a connection that closes.
                let to = *shared.to.lock().expect("no panic under this lock");
                if let Ok(server) = TcpStream::connect(to).await {
                    let _ = client.set_nodelay(true).and(server.set_nodelay(true));
                    let line = Line::new(Arc::clone(&shared), number, client, server);
                    line.carry().await;
                }
                shared.open.send_modify(|open| *open -= 1);
            });
        }
    }

    /// Counts a message; returns its delay, and its cut if this is the one.
    fn count(&self, connection: usize) -> (Duration, Option<Rule>) {
        let mut state = self.state();
        state.connections[connection] += 1;
        if let Some(rule) = &mut state.rule {
            rule.left -= 1;
        }
        let rule = state.rule.take_if(|rule| rule.left == 0);
        state.has_cut |= rule.is_some();
        (state.delay, rule)
    }
}

/// One connection through the relay.
struct Line {
    shared: Arc<Shared>,
    number: usize,
    client: TcpStream,
    server: TcpStream,
    framing: Framing,
}

/// Why a connection ends: either side closed it, or a cut befell it.
struct Ended;

impl Line {
    fn new(shared: Arc<Shared>, number: usize, client: TcpStream, server: TcpStream) -> Self {
        Self {
            shared,
            number,
            client,
            server,
            framing: Framing::default(),
        }
    }

    /// Passes everything on until one side closes, or the cut.
    async fn carry(mut self) {
        let (mut up, mut down) = (vec![0; 16 * 1024], vec![0; 16 * 1024]);
        loop {
            let step = tokio::select! {
                read = self.client.read(&mut up) => match read {
                    Ok(n @ 1..) => self.upward(&up[..n]).await,
                    _ => Err(Ended),
                },
                read = self.server.read(&mut down) => match read {
                    Ok(n @ 1..) => self.downward(&down[..n]).await,
                    _ => Err(Ended),
                },
            };
            if step.is_err() {
                return;
            }
        }
    }

    async fn downward(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        self.framing.server_says(bytes);
        self.client.write_all(bytes).await.map_err(|_| Ended)
    }

    async fn upward(&mut self, bytes: &[u8]) -> Result<(), Ended> {
        self.framing.client_says(bytes);
        while let Some(message) = self.framing.next() {
            let cut = if message.counts {
                self.befallen().await
            } else {
                None
            };
            if cut.as_ref().is_none_or(|cut| cut.0 == Cut::AfterForwarding) {
                let written = self.server.write_all(&message.bytes).await;
                written.map_err(|_| Ended)?;
            }
            if let Some((cut, killer)) = cut {
                self.cut(cut, killer).await;
                return Err(Ended);
            }
        }
        Ok(())
    }

    /// The cut of a message that counts, once it may go on.
    async fn befallen(&self) -> Option<(Cut, Option<Killer>)> {
        let (delay, rule) = self.shared.count(self.number);
        sleep(delay).await;
        match rule?.then {
            Then::Cut(cut, killer) => Some((cut, killer)),
            Then::Hold(there, go_on) => {
                let _ = there.send(());
                let _ = go_on.await;
                None
            }
        }
    }

    async fn cut(&mut self, cut: Cut, killer: Option<Killer>) {
        if cut == Cut::AfterForwarding {
            self.withhold_answer().await;
        }
        if let Some(killer) = killer {
            killer.kill().await;
        }
    }

    /// Waits for the whole answer. A client that goes on meanwhile expects none.
    async fn withhold_answer(&mut self) {
        let (mut up, mut down) = ([0; 1], vec![0; 16 * 1024]);
        let mut has_answered = false;
        loop {
            tokio::select! {
                read = self.server.read(&mut down) => match read {
                    Ok(1..) => has_answered = true,
                    _ => return,
                },
                _ = self.client.read(&mut up) => return,
                () = sleep(SILENCE), if has_answered => return,
            }
        }
    }
}
