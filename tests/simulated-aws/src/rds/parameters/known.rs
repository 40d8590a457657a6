//! Some parameters of Aurora MySQL 3, of the several hundred there are: those that matter to
//! operations.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ParameterGroups.html>

/// A parameter that the engine has.
#[derive(Debug)]
pub(crate) struct Known {
    pub name: &'static str,
    /// Whether it takes a reboot.
    pub is_static: bool,
    /// `boolean`, `integer`, …
    pub kind: &'static str,
    /// The values it may have, as RDS writes them.
    pub allowed: Option<&'static str>,
    /// What it is if nobody sets it, where RDS says so.
    pub default: Option<&'static str>,
}

const fn known(
    name: &'static str,
    is_static: bool,
    kind: &'static str,
    allowed: &'static str,
    default: &'static str,
) -> Known {
    let allowed = if allowed.is_empty() {
        None
    } else {
        Some(allowed)
    };
    let default = if default.is_empty() {
        None
    } else {
        Some(default)
    };
    Known {
        name,
        is_static,
        kind,
        allowed,
        default,
    }
}

#[rustfmt::skip]
pub(crate) const KNOWN: &[Known] = &[
    known("binlog_format", true, "string", "ROW,STATEMENT,MIXED,OFF", "OFF"),
    known("binlog_row_image", false, "string", "full,minimal,noblob", ""),
    known("character_set_server", false, "string", "", ""),
    known("connect_timeout", false, "integer", "2-31536000", ""),
    known("enforce_gtid_consistency", true, "string", "OFF,ON,WARN", ""),
    known("event_scheduler", false, "string", "ON,OFF", ""),
    known("general_log", false, "boolean", "0,1", ""),
    known("gtid-mode", true, "string", "OFF,OFF_PERMISSIVE,ON_PERMISSIVE,ON", ""),
    known("innodb_flush_log_at_trx_commit", false, "integer", "0-2", ""),
    known("innodb_lock_wait_timeout", false, "integer", "1-1073741824", ""),
    known("innodb_print_all_deadlocks", false, "boolean", "0,1", ""),
    known("interactive_timeout", false, "integer", "1-31536000", ""),
    known("lock_wait_timeout", false, "integer", "1-31536000", ""),
    known("log_bin_trust_function_creators", false, "boolean", "0,1", ""),
    known("log_output", false, "string", "TABLE,FILE,NONE", "FILE"),
    known("long_query_time", false, "float", "0-31536000", ""),
    known("max_allowed_packet", false, "integer", "1024-1073741824", ""),
    known("max_connections", false, "integer", "1-16000", ""),
    known("max_execution_time", false, "integer", "0-18446744073709551615", ""),
    known("performance_schema", true, "boolean", "0,1", ""),
    known("read_only", false, "boolean", "0,1", ""),
    known("require_secure_transport", false, "string", "ON,OFF", "OFF"),
    known("server_audit_logging", false, "boolean", "0,1", ""),
    known("slow_query_log", false, "boolean", "0,1", ""),
    known("sql_mode", false, "list", "", ""),
    known("time_zone", false, "string", "", ""),
    known("tls_version", true, "list", "TLSv1.2,TLSv1.3", ""),
    known("transaction_isolation", false, "string", "READ-UNCOMMITTED,READ-COMMITTED,REPEATABLE-READ,SERIALIZABLE", ""),
    known("wait_timeout", false, "integer", "1-31536000", ""),
];

/// The parameter called `name`.
pub(crate) fn find(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.name == name)
}
