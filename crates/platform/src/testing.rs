//! Raw SQL for the tests that play an attacker: it runs only where commits skip the disk, which no
//! configuration file can ask for.

use diesel::{QueryableByName, RunQueryDsl as _, connection::SimpleConnection as _};

use crate::{App, Error, Result, db::Conn};

/// One text.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

fn only_in_tests(app: &App) -> Result<()> {
    if app.config.database.careless {
        Ok(())
    } else {
        Err(Error::Broken("raw SQL is for tests".to_owned()))
    }
}

/// Runs statements, outside any guard and any audit.
pub async fn raw(app: &App, sql: &str) -> Result<()> {
    only_in_tests(app)?;
    let sql = sql.to_owned();
    app.writers
        .run(move |conn| match conn {
            Conn::Postgres(c) => Ok(c.batch_execute(&sql)?),
            Conn::Sqlite(c) => Ok(c.batch_execute(&sql)?),
        })
        .await
}

/// The rows of a query with one column named `text`.
pub async fn texts(app: &App, sql: &str) -> Result<Vec<String>> {
    only_in_tests(app)?;
    let query = diesel::sql_query(sql.to_owned());
    app.writers
        .run(move |conn| {
            let rows: Vec<Row> = match conn {
                Conn::Postgres(c) => query.load(c)?,
                Conn::Sqlite(c) => query.load(c)?,
            };
            Ok(rows.into_iter().map(|row| row.text).collect())
        })
        .await
}

/// Whether the database is PostgreSQL, where an attacker's SQL differs.
pub fn is_postgres(app: &App) -> bool {
    app.config.database.url.starts_with("postgres")
}
