//! What the setup page asks for.

use crate::{
    base::{
        email_address::EmailAddress,
        password::{NewPassword, PasswordRules, Person},
    },
    organization::{NameRefusal, OrganizationName, PersonName},
    web::Fields,
};

#[derive(Clone, Default)]
pub struct SetupDraft {
    pub organization: String,
    pub name: String,
    pub email: String,
    password: String,
}

#[derive(Default)]
pub struct SetupErrors {
    pub organization: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub password: Option<String>,
}

pub struct Setup {
    pub organization: OrganizationName,
    pub name: PersonName,
    pub email: EmailAddress,
    pub password: NewPassword,
}

impl SetupDraft {
    /// An empty form with the address that the link was mailed to.
    pub fn for_address(email: String) -> Self {
        Self { email, ..Self::default() }
    }

    pub fn of(fields: &Fields) -> Self {
        Self {
            organization: fields.text("organization"),
            name: fields.text("name"),
            email: fields.text("email"),
            password: fields.get("password").to_owned(),
        }
    }

    pub fn parse(&self) -> Result<Setup, SetupErrors> {
        let organization = OrganizationName::parse(&self.organization);
        let name = PersonName::parse(&self.name);
        let email = EmailAddress::parse(&self.email);
        let person =
            Person { name: &self.name, email: email.as_ref().ok(), organization: &self.organization };
        let password = PasswordRules::ALONE.accept(&self.password, &person);
        match (organization, name, email, password) {
            (Ok(organization), Ok(name), Ok(email), Ok(password)) => {
                Ok(Setup { organization, name, email, password })
            }
            (organization, name, email, password) => Err(SetupErrors {
                organization: organization
                    .err()
                    .map(|refusal| name_words(refusal, "the name of the organization")),
                name: name.err().map(|refusal| name_words(refusal, "your name")),
                email: email.err().map(|bad| email_words(&self.email, bad)),
                password: password.err().map(|refusal| refusal.to_string()),
            }),
        }
    }
}

fn name_words(refusal: NameRefusal, what: &str) -> String {
    match refusal {
        NameRefusal::Empty => format!("Enter {what}."),
        NameRefusal::TooLong => "Use at most 100 characters.".into(),
    }
}

fn email_words(typed: &str, bad: crate::base::email_address::BadAddress) -> String {
    if typed.is_empty() { "Enter your e-mail address.".into() } else { format!("{bad}.") }
}
