//! What `information_schema` says of a table.

use aurora_sql::{Row, Session, SqlError, Statement};
use jobs::policy::Name;

use super::explain;
use crate::database::{Column, ForeignKey, Index, Table};

pub(super) async fn table(
    session: &mut Session,
    schema: &Name,
    name: &Name,
) -> Result<Option<Table>, SqlError> {
    let mut ask = Ask {
        session,
        schema,
        name,
    };
    let Some(engine) = ask.engine().await? else {
        return Ok(None);
    };
    let rows = if engine.is_empty() {
        0
    } else {
        explain::rows(ask.session, schema, name).await?
    };
    Ok(Some(Table {
        engine,
        columns: ask.columns().await?,
        indexes: ask.indexes().await?,
        referred_by: ask.referred_by().await?,
        delete_triggers: ask.delete_triggers().await?,
        rows,
        schema: schema.clone(),
        name: name.clone(),
    }))
}

struct Ask<'a> {
    session: &'a mut Session,
    schema: &'a Name,
    name: &'a Name,
}

impl Ask<'_> {
    async fn query(&mut self, sql: &'static str) -> Result<Vec<Row>, SqlError> {
        let statement = Statement::new("reading the table's description", sql);
        let statement = statement
            .bind(self.schema.as_str())
            .bind(self.name.as_str());
        self.session.query(&statement).await
    }

    /// A view has none.
    async fn engine(&mut self) -> Result<Option<String>, SqlError> {
        let sql = "SELECT COALESCE(ENGINE, '') FROM information_schema.TABLES \
                   WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";
        let rows = self.query(sql).await?;
        rows.first().map(|row| row.required_text(0)).transpose()
    }

    /// `EXTRA` says `DEFAULT_GENERATED` of columns that are not.
    async fn columns(&mut self) -> Result<Vec<Column>, SqlError> {
        let sql = "SELECT COLUMN_NAME, DATA_TYPE, COLUMN_TYPE, IS_NULLABLE = 'YES', COLLATION_NAME, \
                   GENERATION_EXPRESSION <> '' FROM information_schema.COLUMNS \
                   WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION";
        let rows = self.query(sql).await?;
        rows.iter().map(column).collect()
    }

    /// Functional indexes have no columns; they come without them and are not plain.
    async fn indexes(&mut self) -> Result<Vec<Index>, SqlError> {
        let sql = "SELECT INDEX_NAME, COLUMN_NAME, NON_UNIQUE = 0, INDEX_TYPE = 'BTREE' \
                   AND COLUMN_NAME IS NOT NULL AND SUB_PART IS NULL AND COLLATION <=> 'A' \
                   FROM information_schema.STATISTICS \
                   WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND IS_VISIBLE = 'YES' \
                   ORDER BY INDEX_NAME <> 'PRIMARY', INDEX_NAME, SEQ_IN_INDEX";
        let mut indexes: Vec<Index> = Vec::new();
        for row in self.query(sql).await? {
            let name = named(&row, 0)?;
            if indexes.last().is_none_or(|last| last.name != name) {
                let (columns, plain, unique) = (Vec::new(), true, yes(&row, 2)?);
                indexes.push(Index {
                    name,
                    columns,
                    plain,
                    unique,
                });
            }
            if let Some(index) = indexes.last_mut() {
                index.plain &= yes(&row, 3)?;
                index
                    .columns
                    .extend(row.text(1)?.as_deref().and_then(Name::new));
            }
        }
        Ok(indexes)
    }

    async fn referred_by(&mut self) -> Result<Vec<ForeignKey>, SqlError> {
        let sql = "SELECT k.CONSTRAINT_SCHEMA, k.CONSTRAINT_NAME, k.TABLE_NAME, k.COLUMN_NAME, \
                   k.REFERENCED_COLUMN_NAME, c.DELETE_RULE \
                   FROM information_schema.KEY_COLUMN_USAGE k \
                   JOIN information_schema.REFERENTIAL_CONSTRAINTS c \
                   ON c.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA \
                   AND c.CONSTRAINT_NAME = k.CONSTRAINT_NAME \
                   WHERE k.REFERENCED_TABLE_SCHEMA = ? AND k.REFERENCED_TABLE_NAME = ? \
                   ORDER BY 1, 2, k.ORDINAL_POSITION";
        let mut keys: Vec<(String, ForeignKey)> = Vec::new();
        for row in self.query(sql).await? {
            let (schema, name) = (row.required_text(0)?, row.required_text(1)?);
            let same = |(last, key): &(String, ForeignKey)| *last == name && key.schema == schema;
            if !keys.last().is_some_and(same) {
                let key = ForeignKey {
                    schema,
                    table: row.required_text(2)?,
                    columns: Vec::new(),
                    references: Vec::new(),
                    on_delete: row.required_text(5)?,
                };
                keys.push((name, key));
            }
            if let Some((_, key)) = keys.last_mut() {
                key.columns.push(row.required_text(3)?);
                key.references.push(row.required_text(4)?);
            }
        }
        Ok(keys.into_iter().map(|(_, key)| key).collect())
    }

    async fn delete_triggers(&mut self) -> Result<Vec<String>, SqlError> {
        let sql = "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS \
                   WHERE EVENT_OBJECT_SCHEMA = ? AND EVENT_OBJECT_TABLE = ? \
                   AND EVENT_MANIPULATION = 'DELETE' ORDER BY ACTION_ORDER";
        let rows = self.query(sql).await?;
        rows.iter().map(|row| row.required_text(0)).collect()
    }
}

fn column(row: &Row) -> Result<Column, SqlError> {
    Ok(Column {
        name: named(row, 0)?,
        kind: row.required_text(1)?,
        full: row.required_text(2)?,
        nullable: yes(row, 3)?,
        collation: row.text(4)?,
        generated: yes(row, 5)?,
    })
}

fn yes(row: &Row, at: usize) -> Result<bool, SqlError> {
    Ok(row.integer(at)? == Some(1))
}

fn named(row: &Row, at: usize) -> Result<Name, SqlError> {
    Name::new(&row.required_text(at)?).ok_or_else(|| SqlError::Refused {
        what: "reading the table's description".to_owned(),
        code: 2027,
        state: "HY000".to_owned(),
    })
}
