//! Letters as `.eml` files, for when no mail server is set.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use crate::base::{clock::Moment, ids::JobId};

/// `<time>-<kind>-<address>-<letter>.eml`: files sort by time and tell themselves apart, and a letter that is sent
/// again takes its own place.
pub fn file_name(id: JobId, at: Moment, kind: &str, address: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "@.+-_".contains(c);
    let address: String = address.chars().map(|c| if is_plain(c) { c } else { '_' }).take(100).collect();
    let letter = id.as_str().rsplit('-').next().unwrap_or_default();
    format!("{}-{kind}-{address}-{letter}.eml", at.utc().format("%Y-%m-%dT%H-%M-%SZ"))
}

/// Writes the file whole or not at all, for its owner's eyes only.
pub fn keep(path: &Path, raw: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_private(folder)?;
    let unfinished = path.with_extension("part");
    let mut file = create_private(&unfinished)?;
    file.write_all(raw)?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    File::open(folder)?.sync_all()
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).write(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_readable_safe_and_the_letters_own() {
        let (id, at) = (JobId::new(), Moment::from_micros(1_795_960_980_000_000));
        let name = file_name(id, at, "invitation", "bob/../x@exämple.com");
        assert!(name.starts_with("2026-11-29T14-03-00Z-invitation-bob_.._x@ex_mple.com-"), "{name}");
        assert_eq!(name, file_name(id, at, "invitation", "bob/../x@exämple.com"));
        assert_ne!(name, file_name(JobId::new(), at, "invitation", "bob/../x@exämple.com"));
        assert!(file_name(id, at, "test", &"x".repeat(400)).len() < 255);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_the_files() {
        use std::os::unix::fs::PermissionsExt;

        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("mail").join("a.eml");
        keep(&path, b"first").unwrap();
        keep(&path, b"second").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"second");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(path.parent().unwrap()), mode(&path)), (0o700, 0o600));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }
}
