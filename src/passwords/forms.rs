//! What the pages about passwords ask for. None of it is shown again but an address.

use crate::{
    base::{
        clock::Moment,
        email_address::EmailAddress,
        password::{NewPassword, PasswordRefusal, PresentedPassword},
    },
    passwords::model::Holder,
    web::Fields,
};

/// A new password besides the old one.
pub struct ChangeDraft {
    current: String,
    new: String,
}

#[derive(Default)]
pub struct ChangeErrors {
    pub current: Option<String>,
    pub new: Option<String>,
}

pub struct ChangeFilled {
    pub current: PresentedPassword,
    pub new: NewPassword,
}

impl ChangeDraft {
    pub fn of(fields: &Fields) -> Self {
        Self {
            current: fields.get("current_password").to_owned(),
            new: fields.get("new_password").to_owned(),
        }
    }

    pub fn parse(&self, holder: &Holder, now: Moment) -> Result<ChangeFilled, ChangeErrors> {
        let current = PresentedPassword::parse(&self.current).map_err(|refusal| match refusal {
            PasswordRefusal::Empty => "Enter your current password.".to_owned(),
            other => other.to_string(),
        });
        let new = holder.accept(&self.new, now).map_err(|refusal| match refusal {
            PasswordRefusal::Empty => "Enter a new password.".to_owned(),
            other => other.to_string(),
        });
        match (current, new) {
            (Ok(current), Ok(new)) if current.expose() == new.expose() => Err(ChangeErrors {
                new: Some("This is what you entered as the current password; choose another.".to_owned()),
                ..ChangeErrors::default()
            }),
            (Ok(current), Ok(new)) => Ok(ChangeFilled { current, new }),
            (current, new) => Err(ChangeErrors { current: current.err(), new: new.err() }),
        }
    }
}

/// The address of who has forgotten a password.
pub struct AddressDraft {
    pub email: String,
}

impl AddressDraft {
    pub fn of(fields: &Fields) -> Self {
        Self { email: fields.text("email") }
    }

    pub fn parse(&self) -> Result<EmailAddress, String> {
        EmailAddress::parse(&self.email).map_err(|bad| match self.email.is_empty() {
            true => "Enter your e-mail address.".to_owned(),
            false => format!("{bad}."),
        })
    }
}

/// A new password alone, for who came by a link.
pub struct ResetDraft {
    new: String,
}

impl ResetDraft {
    pub fn of(fields: &Fields) -> Self {
        Self { new: fields.get("new_password").to_owned() }
    }

    pub fn parse(&self, holder: &Holder, now: Moment) -> Result<NewPassword, String> {
        holder.accept(&self.new, now).map_err(|refusal| match refusal {
            PasswordRefusal::Empty => "Enter a new password.".to_owned(),
            other => other.to_string(),
        })
    }
}
