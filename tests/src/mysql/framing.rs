//! Cuts what a MySQL client sends into messages, without decrypting any.
//!
//! A connection begins in plain text. Either it stays so, as packets
//! (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html>),
//! or the client's first packet is an SSL request
//! (<https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_connection_phase_packets_protocol_ssl_request.html>),
//! and TLS records follow (RFC 8446, section 5.1). The compressed protocol is not understood.

/// In an SSL request's capabilities, the flag `CLIENT_SSL`.
const CLIENT_SSL: u8 = 0x08;
/// An SSL request is the first 32 bytes of the answer to the greeting.
const SSL_REQUEST: usize = 32;
/// The type of TLS records that carry data; since TLS 1.3 nearly all look so.
const APPLICATION_DATA: u8 = 23;
/// What TLS 1.3 makes of an alert's two bytes: one for its type, 16 for the tag.
/// The smallest of MySQL's packets is three bytes longer.
const ALERT: usize = 19;
/// As far into its hello as a server's choice of cipher suite can be.
const HELLO: usize = 78;

/// One packet or record of the client's, whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) bytes: Vec<u8>,
    /// Whether it is one of MySQL's, and not the TLS layer's own: the login is
    /// one, and each statement is one at least.
    pub(super) counts: bool,
}

/// What one client has sent and is not a message yet.
#[derive(Debug, Default)]
pub(super) struct Framing {
    phase: Phase,
    unread: Vec<u8>,
    // The first bytes the server says in TLS.
    hello: Vec<u8>,
    data_records: usize,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Phase {
    #[default]
    Greeted,
    Plain,
    Tls,
}

impl Framing {
    /// Takes in what the client has sent.
    pub(super) fn client_says(&mut self, bytes: &[u8]) {
        self.unread.extend_from_slice(bytes);
    }

    /// Looks at what the server has sent: its hello tells the version of TLS.
    pub(super) fn server_says(&mut self, bytes: &[u8]) {
        if self.phase == Phase::Tls && self.hello.len() < HELLO {
            self.hello.extend_from_slice(bytes);
        }
    }

    /// The next message, if all of it is there.
    pub(super) fn next(&mut self) -> Option<Message> {
        let length = match (&self.phase, &*self.unread) {
            (Phase::Tls, [_, _, _, high, low, ..]) => {
                5 + usize::from(u16::from_be_bytes([*high, *low]))
            }
            (Phase::Greeted | Phase::Plain, [low, middle, high, _, ..]) => {
                4 + usize::from(*low) + (usize::from(*middle) << 8) + (usize::from(*high) << 16)
            }
            _ => return None,
        };
        if self.unread.len() < length {
            return None;
        }
        let bytes: Vec<u8> = self.unread.drain(..length).collect();
        let counts = self.counts(&bytes);
        Some(Message { bytes, counts })
    }

    fn counts(&mut self, bytes: &[u8]) -> bool {
        match self.phase {
            Phase::Plain => true,
            Phase::Greeted if bytes.len() == 4 + SSL_REQUEST && bytes[5] & CLIENT_SSL != 0 => {
                self.phase = Phase::Tls;
                false
            }
            Phase::Greeted => {
                self.phase = Phase::Plain;
                true
            }
            Phase::Tls if bytes[0] != APPLICATION_DATA => false,
            Phase::Tls => {
                self.data_records += 1;
                // The first one ends the handshake: the servers ask for no certificate.
                !self.is_tls_1_3() || (self.data_records > 1 && bytes.len() != 5 + ALERT)
            }
        }
    }

    /// Behind the record's header (5) and the message's (4), a version (2) and a
    /// random (32) come the session id, and then the suite: 0x13… since TLS 1.3.
    fn is_tls_1_3(&self) -> bool {
        let session_id = self.hello.get(43).map_or(0, |length| usize::from(*length));
        self.hello.get(44 + session_id) == Some(&0x13)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(payload: &[u8]) -> Vec<u8> {
        let length = u8::try_from(payload.len()).unwrap();
        [&[length, 0, 0, 1], payload].concat()
    }

    fn record(kind: u8, length: u8) -> Vec<u8> {
        [vec![kind, 3, 3, 0, length], vec![0; length.into()]].concat()
    }

    fn ssl_request() -> Vec<u8> {
        packet(&[&[0, CLIENT_SSL][..], &[0; 30]].concat())
    }

    fn hello(session_id: u8, suite: [u8; 2]) -> Vec<u8> {
        let mut hello = [vec![22, 3, 3, 0, 90, 2, 0, 0, 86, 3, 3], vec![7; 32]].concat();
        hello.push(session_id);
        hello.extend(vec![9; session_id.into()]);
        hello.extend(suite);
        hello
    }

    /// Which of the messages in `sent` count.
    fn counted(framing: &mut Framing, sent: &[Vec<u8>]) -> Vec<bool> {
        framing.client_says(&sent.concat());
        let messages: Vec<Message> = std::iter::from_fn(|| framing.next()).collect();
        let bytes: Vec<_> = messages.iter().map(|m| m.bytes.clone()).collect();
        assert_eq!(bytes, sent);
        messages.iter().map(|m| m.counts).collect()
    }

    #[test]
    fn of_tls_1_3_neither_the_end_of_the_handshake_nor_an_alert_counts() {
        for session_id in [0, 32] {
            let mut framing = Framing::default();
            framing.server_says(b"the greeting");
            let opening = [ssl_request(), record(22, 200)];
            assert_eq!(counted(&mut framing, &opening), [false, false]);
            let hello = hello(session_id, [0x13, 2]);
            framing.server_says(&hello[..30]);
            framing.server_says(&hello[30..]);
            let rest = [
                record(20, 1),
                record(23, 53),
                record(23, 100),
                record(23, 22),
                record(23, 19),
            ];
            let counts = counted(&mut framing, &rest);
            assert_eq!(counts, [false, false, true, true, false]);
        }
    }

    #[test]
    fn of_tls_1_2_every_data_record_counts() {
        let mut framing = Framing::default();
        let opening = [ssl_request(), record(22, 200)];
        assert_eq!(counted(&mut framing, &opening), [false, false]);
        framing.server_says(&hello(32, [0xc0, 0x2b]));
        let rest = [
            record(22, 70),
            record(20, 1),
            record(22, 40),
            record(23, 19),
            record(21, 26),
        ];
        let counts = counted(&mut framing, &rest);
        assert_eq!(counts, [false, false, false, true, false]);
    }

    #[test]
    fn in_plain_text_every_packet_counts() {
        let mut framing = Framing::default();
        let login = packet(&[&[0, 0][..], &[0; 40]].concat());
        let counts = counted(&mut framing, &[login, packet(b"\x03DO 1"), packet(b"\x01")]);
        assert_eq!(counts, [true, true, true]);
    }

    #[test]
    fn a_message_is_one_when_all_of_it_is_there() {
        let mut framing = Framing::default();
        let request = ssl_request();
        for byte in &request[..request.len() - 1] {
            framing.client_says(&[*byte]);
            assert_eq!(framing.next(), None);
        }
        framing.client_says(&request[request.len() - 1..]);
        assert_eq!(framing.next().map(|m| m.bytes), Some(request));
    }
}
