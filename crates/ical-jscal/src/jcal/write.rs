//! Content lines and components as jCal.

use std::borrow::Cow;

use content_line::{Component, Line, Param, split_structured, split_unescaped, unescape_text};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::{ValueType, is_list, is_structured};
use crate::value::{Form, Moment, is_canonical, parse_duration};

/// A line or component that serialises as jCal.
pub(crate) struct Jcal<'a, T>(pub(crate) &'a T);

impl Serialize for Jcal<'_, Component<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Components nest at most `content_line::MAX_DEPTH` deep, so this recursion is bounded.
        (Lowercase(&self.0.name), Each(&self.0.lines), Each(&self.0.components))
            .serialize(serializer)
    }
}

/// All of them as an array.
struct Each<'a, T>(&'a [T]);

impl<'a, T> Serialize for Each<'a, T>
where
    Jcal<'a, T>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Jcal))
    }
}

impl Serialize for Jcal<'_, Line<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let line = self.0;
        let (value_type, values, keep_value) = values(line);
        let mut property = serializer.serialize_seq(None)?;
        property.serialize_element(&Lowercase(line.name()))?;
        property.serialize_element(&LineParams { line, keep_value })?;
        property.serialize_element(value_type.as_str())?;
        match &values {
            Values::One(value) => property.serialize_element(value)?,
            Values::List(list) => {
                list.iter().try_for_each(|value| property.serialize_element(value))?;
            }
        }
        property.end()
    }
}

/// A text in lower case.
pub(crate) struct Lowercase<'a>(pub(crate) &'a str);

impl Serialize for Lowercase<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut buffer = [0_u8; 40];
        let Some(name) = buffer.get_mut(..self.0.len()) else {
            return serializer.serialize_str(&self.0.to_ascii_lowercase());
        };
        name.copy_from_slice(self.0.as_bytes());
        name.make_ascii_lowercase();
        serializer.serialize_str(std::str::from_utf8(name).unwrap_or(self.0))
    }
}

struct LineParams<'a> {
    line: &'a Line<'a>,
    keep_value: bool,
}

impl Serialize for LineParams<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let params: Vec<Param<'_>> =
            self.line.params().filter(|param| self.keep_value || !param.is("VALUE")).collect();
        let group = self.line.group().map(|group| ("group", group));
        let mut map = serializer.serialize_map(None)?;
        param_entries(&params, &mut map)?;
        if let Some((name, group)) = group {
            map.serialize_entry(name, group)?;
        }
        map.end()
    }
}

/// Writes parameters as members: one value as a string, several as an array, those of one name together.
pub(crate) fn param_entries<M: SerializeMap>(
    params: &[Param<'_>],
    map: &mut M,
) -> Result<(), M::Error> {
    if let [param] = params {
        return param_entry(param.name(), param.values(), map);
    }
    for same in by_name(params) {
        let Some(first) = same.first() else { continue };
        let values = same.iter().flat_map(|at| params[*at].values());
        param_entry(params[*first].name(), values, map)?;
    }
    Ok(())
}

fn param_entry<'a, M: SerializeMap>(
    name: &str,
    mut values: impl Iterator<Item = Cow<'a, str>>,
    map: &mut M,
) -> Result<(), M::Error> {
    match (values.next(), values.next()) {
        (Some(only), None) => map.serialize_entry(&Lowercase(name), &only),
        (first, second) => {
            let all: Vec<Cow<'_, str>> = first.into_iter().chain(second).chain(values).collect();
            map.serialize_entry(&Lowercase(name), &all)
        }
    }
}

