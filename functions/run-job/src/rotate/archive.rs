//! The table that one partition's rows are exchanged into.

use std::fmt;

use aurora_sql::SqlError;
use jobs::policy::Name;

use super::plan::Refusal;
use crate::turn::Ended;

/// A definition differs (1736), or a table option does (1731): MySQL exchanges nothing then.
/// <https://dev.mysql.com/doc/refman/8.0/en/partitioning-management-exchange.html>
const DIFFERENT: [u16; 2] = [1731, 1736];

/// A table of the archive's schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Archive {
    pub(super) schema: Name,
    pub(super) table: Name,
}

impl Archive {
    /// `{table}_{partition}`.
    pub(super) fn of(schema: &Name, table: &Name, partition: &str) -> Result<Self, Refusal> {
        let name = format!("{table}_{partition}");
        let table = Name::new(&name).ok_or(Refusal::LongName(name))?;
        let schema = schema.clone();
        Ok(Self { schema, table })
    }

    /// As [`Display`](fmt::Display) writes it: for the ledger. Both names may have a full stop, so
    /// the length of the first goes before.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (length, names) = text.split_once(':')?;
        let (schema, table) = names.split_at_checked(length.parse().ok()?)?;
        let (schema, table) = (Name::new(schema)?, Name::new(table.strip_prefix('.')?)?);
        Some(Self { schema, table })
    }

    /// As the ledger keeps it.
    pub(super) fn kept(&self) -> String {
        format!("{}:{self}", self.schema.as_str().len())
    }

    /// What an error of the exchange means.
    pub(super) fn failed(&self, error: SqlError) -> Ended {
        match error {
            SqlError::Refused { code, .. } if DIFFERENT.contains(&code) => Ended::Stopped(format!(
                "the archive table {self} is not defined as the partitioned table is ({code}): drop it \
                 if it is empty, and it is made anew; where columns were added with ALGORITHM=INSTANT, \
                 rebuild the table once (ALTER TABLE … FORCE)"
            )),
            error => Ended::by(error),
        }
    }
}

impl fmt::Display for Archive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_back_whatever_its_names_are() {
        for (schema, table) in [("shop", "logs_p1"), ("a.b", "c.d:e"), ("ä", "ö")] {
            let (schema, table) = (Name::new(schema).unwrap(), Name::new(table).unwrap());
            let archive = Archive { schema, table };
            assert_eq!(Archive::parse(&archive.kept()), Some(archive));
        }
        assert_eq!(Archive::parse("shop.logs"), None);
        assert_eq!(Archive::parse("1:ä.b"), None);
    }
}
