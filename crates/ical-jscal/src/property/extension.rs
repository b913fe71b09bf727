//! JSPROP, JSID and the hatch on its way out: what neither format has a word for.

mod tree;

use std::borrow::Cow;
use std::collections::BTreeMap;

use content_line::{Line, unescape_text};
use jscalendar::json_model::{Reader, look_up_object, pointer, read_object};
use jscalendar::{Id, Json, Object, Severity, Version};
use serde::de::{Deserializer, MapAccess, Visitor};

pub(crate) use self::tree::MAPS;
use self::tree::{Put, Tree};
use crate::Mode;
use crate::draft::{Context, Draft};
use crate::hatch::KeptHatch;
use crate::jcal::{Jcal, JcalProperty};
use crate::out::Out;

/// JSPROP of the conversion draft (section 4): a member in JSON. It counts only when everything else is there.
pub(crate) fn import_jsprop<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    draft.jsprops.push(line);
}

/// The key that a component gives its object: JSID, in older revisions of the draft JSCAL-ID.
pub(crate) fn is_jsid(line: &Line<'_>) -> bool {
    line.is("JSID") || line.is("JSCAL-ID")
}

/// Whether a property of the hatch would be read as the key.
pub(crate) fn is_kept_jsid(property: &JcalProperty<'_>) -> bool {
    matches!(&*property.name, "jsid" | "jscal-id") && property.params.is_empty()
}

/// The key in a JSID line. It may be no valid id: what others use as a key stays one.
pub(crate) fn jsid(line: &Line<'_>) -> Id {
    Id::from(unescape_text(line.value()).into_owned())
}

