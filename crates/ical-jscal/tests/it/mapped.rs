//! That the round trip is earned by mapping and not by carrying: over the corpus, everything that JSCalendar has a
//! place for comes back without the hatch, and the hatch holds nothing else.

use std::collections::BTreeMap;

use ical_jscal::{FromIcal, Mode, ToIcal};
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::fidelity;
use crate::oracle::mapping::{all_lines, compare, is_mapped, lines_with_place};
use crate::oracle::samples::{self, Sample};
use crate::oracle::{Difference, Kind};

/// What may differ without the hatch, and why. Where no document is named, it is the conversion draft in revision 25,
/// by its section or by what it says on a property or member.
type Class = (&'static str, fn(&Difference) -> bool);

const CLASSES: &[Class] = &[
    ("a zone that has no IANA name: the time floats (on DTSTART)", |it| {
        let custom = tzid(&it.before).is_some_and(|zone| TimeZone::get(zone).is_err());
        let clock = tzid(&it.before).is_none() && !it.after.is_empty();
        is_time(it) && is_zoned(&it.before) && !is_zoned(&it.after) && (custom || clock)
    }),
    ("a zone whose name alone tells nobody what it is, under its IANA name (on DTSTART)", |it| {
        let zones = (tzid(&it.before), tzid(&it.after));
        let renamed = zones.1.is_some() && zones.0 != zones.1;
        is_time(it) && renamed && value(&it.before) == value(&it.after)
    }),
    ("a floating time among times of a zone is one of that zone", |it| {
        let same_clock = value(&it.after).trim_end_matches('Z') == value(&it.before);
        is_time(it) && !is_zoned(&it.before) && same_clock
    }),
    ("UNTIL in a form that the start does not have (RFC 5545, section 3.3.10)", |it| {
        it.property == "RRULE" && without_until(&it.before) == without_until(&it.after)
    }),
    ("name, mail and deputy of one person stand on both lines (section 3.6)", |it| {
        let person = ["ORGANIZER", "ATTENDEE"].contains(&it.property.as_str());
        person && anonymous(&it.before) == anonymous(&it.after)
    }),
    ("a period is an occurrence of its own (on recurrenceOverrides)", |it| {
        it.before.contains("VALUE=PERIOD") || (it.property == "VEVENT" && it.kind == Kind::Added)
    }),
    ("an occurrence that the rule does not generate has an RDATE (on recurrenceOverrides)", |it| {
        it.property == "RDATE" && it.kind == Kind::Added
    }),
    ("an occurrence without a start or an end has those that its series gives it", |it| {
        let made = ["DTSTART", "DTEND"].contains(&it.property.as_str());
        made && it.kind == Kind::Added && it.component.contains("recurrence-id")
    }),
    ("an occurrence with nothing of its own is an RDATE (on recurrenceOverrides)", |it| {
        it.property == "VEVENT" && it.kind == Kind::Lost && it.component.contains("recurrence-id")
    }),
    ("an alarm without an action of JSCalendar displays (on VALARM)", |it| {
        it.property == "ACTION" && it.kind == Kind::Added
    }),
    ("a link with rel enclosure is an ATTACH (on links)", |it| {
        it.before.contains("LINKREL=enclosure") || it.after.starts_with("ATTACH;JSID=link")
    }),
];

/// What the reduction does not know, by file and property. A line of these may stand in the hatch.
const SINGLE: &[(&str, &str, &str)] = &[
    ("allenporter-ical__test_calendar_03", "DTEND", ENDS_BEFORE),
    ("allenporter-ical__todo-invalid-dtstart-tzid", "DUE", "it floats as its start does"),
    ("allenporter-ical__unknown_value_proton_mail", "SUMMARY", "no value type"),
    ("calendar-js__recurring-recurrence-id-only", "DTEND", ENDS_BEFORE),
    ("calendar-js__recurring-with-end-count-with-rdates", "DTEND", ENDS_BEFORE),
    ("calendar-js__recurring-with-end-until-with-rdates", "DTEND", ENDS_BEFORE),
    ("calcard__ical-259", "RDATE", TWICE),
    ("calendar-js__recurring-with-end-count-with-rdates", "RDATE", TWICE),
    ("calendar-js__recurring-with-end-until-with-rdates", "RDATE", TWICE),
    ("ccs-caldavtester__CalDAV-errors-39", "ATTENDEE", "ORGANIZER says all of it (section 3.6)"),
    ("ccs-caldavtester__CalDAV-problemics-4", "DTEND", ENDS_BEFORE),
    (
        "ccs-caldavtester__CalDAV-recurrence-splitting-unscheduled-scheduled-4",
        "ORGANIZER",
        ORGANIZER_OF_ONE,
    ),
    (
        "ccs-caldavtester__CalDAV-recurrence-splitting-unscheduled-scheduled-4",
        "ATTENDEE",
        ORGANIZER_OF_ONE,
    ),
    ("cyrus__data-icalendar-relatedto", "RELATED-TO", "RELTYPE twice"),
    ("ical4j__samples-invalid-twinkle", "VALARM", NO_ANCHOR),
    ("ical4j__samples-invalid-twinkle_orig", "VALARM", NO_ANCHOR),
    (
        "ical4j__samples-valid-Australian32Holidays",
        "RECURRENCE-ID",
        "a time where the series has dates (RFC 5545, section 3.8.4.4)",
    ),
    ("ical4j__samples-valid-EstoniaHolidays", "RDATE", EXCLUDED),
    ("icaljs__samples-recur_instances", "RDATE", TWICE),
    ("icalnet__RecurrenceTests_03", "RDATE", "the last second of the calendar has no instant"),
    ("libical__restriction", "DTSTART", SECOND),
    ("libical__restriction", "DTEND", SECOND),
    ("node-ical__badRRULE", "RRULE", NO_RULE),
    ("py-vobject__test_files-ruby_rrule", "RRULE", NO_RULE),
    ("radicale__event_rdate_period_start_stop", "RDATE", "no period"),
    ("recurring-ical-events__test-bad_rrule_missing_until_event", "RRULE", "an unknown part"),
    ("recurring-ical-events__test-issue_128_only_first_event", "RRULE", NO_RULE),
    ("recurring-ical-events__test-issue_186_invalid_trigger", "TRIGGER", "no value of RELATED"),
    ("recurring-ical-events__test-rdate", "RDATE", EXCLUDED),
    ("ruby-icalendar__single_event_bad_dtstart", "RDATE", "two values of one line, kept singly"),
    ("sabre-vobject__Recur-EventIterator-Issue26Test_01", "RRULE", NO_RULE),
    ("stalwart__src-webdav-cal_query_16", "VALARM", NO_ANCHOR),
    (
        "kcalendarcore__RecurrenceRule-unsorted-rdate",
        "RDATE",
        "two values of one line, kept singly",
    ),
];

const ENDS_BEFORE: &str = "it ends before it starts";
const EXCLUDED: &str = "EXDATE takes the same occurrence away (RFC 5545, section 3.8.5.1)";
const NO_ANCHOR: &str = "the task has no time that the alarm is relative to";
const NO_RULE: &str = "no rule";
const ORGANIZER_OF_ONE: &str =
    "no patch changes the organizer of an occurrence (JSCalendar 2.0, section 4.3.4)";
const SECOND: &str = "it stands twice (RFC 5545, section 3.6.1)";
const TWICE: &str = "the occurrence is there without it";

fn is_time(it: &Difference) -> bool {
    const TIMES: &[&str] =
        &["DTSTART", "DTEND", "DUE", "RECURRENCE-ID", "EXDATE", "RDATE", "RRULE"];
    it.kind == Kind::Changed && TIMES.contains(&it.property.as_str())
}

fn is_zoned(line: &str) -> bool {
    tzid(line).is_some() || line.contains("Z;") || line.ends_with('Z')
}

fn tzid(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once(";TZID=")?;
    Some(rest.split([';', ':']).next()?.trim_matches('"'))
}

fn value(line: &str) -> &str {
    line.rsplit(':').next().unwrap_or_default()
}

fn without_until(line: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = value(line).split(';').collect();
    parts.retain(|part| !part.starts_with("UNTIL") && !["INTERVAL=1", "WKST=MO"].contains(part));
    parts.sort_unstable();
    parts
}

/// The line without CN, EMAIL and SENT-BY.
fn anonymous(line: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = line.split(';').collect();
    let address = line.to_ascii_lowercase().rfind(":mailto:").map(|at| &line[at..]);
    parts.retain(|part| !["CN=", "EMAIL=", "SENT-BY="].iter().any(|name| part.starts_with(name)));
    parts.iter_mut().for_each(|part| *part = part.split(':').next().unwrap_or_default());
    parts.extend(address);
    parts.sort_unstable();
    parts
}

#[test]
fn what_has_a_place_needs_no_hatch() {
    judge("the hatch deleted", |bytes| {
        let mut json = serde_json::from_str(&FromIcal::new().json(bytes).unwrap().value).unwrap();
        delete_hatches(&mut json);
        ToIcal::new().json(&json.to_string()).unwrap().value
    });
}

#[test]
fn clean_mode_loses_only_what_has_no_place() {
    judge("clean", |bytes| {
        let mut import = FromIcal::new();
        import.mode = Mode::Clean;
        let mut export = ToIcal::new();
        export.mode = Mode::Clean;
        export.json(&import.json(bytes).unwrap().value).unwrap().value
    });
}

/// Compares the corpus with what `convert` makes of it, prints the figures, and fails over what has no reason.
fn judge(way: &str, convert: impl Fn(&[u8]) -> String) {
    let Some(samples) = samples() else { return };
    let mut lines: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut classes: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for sample in &samples {
        for (component, name) in lines_with_place(&sample.bytes) {
            if component != "VTIMEZONE" {
                lines.entry(format!("{component} {name}")).or_default().0 += 1;
            }
        }
        for difference in compare(&sample.bytes, convert(&sample.bytes).as_bytes()) {
            let row = format!("{} {}", innermost(&difference.component), difference.property);
            lines.entry(row).or_default().1 += 1;
            match reason(&sample.name, &difference) {
                Some(reason) => *classes.entry(reason).or_default() += 1,
                None => unexplained.push(format!("{} {difference}", sample.name)),
            }
        }
    }
    let (all, differing) = lines.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    println!(
        "{way}: {differing} differences in {all} lines that have a place, {} files",
        samples.len()
    );
    for (row, (all, differing)) in lines.iter().filter(|(_, (_, differing))| *differing > 0) {
        println!("    {row}: {differing} of {all}");
    }
    classes.iter().for_each(|(class, count)| println!("  {count:5}  {class}"));
    assert!(unexplained.is_empty(), "{}:\n{}", unexplained.len(), unexplained.join("\n"));
}

/// The name of the last component on a way, whose brackets may hold anything.
fn innermost(way: &str) -> &str {
    let names = ["VALARM", "VLOCATION", "PARTICIPANT", "VEVENT", "VTODO"];
    names.into_iter().find(|name| way.contains(&format!("/{name}"))).unwrap_or("VCALENDAR")
}

fn reason(file: &str, difference: &Difference) -> Option<&'static str> {
    let class = CLASSES.iter().find(|(_, is)| is(difference)).map(|(class, _)| *class);
    class.or_else(|| single(file, &difference.property))
}

