//! What a component says: each line as one or more facts in a canonical spelling.

use super::lines::{Component, Line};
use super::zone::{Length, Moment, Readings, Zones, later, offset_seconds};

/// One thing that a component says. A list of values gives one fact per value.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    /// Upper case; `DTEND` for the end of an event, however it is given.
    pub(super) name: String,
    /// Canonical, sorted, without `VALUE` and `TZID`.
    pub(super) params: Vec<(String, Vec<String>)>,
    /// Upper case.
    pub(super) tzid: Option<String>,
    /// The value type as far as it is neither the default nor plain from the value.
    tag: String,
    pub(super) form: Form,
    /// Canonical.
    pub(super) value: String,
    /// The end of an event.
    pub(super) end: Option<End>,
    /// The whole line as it stands.
    pub(super) raw: String,
}

/// Where an event ends.
#[derive(Clone, Debug)]
pub(super) struct End {
    /// Empty for the zone of the start.
    pub(super) zone: String,
    /// On the wall clock; naive if an exact length was added.
    pub(super) wall: String,
    when: When,
}

/// How the end of an event is given.
#[derive(Clone, Debug)]
enum When {
    Day,
    At(String, Option<String>),
    After(jiff::civil::DateTime, bool, Option<String>, Length),
}

impl End {
    /// Unknown for a day, and where the zone is.
    pub(super) fn instant(&self, zones: &Zones<'_>) -> Readings {
        match &self.when {
            When::Day => Readings::default(),
            When::At(text, tzid) => zones.instant(text, tzid.as_deref()),
            When::After(start, utc, tzid, length) => {
                zones.end(*start, *utc, tzid.as_deref(), *length)
            }
        }
    }
}

/// How to read a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Text,
    /// Text whose letter case means nothing.
    Token,
    /// Text in parts.
    Structured,
    /// As it stands.
    Verbatim,
    Time,
    Duration,
    Integer,
    Number,
    Geo,
    Rule,
    Boolean,
    Offset,
    Binary,
}

impl Fact {
    /// Equal keys say the same.
    pub(super) fn key(&self) -> String {
        let mut key = String::with_capacity(self.name.len() + self.value.len() + 32);
        key.push_str(&self.name);
        for (name, values) in &self.params {
            key.extend(["\u{1};", name]);
            values.iter().for_each(|v| key.extend(["\u{1},", v]));
        }
        key.extend([
            "\u{1}z",
            self.tzid.as_deref().unwrap_or("\u{1}"),
            "\u{1}t",
            &self.tag,
            "\u{1}:",
            &self.value,
        ]);
        key
    }

    /// Whether the property is a set, in which a second copy says nothing.
    pub(super) fn in_set(&self) -> bool {
        matches!(self.name.as_str(), "CATEGORIES" | "EXDATE" | "RDATE")
    }
}

/// All facts of a component's own lines, sets without duplicates.
pub(super) fn facts(component: &Component) -> Vec<Fact> {
    let end = end_fact(component);
    let mut all: Vec<Fact> = Vec::new();
    for line in &component.lines {
        if end.is_some() && matches!(line.name.as_str(), "DTEND" | "DURATION") {
            continue;
        }
        all.extend(line_facts(line));
    }
    all.extend(end);
    let mut seen = std::collections::BTreeSet::new();
    all.retain(|f| !f.in_set() || seen.insert(f.key()));
    all
}

fn line_facts(line: &Line) -> Vec<Fact> {
    if is_void(line) || is_default(line) {
        return Vec::new();
    }
    let items: Vec<&str> = match line.name.as_str() {
        "CATEGORIES" | "RESOURCES" | "LOCATION-TYPE" => split_unescaped(&line.value, ','),
        "EXDATE" | "RDATE" | "FREEBUSY" => line.value.split(',').map(str::trim).collect(),
        _ => return vec![fact(line, &line.value)],
    };
    items.into_iter().filter(|v| !v.is_empty()).map(|v| fact(line, v)).collect()
}

