//! A `VTIMEZONE` as a member of `timeZones`, and back (RFC 8984, section 4.7.2). Version 1.0 only.

use std::fmt::Write;

use content_line::{Component, LineWriter};
use jscalendar::{
    Frequency, NDay, Observance, RecurrenceRule, RuleDay, RuleEnd, TimeZone, TimeZoneId,
    TimeZoneRule, UtcDateTime, Weekday, YearlyRule,
};

use super::generate::{date_time, offset_text};
use super::names::bare;
use super::vtimezone::{self, is_daylight, text_of};
use crate::value::{Form, Moment};

/// The key in `timeZones`: it begins with a slash.
pub(crate) fn key(tzid: &str) -> Option<TimeZoneId> {
    let name = bare(tzid);
    match name.starts_with('/') {
        true => name.parse().ok(),
        false => format!("/{name}").parse().ok(),
    }
}

/// A definition as a typed value; `None` if a part of it cannot be read.
///
/// Parameters and properties that a `TimeZone` has no member for are left out: where
/// [`to_vtimezone`] does not give back the same lines, the definition must be kept as well.
pub(crate) fn to_jscalendar(vtimezone: &Component<'_>) -> Option<TimeZone> {
    let custom = vtimezone::read(vtimezone)?;
    let mut zone = TimeZone::default();
    zone.tz_id = vtimezone.line("TZID").map(text_of);
    zone.updated = utc(vtimezone, "LAST-MODIFIED");
    zone.url = vtimezone.line("TZURL").map(|line| line.value().to_owned());
    zone.valid_until = utc(vtimezone, "TZUNTIL");
    zone.aliases = vtimezone.lines_named("TZID-ALIAS-OF").map(text_of).collect();
    let mut observances = custom.observances().iter().peekable();
    for part in &vtimezone.components {
        let Some(daylight) = is_daylight(part) else { continue };
        let first = observances.next()?;
        let mut rule = rule_of(first);
        // One component with several rules was read as several observances.
        for _ in part.lines_named("RRULE").skip(1) {
            rule.recurrence_rules.extend(observances.next()?.rule.as_ref().map(recurrence_rule));
        }
        rule.names = part.lines_named("TZNAME").map(text_of).collect();
        rule.comments = part.lines_named("COMMENT").map(text_of).collect();
        if daylight { zone.daylight.push(rule) } else { zone.standard.push(rule) }
    }
    Some(zone)
}

/// Writes a definition as a `VTIMEZONE` of this name. Answers false, and writes nothing, if it is not valid.
pub(crate) fn to_vtimezone(tzid: &str, zone: &TimeZone, out: &mut LineWriter) -> bool {
    if zone.to_custom().is_none() {
        return false;
    }
    out.begin("VTIMEZONE");
    out.name("TZID").value_text(tzid);
    for alias in zone.aliases.iter() {
        out.name("TZID-ALIAS-OF").value_text(alias);
    }
    if let Some(updated) = zone.updated {
        out.name("LAST-MODIFIED").value_raw(&utc_text(updated));
    }
    if let Some(url) = &zone.url {
        out.name("TZURL").value_raw(url);
    }
    if let Some(until) = zone.valid_until {
        out.name("TZUNTIL").value_raw(&utc_text(until));
    }
    zone.standard.iter().for_each(|rule| write_rule("STANDARD", rule, out));
    zone.daylight.iter().for_each(|rule| write_rule("DAYLIGHT", rule, out));
    out.end("VTIMEZONE");
    true
}

fn write_rule(name: &str, rule: &TimeZoneRule, out: &mut LineWriter) {
    out.begin(name);
    if let Some(start) = rule.start {
        out.name("DTSTART").value_raw(&date_time(start));
    }
    for (name, offset) in [("TZOFFSETFROM", &rule.offset_from), ("TZOFFSETTO", &rule.offset_to)] {
        if let Some(seconds) = offset.as_deref().and_then(vtimezone::offset) {
            out.name(name).value_raw(&offset_text(seconds));
        }
    }
    for rule in rule.recurrence_rules.iter().filter_map(rule_text) {
        out.name("RRULE").value_raw(&rule);
    }
    let dates: Vec<String> =
        rule.recurrence_overrides.keys().map(|date| date_time(*date)).collect();
    if !dates.is_empty() {
        out.name("RDATE").value_raw(&dates.join(","));
    }
    for name in rule.names.iter() {
        out.name("TZNAME").value_text(name);
    }
    for comment in &rule.comments {
        out.name("COMMENT").value_text(comment);
    }
    out.end(name);
}

fn rule_of(observance: &Observance) -> TimeZoneRule {
    let mut rule = TimeZoneRule::default();
    rule.start = Some(observance.start);
    rule.offset_from = Some(offset_text(observance.offset_from));
    rule.offset_to = Some(offset_text(observance.offset_to));
    rule.recurrence_rules = observance.rule.iter().map(recurrence_rule).collect();
    rule.recurrence_overrides =
        observance.dates.iter().map(|date| (*date, jscalendar::PatchObject::default())).collect();
    rule
}

