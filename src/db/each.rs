//! Where the common subset of the two databases lacks a feature, a query is written once for each.

/// Expands `$body` once with `$conn` a `PgConnection` and once with it a `SqliteConnection`.
///
/// For what Diesel cannot say of both at once: upsert, insert of many rows, row locks. Each use says which. And for what
/// every page asks: a statement for one database is found again by its type, one for either only by its words, which are
/// put together anew each time.
macro_rules! on_each {
    ($any:expr, $conn:ident => $body:expr) => {
        match $any {
            $crate::db::AnyConnection::Postgres($conn) => $body,
            $crate::db::AnyConnection::Sqlite($conn) => $body,
        }
    };
    ($any:expr, postgres $pg:ident => $on_pg:expr, sqlite $lite:ident => $on_lite:expr) => {
        match $any {
            $crate::db::AnyConnection::Postgres($pg) => $on_pg,
            $crate::db::AnyConnection::Sqlite($lite) => $on_lite,
        }
    };
}
pub(crate) use on_each;
