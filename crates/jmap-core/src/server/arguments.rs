//! The arguments of a call as text: what can be said of them whatever the method; and as the type of the method.

use std::collections::BTreeMap;

use json_model::{Diagnostic, Diagnostics, Json, Position, pointer};
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::creations::Creations;
use crate::{Method, MethodError, MethodErrorKind};

/// The members of the arguments, each as its text.
pub(super) type Members<'a> = BTreeMap<String, &'a RawValue>;

pub(super) fn members(arguments: &Json) -> Result<Members<'_>, MethodError> {
    arguments.decode().map_err(|error| invalid::<&str>([], error.to_string()))
}

/// An object of members that are text.
pub(super) fn object<'a>(
    members: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Json, MethodError> {
    let raw =
        members.into_iter().map(|(name, text)| Some((name, serde_json::from_str(text).ok()?)));
    let raw: Option<BTreeMap<&str, &RawValue>> = raw.collect();
    raw.and_then(|members| Json::from_serialize(&members).ok())
        .ok_or_else(|| MethodError::new(MethodErrorKind::ServerFail))
}

/// `invalidArguments`, which names them.
pub(super) fn invalid<N: Into<String>>(
    arguments: impl IntoIterator<Item = N>,
    description: impl Into<String>,
) -> MethodError {
    let mut error = MethodError::new(MethodErrorKind::InvalidArguments).description(description);
    error.arguments = arguments.into_iter().map(Into::into).collect();
    error
}

/// Whether an argument is there; `null` is as good as none.
pub(super) fn is_there(members: &Members<'_>, name: &str) -> bool {
    members.get(name).is_some_and(|value| value.get() != "null")
}

/// How many elements or members these arguments have together.
pub(super) fn count(members: &Members<'_>, names: &[&str]) -> u64 {
    names.iter().filter_map(|name| members.get(*name)).map(|value| length(value)).sum()
}

/// How many elements an array has, or members an object. Anything else is refused later.
pub(super) fn length(value: &RawValue) -> u64 {
    let text = value.get();
    let length = match text.as_bytes().first() {
        Some(b'[') => serde_json::from_str::<Vec<IgnoredAny>>(text).map(|all| all.len()),
        _ => serde_json::from_str::<BTreeMap<String, IgnoredAny>>(text).map(|all| all.len()),
    };
    length.unwrap_or_default() as u64
}

/// The members of an argument that is an object. Anything else is refused later.
pub(super) fn entries<'a>(members: &Members<'a>, argument: &str) -> Option<Members<'a>> {
    serde_json::from_str(members.get(argument)?.get()).ok()
}

/// The collations that the argument `sort` names. What is no list of comparators is refused later.
pub(super) fn collations(members: &Members<'_>) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Comparator {
        collation: Option<String>,
    }

    let sort = members.get("sort").and_then(|sort| serde_json::from_str(sort.get()).ok());
    let sort: Vec<Comparator> = sort.unwrap_or_default();
    sort.into_iter().filter_map(|comparator| comparator.collation).collect()
}

/// The arguments with ids in the place of creation ids, where every method has ids: in `ids`, `destroy` and `update`.
pub(super) fn with_ids(arguments: Json, creations: &Creations) -> Result<Json, MethodError> {
    let members = members(&arguments)?;
    let own = entries(&members, "create").unwrap_or_default();
    // What the call itself creates under the same name is meant, and has no id yet.
    let id_of =
        |reference: &str| creations.get(reference).filter(|_| !own.contains_key(&reference[1..]));
    let mut replaced: BTreeMap<&str, String> = BTreeMap::new();
    for (name, value) in &members {
        let text = match name.as_str() {
            "ids" | "destroy" if may_refer(value) => elements_with_ids(value, id_of),
            "update" if may_refer(value) => names_with_ids(value, id_of),
            _ => None,
        };
        replaced.extend(text.map(|text| (name.as_str(), text)));
    }
    if replaced.is_empty() {
        return Ok(arguments);
    }
    object(members.iter().map(|(name, value)| {
        (name.as_str(), replaced.get(name.as_str()).map_or_else(|| value.get(), String::as_str))
    }))
}