/// Seven days in the order of both crates.
const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "MO"),
    (Weekday::Tuesday, "TU"),
    (Weekday::Wednesday, "WE"),
    (Weekday::Thursday, "TH"),
    (Weekday::Friday, "FR"),
    (Weekday::Saturday, "SA"),
    (Weekday::Sunday, "SU"),
];

/// `UNTIL` stays in UTC.
fn recurrence_rule(rule: &YearlyRule) -> RecurrenceRule {
    let mut out = RecurrenceRule::new(Frequency::Yearly);
    out.interval = (rule.interval != 1).then(|| rule.interval.into());
    match rule.end {
        RuleEnd::Until(until) => out.until = Some(until.to_utc_clock()),
        RuleEnd::Count(count) => out.count = Some(count.into()),
        _ => {}
    }
    out.by_day = rule.days.iter().filter_map(|day| weekday(*day)).collect();
    out.by_month = rule.months.iter().map(ToString::to_string).collect();
    out.by_month_day = rule.month_days.iter().map(|day| i64::from(*day)).collect();
    out.by_year_day = rule.year_days.iter().map(|day| i64::from(*day)).collect();
    out.by_hour = rule.hour.map(u64::from).into_iter().collect();
    out.by_minute = rule.minute.map(u64::from).into_iter().collect();
    out.by_second = rule.second.map(u64::from).into_iter().collect();
    out
}

fn weekday(day: RuleDay) -> Option<NDay> {
    let index = usize::try_from(day.weekday.to_monday_zero_offset()).ok()?;
    let (weekday, _) = WEEKDAYS.get(index)?.clone();
    Some(match day.ordinal {
        Some(nth) => NDay::nth(nth.into(), weekday),
        None => NDay::new(weekday),
    })
}

/// As the value of an `RRULE`; `None` if it is not one by which clocks are set.
fn rule_text(rule: &RecurrenceRule) -> Option<String> {
    if rule.frequency != Some(Frequency::Yearly) || !rule.by_week_no.is_empty() {
        return None;
    }
    if rule.rscale.as_ref().is_some_and(|rscale| !rscale.eq_ignore_ascii_case("gregorian")) {
        return None;
    }
    let mut text = "FREQ=YEARLY".to_owned();
    // Writing into a text never fails.
    let mut part = |name: &str, value: String| match value.is_empty() {
        true => Ok(()),
        false => write!(text, ";{name}={value}"),
    };
    let days = rule.by_day.iter().map(day_text).collect::<Option<Vec<_>>>()?;
    part(
        "INTERVAL",
        rule.interval
            .filter(|interval| *interval != 1)
            .map_or_else(String::new, |interval| interval.to_string()),
    )
    .ok()?;
    part("BYMONTH", rule.by_month.join(",")).ok()?;
    part("BYMONTHDAY", joined(&rule.by_month_day)).ok()?;
    part("BYYEARDAY", joined(&rule.by_year_day)).ok()?;
    part("BYDAY", days.join(",")).ok()?;
    part("BYHOUR", joined(&rule.by_hour)).ok()?;
    part("BYMINUTE", joined(&rule.by_minute)).ok()?;
    part("BYSECOND", joined(&rule.by_second)).ok()?;
    part("BYSETPOS", joined(&rule.by_set_position)).ok()?;
    part(
        "UNTIL",
        rule.until.map_or_else(String::new, |until| utc_text(UtcDateTime::from_utc_clock(until))),
    )
    .ok()?;
    part("COUNT", rule.count.map_or_else(String::new, |count| count.to_string())).ok()?;
    Some(text)
}

fn day_text(day: &NDay) -> Option<String> {
    let (_, name) = WEEKDAYS.iter().find(|(weekday, _)| Some(weekday) == day.day.as_ref())?;
    Some(day.nth_of_period.map_or_else(|| (*name).to_owned(), |nth| format!("{nth}{name}")))
}

