//! [`ResultReference`] (RFC 8620, section 3.7): arguments that come from the response to an earlier call.

use std::borrow::Cow;
use std::marker::PhantomData;

use json_model::{Json, Map, pointer};

/// Where in the response to an earlier call of the same request the value of an argument is (RFC 8620, section 3.7).
///
/// In a request it stands under the name of the argument with a `#` before it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ResultReference {
    /// The id of the earlier call.
    pub result_of: String,
    /// The name that its response must have.
    pub name: String,
    /// A JSON pointer into the arguments of the response. `*` stands for every element of an array; what it leads to is put
    /// into one array.
    pub path: String,
}

#[derive(Default)]
struct Members {
    result_of: Option<String>,
    name: Option<String>,
    path: Option<String>,
    extra: Map<String, Json>,
}

json_model::members! {
    Members: "ResultReference" never {
        "resultOf" => result_of,
        "name" => name,
        "path" => path,
    }
    extra
}

impl ResultReference {
    /// What `json` says, if it is a reference.
    pub fn read(json: &Json) -> Option<Self> {
        let Members { result_of, name, path, extra: _ } =
            json_model::from_str(json.as_str()).ok()?.value;
        Some(Self { result_of: result_of?, name: name?, path: path? })
    }

    /// The value that it stands for, if `name` and `arguments` are those of the first response to the call. `None` if it
    /// leads nowhere.
    ///
    /// An element of an array from which `*` leads nowhere makes all of it lead nowhere; the standard does not say.
    ///
    /// ```
    /// use jmap_core::reference::resolve;
    /// use json_model::Json;
    ///
    /// let response = Json::parse(r#"{"list":[{"k":["a","b"]},{"k":[]},{"k":["a"]}]}"#)?;
    /// assert_eq!(resolve("/list/*/k", &response), Some(Json::parse(r#"["a","b","a"]"#)?));
    /// assert_eq!(resolve("/list/0/k/1", &response), Some(Json::from("b")));
    /// assert_eq!(resolve("/list/*/zz", &response), None);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn resolve(&self, name: &str, arguments: &Json) -> Option<Json> {
        if name != self.name {
            return None;
        }
        resolve(&self.path, arguments)
    }
}

impl From<&ResultReference> for Json {
    fn from(reference: &ResultReference) -> Self {
        Self::from(serde_json::json!({
            "resultOf": reference.result_of,
            "name": reference.name,
            "path": reference.path,
        }))
    }
}

/// What `path`, with `*` for every element of an array, leads to in `json`.
pub fn resolve(path: &str, json: &Json) -> Option<Json> {
    if path.is_empty() {
        return Some(json.clone());
    }
    let tokens: Vec<Cow<'_, str>> = pointer::tokens(path.strip_prefix('/')?).collect();
    if tokens.len() > json_model::MAX_TOKENS {
        return None;
    }
    resolve_tokens(json, &tokens)
}

fn resolve_tokens(json: &Json, tokens: &[Cow<'_, str>]) -> Option<Json> {
    let Some(star) = tokens.iter().position(|token| token == "*") else {
        return json.inside(tokens);
    };
    let (before, rest) = tokens.split_at(star);
    let value = json.inside(before)?;
    let Ok(elements) = value.decode::<Vec<Json>>() else {
        // In an object it is the name of a member like any other.
        return resolve_tokens(&value.inside(&rest[..1])?, &rest[1..]);
    };
    let mut all = Vec::new();
    for element in &elements {
        let found = resolve_tokens(element, &rest[1..])?;
        match found.decode::<Vec<Json>>() {
            Ok(members) => all.extend(members),
            Err(_) => all.push(found),
        }
    }
    Json::from_serialize(&all).ok()
}

/// A [`ResultReference`] that leads to a `T`: handles of a batch give them, and other calls of the batch take them in the
/// place of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference<T> {
    result: ResultReference,
    to: PhantomData<fn() -> T>,
}

impl<T> Reference<T> {
    pub(crate) fn new(result: ResultReference) -> Self {
        Self { result, to: PhantomData }
    }

    /// The reference as it is sent.
    pub fn result(&self) -> &ResultReference {
        &self.result
    }

    pub(crate) fn into_result(self) -> ResultReference {
        self.result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(path: &str, json: &str) -> Option<String> {
        resolve(path, &Json::parse(json).unwrap()).map(|json| json.as_str().to_owned())
    }

    #[test]
    fn the_rules_of_section_3_7() {
        let json = r#"{"a":[{"b":[[1],[2]]},{"b":[3]}],"*":{"x~/":7},"n":{"*":1}}"#;
        assert_eq!(resolved("", r#"{"a":1}"#).as_deref(), Some(r#"{"a":1}"#));
        // One level is opened for each star.
        assert_eq!(resolved("/a/*/b", json).as_deref(), Some("[[1],[2],3]"));
        assert_eq!(resolved("/a/0/b/*", json).as_deref(), Some("[1,2]"));
        assert_eq!(resolved("/a/0/b/*/0", json).as_deref(), Some("[1,2]"));
        // In an object, `*` is a name.
        assert_eq!(resolved("/*/x~0~1", json).as_deref(), Some("7"));
        assert_eq!(resolved("/n/*", json).as_deref(), Some("1"));
        for nowhere in ["/a/2", "/a/-", "/a/00/b", "/a/*/c", "/a/0/b/*/1", "a", "/n/*/0", "/"] {
            assert_eq!(resolved(nowhere, json), None, "{nowhere}");
        }
        assert_eq!(resolved("/a/*/b", r#"{"a":[]}"#).as_deref(), Some("[]"));
    }

    #[test]
    fn long_paths_end() {
        assert_eq!(resolved(&"/*".repeat(100_000), "[]"), None);
        assert_eq!(
            resolved(&"/*".repeat(100), &format!("{}{}", "[".repeat(90), "]".repeat(90)))
                .as_deref(),
            Some("[]")
        );
    }
}
