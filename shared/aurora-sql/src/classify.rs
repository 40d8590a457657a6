//! What an error of the driver means to a caller.
//!
//! Nothing that the driver or the server wrote is taken over as it is, with two exceptions that
//! cannot hold a secret: the TLS library's words about a certificate, and the names of privileges.
//! The numbers are MySQL's:
//! <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html>

use std::io;

use mysql_async::{DriverError, Error, IoError, ServerError};

use crate::{Endpoint, SqlError};

mod words;

use words::{certificate_words, right, tls_words};

/// Error 1317: somebody ended the statement.
pub(crate) const INTERRUPTED: u16 = 1317;

/// The client's number for a plugin that is not served. A server may ask for one, once and for all
/// times, from a user that does not exist: it does not tell such users from others by the plugin.
const PLUGIN_NOT_SERVED: u16 = 2059;

/// The client's number for what is wrong with a statement before it is sent.
const NOT_SENT: u16 = 2031;

/// Why a server was not reached all of whose connections are used; a login with `CONNECTION_ADMIN` may still get one.
/// <https://dev.mysql.com/doc/refman/8.0/en/too-many-connections.html>
pub const NO_CONNECTION_LEFT: &str = "it has no connection left";

/// Before the login is over.
pub(crate) fn at_login(error: &Error, at: &Endpoint, user: &str) -> SqlError {
    match error {
        Error::Server(error) => refused_login(error, at, user),
        Error::Io(IoError::Tls(error)) => tls(at, tls_words(error)),
        Error::Io(IoError::Io(error)) => before_login(error, at),
        Error::Driver(DriverError::NoClientSslFlagFromServer) => {
            tls(at, "the server does not offer TLS".to_owned())
        }
        Error::Driver(
            DriverError::UnknownAuthPlugin { .. }
            | DriverError::CleartextPluginDisabled
            | DriverError::MysqlOldPasswordDisabled,
        ) => refused(
            "the login (by a plugin that is not served, or of a user that does not exist)",
            PLUGIN_NOT_SERVED,
            "HY000",
        ),
        Error::Driver(_) | Error::Other(_) | Error::Url(_) => {
            unreachable(at, "it does not answer as a MySQL server does")
        }
    }
}

/// After a statement was sent.
pub(crate) fn at_statement(error: &Error, at: &Endpoint, what: &str) -> SqlError {
    match error {
        Error::Server(error) => refused_statement(error, at, what),
        Error::Driver(
            DriverError::StmtParamsMismatch { .. }
            | DriverError::StmtParamsNumberExceedsLimit { .. }
            | DriverError::Params(_)
            | DriverError::MixedParams,
        ) => refused(what, NOT_SENT, "HY000"),
        Error::Driver(_) | Error::Io(_) | Error::Other(_) | Error::Url(_) => lost(what),
    }
}

/// No answer within the time for it.
pub(crate) fn no_answer(at: &Endpoint) -> SqlError {
    unreachable(at, "no login within the time for it")
}

pub(crate) fn unreachable(at: &Endpoint, what: &str) -> SqlError {
    SqlError::Unreachable {
        endpoint: at.to_string(),
        what: what.to_owned(),
    }
}

pub(crate) fn lost(what: &str) -> SqlError {
    let what = what.to_owned();
    SqlError::Lost { what }
}

pub(crate) fn tls(at: &Endpoint, what: String) -> SqlError {
    let endpoint = at.to_string();
    SqlError::Tls { endpoint, what }
}

fn refused(what: &str, code: u16, state: &str) -> SqlError {
    SqlError::Refused {
        what: what.to_owned(),
        code,
        state: state.to_owned(),
    }
}

fn refused_login(error: &ServerError, at: &Endpoint, user: &str) -> SqlError {
    let denied = |why| SqlError::AccessDenied {
        user: user.to_owned(),
        code: error.code,
        why,
    };
    match error.code {
        1045 | 1698 => denied(""),
        1130 => denied("; the server has no account for the address it came from"),
        1820 | 1862 => denied("; the password has expired"),
        3118 => denied("; the account is locked"),
        3955 => denied("; the account is locked after too many failed logins"),
        3159 => tls(at, "the server takes no login without TLS".to_owned()),
        1040 => unreachable(at, NO_CONNECTION_LEFT),
        1203 | 1226 => unreachable(at, "the user has no connection left"),
        1129 => unreachable(
            at,
            "it has blocked this address after too many failed connections",
        ),
        1053 | 1077 => unreachable(at, "it is shutting down"),
        1044 => missing("the database", error),
        1251 | 1524 => refused("the login", error.code, &error.state),
        _ if error.state.starts_with("08") => unreachable(at, "it broke off the login"),
        _ => refused("the login", error.code, &error.state),
    }
}

