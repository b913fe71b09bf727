//! The bodies of the fuzz targets: each takes any bytes, and panics if a law is broken.

use std::io::Cursor;

use content_line::{Block, BlockReader, Blocks, Component, LineWriter, Lines};
use ical_jscal::{Error, FromIcal, Mode, ToIcal};
use jscalendar::json_model::PatchRules;
use jscalendar::{
    Duration, Event, Group, Id, Json, LocalDateTime, PatchObject, SignedDuration, Task, TimeZoneId,
    UtcDateTime, Version,
};
use serde_json::Value;

/// Every way to read content lines ends, the streamed way gives what the one in memory gives, and a line that is
/// written is read as that line.
pub fn content_line(data: &[u8]) {
    let parsed = content_line::parse(data);
    let mut open: Vec<_> = parsed.components.iter().collect();
    while let Some(component) = open.pop() {
        open.extend(&component.components);
    }
    for item in Lines::new(data) {
        let Ok(line) = item else { continue };
        for param in line.params() {
            param.values().for_each(drop);
        }
        let _ = content_line::unescape_text(line.value());
        content_line::split_structured(line.value()).for_each(drop);
        let mut writer = LineWriter::new();
        // White space in front makes a line the continuation of another one (RFC 5545, section 3.1). Only the first
        // line of an input can have it and stand for itself, and it is written without.
        let continues = line.as_str().starts_with([' ', '\t']);
        if !continues && line.as_str().chars().all(|c| !c.is_control()) {
            writer.line(line.as_str());
            let again = Lines::new(writer.as_str().as_bytes()).next();
            let Some(Ok(again)) = again else { panic!("written and gone: {line:?}") };
            assert_eq!(again.as_str(), line.as_str());
        }
    }

    let decoded = content_line::decode_input(data);
    let mut reader = BlockReader::new(data);
    for block in Blocks::new(&decoded) {
        if let Block::Component { bytes, position } = block {
            let _ = Component::parse(bytes, position);
        }
        let streamed = reader.next_block().expect("memory can be read");
        assert_eq!(streamed.as_ref(), Some(&block));
    }
    assert_eq!(reader.next_block().expect("memory can be read"), None);
}

/// Any bytes are converted or refused in every mode, to JSON text that can be read, and streams give the same.
pub fn from_ical(data: &[u8]) {
    for (mode, version) in [
        (Mode::Lossless, Version::V2_0),
        (Mode::Lossless, Version::V1_0),
        (Mode::Clean, Version::V2_0),
        (Mode::Strict, Version::V2_0),
    ] {
        let mut options = FromIcal::new();
        options.mode = mode;
        options.version = version;
        let converted = options.json(data);
        if let Ok(converted) = &converted {
            let read = serde_json::from_str::<Value>(&converted.value);
            assert!(read.is_ok(), "{read:?} in {}", converted.value);
        }
        let mut streamed = Vec::new();
        let outcome = options.stream(Cursor::new(data), &mut streamed);
        assert_eq!(outcome.is_ok(), converted.is_ok(), "stream {outcome:?}, json {converted:?}");
        if let (Ok(converted), Ok(diagnostics)) = (converted, outcome) {
            assert_eq!(String::from_utf8_lossy(&streamed), converted.value);
            assert_eq!(diagnostics, converted.diagnostics);
        }
    }
}

/// Any text is converted or refused; what comes out are content lines without a fault, and streams give the same.
pub fn to_ical(data: &[u8]) {
    let Ok(json) = std::str::from_utf8(data) else { return };
    for mode in [Mode::Lossless, Mode::Clean, Mode::Strict] {
        let mut options = ToIcal::new();
        options.mode = mode;
        let converted = options.json(json);
        if let Ok(converted) = &converted {
            let parsed = content_line::parse(converted.value.as_bytes());
            assert!(parsed.problems.is_empty(), "{:?} in\n{}", parsed.problems, converted.value);
        }
        let mut streamed = Vec::new();
        let outcome = options.stream(Cursor::new(data), &mut streamed);
        assert_eq!(outcome.is_ok(), converted.is_ok(), "stream {outcome:?}, json {converted:?}");
        if let (Ok(converted), Ok(diagnostics)) = (converted, outcome) {
            assert_eq!(String::from_utf8_lossy(&streamed), converted.value);
            assert_eq!(diagnostics, converted.diagnostics);
        }
    }
    for version in [Version::V1_0, Version::V2_0] {
        if let Ok(event) = Event::from_json(json) {
            reads_again(&event.value.to_json(version).value);
        }
        if let Ok(task) = Task::from_json(json) {
            reads_again(&task.value.to_json(version).value);
        }
        if let Ok(group) = Group::from_json(json) {
            reads_again(&group.value.to_json(version).value);
        }
    }
}

