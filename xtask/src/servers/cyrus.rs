//! A Cyrus IMAP server of Debian, in a directory of its own and on one loopback port.

use std::fmt;
use std::fs;
use std::io;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{http, imap};
use crate::command::{capture, root};
use crate::outcome::Failure;

/// The accounts that every server has. The id of an account is its name.
pub(super) const USERS: [&str; 3] = ["user1", "user2", "user3"];

/// The password of every account.
pub(super) const PASSWORD: &str = "x";

/// How long the server may take to start, and to end.
const PATIENCE: Duration = Duration::from_secs(30);

/// What the scripts end with when Cyrus cannot be had here, which is nobody's mistake.
const CANNOT: i32 = 3;

/// The file that start.sh marks its directories with; no other directory is ever removed.
const MARK: &str = "jmap-test-cyrus";

/// One server, running or not.
#[derive(Debug)]
pub(super) struct Cyrus {
    port: u16,
    state: PathBuf,
    /// The system that it is installed in, where that is not this machine's own.
    chroot: Option<PathBuf>,
}

/// How a script ended that did not fail.
#[derive(Debug)]
pub(super) enum Ended {
    /// It did what it is there for.
    Done,
    /// That cannot be done here, for this reason.
    Cannot(String),
}

impl Cyrus {
    /// The server on this port, in `dir` or the usual place: the installed one, or the newest one in a chroot at `dir`.
    ///
    /// The usual places are short, for the sake of the socket in them, and every user may pass through them.
    pub(super) fn new(port: u16, dir: Option<PathBuf>, newest: bool) -> Result<Self, Failure> {
        let usual = if newest { "sid".to_owned() } else { port.to_string() };
        let dir = dir.unwrap_or_else(|| format!("/var/tmp/jmap-cyrus-{usual}").into());
        let dir = std::path::absolute(&dir)
            .map_err(|error| Failure::new(format!("{} is no path: {error}", dir.display())))?;
        Ok(if newest {
            Self { port, state: dir.join(format!("srv/jmap-cyrus-{port}")), chroot: Some(dir) }
        } else {
            Self { port, state: dir, chroot: None }
        })
    }

    /// The URL of the session.
    pub(super) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/jmap/", self.port)
    }

    /// The directory that has everything of the server.
    pub(super) fn state(&self) -> &Path {
        &self.state
    }

    /// What tests find the server by.
    pub(super) fn variables(&self) -> [(&'static str, String); 3] {
        let [user, ..] = USERS;
        [
            ("JMAP_TEST_URL", self.url()),
            ("JMAP_TEST_USER", user.to_owned()),
            ("JMAP_TEST_PASSWORD", PASSWORD.to_owned()),
        ]
    }

    /// The version of Debian's package.
    pub(super) fn version(&self) -> String {
        let system = self.chroot.as_deref().unwrap_or_else(|| Path::new("/"));
        let mut query = Command::new("dpkg-query");
        query.arg("--admindir").arg(system.join("var/lib/dpkg"));
        capture(query.args(["--show", "--showformat", "${Version}", "cyrus-imapd"]))
            .unwrap_or_else(|_| "of unknown version".to_owned())
    }

    /// Installs Cyrus unless that has been done.
    pub(super) fn install(&self) -> Result<Ended, Failure> {
        match &self.chroot {
            None => script("install.sh", &[]),
            Some(dir) => script("chroot.sh", &[&dir.to_string_lossy()]),
        }
    }

    /// Starts the server unless it is running, and returns when all accounts can be used.
    pub(super) fn up(&self) -> Result<(), Failure> {
        if !self.is_running() {
            // Whatever is there was left by a server that ended by itself or with the machine.
            self.down()?;
            self.start()?;
        }
        self.provision().map_err(|failure| {
            if self.is_running() {
                return failure;
            }
            Failure::new(format!("{self} ended by itself, and syslog knows why ({failure})"))
        })
    }

    /// Whether the server of this directory runs.
    pub(super) fn is_running(&self) -> bool {
        !self.processes().is_empty()
    }

    /// Stops the server if it runs and removes all that it had.
    pub(super) fn down(&self) -> Result<(), Failure> {
        let processes = self.processes();
        if !processes.is_empty() {
            // Some may end before their turn, so only those that stay make it a failure. A signal cannot be sent
            // without `unsafe` but by a command.
            let kill =
                Command::new("sh").args(["-c", "kill \"$@\"", "kill"]).args(processes).output();
            let complaints = kill.map(|output| output.stderr).unwrap_or_default();
            wait_until("it does not stop", || match self.processes().as_slice() {
                [] => Ok(()),
                _ => Err(io::Error::other(last_line(&complaints))),
            })?;
        }
        if !self.state.join(MARK).exists() {
            return Ok(());
        }
        fs::remove_dir_all(&self.state).map_err(|error| {
            Failure::new(format!("cannot remove {}: {error}", self.state.display()))
        })
    }

    /// Checks that the session is there for those who have the password, and for nobody else.
    pub(super) fn check_session(&self) -> Result<(), Failure> {
        let [user, ..] = USERS;
        let (status, body) = self.request("GET", "/jmap/", user, PASSWORD)?;
        let session: Value = serde_json::from_str(&body).unwrap_or_default();
        if status != 200 || session["username"] != user {
            return Err(Failure::new(format!(
                "{}: status {status}, no session: {body}",
                self.url()
            )));
        }
        match self.request("GET", "/jmap/", user, "wrong")? {
            (401, _) => Ok(()),
            (status, _) => {
                Err(Failure::new(format!("{}: status {status} for a wrong password", self.url())))
            }
        }
    }

    fn start(&self) -> Result<(), Failure> {
        TcpListener::bind(("127.0.0.1", self.port)).map_err(|error| {
            let port = self.port;
            Failure::new(format!("port {port} is not free, take another by --port: {error}"))
        })?;
        let (state, port) = (self.state.to_string_lossy(), self.port.to_string());
        let dir = self.chroot.as_ref().map(|dir| dir.to_string_lossy());
        let mut args = Vec::new();
        if let Some(dir) = &dir {
            args.extend(["--root", dir]);
        }
        args.extend([&*state, &port, PASSWORD]);
        args.extend(USERS);
        match script("start.sh", &args)? {
            Ended::Done => Ok(()),
            Ended::Cannot(why) => Err(Failure::new(why)),
        }
    }

    /// Makes the mailboxes of each account: its INBOX comes with the first login by IMAP, its calendar and address book
    /// with the first request by DAV. The second time, both do nothing.
    fn provision(&self) -> Result<(), Failure> {
        let socket = self.state.join("var/imap");
        for user in USERS {
            wait_until("no login by IMAP", || imap::login(&socket, user, PASSWORD))?;
            for home in ["calendars", "addressbooks"] {
                let path = format!("/dav/{home}/user/{user}/");
                let (status, body) = self.request("PROPFIND", &path, user, PASSWORD)?;
                if status != 207 {
                    return Err(Failure::new(format!("{path}: status {status}: {body}")));
                }
            }
        }
        Ok(())
    }

    fn request(
        &self,
        method: &str,
        path: &str,
        user: &str,
        password: &str,
    ) -> Result<(u16, String), Failure> {
        http::request(self.port, method, path, user, password)
            .map_err(|error| Failure::new(format!("{self}, {method} {path}: {error}")))
    }

    /// The ids of all processes of the server: those that were told to read its configuration.
    fn processes(&self) -> Vec<String> {
        let conf = self.seen_from_inside().join("imapd.conf");
        let is_ours = |process: &Path| {
            let line = fs::read(process.join("cmdline")).unwrap_or_default();
            line.split(|&byte| byte == 0).any(|word| word == conf.as_os_str().as_encoded_bytes())
        };
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let ours = entries.map(|entry| entry.path()).filter(|path| is_ours(path));
        ours.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect()
    }

    /// The state directory by the name that it has for the server.
    fn seen_from_inside(&self) -> PathBuf {
        let below = self.chroot.as_ref().and_then(|dir| self.state.strip_prefix(dir).ok());
        below.map_or_else(|| self.state.clone(), |path| Path::new("/").join(path))
    }
}

