//! What is said of providers and what they vouch for.

use super::model::{NotLinked, NotUnlinked, NotVouched};
use crate::settings::Provider;

/// Heading and story of a way that did not lead back well.
pub fn not_vouched(provider: Provider, why: &NotVouched) -> (String, String) {
    let label = provider.label();
    match why {
        NotVouched::Declined => (
            format!("{label} was not used"),
            format!("You ended it at {label}, so nothing was changed here."),
        ),
        NotVouched::Away(_) => (
            format!("{label} does not answer"),
            format!(
                "{label} could not be reached, or took too long. Nothing was changed; try again in a while."
            ),
        ),
        NotVouched::Unreadable(_) => (
            format!("{label} gave an answer that cannot be read"),
            format!(
                "What {label} sent back is not what was asked for. Nothing was changed; try again in a while."
            ),
        ),
        NotVouched::Untrusted { .. } => (
            format!("The answer of {label} cannot be trusted"),
            format!(
                "It is not certain that what came back is from {label}, or that it is about this sign-in. Nobody was let \
                 in and nothing was changed."
            ),
        ),
    }
}

pub fn not_linked(provider: Provider, why: NotLinked) -> String {
    let label = provider.label();
    match why {
        NotLinked::AnothersAlready => {
            format!("That {label} account signs in somebody else of your organization. Nothing was linked.")
        }
        NotLinked::AnotherAccount => {
            format!("Another {label} account is linked already. Unlink it first, then link this one.")
        }
    }
}

pub fn not_unlinked(provider: Provider, why: NotUnlinked) -> String {
    match why {
        NotUnlinked::NotLinked => format!("No {} account is linked.", provider.label()),
        NotUnlinked::LastWay => {
            "This is your only way to sign in. Set a password by “Forgot it?” or add a passkey, then unlink this account.".to_owned()
        }
        NotUnlinked::LastAdministrator => {
            "Nobody who administers the organization could sign in any more. Give somebody else IAM Admin and a way to \
             sign in first."
                .to_owned()
        }
    }
}
