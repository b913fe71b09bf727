//! The arguments of `jmapctl`, as clap reads them.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use ical_jscal::Mode;
use jmap_embedded::Quirks;
use jscalendar::{UtcDateTime, Version};

use crate::kind::Kind;
use crate::window::Window;

/// Calendars and tasks on the command line: convert them, check them, ask a server.
#[derive(Debug, Parser)]
#[command(name = "jmapctl", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  jmapctl convert meeting.ics                  the event as JSCalendar, on standard output
  jmapctl convert -o converted/ calendars/     a whole directory
  jmapctl convert --expand 2026-03-01..2026-04-01 team.ics
                                               when things happen in March
  jmapctl check calendars/ event.json          what is wrong with them
  jmapctl session                              what a server offers
  jmapctl serve --add-user jane                a server of your own, on this machine
  jmapctl help convert                         all about one command";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Convert(ConvertArgs),
    Check(CheckArgs),
    Session(SessionArgs),
    Call(CallArgs),
    Serve(ServeArgs),
    /// Print a completion script for a shell
    #[command(
        after_help = "Example:\n  jmapctl completions bash > ~/.local/share/bash-completion/completions/jmapctl"
    )]
    Completions {
        /// The shell that the script is for
        shell: Shell,
    },
    /// Print the manual page, of the program or of one of its commands
    #[command(after_help = "Example:\n  jmapctl man convert > jmapctl-convert.1")]
    Man {
        /// The command that the page is about
        command: Option<String>,
    },
}

/// Convert iCalendar to JSCalendar, and back
///
/// What an input is shows in its content: iCalendar becomes JSCalendar and JSCalendar becomes iCalendar, unless --to
/// says something else. Several VCALENDARs in one file give a JSON array, and an array gives several VCALENDARs.
///
/// Nothing is lost: what the other format has no word for is kept in it, and comes back when it is converted back.
/// What was odd about an input is listed on standard error, as `file:line:column: severity[code]: message`, or
/// `file#/pointer: …` for JSON.
#[derive(Debug, clap::Args)]
#[command(after_help = CONVERT_HELP)]
pub(crate) struct ConvertArgs {
    /// What to convert to; without it, the other format of the pair that the content shows
    #[arg(long, value_name = "KIND", ignore_case = true)]
    pub(crate) to: Option<KindArg>,
    /// Write when things happen instead, one JSON object a line: every occurrence that is at least in part from FROM on
    /// and before TO
    ///
    /// FROM and TO are dates (2026-03-01), which begin at midnight, date-times (2026-03-01T09:00:00) or instants
    /// (2026-03-01T09:00:00Z). What has no Z is in UTC, and so are, for the comparison with FROM and TO, events without
    /// a time zone.
    ///
    /// The lines have the members uid, recurrenceId (if the object recurs), start, end, zone (unless the time floats),
    /// endZone (if it is another one) and title. What takes whole days has dates; its end is the day after the last.
    /// They come input by input, each by start and uid, and all go to standard output or into the one file that -o
    /// names. What cannot be expanded is listed as not-expanded, and fails only in strict mode.
    #[arg(
        long,
        value_name = "FROM..TO",
        value_parser = Window::parse,
        conflicts_with_all = ["to", "jscal_version", "now", "pretty"]
    )]
    pub(crate) expand: Option<Window>,
    /// The version of JSCalendar to write
    #[arg(long, value_name = "V", default_value = "2.0")]
    pub(crate) jscal_version: VersionArg,
    /// What happens to what the other format has no word for
    #[arg(long, value_name = "M", default_value = "lossless", ignore_case = true)]
    pub(crate) mode: ModeArg,
    /// The time stamp of objects that have none: an instant such as 2026-03-01T09:00:00Z, or `now`
    #[arg(long, value_name = "T", value_parser = instant)]
    pub(crate) now: Option<UtcDateTime>,
    /// Indent JSON output
    #[arg(long)]
    pub(crate) pretty: bool,
    /// Write diagnostics as one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Where to write: a file, or a directory (needed for several inputs, and for directories)
    #[arg(short, long, value_name = "OUT")]
    pub(crate) output: Option<PathBuf>,
    /// Files and directories; `-` or nothing is standard input
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
}

const CONVERT_HELP: &str = "\
Examples:
  jmapctl convert meeting.ics                         to standard output
  jmapctl convert meeting.ics -o meeting.json         to a file
  jmapctl convert calendars/ -o converted/            a directory with all below it: .ics becomes .json and
                                                      .json becomes .ics
  curl https://example.com/a.ics | jmapctl convert --pretty
  jmapctl convert --to jscal --jscal-version 1.0 event.json
                                                      from one version of JSCalendar to the other
  jmapctl convert --expand 2026-03-01..2026-04-01 calendars/
                                                      what happens in March, an occurrence a line

