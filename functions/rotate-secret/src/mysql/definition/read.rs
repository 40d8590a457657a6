//! `SHOW CREATE USER`, taken apart.

use std::collections::BTreeSet;

use aurora_sql::Account;

use super::{FAILED_LOGINS, LIMITS};
use crate::mysql::tokens::{Token, Tokens, Unread};

/// What `mysql.user` says better than `SHOW CREATE USER`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Beside {
    /// After how many days a password expires: `None` is the server's default, 0 is never. A
    /// password that has expired hides it.
    pub(crate) lifetime: Option<u16>,
    /// What `REQUIRE SUBJECT` asks for. `SHOW CREATE USER` writes it without escapes, so that its
    /// end is known only to whoever knows it.
    pub(crate) subject: String,
    /// The same of `REQUIRE ISSUER`.
    pub(crate) issuer: String,
    /// The same of `REQUIRE CIPHER`.
    pub(crate) cipher: String,
}

/// What is kept of `SHOW CREATE USER`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Clauses {
    pub(crate) plugin: String,
    pub(crate) default_roles: BTreeSet<Account>,
    pub(crate) options: BTreeSet<String>,
}

/// What `SHOW CREATE USER account` says.
///
/// # Errors
/// Where a part of it is of a kind that is not known, or it is about another account. The error
/// has nothing of the statement in it: whoever loses his way in it may stand in a password's hash.
pub(crate) fn read(statement: &str, account: &Account, beside: &Beside) -> Result<Clauses, Unread> {
    let mut tokens = Tokens::new(statement);
    if !tokens.words("CREATE USER") || tokens.account().as_ref() != Some(account) {
        return Err(odd("another account"));
    }
    let mut clauses = Clauses {
        plugin: authentication(&mut tokens)?,
        ..Clauses::default()
    };
    if tokens.words("DEFAULT ROLE") {
        let roles = tokens
            .accounts()
            .ok_or_else(|| odd("a role without a host"))?;
        clauses.default_roles.extend(roles);
    }
    while tokens.peek() != Token::End {
        let options = option(&mut tokens, beside)?;
        clauses.options.extend(options);
    }
    clauses.options.retain(|option| !off(option));
    Ok(clauses)
}

/// Whether an option only says that something is off. Servers show it or not, for the same account.
fn off(option: &str) -> bool {
    let mut names = LIMITS.iter().chain(&FAILED_LOGINS);
    names.any(|name| option.strip_prefix(name) == Some(" 0"))
}

/// Goes past the stored password, of which nothing is kept.
fn authentication(tokens: &mut Tokens<'_>) -> Result<String, Unread> {
    if !tokens.words("IDENTIFIED WITH") {
        return Err(odd("no authentication plugin"));
    }
    let plugin = tokens
        .quoted()
        .ok_or_else(|| odd("no authentication plugin"))?;
    if tokens.words("AS") && !matches!(tokens.next(), Token::Word(_) | Token::Quoted(_)) {
        return Err(odd("no end of the stored password"));
    }
    if tokens.words("AND") {
        return Err(odd("more than one authentication factor"));
    }
    Ok(plugin.text())
}

/// The next clause, in one part or more.
fn option(tokens: &mut Tokens<'_>, beside: &Beside) -> Result<Vec<String>, Unread> {
    if tokens.words("REQUIRE") {
        return require(tokens, beside).map(|option| vec![option]);
    }
    if tokens.words("WITH") {
        return limits(tokens);
    }
    if tokens.words("ATTRIBUTE") || tokens.words("COMMENT") {
        let note = tokens.quoted().map(|_| Vec::new());
        return note.ok_or_else(|| odd("a note that is no text"));
    }
    fixed(tokens)
        .or_else(|| expiry(tokens, beside))
        .or_else(|| counted(tokens))
        .map(|option| vec![option])
        .ok_or_else(|| odd("an option that is not known"))
}

/// <https://dev.mysql.com/doc/refman/8.0/en/create-user.html#create-user-tls>
fn require(tokens: &mut Tokens<'_>, beside: &Beside) -> Result<String, Unread> {
    for whole in ["NONE", "SSL", "X509"] {
        if tokens.words(whole) {
            return Ok(format!("REQUIRE {whole}"));
        }
    }
    let mut option = "REQUIRE".to_owned();
    for (word, text) in [
        ("SUBJECT", &beside.subject),
        ("ISSUER", &beside.issuer),
        ("CIPHER", &beside.cipher),
    ] {
        if tokens.words(word) {
            if !tokens.bare(text) {
                return Err(odd("another requirement of TLS than mysql.user"));
            }
            option.extend([" ", word, " ", &quoted(text)]);
        }
    }
    if option == "REQUIRE" {
        return Err(odd("a requirement of TLS that is not known"));
    }
    Ok(option)
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

fn limits(tokens: &mut Tokens<'_>) -> Result<Vec<String>, Unread> {
    let mut limits = Vec::new();
    while let Some(limit) = limit(tokens) {
        limits.push(limit);
    }
    if limits.is_empty() {
        return Err(odd("a limit that is not known"));
    }
    Ok(limits)
}

fn limit(tokens: &mut Tokens<'_>) -> Option<String> {
    let mut names = LIMITS.iter();
    let name = names.find(|name| tokens.words(name.trim_start_matches("WITH ")))?;
    Some(format!("{name} {}", number(tokens)?))
}

/// The options without a number. A longer one stands before the one it begins with.
fn fixed(tokens: &mut Tokens<'_>) -> Option<String> {
    let options = [
        "ACCOUNT LOCK",
        "ACCOUNT UNLOCK",
        "PASSWORD HISTORY DEFAULT",
        "PASSWORD REUSE INTERVAL DEFAULT",
        "PASSWORD REQUIRE CURRENT DEFAULT",
        "PASSWORD REQUIRE CURRENT OPTIONAL",
        "PASSWORD REQUIRE CURRENT",
        "PASSWORD_LOCK_TIME UNBOUNDED",
    ];
    let option = options.into_iter().find(|option| tokens.words(option))?;
    Some(option.to_owned())
}

fn expiry(tokens: &mut Tokens<'_>, beside: &Beside) -> Option<String> {
    if !tokens.words("PASSWORD EXPIRE") {
        return None;
    }
    if tokens.words("INTERVAL") {
        number(tokens)?;
        tokens.words("DAY").then_some(())?;
    } else {
        let _whichever = tokens.words("DEFAULT") || tokens.words("NEVER");
    }
    Some(match beside.lifetime {
        None => "PASSWORD EXPIRE DEFAULT".to_owned(),
        Some(0) => "PASSWORD EXPIRE NEVER".to_owned(),
        Some(days) => format!("PASSWORD EXPIRE INTERVAL {days} DAY"),
    })
}

fn counted(tokens: &mut Tokens<'_>) -> Option<String> {
    let options = [
        ("PASSWORD HISTORY", ""),
        ("PASSWORD REUSE INTERVAL", " DAY"),
        ("FAILED_LOGIN_ATTEMPTS", ""),
        ("PASSWORD_LOCK_TIME", ""),
    ];
    let (name, unit) = options.into_iter().find(|(name, _)| tokens.words(name))?;
    let number = number(tokens)?;
    (unit.is_empty() || tokens.words(unit.trim())).then(|| format!("{name} {number}{unit}"))
}

fn number<'a>(tokens: &mut Tokens<'a>) -> Option<&'a str> {
    match tokens.next() {
        Token::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit()) => Some(word),
        _ => None,
    }
}

fn odd(what: &str) -> Unread {
    Unread {
        statement: "SHOW CREATE USER",
        what: what.to_owned(),
    }
}
