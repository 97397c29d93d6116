//! The form that makes a token.

use super::{
    commands::New,
    model::{self, LONGEST_COMMENT, LONGEST_NAME, Life, Name, NameError},
};
use crate::web::Fields;

#[derive(Clone, Debug)]
pub struct NewDraft {
    pub name: String,
    pub expiration: String,
    pub comment: String,
    pub roles: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewErrors {
    pub name: Option<String>,
    pub expiration: Option<String>,
    pub comment: Option<String>,
    pub roles: Option<String>,
    /// What concerns the form as a whole.
    pub whole: Option<String>,
}

impl Default for NewDraft {
    fn default() -> Self {
        Self {
            name: String::new(),
            expiration: Life::default().word().to_owned(),
            comment: String::new(),
            roles: Vec::new(),
        }
    }
}

impl NewDraft {
    pub fn read(fields: &Fields) -> Self {
        Self {
            name: fields.text("name"),
            expiration: match fields.has("expiration") {
                true => fields.text("expiration"),
                false => Life::default().word().to_owned(),
            },
            comment: fields.text("comment"),
            roles: fields.all("role").take(200).map(str::to_owned).collect(),
        }
    }

    pub fn parse(&self) -> Result<New, NewErrors> {
        let name = Name::parse(&self.name).map_err(wrong_name);
        let life = Life::parse(&self.expiration).ok_or("Choose one of these.".to_owned());
        let comment = model::comment(&self.comment)
            .ok_or(format!("Use at most {LONGEST_COMMENT} characters for the comment."));
        match (name, life, comment) {
            (Ok(name), Ok(life), Ok(comment)) => Ok(New {
                name,
                comment,
                life,
                roles: (!self.roles.is_empty()).then(|| self.roles.clone()),
                parent: None,
            }),
            (name, life, comment) => Err(NewErrors {
                name: name.err(),
                expiration: life.err(),
                comment: comment.err(),
                ..NewErrors::default()
            }),
        }
    }
}

fn wrong_name(error: NameError) -> String {
    match error {
        NameError::Missing => "Enter a name, such as what will use the token.".to_owned(),
        NameError::TooLong => format!("Use at most {LONGEST_NAME} characters for the name."),
        NameError::Control => "Write the name in one line of letters, digits and signs.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_errors_are_told_at_once_and_one_month_is_what_is_chosen_by_default() {
        let wrong = NewDraft { expiration: "2h".into(), comment: "x".repeat(501), ..NewDraft::default() };
        let errors = wrong.parse().unwrap_err();
        assert!(errors.name.is_some() && errors.expiration.is_some() && errors.comment.is_some());
        let right = NewDraft { name: "ci".into(), ..NewDraft::default() }.parse().unwrap();
        assert_eq!((right.life, right.roles), (Life::Month, None));
    }
}
