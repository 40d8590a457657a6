//! A line of `SHOW GRANTS`, taken apart.

use aurora_sql::Account;

use crate::{
    database::Grant,
    mysql::tokens::{Token, Tokens, Unread},
};

/// What a line of `SHOW GRANTS FOR account` says. `USAGE` gives nothing but the right to
/// hand on, where the line has it.
/// <https://dev.mysql.com/doc/refman/8.0/en/show-grants.html>
///
/// # Errors
/// Where the line, or a part of it, is of a kind that is not known, or is about another account.
pub(crate) fn read(line: &str, account: &Account) -> Result<Vec<Grant>, Unread> {
    let mut tokens = Tokens::new(line);
    let grants = match tokens.next() {
        Token::Word("GRANT") => granted(&mut tokens, account)?,
        Token::Word("REVOKE") => restricted(&mut tokens, account)?,
        other => return Err(unread("a line that begins with", other)),
    };
    match tokens.next() {
        Token::End => Ok(grants),
        other => Err(unread("a line that goes on after the account with", other)),
    }
}

fn granted(tokens: &mut Tokens<'_>, account: &Account) -> Result<Vec<Grant>, Unread> {
    match tokens.peek() {
        Token::Word("PROXY") => proxy(tokens, account),
        Token::Quoted(_) => roles(tokens, account),
        _ => privileges(tokens, account),
    }
}

fn proxy(tokens: &mut Tokens<'_>, account: &Account) -> Result<Vec<Grant>, Unread> {
    tokens.next();
    after(tokens, "ON")?;
    let on = tokens
        .account()
        .ok_or_else(|| odd("PROXY without an account"))?;
    whose(tokens, "TO", account)?;
    let grantable = tokens.words("WITH GRANT OPTION");
    Ok(vec![Grant::Proxy { on, grantable }])
}

fn roles(tokens: &mut Tokens<'_>, account: &Account) -> Result<Vec<Grant>, Unread> {
    let roles = tokens
        .accounts()
        .ok_or_else(|| odd("a role without a host"))?;
    whose(tokens, "TO", account)?;
    let admin = tokens.words("WITH ADMIN OPTION");
    let grant = |role| Grant::Role { role, admin };
    Ok(roles.into_iter().map(grant).collect())
}

fn privileges(tokens: &mut Tokens<'_>, account: &Account) -> Result<Vec<Grant>, Unread> {
    let privileges = list(tokens)?;
    let on = object(tokens)?;
    whose(tokens, "TO", account)?;
    let grantable = tokens.words("WITH GRANT OPTION");
    let real = |privilege: &String| grantable || privilege != "USAGE";
    let grant = |privilege| Grant::Privilege {
        privilege,
        on: on.to_owned(),
        grantable,
    };
    Ok(privileges.into_iter().filter(real).map(grant).collect())
}

fn restricted(tokens: &mut Tokens<'_>, account: &Account) -> Result<Vec<Grant>, Unread> {
    let privileges = list(tokens)?;
    let on = object(tokens)?;
    whose(tokens, "FROM", account)?;
    let restriction = |privilege| Grant::Restriction {
        privilege,
        on: on.to_owned(),
    };
    Ok(privileges.into_iter().map(restriction).collect())
}

/// Privileges up to `ON`, one for each column where there are columns.
fn list(tokens: &mut Tokens<'_>) -> Result<Vec<String>, Unread> {
    let mut privileges = Vec::new();
    loop {
        let name = name(tokens)?;
        let columns = columns(tokens)?;
        if columns.is_empty() {
            privileges.push(name);
        } else {
            privileges.extend(columns.iter().map(|column| format!("{name} ({column})")));
        }
        match tokens.next() {
            Token::Symbol(',') => {}
            Token::Word("ON") => return Ok(privileges),
            other => return Err(unread("a privilege that goes on with", other)),
        }
    }
}

/// The words of one privilege: `CREATE TEMPORARY TABLES`.
fn name(tokens: &mut Tokens<'_>) -> Result<String, Unread> {
    let mut words = Vec::new();
    while let Token::Word(word) = tokens.peek()
        && word != "ON"
    {
        words.push(word);
        tokens.next();
    }
    if words.is_empty() {
        return Err(unread("instead of a privilege", tokens.peek()));
    }
    Ok(words.join(" "))
}

/// The columns of one privilege, each as the server spells it; often none.
fn columns<'a>(tokens: &mut Tokens<'a>) -> Result<Vec<&'a str>, Unread> {
    let mut columns = Vec::new();
    if !tokens.take(Token::Symbol('(')) {
        return Ok(columns);
    }
    loop {
        let start = *tokens;
        tokens
            .quoted()
            .ok_or_else(|| odd("a column that is not in quotes"))?;
        columns.push(tokens.since(start));
        match tokens.next() {
            Token::Symbol(',') => {}
            Token::Symbol(')') => return Ok(columns),
            other => return Err(unread("columns that go on with", other)),
        }
    }
}

/// The object of a privilege, as the server spells it.
fn object<'a>(tokens: &mut Tokens<'a>) -> Result<&'a str, Unread> {
    let start = *tokens;
    let known = match tokens.next() {
        Token::Symbol('*') => dot(tokens) && tokens.take(Token::Symbol('*')),
        Token::Quoted(_) => {
            dot(tokens) && (tokens.take(Token::Symbol('*')) || tokens.quoted().is_some())
        }
        Token::Word("PROCEDURE" | "FUNCTION" | "LIBRARY") => {
            tokens.quoted().is_some() && dot(tokens) && tokens.quoted().is_some()
        }
        other => return Err(unread("privileges on", other)),
    };
    if known {
        return Ok(tokens.since(start));
    }
    Err(odd(
        "an object that is neither a schema, a table nor a routine",
    ))
}

fn dot(tokens: &mut Tokens<'_>) -> bool {
    tokens.take(Token::Symbol('.'))
}

fn after(tokens: &mut Tokens<'_>, word: &str) -> Result<(), Unread> {
    match tokens.next() {
        Token::Word(found) if found == word => Ok(()),
        other => Err(unread(&format!("where {word} is expected"), other)),
    }
}

/// Goes past the account, which must be the one that was asked for: a line that was taken apart
/// wrongly would hardly end with it.
fn whose(tokens: &mut Tokens<'_>, word: &str, account: &Account) -> Result<(), Unread> {
    after(tokens, word)?;
    match tokens.account() {
        Some(found) if found == *account => Ok(()),
        _ => Err(odd("a line about another account")),
    }
}

fn odd(what: &str) -> Unread {
    Unread {
        statement: "SHOW GRANTS",
        what: what.to_owned(),
    }
}

fn unread(what: &str, token: Token<'_>) -> Unread {
    match token {
        Token::Word(word) => odd(&format!("{what} {word}")),
        Token::Quoted(_) => odd(&format!("{what} a quoted name")),
        Token::Symbol(symbol) => odd(&format!("{what} {symbol}")),
        Token::Unclosed => odd(&format!("{what} a quote without its end")),
        Token::End => odd(&format!("{what} nothing")),
    }
}
