//! Secrets: slow hashes for passwords, sealed values, signed links.
pub mod hashing;
pub mod sealing;
pub mod signing;
