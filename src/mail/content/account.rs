//! What letters about an account say.

use super::{ADDRESS, Button, Content, NAME, name_or, news, works_until};
use crate::{
    base::clock::Moment,
    mail::{
        letters::{AccountEvent, Reset},
        links::Links,
        words::{day_and_time, inline, line},
    },
};

/// What to do about news of one's own account that one did not cause.
const NOT_YOU: &str = "If that was not you, set a new password at once and tell an administrator.";

/// What happened, to whose account it is.
pub fn notice(event: &AccountEvent, organization: &str, links: &Links, at: Moment) -> Content {
    let (subject, told) = told(event);
    let (label, link) = match event {
        AccountEvent::PasswordChanged | AccountEvent::PasswordReset | AccountEvent::EmailChangeUndone => {
            ("Set a new password", links.password_forgotten())
        }
        AccountEvent::TwoFactorOn
        | AccountEvent::TwoFactorOff
        | AccountEvent::RecoveryCodesRenewed
        | AccountEvent::RecoveryCodeUsed { .. }
        | AccountEvent::SecondFactorReset { .. } => {
            ("Open two-factor authentication", links.settings("two-factor"))
        }
        AccountEvent::PasskeyAdded { .. }
        | AccountEvent::PasskeyRenamed { .. }
        | AccountEvent::PasskeyRemoved { .. } => ("Open passkeys", links.settings("passkeys")),
        AccountEvent::AccountLinked { .. } | AccountEvent::AccountUnlinked { .. } => {
            ("Open linked accounts", links.settings("linked"))
        }
        AccountEvent::SessionsEnded { .. } | AccountEvent::NewBrowser { .. } => {
            ("Show my sessions", links.settings("sessions"))
        }
        AccountEvent::RecoveryLinkMade { .. }
        | AccountEvent::ProviderTookOver
        | AccountEvent::ProviderChangedAddress { .. } => ("Open Settings", links.settings("password")),
        AccountEvent::TokenCreated { .. } | AccountEvent::TokenRevoked { .. } => {
            ("Open Tokens", links.tokens())
        }
    };
    Content {
        subject: format!("{subject} in {}", line(organization, NAME)),
        heading: subject.to_owned(),
        paragraphs: vec![told, when(organization, at)],
        button: Some(Button { label, link }),
        unexpected: NOT_YOU.to_owned(),
        ..news()
    }
}

/// What happened to somebody's account, to the other administrators.
pub fn notice_to_administrators(
    event: &AccountEvent,
    organization: &str,
    person: &str,
    link: String,
    at: Moment,
) -> Content {
    let person_named = name_or(person, "a person");
    let (subject, told) = match event {
        AccountEvent::SecondFactorReset { by, reason } => (
            format!("The second factor of {} was reset", line(person, NAME)),
            format!(
                "{} took away the second factor of {person_named}. The reason given: {}",
                name_or(by, "An administrator"),
                inline(reason, ADDRESS)
            ),
        ),
        AccountEvent::RecoveryLinkMade { lifts_factor } => (
            format!("A way in was made for {}", line(person, NAME)),
            format!(
                "Somebody with access to the machine that Roster runs on made a link with which {person_named} can \
                 set a new password.{}",
                if *lifts_factor { " Using it also takes their second factor away." } else { "" }
            ),
        ),
        other => {
            let (subject, told) = self::told(other);
            (format!("{subject}: {}", line(person, NAME)), format!("This concerns {person_named}. {told}"))
        }
    };
    Content {
        heading: subject.clone(),
        subject,
        paragraphs: vec![told, when(organization, at)],
        button: Some(Button { label: "Show this person", link }),
        unexpected:
            "You receive this because you administer the organization. If nobody told you of it, ask."
                .to_owned(),
        ..news()
    }
}

