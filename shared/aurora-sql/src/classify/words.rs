//! The few words of others that are taken over.

use mysql_async::{ServerError, TlsError};

/// The privilege that a message names: "… you need (at least one of) the CREATE USER privilege(s)
/// for this operation", "SELECT command denied to user …". The session's messages are English.
pub(super) fn right(error: &ServerError) -> Option<String> {
    let words = match error.code {
        1227 => {
            let (_, behind) = error.message.split_once("one of) the ")?;
            behind.split_once(" privilege")?.0
        }
        1142 | 1143 | 1370 => error.message.split_once(" command denied to user")?.0,
        1410 => "GRANT OPTION",
        _ => return None,
    };
    let plain = |c: char| c.is_ascii_alphabetic() || " ,_".contains(c);
    (words.len() <= 200 && words.chars().all(plain)).then(|| words.to_ascii_uppercase())
}

pub(super) fn tls_words(error: &TlsError) -> String {
    match error {
        TlsError::Tls(error) => certificate_words(error),
        TlsError::InvalidDnsName(_) => "its name cannot be in a certificate".to_owned(),
        TlsError::Pem(_) | TlsError::VerifierBuilderError(_) => {
            "the given authorities cannot be read".to_owned()
        }
    }
}

pub(super) fn certificate_words(error: &rustls::Error) -> String {
    use rustls::{CertificateError as Bad, Error::InvalidCertificate};
    let words = match error {
        InvalidCertificate(Bad::UnknownIssuer) => "its certificate is not from a trusted authority",
        InvalidCertificate(Bad::NotValidForName | Bad::NotValidForNameContext { .. }) => {
            "its certificate is for another name"
        }
        InvalidCertificate(Bad::Expired | Bad::ExpiredContext { .. }) => {
            "its certificate has expired"
        }
        other => return other.to_string(),
    };
    words.to_owned()
}
