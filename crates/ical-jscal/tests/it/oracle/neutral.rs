//! Rewrites that say the same, on which the oracle must stay silent.

use jiff::civil::Time;
use jiff::tz::TimeZone;

use super::compare;
use super::lines::{Component, Line, Param, parse, read};
use super::samples::{Sample, corpus, own, text};
use super::zone::{Length, Moment, later};

/// A rewrite of the whole text, if it has anything to rewrite.
type Rewrite = fn(&Sample) -> Option<Vec<u8>>;

struct Neutral(&'static str, Rewrite);

const REWRITES: &[Neutral] = &[
    // Bytes
    Neutral("unfolded", |s| Some(text(&s.lines))),
    Neutral("folded narrowly, even inside characters", |s| Some(folded(&s.lines, 20, "\r\n"))),
    Neutral("LF", |s| Some(folded(&s.lines, 75, "\n"))),
    Neutral("CR", |s| Some(folded(&s.lines, 75, "\r"))),
    Neutral("byte order mark", |s| Some([b"\xef\xbb\xbf".to_vec(), text(&s.lines)].concat())),
    // Order
    Neutral("lines backwards", |s| tree(s, |c| c.lines.reverse())),
    Neutral("components backwards", |s| {
        tree(s, |c| {
            if !c.name.is_empty() {
                c.children.reverse()
            }
        })
    }),
    Neutral("parameters backwards", |s| by_line(s, |l| l.params.reverse())),
    Neutral("rule parts backwards", |s| by_line(s, |l| reverse_list(l, &["RRULE", "EXRULE"], ';'))),
    Neutral("rule values backwards", |s| by_line(s, rule_values_backwards)),
    Neutral("EXDATE and RDATE lists backwards", |s| {
        by_line(s, |l| reverse_list(l, &["EXDATE", "RDATE"], ','))
    }),
    // Spelling
    Neutral("small names", |s| by_line(s, |l| l.name.make_ascii_lowercase())),
    Neutral("small parameter names", |s| {
        by_line(s, |l| l.params.iter_mut().for_each(|p| p.name.make_ascii_lowercase()))
    }),
    Neutral("mixed-case enumerations", |s| by_line(s, small_enumerations)),
    Neutral("small rule", |s| {
        by_line(s, |l| {
            if l.name == "RRULE" {
                l.value.make_ascii_lowercase()
            }
        })
    }),
    Neutral("\\N for \\n", |s| {
        by_line(s, |l| {
            if is_text(l) {
                l.value = capital_breaks(&l.value)
            }
        })
    }),
    Neutral("commas without escape", |s| {
        by_line(s, |l| {
            if is_text(l) {
                l.value = plain_commas(&l.value)
            }
        })
    }),
    Neutral("quotes everywhere", |s| Some(quoted(s))),
    Neutral("plus and zeros", |s| by_line(s, odd_numbers)),
    Neutral("lengths in other units", |s| by_line(s, other_units)),
    Neutral("offsets with seconds", |s| {
        by_line(s, |l| {
            if l.name.starts_with("TZOFFSET") && l.value.len() == 5 {
                l.value.push_str("00")
            }
        })
    }),
    // Defaults
    Neutral("VALUE spelled out", |s| by_line(s, explicit_type)),
    Neutral("VALUE left to the value", |s| by_line(s, implicit_type)),
    Neutral("INTERVAL=1", |s| by_line(s, |l| more_rule(l, "INTERVAL", ";INTERVAL=1"))),
    Neutral("WKST=MO", |s| by_line(s, |l| more_rule(l, "WKST", ";WKST=MO"))),
    Neutral("RSCALE and SKIP", |s| {
        by_line(s, |l| more_rule(l, "RSCALE", ";RSCALE=GREGORIAN;SKIP=OMIT"))
    }),
    Neutral("RELATED=START", |s| by_line(s, related_start)),
    Neutral("CALSCALE", |s| {
        tree(s, |c| {
            if c.name == "VCALENDAR" && c.line("CALSCALE").is_none() {
                add(c, "CALSCALE:GREGORIAN")
            }
        })
    }),
    Neutral("empty lines of no meaning", |s| {
        tree(s, |c| {
            if c.name == "VEVENT" {
                add(c, "RRULE:");
                add(c, "LOCATION;LANGUAGE=en:")
            }
        })
    }),
    Neutral("SHOW-WITHOUT-TIME:FALSE", |s| {
        tree(s, |c| {
            if c.name == "VEVENT" {
                add(c, "SHOW-WITHOUT-TIME;VALUE=BOOLEAN:FALSE")
            }
        })
    }),
    // Lists
    Neutral("one value a line", |s| tree(s, split_lists)),
    Neutral("lists on one line", |s| tree(s, join_lists)),
    Neutral("doubled CATEGORIES, EXDATE and RDATE", |s| tree(s, double_sets)),
    // Ends
    Neutral("DURATION for DTEND", |s| {
        tree(s, |c| {
            duration_for_end(c);
        })
    }),
    Neutral("DTEND for DURATION", |s| {
        tree(s, |c| {
            end_for_duration(c);
        })
    }),
    Neutral("all-day end spelled out", |s| {
        tree(s, |c| {
            all_day_end(c);
        })
    }),
    // Zones
    Neutral("EXDATE, RDATE, RECURRENCE-ID in UTC", |s| tree(s, |c| in_utc(s, c))),
    Neutral("UNTIL as a local time", |s| tree(s, |c| local_until(s, c))),
    Neutral("zone rules as single dates", |s| {
        if s.name == "own-meeting" { tree(s, rules_as_dates) } else { None }
    }),
    Neutral("name of the zone in small letters", |s| by_line(s, small_zone)),
];

/// What may be supplied or left out in one direction only.
const SUPPLIED: &[Neutral] = &[
    Neutral("DTSTAMP and UID", |s| {
        tree(s, |c| {
            if c.name == "VEVENT" {
                c.lines.retain(|l| l.name != "DTSTAMP" && l.name != "UID")
            }
        })
    }),
    Neutral("VERSION and PRODID", |s| {
        tree(s, |c| c.lines.retain(|l| l.name != "VERSION" && l.name != "PRODID"))
    }),
];

#[test]
fn every_file_equals_itself() {
    let files = files();
    let noisy: Vec<&str> = files
        .iter()
        .filter(|f| !compare(&f.bytes, &f.bytes).is_empty())
        .map(|f| f.name.as_str())
        .collect();
    assert!(noisy.is_empty(), "{noisy:?}");
}

#[test]
fn no_rewrite_is_reported() {
    let files = files();
    if files.len() == own().len() {
        println!("corpus not run: not found");
    }
    let mut wrong = Vec::new();
    for (Neutral(name, rewrite), both_ways) in
        REWRITES.iter().map(|r| (r, true)).chain(SUPPLIED.iter().map(|r| (r, false)))
    {
        let mut applied = 0;
        for file in &files {
            let Some(rewritten) = rewrite(file).filter(|r| *r != file.bytes) else { continue };
            applied += 1;
            let mut found = compare(&rewritten, &file.bytes);
            if both_ways {
                found.extend(compare(&file.bytes, &rewritten));
            }
            wrong.extend(found.first().map(|d| format!("{name}: {}: {d}", file.name)));
        }
        println!("{applied:6} {name}");
        assert!(applied > 0, "{name} applies to no file");
    }
    assert!(wrong.is_empty(), "{} false alarms:\n{}", wrong.len(), wrong.join("\n"));
}

fn files() -> Vec<Sample> {
    own().into_iter().chain(corpus().into_iter().flatten()).collect()
}

// Ways to rewrite

fn folded(lines: &[String], width: usize, end: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        for (i, chunk) in line.as_bytes().chunks(width).enumerate() {
            out.extend_from_slice(if i == 0 { b"" } else { b" " });
            out.extend_from_slice(chunk);
            out.extend_from_slice(end.as_bytes());
        }
    }
    out
}

