//! `jmapctl serve`: the embedded server, over HTTP.

#[cfg(unix)]
use std::future::poll_fn;
use std::io::{self, IsTerminal, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
#[cfg(unix)]
use std::task::Poll;
use std::{env, fs};

use console::Term;
use jmap_core::client::Secret;
use jmap_embedded::{Embedded, Quirks, Serving};
use serde::Serialize;
use tokio::runtime::{Builder, Runtime};

use crate::End;
use crate::args::ServeArgs;
use crate::report::printable;
use crate::server::failed;

/// Serves until somebody stops it.
pub(crate) fn run(args: &ServeArgs) -> End {
    match serve(args) {
        Ok(()) => End::Good,
        Err(why) => failed("serve", &why),
    }
}

fn serve(args: &ServeArgs) -> Result<(), String> {
    let file = args.db.clone().map_or_else(default_file, Ok)?;
    let server = open(&file)?;
    let server = match args.profile.as_deref().and_then(Quirks::named) {
        Some(quirks) => server.quirks(quirks),
        None => server,
    };
    // Before a password is asked for in vain.
    let listener = TcpListener::bind(&args.addr).map_err(|error| {
        format!("cannot listen on {}: {error}; choose another address with --addr", args.addr)
    })?;
    let token = match &args.add_user {
        Some(name) => add(&server, name, args)?,
        None => None,
    };
    warn(args, &server, &listener)?;
    // From here on, stopping is a matter of course.
    let stop = Stop::new().map_err(|error| format!("cannot wait for signals: {error}"))?;
    let serving = match &args.url {
        Some(url) => server.serve_as(url, listener),
        None => server.serve(listener),
    };
    let serving = serving.map_err(|error| error.to_string())?;
    say(args, &serving, &file, token.as_ref());
    stop.wait();
    serving.stop().wait().map_err(|error| error.to_string())
}

fn open(file: &Path) -> Result<Embedded, String> {
    Embedded::open(file).map_err(|error| format!("{}: {error}", file.display()))
}

/// The file of those who name none (XDG Base Directory).
fn default_file() -> Result<PathBuf, String> {
    let directory = |name| env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let data = directory("XDG_DATA_HOME").filter(|path| path.is_absolute());
    let data = data.or_else(|| Some(directory("HOME")?.join(".local/share")));
    let data = data.ok_or("which file? Name one with --db")?.join("jmapctl");
    let made = fs::create_dir_all(&data);
    made.map_err(|error| {
        format!("cannot make {}: {error}; name a file with --db", data.display())
    })?;
    Ok(data.join("jmap.db"))
}

/// Adds a user, and gives them what lets them in.
fn add(server: &Embedded, name: &str, args: &ServeArgs) -> Result<Option<Secret>, String> {
    // First, so that nobody is added who cannot get in.
    let password = if args.token { None } else { Some(password(name, args)?) };
    let added = server.add_user(name).and_then(|()| match password {
        Some(password) => server.set_password(name, password).map(|()| None),
        None => server.add_token(name).map(Some),
    });
    added.map_err(|error| error.to_string())
}

fn password(name: &str, args: &ServeArgs) -> Result<Secret, String> {
    let password = if let Some(command) = &args.password_command {
        of_command(command)?
    } else if let Some(password) = env::var_os("JMAP_PASSWORD").filter(|it| !it.is_empty()) {
        password.into_string().map_err(|_| "the variable JMAP_PASSWORD is not UTF-8")?
    } else if io::stdin().is_terminal() && io::stderr().is_terminal() {
        typed(name)?
    } else {
        let ways = "set JMAP_PASSWORD, or give --password-command or --token";
        return Err(format!("which password has {}? {ways}", printable(name)));
    };
    if password.is_empty() || password.chars().any(char::is_control) {
        return Err("a password has a character at least, and no control characters".to_owned());
    }
    Ok(password.into())
}

fn of_command(command: &str) -> Result<String, String> {
    let (shell, option) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell);
    let ended = child.args([option, command]).stderr(Stdio::inherit()).output();
    let ended = ended.map_err(|error| format!("the password command cannot be run: {error}"))?;
    if !ended.status.success() {
        return Err(format!("the password command failed: {}", ended.status));
    }
    let text = String::from_utf8(ended.stdout);
    let text = text.map_err(|_| "the password command wrote something that is not UTF-8")?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn typed(name: &str) -> Result<String, String> {
    let term = Term::stderr();
    let read = |prompt: String| {
        // Nobody is left to ask if that cannot be written.
        write!(io::stderr(), "{prompt}: ").ok();
        term.read_secure_line().map_err(|error| format!("cannot read the password: {error}"))
    };
    let password = read(format!("Password of {}", printable(name)))?;
    if read("The same again".to_owned())? != password {
        return Err("the two passwords are not the same".to_owned());
    }
    Ok(password)
}

/// Says what is odd about serving like this.
fn warn(args: &ServeArgs, server: &Embedded, listener: &TcpListener) -> Result<(), String> {
    let users = server.users().map_err(|error| error.to_string())?;
    let is_open = listener.local_addr().is_ok_and(|address| !address.ip().is_loopback());
    let mut warnings = Vec::new();
    if users.is_empty() {
        warnings.push("nobody can log in yet: add somebody with --add-user".to_owned());
    }
    if is_open && args.url.is_none() {
        warnings.push(format!(
            "{} can be reached by others, and nothing is encrypted: put a proxy with TLS before it, and name its URL \
             with --url",
            args.addr
        ));
    }
    for warning in warnings {
        // It is served all the same.
        writeln!(io::stderr(), "jmapctl serve: {}", printable(&warning)).ok();
    }
    Ok(())
}

/// The line that says that the server is ready.
#[derive(Serialize)]
struct Ready<'a> {
    url: &'a str,
    address: SocketAddr,
    database: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
}

