//! One statement, before it is sent.

use secrets::Secret;

use crate::{Account, Identifier, Value, quote::Text};

/// One SQL statement, built of parts: fixed text, names, accounts, literals, and values that the
/// server puts in for each `?`.
///
/// Its text may hold a secret, so it has no `Debug` and no `Display`, errors name it by
/// [`what`](Self::what) it does, and it is overwritten when it is dropped. What the driver copies
/// into its network buffers is out of reach.
///
/// ```
/// # use aurora_sql::{Account, Statement};
/// # fn of(app: &Account, password: &secrets::Secret) -> Statement {
/// Statement::new("setting the password", "ALTER USER ")
///     .account(app)
///     .sql(" IDENTIFIED BY ")
///     .literal(password)
///     .sql(" RETAIN CURRENT PASSWORD")
/// # }
/// ```
pub struct Statement {
    what: &'static str,
    text: Text,
    secret: bool,
    values: Vec<Value>,
}

impl Statement {
    /// A statement that does `what`, in words that can follow "during": `setting the password`.
    /// It begins with `sql`.
    #[must_use]
    pub fn new(what: &'static str, sql: &'static str) -> Self {
        let (text, secret, values) = (Text::new(), false, Vec::new());
        let empty = Self {
            what,
            text,
            secret,
            values,
        };
        empty.sql(sql)
    }

    /// What it does, in words.
    #[must_use]
    pub const fn what(&self) -> &'static str {
        self.what
    }

    /// Fixed SQL. A `?` in it stands for the next value given to [`bind`](Self::bind).
    #[must_use]
    pub fn sql(self, sql: &'static str) -> Self {
        self.spelled(sql)
    }

    /// SQL that the server itself spelled, such as a clause of `SHOW CREATE USER` or an object of
    /// `SHOW GRANTS`. It is taken as it is: nothing that a person wrote belongs here.
    #[must_use]
    pub fn spelled(mut self, sql: &str) -> Self {
        self.text.push(sql);
        self
    }

    /// SQL that a team wrote into its policy, taken as it is: its rights are the login's, and whoever
    /// sends it has made sure that it is one statement, or part of one.
    #[must_use]
    pub fn written(self, sql: &str) -> Self {
        self.spelled(sql)
    }

    /// A name, in backticks.
    #[must_use]
    pub fn identifier(mut self, name: &Identifier) -> Self {
        self.text.push_identifier(name.name());
        self
    }

    /// An account: `'user'@'host'`, as literals.
    #[must_use]
    pub fn account(mut self, account: &Account) -> Self {
        self.text.push_literal(&account.user);
        self.text.push("@");
        self.text.push_literal(&account.host);
        self
    }

    /// A secret as a literal, where MySQL's grammar takes no parameter.
    #[must_use]
    pub fn literal(mut self, secret: &Secret) -> Self {
        self.text.push_literal(secret.expose());
        self.secret = true;
        self
    }

    /// A text as a literal, where MySQL's grammar takes no parameter; elsewhere
    /// [`bind`](Self::bind) it.
    #[must_use]
    pub fn string(mut self, text: &str) -> Self {
        self.text.push_literal(text);
        self
    }

    /// A number, where MySQL's grammar takes no parameter.
    #[must_use]
    pub fn number(mut self, number: u64) -> Self {
        self.text.push(&number.to_string());
        self
    }

    /// The value for the next `?`. A statement with values is prepared on the server, and the
    /// session keeps it prepared for the next one with the same text.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    pub(crate) fn text(&self) -> &str {
        self.text.as_str()
    }

    pub(crate) const fn has_secret(&self) -> bool {
        self.secret
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_quoted_by_its_type() {
        let account = Account {
            user: "o'neil".to_owned(),
            host: "%".to_owned(),
        };
        let table = Identifier::new("a`b").unwrap();
        let statement = Statement::new("a test", "GRANT SELECT ON ")
            .identifier(&table)
            .sql(".* TO ")
            .account(&account)
            .sql(" IDENTIFIED BY ")
            .literal(&Secret::new(r"p'w\"))
            .sql(" ATTRIBUTE ")
            .string("{}")
            .sql(" WITH MAX_USER_CONNECTIONS ")
            .number(5);
        assert_eq!(
            statement.text(),
            r"GRANT SELECT ON `a``b`.* TO 'o\'neil'@'%' IDENTIFIED BY 'p\'w\\' ATTRIBUTE '{}' WITH MAX_USER_CONNECTIONS 5"
        );
    }
}