/// Rewrites every component.
fn tree(s: &Sample, change: impl Fn(&mut Component)) -> Option<Vec<u8>> {
    fn walk(component: &mut Component, change: &impl Fn(&mut Component)) {
        change(component);
        component.children.iter_mut().for_each(|c| walk(c, change));
    }
    let mut root = parse(&s.bytes);
    let plain = written(&root);
    walk(&mut root, &change);
    let changed = written(&root);
    (changed != plain).then(|| text(&changed))
}

/// Rewrites every line.
fn by_line(s: &Sample, change: impl Fn(&mut Line)) -> Option<Vec<u8>> {
    tree(s, |c| c.lines.iter_mut().filter(|l| !l.name.is_empty()).for_each(&change))
}

fn written(component: &Component) -> Vec<String> {
    let mut out: Vec<String> = component.lines.iter().map(|l| line_text(l, false)).collect();
    for child in &component.children {
        out.push(format!("BEGIN:{}", child.name));
        out.extend(written(child));
        out.push(format!("END:{}", child.name));
    }
    out
}

fn line_text(line: &Line, quotes: bool) -> String {
    if line.name.is_empty() {
        return line.raw.clone();
    }
    let mut out = line.name.clone();
    for Param { name, values } in &line.params {
        let values: Vec<String> = values.iter().map(|v| param_text(v, quotes)).collect();
        out.push_str(&format!(";{name}"));
        if !values.is_empty() {
            out.push_str(&format!("={}", values.join(",")));
        }
    }
    format!("{out}:{}", line.value)
}

