//! SHA-256-crypt as MySQL stores it.
//!
//! The algorithm is Ulrich Drepper's, <https://www.akkadia.org/drepper/SHA-crypt.txt>, whose step
//! numbers the comments give. MySQL's salts have 20 bytes, where other implementations stop at 16.

use ring::digest::{Context, Digest, SHA256, digest};

const SALT: usize = 20;
const ROUNDS: u32 = 5000;

/// A stored hash with what it takes to make it again.
pub(super) struct Sha2 {
    rounds: u32,
    salt: Vec<u8>,
    encoded: Vec<u8>,
}

impl Sha2 {
    /// `$A$005$`, the salt and the hash. The three digits are thousands of rounds, hexadecimal.
    pub(super) fn caching(string: &[u8]) -> Option<Self> {
        let (digits, rest) = string.strip_prefix(b"$A$")?.split_at_checked(3)?;
        let (salt, encoded) = rest.strip_prefix(b"$")?.split_at_checked(SALT)?;
        let thousands = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        Self::new(thousands * 1000, salt, encoded)
    }

    /// `$5$`, the salt, `$` and the hash.
    pub(super) fn plain(string: &[u8]) -> Option<Self> {
        let rest = string.strip_prefix(b"$5$")?;
        let (salt, encoded) = rest.split_at_checked(rest.len().checked_sub(44)?)?;
        Self::new(ROUNDS, salt, encoded.strip_prefix(b"$")?)
    }

    fn new(rounds: u32, salt: &[u8], encoded: &[u8]) -> Option<Self> {
        let whole = rounds > 0 && encoded.len() == 43;
        whole.then(|| Self {
            rounds,
            salt: salt.to_vec(),
            encoded: encoded.to_vec(),
        })
    }

    pub(super) fn is(&self, password: &[u8]) -> bool {
        encode(&crypt(password, &self.salt, self.rounds)) == self.encoded
    }
}

fn hash(parts: &[&[u8]]) -> Digest {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(part);
    }
    context.finish()
}

/// `length` bytes of `block`, over and over.
fn stretched(block: &Digest, length: usize) -> Vec<u8> {
    block
        .as_ref()
        .iter()
        .copied()
        .cycle()
        .take(length)
        .collect()
}

fn crypt(password: &[u8], salt: &[u8], rounds: u32) -> Digest {
    let first = first(password, salt);
    // 13 to 16: as many passwords as the password has bytes.
    let passwords = digest(&SHA256, &password.repeat(password.len()));
    let p = stretched(&passwords, password.len());
    // 17 to 20: 16 salts, and as many more as the first byte says.
    let salts = 16 + usize::from(first.as_ref().first().copied().unwrap_or(0));
    let s = stretched(&digest(&SHA256, &salt.repeat(salts)), salt.len());
    // 21
    (0..rounds).fold(first, |last, round| next(&last, &p, &s, round))
}

/// 1 to 12.
fn first(password: &[u8], salt: &[u8]) -> Digest {
    let between = hash(&[password, salt, password]);
    let mut context = Context::new(&SHA256);
    context.update(password);
    context.update(salt);
    context.update(&stretched(&between, password.len()));
    let mut length = password.len();
    while length > 0 {
        context.update(if length & 1 == 1 {
            between.as_ref()
        } else {
            password
        });
        length >>= 1;
    }
    context.finish()
}

/// One round of 21.
fn next(last: &Digest, p: &[u8], s: &[u8], round: u32) -> Digest {
    let (last, odd) = (last.as_ref(), round % 2 == 1);
    hash(&[
        if odd { p } else { last },
        if round.is_multiple_of(3) { &[] } else { s },
        if round.is_multiple_of(7) { &[] } else { p },
        if odd { last } else { p },
    ])
}

/// 22: three bytes become four characters, in an order of its own.
fn encode(hash: &Digest) -> Vec<u8> {
    const ALPHABET: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let byte = |at: usize| u32::from(hash.as_ref().get(at).copied().unwrap_or(0));
    let characters = |bits: u32, count: usize| {
        (0..count).map(move |place| ALPHABET[(bits >> (6 * place)) as usize % 64])
    };
    let (mut a, mut b, mut c) = (0, 10, 20);
    let mut encoded = Vec::with_capacity(43);
    for _ in 0..10 {
        encoded.extend(characters(byte(a) << 16 | byte(b) << 8 | byte(c), 4));
        (a, b, c) = (c + 1, a + 1, b + 1);
    }
    encoded.extend(characters(byte(31) << 8 | byte(30), 3));
    encoded
}
