//! What is known of a call or a statement before it is run.

use std::time::Duration;

use aurora_sql::SqlError;
use jobs::{
    Job,
    policy::{Call, Kind, Sql},
};

use super::sql::{self, Way};
use crate::{
    database::{Parameter, Supervised},
    turn::Outlook,
};

/// Lambda's longest time is 15 minutes; the rest is for what is around the work.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
const LONGEST: Duration = Duration::from_mins(14);

const NOT_ENDABLE: &str = "call.procedure: it runs with the rights of another account, its definer's, so \
     that the job's user cannot end it when its budget is up: GRANT EXECUTE ON PROCEDURE \
     mysql.rds_kill_query to the user, or give the procedure SQL SECURITY INVOKER";

/// [`look`](super::look) on any login.
///
/// # Errors
/// When the server cannot be asked.
pub async fn outlook<S: Supervised>(session: &mut S, job: &Job) -> Result<Outlook, SqlError> {
    let mut outlook = match job.kind() {
        Some(Kind::Call(call)) => of_call(session, job, call).await?,
        Some(Kind::Statement(sql)) => of_statement(session, sql).await?,
        _ => return Ok(Outlook::default()),
    };
    about_budget(job, &mut outlook);
    Ok(outlook)
}

async fn of_call<S: Supervised>(
    session: &mut S,
    job: &Job,
    call: &Call,
) -> Result<Outlook, SqlError> {
    let name = format!("{}.{}", job.database, call.procedure);
    let would = format!("call {name}, for {} at most", call.budget);
    let (mut refused, mut notes) = (Vec::new(), Vec::new());
    match session.procedure(&job.database, &call.procedure).await? {
        None => refused.push(format!(
            "call.procedure: there is no procedure {name}, or the job's user may not execute it \
             (GRANT EXECUTE ON PROCEDURE)"
        )),
        Some(procedure) => {
            refused.extend(of_arguments(call, &procedure.parameters));
            notes.extend((!procedure.endable).then(|| NOT_ENDABLE.to_owned()));
        }
    }
    Ok(Outlook {
        refused,
        would,
        notes,
        ..Outlook::default()
    })
}

fn of_arguments(call: &Call, parameters: &[Parameter]) -> Vec<String> {
    let (expected, got) = (parameters.len(), call.arguments.len());
    if expected != got {
        return vec![format!(
            "call.arguments: the procedure takes {expected}, got {got}"
        )];
    }
    let odd = |(number, parameter): (usize, &Parameter)| {
        let Parameter { name, mode } = parameter;
        let argument = &call.arguments[number];
        let which = format!("call.arguments[{number}]");
        if mode != "IN" {
            return Some(format!(
                "{which}: {name} is {mode}; a job passes values IN only"
            ));
        }
        let composite = argument.is_array() || argument.is_object();
        let expected = "expected a text, a number, true, false or null";
        composite.then(|| format!("{which}: {expected}, got {argument}"))
    };
    parameters.iter().enumerate().filter_map(odd).collect()
}

async fn of_statement<S: Supervised>(session: &mut S, sql: &Sql) -> Result<Outlook, SqlError> {
    let way = match sql::way(&sql.sql) {
        Ok(way) => way,
        Err(not_run) => return Ok(refused(not_run.to_string())),
    };
    match session.prepare(sql).await {
        Ok(()) => {}
        Err(SqlError::Refused { code, state, .. }) => return Ok(refused(unreadable(code, &state))),
        Err(SqlError::MissingRight { right, code }) => {
            let lacks = format!("the job's user lacks the right {right} for it ({code})");
            return Ok(refused(format!("statement.sql: {lacks}")));
        }
        Err(error) => return Err(error),
    }
    let how = match way {
        Way::Noted => "in one transaction with the ledger's note",
        Way::ByItself => "which commits by itself",
    };
    let would = format!("run the statement, {how}, for {} at most", sql.budget);
    Ok(Outlook {
        would,
        ..Outlook::default()
    })
}

fn refused(why: String) -> Outlook {
    let refused = vec![why];
    Outlook {
        refused,
        ..Outlook::default()
    }
}

/// <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html>
fn unreadable(code: u16, state: &str) -> String {
    let why = match code {
        1064 => "the server cannot read it",
        1146 => "a table in it does not exist",
        1054 => "a column in it does not exist",
        1295 => "the server does not prepare such a statement; put it into a procedure",
        _ => "the server refuses to prepare it",
    };
    format!("statement.sql: {why} ({code}, {state})")
}

fn about_budget(job: &Job, outlook: &mut Outlook) {
    let (field, budget) = match job.kind() {
        Some(Kind::Call(call)) => ("call.budget", call.budget),
        Some(Kind::Statement(sql)) => ("statement.budget", sql.budget),
        _ => return,
    };
    let time = budget.duration().unsigned_abs();
    if time.is_zero() {
        outlook
            .refused
            .push(format!("{field}: expected more than 0s"));
    }
    if time > LONGEST {
        outlook.notes.push(format!(
            "{field}: {budget} is longer than a Lambda function may run (15m): the work is ended when \
             the function's time is up"
        ));
    }
}
