//! Whose certificates are believed.

use std::sync::Arc;

use tokio_rustls::rustls::{
    self, ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject},
};

/// Authorities whose certificates are believed: those of Mozilla, and the operator's own. Cheap to clone.
#[derive(Clone)]
pub struct Trust {
    own: Arc<[CertificateDer<'static>]>,
    config: Arc<ClientConfig>,
}

/// Why authorities cannot be believed, in words for the operator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoTrust {
    #[error("it is not PEM ({0})")]
    NotPem(String),
    #[error("no certificate is in it")]
    Empty,
    #[error("certificate {number} is not one of an authority ({why})")]
    NotAnAuthority { number: usize, why: String },
    #[error("encrypted connections cannot be prepared ({0})")]
    Tls(String),
}

impl Trust {
    /// Mozilla's authorities, and the certificates of a PEM file beside them.
    ///
    /// # Errors
    /// When the file holds no certificate, or one that is not read; never without a file, but for the TLS library's own
    /// reasons.
    pub fn new(own: Option<&[u8]>) -> Result<Self, NoTrust> {
        let own = own.map_or(Ok(Vec::new()), certificates)?;
        let mut roots = RootCertStore::from_iter(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for (certificate, number) in own.iter().zip(1..) {
            let added = roots.add(certificate.clone());
            added.map_err(|error| NoTrust::NotAnAuthority { number, why: error.to_string() })?;
        }
        let tls = |error: rustls::Error| NoTrust::Tls(error.to_string());
        let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(tls)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { own: own.into(), config: Arc::new(config) })
    }

    /// For HTTP.
    pub(super) fn config(&self) -> Arc<ClientConfig> {
        self.config.clone()
    }

    /// The operator's own authorities, in DER (X.509), for those who know Mozilla's themselves.
    pub fn own(&self) -> impl Iterator<Item = &[u8]> {
        self.own.iter().map(AsRef::as_ref)
    }
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, NoTrust> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let read = read.map_err(|error| NoTrust::NotPem(error.to_string()))?;
    if read.is_empty() { Err(NoTrust::Empty) } else { Ok(read) }
}