fn refused_statement(error: &ServerError, at: &Endpoint, what: &str) -> SqlError {
    match error.code {
        1290 if !error.message.contains("read") => refused(what, error.code, &error.state),
        1015 | 1290 | 1836 | 3501 => SqlError::ReadOnly {
            endpoint: at.to_string(),
        },
        1205 | 1213 | 3058 | 3572 => SqlError::Locked { code: error.code },
        1044 | 1045 | 1142 | 1143 | 1227 | 1370 | 1410 => missing(what, error),
        3024 => SqlError::TimedOut {
            what: what.to_owned(),
            ended: true,
        },
        1053 | 1927 | 4031 => lost(what),
        _ if error.state.starts_with("08") => lost(what),
        _ => refused(what, error.code, &error.state),
    }
}

fn missing(what: &str, error: &ServerError) -> SqlError {
    SqlError::MissingRight {
        right: right(error).unwrap_or_else(|| format!("for {what}")),
        code: error.code,
    }
}

fn before_login(error: &io::Error, at: &Endpoint) -> SqlError {
    let inner = error.get_ref();
    match inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        Some(error) => tls(at, certificate_words(error)),
        None => unreachable(at, &error.kind().to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Endpoint {
        Endpoint {
            host: "db".to_owned(),
            port: 3306,
        }
    }

    fn server(code: u16, state: &str, message: &str) -> Error {
        Error::Server(ServerError {
            code,
            message: message.to_owned(),
            state: state.to_owned(),
        })
    }

    fn login(code: u16, state: &str) -> SqlError {
        at_login(&server(code, state, "with 'a secret' in it"), &at(), "app")
    }

    fn statement(code: u16, state: &str, message: &str) -> SqlError {
        at_statement(&server(code, state, message), &at(), "a test")
    }

    #[test]
    fn a_refused_login_says_whether_the_credential_is_the_reason() {
        for (code, state, sentence) in [
            (1045, "28000", "app may not log in (1045)"),
            (
                3118,
                "HY000",
                "app may not log in (3118; the account is locked)",
            ),
            (
                1862,
                "HY000",
                "app may not log in (1862; the password has expired)",
            ),
            (
                1040,
                "08004",
                "db:3306 was not reached (it has no connection left)",
            ),
            (
                1043,
                "08S01",
                "db:3306 was not reached (it broke off the login)",
            ),
            (
                3159,
                "HY000",
                "no verified TLS to db:3306 (the server takes no login without TLS)",
            ),
            (
                1044,
                "42000",
                "the right for the database is missing (1044)",
            ),
            (
                1049,
                "42000",
                "the login was refused with error 1049 (42000)",
            ),
        ] {
            assert_eq!(login(code, state).to_string(), sentence);
        }
    }

    #[test]
    fn a_server_that_refuses_writes_is_told_from_one_with_another_option() {
        let read_only = "The MySQL server is running with the --super-read-only option";
        let other = "The MySQL server is running with the --skip-grant-tables option";
        assert!(matches!(
            statement(1290, "HY000", read_only),
            SqlError::ReadOnly { .. }
        ));
        assert!(matches!(
            statement(1290, "HY000", other),
            SqlError::Refused { .. }
        ));
        assert!(matches!(
            statement(1836, "HY000", ""),
            SqlError::ReadOnly { .. }
        ));
    }

    #[test]
    fn a_missing_right_is_named_as_the_server_names_it() {
        for (code, message, right) in [
            (
                1227,
                "Access denied; you need (at least one of) the CREATE USER, SUPER privilege(s) for this operation",
                "CREATE USER, SUPER",
            ),
            (
                1142,
                "SELECT command denied to user 'a'@'b' for table 'user'",
                "SELECT",
            ),
            (
                1370,
                "execute command denied to user 'a'@'b' for routine 'x'",
                "EXECUTE",
            ),
            (
                1044,
                "Access denied for user 'a'@'b' to database 'c'",
                "for a test",
            ),
            (1142, "'s3cret' command denied to user", "for a test"),
        ] {
            let expected = SqlError::MissingRight {
                right: right.to_owned(),
                code,
            };
            assert_eq!(statement(code, "42000", message), expected);
        }
    }

    #[test]
    fn no_words_of_the_server_reach_an_error() {
        for code in 1000..5000 {
            for state in ["HY000", "08S01", "42000"] {
                let message =
                    "near 's3cret' with read and (at least one of) the 's3cret' privilege";
                let error = server(code, state, message);
                for error in [
                    at_login(&error, &at(), "app"),
                    at_statement(&error, &at(), "it"),
                ] {
                    assert!(!format!("{error} {error:?}").contains("s3cret"), "{code}");
                }
            }
        }
    }

    #[test]
    fn a_connection_that_breaks_is_unreachable_before_the_login_and_lost_after() {
        let broken = || Error::from(io::Error::from(io::ErrorKind::ConnectionReset));
        assert_eq!(
            at_login(&broken(), &at(), "app").to_string(),
            "db:3306 was not reached (connection reset)"
        );
        assert!(at_statement(&broken(), &at(), "a test").unsure());
        assert!(statement(1053, "08S01", "").unsure());
    }

    #[test]
    fn what_was_never_sent_is_not_unsure() {
        let error = Error::Driver(DriverError::MixedParams);
        assert!(!at_statement(&error, &at(), "a test").unsure());
    }
}
