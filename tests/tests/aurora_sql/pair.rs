//! A writer and its reader.

use aurora_sql::{SqlError, Statement};
use nightshift_tests::mysql::Pair;
use secrets::Secret;

use crate::{
    accounts::stored,
    server::{PASSWORD, open, user},
};

#[tokio::test]
async fn a_reader_is_no_writer_and_has_the_writers_passwords() {
    let pair = Pair::start().await;
    user(&pair.writer, "app").await;
    let sql = "ALTER USER app@'%' IDENTIFIED BY 'next' RETAIN CURRENT PASSWORD";
    pair.writer.root(sql).await;
    pair.caught_up().await;

    for (server, writes) in [(&pair.writer, true), (&pair.replica, false)] {
        let mut session = open(server, "app", PASSWORD).await.unwrap();
        assert_eq!(session.is_writer().await, Ok(writes));
        let (primary, secondary) = stored(&mut session, "app").await;
        assert!(primary.is(&Secret::new("next")));
        assert!(secondary.is_some_and(|it| it.is(&Secret::new(PASSWORD))));
        let create = Statement::new("a test", "CREATE TABLE app.t (n INT)");
        let created = session.execute(&create).await;
        assert_eq!(created.is_ok(), writes);
        let read_only = matches!(created, Err(SqlError::ReadOnly { .. }));
        assert_eq!(read_only, !writes);
    }
}
