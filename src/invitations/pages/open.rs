//! What invited people see, without an account.

use askama::Template;

use crate::{
    base::clock::Moment,
    invitations::{
        forms::{AcceptDraft, AcceptErrors},
        model::{Gone, Offer, Welcome},
    },
    settings::Provider,
    social::Vouched,
    web::{
        field::{ErrorSummary, Field},
        page::Plain,
        url, when,
    },
};

/// Who invites whom to what, and the form that accepts.
#[derive(Template)]
#[template(path = "invitations/accept.html")]
pub struct AcceptPage {
    pub frame: Plain,
    welcome: Welcome,
    until: (String, String),
    action: String,
    name: Field,
    password: Field,
    errors: ErrorSummary,
    providers: Vec<Provider>,
    token: String,
    /// What came when it is not what was expected: the provider, and the addresses it vouches for.
    other: Option<(Provider, String)>,
}

/// How somebody may come in besides a password.
pub struct Ways {
    pub providers: Vec<Provider>,
    /// Whom a provider has vouched for in this browser.
    pub vouched: Option<Vouched>,
}

impl AcceptPage {
    pub fn new(
        frame: Plain,
        token: &str,
        welcome: Welcome,
        (draft, errors): (&AcceptDraft, AcceptErrors),
        ways: Ways,
    ) -> Self {
        let other = ways.vouched.filter(|vouched| !vouched.vouches_for(&welcome.offer.email));
        let name = Field::text("name", "Your name")
            .value(&draft.name)
            .error(errors.name)
            .autocomplete("name")
            .maxlength(100);
        let password =
            Field::new_password("password", "Password", welcome.rules.minimum).error(errors.password);
        Self {
            frame,
            until: until(welcome.offer.expires_at),
            action: url::invitation(token),
            errors: ErrorSummary::of([&name, &password]),
            name,
            password,
            providers: ways.providers,
            token: token.to_owned(),
            other: other.map(|vouched| (vouched.provider, vouched.addresses.join(", "))),
            welcome,
        }
    }
}

/// For somebody with an account that a provider vouches for: joining with it, or what is missing for that.
#[derive(Template)]
#[template(path = "invitations/join.html")]
pub struct JoinPage {
    pub frame: Plain,
    provider: Provider,
    /// Those the provider vouches for, told in one line; empty when there is none.
    addresses: String,
    joined: Vec<Joined>,
    action: String,
    name: Field,
    errors: ErrorSummary,
    by_password: Option<String>,
}

/// An invitation that a button accepts.
pub struct Joined {
    /// What the button sends; may be empty.
    value: String,
    offer: Offer,
    until: (String, String),
}

impl Joined {
    pub fn of(offer: &Offer, value: String) -> Self {
        Self { value, until: until(offer.expires_at), offer: offer.clone() }
    }
}

/// For a program and for people.
fn until(at: Moment) -> (String, String) {
    (at.rfc3339(), when::in_utc(at))
}

/// What stands in the form, and where it is sent to.
pub struct JoinDraft<'a> {
    pub name: &'a str,
    pub errors: JoinErrors,
    pub action: String,
}

#[derive(Default)]
pub struct JoinErrors {
    pub name: Option<String>,
    pub whole: Option<String>,
}

impl JoinPage {
    pub fn new(frame: Plain, vouched: &Vouched, joined: Vec<Joined>, draft: JoinDraft<'_>) -> Self {
        let name = Field::text("name", "Your name")
            .value(draft.name)
            .error(draft.errors.name)
            .autocomplete("name")
            .maxlength(100);
        let mut errors = ErrorSummary::of([&name]);
        if let Some(words) = draft.errors.whole {
            errors = errors.with("", words);
        }
        Self {
            frame,
            provider: vouched.provider,
            addresses: vouched.addresses.join(", "),
            joined,
            action: draft.action,
            name,
            errors,
            by_password: None,
        }
    }

    /// The invitation at this address may be accepted with a password as well.
    pub fn or_by_password(mut self, href: &str) -> Self {
        self.by_password = Some(url::with_query(href, &[("with", "password".to_owned())]));
        self
    }

    fn heading(&self) -> String {
        match &self.joined[..] {
            [] => "You need an invitation".to_owned(),
            [Joined { offer, .. }] => format!("Join {}", offer.organization_name),
            _ => "Join an organization".to_owned(),
        }
    }
}

/// A link that works no more: why, and what to do.
#[derive(Template)]
#[template(path = "invitations/story.html")]
pub struct StoryPage {
    pub frame: Plain,
    title: &'static str,
    story: String,
    way_on: &'static str,
    /// Where a fresh link is asked for, when asking makes sense.
    ask: Option<String>,
}

impl StoryPage {
    pub fn new(frame: Plain, token: &str, welcome: &Welcome, gone: Gone) -> Self {
        let (email, organization) = (&welcome.offer.email, &welcome.offer.organization_name);
        let (title, story, way_on) = match gone {
            Gone::Expired => (
                "This invitation has expired",
                format!(
                    "The link that invites {email} to {organization} worked until {}.",
                    when::in_utc(welcome.offer.expires_at)
                ),
                "Whoever invited you can send another.",
            ),
            Gone::Replaced => (
                "There is a newer link",
                format!(
                    "The invitation of {email} to {organization} was sent anew, so this older link works no more."
                ),
                "Open the newest letter in your mailbox. If it did not arrive, ask for another.",
            ),
            Gone::Revoked => (
                "This invitation was revoked",
                format!("The invitation of {email} to {organization} was taken back."),
                "If that is a surprise, ask whoever invited you.",
            ),
            Gone::Accepted => (
                "This invitation was accepted",
                format!("{email} has joined {organization} with this link. It works once."),
                "Sign in with the password that was set then.",
            ),
        };
        let ask = (gone != Gone::Accepted).then(|| format!("{}/ask", url::invitation(token)));
        Self { frame, title, story, way_on, ask }
    }
}

/// Signed in as somebody else.
#[derive(Template)]
#[template(path = "invitations/switch.html")]
pub struct SwitchPage {
    pub frame: Plain,
    pub welcome: Welcome,
    /// Who this browser is signed in as: name or address, and organization.
    pub signed_in: (String, String),
    pub action: String,
}

/// The same for everybody who asks for a fresh link.
#[derive(Template)]
#[template(path = "invitations/asked.html")]
pub struct AskedPage {
    pub frame: Plain,
}

/// The letter once more, for who says an address.
#[derive(Template)]
#[template(path = "invitations/send_again.html")]
pub struct SendAgainPage {
    pub frame: Plain,
    email: Field,
    errors: ErrorSummary,
}

impl SendAgainPage {
    pub fn new(frame: Plain, typed: &str, error: Option<String>) -> Self {
        let email = Field::email("email", "Email")
            .value(typed)
            .error(error)
            .hint("The address the invitation went to.");
        Self { frame, errors: ErrorSummary::of([&email]), email }
    }
}

/// The same for everybody who asks for the letter.
#[derive(Template)]
#[template(path = "invitations/sent_again.html")]
pub struct SentAgainPage {
    pub frame: Plain,
    pub email: String,
}
