//! jCal back into content lines.

use std::borrow::Cow;

use content_line::escape_text_into;

use super::reader::JsonReader;
use super::{ValueType, has_no_default};

/// A component of the hatch; parts that are no jCal are skipped.
#[derive(Clone, Debug, Default)]
pub(crate) struct JcalComponent<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) properties: Vec<JcalProperty<'a>>,
    pub(crate) components: Vec<Self>,
}

/// A property of the hatch.
#[derive(Clone, Debug)]
pub(crate) struct JcalProperty<'a> {
    /// In lower case, as jCal has it.
    pub(crate) name: Cow<'a, str>,
    pub(crate) params: Params<'a>,
    /// The value as it stands in a content line.
    pub(crate) value: String,
    /// The `VALUE` parameter to write; none if it is the property's default.
    pub(crate) value_type: Option<Cow<'a, str>>,
}

/// Parameters by name, in lower case.
pub(crate) type Params<'a> = Vec<(Cow<'a, str>, Vec<Cow<'a, str>>)>;

/// How deep components of the hatch may be nested, far beyond what an import keeps.
const DEEPEST: usize = 2 * content_line::MAX_DEPTH;

impl<'a> JcalComponent<'a> {
    /// Reads a component. None if it, or anything in it, is no jCal.
    pub(crate) fn read(json: &mut JsonReader<'a>) -> Option<Self> {
        Self::read_at(json, 0)
    }

    fn read_at(json: &mut JsonReader<'a>, depth: usize) -> Option<Self> {
        if depth > DEEPEST {
            return None;
        }
        json.enter(b'[')?;
        let name = json.next(JsonReader::string)?;
        let properties = json.next(|json| list(json, JcalProperty::read))?;
        let components = json.next(|json| list(json, |json| Self::read_at(json, depth + 1)))?;
        while json.has_next() {
            json.skip();
        }
        Some(Self { name, properties, components })
    }
}

impl<'a> JcalProperty<'a> {
    /// Reads a property. None if it is no jCal.
    pub(crate) fn read(json: &mut JsonReader<'a>) -> Option<Self> {
        json.enter(b'[')?;
        let name = json.next(JsonReader::string)?;
        let params = json.next(read_params)?;
        let type_name = json.next(JsonReader::string)?;
        let value_type = ValueType::parse(&type_name);
        let mut value = String::new();
        json.next(|json| write_value(value_type, json, &mut value))?;
        while json.has_next() {
            value.push(',');
            write_value(value_type, json, &mut value)?;
        }
        let default = value_type == Some(ValueType::default_of(&name)) && !has_no_default(&name);
        let written = !default && value_type != Some(ValueType::Unknown);
        Some(Self { name, params, value, value_type: written.then_some(type_name) })
    }
}

/// An array, all of whose elements `read` can read.
fn list<'a, T>(
    json: &mut JsonReader<'a>,
    mut read: impl FnMut(&mut JsonReader<'a>) -> Option<T>,
) -> Option<Vec<T>> {
    json.enter(b'[')?;
    let mut list = Vec::new();
    while json.has_next() {
        list.push(read(json)?);
    }
    Some(list)
}

/// Reads parameters as jCal has them. One with another value than strings is nothing that iCalendar has.
pub(crate) fn read_params<'a>(json: &mut JsonReader<'a>) -> Option<Params<'a>> {
    json.enter(b'{')?;
    let mut params = Params::new();
    while json.has_next() {
        let name = json.name()?;
        params.extend(json.read_or_skip(strings).map(|values| (name, values)));
    }
    Some(params)
}

/// One string or an array of strings.
fn strings<'a>(json: &mut JsonReader<'a>) -> Option<Vec<Cow<'a, str>>> {
    match json.peek()? {
        b'"' => Some(vec![json.string()?]),
        _ => list(json, JsonReader::string),
    }
}

/// Appends a value as it stands in a content line.
fn write_value(
    value_type: Option<ValueType>,
    json: &mut JsonReader<'_>,
    out: &mut String,
) -> Option<()> {
    match json.peek()? {
        b'"' => write_text(value_type, &json.string()?, out),
        b'[' => write_list(value_type, json, out)?,
        b'{' => write_recur(json, out)?,
        _ => write_scalar(json, out),
    }
    Some(())
}

/// A number, or true, false or null.
fn write_scalar(json: &mut JsonReader<'_>, out: &mut String) {
    out.push_str(match json.skip() {
        "true" => "TRUE",
        "false" => "FALSE",
        other => other,
    });
}

fn write_text(value_type: Option<ValueType>, text: &str, out: &mut String) {
    out.reserve(text.len());
    match value_type {
        Some(ValueType::Text) => escape_text_into(out, text),
        Some(ValueType::Date | ValueType::DateTime) => push_without(b"-:", text, out),
        // The minus sign is the offset's own.
        Some(ValueType::UtcOffset) => push_without(b":", text, out),
        _ => out.push_str(text),
    }
}

/// Appends a text without the marks that jCal puts into it.
fn push_without(marks: &[u8], text: &str, out: &mut String) {
    let mut start = 0;
    for at in text.bytes().enumerate().filter(|(_, byte)| marks.contains(byte)).map(|(at, _)| at) {
        out.push_str(text.get(start..at).unwrap_or_default());
        start = at + 1;
    }
    out.push_str(text.get(start..).unwrap_or_default());
}

/// A structured value: a period, a position, a request status.
fn write_list(
    value_type: Option<ValueType>,
    json: &mut JsonReader<'_>,
    out: &mut String,
) -> Option<()> {
    json.enter(b'[')?;
    let mut first = true;
    while json.has_next() {
        let (separator, part_type) = match value_type {
            Some(ValueType::Period) if json.clone().skip().contains('P') => {
                ('/', ValueType::Duration)
            }
            Some(ValueType::Period) => ('/', ValueType::DateTime),
            Some(other) => (';', other),
            None => (';', ValueType::Text),
        };
        if !std::mem::take(&mut first) {
            out.push(separator);
        }
        if json.peek()? == b'[' {
            return None;
        }
        write_value(Some(part_type), json, out)?;
    }
    Some(())
}

fn write_recur(json: &mut JsonReader<'_>, out: &mut String) -> Option<()> {
    json.enter(b'{')?;
    let mut parts: Vec<String> = Vec::with_capacity(4);
    while json.has_next() {
        let name = json.name()?;
        let mut part = name.to_ascii_uppercase();
        part.push('=');
        write_rule_part(&name, json, &mut part)?;
        parts.push(part);
    }
    // The members of an object have no order, but FREQ must come first (RFC 5545, section 3.3.10); RFC 7529 has RSCALE
    // before it.
    let first = |part: &&String| part.starts_with("FREQ=") || part.starts_with("RSCALE=");
    if parts.first().is_some_and(|part| !first(&part)) {
        parts.sort_by_key(|part| !part.starts_with("FREQ="));
    }
    out.push_str(&parts.join(";"));
    Some(())
}

fn write_rule_part(name: &str, json: &mut JsonReader<'_>, out: &mut String) -> Option<()> {
    let is_until = name.eq_ignore_ascii_case("until");
    let part_type = if is_until { ValueType::DateTime } else { ValueType::Unknown };
    let item = |json: &mut JsonReader<'_>, out: &mut String| match json.peek()? {
        b'[' | b'{' => None,
        _ => write_value(Some(part_type), json, out),
    };
    if json.enter(b'[').is_none() {
        return item(json, out);
    }
    let mut first = true;
    while json.has_next() {
        if !std::mem::take(&mut first) {
            out.push(',');
        }
        item(json, out)?;
    }
    Some(())
}