fn joined<T: ToString>(numbers: &[T]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn utc(component: &Component<'_>, name: &str) -> Option<UtcDateTime> {
    Moment::parse(component.line(name)?.value())?.utc()
}

fn utc_text(time: UtcDateTime) -> String {
    let mut text = String::with_capacity(16);
    Moment { local: time.to_utc_clock(), form: Form::Utc }.write(&mut text);
    text
}

#[cfg(test)]
mod tests {
    use content_line::Position;

    use super::super::vtimezone::tests::{BERLIN, with_vtimezone};
    use super::*;

    fn json(zone: &TimeZone) -> String {
        serde_json::to_string_pretty(zone).unwrap()
    }

    /// Through JSON and back to lines.
    fn back(body: &str) -> String {
        let zone = with_vtimezone(body, to_jscalendar).unwrap();
        let mut out = LineWriter::new();
        assert!(to_vtimezone("Odd", &zone, &mut out));
        out.into_string().replace("\r\n", "\n")
    }

    #[test]
    fn keys_begin_with_a_slash() {
        assert_eq!(key("Odd"), "/Odd".parse().ok());
        assert_eq!(key("/x/Odd"), "/x/Odd".parse().ok());
        assert_eq!(key("A\\, B"), "/A, B".parse().ok());
        assert_eq!(key(""), None);
    }

    /// Z10 of the conversion cases.
    #[test]
    fn a_zone_of_its_own() {
        let body = "TZID:Odd\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:-0835\nTZOFFSETTO:-0835\nEND:STANDARD\n";
        insta::assert_snapshot!(json(&with_vtimezone(body, to_jscalendar).unwrap()), @r#"
        {
          "tzId": "Odd",
          "standard": [
            {
              "start": "1970-01-01T00:00:00",
              "offsetFrom": "-0835",
              "offsetTo": "-0835"
            }
          ]
        }
        "#);
    }

    #[test]
    fn every_member() {
        let body = "TZID:Odd\nTZID-ALIAS-OF:Europe/Odd\nLAST-MODIFIED:20240101T000000Z\nTZURL:http://example.com/odd\nTZUNTIL:20300101T000000Z\nBEGIN:STANDARD\nDTSTART:19701025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=19951029T010000Z\nRDATE:19970101T000000,19980101T000000\nTZNAME:CET\nTZNAME:MEZ\nCOMMENT:half\\, odd\nEND:STANDARD\n";
        insta::assert_snapshot!(json(&with_vtimezone(body, to_jscalendar).unwrap()), @r#"
        {
          "tzId": "Odd",
          "updated": "2024-01-01T00:00:00Z",
          "url": "http://example.com/odd",
          "validUntil": "2030-01-01T00:00:00Z",
          "aliases": {
            "Europe/Odd": true
          },
          "standard": [
            {
              "start": "1970-10-25T03:00:00",
              "offsetFrom": "+0200",
              "offsetTo": "+0100",
              "recurrenceRules": [
                {
                  "frequency": "yearly",
                  "until": "1995-10-29T01:00:00",
                  "byDay": [
                    {
                      "day": "su",
                      "nthOfPeriod": -1
                    }
                  ],
                  "byMonth": [
                    "10"
                  ]
                }
              ],
              "recurrenceOverrides": {
                "1997-01-01T00:00:00": {},
                "1998-01-01T00:00:00": {}
              },
              "names": {
                "CET": true,
                "MEZ": true
              },
              "comments": [
                "half, odd"
              ]
            }
          ]
        }
        "#);
        assert_eq!(back(body), format!("BEGIN:VTIMEZONE\n{body}END:VTIMEZONE\n"));
        assert_eq!(
            back(&format!("TZID:Odd\n{BERLIN}")),
            format!("BEGIN:VTIMEZONE\nTZID:Odd\n{BERLIN}END:VTIMEZONE\n")
        );
    }

    #[test]
    fn the_rules_stay_the_same() {
        for body in [
            BERLIN,
            "BEGIN:STANDARD\nDTSTART:20000101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;INTERVAL=2;BYMONTH=3;BYDAY=SU;BYMONTHDAY=8,9,10,11,12,13,14;BYHOUR=3;BYMINUTE=30;BYSECOND=1;COUNT=9\nRRULE:FREQ=YEARLY;BYYEARDAY=100\nEND:STANDARD\n",
        ] {
            let direct = with_vtimezone(body, vtimezone::read).unwrap();
            let zone = with_vtimezone(body, to_jscalendar).unwrap();
            let rules = |zone: &jscalendar::CustomZone| {
                zone.observances()
                    .iter()
                    .map(|part| (part.start, part.rule.clone()))
                    .collect::<Vec<_>>()
            };
            assert_eq!(rules(&zone.to_custom().unwrap()), rules(&direct));
            let lines = back(body);
            let read = vtimezone::read(&Component::parse(lines.as_bytes(), Position::START).0);
            assert_eq!(rules(&read.unwrap()), rules(&direct));
        }
    }

    #[test]
    fn what_is_no_zone_is_not_written() {
        let mut out = LineWriter::new();
        let mut zone = TimeZone::default();
        assert!(!to_vtimezone("X", &zone, &mut out));
        let mut rule = TimeZoneRule::default();
        rule.start = "2020-01-01T00:00:00".parse().ok();
        rule.offset_from = Some("+0100".into());
        rule.offset_to = Some("summer".into());
        zone.standard = vec![rule];
        assert!(!to_vtimezone("X", &zone, &mut out));
        zone.standard[0].offset_to = Some("+0200".into());
        zone.standard[0].recurrence_rules = vec![RecurrenceRule::new(Frequency::Daily)];
        assert!(!to_vtimezone("X", &zone, &mut out));
        assert_eq!(out.as_str(), "");
        zone.standard[0].recurrence_rules.clear();
        assert!(to_vtimezone("X", &zone, &mut out));
    }

    #[test]
    fn unreadable_definitions_are_none() {
        assert!(with_vtimezone("TZID:X\n", to_jscalendar).is_none());
        assert!(with_vtimezone("TZID:X\nBEGIN:STANDARD\nEND:STANDARD\n", to_jscalendar).is_none());
    }
}
