//! From an endpoint and a credential to a connection with the session's settings.

use std::time::Duration;

use mysql_async::{Conn, Opts, OptsBuilder, SslOpts, prelude::Queryable as _};
use secrets::Secret;
use tokio::net::lookup_host;

use crate::{Endpoint, Limits, Options, SqlError, Tls, classify, roots};

/// After this time without a statement the server closes the connection by itself, so that the
/// locks of a process that was frozen or lost are free again.
const IDLE: Duration = Duration::from_mins(1);

/// What the server takes in one packet at most; saying so saves asking it.
const LARGEST_PACKET: usize = 64 << 20;

/// What the driver needs to know to log in.
pub(crate) fn options(
    to: &Endpoint,
    user: &str,
    password: &Secret,
    database: Option<&str>,
    tls: &Tls,
) -> Result<OptsBuilder, SqlError> {
    let ssl = match tls {
        Tls::Amazon => {
            let roots = roots::of(&to.host).map(Into::into);
            Some(verified().with_root_certs(roots.into()))
        }
        Tls::Own(pem) if pem.contains("-----BEGIN CERTIFICATE-----") => {
            let own = pem.clone().into_bytes();
            Some(verified().with_root_certs(vec![own.into()]))
        }
        Tls::Own(_) => {
            let what = "the given authorities hold no certificate".to_owned();
            return Err(classify::tls(to, what));
        }
        Tls::PlainText => None,
    };
    Ok(OptsBuilder::default()
        .ip_or_hostname(&to.host)
        .tcp_port(to.port)
        .user(Some(user))
        .pass(Some(password.expose()))
        .db_name(database)
        .ssl_opts(ssl)
        // Else a server on this machine would be talked to through its socket, without TLS.
        .prefer_socket(false)
        .max_allowed_packet(Some(LARGEST_PACKET))
        .wait_timeout(usize::try_from(IDLE.as_secs()).ok())
        .connect_attribute("program_name", "nightshift"))
}

/// Without the driver's own list of public authorities.
fn verified() -> SslOpts {
    SslOpts::default().with_disable_built_in_roots(true)
}

/// Logs in at the first of the name's addresses that answers, and makes the session's settings.
/// The options that are returned name that address: what a second connection is for is there, and
/// may not be where the name leads after a failover.
pub(crate) async fn log_in(
    to: &Endpoint,
    user: &str,
    builder: OptsBuilder,
    options: &Options,
) -> Result<(Conn, Opts), SqlError> {
    let found = lookup_host((to.host.as_str(), to.port)).await;
    let found = found.map_err(|_| classify::unreachable(to, "the name is not resolved"))?;
    let mut failure = classify::unreachable(to, "the name has no address");
    for address in found {
        let there = builder.clone().resolved_ips(Some(vec![address.ip()]));
        let there = Opts::from(there);
        match set_up(there.clone(), &options.limits).await {
            Ok(conn) => return Ok((conn, there)),
            Err(error) => failure = classify::at_login(&error, to, user),
        }
        if !matches!(failure, SqlError::Unreachable { .. }) {
            break;
        }
    }
    Err(failure)
}

async fn set_up(there: Opts, limits: &Limits) -> Result<Conn, mysql_async::Error> {
    let mut conn = Conn::new(there).await?;
    conn.query_drop(settings(limits)).await?;
    Ok(conn)
}

/// All settings in one statement. A server's `init_connect`, which runs before, cannot change what
/// literals mean. The messages are in English so that a missing right can be read from them.
/// <https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html>
///
/// The variable `@nightshift` tells others whose session this is. The attribute `program_name` is for the
/// same, but with TLS no server takes notice of it: the driver does not announce attributes in the request
/// for TLS, and what it says afterwards comes too late.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-user-variable-tables.html>
pub(crate) fn settings(limits: &Limits) -> String {
    let select = milliseconds(limits.statement);
    let lock = limits.lock_wait.as_millis().div_ceil(1000);
    let lock = lock.clamp(1, 31_536_000);
    let idle = IDLE.as_secs();
    format!(
        "SET NAMES utf8mb4, @nightshift = 1, SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,\
         NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', \
         SESSION time_zone = '+00:00', SESSION lc_messages = 'en_US', SESSION autocommit = 1, \
         SESSION wait_timeout = {idle}, SESSION max_execution_time = {select}, \
         SESSION lock_wait_timeout = {lock}, SESSION innodb_lock_wait_timeout = {lock}"
    )
}

/// As `max_execution_time` takes it: 0 would mean no limit.
pub(crate) fn milliseconds(limit: Duration) -> u64 {
    let milliseconds = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    milliseconds.clamp(1, u64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(statement: Duration, lock_wait: Duration) -> String {
        settings(&Limits {
            statement,
            lock_wait,
            ..Limits::default()
        })
    }

    #[test]
    fn no_limit_is_ever_sent_as_none() {
        let settings = with(Duration::ZERO, Duration::ZERO);
        assert!(settings.contains("max_execution_time = 1,"), "{settings}");
        assert!(
            settings.ends_with("innodb_lock_wait_timeout = 1"),
            "{settings}"
        );
    }

    #[test]
    fn limits_are_sent_in_the_units_of_each_variable() {
        let settings = with(Duration::from_millis(1500), Duration::from_millis(1500));
        assert!(
            settings.contains("max_execution_time = 1500,"),
            "{settings}"
        );
        assert!(settings.contains(" lock_wait_timeout = 2,"), "{settings}");
        assert!(
            settings.ends_with("innodb_lock_wait_timeout = 2"),
            "{settings}"
        );
    }

    #[test]
    fn an_authority_without_a_certificate_is_refused_before_anything_is_sent() {
        let to = Endpoint {
            host: "db".to_owned(),
            port: 3306,
        };
        let own = Tls::Own("not a certificate".to_owned());
        let refused = options(&to, "app", &Secret::new("p"), None, &own).err();
        assert_eq!(
            refused.map(|error| error.to_string()).as_deref(),
            Some("no verified TLS to db:3306 (the given authorities hold no certificate)")
        );
    }
}
