//! The components of the calendar, as various programs write them.

use super::random::Random;
use super::text::Text;
use super::words::{CATEGORIES, PEOPLE, PLACES, SENTENCES, TITLES};
use super::zone::{CUSTOM, NAMED, WINDOWS};

/// An override that comes some components after its series.
pub(super) struct Later {
    pub(super) after: u64,
    pub(super) text: Text,
}

/// Writes one event, series or task.
pub(super) fn component(
    number: u64,
    random: &mut Random,
    text: &mut Text,
    waiting: &mut Vec<Later>,
) {
    match random.below(100) {
        0..38 => web_event(number, random, text),
        38..62 => office_meeting(number, random, text),
        62..77 => series(number, random, text, waiting),
        77..87 => whole_day(number, random, text),
        87..93 => custom_zone(number, random, text),
        93..99 => task(number, random, text),
        _ => with_attachment(number, random, text),
    }
}

/// What a web calendar exports.
fn web_event(number: u64, random: &mut Random, text: &mut Text) {
    let (day, minute) = moment(random);
    text.line("BEGIN:VEVENT");
    if random.chance(50) {
        text.line(&format!("DTSTART:{}Z", at(day, minute)));
        text.line(&format!("DTEND:{}Z", at(day, minute + 60)));
    } else {
        let zone = random.pick(NAMED);
        text.line(&format!("DTSTART;TZID={zone}:{}", at(day, minute)));
        text.line(&format!("DTEND;TZID={zone}:{}", at(day, minute + 45)));
    }
    stamps(day, random, text);
    if random.chance(40) {
        let people = 1 + random.below(6);
        text.line("ORGANIZER;CN=Ann Example:mailto:ann@example.com");
        for _ in 0..people {
            let (name, address) = person(random);
            let status = random.pick(&["NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE"]);
            text.line(&format!(
                "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};RSVP=TRUE;CN={};\
                 X-NUM-GUESTS=0:mailto:{address}@example.com",
                parameter(name)
            ));
        }
        text.line(&format!("X-GOOGLE-CONFERENCE:https://meet.example.com/{}", token(random, 12)));
    }
    text.line(&format!("UID:{}@calendar.example.com", token(random, 26)));
    description("DESCRIPTION", random, text);
    text.line(&format!("LOCATION:{}", random.pick(PLACES)));
    text.line(&format!("SEQUENCE:{}", number % 4));
    text.line("STATUS:CONFIRMED");
    text.line(&format!("SUMMARY:{}", random.pick(TITLES)));
    text.line(random.pick(&["TRANSP:OPAQUE", "TRANSP:TRANSPARENT"]));
    if random.chance(35) {
        alarm("-P0DT0H30M0S", "This is an event reminder", text);
    }
    if random.chance(10) {
        alarm("-P1D", "Tomorrow", text);
    }
    text.line("END:VEVENT");
}

/// What an office program sends.
fn office_meeting(number: u64, random: &mut Random, text: &mut Text) {
    let (day, minute) = moment(random);
    text.line("BEGIN:VEVENT");
    text.line("ORGANIZER;CN=Ben Muster:mailto:ben.muster@example.com");
    for _ in 0..2 + random.below(8) {
        let (name, address) = person(random);
        let role = random.pick(&["REQ-PARTICIPANT", "REQ-PARTICIPANT", "OPT-PARTICIPANT"]);
        text.line(&format!(
            "ATTENDEE;ROLE={role};PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=\"{name}\":mailto:{address}@example.com"
        ));
    }
    description("DESCRIPTION;LANGUAGE=en-US", random, text);
    text.line(&format!(
        "UID:040000008200E00074C5B7101A82E008{:032X}{number:048X}",
        u128::from(random.next())
    ));
    text.line(&format!("SUMMARY;LANGUAGE=en-US:{}", random.pick(TITLES)));
    text.line(&format!("DTSTART;TZID={WINDOWS}:{}", at(day, minute)));
    text.line(&format!("DTEND;TZID={WINDOWS}:{}", at(day, minute + 30)));
    text.line("CLASS:PUBLIC");
    text.line("PRIORITY:5");
    text.line(&format!("DTSTAMP:{}Z", at(day - 3, minute)));
    text.line("TRANSP:OPAQUE");
    text.line("STATUS:CONFIRMED");
    text.line("SEQUENCE:0");
    text.line(&format!("LOCATION;LANGUAGE=en-US:{}", random.pick(PLACES)));
    for line in [
        "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        "X-MICROSOFT-CDO-OWNERAPPTID:2122130237",
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE",
        "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
        "X-MICROSOFT-CDO-ALLDAYEVENT:FALSE",
        "X-MICROSOFT-CDO-IMPORTANCE:1",
        "X-MICROSOFT-CDO-INSTTYPE:0",
        "X-MICROSOFT-DONOTFORWARDMEETING:FALSE",
        "X-MICROSOFT-DISALLOW-COUNTER:FALSE",
    ] {
        text.line(line);
    }
    alarm("-PT15M", "REMINDER", text);
    text.line("END:VEVENT");
}

