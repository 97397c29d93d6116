//! Where a request comes from.

use std::{
    future::{Ready, ready},
    net::{IpAddr, Ipv4Addr},
};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Data};

use super::Site;
use crate::{access::Origin, telemetry};

/// The other end of a request: its network address (as told by proxies we trust) and what it calls itself.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub address: IpAddr,
    /// The User-Agent, cut to 300 bytes.
    pub agent: String,
    request_id: String,
}

const MOST_OF_AGENT: usize = 300;

impl Visitor {
    pub fn of(request: &HttpRequest) -> Self {
        let agent =
            request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or("");
        Self {
            address: address_of(request),
            agent: agent[..agent.floor_char_boundary(MOST_OF_AGENT)].to_owned(),
            request_id: telemetry::RequestId::of(request).to_string(),
        }
    }

    pub fn origin(&self) -> Origin {
        Origin { request_id: self.request_id.clone(), address: self.address.to_string() }
    }
}

impl FromRequest for Visitor {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The peer; or, when the peer is a trusted proxy, the last address in X-Forwarded-For that is not one.
fn address_of(request: &HttpRequest) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip()).to_canonical();
    let Some(site) = request.app_data::<Data<Site>>() else { return peer };
    let trusted = |address: &IpAddr| site.settings.trusted_proxies.iter().any(|net| net.contains(address));
    let forwarded = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    last_untrusted(peer, &forwarded.collect::<Vec<_>>().join(","), trusted)
}

fn last_untrusted(peer: IpAddr, forwarded: &str, trusted: impl Fn(&IpAddr) -> bool) -> IpAddr {
    let mut address = peer;
    for hop in forwarded.rsplit(',').map(str::trim) {
        if !trusted(&address) {
            break;
        }
        match hop.parse::<IpAddr>() {
            Ok(hop) => address = hop.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_may_say_whom_it_speaks_for() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let trusted = |address: &IpAddr| *address == proxy;
        let other: IpAddr = "198.51.100.7".parse().unwrap();
        assert_eq!(last_untrusted(other, "203.0.113.9", trusted), other);
        assert_eq!(last_untrusted(proxy, "203.0.113.9, 198.51.100.7", trusted), other);
        assert_eq!(last_untrusted(proxy, "198.51.100.7, 10.0.0.1", trusted), other);
        assert_eq!(last_untrusted(proxy, "nonsense", trusted), proxy);
        assert_eq!(last_untrusted(proxy, "", trusted), proxy);
    }
}
