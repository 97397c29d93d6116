//! A file that becomes visible under its name only when it is complete.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

/// A file beside the one it will be, readable by its owner only. Dropped unfinished, it is removed.
pub struct Draft {
    path: PathBuf,
}

impl Draft {
    /// An empty file in the folder of `path`.
    pub fn beside(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::Error::from(io::ErrorKind::InvalidFilename))?.to_string_lossy();
        let draft = path.with_file_name(format!(".{name}.{}", uuid::Uuid::now_v7().simple()));
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        Ok(Self { path: draft })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn bytes(&self) -> u64 {
        fs::metadata(&self.path).map_or(0, |file| file.len())
    }

    /// Fills it with a copy of another file.
    pub fn fill_from(&self, other: &Path) -> io::Result<()> {
        io::copy(&mut File::open(other)?, &mut OpenOptions::new().write(true).open(&self.path)?).map(drop)
    }

    /// Brings it safely to the disk under its name, in place of what is there.
    pub fn become_file(self, path: &Path) -> io::Result<()> {
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, path)?;
        sync_folder(path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        for ending in ["", "-journal", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(ending);
            // What is not there any more needs no removing.
            let _ = fs::remove_file(path);
        }
    }
}

/// Makes the names in the folder of `path` last.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_seen_only_when_it_is_complete() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("backup");
        let draft = Draft::beside(&path).expect("a draft");
        fs::write(draft.path(), "rows").expect("written");
        assert!(!path.exists() && draft.bytes() == 4);
        draft.become_file(&path).expect("a file");
        assert_eq!(fs::read(&path).expect("a file"), b"rows");
        drop(Draft::beside(&path).expect("a draft"));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }
}
