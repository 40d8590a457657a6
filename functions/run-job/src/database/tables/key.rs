//! Places in an index.

use serde::{Deserialize, Serialize};

use super::Column;

/// A place in an index: the values of its columns, and after them those of the primary key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Key(pub Vec<Part>);

/// One value of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// NULL, which only a secondary index has.
    Null,
    /// A whole number.
    Integer(i128),
    /// A text, a date, a time, or a decimal number, as MySQL writes it.
    Text(String),
    /// Bytes, as hexadecimal digits.
    Hex(String),
}

/// How a value of a column is held in a key, so that it comes back exactly and is compared as the
/// column is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// As a whole number: the integer types and `YEAR`.
    Integer,
    /// As a text of this `DECIMAL`: its precision and scale.
    Decimal(String),
    /// As a text, in a character set that loses nothing in utf8mb4 and back.
    Text {
        /// The column's character set.
        charset: String,
        /// The column's collation.
        collation: String,
    },
    /// As the bytes of a text in another character set: some have two spellings of one character.
    Coded {
        /// The column's character set.
        charset: String,
        /// The column's collation.
        collation: String,
    },
    /// As bytes.
    Bytes,
    /// As a text of a `DATE`.
    Date,
    /// As a text of a `DATETIME` or, in UTC, of a `TIMESTAMP`.
    DateTime,
    /// As a text of a `TIME`.
    Time,
}

/// Character sets in which each text has one spelling, the same after a way through utf8mb4.
const FAITHFUL: [&str; 5] = ["utf8mb4", "utf8mb3", "utf8", "latin1", "ascii"];

impl Held {
    /// `FLOAT` and `DOUBLE` are not equal to what is written of them, and `ENUM`, `SET`, `BIT`,
    /// `JSON`, `BLOB` and `TEXT` are compared otherwise than they are ordered, or only by a prefix.
    pub(super) fn of(column: &Column) -> Option<Self> {
        Some(match column.kind.as_str() {
            "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "year" => Self::Integer,
            "decimal" => Self::Decimal(decimal(&column.full)?.to_owned()),
            "char" | "varchar" => text(column.collation.as_deref()?),
            "binary" | "varbinary" => Self::Bytes,
            "date" => Self::Date,
            "datetime" | "timestamp" => Self::DateTime,
            "time" => Self::Time,
            _ => return None,
        })
    }
}

/// `10,2` of `decimal(10,2) unsigned`.
fn decimal(full: &str) -> Option<&str> {
    let (_, rest) = full.split_once('(')?;
    let (size, _) = rest.split_once(')')?;
    Some(size)
}

/// A collation's name begins with its character set's.
/// <https://dev.mysql.com/doc/refman/8.0/en/charset-collation-names.html>
fn text(collation: &str) -> Held {
    let charset = collation.split('_').next().unwrap_or(collation).to_owned();
    let collation = collation.to_owned();
    if FAITHFUL.contains(&charset.as_str()) {
        return Held::Text { charset, collation };
    }
    Held::Coded { charset, collation }
}

#[cfg(test)]
mod tests {
    use jobs::policy::Name;
    use proptest::prelude::*;

    use super::*;

    fn held(kind: &str, full: &str, collation: Option<&str>) -> Option<Held> {
        let column = Column {
            name: Name::new("c").unwrap(),
            kind: kind.to_owned(),
            full: full.to_owned(),
            nullable: false,
            collation: collation.map(str::to_owned),
            generated: false,
        };
        column.held()
    }

    #[test]
    fn a_decimal_keeps_its_size() {
        let size = Some(Held::Decimal("10,2".to_owned()));
        assert_eq!(held("decimal", "decimal(10,2) unsigned", None), size);
    }

    #[test]
    fn a_text_is_held_as_bytes_where_its_character_set_has_two_spellings_of_one_text() {
        let [charset, collation] = ["utf8mb4", "utf8mb4_0900_ai_ci"].map(str::to_owned);
        let text = held("varchar", "varchar(9)", Some(&collation));
        assert_eq!(text, Some(Held::Text { charset, collation }));
        let [charset, collation] = ["cp932", "cp932_japanese_ci"].map(str::to_owned);
        let coded = held("char", "char(9)", Some(&collation));
        assert_eq!(coded, Some(Held::Coded { charset, collation }));
    }

    #[test]
    fn what_cannot_be_held_exactly_is_not_held() {
        for kind in [
            "float", "double", "bit", "enum", "set", "json", "geometry", "text", "blob", "vector",
        ] {
            assert_eq!(held(kind, kind, None), None, "{kind}");
        }
    }

    proptest! {
        #[test]
        fn a_key_comes_back_from_json_as_it_was(
            number in prop_oneof![
                any::<i64>().prop_map(i128::from),
                any::<u64>().prop_map(i128::from),
            ],
            text in any::<String>(),
        ) {
            let key = Key(vec![Part::Null, Part::Integer(number), Part::Text(text)]);
            let json = serde_json::to_string(&key).unwrap();
            prop_assert_eq!(serde_json::from_str::<Key>(&json).unwrap(), key);
        }
    }
}