fn param_text(value: &str, quotes: bool) -> String {
    let value = value.replace('^', "^^").replace('"', "^'").replace('\n', "^n");
    if quotes || value.contains([':', ';', ',']) { format!("\"{value}\"") } else { value }
}

fn quoted(s: &Sample) -> Vec<u8> {
    let lines: Vec<String> = s.lines.iter().map(|l| line_text(&read(l), true)).collect();
    text(&lines)
}

fn add(component: &mut Component, line: &str) {
    component.lines.push(read(line));
}

// Spelling

fn is_text(line: &Line) -> bool {
    matches!(line.name.as_str(), "SUMMARY" | "DESCRIPTION" | "LOCATION" | "COMMENT" | "CONTACT")
        && line.param("ENCODING").is_none()
        && line.param("VALUE").is_none()
}

/// Escapes by what they are, so that `\\n` stays a backslash and a letter.
fn map_escapes(value: &str, change: fn(char) -> Option<&'static str>) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escaped = chars.next();
        match escaped.and_then(change) {
            Some(other) => out.push_str(other),
            None => out.extend(['\\'].into_iter().chain(escaped)),
        }
    }
    out
}

fn capital_breaks(value: &str) -> String {
    map_escapes(value, |c| (c == 'n').then_some("\\N"))
}

fn plain_commas(value: &str) -> String {
    map_escapes(value, |c| match c {
        ',' => Some(","),
        ';' => Some(";"),
        _ => None,
    })
}

fn small_enumerations(line: &mut Line) {
    if matches!(line.name.as_str(), "STATUS" | "CLASS" | "TRANSP" | "ACTION" | "METHOD") {
        line.value.make_ascii_lowercase();
    }
    const ENUMERATED: [&str; 8] =
        ["VALUE", "CUTYPE", "ROLE", "PARTSTAT", "RSVP", "RELTYPE", "FBTYPE", "RELATED"];
    for p in line.params.iter_mut().filter(|p| ENUMERATED.contains(&p.name.as_str())) {
        p.values.iter_mut().for_each(|v| v.make_ascii_lowercase());
    }
}

fn odd_numbers(line: &mut Line) {
    let number = line.value.bytes().all(|b| b.is_ascii_digit()) && !line.value.is_empty();
    match line.name.as_str() {
        "SEQUENCE" | "PRIORITY" | "PERCENT-COMPLETE" | "REPEAT" if number => {
            line.value.insert_str(0, "00")
        }
        "GEO"
            if line.value.contains(';') && line.value.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            line.value = format!("+{}", line.value);
        }
        _ => {}
    }
}

