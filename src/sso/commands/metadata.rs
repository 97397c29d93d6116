//! What is asked and made before a SAML provider is set up.

use std::time::Duration;

use url::Url;

use crate::{
    base::clock::Moment,
    crypto::sealing::Sealer,
    db::{Db, Fault},
    outbound::{Call, Fetcher, Method},
    saml::{self, LONGEST_METADATA, Provider, SigningKey},
    sso::model::{Configuration, Draft, NotDescribed, sso_url},
};

/// For all of the metadata.
const PATIENCE: Duration = Duration::from_secs(6);

/// The provider that the metadata at this address describe.
pub async fn described(
    fetcher: Fetcher,
    url: &Url,
    (now, allow_private): (Moment, bool),
) -> Result<Provider, NotDescribed> {
    let headers = [("accept", "application/samlmetadata+xml, application/xml, text/xml, */*".to_owned())];
    let call = Call {
        method: Method::GET,
        url,
        headers: &headers,
        body: Vec::new(),
        within: PATIENCE,
        most: LONGEST_METADATA,
    };
    let answer = fetcher.send(call).await.map_err(NotDescribed::Away)?;
    if !answer.is_success() {
        return Err(NotDescribed::Answered(answer.status));
    }
    let provider = saml::metadata(&answer.body, now).map_err(NotDescribed::Unusable)?;
    match sso_url(provider.sso_url.as_str(), allow_private) {
        Ok(_) => Ok(provider),
        Err(_) => Err(NotDescribed::OpenAddress),
    }
}

/// A key for requests, to be kept, when this provider wants them signed and the installation has none yet.
pub async fn fresh_key(db: &Db, sealer: Sealer, draft: &Draft) -> Result<Option<SigningKey>, Fault> {
    let wants = matches!(&draft.configuration, Configuration::Saml(saml) if saml.signs_requests);
    if !wants || db.read(move |conn| saml::signing_key(conn, &sealer)).await?.is_some() {
        return Ok(None);
    }
    let now = db.now();
    let broken = || Fault::broken("making a key for SAML requests", "it could not be made");
    let fresh = tokio::task::spawn_blocking(move || SigningKey::fresh(now)).await;
    fresh.ok().flatten().ok_or_else(broken).map(Some)
}
