//! What an EVENT does, and the kind of job that does the same.
//!
//! Nothing is guessed: what is not recognised whole becomes a procedure made of the body as it is.

mod compound;
mod condition;
mod differences;
mod free;
mod lex;
mod literal;
mod moment;
mod procedure;
mod purge;
mod reader;
mod single;

use jobs::policy::{Call, Name, Rows, Sql};

use self::{compound::Reduced, lex::Token};
use crate::event::Event;

/// What a job does in the place of an EVENT.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// What it does.
    pub kind: Kind,
    /// The schema it works in.
    pub database: Name,
    /// What is different in meaning, a sentence each.
    pub differences: Vec<String>,
}

/// The kinds of job that an EVENT becomes.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Its `DELETE`, in small steps.
    Purge(Box<Rows>),
    /// The procedure that it calls.
    Call(Call),
    /// Its one statement.
    Statement(Sql),
    /// A procedure that is to be made of its body first, by a person who has read it.
    Procedure {
        /// The statements that make it.
        create: String,
        /// The call of it.
        call: Call,
    },
}

/// What a job does in the place of `event`.
#[must_use]
pub fn recognise(event: &Event) -> Work {
    let tokens = lex::tokens(&event.body, &event.sql_mode);
    let found = tokens.as_deref().and_then(|tokens| {
        let reduced = compound::reduce(tokens)?;
        kind(&reduced, event)
    });
    found.unwrap_or_else(|| procedure::procedure(event))
}

/// The job for the one statement that a body comes down to.
fn kind(reduced: &Reduced<'_, '_>, event: &Event) -> Option<Work> {
    let statement = reduced.statement;
    let mut work = by_age(statement, event)
        .or_else(|| single::call(statement, event))
        .or_else(|| single::statement(statement, event))?;
    let left_out = reduced.left_out.iter().cloned();
    work.differences.splice(0..0, left_out);
    Some(work)
}

fn by_age(statement: &[Token<'_>], event: &Event) -> Option<Work> {
    let purge = purge::purge(statement, event)?;
    let database = purge.schema.unwrap_or_else(|| event.schema.clone());
    let mut differences = purge.differences;
    differences.push(differences::rights(
        event,
        &format!("SELECT and DELETE on {database}.{}", purge.rows.table),
    ));
    let kind = Kind::Purge(Box::new(purge.rows));
    Some(Work {
        kind,
        database,
        differences,
    })
}

#[cfg(test)]
mod tests;
