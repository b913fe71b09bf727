//! The hatch: the `iCalendar` member, where everything stays that JSCalendar has no counterpart for.
//!
//! The hatch is advisory, never the truth. What it says about a mapped property (a hint) counts on the way back only
//! while it means what the typed value says; see [`crate::out`].

use std::borrow::Cow;

use content_line::{Component, Line, Param, Position};
use jscalendar::Json;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::draft::leftovers;
use crate::jcal::{
    Jcal, JcalComponent, JcalProperty, JsonReader, Params, param_entries, read_params,
};

/// The member of a hint that keeps a value letter by letter where its meaning alone would not give back its form.
/// The draft has no name for it, so it has that of a vendor's member.
pub(crate) const RAW: &str = "ical-jscal:raw";

/// What one object puts aside on import.
#[derive(Debug, Default)]
pub(crate) struct Hatch<'a> {
    properties: Vec<Kept<'a>>,
    components: Vec<Kept<'a>>,
    hints: Vec<Hint<'a>>,
}

#[derive(Debug)]
enum Kept<'a> {
    Line(&'a Line<'a>),
    Component(&'a Component<'a>),
    Json(Json),
}

/// What is left of a property that was converted to the member `path`.
#[derive(Clone, Debug)]
pub(crate) struct Hint<'a> {
    /// A pointer, relative to the object that has the hatch.
    pub(crate) path: Cow<'static, str>,
    /// The property, in lower case.
    pub(crate) name: &'static str,
    /// The parameters that the object does not say.
    pub(crate) params: Vec<Param<'a>>,
    /// The value type, where it matters.
    pub(crate) value_type: Option<&'static str>,
    /// The value, where its form matters.
    pub(crate) raw: Option<Cow<'a, str>>,
    /// The line has no `TZID`, though export would write one: kept as a `tzid` without values.
    pub(crate) without_tzid: bool,
    /// Other parameters that the line lacks though export would write them: kept likewise.
    pub(crate) absent: Vec<&'static str>,
}

impl<'a> Hint<'a> {
    pub(crate) fn new(path: impl Into<Cow<'static, str>>, name: &'static str) -> Self {
        Self {
            path: path.into(),
            name,
            params: Vec::new(),
            value_type: None,
            raw: None,
            without_tzid: false,
            absent: Vec::new(),
        }
    }

    pub(crate) fn params(mut self, params: Vec<Param<'a>>) -> Self {
        self.params = params;
        self
    }

    pub(crate) fn value_type(mut self, value_type: &'static str) -> Self {
        self.value_type = Some(value_type);
        self
    }

    pub(crate) fn raw(mut self, raw: impl Into<Cow<'a, str>>) -> Self {
        self.raw = Some(raw.into());
        self
    }
}

impl<'a> Hatch<'a> {
    /// Keeps a property.
    pub(crate) fn keep(&mut self, line: &'a Line<'a>) {
        self.properties.push(Kept::Line(line));
    }

    /// Keeps a component.
    pub(crate) fn keep_component(&mut self, component: &'a Component<'a>) {
        self.components.push(Kept::Component(component));
    }

    /// Keeps a property that will not live as long as the hatch.
    pub(crate) fn keep_copy(&mut self, line: &Line<'_>) {
        self.properties.extend(Json::from_serialize(&Jcal(line)).map(Kept::Json));
    }

    /// Keeps a component that will not live as long as the hatch.
    pub(crate) fn keep_component_copy(&mut self, component: &Component<'_>) {
        self.components.extend(Json::from_serialize(&Jcal(component)).map(Kept::Json));
    }

    /// Notes what is left of a converted property.
    pub(crate) fn hint(&mut self, hint: Hint<'a>) {
        self.hints.push(hint);
    }

