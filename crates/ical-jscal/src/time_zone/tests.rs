//! The cases of time zone resolution, and what the corpus makes of it.

use content_line::{Component, Position};
use jscalendar::{LocalDateTime, Zone};
use proptest::prelude::*;

use super::vtimezone::tests::BERLIN;
use super::*;

fn zones(definitions: &[(&str, &str)]) -> Zones {
    let mut zones = Zones::new();
    for (tzid, body) in definitions {
        let text = format!("BEGIN:VTIMEZONE\nTZID:{tzid}\n{body}END:VTIMEZONE\n");
        zones.define(&Component::parse(text.as_bytes(), Position::START).0);
    }
    zones
}

fn fixed(offset: &str) -> String {
    format!(
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\n"
    )
}

/// The zone's name, `custom` or `unknown`; an `=` before it if it is verbatim.
/// All of these years.
fn whole_years(from: i16, to: i16) -> Span {
    let year = |year: i16| u16::try_from(year).unwrap();
    let from_first = LocalDateTime::new(year(from.min(to)), 1, 1, 0, 0, 0).unwrap();
    let to_last = LocalDateTime::new(year(from.max(to)), 12, 31, 23, 59, 59).unwrap();
    Span { from: from_first, to: to_last }
}

fn shown(resolved: &Resolved) -> String {
    let mark = if resolved.verbatim { "=" } else { "" };
    match (&resolved.id, &resolved.rules) {
        (Some(id), Some(_)) => format!("{mark}{id}"),
        (Some(id), None) => format!("{mark}{id} without rules"),
        (None, Some(_)) => "custom".to_owned(),
        (None, None) => "unknown".to_owned(),
    }
}

fn named(tzid: &str) -> String {
    shown(&Zones::new().resolve(tzid, whole_years(2024, 2024)))
}

fn defined(tzid: &str, body: &str) -> String {
    shown(&zones(&[(tzid, body)]).resolve(tzid, whole_years(2024, 2026)))
}

#[test]
fn z01_an_iana_name_wins_over_its_definition() {
    assert_eq!(defined("Europe/Berlin", &fixed("-0500")), "=Europe/Berlin");
    let resolved = zones(&[("Europe/Berlin", &fixed("-0500"))])
        .resolve("Europe/Berlin", whole_years(2024, 2024));
    let noon: LocalDateTime = "2024-07-01T12:00:00".parse().unwrap();
    assert_eq!(resolved.rules.unwrap().instant_of(noon), 1_719_828_000);
}

#[test]
fn z02_windows_names() {
    assert_eq!(named("W. Europe Standard Time"), "Europe/Berlin");
    assert_eq!(defined("W. Europe Standard Time", BERLIN), "Europe/Berlin");
    // A name that its definition contradicts says nothing.
    assert_eq!(defined("W. Europe Standard Time", &fixed("-0500")), "Etc/GMT+5");
    assert_eq!(defined("Central European Standard Time", BERLIN), "Europe/Warsaw");
}

#[test]
fn z04_labels() {
    assert_eq!(named("(UTC-05:00) Eastern Time (US & Canada)"), "America/New_York");
    assert_eq!(named("\"(UTC-05:00) Eastern Time (US & Canada)\""), "America/New_York");
    let label = "(UTC+01:00) Brussels\\, Copenhagen\\, Madrid\\, Paris";
    let zones = zones(&[(label, BERLIN)]);
    assert_eq!(
        shown(
            &zones.resolve(
                "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris",
                whole_years(2024, 2024)
            )
        ),
        "Europe/Paris"
    );
    assert_eq!(shown(&zones.resolve(label, whole_years(2024, 2024))), "Europe/Paris");
}

#[test]
fn z05_vendor_prefixes() {
    for tzid in [
        "/freeassociation.sourceforge.net/Tzfile/Europe/Berlin",
        "/mozilla.org/20050126_1/Europe/Berlin",
    ] {
        assert_eq!(named(tzid), "Europe/Berlin");
        assert_eq!(defined(tzid, BERLIN), "Europe/Berlin");
        assert_eq!(defined(tzid, &fixed("+0100")), "Etc/GMT-1");
    }
}