impl fmt::Display for Cyrus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cyrus in {}", self.state.display())
    }
}

/// Runs one of the scripts. What it prints is seen at once, what it complains of at its end.
fn script(name: &str, args: &[&str]) -> Result<Ended, Failure> {
    let path = root().join("docker-test-servers/cyrus").join(name);
    println!("$ {name} {}", args.join(" "));
    let output = Command::new("bash")
        .arg(path)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::inherit())
        .output()
        .map_err(|error| Failure::new(format!("cannot run {name} by bash: {error}")))?;
    eprint!("{}", String::from_utf8_lossy(&output.stderr));
    let reason = last_line(&output.stderr);
    match output.status.code() {
        Some(0) => Ok(Ended::Done),
        Some(CANNOT) => Ok(Ended::Cannot(reason)),
        _ => Err(Failure::new(format!("{name} ended with {}: {reason}", output.status))),
    }
}

/// The last line of what a program complained of, which is why it ended.
fn last_line(complaints: &[u8]) -> String {
    let complaints = String::from_utf8_lossy(complaints);
    let last = complaints.lines().rfind(|line| !line.trim().is_empty());
    last.unwrap_or("it gave no reason").to_owned()
}

/// Tries again until it succeeds, or fails with what was wrong the last time.
fn wait_until(what: &str, mut attempt: impl FnMut() -> io::Result<()>) -> Result<(), Failure> {
    let end = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Ok(()) => return Ok(()),
            Err(error) if Instant::now() > end => {
                return Err(Failure::new(format!(
                    "{what} within {} s: {error}",
                    PATIENCE.as_secs()
                )));
            }
            Err(_) => thread::sleep(Duration::from_millis(50)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_everything_in_one_directory() {
        let server = Cyrus::new(8805, None, false).unwrap();
        assert_eq!(server.state(), Path::new("/var/tmp/jmap-cyrus-8805"));
        assert_eq!(server.seen_from_inside(), server.state());

        let newest = Cyrus::new(9, Some("/root".into()), true).unwrap();
        assert_eq!(newest.state(), Path::new("/root/srv/jmap-cyrus-9"));
        assert_eq!(newest.seen_from_inside(), Path::new("/srv/jmap-cyrus-9"));
    }

    #[test]
    fn removes_no_directory_of_others() {
        let dir = std::env::temp_dir().join(format!("jmap-xtask-{}", std::process::id()));
        fs::create_dir(&dir).unwrap();
        Cyrus::new(9, Some(dir.clone()), false).unwrap().down().unwrap();
        assert!(dir.exists());
        fs::write(dir.join(MARK), "").unwrap();
        Cyrus::new(9, Some(dir.clone()), false).unwrap().down().unwrap();
        assert!(!dir.exists());
    }

    #[test]
    fn gives_the_last_line_as_the_reason() {
        assert_eq!(last_line(b"a warning\nroot is needed\n\n"), "root is needed");
        assert_eq!(last_line(b""), "it gave no reason");
    }
}
