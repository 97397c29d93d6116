//! What is said of invitations.

use chrono::Duration;

use super::model::{ActRefusal, Changed, Found, Pending, Sent};
use crate::{
    base::{clock::Moment, email_address::EmailAddress},
    mail::MailState,
    settings::Provider,
    web::when,
};

/// Such as `expires in 6 days`, or `expired 2 hours ago`.
pub fn expiry(expires_at: Moment, now: Moment) -> String {
    let left = expires_at.since(now);
    if left > Duration::zero() {
        format!("expires in {}", when::span(left))
    } else {
        format!("expired {} ago", when::span(-left))
    }
}

/// What a row says under the status of an invited person: what became of the letter when that is not well, and
/// otherwise how long the link works.
pub fn note(pending: &Pending, now: Moment) -> String {
    match pending.mail.as_ref().map(|mail| (mail.state, mail.words.as_str())) {
        _ if pending.is_expired(now) => expiry(pending.expires_at, now),
        Some((MailState::Failed, "")) => "mail failed".to_owned(),
        Some((MailState::Failed, words)) => format!("mail failed: {words}"),
        Some((MailState::Queued, words)) if !words.is_empty() => format!("mail waits: {words}"),
        Some((MailState::Queued, _)) => format!("mail queued · {}", expiry(pending.expires_at, now)),
        Some((MailState::Sent, _)) | None => expiry(pending.expires_at, now),
    }
}

/// Why nobody is invited to a group.
pub const GROUP_PROVISIONED: &str = "Your identity provider settles who is in it.";

/// Why an act on an invitation was not done.
pub fn refused(refusal: &ActRefusal) -> String {
    match refusal {
        ActRefusal::NoSuchInvitation => "There is no such invitation.".to_owned(),
        ActRefusal::Changed { email, what } => changed(email, *what),
        ActRefusal::MoreThanOwn => {
            "The invited person's groups carry access that you do not have yourself, so you \
                                    cannot hand it out. An administrator can."
                .to_owned()
        }
        ActRefusal::AddressTaken => "Somebody in the organization has this address already.".to_owned(),
        ActRefusal::DomainNotAllowed => "Your organization does not invite people to this domain.".to_owned(),
        ActRefusal::SameAddress => "That is the address the invitation went to.".to_owned(),
    }
}

fn changed(email: &str, what: Changed) -> String {
    match what {
        Changed::Accepted => format!("{email} has accepted the invitation already."),
        Changed::Revoked => format!("The invitation to {email} was revoked already."),
        Changed::Resent => {
            format!("The invitation to {email} was sent anew since this page was made, with another link.")
        }
        Changed::Restored => format!("The invitation to {email} is in force again already."),
    }
}

/// Why an account elsewhere cannot be used to join.
pub fn anothers_already(provider: Provider, organization: &str) -> String {
    format!(
        "That {} account signs in somebody else of {organization} already. Use another one, or set a password.",
        provider.label()
    )
}

/// What stands behind an address, as one sentence about it.
pub fn found(email: &EmailAddress, found: &Found) -> String {
    match found {
        Found::New => format!("{email} is new."),
        Found::DomainNotAllowed => {
            format!(
                "{email} cannot be invited: your organization does not invite people to {}.",
                email.domain()
            )
        }
        Found::Member(_) => format!("{email} is a member already."),
        Found::Deactivated(_) => format!("{email} belongs to somebody who is deactivated."),
        Found::Invited { .. } => format!("{email} is invited already."),
    }
}

/// What was sent, and who was left out.
pub fn sent(sent: &Sent) -> String {
    let mut told = Vec::new();
    match sent.invited.as_slice() {
        [] => {}
        [one] => told.push(format!("Invitation sent to {one}.")),
        many => told.push(format!("{} invitations sent.", many.len())),
    }
    match sent.resent.as_slice() {
        [] => {}
        [one] => told.push(format!("Invitation sent again to {one}.")),
        many => told.push(format!("{} invitations sent again.", many.len())),
    }
    match sent.left.as_slice() {
        [] => {}
        [(email, what)] => told.push(found(email, what)),
        many => told.push(format!("{} were left out.", many.len())),
    }
    told.join(" ")
}

/// The first three names and how many more there are.
pub fn few(names: &[String]) -> String {
    match names {
        [] => "No roles".to_owned(),
        [a, b, c, rest @ ..] if !rest.is_empty() => format!("{a}, {b}, {c} and {} more", rest.len()),
        all => all.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_told_in_one_line() {
        let address = |text: &str| EmailAddress::parse(text).unwrap();
        let mut list = Sent { invited: vec![address("ada@x.example")], ..Sent::default() };
        assert_eq!(sent(&list), "Invitation sent to ada@x.example.");
        list.invited.push(address("bob@x.example"));
        list.left.push((address("eve@x.example"), Found::Member(crate::base::ids::UserId::new())));
        assert_eq!(sent(&list), "2 invitations sent. eve@x.example is a member already.");
    }

    #[test]
    fn roles_beyond_three_are_counted() {
        let names: Vec<String> = ["A", "B", "C", "D", "E", "F"].map(str::to_owned).to_vec();
        assert_eq!(few(&names), "A, B, C and 3 more");
        assert_eq!(few(&names[..3]), "A, B, C");
    }

    #[test]
    fn an_expiry_looks_both_ways() {
        let now = Moment::from_micros(0);
        assert_eq!(expiry(now.plus(Duration::days(6)), now), "expires in 6 days");
        assert_eq!(expiry(now.minus(Duration::hours(2)), now), "expired 2 hours ago");
    }
}
