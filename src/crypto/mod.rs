//! Secrets: slow hashes for passwords, signed links.
pub mod hashing;
pub mod signing;
