//! What the sections of the settings ask for.

use super::model::{Profile, TimeZone};
use crate::{
    base::email_address::EmailAddress,
    organization::{NameRefusal, PersonName},
    web::{Fields, Me},
};

pub struct ProfileDraft {
    pub name: String,
    pub time_zone: String,
}

#[derive(Default)]
pub struct ProfileErrors {
    pub name: Option<String>,
    pub time_zone: Option<String>,
}

impl ProfileDraft {
    pub fn of(fields: &Fields) -> Self {
        Self { name: fields.text("name"), time_zone: fields.text("time_zone") }
    }

    /// What is known of somebody now.
    pub fn from(me: &Me) -> Self {
        Self { name: me.name.clone(), time_zone: me.time_zone.clone() }
    }

    pub fn parse(&self) -> Result<Profile, ProfileErrors> {
        match (PersonName::parse(&self.name), TimeZone::parse(&self.time_zone)) {
            (Ok(name), Some(time_zone)) => Ok(Profile { name, time_zone }),
            (name, zone) => Err(ProfileErrors {
                name: name.err().map(|refusal| match refusal {
                    NameRefusal::Empty => "Enter your name.".to_owned(),
                    NameRefusal::TooLong => "Use at most 100 characters.".to_owned(),
                }),
                time_zone: zone.is_none().then(|| "Choose a time zone from the list.".to_owned()),
            }),
        }
    }
}

#[derive(Default)]
pub struct EmailDraft {
    pub email: String,
}

impl EmailDraft {
    pub fn of(fields: &Fields) -> Self {
        Self { email: fields.text("email") }
    }

    /// The address, or what is wrong with it.
    pub fn parse(&self) -> Result<EmailAddress, String> {
        match self.email.is_empty() {
            true => Err("Enter the new address.".to_owned()),
            false => EmailAddress::parse(&self.email).map_err(|bad| format!("{bad}.")),
        }
    }
}
