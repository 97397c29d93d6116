//! The key of the installation: given, read from a file, or made in the data folder.

use std::{
    fmt,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use super::Wrong;

/// Shorter texts than this are no keys.
const SHORTEST: usize = 32;
/// A file longer than this is not a key file.
const LONGEST_FILE: u64 = 4096;
/// How to make a key, told wherever one is missing.
pub(super) const HOW_TO_MAKE: &str = "make one with `head -c 48 /dev/urandom | base64`";

/// What every derived key comes from. Cleared from memory when dropped; Debug shows stars.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(Zeroizing<[u8; 32]>);

/// The key in force, and the one before it while changing keys.
#[derive(Clone, Debug)]
pub struct SecretKeys {
    pub current: SecretKey,
    pub previous: Option<SecretKey>,
}

/// Where the key comes from, as the settings say it.
#[derive(Clone, Debug)]
pub(super) enum KeySource {
    Given(SecretString),
    File(PathBuf),
    /// Read from this file, or made there when it is absent.
    MadeIn(PathBuf),
}

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    #[error("the secret key in {} cannot be read: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the secret key in {} is of no use: {wrong}; {HOW_TO_MAKE}", path.display())]
    Unfit { path: PathBuf, wrong: String },
    #[error("a secret key cannot be made in {}: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
}

impl SecretKey {
    /// Takes any text of at least 32 characters that is not all alike, trimmed at both ends. The key is the SHA-256
    /// of it, so that base64, hexadecimal and plain text all keep the strength they came with.
    pub fn from_text(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let length = text.chars().count();
        if length < SHORTEST {
            return Err(format!("it has {length} characters, and a key needs at least {SHORTEST}"));
        }
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters.dedup();
        let varied = letters.len() >= 8;
        letters.zeroize();
        if !varied {
            return Err("it is made of fewer than 8 different characters".to_owned());
        }
        let mut hash = Sha256::new();
        hash.update(b"roster secret key 1\0");
        hash.update(text.as_bytes());
        Ok(Self(Zeroizing::new(hash.finalize().into())))
    }

    /// A key for one purpose: HKDF-Expand with SHA-256 (RFC 5869), whose first block is all that 32 bytes need.
    /// Keys of different purposes tell nothing about each other or about the secret key.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        // HMAC pads a short key with zeros to one block of its hash.
        let mut block = Zeroizing::new([0_u8; 64]);
        block[..self.0.len()].copy_from_slice(&self.0[..]);
        let mut mac = Hmac::<Sha256>::new(&(*block).into());
        mac.update(purpose.as_bytes());
        mac.update(&[1]);
        mac.finalize().into_bytes().into()
    }

    /// Sixteen hexadecimal digits that tell keys apart and give nothing away.
    pub fn fingerprint(&self) -> String {
        self.derive("fingerprint").iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

impl KeySource {
    pub(super) fn resolve(&self) -> Result<SecretKey, SecretKeyError> {
        match self {
            KeySource::Given(text) => SecretKey::from_text(text.expose_secret())
                .map_err(|wrong| SecretKeyError::Unfit { path: PathBuf::from("the settings"), wrong }),
            KeySource::File(path) => read(path),
            KeySource::MadeIn(path) => match read(path) {
                Err(SecretKeyError::Unreadable { source, .. })
                    if source.kind() == io::ErrorKind::NotFound =>
                {
                    make(path).map_err(|source| SecretKeyError::Unwritable { path: path.clone(), source })?;
                    read(path)
                }
                read => read,
            },
        }
    }
}

impl KeySource {
    /// [`KeySource::resolve`], but none where one would have to be made.
    pub(super) fn resolve_if_there(&self) -> Result<Option<SecretKey>, SecretKeyError> {
        match self {
            KeySource::MadeIn(path) if !path.exists() => Ok(None),
            _ => self.resolve().map(Some),
        }
    }

    /// The file it is in, if it is in one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            KeySource::Given(_) => None,
            KeySource::File(path) | KeySource::MadeIn(path) => Some(path),
        }
    }
}

/// Judges a key that was given as text, for the settings' list of errors.
pub(super) fn given(text: &str) -> Result<SecretString, Wrong> {
    SecretKey::from_text(text).map_err(|wrong| Wrong::new(wrong, HOW_TO_MAKE))?;
    Ok(SecretString::from(text.to_owned()))
}

fn read(path: &Path) -> Result<SecretKey, SecretKeyError> {
    let unreadable = |source| SecretKeyError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let mut text = Zeroizing::new(String::new());
    file.take(LONGEST_FILE).read_to_string(&mut text).map_err(unreadable)?;
    SecretKey::from_text(&text).map_err(|wrong| SecretKeyError::Unfit { path: path.to_owned(), wrong })
}

/// Writes a new key, readable by its owner only. Whoever comes first wins: of two starts at once, both then read
/// the same key, and a key that exists is never written over.
fn make(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let mut bytes = Zeroizing::new([0_u8; 48]);
    rand::fill(&mut bytes[..]);
    let text = Zeroizing::new(BASE64_STANDARD.encode(&bytes[..]));
    let draft = path.with_extension(format!("{}.draft", uuid::Uuid::now_v7().simple()));
    let written = write_draft(&draft, &text).and_then(|()| match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => File::open(folder)?.sync_all(),
    });
    written.and(fs::remove_file(&draft))
}

fn write_draft(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(text.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn a_key_that_is_short_or_all_alike_is_refused() {
        assert!(SecretKey::from_text("short").is_err());
        assert!(SecretKey::from_text(&"ab".repeat(40)).is_err());
        assert!(
            SecretKey::from_text(&format!("  {TEXT}\n"))
                .is_ok_and(|key| Ok(key) == SecretKey::from_text(TEXT))
        );
    }

    #[test]
    fn keys_of_different_purposes_differ() {
        let key = SecretKey::from_text(TEXT).expect("a key");
        assert_ne!(key.derive("links"), key.derive("sealing"));
        assert_eq!(key.derive("links"), key.derive("links"));
        assert_eq!(key.fingerprint().len(), 16);
        assert_eq!(format!("{key:?}"), "SecretKey(***)");
    }

    #[test]
    fn an_absent_key_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/secret.key");
        let source = KeySource::MadeIn(path.clone());
        let keys: Vec<SecretKey> = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| source.resolve())).collect();
            starts.into_iter().map(|start| start.join().expect("a start").expect("a key")).collect()
        });
        assert!(keys.windows(2).all(|pair| pair[0] == pair[1]));
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(path.parent().expect("a folder")).expect("a folder").count(), 1);
    }

    #[test]
    fn a_spoilt_key_file_is_told_and_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("secret.key");
        fs::write(&path, "").expect("written");
        assert!(matches!(KeySource::MadeIn(path.clone()).resolve(), Err(SecretKeyError::Unfit { .. })));
        assert_eq!(fs::read(&path).expect("still there"), b"");
    }
}