/// The places of the parameters of each name. Sorted, as a line may have thousands.
fn by_name(params: &[Param<'_>]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..params.len()).collect();
    order.sort_by_cached_key(|at| params[*at].name().to_ascii_lowercase());
    let same = |one: &usize, two: &usize| params[*one].is(params[*two].name());
    let mut groups: Vec<Vec<usize>> = order.chunk_by(same).map(<[usize]>::to_vec).collect();
    groups.sort_by_key(|group| group[0]);
    groups
}

/// One value in its jCal form, or as it stands in the line where that form is known to have a place for all of it.
enum Value<'a> {
    Text(Cow<'a, str>),
    Boolean(bool),
    Number(&'a RawValue),
    /// A date or time, written as in [`Moment::write`].
    Moment(&'a str),
    UtcOffset(&'a str),
    List(Vec<Self>),
    /// A rule, all of whose parts have a [`rule_part`].
    Recur(&'a str),
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Moment(moment) => spaced(moment, MOMENT_MARKS, serializer),
            Self::UtcOffset(offset) => spaced(offset, OFFSET_MARKS, serializer),
            Self::List(values) => serializer.collect_seq(values),
            Self::Recur(rule) => serialize_rule(rule, serializer),
        }
    }
}

/// Where a moment of jCal has a mark that iCalendar lacks: `2026-03-01T09:00:00Z`.
const MOMENT_MARKS: &[(usize, u8)] = &[(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];

/// The same for the offset of a zone: `+01:00:00`.
const OFFSET_MARKS: &[(usize, u8)] = &[(3, b':'), (6, b':')];

/// Writes a short text with marks put into it, those behind its end left out.
fn spaced<S: Serializer>(
    text: &str,
    marks: &[(usize, u8)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut buffer = [0_u8; 24];
    let mut length = 0;
    let mut rest = text.as_bytes();
    for (at, mark) in marks {
        let (part, after) = rest.split_at(rest.len().min(at - length));
        if after.is_empty() {
            break;
        }
        buffer[length..*at].copy_from_slice(part);
        buffer[*at] = *mark;
        length = at + 1;
        rest = after;
    }
    let end = length + rest.len();
    let spaced = buffer.get_mut(..end).and_then(|buffer| {
        buffer[length..].copy_from_slice(rest);
        std::str::from_utf8(buffer).ok()
    });
    serializer.serialize_str(spaced.unwrap_or(text))
}

/// Writes a rule as an object (RFC 7265, section 3.6.10): numbers as numbers, several values as an array.
fn serialize_rule<S: Serializer>(rule: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    for (name, value) in rule.split(';').filter_map(|part| part.split_once('=')) {
        object.serialize_key(&Lowercase(name))?;
        let mut values = value.split(',').filter_map(|item| rule_part(name, item));
        match (values.next(), values.next()) {
            (Some(only), None) => object.serialize_value(&only)?,
            (first, second) => {
                let all: Vec<Value<'_>> = first.into_iter().chain(second).chain(values).collect();
                object.serialize_value(&all)?;
            }
        }
    }
    object.end()
}

/// The values of a line. Mostly it is one.
enum Values<'a> {
    One(Value<'a>),
    List(Vec<Value<'a>>),
}

/// The type and the values of a line, and whether its `VALUE` parameter has to stay because the type does not say it.
fn values<'a>(line: &'a Line<'_>) -> (ValueType, Values<'a>, bool) {
    let text = line.value();
    let default = ValueType::default_of(line.name());
    let declared = line.param("VALUE").map(|param| ValueType::parse(&param.value()));
    let value_type = match declared {
        None => default,
        Some(Some(value_type)) => value_type,
        Some(None) => return (ValueType::Unknown, verbatim(text), true),
    };
    let list = is_list(line.name());
    let converted = match value_type {
        ValueType::Text if is_structured(line.name()) => Some(Values::One(structured_text(text))),
        ValueType::Text if list => {
            Some(Values::List(split_unescaped(text, ',').map(unescaped).collect()))
        }
        ValueType::Text => Some(Values::One(unescaped(text))),
        ValueType::Float if is_structured(line.name()) => text
            .split(';')
            .map(number)
            .collect::<Option<Vec<_>>>()
            .map(|list| Values::One(Value::List(list))),
        _ if list => {
            let values = text.split(',').map(|item| single(value_type, item));
            values.collect::<Option<_>>().map(Values::List)
        }
        _ => single(value_type, text).map(Values::One),
    };
    match converted {
        Some(values) => (value_type, values, false),
        None => (ValueType::Unknown, verbatim(text), declared.is_some()),
    }
}

fn verbatim(text: &str) -> Values<'_> {
    Values::One(Value::Text(Cow::Borrowed(text)))
}

fn unescaped(text: &str) -> Value<'_> {
    Value::Text(unescape_text(text))
}

fn structured_text(text: &str) -> Value<'_> {
    Value::List(split_structured(text).map(unescaped).collect())
}

fn single(value_type: ValueType, text: &str) -> Option<Value<'_>> {
    let same = || Value::Text(Cow::Borrowed(text));
    match value_type {
        ValueType::Binary | ValueType::CalAddress | ValueType::Uri | ValueType::Unknown => {
            Some(same())
        }
        ValueType::Text => Some(unescaped(text)),
        ValueType::Boolean if text.eq_ignore_ascii_case("TRUE") => Some(Value::Boolean(true)),
        ValueType::Boolean if text.eq_ignore_ascii_case("FALSE") => Some(Value::Boolean(false)),
        ValueType::Boolean => None,
        ValueType::Date => moment(text, |form| form == Form::Date),
        ValueType::DateTime => moment(text, |form| form != Form::Date),
        ValueType::Duration => parse_duration(text).map(|_| same()),
        ValueType::Float | ValueType::Integer => number(text),
        ValueType::Period => period(text),
        ValueType::Recur => recur(text),
        ValueType::UtcOffset => utc_offset(text),
    }
}

fn moment(text: &str, accept: impl Fn(Form) -> bool) -> Option<Value<'_>> {
    Moment::parse(text).filter(|moment| accept(moment.form))?;
    is_canonical(text).then_some(Value::Moment(text))
}

