//! A peer as a process: started, waited for by what it says, and gone with this process, however it ends.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;

use crate::support::PATIENCE;
use crate::support::keeper::Keeper;
use crate::support::world::fresh_folder;

pub struct Peer {
    child: Child,
    _keeper: Keeper,
}

impl Peer {
    /// Starts it and waits until it says `ready`.
    pub fn start(mut command: Command) -> Peer {
        let folder = fresh_folder();
        let complaints = folder.join("complaints");
        let keeper = Keeper::of_a_group(&folder.join("nothing-to-remove"));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&complaints).expect("a file"))
            .process_group(keeper.group())
            .spawn()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = child.stdout.take().expect("standard output");
        let peer = Peer { child, _keeper: keeper };
        is_ready(said, &complaints);
        peer
    }
}

fn is_ready(said: impl std::io::Read + Send + 'static, complaints: &PathBuf) {
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(said).lines().map_while(Result::ok) {
            if line == "ready" {
                let _ = tell.send(());
            }
        }
    });
    // An interpreter with its packages takes longer than a console to begin.
    told.recv_timeout(4 * PATIENCE).unwrap_or_else(|error| {
        let words = std::fs::read_to_string(complaints).unwrap_or_default();
        panic!("the peer is not ready ({error}); it said: {words}")
    });
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