/// A weekly series with exclusions and overrides, of which some come much later.
fn series(number: u64, random: &mut Random, text: &mut Text, waiting: &mut Vec<Later>) {
    let (day, minute) = moment(random);
    let zone = random.pick(NAMED);
    let uid = format!("{}-{number}@series.example.com", token(random, 20));
    text.line("BEGIN:VEVENT");
    text.line(&format!("UID:{uid}"));
    text.line(&format!("DTSTART;TZID={zone}:{}", at(day, minute)));
    text.line(&format!("DTEND;TZID={zone}:{}", at(day, minute + 60)));
    stamps(day, random, text);
    text.line(&format!("SUMMARY:{}", random.pick(TITLES)));
    description("DESCRIPTION", random, text);
    text.line(&format!("RRULE:FREQ=WEEKLY;COUNT={}", 10 + random.below(40)));
    for week in [2, 5] {
        if random.chance(50) {
            text.line(&format!("EXDATE;TZID={zone}:{}", at(day + 7 * week, minute)));
        }
    }
    if random.chance(30) {
        text.line("ORGANIZER;CN=Ann Example:mailto:ann@example.com");
        text.line("ATTENDEE;CN=Ann Example;PARTSTAT=ACCEPTED:mailto:ann@example.com");
        text.line("ATTENDEE;CN=Chloé Dupont;PARTSTAT=TENTATIVE:mailto:chloe@example.com");
    }
    alarm("-PT10M", "Soon", text);
    text.line("END:VEVENT");

    for week in [1, 3, 4, 7, 8] {
        if !random.chance(45) {
            continue;
        }
        let mut moved = Text::default();
        moved.line("BEGIN:VEVENT");
        moved.line(&format!("UID:{uid}"));
        moved.line(&format!("RECURRENCE-ID;TZID={zone}:{}", at(day + 7 * week, minute)));
        moved.line(&format!("DTSTART;TZID={zone}:{}", at(day + 7 * week + 1, minute)));
        moved.line(&format!("DTEND;TZID={zone}:{}", at(day + 7 * week + 1, minute + 90)));
        moved.line(&format!("DTSTAMP:{}Z", at(day, minute)));
        moved.line(&format!("SUMMARY:{} (moved)", random.pick(TITLES)));
        if random.chance(50) {
            description("DESCRIPTION", random, &mut moved);
        }
        moved.line("END:VEVENT");
        match random.chance(35) {
            true => waiting.push(Later { after: number + 1 + random.below(40), text: moved }),
            false => text.append(&moved),
        }
    }
}

/// Birthdays and holidays.
fn whole_day(number: u64, random: &mut Random, text: &mut Text) {
    let (day, minute) = moment(random);
    text.line("BEGIN:VEVENT");
    text.line(&format!("UID:day-{number}-{}@example.com", token(random, 8)));
    text.line(&format!("DTSTART;VALUE=DATE:{}", date(day)));
    let days = i64::try_from(1 + random.below(4)).unwrap_or(1);
    text.line(&format!("DTEND;VALUE=DATE:{}", date(day + days)));
    text.line(&format!("DTSTAMP:{}Z", at(day, minute)));
    text.line(&format!("SUMMARY:{}", random.pick(TITLES)));
    text.line(&format!("CATEGORIES:{}", random.pick(CATEGORIES)));
    text.line("TRANSP:TRANSPARENT");
    if random.chance(60) {
        text.line("RRULE:FREQ=YEARLY");
    }
    text.line("X-MICROSOFT-CDO-ALLDAYEVENT:TRUE");
    text.line("END:VEVENT");
}

/// An event in a zone that only this calendar knows.
fn custom_zone(number: u64, random: &mut Random, text: &mut Text) {
    let (day, minute) = moment(random);
    let zone = random.pick(CUSTOM);
    text.line("BEGIN:VEVENT");
    text.line(&format!("UID:shift-{number}-{}@example.com", token(random, 8)));
    text.line(&format!("DTSTAMP:{}Z", at(day, minute)));
    text.line(&format!("DTSTART;TZID={zone}:{}", at(day, minute)));
    text.line("DURATION:PT8H30M");
    text.line("SUMMARY:Shift");
    text.line(&format!("LOCATION:{}", random.pick(PLACES)));
    if random.chance(30) {
        text.line("RRULE:FREQ=DAILY;INTERVAL=2;COUNT=12");
    }
    text.line("GEO:52.5163;13.3777");
    text.line("URL:https://shifts.example.com/plan?view=week&site=north");
    text.line("END:VEVENT");
}