In directories, files named .ics, .ical, .ifb, .icalendar, .vcs and .json count; the others are skipped.

Exit status: 0 if everything was converted, 1 if some input failed, 2 if the arguments are wrong.";

/// Check iCalendar and JSCalendar files against the standard
///
/// JSCalendar is validated in the version that it has. iCalendar is converted and then validated, so what is wrong with
/// it is shown by line and column where reading notices it, and by the pointer into the converted object otherwise.
///
/// Besides, things are looked for that nobody sees before somebody asks when things happen: rules that never match
/// (never-matches) or cannot be followed (wrong-rule), exclusions of moments when nothing happens (excludes-nothing),
/// and time zones that neither the database nor the file knows (unknown-zone).
///
/// The findings go to standard output; a summary ends on standard error.
#[derive(Debug, clap::Args)]
#[command(after_help = CHECK_HELP)]
pub(crate) struct CheckArgs {
    /// Write findings as one JSON object a line
    #[arg(long)]
    pub(crate) json: bool,
    /// Files and directories; `-` or nothing is standard input
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,
}

const CHECK_HELP: &str = "\
Examples:
  jmapctl check event.json
  jmapctl check --json calendars/ | jq -r .code | sort | uniq -c

Errors and warnings are violations; notes are not. Exit status: 0 if there are none, 1 if there are any or an input
could not be read, 2 if the arguments are wrong.";

const SERVER_HELP: &str = "\
The server is named by the environment:
  JMAP_URL                     its URL, its host name, or your mail address there
  JMAP_USER and JMAP_PASSWORD  who you are; or
  JMAP_TOKEN                   a token

Exit status: 0 if it worked, 1 if not, 2 if the arguments are wrong.";

/// Show what a server offers: accounts, limits, capabilities
#[derive(Debug, clap::Args)]
#[command(after_help = SERVER_HELP)]
pub(crate) struct SessionArgs {
    /// Write the session as the server has it
    #[arg(long)]
    pub(crate) json: bool,
}

/// Call a method of a server, and show its answer
///
/// The arguments are a JSON object. An accountId that they lack is filled in, and the capabilities are all that the
/// server has.
#[derive(Debug, clap::Args)]
#[command(after_help = CALL_HELP)]
pub(crate) struct CallArgs {
    /// The method, such as Calendar/get
    pub(crate) method: String,
    /// The arguments; `-` is standard input, nothing is `{}`
    pub(crate) arguments: Option<String>,
    /// The account to fill in, by its id or name; without it, the one that is primary for most
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
    /// A capability that the call needs; more than once for several. Without it, all that the server has
    #[arg(long, value_name = "URI")]
    pub(crate) using: Vec<String>,
    /// Do not indent the answer
    #[arg(long)]
    pub(crate) json: bool,
}

const CALL_HELP: &str = "\
Examples:
  jmapctl call Core/echo '{\"n\": 1}'
  jmapctl call Calendar/get
  jmapctl call CalendarEvent/query '{\"filter\": {\"text\": \"lunch\"}, \"limit\": 5}'

The server is named by the environment:
  JMAP_URL                     its URL, its host name, or your mail address there
  JMAP_USER and JMAP_PASSWORD  who you are; or
  JMAP_TOKEN                   a token

Exit status: 0 if it worked, 1 if not, 2 if the arguments are wrong.";

