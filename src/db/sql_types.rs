//! How our own values stand in columns: identifiers and enums as text, moments as timestamps.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{
    backend::Backend,
    deserialize::{self, FromSql, Queryable},
    expression::AsExpression,
    internal::derives::as_expression::Bound,
    pg::Pg,
    serialize::{self, Output, ToSql},
    sql_types::{Nullable, Timestamp},
    sqlite::Sqlite,
};

use super::AnyConnection;
use crate::base::{clock::Moment, ids};

/// Both databases, as a connection to either speaks of them.
type Either = <AnyConnection as diesel::Connection>::Backend;

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
    ids::IdentityId,
    ids::ConnectionId,
    ids::PasswordResetId,
    ids::EmailChangeId,
    ids::BrowserLinkId,
    ids::AccessTokenId,
    ids::AccessRequestId,
    ids::ScimTokenId,
    ids::ScimUserId,
    ids::ScimGroupId,
    ids::ScimNoteId,
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

impl FromSql<Timestamp, Pg> for Moment {
    fn from_sql(value: <Pg as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        FromSql::<Timestamp, Pg>::from_sql(value).map(Self::from_naive)
    }
}

impl FromSql<Timestamp, Sqlite> for Moment {
    fn from_sql(mut value: <Sqlite as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        match as_written(value.read_text()) {
            Some(at) => Ok(Self::from_naive(at)),
            None => FromSql::<Timestamp, Sqlite>::from_sql(value).map(Self::from_naive),
        }
    }
}

impl FromSql<Timestamp, Either> for Moment {
    fn from_sql(value: <Either as Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Timestamp>()
    }
}

/// Reads `2026-11-28 10:00:00`, with or without up to six digits after the second: what Diesel writes on SQLite. Diesel
/// reads it by a format that is parsed anew for every value, which for a page of people is much of the work.
fn as_written(text: &str) -> Option<NaiveDateTime> {
    let bytes = text.as_bytes();
    let (at, fraction) = bytes.split_at_checked(19)?;
    let is_apart = |(place, apart): (usize, u8)| at[place] == apart;
    if ![(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')].into_iter().all(is_apart) {
        return None;
    }
    let micros = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=6).contains(&digits.len()) => {
            number(digits)? * 10_u32.pow(6 - digits.len() as u32)
        }
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(
        i32::try_from(number(&at[0..4])?).ok()?,
        number(&at[5..7])?,
        number(&at[8..10])?,
    )?;
    date.and_hms_micro_opt(number(&at[11..13])?, number(&at[14..16])?, number(&at[17..19])?, micros)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_diesel_reads_it_and_anything_else_is_left_to_it() {
        for text in [
            "2026-11-28 10:00:00",
            "2026-11-28 23:59:59.000001",
            "1999-02-28 00:00:00.5",
            "2026-11-28 10:00:00.120",
        ] {
            let diesels = NaiveDateTime::parse_from_str(text, "%F %T%.f").unwrap();
            assert_eq!(as_written(text), Some(diesels), "{text}");
        }
        for text in [
            "",
            "2026-11-28",
            "2026-11-28T10:00:00",
            "2026-11-31 10:00:00",
            "2026-11-28 24:00:00",
            "2026-11-28 10:00:00Z",
            "2026-11-28 10:00:00.1234567",
            "2026-11-28 10:00:0x",
            "+026-11-28 10:00:00",
        ] {
            assert_eq!(as_written(text), None, "{text}");
        }
    }
}
