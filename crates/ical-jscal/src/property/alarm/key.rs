//! The keys of alerts: the UID of the alarm, or something made from what the alarm says.

use content_line::{Line, unescape_text};
use jscalendar::Id;

use crate::jcal::ValueType;
use crate::key;
use crate::property::text::is_derived;
use crate::value::{Moment, parse_duration, write_duration};

/// The key of an alarm with this UID: the UID itself where it can be a key.
pub(super) fn of_uid(uid: &str) -> Id {
    Id::new(uid).unwrap_or_else(|_| key::from_value(uid))
}

/// The key of an alarm without a UID. It must be the same when the alarm has been exported, so it is made from what
/// the lines mean, not from their spelling; and it leaves out what changes while the alarm stays the same one.
pub(super) fn of_lines(lines: &[Line<'_>]) -> Id {
    let mut all = String::with_capacity(128);
    let mut ends = Vec::with_capacity(lines.len());
    for line in lines.iter().filter(|line| counts(line)) {
        normalise(line, &mut all);
        all.push('\n');
        ends.push(all.len());
    }
    let mut start = 0;
    let mut texts: Vec<&str> =
        ends.into_iter().map(|end| &all[std::mem::replace(&mut start, end)..end]).collect();
    texts.sort_unstable();
    let mut sorted = String::with_capacity(all.len() + 8);
    sorted.push_str("VALARM\n");
    sorted.extend(texts);
    key::from_value(&sorted)
}

fn counts(line: &Line<'_>) -> bool {
    let names = ["ACKNOWLEDGED", "RELATED-TO", "JSPROP", "JSID", "JSCAL-ID"];
    !names.iter().any(|name| line.is(name)) && !is_derived(line)
}

fn normalise(line: &Line<'_>, text: &mut String) {
    if line.is("TRIGGER") {
        return trigger(line, text);
    }
    push_upper(line.name(), text);
    if line.is("ACTION") {
        text.push(':');
        return push_upper(line.value(), text);
    }
    if line.has_params() {
        params(line, text);
    }
    text.push(':');
    text.push_str(&unescape_text(line.value()));
}

fn push_upper(word: &str, text: &mut String) {
    let start = text.len();
    text.push_str(word);
    text[start..].make_ascii_uppercase();
}

fn params(line: &Line<'_>, text: &mut String) {
    let default = ValueType::default_of(line.name());
    let is_default = |value: &str| ValueType::parse(value).is_some_and(|kind| kind == default);
    let mut params: Vec<String> = line
        .params()
        .filter(|param| !param.is("VALUE") || !is_default(&param.value()))
        .map(|param| {
            let values: Vec<_> = param.values().collect();
            format!(";{}={}", param.name().to_ascii_uppercase(), values.join("\u{1f}"))
        })
        .collect();
    params.sort_unstable();
    text.extend(params);
}

fn trigger(line: &Line<'_>, text: &mut String) {
    text.push_str("TRIGGER");
    if let Some(offset) = parse_duration(line.value()) {
        let end =
            line.param("RELATED").is_some_and(|param| param.value().eq_ignore_ascii_case("END"));
        text.push_str(if end { ";END:" } else { ":" });
        return write_duration(offset, text);
    }
    text.push(':');
    match Moment::parse(line.value()) {
        Some(moment) => moment.write(text),
        None => text.push_str(line.value()),
    }
}

#[cfg(test)]
mod tests {
    use content_line::{Component, Position};

    use super::*;

    fn key(lines: &str) -> String {
        let text = format!("BEGIN:VALARM\n{lines}\nEND:VALARM");
        of_lines(&Component::parse(text.as_bytes(), Position::START).0.lines).into_string()
    }

    #[test]
    fn keys_do_not_depend_on_spelling() {
        let same = [
            "ACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:a\\, b",
            "TRIGGER;VALUE=DURATION;RELATED=START:-PT15M\nDESCRIPTION;VALUE=TEXT:a, b\naction:display",
            "ACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:a\\, b\nACKNOWLEDGED:20240101T000000Z\nJSPROP;JSPTR=\"a:b\":1",
        ];
        assert!(same.iter().all(|lines| key(lines) == key(same[0])));
        for other in [
            "ACTION:DISPLAY\nTRIGGER:-PT15M",
            "ACTION:DISPLAY\nTRIGGER;RELATED=END:-PT15M\nDESCRIPTION:a\\, b",
        ] {
            assert_ne!(key(other), key(same[0]));
        }
        assert!(key::may_be_made(&Id::from(key(""))));
    }

    #[test]
    fn a_uid_is_the_key_where_it_can_be() {
        assert_eq!(of_uid("al-1").as_str(), "al-1");
        assert_eq!(of_uid("a@b"), key::from_value("a@b"));
    }
}
