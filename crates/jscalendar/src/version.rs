//! Which version an object follows, and the conversion from one version into the other.

mod detect;
mod lower;
mod overrides;
mod raise;
mod zone;

use json_model::{Object, Part, ToJson};

pub use self::detect::detect_version;
pub(crate) use self::detect::of_entry;
pub(crate) use self::lower::{method_of, old_roles};
pub(crate) use self::overrides::{Conversion, cause, names_any};

use self::zone::Zones;
use crate::kind::Timed;
use crate::report::Report;
use crate::{Entry, Group, Parsed, Version};

/// Converts an entry that stands alone.
pub(crate) fn convert_entry<T: Timed>(mut entry: T, version: Version) -> Parsed<T> {
    let mut report = Report::default();
    if version < Version::V2_0 {
        lower::entry(&mut entry, &mut report);
    } else {
        *entry.common_mut().version = Some(written(*entry.common().version));
        raise::entry(&mut entry, &Zones::default(), &mut report);
    }
    Parsed::new(entry, report.diagnostics)
}

/// Converts a group and its entries, which have no version of their own.
pub(crate) fn convert_group(mut group: Group, version: Version) -> Parsed<Group> {
    let mut report = Report::default();
    let old = version < Version::V2_0;
    let zones = Zones::of_group(&group);
    report.at("entries", |report| {
        for (index, entry) in group.entries.iter_mut().enumerate() {
            report.at(&index.to_string(), |report| match entry {
                Entry::Event(event) => member_of_group(&mut **event, old, &zones, report),
                Entry::Task(task) => member_of_group(&mut **task, old, &zones, report),
                Entry::Other(_) => {}
            });
        }
    });
    if old {
        group.version = None;
        lower::group(&mut group, &mut report);
    } else {
        group.version = Some(written(group.version));
        raise::group(&mut group, &mut report);
    }
    Parsed::new(group, report.diagnostics)
}

fn member_of_group<T: Timed>(entry: &mut T, old: bool, zones: &Zones, report: &mut Report) {
    *entry.common_mut().version = None;
    if old {
        lower::entry(entry, report);
    } else {
        raise::entry(entry, zones, report);
    }
}

/// A later minor version may stay: it only adds what older readers ignore.
fn written(version: Option<Version>) -> Version {
    version.filter(|version| version.major() == 2).unwrap_or(Version::V2_0)
}

/// The text of a converted object.
pub(crate) fn to_text<T: Object + ToJson>(
    converted: Parsed<T>,
    version: Version,
) -> Parsed<String> {
    let version = if version < Version::V2_0 { Version::V1_0 } else { Version::V2_0 };
    // Maps have text keys and numbers are integers, so nothing can fail; serde only has no way to say so.
    converted.map(|object| serde_json::to_string(&object.versioned(version)).unwrap_or_default())
}

/// Drops the legacy part, and lists what was in it.
fn drop_legacy<L: Part>(legacy: &mut Option<Box<L>>, report: &mut Report) {
    let Some(legacy) = legacy.take() else { return };
    for member in L::MEMBERS {
        if legacy.is_set(member.name) {
            lost(report, member.name, Version::V2_0);
        }
    }
}

/// Drops members of `extra` that `version` must not use: names of the other version, with a value of the wrong form.
fn drop_foreign<T: Object>(
    object: &mut T,
    legacy: &[json_model::Member],
    version: Version,
    report: &mut Report,
) {
    if object.extra().is_empty() {
        return;
    }
    let foreign = |name: &str| match T::MEMBERS.iter().find(|member| member.name == name) {
        Some(member) => member.only.is_some_and(|only| only != version),
        None => version == Version::V2_0 && legacy.iter().any(|member| member.name == name),
    };
    // An entry of a map is kept under `map/key`.
    let member = |name: &str| name.split_once('/').map_or(name, |(member, _)| member).to_owned();
    let names: Vec<String> =
        object.extra().keys().filter(|name| foreign(&member(name))).cloned().collect();
    for name in names {
        object.extra_mut().remove(&name);
        lost(report, &member(&name), version);
    }
}

fn lost(report: &mut Report, name: &str, version: Version) {
    report.error("not-in-version", name, format!("version {version} cannot say this"));
}
