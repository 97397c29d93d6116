//! Where a request may go.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Why an address is not called, in words for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    #[error("the address begins neither with https:// nor, where private networks are allowed, with http://")]
    Scheme,
    #[error("the address has a user or password in it")]
    UserInfo,
    #[error("the address names no host")]
    NoHost,
    #[error("the address leads into a private network, which the operator has not allowed")]
    Private,
}

/// What an address must be before its name is looked up. Unencrypted ones only where private networks are allowed.
pub fn check(url: &Url, allow_private: bool) -> Result<(), NotAllowed> {
    match url.scheme() {
        "https" => {}
        "http" if allow_private => {}
        _ => return Err(NotAllowed::Scheme),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(NotAllowed::UserInfo);
    }
    match url.host() {
        None | Some(Host::Domain("")) => Err(NotAllowed::NoHost),
        Some(Host::Ipv4(address)) if !allow_private && !is_public(address.into()) => Err(NotAllowed::Private),
        Some(Host::Ipv6(address)) if !allow_private && !is_public(address.into()) => Err(NotAllowed::Private),
        Some(_) => Ok(()),
    }
}

/// Whether an address belongs to the internet at large: none of the special-purpose ones of IANA's registries (RFC 6890),
/// and none that wraps such a one.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let is_special = address.is_unspecified()
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !is_special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // Global unicast is 2000::/3; NAT64 (RFC 6052) and 6to4 (RFC 3056) carry an address of version 4.
    match parts {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // IETF protocol assignments, Teredo and ORCHID among them; documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        [first, ..] => (first & 0xe000) == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_private_and_special_networks_are_not_public_in_whatever_form() {
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "192.0.2.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "64:ff9b::10.0.0.1",
            "2002:7f00:1::1",
            "2001:0::1",
            "2001:db8::1",
            "3fff::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.0.1",
            "172.32.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_address_is_refused_before_anybody_is_asked() {
        let check = |text: &str, allow| super::check(&Url::parse(text).unwrap(), allow);
        assert_eq!(check("https://example.com/hook", false), Ok(()));
        assert_eq!(check("http://example.com/hook", false), Err(NotAllowed::Scheme));
        assert_eq!(check("http://127.0.0.1:8080", true), Ok(()));
        assert_eq!(check("file:///etc/passwd", true), Err(NotAllowed::Scheme));
        assert_eq!(check("https://ada:secret@example.com", true), Err(NotAllowed::UserInfo));
        // Numbers in the manner of C are addresses as well.
        for private in
            ["https://127.0.0.1", "https://2130706433", "https://0x7f.1", "https://[::1]", "https://10.1.2.3"]
        {
            assert_eq!(check(private, false), Err(NotAllowed::Private), "{private}");
        }
    }
}
