//! What the forms of groups send.

use super::{
    commands::Asked,
    model::{Description, GroupLabel, MOST_AT_ONCE, NameError, Naming},
    words,
};
use crate::{
    base::{email_address::EmailAddress, ids::UserId},
    web::Fields,
};

/// Name and description as they were typed.
#[derive(Clone, Debug, Default)]
pub struct NamingDraft {
    pub name: String,
    pub description: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamingErrors {
    pub name: Option<String>,
    pub description: Option<String>,
}

impl NamingDraft {
    pub fn read(fields: &Fields) -> Self {
        Self { name: fields.get("name").to_owned(), description: fields.text("description") }
    }

    pub fn parse(&self) -> Result<Naming, NamingErrors> {
        match (GroupLabel::parse(&self.name), Description::parse(&self.description)) {
            (Ok(name), Ok(description)) => Ok(Naming { name, description }),
            (name, description) => Err(NamingErrors {
                name: name.err().map(wrong_name),
                description: description.err().map(words::long_description),
            }),
        }
    }
}

fn wrong_name(error: NameError) -> String {
    match error {
        NameError::Empty => words::NO_NAME.to_owned(),
        NameError::TooLong(long) => words::long_name(long),
    }
}

/// Which button sent the form that adds people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    #[default]
    Add,
    /// Show others to choose from; what was ticked and typed stays.
    Search,
}

/// People as they were ticked and typed.
#[derive(Clone, Debug, Default)]
pub struct MembersDraft {
    pub ticked: Vec<String>,
    pub addresses: String,
    pub search: String,
    pub step: Step,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MembersErrors {
    pub people: Option<String>,
    pub addresses: Option<String>,
}

impl MembersDraft {
    pub fn read(fields: &Fields) -> Self {
        Self {
            ticked: fields.all("user").map(str::to_owned).collect(),
            addresses: fields.text("addresses"),
            search: fields.text("q").chars().take(200).collect(),
            step: if fields.get("step") == "search" { Step::Search } else { Step::Add },
        }
    }

    /// Those of the ticked ones that can be somebody, as many as one act takes.
    pub fn known(&self) -> Vec<UserId> {
        self.ticked.iter().filter_map(|id| id.parse().ok()).take(MOST_AT_ONCE).collect()
    }

    pub fn parse(&self) -> Result<Asked, MembersErrors> {
        let people: Result<Vec<UserId>, _> = self.ticked.iter().map(|id| id.parse()).collect();
        let (addresses, wrong) = addresses(&self.addresses);
        let mut errors = MembersErrors {
            people: people.is_err().then(|| words::NO_SUCH_PERSON.to_owned()),
            addresses: (!wrong.is_empty()).then(|| words::not_addresses(&wrong)),
        };
        let people = people.unwrap_or_default();
        if errors == MembersErrors::default() {
            match people.len() + addresses.len() {
                0 => errors.people = Some(words::NOBODY_CHOSEN.to_owned()),
                many if many > MOST_AT_ONCE => errors.people = Some(words::too_many(many)),
                _ => return Ok(Asked { people, addresses }),
            }
        }
        Err(errors)
    }
}

/// The addresses in a text, each once, and what is no address.
fn addresses(text: &str) -> (Vec<EmailAddress>, Vec<String>) {
    let (mut addresses, mut wrong) = (Vec::<EmailAddress>::new(), Vec::new());
    for found in EmailAddress::parse_list(text) {
        match found {
            Ok(named) if addresses.iter().any(|known| known.folded() == named.address.folded()) => {}
            Ok(named) => addresses.push(named.address),
            Err(bad) => wrong.push(bad.text),
        }
    }
    (addresses, wrong)
}

/// Members to be taken out; what is no id is nobody.
pub fn removed(fields: &Fields) -> Vec<UserId> {
    fields.all("user").filter_map(|id| id.parse().ok()).take(MOST_AT_ONCE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(pairs: &[(&str, &str)]) -> MembersDraft {
        let fields: Fields = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        MembersDraft::read(&fields)
    }

    #[test]
    fn people_are_ticked_or_typed_each_once_and_nonsense_is_told() {
        let id = UserId::new();
        let asked =
            draft(&[("user", id.as_str()), ("addresses", "a@example.com, B <A@example.com>\nc@example.com")]);
        let asked = asked.parse().unwrap();
        assert_eq!((asked.people, asked.addresses.len()), (vec![id], 2));
        assert!(draft(&[]).parse().unwrap_err().people.unwrap().contains("Tick somebody"));
        assert!(draft(&[("user", "x")]).parse().unwrap_err().people.is_some());
        assert!(
            draft(&[("addresses", "nonsense")]).parse().unwrap_err().addresses.unwrap().contains("nonsense")
        );
        let many: String = (0..501).map(|n| format!("p{n}@example.com ")).collect();
        assert!(draft(&[("addresses", &many)]).parse().unwrap_err().people.unwrap().contains("501"));
    }
}
