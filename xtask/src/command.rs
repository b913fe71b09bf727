//! Running cargo and its companions.

use std::env;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::outcome::Failure;

/// The directory of the root manifest.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// The cargo that runs this program, in the workspace's root, with these arguments.
pub(crate) fn cargo<const N: usize>(args: [&str; N]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(args);
    command
}

/// The cargo of another toolchain. rustup's proxies obey `RUSTUP_TOOLCHAIN`, which the running cargo has set for its
/// own toolchain, so the call goes through `rustup run`, and the variables that name the running one's programs go.
pub(crate) fn cargo_of<const N: usize>(toolchain: &str, args: [&str; N]) -> Command {
    let mut command = Command::new("rustup");
    command.current_dir(root()).args(["run", toolchain, "cargo"]).args(args);
    for name in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
        command.env_remove(name);
    }
    command
}

/// Prints the command and runs it with this program's own output, so that all it says is seen.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    println!("$ {}", shown(command));
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("`{}` ended with {status}", shown(command))))
}

/// Runs the command and returns its standard output; what it says on standard error is part of the failure.
pub(crate) fn capture(command: &mut Command) -> Result<String, Failure> {
    let output =
        command.stdin(Stdio::null()).output().map_err(|error| cannot_start(command, &error))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(Failure::new(format!("`{}` ended with {}:\n{stderr}", shown(command), output.status)))
}

/// Runs the command quietly for at most `limit`, for what may hang on an unreachable network.
///
/// The last line of standard error is the reason of a failure. The output must fit in a pipe's buffer, which that of a
/// fetch does.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<(), Failure> {
    let spawned = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = spawned.map_err(|error| cannot_start(command, &error))?;
    let end = Instant::now() + limit;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(100)),
            _ => {
                // Both can only fail because the child has ended by itself.
                child.kill().ok();
                child.wait().ok();
                return Err(Failure::new(format!("no answer within {} s", limit.as_secs())));
            }
        }
    };
    if status.success() {
        return Ok(());
    }
    let mut stderr = String::new();
    if let Some(mut pipe) = child.stderr.take() {
        pipe.read_to_string(&mut stderr).ok();
    }
    let last = stderr.lines().map(str::trim).rfind(|line| !line.is_empty());
    Err(Failure::new(last.unwrap_or("it gave no reason")))
}

/// The toolchains that rustup has installed; none where there is no rustup.
pub(crate) fn toolchains() -> Vec<String> {
    let listed = capture(Command::new("rustup").args(["toolchain", "list"])).unwrap_or_default();
    listed.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot start `{}`: {error}", shown(command)))
}