    /// Notes what the one line says that counts, for each property that stands several times though it is one member:
    /// while that holds, the others come back too. `single` has the names, in lower case, and the members.
    pub(crate) fn note_repeated(
        &mut self,
        lines: &'a [Line<'a>],
        single: impl Iterator<Item = &'static (&'static str, &'static str)>,
    ) {
        let mut noted = Vec::new();
        for (name, member) in single {
            if !self.lines().any(|line| line.is(name)) {
                continue;
            }
            if let Some(line) = self.counted(lines, name) {
                noted.push(Hint::new(*member, name).raw(line.value()));
            }
        }
        self.hints.append(&mut noted);
    }

    /// The first of `lines` with this name that is not kept: the one that was converted.
    pub(crate) fn counted(&self, lines: &'a [Line<'a>], name: &str) -> Option<&'a Line<'a>> {
        // Lines are kept in the order in which they stand.
        let mut kept = self.lines().filter(|line| line.is(name)).peekable();
        lines
            .iter()
            .filter(|line| line.is(name))
            .find(|line| kept.next_if(|kept| std::ptr::eq(*kept, *line)).is_none())
    }

    fn lines(&self) -> impl Iterator<Item = &'a Line<'a>> {
        self.properties.iter().filter_map(|kept| match kept {
            Kept::Line(line) => Some(*line),
            _ => None,
        })
    }

    /// Whether something was noted for a member.
    pub(crate) fn has_hint(&self, path: &str) -> bool {
        self.hints.iter().any(|hint| hint.path == path)
    }

    /// Forgets what was noted for a member.
    pub(crate) fn forget_hint(&mut self, path: &str) {
        self.hints.retain(|hint| hint.path != path);
    }

    /// Forgets a parameter that became a member after all. A hint that says nothing besides goes with it, unless its
    /// property is not the usual one of the member.
    pub(crate) fn forget_param(&mut self, path: &str, name: &str) {
        for hint in self.hints.iter_mut().filter(|hint| hint.path == path) {
            hint.params.retain(|param| !param.is(name));
        }
        let is_empty =
            |hint: &Hint<'_>| hint.name == path && hint.params.is_empty() && hint.raw.is_none();
        self.hints.retain(|hint| hint.path != path || !is_empty(hint));
    }

    /// Notes the parameters of a line whose value became the member `path` and whose parameters nobody took.
    pub(crate) fn converted(&mut self, line: &'a Line<'a>, name: &'static str, path: &'static str) {
        self.leftovers(name, leftovers(line, |_| false), || path.to_owned());
    }

    /// Notes the parameters that are left of a converted property, if there are any.
    pub(crate) fn leftovers(
        &mut self,
        name: &'static str,
        params: Vec<Param<'a>>,
        path: impl FnOnce() -> String,
    ) {
        if !params.is_empty() {
            self.hint(Hint::new(path(), name).params(params));
        }
    }

    /// Calls `report` for everything in the hatch: the property, where it stood, and what is lost with it.
    pub(crate) fn each_loss(&self, mut report: impl FnMut(&str, Option<Position>, &str)) {
        for property in self.properties.iter().chain(&self.components) {
            match property {
                Kept::Line(line) => report(line.name(), Some(line.position()), "the property"),
                Kept::Component(component) => {
                    report(&component.name, Some(component.position), "the component")
                }
                Kept::Json(json) => {
                    let mut json = JsonReader::new(json);
                    let name = json.enter(b'[').and_then(|()| json.string());
                    report(&name.unwrap_or_default(), None, "it");
                }
            }
        }
        for hint in &self.hints {
            for param in &hint.params {
                report(
                    hint.name,
                    None,
                    &format!("the parameter {}", param.name().to_ascii_uppercase()),
                );
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.components.is_empty() && self.hints.is_empty()
    }

    /// The `ICalComponent`; `name` is the component that the object came from.
    pub(crate) fn to_json(&self, name: &str) -> Option<Json> {
        Json::from_serialize(&Member { hatch: self, name, of_occurrence: false }).ok()
    }

    /// What an occurrence inherits of it: all but what is about the series as a whole.
    pub(crate) fn to_json_of_occurrence(&self, name: &str) -> Option<Json> {
        Json::from_serialize(&Member { hatch: self, name, of_occurrence: true }).ok()
    }
}

/// Whether a property, in lower case, is about a series as a whole.
pub(crate) fn property_of_series(name: &str) -> bool {
    matches!(name, "rrule" | "exrule" | "rdate" | "exdate")
}

/// Whether a hint for this member is about a series as a whole.
pub(crate) fn hint_of_series(path: &str) -> bool {
    path == "recurrenceRule" || path.starts_with("recurrenceOverrides/")
}

impl Kept<'_> {
    fn is_of_series(&self) -> bool {
        matches!(self, Self::Line(line) if property_of_series(&line.name().to_ascii_lowercase()))
    }
}

