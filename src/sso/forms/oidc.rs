//! The form of an OpenID provider.

use url::Url;

use super::{Errors, LONGEST, PeopleDraft, Terms, sentence};
use crate::{
    outbound,
    sso::model::{Configuration, Connection, Draft, Oidc},
    web::Fields,
};

const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// The form as it was sent.
#[derive(Clone, Debug, Default)]
pub struct OidcDraft {
    pub discovery: String,
    pub client_id: String,
    pub client_secret: String,
    pub people: PeopleDraft,
}

impl OidcDraft {
    pub fn read(fields: &Fields) -> Self {
        Self {
            discovery: fields.text("discovery"),
            client_id: fields.text("client_id"),
            client_secret: fields.text("client_secret"),
            people: PeopleDraft::read(fields),
        }
    }

    /// Nothing when the connection is of another kind. A secret is never shown again.
    pub fn of<'a>(terms: impl Into<Terms<'a>>) -> Option<Self> {
        let terms = terms.into();
        let Configuration::Oidc(oidc) = terms.configuration else { return None };
        Some(Self {
            discovery: oidc.issuer.as_str().trim_end_matches('/').to_owned(),
            client_id: oidc.client_id.clone(),
            client_secret: String::new(),
            people: PeopleDraft::of(terms),
        })
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
        let people = self.people.parse("claim", &mut errors);
        let oidc = issuer.map(|issuer| Oidc { issuer, client_id: self.client_id.clone() });
        let configuration = oidc.map(Configuration::Oidc);
        let stays = before.is_some_and(|before| Some(&before.configuration) == configuration.as_ref());
        if self.client_secret.is_empty() && !stays {
            errors.add(
                "client_secret",
                match before.map(|before| &before.configuration) {
                    Some(Configuration::Oidc(_)) => {
                        "Enter the secret of this client: the one that is kept belongs to another."
                    }
                    Some(Configuration::Saml(_)) | None => {
                        "Enter the client secret that the provider gave you."
                    }
                },
            );
        }
        match configuration {
            Some(configuration) if errors.0.is_empty() => Ok(Draft {
                configuration,
                secret: (!self.client_secret.is_empty()).then(|| self.client_secret.clone()),
                domains: people.domains,
                groups_claim: people.groups_claim,
                mapping: people.mapping,
                trusts_factor: people.trusts_factor,
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
            people: PeopleDraft {
                domains: "Example.com, elsewhere.example".into(),
                mapping: vec![
                    ("Engineers".into(), GroupId::new().to_string()),
                    (String::new(), String::new()),
                ],
                ..PeopleDraft::default()
            },
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
        let people = PeopleDraft {
            mapping: vec![("x".into(), String::new())],
            groups_claim: String::new(),
            ..PeopleDraft::default()
        };
        let nothing = OidcDraft { people, ..OidcDraft::default() };
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
