//! What was typed of a connection, and what the way back from a provider brings.

mod require;
mod way;

use url::Url;

pub use require::RequireDraft;
pub use way::{Back, StartDraft, back, return_to};

use super::model::{Configuration, Connection, Draft, MOST_MAPPED, Mapped, Oidc};
use crate::{organization::Domains, outbound, web::Fields};

const WELL_KNOWN: &str = "/.well-known/openid-configuration";
/// No address, client id, secret or value is longer.
const LONGEST: usize = 2_000;
/// What most providers call it.
pub const USUAL_CLAIM: &str = "groups";

/// The form of a connection as it was sent.
#[derive(Clone, Debug, Default)]
pub struct OidcDraft {
    pub discovery: String,
    pub client_id: String,
    pub client_secret: String,
    pub domains: String,
    pub groups_claim: String,
    pub trusts_factor: bool,
    /// Values of the claim and ids of groups, as they stand in a row.
    pub mapping: Vec<(String, String)>,
    /// More rows are wanted.
    pub wants_rows: bool,
}

/// What is wrong, by the id of the field; empty for the form as a whole.
#[derive(Clone, Debug, Default)]
pub struct Errors(pub Vec<(String, String)>);

impl Errors {
    pub fn whole(words: impl Into<String>) -> Self {
        Self(vec![(String::new(), words.into())])
    }

    pub fn at(field: &str, words: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), words.into())])
    }

    pub fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, words)| words.clone())
    }

    fn add(&mut self, field: &str, words: impl Into<String>) {
        self.0.push((field.to_owned(), words.into()));
    }
}

impl OidcDraft {
    pub fn read(fields: &Fields) -> Self {
        let values = fields.all("value").map(|value| value.trim().to_owned());
        let groups = fields.all("mapped_group").map(str::to_owned);
        Self {
            discovery: fields.text("discovery"),
            client_id: fields.text("client_id"),
            client_secret: fields.text("client_secret"),
            domains: fields.text("domains"),
            groups_claim: fields.text("groups_claim"),
            trusts_factor: fields.get("trusts_factor") == "on",
            mapping: values.zip(groups).take(MOST_MAPPED + 50).collect(),
            wants_rows: fields.get("act") == "row",
        }
    }

    /// The form as it stands before anything is typed. A secret is never shown again.
    pub fn new() -> Self {
        Self { groups_claim: USUAL_CLAIM.to_owned(), ..Self::default() }
    }

    pub fn of_connection(connection: &Connection) -> Self {
        let Configuration::Oidc(oidc) = &connection.configuration;
        Self::showing(
            oidc,
            &connection.domains,
            (&connection.groups_claim, &connection.mapping),
            connection.trusts_factor,
        )
    }

    pub fn of_draft(draft: &Draft) -> Self {
        let Configuration::Oidc(oidc) = &draft.configuration;
        Self::showing(oidc, &draft.domains, (&draft.groups_claim, &draft.mapping), draft.trusts_factor)
    }

    fn showing(
        oidc: &Oidc,
        domains: &[String],
        (groups_claim, mapping): (&str, &[Mapped]),
        trusts_factor: bool,
    ) -> Self {
        Self {
            discovery: oidc.issuer.as_str().trim_end_matches('/').to_owned(),
            client_id: oidc.client_id.clone(),
            client_secret: String::new(),
            domains: domains.join("\n"),
            groups_claim: groups_claim.to_owned(),
            trusts_factor,
            mapping: mapping.iter().map(|it| (it.value.clone(), it.group.to_string())).collect(),
            wants_rows: false,
        }
    }

    /// What is to be deployed, or everything that is wrong. The secret may be left out where the one that is in force, for
    /// the same client of the same provider, stays.
    pub fn parse(&self, allow_private: bool, before: Option<&Connection>) -> Result<Draft, Errors> {
        let mut errors = Errors::default();
        let issuer = self.issuer(allow_private).map_err(|words| errors.add("discovery", words)).ok();
        if self.client_id.is_empty() || self.client_id.len() > LONGEST {
            errors.add("client_id", "Enter the client ID that the provider gave you.");
        }
        if self.client_secret.len() > LONGEST {
            errors.add("client_secret", "That is longer than a client secret is.");
        }
        let domains = self.domains().map_err(|words| errors.add("domains", words)).unwrap_or_default();
        let claim = self.groups_claim.as_str();
        if claim.is_empty() || claim.len() > 200 {
            errors.add("groups_claim", "Enter the name of the claim, such as groups.");
        }
        let mapping = self.mapping(&mut errors);
        let oidc = issuer.map(|issuer| Oidc { issuer, client_id: self.client_id.clone() });
        let configuration = oidc.map(Configuration::Oidc);
        let stays = before.is_some_and(|before| Some(&before.configuration) == configuration.as_ref());
        if self.client_secret.is_empty() && !stays {
            errors.add(
                "client_secret",
                match before {
                    None => "Enter the client secret that the provider gave you.",
                    Some(_) => "Enter the secret of this client: the one that is kept belongs to another.",
                },
            );
        }
        match configuration {
            Some(configuration) if errors.0.is_empty() => Ok(Draft {
                configuration,
                secret: (!self.client_secret.is_empty()).then(|| self.client_secret.clone()),
                domains,
                groups_claim: self.groups_claim.clone(),
                mapping,
                trusts_factor: self.trusts_factor,
                changes: before.map(|before| before.version),
            }),
            _ => Err(errors),
        }
    }

