//! How a turn ends by an error.

use aurora_sql::SqlError;

use crate::turn::Ended;

/// A copy has the key of a row that the archive has.
const DUPLICATE: u16 = 1062;
/// A row is referred to by a foreign key.
const REFERRED_TO: u16 = 1451;
/// `READ COMMITTED` with `binlog_format = STATEMENT`.
const STATEMENT_FORMAT: u16 = 1665;

/// What cannot be asked of the server any more is asked again after the next login; what the server
/// refuses it would refuse again.
pub(super) fn by(error: SqlError) -> Ended {
    match error {
        SqlError::ReadOnly { .. }
        | SqlError::Lost { .. }
        | SqlError::Unreachable { .. }
        | SqlError::TimedOut { .. } => Ended::Away(error),
        SqlError::Locked { .. } => Ended::Left(error.to_string()),
        SqlError::AccessDenied { .. } | SqlError::Tls { .. } => Ended::Failed(error.to_string()),
        SqlError::MissingRight { .. } => {
            Ended::Failed(format!("{error}: grant it to the job's user"))
        }
        SqlError::Refused { code, .. } => Ended::Failed(match remedy(code) {
            Some(remedy) => format!("{error}: {remedy}"),
            None => error.to_string(),
        }),
    }
}

const fn remedy(code: u16) -> Option<&'static str> {
    Some(match code {
        DUPLICATE => {
            "the archive has a row with the key of one that is to be copied; look at both and take \
             one away"
        }
        REFERRED_TO => {
            "another table refers to these rows by a foreign key that the job's user cannot see; \
             name it in children"
        }
        STATEMENT_FORMAT => "the server's binlog_format is STATEMENT; set it to ROW",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_away_ends_the_turn_and_not_the_run() {
        let what = "deleting rows".to_owned();
        let endpoint = "db:3306".to_owned();
        for error in [
            SqlError::Lost { what: what.clone() },
            SqlError::ReadOnly {
                endpoint: endpoint.clone(),
            },
            SqlError::Unreachable {
                endpoint,
                what: what.clone(),
            },
            SqlError::TimedOut { what, ended: true },
        ] {
            assert!(matches!(by(error), Ended::Away(_)));
        }
    }

    #[test]
    fn what_the_server_refuses_fails_the_run_with_the_remedy() {
        let refused = |code| {
            let (what, state) = ("copying the rows".to_owned(), "23000".to_owned());
            match by(SqlError::Refused { what, code, state }) {
                Ended::Failed(why) => why,
                other => panic!("{other:?}"),
            }
        };
        insta::assert_snapshot!(refused(1062), @"copying the rows was refused with error 1062 (23000): the archive has a row with the key of one that is to be copied; look at both and take one away");
        insta::assert_snapshot!(refused(1366), @"copying the rows was refused with error 1366 (23000)");
    }
}
