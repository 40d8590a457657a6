//! Procedures and statements.

use std::time::Duration;

use aurora_sql::{SqlError, Statement, Value};
use jobs::{
    ledger,
    policy::{Call, Name, Sql},
};
use tokio::time::Instant;

use super::{Connected, odd};
use crate::database::{
    Holder, Parameter, Place, Procedure, RunId, Supervised, Tally, Work, Worked,
};

const WHAT: &str = "the job's work";

/// A procedure without parameters has one row.
const PARAMETERS: &str = "SELECT p.PARAMETER_NAME, p.PARAMETER_MODE, \
     r.SECURITY_TYPE = 'INVOKER' OR r.DEFINER = CURRENT_USER() OR EXISTS ( \
     SELECT * FROM information_schema.ROUTINES \
     WHERE ROUTINE_SCHEMA = 'mysql' AND ROUTINE_NAME = 'rds_kill_query') \
     FROM information_schema.ROUTINES r LEFT JOIN information_schema.PARAMETERS p \
     ON p.SPECIFIC_SCHEMA = r.ROUTINE_SCHEMA AND p.SPECIFIC_NAME = r.SPECIFIC_NAME \
     AND p.ROUTINE_TYPE = 'PROCEDURE' \
     WHERE r.ROUTINE_TYPE = 'PROCEDURE' AND r.ROUTINE_SCHEMA = ? AND r.ROUTINE_NAME = ? \
     ORDER BY p.ORDINAL_POSITION";

/// As [`ledger::STEP`], for work that is noted when it is done.
const NOTE: &str = "UPDATE `nightshift`.`job_run` SET `place` = ?, `steps` = `steps` + ?, \
     `rows_gone` = `rows_gone` + ?, `rows_copied` = `rows_copied` + ?, `busy_ms` = `busy_ms` + ? \
     WHERE `id` = ? AND `holder` = ? AND `state` = 'running'";

impl Supervised for Connected {
    async fn procedure(
        &mut self,
        schema: &Name,
        procedure: &Name,
    ) -> Result<Option<Procedure>, SqlError> {
        let statement = Statement::new("asking for the procedure", PARAMETERS)
            .bind(schema.as_str())
            .bind(procedure.as_str());
        let rows = self.session.query(&statement).await?;
        let mut parameters = Vec::new();
        for row in &rows {
            let name = row.text(0)?.unwrap_or_default();
            let mode = row.text(1)?;
            parameters.extend(mode.map(|mode| Parameter { name, mode }));
        }
        let endable = rows.first().map(|row| row.integer(2)).transpose()?;
        Ok(endable.map(|endable| Procedure {
            parameters,
            endable: endable == Some(1),
        }))
    }

    async fn prepare(&mut self, sql: &Sql) -> Result<(), SqlError> {
        self.session.execute(&prepared(sql)).await?;
        self.forget().await
    }

    async fn work(&mut self, work: Work<'_>, budget: Duration) -> Result<Worked, SqlError> {
        self.session.allow_selects(budget).await?;
        let worked = self.carry_out(work, budget).await;
        let settled = self.session.settle().await;
        let rows = worked?;
        settled.map(|rolled_back| Worked { rows, rolled_back })
    }

    async fn work_noted(
        &mut self,
        work: Work<'_>,
        budget: Duration,
        run: RunId,
        holder: &Holder,
        then: &Place,
    ) -> Result<Option<u64>, SqlError> {
        self.session.allow_selects(budget).await?;
        let start = Statement::new("beginning a transaction", "START TRANSACTION");
        self.session.execute(&start).await?;
        let began = Instant::now();
        let noted = match self.carry_out(work, budget).await {
            Ok(rows) => self.step(run, holder, then, rows, began).await,
            Err(error) => Err(error),
        };
        if let Ok(Some(_)) = noted {
            self.commit().await?;
        }
        let settled = self.session.settle().await;
        match noted {
            // It is committed: whatever is wrong with the session, the next statement sees.
            Ok(Some(_)) | Err(_) => noted,
            Ok(None) => settled.map(|_| None),
        }
    }