/// A short subject, and a sentence that says what happened.
fn told(event: &AccountEvent) -> (&'static str, String) {
    let administrator = |by: &str| name_or(by, "An administrator");
    match event {
        AccountEvent::PasswordChanged => (
            "Your password was changed",
            "Your password was changed, and your other sessions have ended.".to_owned(),
        ),
        AccountEvent::PasswordReset => (
            "Your password was reset",
            "A new password was set by a link that was mailed to you. All your sessions have ended.".to_owned(),
        ),
        AccountEvent::TwoFactorOn => (
            "Two-factor authentication is on",
            "Signing in now asks for a code from your app after the password.".to_owned(),
        ),
        AccountEvent::TwoFactorOff => (
            "Two-factor authentication is off",
            "Signing in no longer asks for a code. Your other sessions have ended.".to_owned(),
        ),
        AccountEvent::RecoveryCodesRenewed => (
            "You have new recovery codes",
            "Ten new recovery codes were made. The older ones no longer work.".to_owned(),
        ),
        AccountEvent::RecoveryCodeUsed { left } => (
            "A recovery code was used",
            match left {
                0 => "Somebody signed in with the last of your recovery codes. Make new ones in Settings.".to_owned(),
                1 => "Somebody signed in with one of your recovery codes. One is left.".to_owned(),
                left => format!("Somebody signed in with one of your recovery codes. {left} are left."),
            },
        ),
        AccountEvent::PasskeyAdded { name } => (
            "A passkey was added",
            format!("The passkey “{}” can now sign in to your account.", inline(name, NAME)),
        ),
        AccountEvent::PasskeyRenamed { from, name } => (
            "A passkey was renamed",
            format!("The passkey “{}” is called “{}” now.", inline(from, NAME), inline(name, NAME)),
        ),
        AccountEvent::PasskeyRemoved { name } => (
            "A passkey was removed",
            format!("The passkey “{}” can no longer sign in to your account.", inline(name, NAME)),
        ),
        AccountEvent::ProviderTookOver => (
            "Your account is looked after by your organization",
            "From now on the identity provider of your organization settles your name, your address and whether your \
             account is active."
                .to_owned(),
        ),
        AccountEvent::ProviderChangedAddress { to } => (
            "Your address was changed",
            format!(
                "The identity provider of your organization gave your account the address {}. Links to a new password \
                 that were mailed before no longer work.",
                inline(to, ADDRESS)
            ),
        ),
        AccountEvent::AccountLinked { provider, address } => (
            "An account was linked",
            format!(
                "The {} account {} can now sign in to your account.",
                inline(provider, NAME),
                line(address, ADDRESS)
            ),
        ),
        AccountEvent::AccountUnlinked { provider, address } => (
            "An account was unlinked",
            format!(
                "The {} account {} can no longer sign in to your account.",
                inline(provider, NAME),
                line(address, ADDRESS)
            ),
        ),
        AccountEvent::SessionsEnded { by: None } => (
            "Sessions were ended",
            "Sessions of your account were ended from its settings.".to_owned(),
        ),
        AccountEvent::SessionsEnded { by: Some(by) } => {
            ("Your sessions were ended", format!("{} ended all sessions of your account.", administrator(by)))
        }
        AccountEvent::NewBrowser { device, address } => (
            "A sign-in from a new browser",
            format!(
                "Somebody signed in to your account with {}, from the network address {}. That browser was not seen with \
                 your account before. You can end its session in Settings.",
                inline(device, NAME),
                line(address, NAME)
            ),
        ),
        AccountEvent::EmailChangeUndone => (
            "The change of your address was taken back",
            "This address is in force again, and all sessions have ended. Set a new password, because somebody could \
             change the address."
                .to_owned(),
        ),
        AccountEvent::SecondFactorReset { by, reason } => (
            "Your second factor was reset",
            format!(
                "{} took your second factor away, and your sessions have ended. The reason given: {}",
                administrator(by),
                inline(reason, ADDRESS)
            ),
        ),
        AccountEvent::RecoveryLinkMade { lifts_factor } => (
            "A way into your account was made",
            format!(
                "Somebody with access to the machine that Roster runs on made a link that sets a new password for your \
                 account.{}",
                if *lifts_factor { " Using it also takes your second factor away." } else { "" }
            ),
        ),
        AccountEvent::TokenCreated { name } => (
            "An access token was created",
            format!("The access token “{}” can now act as you, with your rights.", inline(name, NAME)),
        ),
        AccountEvent::TokenRevoked { name, by: None } => (
            "An access token was revoked",
            format!("The access token “{}” no longer works.", inline(name, NAME)),
        ),
        AccountEvent::TokenRevoked { name, by: Some(by) } => (
            "Your access token was revoked",
            format!("{} revoked your access token “{}”.", administrator(by), inline(name, NAME)),
        ),
    }
}