fn single(file: &str, property: &str) -> Option<&'static str> {
    let file = fidelity::name(file).trim_end_matches(".ics");
    let found = SINGLE.iter().find(|(name, row, _)| *name == file && *row == property);
    found.map(|(_, _, reason)| *reason)
}

/// The hatch holds nothing that has a place.
#[test]
fn the_hatch_holds_nothing_that_has_a_place() {
    let Some(samples) = samples() else { return };
    let mut total: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut wrong = Vec::new();
    for sample in &samples {
        let mut lines: BTreeMap<(String, String), [usize; 3]> = BTreeMap::new();
        let json = FromIcal::new().json(&sample.bytes).unwrap().value;
        all_lines(&sample.bytes).into_iter().for_each(|row| lines.entry(row).or_default()[0] += 1);
        lines_with_place(&sample.bytes)
            .into_iter()
            .for_each(|row| lines.entry(row).or_default()[1] += 1);
        count_kept(&serde_json::from_str(&json).unwrap(), &mut |row| {
            lines.entry(row).or_default()[2] += 1;
        });
        for ((component, name), [all, placed, kept]) in lines {
            if is_mapped(&component, &name) {
                if kept > all - placed && single(&sample.name, &name).is_none() {
                    wrong.push(format!(
                        "{}: {component} {name}: {all} {placed} {kept}",
                        sample.name
                    ));
                }
                let sums = total.entry(format!("{component} {name}")).or_default();
                sums.iter_mut().zip([all, placed, kept]).for_each(|(sum, count)| *sum += count);
            }
        }
    }
    for (row, [all, placed, kept]) in total {
        println!("{row}: {all} lines, {placed} with a place, {kept} in the hatch");
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Tells of every property in a hatch: the component it came from, and its name.
fn count_kept(json: &Value, tell: &mut dyn FnMut((String, String))) {
    let hatch = &json["iCalendar"];
    let component = hatch["name"].as_str().unwrap_or_default().to_ascii_uppercase();
    for property in hatch["properties"].as_array().into_iter().flatten() {
        let name = property[0].as_str().unwrap_or_default().to_ascii_uppercase();
        tell((component.clone(), name));
    }
    match json {
        Value::Object(members) => members.values().for_each(|member| count_kept(member, tell)),
        Value::Array(elements) => elements.iter().for_each(|element| count_kept(element, tell)),
        _ => {}
    }
}

fn delete_hatches(json: &mut Value) {
    match json {
        Value::Object(members) => {
            members.retain(|name, _| name.split('/').all(|part| part != "iCalendar"));
            members.values_mut().for_each(delete_hatches);
        }
        Value::Array(elements) => elements.iter_mut().for_each(delete_hatches),
        _ => {}
    }
}

/// The corpus without those files that do not even come back with the hatch.
fn samples() -> Option<Vec<Sample>> {
    let samples = samples::corpus();
    if samples.is_none() {
        println!("not run: corpus not found");
    }
    let mut samples = samples?;
    samples.retain(|sample| fidelity::reason(fidelity::name(&sample.name)).is_none());
    Some(samples)
}
