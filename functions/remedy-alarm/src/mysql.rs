//! Real servers: [`Database`](crate::database::Database) on [`aurora_sql`].
