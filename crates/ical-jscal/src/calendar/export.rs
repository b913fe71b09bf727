//! [`Group`] to VCALENDAR.

use std::collections::BTreeMap;

use content_line::{Component, LineWriter, Lines, Position};
use jscalendar::{Diagnostic, Entry, Event, Group, Json, Map, Method, Severity, Version};

use crate::ToIcal;
use crate::draft::Span;
use crate::entry;
use crate::hatch::KeptHatch;
use crate::jcal::JcalComponent;
use crate::out::{ExportContext, Out, Outgoing, Source};
use crate::property::text::{export_categories, export_keywords, is_plain, styled};
use crate::property::{change, extension, link};
use crate::time_zone::{Zones, to_vtimezone, vtimezone};
use crate::to_ical::Run;

/// Where a group stands in the document that is exported, for the pointers of what is reported.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place<'p> {
    /// At this pointer; empty for the whole document.
    Group(&'p str),
    /// Around the entry that stands alone at this pointer: the document has no group.
    Entry(&'p str),
}

impl<'p> Place<'p> {
    fn pointer(self) -> &'p str {
        match self {
            Self::Group(pointer) | Self::Entry(pointer) => pointer,
        }
    }

    fn entries(self) -> String {
        match self {
            Self::Group("") => "entries".to_owned(),
            Self::Group(pointer) => format!("{pointer}/entries"),
            Self::Entry(pointer) => pointer.to_owned(),
        }
    }

    fn entry(self, at: usize) -> String {
        match self {
            Self::Group(_) => format!("{}/{at}", self.entries()),
            Self::Entry(pointer) => pointer.to_owned(),
        }
    }
}

/// Writes a group as one VCALENDAR, or as several if its entries have different methods: METHOD is the calendar's
/// (RFC 5546, section 1.4).
pub(crate) fn export(group: &Group, place: Place<'_>, run: &mut Run<'_>, text: &mut String) {
    let mut methods = by_method(group);
    if methods.len() < 2 {
        let (method, entries) = methods.pop().unwrap_or_default();
        return export_calendar(group, &entries, method, place, run, text);
    }
    run.diagnostics.push_with(|| {
        let message =
            "several methods, but METHOD is that of a whole calendar; there is one for each";
        Diagnostic::new("methods", Severity::Warning, message)
            .property("method")
            .at_pointer(place.entries())
    });
    for (method, entries) in methods {
        export_calendar(group, &entries, method, place, run, text);
    }
}

type Numbered<'e> = Vec<(usize, &'e Entry)>;