/// Applies the JSPROP lines of a component to the object that it became. Lines that say nothing that can be applied
/// are kept in the object's hatch.
pub(crate) fn apply<T: Object>(object: T, lines: &[&Line<'_>], cx: &mut Context<'_>) -> T {
    if lines.is_empty() {
        return object;
    }
    let (mut object, left) = apply_some(object, lines, cx);
    if !left.is_empty() {
        keep(&mut object, &left);
    }
    object
}

/// Applies JSPROP lines, and hands those back that have to be kept as they are.
pub(crate) fn apply_some<'l, 'a, T: Object>(
    mut object: T,
    lines: &[&'l Line<'a>],
    cx: &mut Context<'_>,
) -> (T, Vec<&'l Line<'a>>) {
    let mut left = Vec::new();
    let mut changes: Vec<Change<'l, 'a>> = Vec::with_capacity(lines.len());
    for line in lines {
        match Change::read(line) {
            Ok(change) if cx.mode == Mode::Clean && change.is_foreign(&object) => {
                cx.report(line, Severity::Warning, "lost", || "no standard member".to_owned());
            }
            Ok(change) => changes.push(change),
            Err(problem) => refuse(line, Severity::Warning, problem, &mut left, cx),
        }
    }
    // A pointer stands before those that lead on from it, so the order of the lines says nothing, except which of two
    // values for the same member counts: the first one.
    changes.sort_by(|a, b| a.tokens.cmp(&b.tokens));
    let mut aside = Vec::new();
    for group in changes.chunk_by(|a, b| a.tokens.first() == b.tokens.first()) {
        aside.extend(apply_group(&mut object, group, &mut left, cx));
    }
    object.extra_mut().extend(aside);
    (object, left)
}

/// Applies the changes to one member, and gives back what of it is to be put aside in `extra`.
fn apply_group<'l, 'a, T: Object>(
    object: &mut T,
    group: &[Change<'l, 'a>],
    left: &mut Vec<&'l Line<'a>>,
    cx: &mut Context<'_>,
) -> Vec<(String, Json)> {
    let Some(name) = group.first().and_then(|change| change.tokens.first()) else {
        return Vec::new();
    };
    let before = member(object, name, cx.is_v1());
    let mut root = Tree::with(name, before.clone());
    let mut done: Vec<&Change<'_, '_>> = Vec::with_capacity(group.len());
    for change in group {
        match root.put(&change.tokens, &change.json) {
            Put::Done => done.push(change),
            Put::Exists => {
                let message = || "the object has such a member; ignored".to_owned();
                cx.report(change.line, Severity::Warning, "member-exists", message);
            }
            Put::NoPlace => {
                refuse(
                    change.line,
                    Severity::Warning,
                    "there is nothing for it to be a member of",
                    left,
                    cx,
                );
            }
        }
    }
    let mut json = root.take(name);
    if !cx.is_v1() && !retain_visible::<T>(&mut done, name, json.as_ref(), left, cx) {
        let mut root = Tree::with(name, before);
        done.iter().for_each(|change| _ = root.put(&change.tokens, &change.json));
        json = root.take(name);
    }
    match json {
        Some(json) if !done.is_empty() => set(object, name, json),
        _ => Vec::new(),
    }
}

/// Takes out the changes to what only 1.0 has: they would be gone when 2.0 is written, so they wait in the hatch.
/// False if there were some.
fn retain_visible<'l, 'a, T: Object>(
    done: &mut Vec<&Change<'l, 'a>>,
    name: &str,
    json: Option<&Json>,
    left: &mut Vec<&'l Line<'a>>,
    cx: &mut Context<'_>,
) -> bool {
    let Some(alone) = json.and_then(|json| alone::<T>(name, json)) else { return true };
    let mut seen = Tree::with(name, member(&alone, name, false));
    let all = done.len();
    done.retain(|change| {
        let visible = seen.has(&change.tokens);
        if !visible {
            refuse(
                change.line,
                Severity::Note,
                "a member that version 2.0 does not have",
                left,
                cx,
            );
        }
        visible
    });
    done.len() == all
}

/// Keeps a line that cannot be applied, and says why; in `clean` mode it is lost.
fn refuse<'l, 'a>(
    line: &'l Line<'a>,
    severity: Severity,
    problem: &str,
    left: &mut Vec<&'l Line<'a>>,
    cx: &mut Context<'_>,
) {
    if cx.mode == Mode::Clean {
        cx.report(line, Severity::Warning, "lost", || problem.to_owned());
        return;
    }
    cx.report(line, severity, "not-applied", || format!("{problem}; kept as it is"));
    left.push(line);
}

/// What one JSPROP line says.
struct Change<'l, 'a> {
    line: &'l Line<'a>,
    tokens: Vec<Cow<'static, str>>,
    json: Json,
}

/// Members that decide what an object is, and the hatch: no JSPROP touches them.
const FORBIDDEN: &[&str] = &["@type", "uid", "version", "excluded", "method", "iCalendar"];

/// More tokens than any pointer needs: objects are taken apart level by level.
const DEEPEST: usize = 32;

impl<'l, 'a> Change<'l, 'a> {
    /// The member and its value; the error says what is wrong with the line.
    fn read(line: &'l Line<'a>) -> Result<Self, &'static str> {
        let param = line.param("JSPTR").ok_or("a JSPROP without a pointer")?;
        let mut values = param.values();
        let path = values
            .next()
            .filter(|path| !path.is_empty() && values.next().is_none() && pointer::is_valid(path));
        let path = path.ok_or("not a pointer to a member")?;
        let tokens: Vec<Cow<'static, str>> =
            pointer::tokens(&path).map(|token| Cow::Owned(token.into_owned())).collect();
        if tokens.len() > DEEPEST || tokens.iter().any(|token| token.is_empty() || token == "*") {
            return Err("not a pointer to a member");
        }
        let ends = [tokens.first(), tokens.last()];
        if ends.into_iter().flatten().any(|token| FORBIDDEN.contains(&token.as_ref())) {
            return Err("a member that a JSPROP cannot set");
        }
        let json = Json::parse(&unescape_text(line.value())).map_err(|_| "not a JSON value")?;
        if json.is_null() {
            return Err("a JSPROP says nothing with the value null");
        }
        Ok(Self { line, tokens, json })
    }

    /// Whether it is about a member that the standard does not define.
    fn is_foreign<T: Object>(&self, object: &T) -> bool {
        match self.tokens.as_slice() {
            [name] => !object.knows(name),
            [.., last] => last.contains(':'),
            [] => true,
        }
    }
}

/// The member of this name with all that both versions say of it, where both may.
fn member<T: Object>(object: &T, name: &str, both: bool) -> Option<Tree> {
    let pointer = &[Cow::Borrowed(name)];
    let new = look_up_object(object, pointer, Version::V2_0).map(Tree::Leaf);
    if !both {
        return new;
    }
    let old = look_up_object(object, pointer, Version::V1_0).map(Tree::Leaf);
    match (new, old) {
        (Some(new), Some(old)) => Some(new.merged(old)),
        (new, old) => new.or(old),
    }
}