fn when(organization: &str, at: Moment) -> String {
    format!("It happened in {} on {}.", inline(organization, NAME), day_and_time(at))
}

/// The way to a new password.
pub fn reset(why: Reset, organization: &str, link: String, (expires_at, at): (Moment, Moment)) -> Content {
    let organization_named = inline(organization, NAME);
    let (first, unexpected) = match why {
        Reset::Forgotten => (
            format!("Somebody asked for a new password for your account in {organization_named}."),
            "If that was not you, you can ignore this letter: the password stays as it is.",
        ),
        Reset::Required => (
            format!(
                "An administrator of {organization_named} requires a new password. The old one no longer works, and your \
                 sessions have ended."
            ),
            "If you did not expect this, ask an administrator before you open the link.",
        ),
        Reset::Recovery => (
            format!("The operator lets you into your account in {organization_named} again."),
            "If you did not expect this, tell the operator before you open the link.",
        ),
    };
    Content {
        subject: format!("Set a new password for {}", line(organization, NAME)),
        heading: "Set a new password".to_owned(),
        paragraphs: vec![
            first,
            "Setting it ends all your sessions. Signing in afterwards asks for your second factor as always."
                .to_owned(),
        ],
        button: Some(Button { label: "Set a new password", link }),
        until: Some(works_until(expires_at, at)),
        unexpected: unexpected.to_owned(),
        quote: None,
    }
}

/// To the new address.
pub fn confirmation(organization: &str, link: String, (expires_at, at): (Moment, Moment)) -> Content {
    Content {
        subject: format!("Confirm your new address for {}", line(organization, NAME)),
        heading: "Confirm your new address".to_owned(),
        paragraphs: vec![format!(
            "Somebody wants to use this address for an account in {}. Until it is confirmed, the old address stays.",
            inline(organization, NAME)
        )],
        button: Some(Button { label: "Confirm the address", link }),
        until: Some(works_until(expires_at, at)),
        unexpected: "If that was not you, you can ignore this letter: nothing changes.".to_owned(),
        quote: None,
    }
}

/// To the old address.
pub fn changed(organization: &str, to: &str, link: String, (expires_at, at): (Moment, Moment)) -> Content {
    Content {
        subject: format!("Your address for {} was changed", line(organization, NAME)),
        heading: "Your address was changed".to_owned(),
        paragraphs: vec![format!(
            "Your account in {} now has the address {}. Letters about it go there.",
            inline(organization, NAME),
            line(to, ADDRESS)
        )],
        button: Some(Button { label: "Take the change back", link }),
        until: Some(works_until(expires_at, at)),
        unexpected:
            "If that was not you, take the change back: the old address is in force again and every session \
                     ends."
                .to_owned(),
        quote: None,
    }
}

/// To somebody whose account is being tried by strangers.
pub fn browser(organization: &str, link: String, (expires_at, at): (Moment, Moment)) -> Content {
    Content {
        subject: format!("Sign in to {} from a new browser", line(organization, NAME)),
        heading: "Let this browser sign in".to_owned(),
        paragraphs: vec![format!(
            "Very many wrong passwords were tried for your account in {}. Nothing is locked, but a browser that has \
             never signed in before must open this link first. Open it in the browser you want to sign in with.",
            inline(organization, NAME)
        )],
        button: Some(Button { label: "Let this browser sign in", link }),
        until: Some(works_until(expires_at, at)),
        unexpected:
            "If you are not signing in just now, do not open the link. Your password still protects the \
                     account."
                .to_owned(),
        quote: None,
    }
}