struct Member<'h, 'a> {
    hatch: &'h Hatch<'a>,
    name: &'h str,
    of_occurrence: bool,
}

impl Serialize for Member<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Hatch { properties, components, hints } = self.hatch;
        let inherited = |property: &&Kept<'_>| !self.of_occurrence || !property.is_of_series();
        let properties: Vec<&Kept<'_>> = properties.iter().filter(inherited).collect();
        let hints = Hints { list: hints, of_occurrence: self.of_occurrence };
        let mut member = serializer.serialize_map(None)?;
        member.serialize_entry("@type", "ICalComponent")?;
        member.serialize_entry("name", self.name)?;
        if !properties.is_empty() {
            member.serialize_entry("properties", &properties)?;
        }
        if !components.is_empty() {
            member.serialize_entry("components", components)?;
        }
        if hints.inherited().next().is_some() {
            member.serialize_entry("convertedProperties", &hints)?;
        }
        member.end()
    }
}

impl Serialize for Kept<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Line(line) => Jcal(*line).serialize(serializer),
            Self::Component(component) => Jcal(*component).serialize(serializer),
            Self::Json(json) => json.serialize(serializer),
        }
    }
}

struct Hints<'h, 'a> {
    list: &'h [Hint<'a>],
    of_occurrence: bool,
}

impl<'h, 'a> Hints<'h, 'a> {
    fn inherited(&self) -> impl Iterator<Item = &'h Hint<'a>> {
        let of_occurrence = self.of_occurrence;
        self.list.iter().filter(move |hint| !of_occurrence || !hint_of_series(&hint.path))
    }
}

impl Serialize for Hints<'_, '_> {
    /// Hints for one member (several CATEGORIES lines) become one, with all parameters.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut hints: Vec<&Hint<'_>> = self.inherited().collect();
        hints.sort_by(|a, b| a.path.cmp(&b.path));
        let mut map = serializer.serialize_map(None)?;
        for group in hints.chunk_by(|a, b| a.path == b.path) {
            match group {
                [only] => map.serialize_entry(&only.path, only)?,
                [first, ..] => {
                    map.serialize_entry(&first.path, &merge(group.iter().copied()))?;
                }
                [] => {}
            }
        }
        map.end()
    }
}

fn merge<'h, 'a: 'h>(mut hints: impl Iterator<Item = &'h Hint<'a>>) -> Option<Hint<'a>> {
    let mut merged = hints.next()?.clone();
    for other in hints {
        merged.params.extend(&other.params);
        merged.value_type = merged.value_type.or(other.value_type);
        merged.raw = merged.raw.or_else(|| other.raw.clone());
        merged.absent.extend(&other.absent);
    }
    Some(merged)
}

impl Serialize for Hint<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut hint = serializer.serialize_map(None)?;
        hint.serialize_entry("@type", "ICalProperty")?;
        hint.serialize_entry("name", self.name)?;
        if !self.params.is_empty() || self.without_tzid || !self.absent.is_empty() {
            hint.serialize_entry("parameters", &HintParams(self))?;
        }
        if let Some(value_type) = self.value_type {
            hint.serialize_entry("valueType", value_type)?;
        }
        if let Some(raw) = &self.raw {
            hint.serialize_entry(RAW, raw)?;
        }
        hint.end()
    }
}

struct HintParams<'h, 'a>(&'h Hint<'a>);

impl Serialize for HintParams<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        param_entries(&self.0.params, &mut map)?;
        if self.0.without_tzid {
            map.serialize_entry("tzid", &[(); 0])?;
        }
        for name in &self.0.absent {
            map.serialize_entry(&name.to_ascii_lowercase(), &[(); 0])?;
        }
        map.end()
    }
}