/// A line that says nothing at all.
fn is_void(line: &Line) -> bool {
    const WORTHLESS: [&str; 6] = ["VALUE", "LANGUAGE", "ENCODING", "CHARSET", "TZID", "ALTREP"];
    line.value.is_empty() && line.params.iter().all(|p| WORTHLESS.contains(&p.name.as_str()))
}

/// A line that says what holds without it.
fn is_default(line: &Line) -> bool {
    let expected = match line.name.as_str() {
        "CALSCALE" => "GREGORIAN",
        "SHOW-WITHOUT-TIME" => "FALSE",
        _ => return false,
    };
    line.value.eq_ignore_ascii_case(expected) && line.params.iter().all(|p| p.name == "VALUE")
}

fn fact(line: &Line, value: &str) -> Fact {
    let (form, tag, drops_encoding) = form(line, value);
    let mut params: Vec<(String, Vec<String>)> = Vec::new();
    let mut tzid = None;
    for p in &line.params {
        let values = param_values(&p.name, &p.values);
        match p.name.as_str() {
            "VALUE" => {}
            "TZID" => tzid = Some(values.join(",").to_uppercase()),
            "ENCODING" if drops_encoding => {}
            "RELATED" if line.name == "TRIGGER" && values == ["START"] => {}
            _ => params.push((p.name.clone(), values)),
        }
    }
    params.sort();
    let value = canonical(form, value);
    Fact {
        name: line.name.clone(),
        params,
        tzid,
        tag,
        form,
        value,
        end: None,
        raw: line.raw.clone(),
    }
}

fn param_values(name: &str, values: &[String]) -> Vec<String> {
    let mut values: Vec<String> = values.iter().map(|v| without_controls(v)).collect();
    match name {
        "CUTYPE" | "PARTSTAT" | "RSVP" | "FBTYPE" | "RELATED" | "ENCODING" => {
            values.iter_mut().for_each(|v| v.make_ascii_uppercase());
        }
        "ROLE" | "RELTYPE" | "DISPLAY" | "FEATURE" => {
            values.iter_mut().for_each(|v| v.make_ascii_uppercase());
            values.sort();
            values.dedup();
        }
        "MEMBER" | "DELEGATED-TO" | "DELEGATED-FROM" => {
            values.sort();
            values.dedup();
        }
        // They have one value: a comma that somebody forgot to quote is part of it.
        "CN" | "DIR" | "LANGUAGE" | "ALTREP" | "FMTTYPE" | "SENT-BY" | "EMAIL" | "LABEL"
        | "FILENAME" | "TZID" => {
            values = vec![values.join(",")];
        }
        _ => {}
    }
    values
}

/// The form of a value, the value type to be compared, and whether `ENCODING` says nothing more.
fn form(line: &Line, value: &str) -> (Form, String, bool) {
    let declared = declared_type(line);
    let base64 = line.param("ENCODING").is_some_and(|e| e.eq_ignore_ascii_case("BASE64"));
    let carries_data = matches!(line.name.as_str(), "ATTACH" | "IMAGE" | "STRUCTURED-DATA");
    if declared.as_deref() == Some("BINARY") || (base64 && declared.is_none() && carries_data) {
        return (Form::Binary, "BINARY".to_owned(), base64);
    }
    let (form, default) = match default_type(&line.name) {
        Some((Form::Time, _)) => return (Form::Time, time_tag(declared, value), false),
        Some((Form::Duration, _)) if line.name == "TRIGGER" && is_moment(value) => {
            return (Form::Time, time_tag(declared, value), false);
        }
        Some((form, default)) => (form, default),
        None => (Form::Verbatim, ""),
    };
    match declared {
        Some(declared) if declared != default => (declared_form(&declared), declared, false),
        _ => (form, String::new(), false),
    }
}

