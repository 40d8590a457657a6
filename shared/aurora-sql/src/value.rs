//! A value that is sent beside a statement, never within its text.

/// A value for a `?`. Dates, times and decimals are given as text: the server converts them.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `NULL`.
    Null,
    /// A signed number.
    Integer(i64),
    /// A number that is not negative.
    Unsigned(u64),
    /// A floating-point number.
    Double(f64),
    /// A text or bytes. The connection's character set is utf8mb4.
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Unsigned(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Double(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Bytes(text.as_bytes().to_vec())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Bytes(text.into_bytes())
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl From<&Value> for mysql_async::Value {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Integer(number) => Self::Int(*number),
            Value::Unsigned(number) => Self::UInt(*number),
            Value::Double(number) => Self::Double(*number),
            Value::Bytes(bytes) => Self::Bytes(bytes.clone()),
        }
    }
}