    /// The issuer, of its own address or that of its discovery document.
    fn issuer(&self, allow_private: bool) -> Result<Url, String> {
        let wrong =
            "Write the whole address, such as https://login.example.com/.well-known/openid-configuration.";
        let typed = self.discovery.trim_end_matches('/');
        let issuer = typed.strip_suffix(WELL_KNOWN).unwrap_or(typed);
        if issuer.is_empty() || issuer.len() > LONGEST {
            return Err(wrong.to_owned());
        }
        let url = Url::parse(issuer).map_err(|_| wrong.to_owned())?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err("Leave out the part from ? or # on; an issuer has none.".to_owned());
        }
        match outbound::check(&url, allow_private) {
            Ok(()) => Ok(url),
            Err(why) => Err(sentence(&why.to_string())),
        }
    }

    fn domains(&self) -> Result<Vec<String>, String> {
        let domains = Domains::parse(&self.domains).map_err(|refused| match refused {
            Some(word) => format!("“{word}” is not a domain. Write domains such as example.com."),
            None => "Enter at most 100 domains.".to_owned(),
        })?;
        match domains.is_empty() {
            true => {
                Err("Enter at least one domain: it is by their address that people are led here.".to_owned())
            }
            false => Ok(domains.ascii().split(',').map(str::to_owned).collect()),
        }
    }

    fn mapping(&self, errors: &mut Errors) -> Vec<Mapped> {
        let mut mapping: Vec<Mapped> = Vec::new();
        for (number, (value, group)) in self.mapping.iter().enumerate() {
            match (value.as_str(), group.parse()) {
                ("", Err(_)) => {}
                ("", Ok(_)) => errors.add(&value_id(number), "Enter the value that stands in the claim."),
                (value, _) if value.len() > 255 => {
                    errors.add(&value_id(number), "Use at most 255 characters.");
                }
                (_, Err(_)) => errors.add(&group_id(number), "Choose the group that this value leads to."),
                (value, Ok(group)) => {
                    let mapped = Mapped { value: value.to_owned(), group };
                    if !mapping.contains(&mapped) {
                        mapping.push(mapped);
                    }
                }
            }
        }
        if mapping.len() > MOST_MAPPED {
            errors.add("", format!("Map at most {MOST_MAPPED} values."));
        }
        mapping
    }
}

pub fn value_id(number: usize) -> String {
    format!("value-{}", number + 1)
}

pub fn group_id(number: usize) -> String {
    format!("group-{}", number + 1)
}

/// Words as a sentence.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::GroupId;

    fn typed() -> OidcDraft {
        OidcDraft {
            discovery: "https://login.example.com/tenant/.well-known/openid-configuration".into(),
            client_id: "client".into(),
            client_secret: "secret".into(),
            domains: "Example.com, elsewhere.example".into(),
            mapping: vec![("Engineers".into(), GroupId::new().to_string()), (String::new(), String::new())],
            ..OidcDraft::new()
        }
    }

    fn wrong(draft: &OidcDraft) -> Vec<String> {
        draft
            .parse(false, None)
            .err()
            .map(|errors| errors.0.into_iter().map(|it| it.0).collect())
            .unwrap_or_default()
    }

    #[test]
    fn the_issuer_stands_before_the_address_of_its_document() {
        let draft = typed().parse(false, None).ok().unwrap();
        assert_eq!(draft.configuration.identity(), "https://login.example.com/tenant");
        assert_eq!(draft.domains, ["example.com", "elsewhere.example"]);
        assert_eq!(draft.mapping.len(), 1);
        let bare = OidcDraft { discovery: "https://login.example.com/tenant/".into(), ..typed() };
        assert_eq!(bare.parse(false, None).ok().unwrap().configuration, draft.configuration);
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once_beside_its_field() {
        let nothing = OidcDraft { mapping: vec![("x".into(), String::new())], ..OidcDraft::default() };
        let all = ["discovery", "client_id", "domains", "groups_claim", "group-1", "client_secret"];
        assert_eq!(wrong(&nothing), all);
        for discovery in [
            "http://login.example.com",
            "https://10.0.0.1",
            "https://a:b@x.example",
            "login",
            "https://x.example?a",
        ] {
            assert_eq!(
                wrong(&OidcDraft { discovery: discovery.into(), ..typed() }),
                ["discovery"],
                "{discovery}"
            );
        }
    }
}