/// The hatch of an object that is to be exported, read leniently: what is no jCal is left out.
#[derive(Debug, Default)]
pub(crate) struct KeptHatch<'a> {
    /// The component that the object came from, in lower case.
    pub(crate) name: Cow<'a, str>,
    pub(crate) properties: Vec<JcalProperty<'a>>,
    pub(crate) components: Vec<JcalComponent<'a>>,
    pub(crate) hints: Vec<KeptHint<'a>>,
    /// How many properties and components could not be read.
    pub(crate) unreadable: usize,
}

/// A hint that is to be used on export, if it still holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct KeptHint<'a> {
    pub(crate) path: Cow<'a, str>,
    pub(crate) name: Cow<'a, str>,
    pub(crate) params: Params<'a>,
    pub(crate) value_type: Option<Cow<'a, str>>,
    pub(crate) raw: Option<Cow<'a, str>>,
}

impl KeptHint<'_> {
    /// Whether the member came from the property `name`. Others leave the name out where it is the usual one.
    pub(crate) fn is_about(&self, name: &str) -> bool {
        self.name.is_empty() || self.name.eq_ignore_ascii_case(name)
    }

    /// The first value of a parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        let (_, values) = self.params.iter().find(|(other, _)| other.eq_ignore_ascii_case(name))?;
        values.first().map(AsRef::as_ref)
    }
}

impl<'a> KeptHatch<'a> {
    pub(crate) fn read(json: Option<&'a Json>) -> Self {
        let Some(json) = json else { return Self::default() };
        let mut hatch = Self::default();
        if hatch.read_members(&mut JsonReader::new(json)).is_none() {
            return Self { unreadable: 1, ..Self::default() };
        }
        hatch.hints.sort_by(|a, b| a.path.cmp(&b.path));
        hatch
    }

    fn read_members(&mut self, json: &mut JsonReader<'a>) -> Option<()> {
        json.enter(b'{')?;
        while json.has_next() {
            match &*json.name()? {
                "name" => self.name = json.read_or_skip(JsonReader::string).unwrap_or_default(),
                "properties" => self.properties = self.each(json, JcalProperty::read),
                "components" => self.components = self.each(json, JcalComponent::read),
                "convertedProperties" => match json.read_or_skip(read_hints) {
                    Some(hints) => self.hints = hints,
                    None => self.unreadable += 1,
                },
                _ => {
                    json.skip();
                }
            }
        }
        Some(())
    }

    /// The elements of an array that `read` can read; the others are counted.
    fn each<T>(
        &mut self,
        json: &mut JsonReader<'a>,
        read: impl Fn(&mut JsonReader<'a>) -> Option<T>,
    ) -> Vec<T> {
        let mut good = Vec::new();
        if json.enter(b'[').is_none() {
            json.skip();
            self.unreadable += 1;
            return good;
        }
        while json.has_next() {
            match json.read_or_skip(&read) {
                Some(element) => good.push(element),
                None => self.unreadable += 1,
            }
        }
        good
    }

    pub(crate) fn hint(&self, path: &str) -> Option<&KeptHint<'a>> {
        let at = self.hints.binary_search_by(|hint| hint.path.as_ref().cmp(path)).ok()?;
        self.hints.get(at)
    }

    /// Whether the member `path` came from the property `name`.
    pub(crate) fn came_from(&self, path: &str, name: &str) -> bool {
        self.hint(path).is_some_and(|hint| hint.name.eq_ignore_ascii_case(name))
    }
}

/// Reads all hints, or none.
fn read_hints<'a>(json: &mut JsonReader<'a>) -> Option<Vec<KeptHint<'a>>> {
    json.enter(b'{')?;
    let mut hints = Vec::new();
    while json.has_next() {
        let path = json.name()?;
        hints.push(KeptHint { path, ..read_hint(json)? });
    }
    Some(hints)
}

fn read_hint<'a>(json: &mut JsonReader<'a>) -> Option<KeptHint<'a>> {
    json.enter(b'{')?;
    let mut hint = KeptHint::default();
    while json.has_next() {
        match &*json.name()? {
            "name" => hint.name = json.string()?,
            "parameters" => hint.params = read_params(json)?,
            "valueType" => hint.value_type = Some(json.string()?),
            RAW => hint.raw = Some(json.string()?),
            _ => {
                json.skip();
            }
        }
    }
    Some(hint)
}