/// `VALUE`, once if it stands there several times.
fn declared_type(line: &Line) -> Option<String> {
    let mut values = line.params.iter().find(|p| p.name == "VALUE")?.values.clone();
    values.dedup();
    Some(values.join(",").to_ascii_uppercase())
}

/// Nothing if the value shows its type by itself.
fn time_tag(declared: Option<String>, value: &str) -> String {
    let shown = match Moment::parse(value) {
        Some(Moment::Day(_)) => "DATE",
        Some(Moment::Time(..)) => "DATE-TIME",
        None if value.split_once('/').is_some_and(|(from, _)| is_moment(from)) => "PERIOD",
        None => "",
    };
    declared.filter(|d| d != shown).unwrap_or_default()
}

fn is_moment(value: &str) -> bool {
    Moment::parse(value).is_some()
}

/// RFC 5545, 7986, 9073, 9074, 9253: the form and the name of the default value type.
fn default_type(name: &str) -> Option<(Form, &'static str)> {
    Some(match name {
        "CATEGORIES" | "COLOR" | "COMMENT" | "CONTACT" | "DESCRIPTION" | "JSID" | "JSPROP"
        | "LOCATION" | "LOCATION-TYPE" | "NAME" | "PARTICIPANT-TYPE" | "PRODID" | "PROXIMITY"
        | "REFID" | "RELATED-TO" | "RESOURCE-TYPE" | "RESOURCES" | "STYLED-DESCRIPTION"
        | "SUBSTATE" | "SUMMARY" | "TASK-MODE" | "TZID" | "TZID-ALIAS-OF" | "TZNAME" | "UID"
        | "VERSION" => (Form::Text, "TEXT"),
        "ACTION" | "BUSYTYPE" | "CALSCALE" | "CLASS" | "METHOD" | "STATUS" | "TRANSP" => {
            (Form::Token, "TEXT")
        }
        "REQUEST-STATUS" => (Form::Structured, "TEXT"),
        "ATTACH" | "CONCEPT" | "CONFERENCE" | "COORDINATES" | "IMAGE" | "LINK" | "SOURCE"
        | "TZURL" | "URL" => (Form::Verbatim, "URI"),
        "ATTENDEE" | "CALENDAR-ADDRESS" | "ORGANIZER" => (Form::Verbatim, "CAL-ADDRESS"),
        "ACKNOWLEDGED" | "COMPLETED" | "CREATED" | "DTEND" | "DTSTAMP" | "DTSTART" | "DUE"
        | "EXDATE" | "FREEBUSY" | "LAST-MODIFIED" | "RDATE" | "RECURRENCE-ID" | "TZUNTIL" => {
            (Form::Time, "DATE-TIME")
        }
        "DURATION" | "ESTIMATED-DURATION" | "REFRESH-INTERVAL" | "TRIGGER" => {
            (Form::Duration, "DURATION")
        }
        "PERCENT-COMPLETE" | "PRIORITY" | "REPEAT" | "SEQUENCE" => (Form::Integer, "INTEGER"),
        "GEO" => (Form::Geo, "FLOAT"),
        "EXRULE" | "RRULE" => (Form::Rule, "RECUR"),
        "SHOW-WITHOUT-TIME" => (Form::Boolean, "BOOLEAN"),
        "TZOFFSETFROM" | "TZOFFSETTO" => (Form::Offset, "UTC-OFFSET"),
        _ => return None,
    })
}

fn declared_form(declared: &str) -> Form {
    match declared {
        "TEXT" | "UID" => Form::Text,
        "BOOLEAN" => Form::Boolean,
        "DATE" | "DATE-TIME" | "PERIOD" => Form::Time,
        "DURATION" => Form::Duration,
        "FLOAT" => Form::Number,
        "INTEGER" => Form::Integer,
        "RECUR" => Form::Rule,
        "UTC-OFFSET" => Form::Offset,
        _ => Form::Verbatim,
    }
}

