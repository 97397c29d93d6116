//! How our own values stand in columns: identifiers and enums as text, moments as timestamps.

use chrono::NaiveDateTime;
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, Queryable},
    expression::AsExpression,
    internal::derives::as_expression::Bound,
    serialize::{self, Output, ToSql},
    sql_types::{Nullable, Timestamp},
};

use crate::base::{clock::Moment, ids};

/// Lets `$type` stand where SQL type `$sql` is asked for, through `$inner`.
macro_rules! expressions {
    ($type:ty, $sql:ty) => {
        impl AsExpression<$sql> for $type {
            type Expression = Bound<$sql, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<$sql> for &'a $type {
            type Expression = Bound<$sql, &'a $type>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl AsExpression<Nullable<$sql>> for $type {
            type Expression = Bound<Nullable<$sql>, Self>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<'a> AsExpression<Nullable<$sql>> for &'a $type {
            type Expression = Bound<Nullable<$sql>, &'a $type>;
            fn as_expression(self) -> Self::Expression {
                Bound::new(self)
            }
        }
        impl<DB> ToSql<Nullable<$sql>, DB> for $type
        where
            DB: Backend,
            $type: ToSql<$sql, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                ToSql::<$sql, DB>::to_sql(self, out)
            }
        }
        impl<DB> Queryable<$sql, DB> for $type
        where
            DB: Backend,
            Self: FromSql<$sql, DB>,
        {
            type Row = Self;
            fn build(row: Self) -> deserialize::Result<Self> {
                Ok(row)
            }
        }
    };
}
pub(crate) use expressions;

/// A type with `as_str()` and `FromStr` as text in a column.
macro_rules! sql_text {
    ($($type:ty),* $(,)?) => {$(
        const _: () = {
            use diesel::{
                backend::Backend,
                deserialize::{self, FromSql, Queryable},
                expression::AsExpression,
                internal::derives::as_expression::Bound,
                serialize::{self, Output, ToSql},
                sql_types::{Nullable, Text},
            };
            $crate::db::expressions!($type, Text);
            impl<DB> ToSql<Text, DB> for $type
            where
                DB: Backend,
                str: ToSql<Text, DB>,
            {
                fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                    <str as ToSql<Text, DB>>::to_sql(self.as_str(), out)
                }
            }
            impl<DB> FromSql<Text, DB> for $type
            where
                DB: Backend,
                String: FromSql<Text, DB>,
            {
                fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                    let text = <String as FromSql<Text, DB>>::from_sql(bytes)?;
                    text.parse().map_err(|_| format!("{text:?} is no {}", stringify!($type)).into())
                }
            }
        };
    )*};
}
pub(crate) use sql_text;

/// An enum whose variants have a fixed word each: gives it `as_str`, `FromStr` and its place in a column.
macro_rules! sql_text_enum {
    ($type:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            pub fn as_str(&self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
        impl std::str::FromStr for $type {
            type Err = $crate::db::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)* _ => Err($crate::db::UnknownWord) }
            }
        }
        $crate::db::sql_text!($type);
    };
}
pub(crate) use sql_text_enum;

#[derive(Debug, thiserror::Error)]
#[error("not a word of this kind")]
pub struct UnknownWord;

sql_text!(
    ids::OrganizationId,
    ids::UserId,
    ids::InvitationId,
    ids::GroupId,
    ids::PolicyId,
    ids::RuleId,
    ids::SessionId,
    ids::SetupLinkId,
    ids::PasskeyId,
    ids::PasswordResetId,
    ids::EmailChangeId,
    ids::BrowserLinkId,
    ids::AccessTokenId,
    ids::AccessRequestId,
    ids::JobId,
);

expressions!(Moment, Timestamp);

impl<DB> ToSql<Timestamp, DB> for Moment
where
    DB: Backend,
    NaiveDateTime: ToSql<Timestamp, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        <NaiveDateTime as ToSql<Timestamp, DB>>::to_sql(self.as_naive(), out)
    }
}

impl<DB> FromSql<Timestamp, DB> for Moment
where
    DB: Backend,
    NaiveDateTime: FromSql<Timestamp, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        NaiveDateTime::from_sql(bytes).map(Self::from_naive)
    }
}
