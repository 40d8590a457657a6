//! A name of a thing in the database.

/// A name of a schema, table, column or routine, to be quoted where it is written into SQL.
/// <https://dev.mysql.com/doc/refman/8.0/en/identifiers.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(String);

/// A text that is no name of MySQL's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// It is empty.
    #[error("the name is empty")]
    Empty,
    /// It has more than 64 characters.
    #[error("the name has {0} characters; MySQL takes {limit}", limit = Identifier::LIMIT)]
    TooLong(usize),
    /// It has a NUL or a character beyond U+FFFF.
    #[error("the name has the character U+{:04X}, which MySQL takes in no name", u32::from(*.0))]
    Character(char),
}

impl Identifier {
    /// The most characters a name may have.
    pub const LIMIT: usize = 64;

    /// The name `name`.
    ///
    /// # Errors
    /// [`NameError`] where it cannot be one: empty, longer than [`Self::LIMIT`], or with a
    /// character that is not allowed even in quotes.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        let characters = name.chars().count();
        let refused = |c: &char| *c == '\0' || *c > '\u{FFFF}';
        match name.chars().find(refused) {
            Some(character) => Err(NameError::Character(character)),
            None if characters == 0 => Err(NameError::Empty),
            None if characters > Self::LIMIT => Err(NameError::TooLong(characters)),
            None => Ok(Self(name)),
        }
    }

    /// The name as it is, without quotes.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_taken_up_to_64_characters_not_bytes() {
        assert!(Identifier::new("ä".repeat(64)).is_ok());
        assert_eq!(Identifier::new("a".repeat(65)), Err(NameError::TooLong(65)));
    }

    #[test]
    fn what_no_quotes_can_make_a_name_is_refused() {
        for (text, error) in [
            ("", "the name is empty"),
            (
                "a\0b",
                "the name has the character U+0000, which MySQL takes in no name",
            ),
            (
                "a😀",
                "the name has the character U+1F600, which MySQL takes in no name",
            ),
        ] {
            assert_eq!(Identifier::new(text).unwrap_err().to_string(), error);
        }
    }
}
