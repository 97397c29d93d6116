//! Where `./check` puts the peers.

use std::fs;
use std::path::{Path, PathBuf};

/// What a lock file here is kept as there, once all of it is installed.
const LOCKS: [&str; 2] = ["requirements.txt", "package-lock.json"];

/// The folder of the peers, as their lock files say they are.
fn folder() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/peers");
    for lock in LOCKS {
        let (wanted, there) = (fs::read(root.join("tests/peers").join(lock)), fs::read(folder.join(lock)));
        let is_there = there.is_ok_and(|there| wanted.expect("a lock file") == there);
        assert!(
            is_there,
            "The peers of these tests are not installed. Run ./check once, which puts them into target/peers."
        );
    }
    folder
}

/// An interpreter that knows the packages of `requirements.txt`.
pub fn python() -> PathBuf {
    folder().join("python/bin/python")
}

/// Where the packages of `package-lock.json` are.
pub fn node_folder() -> PathBuf {
    folder().join("node")
}

/// A script beside this file.
pub fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers").join(name)
}