fn period(text: &str) -> Option<Value<'_>> {
    let (start, end) = text.split_once('/')?;
    let timed = |form| form != Form::Date;
    let end = moment(end, timed).or_else(|| single(ValueType::Duration, end))?;
    Some(Value::List(vec![moment(start, timed)?, end]))
}

/// A number that is written in JSON as it is in iCalendar.
fn number(text: &str) -> Option<Value<'_>> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    plain.then(|| serde_json::from_str(text).ok().map(Value::Number))?
}

fn utc_offset(text: &str) -> Option<Value<'_>> {
    let bytes = text.as_bytes();
    let digits = bytes.get(1..)?;
    let plain = matches!(bytes[0], b'+' | b'-') && digits.iter().all(u8::is_ascii_digit);
    if !plain || !matches!(digits.len(), 4 | 6) {
        return None;
    }
    Some(Value::UtcOffset(text))
}

/// A rule, if it can be an object: each part has a name of its own and a value.
fn recur(text: &str) -> Option<Value<'_>> {
    let mut names: Vec<&str> = Vec::with_capacity(8);
    for part in text.split(';') {
        let (name, value) =
            part.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty())?;
        if names.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            return None;
        }
        names.push(name);
        if value.split(',').any(|item| rule_part(name, item).is_none()) {
            return None;
        }
    }
    Some(Value::Recur(text))
}

fn rule_part<'a>(name: &str, item: &'a str) -> Option<Value<'a>> {
    if name.eq_ignore_ascii_case("until") {
        return moment(item, |_| true);
    }
    if is_integer(item) { number(item) } else { Some(Value::Text(Cow::Borrowed(item))) }
}

/// Whether this is a number of 32 bits, written as a program writes it: no plus sign, no zeros before it.
fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = match digits.as_bytes() {
        [b'0'] => digits.len() == text.len(),
        [b'1'..=b'9', ..] => true,
        _ => false,
    };
    plain && text.parse::<i32>().is_ok()
}
