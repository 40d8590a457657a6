//! Searching what was said in public for secrets.

use std::collections::BTreeMap;

/// Anything shorter would be found by chance.
const SHORTEST: usize = 8;

/// Characters of a `caching_sha2_password` hash behind its salt. The salt may be any bytes; these
/// are text.
const DIGEST: usize = 43;

/// Secrets, in all the forms in which they may come to be printed.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    /// What it is, by what is searched for.
    needles: BTreeMap<String, String>,
}

impl Scan {
    /// Searches from now on for this password: as it is, as JSON, as a URL, as Base64 wherever it
    /// lies in a longer text, in hexadecimal, quoted for MySQL.
    pub fn secret(&mut self, password: &str) {
        self.add("a password", password);
    }

    /// Searches from now on for this stored hash, as `HEX()` has it: the whole, and the part of
    /// `caching_sha2_password` behind the salt.
    pub fn hash_in_hex(&mut self, hex: &str) {
        let bytes = hex.as_bytes().chunks_exact(2);
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Vec<u8> = bytes.filter_map(byte).collect();
        let digest = bytes.len().saturating_sub(DIGEST);
        self.add("a stored hash", &String::from_utf8_lossy(&bytes));
        self.add("a stored hash", &String::from_utf8_lossy(&bytes[digest..]));
        self.needle("a stored hash in hexadecimal", hex.to_owned());
        self.needle("a stored hash in hexadecimal", hex.to_lowercase());
    }

    /// What of it is in `text`, and after which words; the secret itself is not repeated.
    #[must_use]
    pub fn search(&self, text: &str) -> Option<String> {
        self.needles.iter().find_map(|(needle, what)| {
            let (before, _) = text.split_once(needle.as_str())?;
            let words: Vec<char> = before.chars().rev().take(60).collect();
            let words: String = words.into_iter().rev().collect();
            // Another secret may stand right before this one.
            let words = self
                .needles
                .keys()
                .fold(words, |words, needle| words.replace(needle, "…"));
            Some(format!("{what} after {words:?}"))
        })
    }

    fn add(&mut self, what: &str, secret: &str) {
        let json = escaped(secret);
        let forms = [
            ("", secret.to_owned()),
            (" in JSON", json.clone()),
            (" in JSON in JSON", escaped(&json)),
            (" in a URL", percent(secret, false)),
            (
                " in a URL, in small letters",
                percent(secret, false).to_lowercase(),
            ),
            (" in a form", percent(secret, true)),
            (" in hexadecimal", hex(secret)),
            (
                " in hexadecimal, in small letters",
                hex(secret).to_lowercase(),
            ),
            (" quoted", secret.replace('\\', r"\\").replace('\'', "''")),
            (" quoted", secret.replace('\\', r"\\").replace('\'', r"\'")),
            (" in Debug", secret.escape_debug().to_string()),
            (" in Debug, in bytes", in_bytes(secret)),
        ];
        for (how, form) in forms {
            self.needle(&format!("{what}{how}"), form);
        }
        for offset in 0..3 {
            let form = base64(secret.as_bytes(), offset);
            self.needle(&format!("{what} in Base64"), form.clone());
            let form = form.replace('+', "-").replace('/', "_");
            self.needle(&format!("{what} in Base64"), form);
        }
    }

    fn needle(&mut self, what: &str, needle: String) {
        if needle.len() >= SHORTEST {
            self.needles
                .entry(needle)
                .or_insert_with(|| what.to_owned());
        }
    }
}

/// Inside JSON's quotes.
fn escaped(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

fn in_bytes(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| byte.to_string()).collect();
    bytes.join(", ")
}

fn hex(text: &str) -> String {
    let pairs: Vec<String> = text.bytes().map(|byte| format!("{byte:02X}")).collect();
    pairs.concat()
}

fn percent(text: &str, form: bool) -> String {
    let encode = |byte: u8| match byte {
        b' ' if form => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// The characters of Base64 that depend on these bytes alone, where `offset` bytes stand before
/// them in their group of three.
fn base64(bytes: &[u8], offset: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bit = |n: usize| {
        let byte = bytes[n / 8];
        byte >> (7 - n % 8) & 1
    };
    // Of the first character that is not shared with the bytes before.
    let first = (6 - offset * 8 % 6) % 6;
    let bits: Vec<u8> = (first..bytes.len() * 8).map(bit).collect();
    let sixes = bits.chunks_exact(6);
    let digit = |six: &[u8]| DIGITS[usize::from(six.iter().fold(0_u8, |n, bit| n << 1 | bit))];
    sixes.map(|six| char::from(digit(six))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSWORD: &str = "it's \"so\\so\" and 20% more";

    fn scan() -> Scan {
        let mut scan = Scan::default();
        scan.secret(PASSWORD);
        scan
    }

    #[test]
    fn base64_is_found_wherever_the_password_lies_in_it() {
        // As `base64` of coreutils writes them.
        for planted in [
            "aXQncyAic29cc28iIGFuZCAyMCUgbW9yZQ==",
            "eGl0J3MgInNvXHNvIiBhbmQgMjAlIG1vcmU=",
            "eHhpdCdzICJzb1xzbyIgYW5kIDIwJSBtb3Jl",
        ] {
            assert!(
                scan()
                    .search(&format!("Authorization: {planted}"))
                    .is_some(),
                "{planted}"
            );
        }
    }

    #[test]
    fn each_form_of_a_password_is_found() {
        let object = serde_json::json!({"password": PASSWORD}).to_string();
        for planted in [
            format!("Secret({PASSWORD})"),
            object.clone(),
            serde_json::json!({"message": object}).to_string(),
            format!("{PASSWORD:?}"),
            format!("{:?}", PASSWORD.as_bytes()),
            "a=it%27s%20%22so%5Cso%22%20and%2020%25%20more".to_owned(),
            "a=it%27s+%22so%5Cso%22+and+20%25+more".to_owned(),
            "IDENTIFIED BY 'it''s \"so\\\\so\" and 20% more'".to_owned(),
        ] {
            let found = scan().search(&planted);
            assert!(
                found.is_some_and(|found| !found.contains("so\\so")),
                "{planted}"
            );
        }
    }

    #[test]
    fn what_is_no_secret_is_not_found() {
        assert_eq!(scan().search("it's so and 20% more; cGFzc3dvcmQ="), None);
    }

    #[test]
    fn a_stored_hash_is_found_by_what_stands_behind_its_salt() {
        let digest = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
        let stored = format!("$A$005$\u{1}\u{2}\u{3}45678901234567890{digest}");
        let mut scan = Scan::default();
        scan.hash_in_hex(&hex(&stored));
        assert!(scan.search(&format!("was {digest}.")).is_some());
        assert!(scan.search(&hex(&stored).to_lowercase()).is_some());
        assert_eq!(scan.search("$A$005$"), None);
    }
}