/// Whether there can be a `#` in it, however it is written.
fn may_refer(value: &RawValue) -> bool {
    value.get().contains('#') || value.get().contains("\\u0023")
}

/// `None` where the value is of another form, which is refused later.
fn elements_with_ids(value: &RawValue, id_of: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut ids: Vec<String> = serde_json::from_str(value.get()).ok()?;
    for id in &mut ids {
        if let Some(real) = id_of(id) {
            *id = real;
        }
    }
    serde_json::to_string(&ids).ok()
}

fn names_with_ids(value: &RawValue, id_of: impl Fn(&str) -> Option<String>) -> Option<String> {
    let mut patches: BTreeMap<String, &RawValue> = serde_json::from_str(value.get()).ok()?;
    let references: Vec<String> =
        patches.keys().filter(|id| id.starts_with('#')).cloned().collect();
    for reference in references {
        // What two patches of one object mean, only the function can say.
        let Some(real) = id_of(&reference).filter(|real| !patches.contains_key(real)) else {
            continue;
        };
        let patch = patches.remove(&reference)?;
        patches.insert(real, patch);
    }
    serde_json::to_string(&patches).ok()
}

/// The arguments as the type of the method, and what was odd about the objects in them.
pub(super) fn read<M: Method>(arguments: &Json) -> Result<(M, Diagnostics), MethodError> {
    let parsed = json_model::from_str::<M>(arguments.as_str())
        .map_err(|error| invalid::<&str>([], error.to_string()))?;
    let (arguments, diagnostics) = (parsed.value, parsed.diagnostics);
    if let Some(wrong) = diagnostics.iter().find(|diagnostic| is_of_argument(diagnostic)) {
        let name = tokens(wrong).next().unwrap_or_default();
        return Err(invalid([name], fault(wrong)));
    }
    let unknown: Vec<&String> =
        arguments.extra().keys().filter(|name| !is_entry(&arguments, name)).collect();
    if !unknown.is_empty() {
        return Err(invalid(unknown, "not an argument of this method"));
    }
    if diagnostics.suppressed() > 0 {
        return Err(invalid::<&str>([], "more wrong values than anybody can be told of"));
    }
    Ok((arguments, diagnostics))
}

/// Whether a name in `extra` is that of an entry of `create` or `update`: about one object, not the whole call.
fn is_entry<M: Method>(arguments: &M, name: &str) -> bool {
    let argument = name.split_once('/').map(|(argument, _)| argument);
    argument.is_some_and(|argument| OF_OBJECTS.contains(&argument) && arguments.knows(argument))
}

/// The arguments that hold one object a member.
pub(super) const OF_OBJECTS: [&str; 2] = ["create", "update"];

/// Whether a value was not read.
pub(super) fn is_wrong(diagnostic: &Diagnostic) -> bool {
    ["wrong-value", "too-deep"].contains(&diagnostic.code)
}

/// What was expected, and where. What becomes of the value, as the message goes on to say, is nothing here.
pub(super) fn fault(diagnostic: &Diagnostic) -> String {
    let expected = diagnostic.message.split("; ").next().unwrap_or_default();
    format!("{}: {expected}", diagnostic.position)
}

fn is_of_argument(diagnostic: &Diagnostic) -> bool {
    let mut tokens = tokens(diagnostic);
    let is_of_object =
        tokens.next().is_some_and(|name| OF_OBJECTS.contains(&&*name)) && tokens.next().is_some();
    is_wrong(diagnostic) && !is_of_object
}

/// The tokens of the pointer to what a diagnostic is about.
pub(super) fn tokens(diagnostic: &Diagnostic) -> impl Iterator<Item = String> {
    let pointer = match &diagnostic.position {
        Position::Pointer(pointer) => pointer.as_str(),
        _ => "",
    };
    pointer::tokens(pointer).map(std::borrow::Cow::into_owned)
}
