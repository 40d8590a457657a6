//! Which EVENTs a login sees.

use std::fmt;

use aurora_model::words::list;

/// Which EVENTs a login sees: those of the schemas on which it has the right `EVENT`. Of others the
/// server does not even say that they are there.
/// <https://dev.mysql.com/doc/refman/8.0/en/events-privileges.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sight {
    /// All.
    Everything,
    /// Those of the schemas that match one of these patterns of `GRANT`.
    Schemas(Vec<String>),
}

impl Sight {
    /// What the lines of `SHOW GRANTS` give.
    pub(crate) fn of(grants: &[String]) -> Self {
        let mut schemas: Vec<String> = grants.iter().filter_map(|line| pattern(line)).collect();
        if schemas.iter().any(|schema| schema == "*") {
            return Self::Everything;
        }
        schemas.sort_unstable();
        schemas.dedup();
        Self::Schemas(schemas)
    }
}

/// The schema of a line that gives `EVENT`: of ``GRANT SELECT, EVENT ON `shop`.* TO …``, `shop`.
fn pattern(line: &str) -> Option<String> {
    let (rights, rest) = line.strip_prefix("GRANT ")?.split_once(" ON ")?;
    let gives = |right: &str| ["EVENT", "ALL PRIVILEGES"].contains(&right.trim());
    if !rights.split(',').any(gives) {
        return None;
    }
    let (schema, _) = rest.split_once(".* TO ")?;
    let bare = schema.strip_prefix('`').and_then(|it| it.strip_suffix('`'));
    Some(bare.map_or_else(|| schema.to_owned(), |bare| bare.replace("``", "`")))
}

impl fmt::Display for Sight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everything => f.write_str("the EVENTs of all schemas"),
            Self::Schemas(schemas) if schemas.is_empty() => f.write_str("no EVENTs at all"),
            Self::Schemas(schemas) => write!(f, "the EVENTs of {}", list(schemas)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(lines: &[&str]) -> String {
        let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
        Sight::of(&lines).to_string()
    }

    #[test]
    fn a_login_sees_the_events_of_the_schemas_it_has_the_right_on() {
        let usage = "GRANT USAGE ON *.* TO `ns`@`%`";
        assert_eq!(seen(&[usage]), "no EVENTs at all");
        let two = [
            usage,
            "GRANT SELECT, EVENT ON `web`.* TO `ns`@`%`",
            "GRANT ALL PRIVILEGES ON `shop`.* TO `ns`@`%` WITH GRANT OPTION",
            "GRANT SELECT ON `other`.* TO `ns`@`%`",
            "GRANT SELECT, UPDATE ON `nightshift`.`job` TO `ns`@`%`",
            "GRANT `jobs`@`%` TO `ns`@`%`",
        ];
        assert_eq!(seen(&two), "the EVENTs of shop and web");
        assert_eq!(
            seen(&["GRANT EVENT ON `a``b`.* TO `ns`@`%`"]),
            "the EVENTs of a`b"
        );
        for all in [
            "GRANT SELECT, EVENT, TRIGGER ON *.* TO `ns`@`%`",
            "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
        ] {
            assert_eq!(seen(&[usage, all]), "the EVENTs of all schemas");
        }
        // The dynamic right of a similar name.
        assert_eq!(
            seen(&["GRANT EVENT_ADMIN ON *.* TO `ns`@`%`"]),
            "no EVENTs at all"
        );
    }
}
