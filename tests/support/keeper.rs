//! Takes down what a test process started, also when that process panics, is interrupted or is killed.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

/// A small shell in a process group of its own that waits until its standard input closes, which happens when the
/// keeper is dropped and whenever this process ends, and then runs its last words.
pub struct Keeper {
    shell: Child,
    lifeline: Option<ChildStdin>,
}

impl Keeper {
    /// `last_words` is a shell script; `arguments` are its `$1`, `$2`, …
    pub fn new(last_words: &str, arguments: &[&str]) -> Keeper {
        let script = format!("trap '' HUP INT TERM; cat >/dev/null; {last_words}");
        let mut shell = Command::new("sh")
            .args(["-c", &script, "keeper"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("a shell");
        let lifeline = shell.stdin.take();
        Keeper { shell, lifeline }
    }
}

impl Keeper {
    /// Ends every process that has joined the keeper's group, and then removes a folder that was theirs.
    pub fn of_a_group(folder: &Path) -> Keeper {
        // The keeper is in the group too: somebody outside it ends them all.
        let last_words = r#"setsid sh -c 'kill -9 "-$1"; rm -rf "$2" || rm -rf "$2"' sh $$ "$1""#;
        Keeper::new(last_words, &[&folder.to_string_lossy()])
    }

    /// The process group the keeper leads; what joins it can be ended as a whole.
    pub fn group(&self) -> i32 {
        self.shell.id() as i32
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.shell.wait();
    }
}
