//! What goes out to an address that somebody typed: webhooks, metadata, discovery documents. Everything of that kind goes
//! through one [`Fetcher`], which keeps a console from being made to ask its own network (OWASP, server-side request
//! forgery): one request, one answer, bounded in time and size, no redirects, no proxy, and the address that the name
//! stood for when it was checked is the one that is called.

mod fetcher;
mod guard;
mod trust;

pub use fetcher::{Answer, Call, Fetcher, Method};
pub use guard::{NotAllowed, check, is_public};
pub use trust::{NoTrust, Trust};

/// Why there is no answer, in words for a person.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFetched {
    #[error("{0}")]
    NotAllowed(#[from] NotAllowed),
    #[error("the name of the host is not known")]
    UnknownHost,
    #[error("the host does not answer ({0})")]
    Unreachable(String),
    #[error("no encrypted connection could be made ({0})")]
    Tls(String),
    #[error("it took longer than {0} seconds")]
    TooSlow(u64),
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    #[error("the answer is not HTTP ({0})")]
    NotHttp(String),
}
