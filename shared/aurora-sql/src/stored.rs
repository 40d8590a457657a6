//! Which known password an account has.

use ring::digest::{Digest, SHA1_FOR_LEGACY_USE_ONLY, digest};
use secrets::Secret;

mod crypt;

/// A stored authentication string, read so far that a password can be held against it. It has no
/// `Debug` and no `Display`: it is as good as the password to somebody with time.
pub struct Stored(Kind);

enum Kind {
    /// No password opens the account, or an empty one does: the string is empty.
    Empty,
    /// `caching_sha2_password` and `sha256_password`.
    Sha2(crypt::Sha2),
    /// `mysql_native_password`: `SHA1(SHA1(password))`.
    Native([u8; 20]),
    /// A plugin that keeps no password here, or one that is not known.
    Unknown,
}

impl Stored {
    /// Reads `mysql.user`'s `authentication_string` for `plugin`. It is bytes, not text: a salt of
    /// `caching_sha2_password` is any 7-bit bytes.
    /// <https://dev.mysql.com/doc/refman/8.0/en/caching-sha2-pluggable-authentication.html>
    #[must_use]
    pub fn of(plugin: &str, string: &[u8]) -> Self {
        let kind = match plugin {
            _ if string.is_empty() => Some(Kind::Empty),
            "caching_sha2_password" => crypt::Sha2::caching(string).map(Kind::Sha2),
            "sha256_password" => crypt::Sha2::plain(string).map(Kind::Sha2),
            "mysql_native_password" => native(string).map(Kind::Native),
            _ => None,
        };
        Self(kind.unwrap_or(Kind::Unknown))
    }

    /// The secondary password, from `mysql.user`'s `User_attributes`; `None` where no password was
    /// retained.
    /// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#dual-passwords>
    #[must_use]
    pub fn secondary(plugin: &str, attributes: &str) -> Option<Self> {
        let attributes: serde_json::Value = serde_json::from_str(attributes).ok()?;
        let string = attributes.get("additional_password")?.as_str()?;
        Some(Self::of(plugin, string.as_bytes()))
    }

    /// Whether `password` is the one. With `caching_sha2_password` this takes thousands of
    /// hashes, about 3 ms as it is usually set.
    #[must_use]
    pub fn is(&self, password: &Secret) -> bool {
        let password = password.expose().as_bytes();
        match &self.0 {
            Kind::Empty => password.is_empty(),
            Kind::Sha2(stored) => stored.is(password),
            Kind::Native(stored) => !password.is_empty() && sha1_twice(password).as_ref() == stored,
            Kind::Unknown => false,
        }
    }

    /// Whether it could be read. What could not is no known password, and no unknown one either.
    #[must_use]
    pub const fn readable(&self) -> bool {
        !matches!(self.0, Kind::Unknown)
    }
}

/// `*` and 40 hexadecimal digits.
fn native(string: &[u8]) -> Option<[u8; 20]> {
    let digits = std::str::from_utf8(string.strip_prefix(b"*")?).ok()?;
    let mut hash = [0; 20];
    if digits.len() != 2 * hash.len() || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip((0..).step_by(2)) {
        *byte = u8::from_str_radix(digits.get(pair..pair + 2)?, 16).ok()?;
    }
    Some(hash)
}

fn sha1_twice(password: &[u8]) -> Digest {
    let once = digest(&SHA1_FOR_LEGACY_USE_ONLY, password);
    digest(&SHA1_FOR_LEGACY_USE_ONLY, once.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().chunks(2);
        let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        pairs.map(byte).collect()
    }

    /// Taken from MySQL 9.7.4.
    const TEN_THOUSAND_ROUNDS: &str = "244124303041244D3D1719470859616D7F0E19374B2042424B736A3035554A744B6641303231554D6754374F42436E396349626F6331484F626E34443847474563476D4A7131";
    const FIVE_THOUSAND_ROUNDS: &str = "24412430303524570B3E394134446E63496571496442052D41043072457A305439472E54794851534A4C654A4174646E4A715050624B665A5945597046396432753251465A43";
    const SHA256_PASSWORD: &str = "24352403313555613A6C413B73195C4E5C7843583E4C6A246F664B3974397954434B36564A7256323372785444774E6161494E4A6348486E387030646E4779524A5A35";
    const ATTRIBUTES: &str = r#"{"additional_password": "$A$00A$\u0018n~@27i1\u0001f1\u0013.j\\F@.\u000f9gHmDvggoDkDXcfJ9XjNx16rQyzjcoMhxozxboKen/H3"}"#;
    /// The example of MySQL's manual: `PASSWORD('mypass')`.
    const NATIVE: &str = "*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4";

    /// `stored` is `password`, and nothing near it.
    fn assert_is(stored: &Stored, password: &str) {
        assert!(stored.readable());
        assert!(stored.is(&Secret::new(password)));
        for other in [&format!("{password} "), &password[1..], "", "x"] {
            assert!(!stored.is(&Secret::new(other)), "{other}");
        }
    }

    #[test]
    fn what_a_server_stored_is_the_password_that_was_set() {
        let caching = |hex| Stored::of("caching_sha2_password", &bytes(hex));
        assert_is(&caching(TEN_THOUSAND_ROUNDS), "battery staple");
        let long = r"pässwörd \ ' with more than thirty-two bytes in it";
        let stored = caching(FIVE_THOUSAND_ROUNDS);
        assert!(stored.is(&Secret::new(long)));
        assert!(!stored.is(&Secret::new(&long[..long.len() - 1])));
        let sha256 = Stored::of("sha256_password", &bytes(SHA256_PASSWORD));
        assert_is(&sha256, "correct horse");
        let native = Stored::of("mysql_native_password", NATIVE.as_bytes());
        assert_is(&native, "mypass");
    }

    #[test]
    fn the_retained_password_is_read_from_the_attributes() {
        let second = Stored::secondary("caching_sha2_password", ATTRIBUTES);
        assert_is(&second.unwrap(), "correct horse");
        for none in [
            "",
            "{}",
            r#"{"metadata": {"a": 1}}"#,
            r#"{"additional_password": 1}"#,
        ] {
            assert!(Stored::secondary("caching_sha2_password", none).is_none());
        }
    }

    #[test]
    fn an_empty_string_is_the_empty_password_only() {
        let stored = Stored::of("caching_sha2_password", b"");
        assert!(stored.is(&Secret::new("")) && !stored.is(&Secret::new("x")));
    }

    #[test]
    fn what_cannot_be_read_is_no_password_and_says_so() {
        for (plugin, string) in [
            ("AWSAuthenticationPlugin", &b"RDS"[..]),
            ("caching_sha2_password", b"$B$005$"),
            (
                "caching_sha2_password",
                b"$A$zzz$aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ),
            ("caching_sha2_password", b"$A$005$short"),
            ("sha256_password", b"$5$"),
            (
                "mysql_native_password",
                b"*+C8989366EAF75BB670AD8EA7A7FC1176A95CEF4",
            ),
            (
                "mysql_native_password",
                b"*THISISNOTAVALIDPASSWORDTHATCANBEUSEDHERE",
            ),
        ] {
            let stored = Stored::of(plugin, string);
            assert!(!stored.readable(), "{plugin}");
            assert!(!stored.is(&Secret::new("")) && !stored.is(&Secret::new("RDS")));
        }
    }
}