/// The entries of each method, with their places in the group; the methods in the order they come.
fn by_method(group: &Group) -> Vec<(Option<&Method>, Numbered<'_>)> {
    let mut methods: Vec<(Option<&Method>, Numbered<'_>)> = Vec::new();
    let mut known = BTreeMap::new();
    for (at, entry) in group.entries.iter().enumerate() {
        let method = method_of(entry);
        let slot = *known.entry(method.map(Method::as_str)).or_insert(methods.len());
        if slot == methods.len() {
            methods.push((method, Vec::new()));
        }
        methods[slot].1.push((at, entry));
    }
    methods
}

fn method_of(entry: &Entry) -> Option<&Method> {
    match entry {
        Entry::Event(event) => event.method.as_ref(),
        Entry::Task(task) => task.method.as_ref(),
        _ => None,
    }
}

fn export_calendar(
    group: &Group,
    entries: &[(usize, &Entry)],
    method: Option<&Method>,
    place: Place<'_>,
    run: &mut Run<'_>,
    text: &mut String,
) {
    let options = run.options;
    let mut hatch = KeptHatch::read(group.i_calendar.as_ref());
    let mut kept = KeptZones::read(&hatch, entries);
    if let Some(legacy) = &group.legacy {
        kept.add_members(&legacy.time_zones);
    }
    let components = std::mem::take(&mut hatch.components);
    let mut cx = ExportContext {
        mode: options.mode,
        is_v2: group.version.is_some_and(|version| version >= Version::V2_0),
        now: options.now,
        email_attendee: options.email_attendee.as_deref(),
        zones: &kept.zones,
        diagnostics: &mut *run.diagnostics,
        allowance: &mut run.allowance,
        used: BTreeMap::new(),
        stale: Default::default(),
        unchanged: Vec::new(),
        pointer: place.pointer().to_owned(),
        occurrence: None,
    };
    // The entries come first, because they say which zones the calendar needs.
    let mut body = LineWriter::new();
    for (at, entry) in entries {
        cx.pointer = place.entry(*at);
        entry::export(entry, &mut Out { writer: &mut body, cx: &mut cx });
    }
    cx.pointer = place.pointer().to_owned();
    let mut writer = LineWriter::with(std::mem::take(text));
    let mut out = Out { writer: &mut writer, cx: &mut cx };
    out.writer.begin("VCALENDAR");
    export_header(group, entries, method, &hatch, options, &mut out);
    kept.export(options, &mut out);
    append(out.writer, body.as_str());
    export_components(&components, &mut out);
    out.writer.end("VCALENDAR");
    *text = writer.into_string();
}

fn export_header(
    group: &Group,
    entries: &[(usize, &Entry)],
    method: Option<&Method>,
    hatch: &KeptHatch<'_>,
    options: &ToIcal,
    out: &mut Out<'_, '_>,
) {
    // Hints of a calendar's properties are judged as those of an event without times.
    let nothing = Event::default();
    let source = Source::of_event(&nothing);
    if !hatch.properties.iter().any(|property| property.name == "version") {
        out.line(&Outgoing::raw("VERSION", "2.0"));
    }
    let prod_id = group
        .prod_id
        .as_deref()
        .or_else(|| entries.iter().find_map(|(_, entry)| prod_id_of(entry)));
    if prod_id.is_some() || !hatch.properties.iter().any(|property| property.name == "prodid") {
        let property = Outgoing::text("PRODID", prod_id.unwrap_or(&options.prod_id));
        out.property(&source, hatch, &property, || "prodId".to_owned());
    }
    if let Some(method) = method {
        let property = Outgoing::raw("METHOD", method.as_str().to_ascii_uppercase());
        out.property(&source, hatch, &property, || "method".to_owned());
    }
    export_texts(group, hatch, &source, out);
    if let Some(created) = group.created {
        out.property(&source, hatch, &change::utc("CREATED", created), || "created".to_owned());
    }
    if let Some(updated) = group.updated {
        out.property(&source, hatch, &change::utc("LAST-MODIFIED", updated), || {
            "updated".to_owned()
        });
    }
    if let Some(uri) = &group.source {
        let property = Outgoing::raw("SOURCE", uri.as_str()).param("VALUE", "URI");
        out.property(&source, hatch, &property, || "source".to_owned());
    }
    link::export_links(&group.links, "links", &source, hatch, out);
    extension::export_hatch(hatch, &written(group, method), out);
    out.extra("", &group.extra);
}

/// Writes the components of the hatch: whole ones that JSCalendar has no object for, and events that lack a start.
fn export_components(components: &[JcalComponent<'_>], out: &mut Out<'_, '_>) {
    if !out.cx.is_lossless() {
        return;
    }
    for component in components {
        let is_entry =
            ["vevent", "vtodo"].iter().any(|name| component.name.eq_ignore_ascii_case(name));
        let starts = component
            .properties
            .iter()
            .any(|property| property.name.eq_ignore_ascii_case("dtstart"));
        // Nobody may smuggle in a live entry that no JSCalendar reader has seen.
        if !(component.name.eq_ignore_ascii_case("vtimezone") || is_entry && starts) {
            out.kept_component(component);
        }
    }
}

/// Appends lines that are written already.
fn append(writer: &mut LineWriter, text: &str) {
    let mut whole = std::mem::take(writer).into_string();
    whole.push_str(text);
    *writer = LineWriter::with(whole);
}

fn prod_id_of(entry: &Entry) -> Option<&str> {
    match entry {
        Entry::Event(event) => event.prod_id.as_deref(),
        Entry::Task(task) => task.prod_id.as_deref(),
        _ => None,
    }
}

fn export_texts(group: &Group, hatch: &KeptHatch<'_>, source: &Source<'_>, out: &mut Out<'_, '_>) {
    if let Some(uid) = &group.uid {
        out.property(source, hatch, &Outgoing::text("UID", uid), || "uid".to_owned());
    }
    // Only the LANGUAGE of NAME is read back as that of the group.
    let mut locale = group.locale.as_deref();
    if let Some(title) = &group.title {
        let property = Outgoing::text("NAME", title).param_opt("LANGUAGE", locale.take());
        out.property(source, hatch, &property, || "title".to_owned());
    }
    let media_type = group.description_content_type.as_deref();
    if let Some(description) = &group.description {
        let is_styled = hatch.came_from("description", "styled-description")
            || !media_type.is_none_or(is_plain);
        let property = if is_styled {
            styled(description, media_type)
        } else {
            Outgoing::text("DESCRIPTION", description)
        };
        let property = property.param_opt("LANGUAGE", locale.take());
        out.property(source, hatch, &property, || "description".to_owned());
    }
    if let Some(locale) = locale {
        out.jsprop("locale", &Json::from(locale));
    }
    export_keywords(&group.keywords, source, hatch, out);
    export_categories(&group.categories, source, hatch, out);
    if let Some(color) = &group.color {
        out.property(source, hatch, &Outgoing::text("COLOR", color), || "color".to_owned());
    }
}

/// The single-valued properties that the group's members have written.
fn written(group: &Group, method: Option<&Method>) -> Vec<&'static str> {
    let said = [
        ("uid", group.uid.is_some()),
        ("prodid", group.prod_id.is_some()),
        ("method", method.is_some()),
        ("last-modified", group.updated.is_some()),
        ("created", group.created.is_some()),
        ("color", group.color.is_some()),
        ("source", group.source.is_some()),
    ];
    said.into_iter().filter(|(_, said)| *said).map(|(name, _)| name).collect()
}

/// The VTIMEZONEs that came along.
struct KeptZones {
    zones: Zones,
    texts: Vec<KeptZone>,
}

struct KeptZone {
    tzid: String,
    text: String,
    /// Whether it stands in the hatch of an entry, and is written there as well.
    is_nested: bool,
}

impl KeptZones {
    /// Those of the group's hatch, and of entries that stand without a group.
    fn read(hatch: &KeptHatch<'_>, entries: &[(usize, &Entry)]) -> Self {
        let mut kept = Self { zones: Zones::new(), texts: Vec::new() };
        hatch.components.iter().for_each(|component| kept.add(component));
        for (_, entry) in entries {
            let (json, legacy) = match entry {
                Entry::Event(event) => (event.i_calendar.as_ref(), event.legacy.as_ref()),
                Entry::Task(task) => (task.i_calendar.as_ref(), task.legacy.as_ref()),
                _ => (None, None),
            };
            if let Some(legacy) = legacy {
                kept.add_members(&legacy.time_zones);
            }
            // Most entries have none, and looking for the word is cheaper than reading the hatch.
            if json.is_some_and(|json| json.as_str().contains("\"vtimezone\"")) {
                // It may have come with the group since.
                let known = kept.texts.len();
                KeptHatch::read(json).components.iter().for_each(|component| kept.add(component));
                let own = kept.texts.split_off(known);
                let is_new =
                    |zone: &KeptZone| kept.texts.iter().all(|other| other.text != zone.text);
                let new: Vec<_> = own.into_iter().filter(is_new).collect();
                kept.texts.extend(new.into_iter().map(|zone| KeptZone { is_nested: true, ..zone }));
            }
        }
        kept
    }

    /// Adds the zones that objects of 1.0 bring along.
    fn add_members(&mut self, zones: &Map<jscalendar::TimeZoneId, jscalendar::TimeZone>) {
        for (key, zone) in zones {
            let tzid = key.as_str().trim_start_matches('/');
            let mut writer = LineWriter::new();
            let known = self.texts.iter().any(|other| other.tzid == tzid);
            if !known && to_vtimezone(tzid, zone, &mut writer) {
                self.define(writer.into_string());
            }
        }
    }

    fn add(&mut self, component: &JcalComponent<'_>) {
        if !component.name.eq_ignore_ascii_case("vtimezone") {
            return;
        }
        let mut writer = LineWriter::new();
        write_component(component, &mut writer);
        self.define(writer.into_string());
    }

    fn define(&mut self, text: String) {
        // What is its own stands before the components in it.
        let tzid = Lines::new(text.as_bytes())
            .skip(1)
            .map_while(Result::ok)
            .take_while(|line| !line.is("BEGIN"))
            .find(|line| line.is("TZID"))
            .map(|line| line.value().to_owned())
            .unwrap_or_default();
        if self.zones.lack(&tzid) {
            self.zones.define(&Component::parse(text.as_bytes(), Position::START).0);
        }
        self.texts.push(KeptZone { tzid, text, is_nested: false });
    }

    /// Writes the zones that came along, except those that nobody names any more, and those that are missing.
    fn export(&self, options: &ToIcal, out: &mut Out<'_, '_>) {
        for KeptZone { tzid, text, is_nested } in &self.texts {
            let forgotten = *is_nested || out.cx.stale.contains(tzid);
            if out.cx.is_lossless() && (!forgotten || out.cx.used.contains_key(tzid)) {
                append(out.writer, text);
            }
        }
        let used = std::mem::take(&mut out.cx.used);
        for (tzid, (id, span)) in used {
            let came_along =
                out.cx.is_lossless() && self.texts.iter().any(|other| other.tzid == tzid);
            // A name that came without a definition and is no name of the database goes out as it came in.
            let own = id.as_ref().is_none_or(|id| id.as_str() == tzid);
            if !came_along && own && options.time_zones {
                export_zone(&tzid, id.as_ref(), span, out);
            }
        }
    }
}

fn export_zone(tzid: &str, id: Option<&jscalendar::TimeZoneId>, span: Span, out: &mut Out<'_, '_>) {
    match id.and_then(jscalendar::TimeZoneId::to_jiff) {
        Some(zone) => {
            let (first, last) = span.years();
            vtimezone(tzid, &zone, first, last, out.writer);
        }
        None => {
            let message =
                format!("the time zone \"{tzid}\" is unknown; it is named without a definition");
            out.cx.report("", Severity::Warning, "time-zone", message);
        }
    }
}

pub(crate) fn write_component(component: &JcalComponent<'_>, writer: &mut LineWriter) {
    let name = component.name.to_ascii_uppercase();
    writer.begin(&name);
    for property in &component.properties {
        let mut line = writer.name(&property.name.to_ascii_uppercase());
        for (name, values) in &property.params {
            line = line.param_values(&name.to_ascii_uppercase(), values);
        }
        if let Some(value_type) = &property.value_type {
            line = line.param("VALUE", &value_type.to_ascii_uppercase());
        }
        line.value_raw(&property.value);
    }
    component.components.iter().for_each(|child| write_component(child, writer));
    writer.end(&name);
}