fn canonical(form: Form, value: &str) -> String {
    match form {
        Form::Text => unescape(value),
        Form::Token => unescape(value).to_ascii_uppercase(),
        Form::Structured => {
            let parts: Vec<String> =
                split_unescaped(value, ';').into_iter().map(unescape).collect();
            parts.join("\u{1}")
        }
        Form::Verbatim => value.to_owned(),
        Form::Time | Form::Boolean => value.trim().to_ascii_uppercase(),
        Form::Duration => duration(value),
        Form::Integer | Form::Number => number(value).unwrap_or_else(|| value.to_owned()),
        Form::Geo => geo(value).unwrap_or_else(|| value.to_owned()),
        Form::Rule => rule(value),
        Form::Offset => offset_seconds(value).map_or_else(|| value.to_owned(), |s| s.to_string()),
        Form::Binary => value.chars().filter(|c| !c.is_whitespace()).collect(),
    }
}

/// `\n`, `\N`, `\,`, `\;`, `\\` decoded, any other backslash kept.
fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        let decoded = match (c, chars.peek()) {
            ('\\', Some('n' | 'N')) => '\n',
            ('\\', Some(&next @ ('\\' | ',' | ';'))) => next,
            _ => {
                out.push(c);
                continue;
            }
        };
        chars.next();
        out.push(decoded);
    }
    without_controls(&out)
}

/// Without the backslashes before punctuation that needs none, which may be read either way.
pub(super) fn without_idle_backslashes(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek().is_some_and(|n| n.is_ascii_punctuation() && *n != '\\') {
            continue;
        }
        out.push(c);
    }
    out
}

fn without_controls(text: &str) -> String {
    text.chars().filter(|&c| !c.is_ascii_control() || matches!(c, '\n' | '\t')).collect()
}

fn split_unescaped(value: &str, separator: char) -> Vec<&str> {
    let mut escaped = false;
    value
        .split(|c| {
            let splits = c == separator && !escaped;
            escaped = c == '\\' && !escaped;
            splits
        })
        .collect()
}

fn duration(value: &str) -> String {
    Length::parse(value).map_or_else(|| value.to_owned(), |l| format!("{}d{}s", l.days, l.seconds))
}

/// A decimal number without `+` and idle zeros, exactly; `None` if it is something else.
fn number(value: &str) -> Option<String> {
    let value = value.trim();
    let (sign, digits) = match value.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", value.strip_prefix('+').unwrap_or(value)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() + fraction.len() == 0
        || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let sign = if whole.is_empty() && fraction.is_empty() { "" } else { sign };
    Some(format!("{sign}{whole}.{fraction}"))
}

fn geo(value: &str) -> Option<String> {
    // Some escape the semicolon as if this were text.
    let (latitude, longitude) = value.split_once("\\;").or_else(|| value.split_once(';'))?;
    Some(format!("{};{}", number(latitude)?, number(longitude)?))
}

/// The parts of a rule in order, defaults left out.
pub(super) fn rule_parts(value: &str) -> Vec<(String, Vec<String>)> {
    let mut parts = Vec::new();
    for part in value.trim().to_ascii_uppercase().split(';').filter(|p| !p.is_empty()) {
        let (name, values) = part.split_once('=').unwrap_or((part, ""));
        if matches!(
            (name, values),
            ("INTERVAL", "1") | ("WKST", "MO") | ("RSCALE", "GREGORIAN") | ("SKIP", "OMIT")
        ) {
            continue;
        }
        let mut values: Vec<String> = values.split(',').map(rule_value).collect();
        values.sort();
        values.dedup();
        parts.push((name.to_owned(), values));
    }
    parts.sort();
    parts
}

/// `+1MO` is `1MO`, `01` is `1`.
fn rule_value(value: &str) -> String {
    let value = value.trim();
    if Moment::parse(value).is_some() {
        return value.to_owned();
    }
    let (sign, rest) = match value.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", value.strip_prefix('+').unwrap_or(value)),
    };
    let trimmed = rest.trim_start_matches('0');
    let rest = if trimmed.starts_with(|c: char| c.is_ascii_digit()) || rest == trimmed {
        trimmed
    } else {
        rest
    };
    format!("{sign}{rest}")
}

