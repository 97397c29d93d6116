//! Rows of people as the pages show them. Whatever is asked starts from one organization.

mod find;
mod person;
mod search;
mod walk;

use diesel::{prelude::*, sql_types};

use crate::{
    base::{clock::Moment, ids::UserId},
    people::{SecondFactor, Status},
};

pub use find::{Found, find};
pub use person::{details, these, who};

use super::model::Person;

/// A row of the list, by a query of Diesel's or by one in SQL.
#[derive(Queryable, QueryableByName)]
struct PersonRow {
    #[diesel(sql_type = sql_types::BigInt)]
    number: i64,
    #[diesel(sql_type = sql_types::Text)]
    id: UserId,
    #[diesel(sql_type = sql_types::Text)]
    email: String,
    #[diesel(sql_type = sql_types::Text)]
    name: String,
    #[diesel(sql_type = sql_types::Text)]
    person_key: String,
    #[diesel(sql_type = sql_types::Text)]
    status: Status,
    #[diesel(sql_type = sql_types::Text)]
    second_factor: SecondFactor,
    #[diesel(sql_type = sql_types::Timestamp)]
    created_at: Moment,
    #[diesel(sql_type = sql_types::Timestamp)]
    last_active_at: Moment,
}

impl From<PersonRow> for Person {
    fn from(row: PersonRow) -> Self {
        Self {
            number: row.number,
            id: row.id,
            email: row.email,
            name: row.name,
            person_key: row.person_key,
            status: row.status,
            second_factor: row.second_factor,
            created_at: row.created_at,
            last_active_at: row.last_active_at,
        }
    }
}
