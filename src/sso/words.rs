//! What is said of providers and their word.

use super::{
    forms::{Errors, sentence},
    model::{DeployRefusal, NotDescribed, NotUnlinked, SettingRefusal, TurnedAway, Vouched},
};
use crate::openid::NotVouched;

/// Heading and story of a way that did not lead back well.
pub fn not_vouched(why: &NotVouched) -> (&'static str, &'static str) {
    match why {
        NotVouched::Declined => {
            ("Single sign-on was not used", "It was ended at the provider, so nothing was changed here.")
        }
        NotVouched::Away(_) => (
            "The provider does not answer",
            "Your organization’s provider could not be reached, or took too long. Nothing was changed; try again in a while.",
        ),
        NotVouched::Unreadable(_) => (
            "The provider gave an answer that cannot be read",
            "What your organization’s provider sent back is not what was asked for. Nothing was changed; try again in a while.",
        ),
        NotVouched::Untrusted { .. } => (
            "The provider’s answer cannot be trusted",
            "It is not certain that what came back is from your organization’s provider, or that it is about this sign-in. \
             Nobody was let in and nothing was changed.",
        ),
    }
}

/// The same of an answer by SAML, with what is wrong with it.
pub fn answer_refused(why: &str) -> (&'static str, String) {
    let title = "The provider’s answer was refused";
    (title, format!("{why} Nobody was let in and nothing was changed."))
}

/// Heading and story for somebody whom the provider vouches for and who is not let in.
pub fn turned_away(why: TurnedAway) -> (&'static str, &'static str) {
    match why {
        TurnedAway::Off => (
            "Single sign-on is off",
            "Your organization has turned it off or changed its provider meanwhile. Sign in another way, or begin again.",
        ),
        TurnedAway::NoAddress => (
            "The provider tells no address",
            "Your organization’s provider vouches for you, and does not say by which email address you are known. Ask your \
             administrator to have it sent.",
        ),
        TurnedAway::Unverified => (
            "Your address is not verified",
            "Your organization’s provider does not say that your email address is verified, so nobody can be let in by it. \
             Ask your administrator.",
        ),
        TurnedAway::OtherDomain => (
            "Your address is in another domain",
            "Your organization lets in only people whose email address is in one of its domains, and the address that its \
             provider tells is in none of them.",
        ),
        TurnedAway::Deactivated(_) => {
            ("Your account is deactivated", "An administrator has deactivated it, so it does not let you in.")
        }
        TurnedAway::Another(_) => (
            "Your address belongs to another account of the provider",
            "Somebody with this email address signs in here with another account of your organization’s provider. Ask your \
             administrator.",
        ),
        TurnedAway::InvitationOver(_) => (
            "Your invitation has expired",
            "You were invited, and did not accept in time. Ask whoever invited you to send it again, then sign in again.",
        ),
    }
}

/// Heading and story for an invitation that another address came for.
pub fn other_address(expected: &str, vouched: &Vouched) -> (String, String) {
    (
        "The invitation is for another address".to_owned(),
        format!(
            "It invites {expected}, and your organization’s provider vouches for {}. Nobody was let in and nothing was \
             changed. Sign in at the provider with the invited address, or ask whoever invited you.",
            vouched.shown()
        ),
    )
}

/// What the form says of a provider that did not tell of itself as it should.
pub fn not_discovered(why: &NotVouched) -> String {
    match why {
        NotVouched::Away(why) => format!("The provider could not be asked: {why}."),
        NotVouched::Unreadable(_) => {
            "What is found there is no discovery document of an OpenID provider.".to_owned()
        }
        NotVouched::Untrusted { why, .. } => sentence(why),
        NotVouched::Declined => "The provider said no.".to_owned(),
    }
}

/// The same of one whose metadata do not describe it.
pub fn not_described(why: &NotDescribed) -> String {
    match why {
        NotDescribed::Away(why) => format!("The metadata could not be fetched: {why}."),
        NotDescribed::Answered(status) => {
            format!("The metadata could not be fetched: the answer there is {status}.")
        }
        NotDescribed::Unusable(why) => sentence(&why.to_string()),
        NotDescribed::OpenAddress => {
            "The metadata name an SSO URL that does not begin with https://.".to_owned()
        }
    }
}

pub const LAST_ADMINISTRATOR: &str = "Nobody who administers the organization could sign in any more, or not while the \
     provider fails. See that an administrator has a password and a second factor first.";

pub fn not_deployed(why: &DeployRefusal) -> Errors {
    match why {
        DeployRefusal::NoDraft => Errors::whole("What was shown waits no more. Look it over and go on anew."),
        DeployRefusal::Stale => {
            Errors::whole("Somebody changed single sign-on meanwhile. Look it over and go on anew.")
        }
        DeployRefusal::DomainTaken(domain) => {
            Errors::at("domains", format!("Another organization has claimed {domain}."))
        }
        DeployRefusal::NoSuchGroup => {
            Errors::whole("One of the groups is not there any more. Choose another.")
        }
        DeployRefusal::MoreThanOwn => Errors::whole(
            "One of the groups carries roles that you do not hold, so you cannot hand them out.",
        ),
        DeployRefusal::LastAdministrator => Errors::whole(LAST_ADMINISTRATOR),
    }
}

/// Why somebody's own identity stays linked.
pub fn not_unlinked(why: NotUnlinked) -> &'static str {
    match why {
        NotUnlinked::NotLinked => "Single sign-on is not linked.",
        NotUnlinked::Required => {
            "Your organization requires single sign-on of you, so it stays linked. Nothing was changed."
        }
        NotUnlinked::LastWay => {
            "This is your only way to sign in. Set a password by “Forgot your password?” or add a passkey, then unlink it."
        }
        NotUnlinked::LastAdministrator => {
            "Nobody who administers the organization could sign in any more. Give somebody else IAM Admin and a way to \
             sign in first."
        }
    }
}

pub fn not_changed(why: SettingRefusal) -> &'static str {
    match why {
        SettingRefusal::NoConnection => "Single sign-on is not set up any more.",
        SettingRefusal::IsSo => "It is like that already. Nothing was changed.",
        SettingRefusal::IsOff => "Single sign-on is off, so nobody could come by it. Enable it first.",
        SettingRefusal::Stale => "Somebody changed single sign-on meanwhile. Look it over again.",
        SettingRefusal::IsOn => "Single sign-on is on. Disable it first.",
        SettingRefusal::LastAdministrator => LAST_ADMINISTRATOR,
    }
}