fn other_units(line: &mut Line) {
    if !matches!(line.name.as_str(), "DURATION" | "TRIGGER") {
        return;
    }
    let Some(Length { days, seconds }) = Length::parse(&line.value) else { return };
    let sign = if days < 0 || seconds < 0 { "-" } else { "" };
    line.value = match (days.abs(), seconds.abs()) {
        (days, 0) => format!("{sign}P{days}D"),
        (0, seconds) => format!("{sign}PT{seconds}S"),
        (days, seconds) => format!("{sign}P{days}DT{seconds}S"),
    };
}

fn reverse_list(line: &mut Line, names: &[&str], separator: char) {
    if names.contains(&line.name.as_str()) {
        let mut parts: Vec<&str> = line.value.split(separator).collect();
        parts.reverse();
        line.value = parts.join(&separator.to_string());
    }
}

fn rule_values_backwards(line: &mut Line) {
    if line.name != "RRULE" {
        return;
    }
    let backwards = |part: &str| match part.split_once('=') {
        Some((name, values)) => {
            format!("{name}={}", values.split(',').rev().collect::<Vec<_>>().join(","))
        }
        None => part.to_owned(),
    };
    line.value = line.value.split(';').map(backwards).collect::<Vec<_>>().join(";");
}

fn small_zone(line: &mut Line) {
    for p in line.params.iter_mut().filter(|p| p.name == "TZID") {
        p.values.iter_mut().for_each(|v| v.make_ascii_lowercase());
    }
}

// Defaults

fn explicit_type(line: &mut Line) {
    let value = match line.name.as_str() {
        "SUMMARY" | "DESCRIPTION" | "LOCATION" | "UID" | "STATUS" => "TEXT",
        "DTSTART" | "DTEND" | "DTSTAMP" | "EXDATE" if line.value.split(',').all(is_timed) => {
            "DATE-TIME"
        }
        "TRIGGER" if Length::parse(&line.value).is_some() => "DURATION",
        "ATTACH" | "URL" if line.param("ENCODING").is_none() => "URI",
        "ORGANIZER" | "ATTENDEE" => "CAL-ADDRESS",
        "RRULE" => "RECUR",
        _ => return,
    };
    if line.param("VALUE").is_none() {
        line.params.push(Param { name: "VALUE".to_owned(), values: vec![value.to_owned()] });
    }
}

fn is_timed(value: &str) -> bool {
    matches!(Moment::parse(value), Some(Moment::Time(..)))
}

fn implicit_type(line: &mut Line) {
    let plain = match line.name.as_str() {
        "DTSTART" | "DTEND" | "DUE" | "RECURRENCE-ID" => Moment::parse(&line.value).is_some(),
        _ => false,
    };
    let shown = if is_timed(&line.value) { "DATE-TIME" } else { "DATE" };
    if plain && line.param("VALUE").is_some_and(|v| v.eq_ignore_ascii_case(shown)) {
        line.params.retain(|p| p.name != "VALUE");
    }
}

fn more_rule(line: &mut Line, unless: &str, more: &str) {
    if line.name == "RRULE"
        && !line.value.is_empty()
        && !line.value.to_ascii_uppercase().contains(unless)
    {
        line.value.push_str(more);
    }
}

fn related_start(line: &mut Line) {
    if line.name == "TRIGGER" && line.param("RELATED").is_none() {
        line.params.push(Param { name: "RELATED".to_owned(), values: vec!["START".to_owned()] });
    }
}

// Lists