/// A task list's entry.
fn task(number: u64, random: &mut Random, text: &mut Text) {
    let (day, minute) = moment(random);
    text.line("BEGIN:VTODO");
    text.line(&format!("UID:{}-{number}@tasks.example.com", token(random, 16)));
    text.line(&format!("DTSTAMP:{}Z", at(day, minute)));
    text.line(&format!("DTSTART;TZID=Europe/Berlin:{}", at(day, minute)));
    text.line(&format!("DUE;TZID=Europe/Berlin:{}", at(day + 4, minute)));
    text.line(&format!("SUMMARY:{}", random.pick(TITLES)));
    description("DESCRIPTION", random, text);
    text.line("STATUS:IN-PROCESS");
    text.line(&format!("PERCENT-COMPLETE:{}", random.below(100)));
    text.line(&format!("PRIORITY:{}", 1 + random.below(9)));
    text.line(&format!("CATEGORIES:{}", random.pick(CATEGORIES)));
    text.line(&format!("RELATED-TO;RELTYPE=PARENT:task-{}@example.com", number / 7));
    text.line("END:VTODO");
}

/// An event that carries a file of 8 to 40 KB.
fn with_attachment(number: u64, random: &mut Random, text: &mut Text) {
    const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (day, minute) = moment(random);
    text.line("BEGIN:VEVENT");
    text.line(&format!("UID:attached-{number}@example.com"));
    text.line(&format!("DTSTAMP:{}Z", at(day, minute)));
    text.line(&format!("DTSTART:{}Z", at(day, minute)));
    text.line("DURATION:PT1H");
    text.line(&format!("SUMMARY:{}", random.pick(TITLES)));
    let mut attached = String::from(
        "ATTACH;FMTTYPE=application/pdf;ENCODING=BASE64;VALUE=BINARY;X-FILENAME=plan.pdf:",
    );
    for _ in 0..1000 + random.below(4000) {
        let mut bits = random.next();
        for _ in 0..8 {
            attached.push(char::from(BASE64[(bits % 64) as usize]));
            bits /= 64;
        }
    }
    text.line(&attached);
    text.line("END:VEVENT");
}

fn stamps(day: i64, random: &mut Random, text: &mut Text) {
    let minute = random.below(1440);
    text.line(&format!("DTSTAMP:{}Z", at(day + 30, minute)));
    text.line(&format!("CREATED:{}Z", at(day - 20, minute)));
    text.line(&format!("LAST-MODIFIED:{}Z", at(day - 2, minute)));
}

fn description(property: &str, random: &mut Random, text: &mut Text) {
    let mut line = format!("{property}:");
    for _ in 0..random.below(9) {
        line.push_str(random.pick(SENTENCES));
        line.push_str(random.pick(&[" ", "\\n", "\\n\\n"]));
    }
    text.line(&line);
}

fn alarm(trigger: &str, what: &str, text: &mut Text) {
    text.line("BEGIN:VALARM");
    text.line("ACTION:DISPLAY");
    text.line(&format!("DESCRIPTION:{what}"));
    text.line(&format!("TRIGGER:{trigger}"));
    text.line("END:VALARM");
}

fn person(random: &mut Random) -> (&'static str, &'static str) {
    let index = usize::try_from(random.below(PEOPLE.len() as u64)).unwrap_or(0);
    PEOPLE[index]
}

/// A parameter value, quoted where it has to be.
fn parameter(value: &str) -> String {
    if value.contains(',') { format!("\"{value}\"") } else { value.to_owned() }
}

fn token(random: &mut Random, length: usize) -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    (0..length).map(|_| char::from(LETTERS[(random.next() % 36) as usize])).collect()
}

/// A day between 2018 and 2028, counted from 1970, and a quarter of an hour in office time.
fn moment(random: &mut Random) -> (i64, u64) {
    let day = 17_600 + i64::try_from(random.below(3600)).unwrap_or(0);
    (day, 15 * (28 + random.below(40)))
}

fn at(day: i64, minute: u64) -> String {
    format!("{}T{:02}{:02}00", date(day), minute / 60 % 24, minute % 60)
}

fn date(day: i64) -> String {
    let (year, month, day) = civil(day);
    format!("{year:04}{month:02}{day:02}")
}

/// Year, month and day of a day after 1970-03-01: counted in years that begin in March, where the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (year + era * 400 + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days() {
        assert_eq!(date(17_600), "20180310");
        assert_eq!(date(18_321), "20200229");
        assert_eq!(date(18_322), "20200301");
        assert_eq!(at(19_723, 75), "20240101T011500");
    }
}