    async fn note(
        &mut self,
        run: RunId,
        holder: &Holder,
        then: &Place,
        more: &Tally,
    ) -> Result<bool, SqlError> {
        let statement = Statement::new("noting what was done", NOTE);
        let place = place(then, &statement)?;
        let statement = statement.bind(place).bind(more.steps).bind(more.rows);
        let statement = statement.bind(more.copied).bind(more.busy_ms);
        let statement = statement.bind(run.0).bind(holder.0.as_str());
        Ok(self.session.execute(&statement).await? == 1)
    }
}

impl Connected {
    /// A statement is prepared first: the server then takes one and no more.
    async fn carry_out(&mut self, work: Work<'_>, budget: Duration) -> Result<u64, SqlError> {
        let sql = match work {
            Work::Call(schema, call) => {
                let statement = called(schema, call)?;
                return self.session.execute_within(&statement, budget).await;
            }
            Work::Statement(sql) => sql,
        };
        self.session.execute(&prepared(sql)).await?;
        let execute = Statement::new(WHAT, "EXECUTE nightshift");
        let rows = self.session.execute_within(&execute, budget).await?;
        self.forget().await?;
        Ok(rows)
    }

    /// One that is not answered in time may have taken effect, as one whose connection is lost.
    async fn commit(&mut self) -> Result<(), SqlError> {
        let statement = Statement::new("committing the job's work", "COMMIT");
        match self.session.execute(&statement).await {
            Ok(_) => Ok(()),
            Err(SqlError::TimedOut { what, .. }) => Err(SqlError::Lost { what }),
            Err(error) => Err(error),
        }
    }

    async fn forget(&mut self) -> Result<(), SqlError> {
        let statement = Statement::new("forgetting a statement", "DEALLOCATE PREPARE nightshift");
        self.session.execute(&statement).await.map(drop)
    }

    /// The ledger's note, within the transaction; `None` where another has the run.
    async fn step(
        &mut self,
        run: RunId,
        holder: &Holder,
        then: &Place,
        rows: u64,
        began: Instant,
    ) -> Result<Option<u64>, SqlError> {
        let statement = Statement::new("noting the job's work", ledger::STEP);
        let place = place(then, &statement)?;
        let milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        let statement = [rows, 0, 0, 0, milliseconds, run.0]
            .into_iter()
            .fold(statement.bind(place), Statement::bind);
        let statement = statement.bind(holder.0.as_str());
        Ok((self.session.execute(&statement).await? == 1).then_some(rows))
    }
}

fn prepared(sql: &Sql) -> Statement {
    Statement::new(WHAT, "PREPARE nightshift FROM ").string(&sql.sql)
}

fn place(place: &Place, statement: &Statement) -> Result<String, SqlError> {
    serde_json::to_string(place).map_err(|_| odd(statement))
}

fn called(schema: &Name, call: &Call) -> Result<Statement, SqlError> {
    let mut statement = Statement::new(WHAT, "CALL ")
        .identifier(schema.identifier())
        .sql(".")
        .identifier(call.procedure.identifier())
        .sql("(");
    for (number, argument) in call.arguments.iter().enumerate() {
        let value = value(argument).ok_or_else(|| odd(&statement))?;
        let placeholder = if number == 0 { "?" } else { ", ?" };
        statement = statement.sql(placeholder).bind(value);
    }
    Ok(statement.sql(")"))
}

/// Numbers that are not whole go as text: the server converts them to the parameter's type, exactly.
fn value(argument: &serde_json::Value) -> Option<Value> {
    Some(match argument {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(value) => Value::Integer((*value).into()),
        serde_json::Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(signed), _) => signed.into(),
            (None, Some(unsigned)) => unsigned.into(),
            (None, None) => number.to_string().into(),
        },
        serde_json::Value::String(text) => text.as_str().into(),
        serde_json::Value::Array(_) | serde_json::Value::Object(_) => return None,
    })
}
