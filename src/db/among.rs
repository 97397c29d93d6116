//! Whether a column holds one of many ids, said in the same words however many there are: `eq_any` says it on SQLite
//! with a parameter for each, and what is said in so many ways is prepared anew each time.

use diesel::{
    AppearsOnTable, Connection, Expression, QueryResult, SelectableExpression,
    expression::{ValidGrouping, is_aggregate},
    pg::Pg,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Bool, Text},
    sqlite::Sqlite,
};
use serde::Serialize;

use super::{AnyConnection, Fault};

type Backend = <AnyConnection as Connection>::Backend;

/// A condition made by [`among`].
#[derive(Clone, Debug)]
pub struct Among<C> {
    column: C,
    /// A JSON array.
    ids: String,
}

/// True of rows whose column is one of these ids; of none when there are none.
pub fn among<C, I: Serialize>(column: C, ids: &[I]) -> Result<Among<C>, Fault> {
    let ids = serde_json::to_string(ids).map_err(|e| Fault::broken("asking for several ids", e))?;
    Ok(Among { column, ids })
}

impl<C> Expression for Among<C> {
    type SqlType = Bool;
}

impl<C, QS> AppearsOnTable<QS> for Among<C> where C: AppearsOnTable<QS> {}
impl<C, QS> SelectableExpression<QS> for Among<C> where C: SelectableExpression<QS> {}

impl<C, G> ValidGrouping<G> for Among<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C: QueryId> QueryId for Among<C> {
    type QueryId = Among<C::QueryId>;
    const HAS_STATIC_QUERY_ID: bool = C::HAS_STATIC_QUERY_ID;
}

impl<C> QueryFragment<Backend> for Among<C>
where
    Self: QueryFragment<Pg> + QueryFragment<Sqlite>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        Backend::walk_variant_ast(self, pass)
    }
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Among<C> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" = ANY(ARRAY(SELECT json_array_elements_text(CAST(");
        pass.push_bind_param::<Text, _>(&self.ids)?;
        pass.push_sql(" AS json))))");
        Ok(())
    }
}

impl<C: QueryFragment<Sqlite>> QueryFragment<Sqlite> for Among<C> {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.column.walk_ast(pass.reborrow())?;
        pass.push_sql(" IN (SELECT value FROM json_each(");
        pass.push_bind_param::<Text, _>(&self.ids)?;
        pass.push_sql("))");
        Ok(())
    }
}