#[test]
fn z06_capitals() {
    assert_eq!(named("europe/berlin"), "Europe/Berlin");
    assert_eq!(named("EUROPE/BERLIN"), "Europe/Berlin");
}

#[test]
fn z07_rules_and_hints() {
    assert_eq!(defined("Office", BERLIN), "Europe/Berlin");
    assert_eq!(
        defined("Office", &format!("X-LIC-LOCATION:Europe/Vienna\n{BERLIN}")),
        "Europe/Vienna"
    );
    assert_eq!(
        defined("Office", &format!("TZURL:http://tzurl.org/zoneinfo/Europe/Rome\n{BERLIN}")),
        "Europe/Rome"
    );
    assert_eq!(defined("Office", &format!("TZID-ALIAS-OF:Europe/Oslo\n{BERLIN}")), "Europe/Oslo");
    // A hint that the rules contradict says nothing.
    assert_eq!(
        defined("Office", &format!("X-LIC-LOCATION:Europe/London\n{BERLIN}")),
        "Europe/Berlin"
    );
}

#[test]
fn z07_the_years_decide() {
    let zones = zones(&[("W. Europe Standard Time", BERLIN)]);
    let in_years =
        |from, to| shown(&zones.resolve("W. Europe Standard Time", whole_years(from, to)));
    assert_eq!(in_years(1997, 2030), "Europe/Berlin");
    // Summer time ended in September then, and there was none in 1979.
    assert_eq!(in_years(1990, 1990), "custom");
    assert_eq!(in_years(1979, 2030), "custom");
    // Of a year that does not fit as a whole, what is used may fit.
    let date = |text: &str| text.parse::<LocalDateTime>().unwrap();
    let summer = Span { from: date("1990-07-01T09:00:00"), to: date("1990-07-01T10:00:00") };
    let autumn = Span { to: date("1990-10-03T10:00:00"), ..summer };
    assert_eq!(shown(&zones.resolve("W. Europe Standard Time", summer)), "Europe/Berlin");
    assert_eq!(shown(&zones.resolve("W. Europe Standard Time", autumn)), "custom");
}

#[test]
fn z08_whole_hours() {
    assert_eq!(defined("Island", &fixed("-1000")), "Etc/GMT+10");
    assert_eq!(defined("Island", &fixed("+1400")), "Etc/GMT-14");
    assert_eq!(defined("Island", &fixed("+0000")), "Etc/UTC");
    assert_eq!(defined("Hawaiian Standard Time", &fixed("-1000")), "Pacific/Honolulu");
    assert_eq!(defined("Nepal", &fixed("+0545")), "Asia/Kathmandu");
}

#[test]
fn z09_an_offset_of_its_own() {
    let resolved = zones(&[("Odd", &fixed("-0835"))]).resolve("Odd", whole_years(2024, 2024));
    assert_eq!(shown(&resolved), "custom");
    let noon: LocalDateTime = "2024-07-01T12:00:00".parse().unwrap();
    let rules = resolved.rules.unwrap();
    assert_eq!(rules.instant_of(noon), 1_719_866_100);
    assert_eq!(rules.local_at(1_719_866_100), Some(noon));
}

#[test]
fn z12_nothing_is_known() {
    for tzid in ["Foo", "Foo/Bar", "", "Customized Time Zone", "Etc/Unknown", "CST"] {
        assert_eq!(named(tzid), "unknown", "{tzid}");
    }
    assert_eq!(
        shown(&zones(&[("Foo", BERLIN)]).resolve("Bar", whole_years(2024, 2024))),
        "unknown"
    );
}

#[test]
fn z13_a_definition_that_cannot_be_read() {
    for body in
        ["", "BEGIN:STANDARD\nEND:STANDARD\n", &fixed("+9900"), &fixed("+0100").repeat(10_000)]
    {
        assert_eq!(defined("Odd", body), "unknown");
        // The name and the hints are as good as without a definition.
        assert_eq!(defined("W. Europe Standard Time", body), "Europe/Berlin");
        assert_eq!(
            defined("Odd", &format!("X-LIC-LOCATION:Europe/Vienna\n{body}")),
            "Europe/Vienna"
        );
    }
}

