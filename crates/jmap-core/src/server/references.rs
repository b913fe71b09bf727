//! Result references in the arguments of a call (RFC 8620, section 3.7).

use std::collections::BTreeMap;

use json_model::Json;
use serde_json::value::RawValue;

use super::arguments::{Members, invalid, members};
use crate::{Invocation, MethodError, MethodErrorKind, ResultReference};

/// The arguments with what their references stand for.
///
/// Only the names of arguments are looked at, not those inside of them. `most` bounds the size of the result in octets:
/// each call can refer to the whole response of the one before it twice, and so double what there is.
pub(super) fn resolved(
    arguments: Json,
    responses: &[Invocation],
    most: usize,
) -> Result<Json, MethodError> {
    let members = members(&arguments)?;
    if !members.keys().any(|name| name.starts_with('#')) {
        return Ok(arguments);
    }
    let found = references(&members, responses)?;
    let mut all: BTreeMap<&str, &str> = BTreeMap::new();
    all.extend(members.iter().filter(|(name, _)| !name.starts_with('#')).map(verbatim));
    all.extend(found.iter().map(|(name, json)| (*name, json.as_str())));
    if all.values().map(|text| text.len()).sum::<usize>() > most {
        let text = format!("the arguments would be larger than {most} octets");
        return Err(MethodError::new(MethodErrorKind::RequestTooLarge).description(text));
    }
    super::arguments::object(all)
}

fn verbatim<'a>((name, value): (&'a String, &&'a RawValue)) -> (&'a str, &'a str) {
    (name, value.get())
}

/// What each reference stands for, by the name of the argument.
fn references<'a>(
    members: &'a Members<'_>,
    responses: &[Invocation],
) -> Result<Vec<(&'a str, Json)>, MethodError> {
    let mut found = Vec::new();
    for (name, value) in members {
        let Some(argument) = name.strip_prefix('#') else { continue };
        if members.contains_key(argument) {
            return Err(invalid([argument], "an argument has a value and a reference"));
        }
        found.push((argument, referred(name, value, responses)?));
    }
    Ok(found)
}

/// What one reference stands for: in the first response to the call, which must have the right name.
fn referred(name: &str, value: &RawValue, responses: &[Invocation]) -> Result<Json, MethodError> {
    let json = Json::parse(value.get()).unwrap_or_default();
    let reference = ResultReference::read(&json)
        .ok_or_else(|| invalid([name], "an argument with # needs resultOf, name and path"))?;
    let first = responses.iter().find(|response| response.call_id == reference.result_of);
    first.and_then(|first| reference.resolve(&first.name, &first.arguments)).ok_or_else(|| {
        let text = format!("{name} leads nowhere");
        MethodError::new(MethodErrorKind::InvalidResultReference).description(text)
    })
}
