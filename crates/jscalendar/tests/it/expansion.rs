//! `Expansion` against the reference answers of several calendar libraries.

use jscalendar::{Event, Expansion, Json, LocalDateTime, PatchObject, Reading};

use crate::answers::{Answer, answers, date_time, report, rule};

/// What two libraries agree on.
#[test]
fn settled_answers() {
    let Some(answers) = answers() else { return };
    let settled: Vec<Answer> = answers.into_iter().filter(|answer| answer.settled).collect();
    let plain = settled.iter().filter(|answer| answer.extra.is_empty());
    let wrong: Vec<String> =
        plain.clone().filter_map(|answer| differs(answer, Reading::Rrule)).collect();
    report(&format_args!("settled: {} rules, {} differ", plain.count(), wrong.len()));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What only one library says.
#[test]
fn other_answers() {
    let Some(answers) = answers() else { return };
    let mut found = Vec::new();
    let mut compared = 0;
    for answer in answers.iter().filter(|answer| !answer.settled && answer.extra.is_empty()) {
        if !cfg!(feature = "icu") && answer.text.contains("RSCALE") {
            continue;
        }
        compared += 1;
        let standard = differs(answer, Reading::Standard);
        let rrule = differs(answer, Reading::Rrule);
        if let (Some(standard), Some(rrule)) = (&standard, &rrule) {
            let reason = KNOWN.iter().find(|(id, _)| *id == answer.id).map(|(_, reason)| reason);
            report(&format_args!("{standard}\n    or {rrule}\n    {reason:?}"));
            found.push(answer.id.as_str());
        }
    }
    report(&format_args!(
        "other answers: {compared} rules, {} differ in both readings",
        found.len()
    ));
    found.sort_unstable();
    let of_icu = |id: &&str| cfg!(feature = "icu") || *id != "libical-62fd0aae";
    let mut known: Vec<&str> = KNOWN.iter().map(|(id, _)| *id).filter(of_icu).collect();
    known.sort_unstable();
    assert_eq!(found, known);
}

/// Rules with further dates, excluded dates and excluded rules, as overrides and rules of an event.
#[test]
fn answers_with_further_lines() {
    let Some(answers) = answers() else { return };
    let mut compared = 0;
    for answer in answers.iter().filter(|answer| !answer.extra.is_empty()) {
        let mut event = Event::new("e", answer.start);
        event.recurrence_rule = answer.rule.clone().map(Box::new);
        for line in &answer.extra {
            let (name, value) = line.split_once(':').unwrap();
            let name = name.split(';').next().unwrap();
            for value in value.split(',') {
                match name {
                    "RDATE" => {
                        event.recurrence_overrides.insert(date(value), PatchObject::default())
                    }
                    "EXDATE" => event.recurrence_overrides.insert(date(value), excluded()),
                    "EXRULE" => None,
                    _ => panic!("{name} is not read"),
                };
            }
            if name == "EXRULE" {
                let rule = rule(value, None).unwrap();
                let legacy = event.legacy.get_or_insert_default();
                legacy.excluded_recurrence_rules.push(rule);
            }
        }
        let starts = event.occurrences().unwrap().map(|it| it.start().local);
        let found: Vec<_> = starts.take(answer.instances.len() + 1).collect();
        assert_eq!(found, answer.instances, "{} {} {:?}", answer.id, answer.text, answer.extra);
        compared += 1;
    }
    report(&format_args!("with further lines: {compared}"));
    assert!(compared > 0);
}

fn date(text: &str) -> LocalDateTime {
    date_time(text).unwrap()
}

fn excluded() -> PatchObject {
    let mut patch = PatchObject::default();
    patch.set("excluded", Json::from(true));
    patch
}

/// Answers that are not given here in either reading, with the rule that decides.
const KNOWN: &[(&str, &str)] = &[
    // RFC 5545, section 3.3.10: week -28 of 2015, which has 53, is week 26, and of 2016 week 25.
    ("ical.js-104d3113", "weeks are counted from the end of the year"),
    ("ical.js-5863ab2c", "weeks are counted from the end of the year"),
    (
        "ical.js-4296f79a",
        "the third Sunday of August 2017 is left out there, for no reason that a rule gives",
    ),
    // RFC 5545, section 3.3.10: a rule that goes on is not wrong, nor is one that leaves the calendar.
    ("ical.net-09866c0f", "the library's range of years ends, and it raises an error"),
    ("ical.net-4aae3550", "the library's range of years ends, and it raises an error"),
    ("ical.net-5cbefb69", "the library wants a bound to be asked for"),
    ("ical.net-dd27754a", "the library's range of years ends, and it raises an error"),
    (
        "ical.net-d211173e",
        "a place of 0 is an error by RFC 5545, section 3.3.10; the library passes over it",
    ),
    // By RFC 5545 BYYEARDAY is not for months; by RFC 8984, section 4.3.3, every part is a filter.
    ("ical.net-f8fd8125", "byYearDay filters in rules of months"),
    // RFC 8984, section 4.3.3: the start is always the first instance, so there is no other with a count of 1.
    ("libical-44e761c3", "the start is not given by the rule, and is the first instance"),
    ("libical-62fd0aae", "ICU has a ninth leap month in 2109, ICU4X has the next one in 2139"),
    // RFC 8984, section 4.3.3: periods are years of the calendar, not of weeks.
    ("libical-70abae72", "Tuesday of week 53 is in 2015, five years after 2010"),
    // RFC 8984, section 1.4.5: the moments are those of the clock; what the gap makes of them is the same instant.
    ("sabre-vobject-873c4975", "a time in a gap is written as the rule gives it"),
    ("sabre-vobject-8b1bbb34", "a time in a gap is written as the rule gives it"),
    ("sabre-vobject-d23f253a", "a time in a gap is written as the rule gives it"),
];

/// How the expansion differs from an answer.
fn differs(answer: &Answer, reading: Reading) -> Option<String> {
    let of =
        |what: String| Some(format!("{} {} from {}: {what}", answer.id, answer.text, answer.start));
    let Some(rule) = &answer.rule else {
        return if answer.refused { None } else { of("not read".to_owned()) };
    };
    let series = match Expansion::with_reading(rule, answer.start, reading) {
        Ok(_) if answer.refused => return of("should be refused".to_owned()),
        Ok(series) => series,
        Err(_) if answer.refused => return None,
        Err(error) => return of(error.to_string()),
    };
    let series = match answer.from {
        Some(from) => series.starting_at(from),
        None => series,
    };
    let within = |at: &LocalDateTime| answer.window_end.is_none_or(|end| *at <= end);
    let found: Vec<LocalDateTime> = series
        .take_while(within)
        .take(answer.instances.len() + usize::from(answer.complete))
        .collect();
    if found == answer.instances {
        return None;
    }
    let place = found.iter().zip(&answer.instances).take_while(|(a, b)| a == b).count();
    of(format!("at {place} {:?}, expected {:?}", found.get(place), answer.instances.get(place)))
}