#[test]
fn z17_z18_links_and_utc() {
    for tzid in [
        "US/Eastern",
        "UTC",
        "Etc/UTC",
        "GMT",
        "Mexico/General",
        "EST5EDT",
        "Europe/Kiev",
        "Asia/Calcutta",
    ] {
        assert_eq!(named(tzid), format!("={tzid}"));
    }
    assert!(matches!(
        Zones::new().resolve("UTC", whole_years(2024, 2024)).rules,
        Some(ZoneRules::Utc)
    ));
    assert_eq!(named("utc"), "UTC");
    assert_eq!(shown(&Resolved::utc()), "Etc/UTC");
}

#[test]
fn z23_the_first_of_two_definitions() {
    let zones = zones(&[("Odd", &fixed("-1000")), ("Odd", BERLIN)]);
    assert_eq!(shown(&zones.resolve("Odd", whole_years(2024, 2024))), "Etc/GMT+10");
}

#[test]
fn names_that_are_offsets() {
    assert_eq!(named("UTC+11"), "Etc/GMT-11");
    assert_eq!(named("(GMT +01:00)"), "Etc/GMT-1");
    assert_eq!(named("UTC+05:45"), "Asia/Kathmandu");
    assert_eq!(named("UTC+00:07"), "custom");
}

#[test]
fn a_later_definition_is_not_hidden_by_an_earlier_answer() {
    let mut zones = Zones::new();
    assert_eq!(shown(&zones.resolve("Odd", whole_years(2024, 2024))), "unknown");
    let text = format!("BEGIN:VTIMEZONE\nTZID:Odd\n{BERLIN}END:VTIMEZONE\n");
    zones.define(&Component::parse(text.as_bytes(), Position::START).0);
    assert_eq!(shown(&zones.resolve("Odd", whole_years(2024, 2024))), "Europe/Berlin");
}

proptest! {
    #[test]
    fn the_same_question_has_the_same_answer(asked in prop::collection::vec((0..6_usize, 1950..2060_i16, 1950..2060_i16), 1..30)) {
        let definitions = [("Office", BERLIN), ("W. Europe Standard Time", BERLIN)];
        let names = ["Office", "W. Europe Standard Time", "Europe/Berlin", "UTC+3", "Foo", "US-Eastern"];
        let one = zones(&definitions);
        for (name, from, to) in asked {
            let fresh = shown(&zones(&definitions).resolve(names[name], whole_years(from, to)));
            prop_assert_eq!(shown(&one.resolve(names[name], whole_years(from, to))), fresh);
        }
    }

    #[test]
    fn no_name_panics(tzid in "\\PC{0,60}", from in 0..=9999_i16, to in 0..=9999_i16) {
        let zones = zones(&[("Office", BERLIN)]);
        zones.resolve(&tzid, whole_years(from, to));
        zones.resolve("Office", whole_years(from, to));
    }
}

mod corpus {
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;
    use crate::value::Moment;

    /// How often something came out, and for which names.
    type Tally = BTreeMap<&'static str, BTreeMap<String, usize>>;

