//! Rows of people as the pages show them. Whatever is asked starts from one organization.

mod find;
mod search;
mod walk;

use diesel::{prelude::*, sql_types};

use crate::{
    base::{clock::Moment, ids::UserId},
    people::{SecondFactor, Status},
};

pub use find::{Count, Found, Slice, TooMany, find};

use super::model::{Key, Order};

/// Somebody in the list.
#[derive(Clone, Debug, Queryable, QueryableByName)]
pub struct PersonRow {
    #[diesel(sql_type = sql_types::BigInt)]
    pub number: i64,
    #[diesel(sql_type = sql_types::Text)]
    pub id: UserId,
    #[diesel(sql_type = sql_types::Text)]
    pub email: String,
    #[diesel(sql_type = sql_types::Text)]
    pub name: String,
    #[diesel(sql_type = sql_types::Text)]
    pub person_key: String,
    #[diesel(sql_type = sql_types::Text)]
    pub status: Status,
    #[diesel(sql_type = sql_types::Text)]
    pub second_factor: SecondFactor,
    #[diesel(sql_type = sql_types::Timestamp)]
    pub created_at: Moment,
    #[diesel(sql_type = sql_types::Timestamp)]
    pub last_active_at: Moment,
}

impl PersonRow {
    /// What this person is sorted by in that order.
    fn key(&self, order: Order) -> Key {
        if order.by_activity() {
            Key::Activity(self.last_active_at)
        } else {
            Key::Person(self.person_key.clone())
        }
    }

    fn cmp(&self, other: &Self, by_activity: bool) -> std::cmp::Ordering {
        let by_key = if by_activity {
            self.last_active_at.cmp(&other.last_active_at)
        } else {
            self.person_key.cmp(&other.person_key)
        };
        by_key.then(self.number.cmp(&other.number))
    }
}

/// Sorts people the way the list shows them, or the other way round.
fn sort(people: &mut [PersonRow], by_activity: bool, down: bool) {
    people.sort_by(|one, other| {
        let order = one.cmp(other, by_activity);
        if down { order.reverse() } else { order }
    });
}
