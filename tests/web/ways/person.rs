//! Somebody for each way in and each state of an account, who could come in but for that state.

use chrono::Duration;
use reqwest::StatusCode;

use crate::passkeys::{adds, question};
use crate::saml::way;
use crate::second_factor::{next_step, switches_on};
use crate::social::{comes_with, links};
use crate::sso;
use crate::support::authenticator::Authenticator;
use crate::support::page::Page;
use crate::support::passkey::Passkey;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::providers::Providers;
use crate::support::saml::idp::somebody;
use crate::support::world::World;
use crate::users::{member, path};

/// How somebody comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Password,
    Passkey,
    Google,
    GitHub,
    /// The organization's connection, by the protocol it speaks.
    Sso,
}

/// How the organization's connection is spoken with; an organization has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    OpenId,
    Saml,
}

impl Protocol {
    /// The ways that are tried beside it: those it has nothing to do with are tried once.
    pub fn ways(self) -> &'static [Way] {
        match self {
            Self::OpenId => &Way::ALL,
            Self::Saml => &[Way::Sso],
        }
    }

    /// Goes to the organization's provider, which knows this address, and back.
    fn comes(self, world: &World, visitor: &Person, email: &str) -> Page {
        match self {
            Self::OpenId => sso::comes(visitor, email),
            Self::Saml => way::comes(world, visitor, &somebody(email, ["Some", "Body"])),
        }
    }
}

impl Way {
    pub const ALL: [Way; 5] = [Way::Password, Way::Passkey, Way::Google, Way::GitHub, Way::Sso];
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Unknown,
    Invited,
    /// Invited, and the invitation is over.
    Expired,
    Active,
    Deactivated,
}

impl State {
    const ALL: [State; 5] =
        [State::Unknown, State::Invited, State::Expired, State::Active, State::Deactivated];
}

pub struct Someone {
    pub state: State,
    pub app: Option<Authenticator>,
    way: Way,
    email: String,
    /// At whatever provider.
    subject: String,
    passkey: Option<Passkey>,
    invitation: Option<String>,
}

pub struct Cast<'w> {
    pub world: &'w World,
    pub protocol: Protocol,
    providers: Providers,
    people: Vec<Someone>,
    /// A passkey that was removed again.
    stray: Passkey,
}

impl<'w> Cast<'w> {
    /// An organization with single sign-on and everybody; with an app each, where an account can have one.
    pub fn assemble(
        (world, providers): (&'w World, &Providers),
        protocol: Protocol,
        with_apps: bool,
    ) -> Cast<'w> {
        let ada = match protocol {
            Protocol::OpenId => sso::with_sso(world, providers),
            Protocol::Saml => way::with_saml(world),
        };
        let of = |state| protocol.ways().iter().map(move |way| Someone::new(state, *way));
        let mut people: Vec<_> = State::ALL.into_iter().flat_map(of).collect();
        invites(&ada, &people, State::Expired);
        keep_links(world, &mut people, State::Expired);
        world.later(Duration::days(8));
        ada.signs_in(ADMINISTRATOR, PASSWORD);
        invites(&ada, &people, State::Invited);
        keep_links(world, &mut people, State::Invited);
        let stray = adds(&ada);
        super::changes(world, "DELETE FROM passkeys");
        for someone in &mut people {
            if matches!(someone.state, State::Active | State::Deactivated) {
                someone.settles((world, providers), protocol, with_apps);
            }
            if someone.state == State::Deactivated {
                let page = ada.post(&path(world, &someone.email, "deactivate"), &[]);
                assert!(page.status.is_redirection(), "{}", page.text());
            }
        }
        if with_apps {
            next_step(world);
        }
        Cast { world, protocol, providers: providers.clone(), people, stray }
    }

    pub fn someone(&self, state: State, way: Way) -> &Someone {
        let found = self.people.iter().find(|someone| (someone.state, someone.way) == (state, way));
        found.expect("somebody for each cell")
    }

    /// Comes this way as far as it leads without a second step.
    pub fn comes(&self, way: Way, someone: &Someone, visitor: &Person) -> Page {
        self.providers.knows(&someone.subject, &someone.email, "Somebody");
        match way {
            Way::Password => by_password(visitor, someone),
            Way::Passkey => {
                let asked = question(&visitor.post("/sign-in/passkey/begin", &[]));
                let answer = someone.passkey.as_ref().unwrap_or(&self.stray).answers(&asked);
                visitor.post("/sign-in/passkey", &[("credential", &answer)]).followed()
            }
            Way::Google => joins(comes_with(visitor, "Google")),
            Way::GitHub => joins(comes_with(visitor, "GitHub")),
            Way::Sso => self.protocol.comes(self.world, visitor, &someone.email),
        }
    }
}

/// By the password, or by the invitation that asks for one.
fn by_password(visitor: &Person, someone: &Someone) -> Page {
    let Some(link) = &someone.invitation else { return visitor.signs_in(&someone.email, PASSWORD) };
    let page = visitor.signs_in(&someone.email, PASSWORD);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "nobody has a password yet: {}", page.text());
    let page = visitor.opens(link);
    if page.has_button("Accept invitation") {
        return page
            .form("Accept invitation")
            .fill("Your name", "Somebody")
            .fill("Password", PASSWORD)
            .press();
    }
    match page.says("by its single sign-on only") {
        // As from a page that was opened before.
        true => visitor.post(page.url.path(), &[("name", "Somebody"), ("password", PASSWORD)]).followed(),
        false => page,
    }
}

fn joins(page: Page) -> Page {
    let join = "Join Analytical Engines";
    if page.has_button(join) { page.form(join).press() } else { page }
}

impl Someone {
    fn new(state: State, way: Way) -> Someone {
        let email = format!("{state:?}.{way:?}@example.com").to_lowercase();
        let subject = format!("{}", 3_000 + 10 * state as usize + way as usize);
        Someone { state, way, email, subject, app: None, passkey: None, invitation: None }
    }

    /// Has an account with a password, a browser that it knows, and what this way takes.
    fn settles(&mut self, (world, providers): (&World, &Providers), protocol: Protocol, with_app: bool) {
        let person = member(world, &self.email, "Somebody", &[]);
        providers.knows(&self.subject, &self.email, "Somebody");
        match self.way {
            Way::Password => {}
            Way::Passkey => self.passkey = Some(adds(&person)),
            Way::Google => drop(links(&person, "Google")),
            Way::GitHub => drop(links(&person, "GitHub")),
            Way::Sso => drop(protocol.comes(world, &world.visitor(), &self.email)),
        }
        if with_app {
            self.app = Some(switches_on(world, &person).0);
        }
    }
}

fn in_state(people: &[Someone], state: State) -> impl Iterator<Item = &Someone> {
    people.iter().filter(move |someone| someone.state == state)
}

fn invites(ada: &Person, people: &[Someone], state: State) {
    let list: Vec<_> = in_state(people, state).map(|someone| someone.email.as_str()).collect();
    let fields = [("email", list.join("\n")), ("step", "confirmed".to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    let page = ada.post(crate::invitations::INVITE, &fields);
    assert!(page.status.is_redirection(), "{}", page.text());
}

fn keep_links(world: &World, people: &mut [Someone], state: State) {
    for someone in people.iter_mut().filter(|someone| someone.state == state) {
        someone.invitation = Some(world.invitation_link(&someone.email));
    }
}
