//! Secrets: slow hashes for passwords, sealed values, signed links, one-time codes and their pictures.
pub mod hashing;
pub mod qr;
pub mod sealing;
pub mod signing;
pub mod totp;
