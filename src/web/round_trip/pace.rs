//! How often ways to another site may begin: each begun one counts against its network until it ends here again.

use std::{net::IpAddr, time::Duration};

use crate::{
    crypto::hashing::network_of,
    db::{Fault, Tx},
    web::throttle::{self, Admission, Kind},
};

/// How long to wait before another way may begin from this network; nothing when it may, and then it is counted.
pub fn wait(tx: &mut Tx<'_>, from: IpAddr) -> Result<Option<Duration>, Fault> {
    Ok(match throttle::admit(tx, &[(Kind::Address, &key(from))])? {
        Admission::Wait(wait) => Some(wait),
        Admission::Open { .. } => None,
    })
}

/// A way that began there has come back, and is not counted any more.
pub fn came_back(tx: &mut Tx<'_>, from: IpAddr) -> Result<(), Fault> {
    let key = key(from);
    throttle::forgive(tx, &key, &key)
}

fn key(from: IpAddr) -> String {
    format!("way to another site {}", network_of(from))
}
