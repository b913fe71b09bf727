//! What happens this week, in all calendars of an account.
//!
//! `JMAP_URL=jane@example.com JMAP_USER=jane JMAP_PASSWORD=tiger cargo run -p jmap-client --example agenda`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for people at a terminal")]

use std::env;
use std::error::Error;
use std::process::ExitCode;

use jiff::{ToSpan, Zoned};
use jmap_client::calendars::{EventOccurrence, Window};
use jmap_client::{Basic, CalendarsExt, Client};

fn main() -> ExitCode {
    let [Ok(url), Ok(user), Ok(password)] =
        ["JMAP_URL", "JMAP_USER", "JMAP_PASSWORD"].map(env::var)
    else {
        eprintln!(
            "set JMAP_URL to the server (its URL, its host name or your mail address there), \
             and JMAP_USER and JMAP_PASSWORD to your account"
        );
        return ExitCode::from(2);
    };
    match agenda(&url, &user, &password) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("agenda: {error}");
            ExitCode::FAILURE
        }
    }
}

fn agenda(url: &str, user: &str, password: &str) -> Result<(), Box<dyn Error>> {
    let client = Client::builder(url).credentials(Basic::new(user, password)).connect().wait()?;
    let found = client.events().occurrences(week(&Zoned::now())?).wait()?;
    for occurrence in &found.list {
        println!("{}", line(occurrence));
    }
    for (event, why) in &found.failed {
        eprintln!("{}: {why}", event.title.as_deref().unwrap_or("an event"));
    }
    Ok(())
}

/// From Monday to Monday, where the machine is.
fn week(now: &Zoned) -> Result<Window, Box<dyn Error>> {
    let zone = now.time_zone().iana_name().unwrap_or("Etc/UTC").parse()?;
    let days = now.weekday().to_monday_zero_offset();
    let monday = now.date().checked_sub(i64::from(days).days())?.at(0, 0, 0, 0);
    Ok(Window::new(monday.try_into()?, monday.checked_add(1.week())?.try_into()?, zone))
}

fn line(occurrence: &EventOccurrence) -> String {
    let start = &occurrence.start;
    let format = if start.is_date { "%a %e %b       " } else { "%a %e %b %H:%M" };
    let time = start.local.to_civil().strftime(format);
    let title = occurrence.event.title.as_deref().unwrap_or("(without a title)");
    match &start.zone {
        Some(zone) => format!("{time} {title} ({zone})"),
        None => format!("{time} {title}"),
    }
}