fn rule(value: &str) -> String {
    format!("{:?}", rule_parts(value))
}

/// The end of an event as one fact, if it is given in a plain way: RFC 5545, 3.6.1.
fn end_fact(event: &Component) -> Option<Fact> {
    if event.name != "VEVENT" {
        return None;
    }
    let start = only(event, "DTSTART")??;
    let (end, length) = (only(event, "DTEND")?, only(event, "DURATION")?);
    let given = match (end, length) {
        (Some(_), Some(_)) => return None,
        (Some(line), None) | (None, Some(line)) => Some(fact(line, &line.value)),
        (None, None) => None,
    };
    let start_fact = fact(start, &start.value);
    if !start_fact.tag.is_empty() || given.as_ref().is_some_and(|g| !g.tag.is_empty()) {
        return None;
    }
    let start_tzid = start_fact.tzid.as_deref();
    let end = match (Moment::parse(&start.value)?, end, length) {
        (Moment::Day(_), Some(end), _) => {
            let Moment::Day(until) = Moment::parse(&end.value)? else { return None };
            let tzid = end.param("TZID").map(|z| z.to_uppercase());
            at_day(until, tzid.filter(|z| Some(z.as_str()) != start_tzid))
        }
        (Moment::Day(day), None, length) => {
            let length = match length {
                Some(line) => {
                    Length::parse(&line.value).filter(|l| l.seconds == 0 && l.days >= 0)?
                }
                None => Length { days: 1, seconds: 0 },
            };
            at_day(later(day.at(0, 0, 0, 0), length.days, 0)?.date(), None)
        }
        (Moment::Time(_, start_utc), Some(end), _) => {
            let Moment::Time(wall, utc) = Moment::parse(&end.value)? else { return None };
            let tzid = end.param("TZID").map(|z| z.to_uppercase());
            let zone = match () {
                () if utc == start_utc && tzid.as_deref() == start_tzid => String::new(),
                () => format!(
                    "{} {}",
                    if utc { "UTC" } else { "local" },
                    tzid.as_deref().unwrap_or_default()
                ),
            };
            End { zone, wall: wall.to_string(), when: When::At(end.value.clone(), tzid) }
        }
        (Moment::Time(wall, utc), None, length) => {
            let length = match length {
                Some(line) => Length::parse(&line.value)?,
                None => Length { days: 0, seconds: 0 },
            };
            let wall_end = later(wall, length.days, length.seconds)?;
            End {
                zone: String::new(),
                wall: wall_end.to_string(),
                when: When::After(wall, utc, start_fact.tzid.clone(), length),
            }
        }
    };
    // An exact length in a zone may end elsewhere than the wall clock suggests: only equal lengths are equal keys.
    let exact =
        length.filter(|_| start_tzid.is_some()).map(|l| duration(&l.value)).unwrap_or_default();
    let (params, raw) = given.map_or_else(|| (Vec::new(), String::new()), |g| (g.params, g.raw));
    let value = format!("{} {} {exact}", end.zone, end.wall);
    Some(Fact {
        name: "DTEND".to_owned(),
        params,
        tzid: None,
        tag: String::new(),
        form: Form::Time,
        value,
        end: Some(end),
        raw,
    })
}

fn at_day(day: jiff::civil::Date, tzid: Option<String>) -> End {
    End { zone: tzid.unwrap_or_default(), wall: day.to_string(), when: When::Day }
}

/// The line of this name: `None` if there are several, `Some(None)` if there is none.
fn only<'a>(component: &'a Component, name: &str) -> Option<Option<&'a Line>> {
    let mut lines = component.lines.iter().filter(|l| l.name == name && !is_void(l));
    let first = lines.next();
    lines.next().is_none().then_some(first)
}