fn split_lists(component: &mut Component) {
    let mut lines = Vec::new();
    for line in std::mem::take(&mut component.lines) {
        // A list with escapes is not ours to take apart.
        let splits = matches!(
            line.name.as_str(),
            "CATEGORIES" | "RESOURCES" | "EXDATE" | "RDATE" | "FREEBUSY"
        ) && !line.value.contains('\\');
        match splits {
            true => lines.extend(
                line.value.split(',').map(|v| Line { value: v.to_owned(), ..line.clone() }),
            ),
            false => lines.push(line),
        }
    }
    component.lines = lines;
}

fn join_lists(component: &mut Component) {
    let mut lines: Vec<Line> = Vec::new();
    for line in std::mem::take(&mut component.lines) {
        let joins = matches!(
            line.name.as_str(),
            "CATEGORIES" | "RESOURCES" | "EXDATE" | "RDATE" | "FREEBUSY"
        );
        let params = |l: &Line| format!("{:?}", l.params);
        match lines.iter_mut().find(|l| joins && l.name == line.name && params(l) == params(&line))
        {
            Some(first) => first.value = format!("{},{}", first.value, line.value),
            None => lines.push(line),
        }
    }
    component.lines = lines;
}

fn double_sets(component: &mut Component) {
    let sets = |l: &&Line| matches!(l.name.as_str(), "CATEGORIES" | "EXDATE" | "RDATE");
    let copies: Vec<Line> = component.lines.iter().filter(sets).cloned().collect();
    component.lines.extend(copies);
}

// Ends