    fn files() -> Option<Vec<PathBuf>> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/ical");
        let entries = std::fs::read_dir(folder).ok()?;
        let mut files: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.sort_unstable();
        Some(files)
    }

    /// A component and all in it.
    fn all<'c, 'a>(root: &'c Component<'a>) -> Vec<&'c Component<'a>> {
        let mut found = vec![root];
        let mut next = 0;
        while let Some(component) = found.get(next) {
            found.extend(&component.components);
            next += 1;
        }
        found
    }

    /// All starts and ends.
    fn times(components: &[&Component<'_>]) -> Vec<LocalDateTime> {
        let objects = components
            .iter()
            .filter(|component| !component.is("STANDARD") && !component.is("DAYLIGHT"));
        let lines =
            objects.flat_map(|object| ["DTSTART", "DTEND", "DUE"].map(|name| object.line(name)));
        let moments = lines.flatten().filter_map(|line| Moment::parse(line.value()));
        moments.map(|moment| moment.local).collect()
    }

    fn years(times: &[LocalDateTime]) -> (i16, i16) {
        let years = times.iter().map(|time| time.year() as i16);
        let first = years.clone().min().unwrap_or(2024);
        (first, years.max().unwrap_or(first))
    }

    fn kind(resolved: &Resolved, name: &str, hints: &[String]) -> &'static str {
        let by = |name: &str| {
            let zones = names::guess(name).zones;
            resolved.id.as_ref().is_some_and(|id| zones.contains(id))
        };
        match (&resolved.id, &resolved.rules) {
            _ if resolved.verbatim => "1 verbatim",
            (Some(_), _) if by(&names::bare(name)) => "2 by name",
            (Some(_), _) if hints.iter().any(|hint| by(hint)) => "3 by hint",
            (Some(_), _) => "4 by rules",
            (None, Some(_)) => "5 custom",
            (None, None) => "6 unknown",
        }
    }

    fn print(title: &str, tally: &Tally) {
        println!("{title}");
        for (kind, names) in tally {
            println!("  {kind}: {} ({} names)", names.values().sum::<usize>(), names.len());
            if !kind.starts_with('1') {
                for (name, count) in names {
                    println!("      {count} {}", name.chars().take(90).collect::<String>());
                }
            }
        }
    }

    fn note(tally: &mut Tally, kind: &'static str, name: String) {
        *tally.entry(kind).or_default().entry(name).or_default() += 1;
    }

    #[test]
    fn zones_of_the_corpus() {
        let Some(files) = files() else {
            println!("not run: corpus not found");
            return;
        };
        let (mut with, mut without) = (Tally::new(), Tally::new());
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            for calendar in content_line::parse(&bytes).components {
                one_calendar(&calendar, &mut with, &mut without);
            }
        }
        print("VTIMEZONEs", &with);
        print("TZIDs without VTIMEZONE", &without);
        assert!(with.len() > 4 && without.len() > 2);
    }

    fn one_calendar(calendar: &Component<'_>, with: &mut Tally, without: &mut Tally) {
        let components = all(calendar);
        let times = times(&components);
        let (from, to) = years(&times);
        let definitions = components.iter().filter(|component| component.is("VTIMEZONE"));
        let mut zones = Zones::new();
        definitions.clone().for_each(|definition| zones.define(definition));
        let mut defined = Vec::new();
        for definition in definitions {
            let Some(line) = definition.line("TZID") else { continue };
            let resolved = zones.resolve(line.value(), whole_years(from, to));
            let hints = names::hints(definition);
            let kind = kind(&resolved, line.value(), &hints);
            note(with, kind, format!("{} -> {} in {from}-{to}", line.value(), shown(&resolved)));
            let name = names::bare(line.value()).into_owned();
            check_offsets(definition, &resolved, defined.contains(&name), (from, to));
            defined.push(name);
        }
        let lines = components.iter().flat_map(|component| &component.lines);
        let params =
            lines.filter_map(|line| line.param("TZID")).map(|param| param.value().into_owned());
        let mut tzids: Vec<String> =
            params.filter(|tzid| !defined.contains(&names::bare(tzid).into_owned())).collect();
        tzids.sort_unstable();
        tzids.dedup();
        for tzid in tzids {
            let resolved = zones.resolve(&tzid, whole_years(from, to));
            note(without, kind(&resolved, &tzid, &[]), format!("{tzid} -> {}", shown(&resolved)));
        }
    }

    /// Unless the name is IANA's, the zone has the offsets of the definition.
    fn check_offsets(
        definition: &Component<'_>,
        resolved: &Resolved,
        repeated: bool,
        years: (i16, i16),
    ) {
        let Some(own) = read(definition).filter(|_| !resolved.verbatim && !repeated) else {
            return;
        };
        let rules = resolved.rules.as_ref().unwrap();
        let (from, to) = instants(&own, years);
        for instant in (from..to).step_by(86_400 * 5).take(10_000) {
            assert_eq!(rules.local_at(instant), own.local_at(instant), "{:?}", resolved.id);
        }
    }
}
