//! Which server it is.

/// The version of a server, as far as something depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    number: (u16, u16, u16),
    mariadb: bool,
}

impl Version {
    /// Reads what `@@version` says: `8.0.39`, `9.7.4-2`, `10.11.6-MariaDB`. What cannot be read is
    /// taken for the oldest of all.
    pub(crate) fn of(text: &str) -> Self {
        let mut numbers = text.split(|c: char| !c.is_ascii_digit());
        let mut number = || numbers.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        Self {
            number: (number(), number(), number()),
            mariadb: text.to_ascii_lowercase().contains("mariadb"),
        }
    }

    /// Whether an account can have two passwords, for which `mysql.user` has the column
    /// `User_attributes`.
    /// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#dual-passwords>
    pub(crate) fn has_dual_passwords(self) -> bool {
        self.is_mysql((8, 0, 14))
    }

    /// Whether it can lock an account after failed logins.
    /// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#failed-login-tracking>
    pub(crate) fn counts_failed_logins(self) -> bool {
        self.is_mysql((8, 0, 19))
    }

    /// Whether it can write a stored password in hexadecimal digits.
    /// <https://dev.mysql.com/doc/refman/8.0/en/server-system-variables.html#sysvar_print_identified_with_as_hex>
    pub(crate) fn prints_hexadecimal(self) -> bool {
        self.is_mysql((8, 0, 17))
    }

    fn is_mysql(self, since: (u16, u16, u16)) -> bool {
        !self.mariadb && self.number >= since
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dual_passwords_came_with_8_0_14_and_never_to_mariadb() {
        for (text, dual) in [
            ("8.0.13", false),
            ("8.0.14", true),
            ("8.0.mysql_aurora.3.04.0", false),
            ("8.4.3", true),
            ("9.7.4-2", true),
            ("5.7.44-log", false),
            ("10.11.6-MariaDB-1", false),
            ("", false),
        ] {
            assert_eq!(Version::of(text).has_dual_passwords(), dual, "{text}");
        }
    }
}
