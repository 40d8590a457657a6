//! Host names in a policy.

use std::net::IpAddr;

/// Whether `name` is a host name as DNS has them, or an address; without a port.
/// <https://www.rfc-editor.org/rfc/rfc1123#section-2>
#[must_use]
pub fn host(name: &str) -> bool {
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(plain)
    };
    let labels = name.trim_end_matches('.').split('.');
    name.len() <= 253 && labels.into_iter().all(label) || name.parse::<IpAddr>().is_ok()
}