fn say(args: &ServeArgs, serving: &Serving, file: &Path, token: Option<&Secret>) {
    let ready = Ready {
        url: serving.url(),
        address: serving.address(),
        database: file.display().to_string(),
        user: args.add_user.as_deref(),
        token: token.map(Secret::expose),
    };
    let text = if args.json {
        serde_json::to_string(&ready).unwrap_or_default()
    } else {
        for_people(&ready)
    };
    let mut output = io::stdout().lock();
    // A pipe that somebody closed is no failure of ours.
    writeln!(output, "{text}").and_then(|()| output.flush()).ok();
}

fn for_people(ready: &Ready<'_>) -> String {
    let file = printable(&ready.database);
    let mut text = format!("Serving {file} on {} (Ctrl-C stops it).", ready.url);
    if let (Some(user), Some(token)) = (ready.user, ready.token) {
        text.push_str(&format!("\nThe token of {}: {token}", printable(user)));
    }
    text
}

/// Waits for whoever stops the program; from the beginning of this on, signals do not end it at once.
#[cfg(unix)]
struct Stop {
    runtime: Runtime,
    signals: [tokio::signal::unix::Signal; 2],
}

#[cfg(unix)]
impl Stop {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        let runtime = Builder::new_current_thread().enable_all().build()?;
        let signals = {
            let _inside = runtime.enter();
            [signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?]
        };
        Ok(Self { runtime, signals })
    }

    fn wait(mut self) {
        let signals = &mut self.signals;
        let some = poll_fn(|task| {
            let has_come = signals.iter_mut().any(|signal| signal.poll_recv(task).is_ready());
            if has_come { Poll::Ready(()) } else { Poll::Pending }
        });
        self.runtime.block_on(some);
    }
}

/// Waits for whoever stops the program.
#[cfg(not(unix))]
struct Stop(Runtime);

#[cfg(not(unix))]
impl Stop {
    fn new() -> io::Result<Self> {
        Ok(Self(Builder::new_current_thread().enable_all().build()?))
    }

    fn wait(self) {
        // Where there are no signals, the program is ended from outside.
        let _ = self.0.block_on(tokio::signal::ctrl_c());
    }
}
