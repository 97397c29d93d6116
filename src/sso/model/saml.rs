//! A SAML provider, as it is kept.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    base::ids::ConnectionId,
    outbound::NotFetched,
    saml::{Assertion, Certificate, NotMetadata, Provider},
    sso::model::{LONGEST, Mapped, Vouched},
};

/// SAML 2.0 Core, section 8.3.2.
const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// What is asked of an identity provider, and what it is believed by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saml {
    pub entity_id: String,
    pub sso_url: Url,
    /// One or two, each as DER in Base64.
    pub certificates: Vec<String>,
    /// The assertion must be signed besides the response.
    pub signed_assertions: bool,
    /// Requests are signed.
    pub signs_requests: bool,
    /// Where the particulars were read from, to be read again.
    pub metadata_url: Option<Url>,
    pub attributes: Attributes,
}

/// By which names the provider tells of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attributes {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
}

impl Default for Attributes {
    fn default() -> Self {
        Self { email: "email".into(), first_name: "first_name".into(), last_name: "last_name".into() }
    }
}

/// Where browsers are sent; it may well be in a private network, which they can reach and this server need not. What is
/// wrong is told in words.
pub fn sso_url(typed: &str, allow_private: bool) -> Result<Url, &'static str> {
    let wrong = "Write the whole address, such as https://login.example.com/saml/sso.";
    let url =
        Url::parse(typed).ok().filter(|url| typed.len() <= LONGEST && url.host().is_some()).ok_or(wrong)?;
    match url.scheme() {
        _ if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() => Err(wrong),
        "https" => Ok(url),
        "http" if allow_private => Ok(url),
        _ => Err("The address has to begin with https://."),
    }
}

/// Why metadata describe no provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotDescribed {
    /// There is no answer.
    Away(NotFetched),
    /// The answer is an error, or leads elsewhere.
    Answered(u16),
    Unusable(NotMetadata),
    /// The SSO URL in them is none, or is not encrypted.
    OpenAddress,
}

impl Saml {
    pub fn certificates(&self) -> impl Iterator<Item = Certificate> {
        self.certificates.iter().filter_map(|text| Certificate::parse(text).ok())
    }

    /// As the protocol takes it.
    pub fn provider(&self) -> Provider {
        Provider {
            entity_id: self.entity_id.clone(),
            sso_url: self.sso_url.clone(),
            certificates: self.certificates().collect(),
            wants_signed_requests: self.signs_requests,
        }
    }

    /// What an assertion says of somebody. The provider of an organization is believed about addresses: which ones it may
    /// speak of, the domains bound. Groups are spoken of where some are mapped and the attribute is there.
    pub fn vouched(
        &self,
        connection: ConnectionId,
        (groups_attribute, mapping): (&str, &[Mapped]),
        assertion: &Assertion,
    ) -> Vouched {
        let first = |name: &str| assertion.values(name).next().map(str::to_owned);
        let names = [first(&self.attributes.first_name), first(&self.attributes.last_name)];
        let of_name_id = || {
            let is_address = assertion.name_id_format.as_deref() == Some(EMAIL_ADDRESS);
            is_address.then(|| assertion.name_id.clone())
        };
        let speaks_of_groups = !mapping.is_empty() && assertion.has(groups_attribute);
        Vouched {
            connection,
            subject: assertion.name_id.clone(),
            email: first(&self.attributes.email).or_else(of_name_id),
            is_verified: true,
            name: names.into_iter().flatten().collect::<Vec<_>>().join(" "),
            groups: speaks_of_groups.then(|| assertion.values(groups_attribute).map(str::to_owned).collect()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::GroupId;

    fn saml() -> Saml {
        Saml {
            entity_id: "https://idp.example".into(),
            sso_url: Url::parse("https://idp.example/sso").unwrap(),
            certificates: Vec::new(),
            signed_assertions: false,
            signs_requests: false,
            metadata_url: None,
            attributes: Attributes::default(),
        }
    }

    fn vouched(format: Option<&str>, attributes: &[(&str, &[&str])]) -> Vouched {
        let attribute = |(name, values): &(&str, &[&str])| {
            ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect())
        };
        let assertion = Assertion {
            issuer: "https://idp.example".into(),
            name_id: "bob@example.com".into(),
            name_id_format: format.map(str::to_owned),
            authenticated_at: None,
            attributes: attributes.iter().map(attribute).collect(),
        };
        let mapping = [Mapped { value: "Readers".into(), group: GroupId::new() }];
        saml().vouched(ConnectionId::new(), ("groups", &mapping), &assertion)
    }

    #[test]
    fn the_name_id_is_an_address_only_where_it_says_so() {
        assert_eq!(vouched(Some(EMAIL_ADDRESS), &[]).email.as_deref(), Some("bob@example.com"));
        assert_eq!(vouched(None, &[]).email, None);
        let told = vouched(Some(EMAIL_ADDRESS), &[("email", &["", " bob@other.example "])]);
        assert_eq!(told.email.as_deref(), Some("bob@other.example"));
    }

    #[test]
    fn names_are_put_together_and_groups_left_alone_where_nothing_is_said_of_them() {
        let told = vouched(None, &[("last_name", &["Babbage"]), ("first_name", &["Bob"])]);
        assert_eq!((told.name.as_str(), told.groups), ("Bob Babbage", None));
        assert_eq!(vouched(None, &[("groups", &[])]).groups, Some(Vec::new()));
        let both = vouched(None, &[("groups", &["Readers"]), ("groups", &["Writers"])]);
        assert_eq!(both.groups, Some(vec!["Readers".to_owned(), "Writers".to_owned()]));
    }

    #[test]
    fn people_may_be_sent_into_a_private_network_but_never_unencrypted() {
        for (address, is_right) in [
            ("https://idp.example/sso?tenant=7", true),
            ("https://10.0.0.1/sso", true),
            ("http://idp.example/sso", false),
            ("https://a:b@idp.example/sso", false),
            ("https://idp.example/sso#x", false),
            ("javascript:alert(1)", false),
            ("sso", false),
            ("", false),
        ] {
            assert_eq!(sso_url(address, false).is_ok(), is_right, "{address}");
        }
        assert!(sso_url("http://127.0.0.1:9/sso", true).is_ok());
    }
}
