//! What happens to an organization's single sign-on, and by it.

mod admit;
mod groups;
mod metadata;
mod require;
mod round;
mod saml;
mod settings;
mod trial;
mod unlink;

pub use admit::{admit, note_other_address, note_untrusted};
pub use metadata::{described, fresh_key};
pub use require::{preview, require};
pub use round::{Begun, begin, discovered, is_a_way, leads_from, own, proves, provider, take, throttled};
pub use saml::{Finished, Waited, finish, of_code, receive, waits};
pub use settings::{Deployed, Shown, Waiting, deploy, draft, enable, keep, remove, shown};
pub use trial::{Regrouped, Trial, note_trial, try_out};
pub use unlink::{known, unlink};

use crate::{
    base::{ids::OrganizationId, token},
    crypto::sealing::Sealer,
    db::Fault,
};

/// Seals the secret of an organization's provider.
fn sealed(sealer: &Sealer, organization: OrganizationId, secret: &str) -> Result<String, Fault> {
    let sealed = sealer.seal(&purpose(organization), secret.as_bytes());
    sealed.ok_or_else(|| Fault::broken("sealing the secret of a provider", "it was refused"))
}

fn opened(sealer: &Sealer, organization: OrganizationId, sealed: &str) -> Option<String> {
    let opened = sealer.open(&purpose(organization), sealed)?;
    String::from_utf8(opened.secret).ok()
}

fn purpose(organization: OrganizationId) -> String {
    format!("single sign-on of {organization}")
}

fn fresh_name() -> String {
    token::random_token()
}