/// The positions of the only line of each name.
fn only(component: &Component, name: &str) -> Option<usize> {
    let mut found = component
        .lines
        .iter()
        .enumerate()
        .filter(|(_, l)| l.name == name && !l.value.is_empty())
        .map(|(i, _)| i);
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

/// Only where the wall clock tells the length: no zone, or both ends on the same day.
fn duration_for_end(c: &mut Component) -> Option<()> {
    let (start, end) = (only(c, "DTSTART")?, only(c, "DTEND")?);
    if c.name != "VEVENT"
        || c.line("DURATION").is_some()
        || c.lines[start].param("TZID") != c.lines[end].param("TZID")
    {
        return None;
    }
    let zoned = c.lines[start].param("TZID").is_some();
    let length = match (Moment::parse(&c.lines[start].value)?, Moment::parse(&c.lines[end].value)?)
    {
        (Moment::Day(from), Moment::Day(to)) => format!("P{}D", (to - from).get_days()),
        (Moment::Time(from, utc), Moment::Time(to, utc_end)) if utc == utc_end => {
            let quiet = from.date() == to.date() && from.time() > Time::constant(4, 0, 0, 0);
            let seconds = from
                .until(to)
                .ok()?
                .total(jiff::SpanTotal::from(jiff::Unit::Second).days_are_24_hours())
                .ok()?;
            (!zoned || quiet).then(|| format!("PT{seconds}S"))?
        }
        _ => return None,
    };
    let positive = !length.contains('-');
    let typed = |l: &Line| {
        !misdeclared(l) && l.params.iter().all(|p| matches!(p.name.as_str(), "VALUE" | "TZID"))
    };
    if positive && typed(&c.lines[end]) && typed(&c.lines[start]) {
        c.lines[end] = read(&format!("DURATION:{length}"));
    }
    Some(())
}

/// A date-time that is called a date or the reverse: then the form of the line is all there is to go by.
fn misdeclared(line: &Line) -> bool {
    line.param("VALUE").is_some_and(|v| v.eq_ignore_ascii_case("DATE") == is_timed(&line.value))
}

fn end_for_duration(c: &mut Component) -> Option<()> {
    let (start, length) = (only(c, "DTSTART")?, only(c, "DURATION")?);
    if c.name != "VEVENT"
        || misdeclared(&c.lines[start])
        || c.line("DTEND").is_some()
        || !c.lines[length].params.is_empty()
    {
        return None;
    }
    let Length { days, seconds } = Length::parse(&c.lines[length].value)?;
    let Moment::Time(from, utc) = Moment::parse(&c.lines[start].value)? else { return None };
    let zone = c.lines[start].param("TZID");
    let to = later(from, days, seconds)?;
    // Next to a change of the clock the wall clock does not tell.
    if zone.is_some() && (!(0..=4 * 3600).contains(&seconds) || !(4..=18).contains(&from.hour())) {
        return None;
    }
    let form = if utc { "%Y%m%dT%H%M%SZ" } else { "%Y%m%dT%H%M%S" };
    let mut line = read(&format!("DTEND:{}", to.strftime(form)));
    line.params.extend(zone.map(|z| Param { name: "TZID".to_owned(), values: vec![z] }));
    c.lines[length] = line;
    Some(())
}

fn all_day_end(c: &mut Component) -> Option<()> {
    let start = only(c, "DTSTART")?;
    let open = c.name == "VEVENT" && c.line("DTEND").is_none() && c.line("DURATION").is_none();
    let Moment::Day(_) = Moment::parse(&c.lines[start].value).filter(|_| open)? else {
        return None;
    };
    add(c, "DURATION:P1D");
    Some(())
}

// Zones

/// IANA zones only, by jiff, and only if the file does not define them: its definition may be another.
fn zone_of(s: &Sample, line: &Line) -> Option<TimeZone> {
    let id = line.param("TZID")?;
    let defined =
        s.lines.iter().any(|l| l.to_ascii_uppercase().starts_with("TZID") && l.ends_with(&id));
    TimeZone::get(&id).ok().filter(|_| !defined)
}

fn in_utc(s: &Sample, component: &mut Component) {
    for line in component
        .lines
        .iter_mut()
        .filter(|l| matches!(l.name.as_str(), "EXDATE" | "RDATE" | "RECURRENCE-ID"))
    {
        let Some(zone) = zone_of(s, line) else { continue };
        let utc = |v: &str| match Moment::parse(v)? {
            Moment::Time(time, false) => {
                let at = zone.to_ambiguous_zoned(time).compatible().ok()?.timestamp();
                Some(at.strftime("%Y%m%dT%H%M%SZ").to_string())
            }
            _ => None,
        };
        if let Some(values) = line.value.split(',').map(utc).collect::<Option<Vec<_>>>() {
            line.value = values.join(",");
            line.params.retain(|p| p.name != "TZID");
        }
    }
}

fn local_until(s: &Sample, component: &mut Component) {
    let Some(zone) = component.line("DTSTART").and_then(|l| zone_of(s, l)) else { return };
    for line in component.lines.iter_mut().filter(|l| l.name == "RRULE") {
        let Some((_, until)) = line.value.split_once("UNTIL=") else { continue };
        let until = until.split(';').next().unwrap_or_default().to_owned();
        if let Some(Moment::Time(time, true)) = Moment::parse(&until)
            && let Ok(at) = TimeZone::UTC.to_timestamp(time)
        {
            let local = zone.to_datetime(at);
            // An hour that the clock shows twice would become another instant.
            if !zone.to_ambiguous_timestamp(local).is_ambiguous() {
                line.value =
                    line.value.replace(&until, &local.strftime("%Y%m%dT%H%M%S").to_string());
            }
        }
    }
}

/// A yearly rule of our own file's zone spelled out for the years in which it matters.
fn rules_as_dates(component: &mut Component) {
    let onsets = |month: i8, hour: i8| {
        let day = |y: i16| {
            jiff::civil::date(y, month, 1).nth_weekday_of_month(-1, jiff::civil::Weekday::Sunday)
        };
        let days = (2015..2031)
            .filter_map(|y| day(y).ok())
            .map(|d| d.at(hour, 0, 0, 0).strftime("%Y%m%dT%H%M%S").to_string());
        format!("RDATE:{}", days.collect::<Vec<_>>().join(","))
    };
    for line in component
        .lines
        .iter_mut()
        .filter(|_| matches!(component.name.as_str(), "STANDARD" | "DAYLIGHT"))
    {
        *line = match line.raw.as_str() {
            "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU" => read(&onsets(10, 3)),
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU" => read(&onsets(3, 2)),
            _ => continue,
        };
    }
}
