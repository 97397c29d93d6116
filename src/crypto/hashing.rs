//! Password hashing: Argon2id (RFC 9106), bounded, so that a flood of sign-ins cannot take the machine.

mod memory;
mod threads;

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use argon2::{Algorithm, Argon2, Params, Version, password_hash::phc::PasswordHash};
use tokio::sync::Semaphore;

use crate::db::Fault;
use memory::Memory;
use threads::Threads;

/// What one hash costs. The default is the least that is allowed outside tests (OWASP: 19 MiB, two passes, one lane).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    pub memory_kib: u32,
    pub passes: u32,
    pub lanes: u32,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self { memory_kib: 19_456, passes: 2, lanes: 1 }
    }
}

/// How many wait at most, and how many of them for one network address.
const QUEUE: usize = 64;
const QUEUE_PER_ADDRESS: usize = 4;

#[derive(Debug, thiserror::Error)]
pub enum HashingFailed {
    /// Too many wait already: the answer is 429.
    #[error("too many passwords are being checked at once")]
    Busy,
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Hashes and checks passwords on few threads of its own; to be cloned freely.
#[derive(Clone)]
pub struct Hasher {
    argon2: Argon2<'static>,
    cost: PasswordCost,
    /// What is checked when there is no account, so that both take as long.
    dummy: Arc<str>,
    threads: Threads,
    queue: Arc<Semaphore>,
    queued_by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    refused: Arc<AtomicU64>,
}

/// What checking a password against an account's hash found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checked {
    pub matches: bool,
    /// The stored hash is cheaper than today's cost: hash anew and store that.
    pub outdated: bool,
}

impl Hasher {
    pub fn new(cost: PasswordCost) -> Result<Self, Fault> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None)
            .map_err(|e| Fault::broken("setting the cost of passwords", e.to_string()))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let dummy = hash_with(&mut Memory::default(), &argon2, &crate::base::token::random_token())?.into();
        let cores = cores();
        Ok(Self {
            argon2,
            cost,
            dummy,
            threads: Threads::start(cores)?,
            queue: Arc::new(Semaphore::new(QUEUE + cores)),
            queued_by_address: Arc::default(),
            refused: Arc::default(),
        })
    }

    /// How many passwords wait for their turn.
    pub fn waiting(&self) -> usize {
        QUEUE.saturating_sub(self.queue.available_permits())
    }

    /// How many were turned away so far because too many waited.
    pub fn refused(&self) -> u64 {
        self.refused.load(Ordering::Relaxed)
    }

    /// A PHC string to be stored.
    pub async fn hash(&self, from: IpAddr, password: String) -> Result<String, HashingFailed> {
        let argon2 = self.argon2.clone();
        Ok(self.in_turn(from, move |memory| hash_with(memory, &argon2, &password)).await??)
    }

    /// Checks one password against `N` stored hashes; where there is none, a hash is computed all the same,
    /// so that neither time nor load tells how many accounts there are.
    pub async fn check<const N: usize>(
        &self,
        from: IpAddr,
        password: String,
        stored: [Option<String>; N],
    ) -> Result<[Checked; N], HashingFailed> {
        let this = self.clone();
        let check =
            move |memory: &mut Memory| stored.map(|hash| this.check_one(memory, &password, hash.as_deref()));
        self.in_turn(from, check).await
    }

    fn check_one(&self, memory: &mut Memory, password: &str, stored: Option<&str>) -> Checked {
        let phc = stored.unwrap_or(&self.dummy);
        let Ok(parsed) = PasswordHash::new(phc) else {
            return Checked { matches: false, outdated: false };
        };
        let matches = memory.verify(password.as_bytes(), &parsed).unwrap_or(false) && stored.is_some();
        Checked { matches, outdated: matches && self.is_outdated(&parsed) }
    }

    fn is_outdated(&self, stored: &PasswordHash) -> bool {
        Params::try_from(stored).map_or(true, |params| {
            params.m_cost() < self.cost.memory_kib || params.t_cost() < self.cost.passes
        })
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        from: IpAddr,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Result<T, HashingFailed> {
        let busy = || {
            self.refused.fetch_add(1, Ordering::Relaxed);
            HashingFailed::Busy
        };
        let place = self.queue.clone().try_acquire_owned().map_err(|_| busy())?;
        let of_address = PlaceOfAddress::take(&self.queued_by_address, from).ok_or_else(busy)?;
        let work = move |memory: &mut Memory| {
            let _held = (place, of_address);
            work(memory)
        };
        Ok(self.threads.run(work).await?)
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, |cores| cores.get())
}

fn hash_with(memory: &mut Memory, argon2: &Argon2<'_>, password: &str) -> Result<String, Fault> {
    memory.hash(argon2, password.as_bytes()).map_err(|e| Fault::broken("hashing a password", e.to_string()))
}

/// One of the few places that an address has in the queue; given back when dropped.
struct PlaceOfAddress {
    taken: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl PlaceOfAddress {
    fn take(taken: &Arc<Mutex<HashMap<IpAddr, usize>>>, address: IpAddr) -> Option<Self> {
        let address = network_of(address);
        let mut places = taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = places.entry(address).or_default();
        if *count >= QUEUE_PER_ADDRESS {
            return None;
        }
        *count += 1;
        Some(Self { taken: taken.clone(), address })
    }
}

impl Drop for PlaceOfAddress {
    fn drop(&mut self) {
        let mut places = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = places.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                places.remove(&self.address);
            }
        }
    }
}

/// What stands for one visitor: an IPv4 address, or the /64 of an IPv6 address.
pub fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64)),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn hasher(memory_kib: u32) -> Hasher {
        Hasher::new(PasswordCost { memory_kib, passes: 1, lanes: 1 }).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_found_by_its_hash_and_nothing_is_found_where_there_is_none() {
        let hasher = hasher(16);
        let hash = hasher.hash(HERE, "correct horse".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=16,t=1,p=1$"), "{hash}");
        let found =
            hasher.check(HERE, "correct horse".into(), [None, Some(hash.clone()), None]).await.unwrap();
        assert_eq!(found.map(|c| c.matches), [false, true, false]);
        let found = hasher.check(HERE, "wrong horse".into(), [Some(hash)]).await.unwrap();
        assert!(!found[0].matches);
    }

    #[tokio::test]
    async fn a_hash_cheaper_than_todays_cost_is_outdated() {
        let old = hasher(16).hash(HERE, "correct horse".into()).await.unwrap();
        let found = hasher(32).check(HERE, "correct horse".into(), [Some(old)]).await.unwrap();
        assert_eq!(found, [Checked { matches: true, outdated: true }]);
    }

    #[test]
    fn an_address_has_four_places_and_its_whole_ipv6_network_shares_them() {
        let taken = Arc::default();
        let one: IpAddr = "2001:db8::1".parse().unwrap();
        let other: IpAddr = "2001:db8::2".parse().unwrap();
        let places: Vec<_> =
            (0..QUEUE_PER_ADDRESS).map(|_| PlaceOfAddress::take(&taken, one).unwrap()).collect();
        assert!(PlaceOfAddress::take(&taken, other).is_none());
        assert!(PlaceOfAddress::take(&taken, HERE).is_some());
        drop(places);
        assert!(PlaceOfAddress::take(&taken, other).is_some());
    }
}