/// Serve calendars over HTTP, from a file
///
/// The server speaks JMAP for calendars, with everything in one SQLite file. It listens on this machine alone unless --addr
/// says otherwise. It writes a line when it is ready, and stops at Ctrl-C or SIGTERM.
///
/// Several servers, and other programs, can have the same file at a time.
#[derive(Debug, clap::Args)]
#[command(after_help = SERVE_HELP)]
pub(crate) struct ServeArgs {
    /// Where to listen: a host and a port; port 0 is any that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub(crate) addr: String,
    /// The file, which is made if it is not there; without it, jmapctl/jmap.db in the user's data directory
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// Add this user with an account and a calendar, or give a new password to one who is there
    #[arg(long, value_name = "NAME", value_parser = user_name)]
    pub(crate) add_user: Option<String>,
    /// Take the password of --add-user from the first line that this command writes
    #[arg(long, value_name = "COMMAND", requires = "add_user", conflicts_with = "token")]
    pub(crate) password_command: Option<String>,
    /// Give the user of --add-user a token instead of a password, and show it: it cannot be looked up later
    #[arg(long, requires = "add_user")]
    pub(crate) token: bool,
    /// The URL by which a proxy offers this server: https and its name
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub(crate) url: Option<String>,
    /// Be another server, with what it does otherwise than the standards say
    #[arg(long, value_name = "NAME", value_parser = Quirks::NAMES)]
    pub(crate) profile: Option<String>,
    /// Write the line as a JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

const SERVE_HELP: &str = "\
Examples:
  jmapctl serve --add-user jane                asks for her password, then serves on http://127.0.0.1:8080
  jmapctl serve --add-user jane --password-command 'pass show jmap'
  jmapctl serve --addr 127.0.0.1:0 --db team.db --add-user ci --token --json

The password of --add-user is the first of these: what --password-command writes, the variable JMAP_PASSWORD, what you type.
It is never an argument, for those can be seen by others.

Nothing is encrypted: an address that others can reach belongs behind a proxy with TLS, whose URL --url names.

Exit status: 0 if it was stopped, 1 if it could not serve, 2 if the arguments are wrong.";

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum KindArg {
    /// iCalendar (RFC 5545)
    Ical,
    /// JSCalendar (RFC 8984, JSCalendar 2.0)
    Jscal,
    // Understood, so that the answer can say more than "invalid value"; shown once they work.
    #[value(hide = true)]
    Vcard,
    #[value(hide = true)]
    Jscontact,
}

impl From<KindArg> for Kind {
    fn from(arg: KindArg) -> Self {
        match arg {
            KindArg::Ical => Self::Ical,
            KindArg::Jscal => Self::Jscal,
            KindArg::Vcard => Self::Vcard,
            KindArg::Jscontact => Self::Jscontact,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum VersionArg {
    /// JSCalendar 2.0
    #[value(name = "2.0", alias = "2")]
    V2,
    /// JSCalendar 1.0 (RFC 8984)
    #[value(name = "1.0", alias = "1")]
    V1,
}

impl From<VersionArg> for Version {
    fn from(arg: VersionArg) -> Self {
        match arg {
            VersionArg::V2 => Self::V2_0,
            VersionArg::V1 => Self::V1_0,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ModeArg {
    /// It is kept, and comes back when the result is converted back
    Lossless,
    /// It is left out, and listed
    Clean,
    /// As lossless, but an input of which anything was lost or had to be repaired fails
    Strict,
}

impl From<ModeArg> for Mode {
    fn from(arg: ModeArg) -> Self {
        match arg {
            ModeArg::Lossless => Self::Lossless,
            ModeArg::Clean => Self::Clean,
            ModeArg::Strict => Self::Strict,
        }
    }
}

/// The value of `--now`. This is the only place where a clock is read, and only for the word `now`.
fn instant(text: &str) -> Result<UtcDateTime, String> {
    if !text.eq_ignore_ascii_case("now") {
        return text.parse().map_err(|_| {
            "expected `now` or an instant in UTC such as 2026-03-01T09:00:00Z".to_owned()
        });
    }
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map(|since| since.as_secs());
    let now =
        seconds.ok().and_then(|seconds| UtcDateTime::from_unix_seconds(seconds.try_into().ok()?));
    now.ok_or_else(|| {
        "the clock of this machine is outside the years 1970 to 9999; give an instant instead"
            .to_owned()
    })
}

/// A name that can be sent with a password (RFC 7617).
fn user_name(text: &str) -> Result<String, String> {
    let is_sendable = !text.is_empty() && !text.chars().any(|it| it == ':' || it.is_control());
    is_sendable
        .then(|| text.to_owned())
        .ok_or_else(|| "a user's name has a letter at least, and no colon".to_owned())
}

/// What stands before the paths of a server.
fn public_url(text: &str) -> Result<String, String> {
    let behind = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    behind
        .filter(|behind| !behind.is_empty() && !behind.contains(['?', '#', '@', ' ']))
        .map(|_| text.trim_end_matches('/').to_owned())
        .ok_or_else(|| "expected a URL such as https://calendar.example.com".to_owned())
}

/// An error about the arguments of `command` that clap itself cannot find, in clap's own form.
pub(crate) fn usage_error(
    command: &str,
    kind: ErrorKind,
    message: impl std::fmt::Display,
) -> clap::Error {
    let mut program = Args::command();
    program.build();
    match program.find_subcommand_mut(command) {
        Some(command) => command.error(kind, message),
        None => program.error(kind, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn an_instant_is_utc_or_now() {
        assert_eq!(
            instant("2026-03-01T09:00:00Z").map(|now| now.to_string()),
            Ok("2026-03-01T09:00:00Z".to_owned())
        );
        assert!(instant("now").is_ok_and(|now| now.year() >= 2025));
        assert!(instant("2026-03-01").is_err());
    }
}
