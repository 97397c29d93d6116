//! A console whose data folder lies on a disk of its own that can be filled.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diesel::prelude::*;
use roster::db::schema::{audit_lines, invitations, jobs, users};

use crate::ground::{Ground, text, told};
use crate::support::binary::Server;
use crate::support::ports::free_port;

const BYTES: &str = "16m";

pub struct SmallDisk {
    pub server: Server,
    kind: Kind,
    folder: PathBuf,
    data: PathBuf,
    program: OsString,
    settings: Vec<(OsString, OsString)>,
}

enum Kind {
    /// A file system in memory that the process alone sees.
    Own,
    /// Where the machine allows none: the process may not write to any file beyond a limit.
    Limit,
}

impl SmallDisk {
    pub fn under(ground: &Ground) -> SmallDisk {
        let kind = if may_mount() { Kind::Own } else { Kind::Limit };
        let data = ground.folder.join("data");
        fs::create_dir_all(&data).expect("a folder");
        let served = ground.command(&[]);
        let script = match kind {
            Kind::Own => r#"mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@""#,
            Kind::Limit => r#"trap '' XFSZ; shift 2; exec "$@""#,
        };
        let mut command = match kind {
            Kind::Own => unshared(),
            Kind::Limit => Command::new("sh"),
        };
        command
            .args(["-c", script, "sh", BYTES])
            .arg(&data)
            .arg(served.get_program())
            .args(served.get_args());
        let settings: Vec<_> =
            served.get_envs().filter_map(|(key, value)| Some((key.to_owned(), value?.to_owned()))).collect();
        command.current_dir(&ground.folder).env_clear().envs(settings.clone());
        let server = Server::of(command, &ground.folder, free_port());
        server.is_ready();
        let data = match kind {
            Kind::Own => PathBuf::from(format!("/proc/{}/root{}", server.process(), data.display())),
            Kind::Limit => data,
        };
        let program = served.get_program().to_owned();
        SmallDisk { server, kind, folder: ground.folder.clone(), data, program, settings }
    }

    pub fn is_filled(&self) {
        match self.kind {
            Kind::Own => {
                let mut ballast = File::create(self.data.join("ballast")).expect("a file");
                while ballast.write_all(&[7; 4096]).is_ok() {}
            }
            Kind::Limit => self.limit("--fsize=4096:"),
        }
    }

    pub fn has_room(&self) {
        match self.kind {
            Kind::Own => fs::remove_file(self.data.join("ballast")).expect("a file"),
            Kind::Limit => self.limit("--fsize=unlimited:"),
        }
    }

    /// Whether everybody invited has one invitation, one letter and one line of the audit, and the chain is whole.
    pub fn is_consistent(&self) {
        let inside = Ground::at(format!("sqlite:{}", text(&self.backed_up())));
        inside.audit_is_whole();
        inside.counts_agree();
        let counts: [i64; 4] = inside.asks(|conn| {
            Ok([
                users::table.filter(users::status.eq("invited")).count().get_result(conn)?,
                invitations::table.count().get_result(conn)?,
                jobs::table.filter(jobs::kind.eq("invitation")).count().get_result(conn)?,
                audit_lines::table
                    .filter(audit_lines::action.eq("iam.users.invite"))
                    .count()
                    .get_result(conn)?,
            ])
        });
        assert!(counts[0] >= 2 && counts.iter().all(|count| *count == counts[0]), "{counts:?}");
    }

    /// A copy of the database, where everybody sees it.
    fn backed_up(&self) -> PathBuf {
        let file = self.folder.join("copy.sqlite3");
        let mut command = match self.kind {
            Kind::Own => {
                let mut command = Command::new("nsenter");
                let process = self.server.process().to_string();
                command
                    .args(["--user", "--mount", "--preserve-credentials", "--target", &process])
                    .arg(&self.program);
                command
            }
            Kind::Limit => Command::new(&self.program),
        };
        command.arg("backup").arg(&file).env_clear().envs(self.settings.clone());
        let output = command.output().expect("a backup");
        assert!(output.status.success(), "{}", told(&output));
        file
    }

    fn limit(&self, limit: &str) {
        let process = self.server.process().to_string();
        let status = Command::new("prlimit").args(["--pid", &process, limit]).status().expect("prlimit");
        assert!(status.success(), "{limit}: {status}");
    }
}

fn unshared() -> Command {
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh"]);
    command
}

fn may_mount() -> bool {
    let mut probe = unshared();
    probe.args(["-c", "mount -t tmpfs tmpfs /mnt"]).stdout(Stdio::null()).stderr(Stdio::null());
    Path::new("/mnt").is_dir() && probe.status().is_ok_and(|status| status.success())
}
