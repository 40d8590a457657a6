//! What a new password looks like.

use std::ops::RangeInclusive;

/// How long a password may be. Secrets Manager makes up to 4096 characters; `caching_sha2_password`
/// takes at most 256 bytes.
const LENGTHS: RangeInclusive<u16> = 1..=256;
/// How many characters may be excluded, says the API.
const MOST_EXCLUDED: usize = 4096;

/// What a new password looks like. The default is that of AWS's rotation functions: 32 characters
/// of all four types, at least one of each, without blanks and without `/ @ " ' \`.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html>
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the API has one parameter for each"
)]
pub struct PasswordShape {
    /// How many characters, 1 to 256.
    pub length: u16,
    /// Characters that must not be in it, at most 4096.
    pub exclude_characters: String,
    /// Whether it is without digits.
    pub exclude_numbers: bool,
    /// Whether it is without punctuation.
    pub exclude_punctuation: bool,
    /// Whether it is without capital letters.
    pub exclude_uppercase: bool,
    /// Whether it is without small letters.
    pub exclude_lowercase: bool,
    /// Whether it may have blanks.
    pub include_space: bool,
    /// Whether it has at least one character of each type that is not excluded.
    pub require_each_included_type: bool,
}

impl Default for PasswordShape {
    fn default() -> Self {
        Self {
            length: 32,
            exclude_characters: "/@\"'\\".into(),
            exclude_numbers: false,
            exclude_punctuation: false,
            exclude_uppercase: false,
            exclude_lowercase: false,
            include_space: false,
            require_each_included_type: true,
        }
    }
}

/// An environment variable that says nothing about a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} is \"{value}\"; set it to {expected}, or remove it for the default")]
pub struct ShapeError {
    /// The variable.
    pub variable: &'static str,
    /// What it is.
    pub value: String,
    /// What it may be.
    pub expected: &'static str,
}

impl PasswordShape {
    /// The shape that the environment variables of AWS's rotation functions describe:
    /// `PASSWORD_LENGTH`, `EXCLUDE_CHARACTERS`, `EXCLUDE_NUMBERS`, `EXCLUDE_PUNCTUATION`,
    /// `EXCLUDE_UPPERCASE`, `EXCLUDE_LOWERCASE` and `REQUIRE_EACH_INCLUDED_TYPE`; a variable that
    /// is not set leaves the default. `EXCLUDE_CHARACTERS` may be empty.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_available-rotation-templates.html>
    ///
    /// # Errors
    /// When a variable is set to something else than it may be. AWS's functions take any word they
    /// do not know for "no"; a misspelt `EXCLUDE_PUNCTUATION` would make passwords that nobody wanted.
    pub fn of(variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, ShapeError> {
        let default = Self::default();
        let switch = |name, default| switch(name, variable(name), default);
        Ok(Self {
            length: length(variable("PASSWORD_LENGTH"), default.length)?,
            exclude_characters: characters(
                variable("EXCLUDE_CHARACTERS"),
                default.exclude_characters,
            )?,
            exclude_numbers: switch("EXCLUDE_NUMBERS", default.exclude_numbers)?,
            exclude_punctuation: switch("EXCLUDE_PUNCTUATION", default.exclude_punctuation)?,
            exclude_uppercase: switch("EXCLUDE_UPPERCASE", default.exclude_uppercase)?,
            exclude_lowercase: switch("EXCLUDE_LOWERCASE", default.exclude_lowercase)?,
            include_space: default.include_space,
            require_each_included_type: switch(
                "REQUIRE_EACH_INCLUDED_TYPE",
                default.require_each_included_type,
            )?,
        })
    }
}

fn length(value: Option<String>, default: u16) -> Result<u16, ShapeError> {
    let Some(value) = value else {
        return Ok(default);
    };
    let length = value.trim().parse().ok();
    length
        .filter(|length| LENGTHS.contains(length))
        .ok_or(ShapeError {
            variable: "PASSWORD_LENGTH",
            value,
            expected: "a number from 1 to 256",
        })
}

fn characters(value: Option<String>, default: String) -> Result<String, ShapeError> {
    let value = value.unwrap_or(default);
    if value.chars().count() <= MOST_EXCLUDED {
        return Ok(value);
    }
    Err(ShapeError {
        variable: "EXCLUDE_CHARACTERS",
        value: format!("{} characters long", value.chars().count()),
        expected: "at most 4096 characters",
    })
}

/// The words that AWS's functions take for "yes", and their opposites.
fn switch(
    variable: &'static str,
    value: Option<String>,
    default: bool,
) -> Result<bool, ShapeError> {
    let Some(value) = value else {
        return Ok(default);
    };
    match value.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "y" | "yes" => Ok(true),
        "false" | "0" | "n" | "no" | "" => Ok(false),
        _ => Err(ShapeError {
            variable,
            value,
            expected: "\"true\" or \"false\"",
        }),
    }
}