/// Sets a member, and gives back what of it is to be put aside in `extra`.
fn set<T: Object>(object: &mut T, name: &str, json: Json) -> Vec<(String, Json)> {
    if object.knows(name) {
        let mut reader = Reader::new();
        let mut value = serde_json::Deserializer::from_str(json.as_str());
        if object.offer(name, &mut value, &mut reader).is_err() {
            return vec![(name.to_owned(), json)];
        }
        if reader.diagnostics.is_empty() {
            return Vec::new();
        }
    }
    let Some(mut alone) = alone::<T>(name, &json) else { return vec![(name.to_owned(), json)] };
    let aside = std::mem::take(alone.extra_mut());
    aside
        .into_iter()
        .map(|(key, value)| if key == name { (key, json.clone()) } else { (key, value) })
        .collect()
}

/// An object that has only this member. Only an object that is read as a whole tells what it puts aside.
fn alone<T: Object>(name: &str, json: &Json) -> Option<T> {
    let text = serde_json::to_string(&BTreeMap::from([(name, json)])).ok()?;
    let mut reader = Reader::new();
    let visitor = Alone::<T>(&mut reader, std::marker::PhantomData);
    serde_json::Deserializer::from_str(&text).deserialize_map(visitor).ok()
}

/// Reads an object as any other is read.
struct Alone<'r, T>(&'r mut Reader, std::marker::PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for Alone<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an object of type {}", T::TYPE)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
        read_object(members, self.0)
    }
}

/// Adds lines to the hatch of a finished object.
fn keep<T: Object>(object: &mut T, lines: &[&Line<'_>]) {
    const MEMBER: &str = "iCalendar";
    let name = Cow::Borrowed(MEMBER);
    let new = || {
        Tree::Leaf(Json::from(
            serde_json::json!({"@type": "ICalComponent", "name": component::<T>()}),
        ))
    };
    let hatch = member(object, &name, false).unwrap_or_else(new);
    let lines = lines.iter().filter_map(|line| Json::from_serialize(&Jcal(*line)).ok());
    if let Some(json) = hatch.with_elements("properties", lines) {
        set(object, MEMBER, json);
    }
}

/// The component that objects of this type are made from.
fn component<T: Object>() -> Cow<'static, str> {
    match T::TYPE {
        "Event" => Cow::Borrowed("vevent"),
        "Task" => Cow::Borrowed("vtodo"),
        "Group" => Cow::Borrowed("vcalendar"),
        "Alert" => Cow::Borrowed("valarm"),
        "Location" => Cow::Borrowed("vlocation"),
        other => Cow::Owned(other.to_ascii_lowercase()),
    }
}

/// Writes what the hatch keeps, but for the properties in `written`: the object's own members say those. Where what they
/// say is still what it was, further lines of the same property stood beside it and do so again.
pub(crate) fn export_hatch(hatch: &KeptHatch<'_>, written: &[&str], out: &mut Out<'_, '_>) {
    export_properties(hatch, written, out);
    export_components(hatch, out);
}

/// The properties of the hatch.
pub(crate) fn export_properties(hatch: &KeptHatch<'_>, written: &[&str], out: &mut Out<'_, '_>) {
    if hatch.unreadable > 0 {
        let message =
            format!("{} parts of it are no properties, components or hints", hatch.unreadable);
        out.cx.report("iCalendar", Severity::Warning, "bad-hatch", message);
    }
    let unchanged = std::mem::take(&mut out.cx.unchanged);
    for property in &hatch.properties {
        let is = |name: &str| property.name.eq_ignore_ascii_case(name);
        if !out.cx.is_lossless() {
            lost(&property.name, out);
        } else if !written.iter().any(|name| is(name)) || unchanged.iter().any(|name| is(name)) {
            out.kept(property);
        } else if !property.name.eq_ignore_ascii_case("last-modified") {
            let message = format!(
                "the object itself says {} now; not used",
                property.name.to_ascii_uppercase()
            );
            out.cx.report("iCalendar", Severity::Note, "stale-property", message);
        }
    }
}

/// The components of the hatch, except those that would be entries of their own.
pub(crate) fn export_components(hatch: &KeptHatch<'_>, out: &mut Out<'_, '_>) {
    for component in &hatch.components {
        let live = ["vevent", "vtodo"].iter().any(|name| component.name.eq_ignore_ascii_case(name));
        if live || !out.cx.is_lossless() {
            lost(&component.name, out);
        } else {
            out.kept_component(component);
        }
    }
}

fn lost(name: &str, out: &mut Out<'_, '_>) {
    let message = format!("{} is not written", name.to_ascii_uppercase());
    out.cx.report("iCalendar", Severity::Warning, "lost", message);
}