/// What went through both formats goes through them unchanged from then on. Not the first time: export adds what
/// iCalendar demands (RFC 5545, section 3.6: PRODID, UID, DTSTAMP) and leaves out what no content line can hold, such as
/// control characters, so that another text is read the second time.
pub fn round_trip(data: &[u8]) {
    let first = match FromIcal::new().json(data) {
        Ok(first) => first.value,
        Err(Error::NotICalendar) => return,
        Err(error) => panic!("{error}"),
    };
    let text = back(&forth(&back(&first)));
    let json = forth(&text);
    let again = back(&json);
    assert_eq!(again, text, "by way of {json}");
    assert_eq!(forth(&again), json, "by way of\n{again}");
}

/// Patches are applied or refused, and the difference of two objects leads from one to the other.
pub fn patch(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((target, rest)) = text.split_once('\n') else { return };
    let Ok(before) = serde_json::from_str::<Value>(target) else { return };

    if let Ok(patch) = serde_json::from_str::<PatchObject>(rest) {
        for rules in [PatchRules::V1_0, PatchRules::V2_0] {
            let _ = patch.apply(&Json::from(before.clone()), rules);
        }
    }
    let Ok(after) = serde_json::from_str::<Value>(rest) else { return };
    // A patch has no word for a member that is `null`.
    if !before.is_object() || !after.is_object() || has_null(&after) {
        return;
    }
    let (before, after) = (Json::from(before), Json::from(after));
    let patch = PatchObject::diff(&before, &after);
    let patched = patch.apply(&before, PatchRules::V1_0).expect("a difference can be applied");
    assert_eq!(patched, after, "by {patch:?}");
}

/// What can be read is written so that it is read as the same, and arithmetic ends.
pub fn scalars(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut words = text.split_ascii_whitespace();
    let (first, second) = (words.next().unwrap_or(text), words.next().unwrap_or_default());

    if let Ok(local) = first.parse::<LocalDateTime>() {
        assert_eq!(local.to_string(), first);
        assert_eq!(LocalDateTime::from_ascii(first.as_bytes()), Some(local));
        if let Ok(duration) = second.parse::<Duration>() {
            if let Some(end) = local.checked_add(duration, None) {
                assert!(end >= local);
            }
            let _ = local.checked_sub(duration, None);
        }
        if let Ok(offset) = second.parse::<SignedDuration>() {
            let _ = local.checked_add_signed(offset, None);
        }
    }
    if let Ok(utc) = first.parse::<UtcDateTime>() {
        assert_eq!(utc.to_string(), first);
        assert_eq!(UtcDateTime::from_ascii(first.as_bytes()), Some(utc));
        let _ = utc.to_timestamp();
        if let Ok(duration) = second.parse() {
            let _ = utc.checked_add(duration);
            let _ = utc.checked_sub(duration);
        }
    }
    if let Ok(duration) = first.parse::<Duration>() {
        assert_eq!(duration.to_string(), without_leading_zeros(first));
        assert_eq!(Duration::from_parts(duration.parts()), Some(duration));
    }
    if let Ok(duration) = first.parse::<SignedDuration>() {
        assert_eq!(duration.to_string().parse(), Ok(duration));
    }
    if let Ok(id) = text.parse::<Id>() {
        assert_eq!(id.as_str(), text);
    }
    if let Ok(zone) = text.parse::<TimeZoneId>() {
        assert_eq!(zone.as_str(), text);
    }
}

/// A duration whose numbers have no zeros in front: the grammar (RFC 8984, section 1.4.6) allows them, and they say
/// nothing.
fn without_leading_zeros(duration: &str) -> String {
    let mut out = String::new();
    let mut rest = duration.chars().peekable();
    while let Some(c) = rest.next() {
        let before = out.chars().next_back().unwrap_or_default();
        let leads = c == '0' && !before.is_ascii_digit() && before != '.';
        if !(leads && rest.peek().is_some_and(char::is_ascii_digit)) {
            out.push(c);
        }
    }
    out
}

fn forth(text: &str) -> String {
    match FromIcal::new().json(text) {
        Ok(converted) => converted.value,
        Err(error) => panic!("{error}: {text}"),
    }
}

fn back(json: &str) -> String {
    match ToIcal::new().json(json) {
        Ok(converted) => converted.value,
        Err(error) => panic!("{error}: {json}"),
    }
}

fn reads_again(json: &str) {
    let read = serde_json::from_str::<Value>(json);
    assert!(read.is_ok(), "{read:?} in {json}");
}

fn has_null(value: &Value) -> bool {
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        match value {
            Value::Null => return true,
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
    false
}
