//! Certificates in a policy.

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// Whether `text` looks like certificates in PEM and nothing else. Whether they are any good, the
/// TLS library says. The text is not shown: it may be the key that belongs to the certificate.
///
/// # Errors
/// What was expected, and what was found in its place.
pub fn pem(text: &str) -> Result<(), &'static str> {
    if text.contains("PRIVATE KEY") {
        return Err(
            "expected certificates in PEM only, got a private key among them; \
                    take it out and treat it as known to others",
        );
    }
    let blocks: Vec<&str> = text.split(BEGIN).skip(1).collect();
    if blocks.is_empty() {
        return Err("expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none");
    }
    let whole = |block: &&str| {
        let inner = block.split_once(END).map(|(inner, _)| inner.trim());
        inner.is_some_and(|inner| !inner.is_empty() && inner.bytes().all(base64))
    };
    if blocks.iter().all(whole) {
        Ok(())
    } else {
        Err(
            "expected certificates in PEM, got one that is cut off or no base64; \
             in JSON its line ends are \\n",
        )
    }
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=".contains(&byte)
}
