//! Planted changes that the oracle must report, on our own files and wherever in the corpus they apply.

use super::compare;
use super::samples::{Sample, corpus, own, text};

/// From line `i` on, so many lines are replaced by these.
type Change = (usize, Vec<String>);

/// What becomes of line `i`, if the mutation applies to it.
type Edit = fn(&Sample, usize) -> Option<Change>;

/// A planted change. It is tried at the first and the last line of a file to which it applies.
struct Mutation(&'static str, Edit);

const MUTATIONS: &[Mutation] = &[
    // Parameters
    Mutation("attendee parameter dropped", |s, i| {
        of(s, i, &["ATTENDEE", "ORGANIZER"]).and_then(|l| without_first_param(l))
    }),
    Mutation("language dropped", |s, i| valued(s, i).and_then(|l| without_param(l, "LANGUAGE"))),
    Mutation("FMTTYPE dropped", |s, i| valued(s, i).and_then(|l| without_param(l, "FMTTYPE"))),
    Mutation("RSVP dropped", |s, i| valued(s, i).and_then(|l| without_param(l, "RSVP"))),
    Mutation("ROLE dropped", |s, i| valued(s, i).and_then(|l| without_param(l, "ROLE"))),
    Mutation("MEMBER dropped", |s, i| valued(s, i).and_then(|l| without_param(l, "MEMBER"))),
    Mutation("X- parameter dropped", |s, i| {
        valued(s, i).filter(|_| s.within[i] != "VTIMEZONE").and_then(|l| without_param(l, "X-"))
    }),
    Mutation("X- parameter added", |s, i| {
        of(s, i, &["SUMMARY"]).and_then(|l| one(l.replacen("SUMMARY", "SUMMARY;X-NEW=1", 1)))
    }),
    Mutation("CN changed", |s, i| {
        valued(s, i).and_then(|l| with_param(l, "CN", |v| format!("{v}x")))
    }),
    Mutation("PARTSTAT changed", |s, i| {
        valued(s, i).and_then(|l| with_param(l, "PARTSTAT", |_| "X-OTHER".to_owned()))
    }),
    Mutation("RELTYPE changed", |s, i| {
        valued(s, i).and_then(|l| with_param(l, "RELTYPE", |_| "X-OTHER".to_owned()))
    }),
    Mutation("FBTYPE changed", |s, i| {
        of(s, i, &["FREEBUSY"]).and_then(|l| with_param(l, "FBTYPE", |_| "X-OTHER".to_owned()))
    }),
    Mutation("CN of two attendees swapped", |s, i| swapped(s, i, "CN")),
    Mutation("PARTSTAT of two attendees swapped", |s, i| swapped(s, i, "PARTSTAT")),
    // Zones and times
    Mutation("TZID dropped", |s, i| of(s, i, &["DTSTART"]).and_then(|l| without_param(l, "TZID"))),
    Mutation("zone of the start shifted", |s, i| {
        of(s, i, &["DTSTART"]).and_then(|l| with_param(l, "TZID", elsewhere))
    }),
    Mutation("zone of the end shifted", |s, i| {
        in_event(s, i, "DTEND").and_then(|l| with_param(l, "TZID", elsewhere))
    }),
    Mutation("zone of EXDATE shifted", |s, i| {
        of(s, i, &["EXDATE"])
            .filter(|l| !l.ends_with('Z'))
            .and_then(|l| with_param(l, "TZID", elsewhere))
    }),
    Mutation("start an hour later", |s, i| in_main(s, i, &["DTSTART"]).and_then(|l| hour_later(l))),
    Mutation("end an hour later", |s, i| in_event(s, i, "DTEND").and_then(|l| hour_later(l))),
    Mutation("due an hour later", |s, i| of(s, i, &["DUE"]).and_then(|l| hour_later(l))),
    Mutation("start a day later", |s, i| in_main(s, i, &["DTSTART"]).and_then(|l| day_later(l))),
    Mutation("end a day later", |s, i| in_event(s, i, "DTEND").and_then(|l| day_later(l))),
    Mutation("EXDATE moved", |s, i| of(s, i, &["EXDATE"]).and_then(|l| day_later(l))),
    Mutation("RECURRENCE-ID moved", |s, i| of(s, i, &["RECURRENCE-ID"]).and_then(|l| day_later(l))),
    Mutation("Z dropped", |s, i| {
        in_main(s, i, &["DTSTART", "DTSTAMP"]).and_then(|l| one(l.strip_suffix('Z')?.to_owned()))
    }),
    Mutation("Z added", |s, i| {
        in_main(s, i, &["DTSTART"])
            .filter(|l| timed(l) && !l.ends_with('Z'))
            .and_then(|l| one(format!("{l}Z")))
    }),
    Mutation("date made midnight", |s, i| in_main(s, i, &["DTSTART"]).and_then(|l| midnight(l))),
    Mutation("DTSTAMP changed", |s, i| in_main(s, i, &["DTSTAMP"]).and_then(|l| day_later(l))),
    Mutation("CREATED changed", |s, i| of(s, i, &["CREATED"]).and_then(|l| hour_later(l))),
    Mutation("length of an event changed", |s, i| {
        in_event(s, i, "DURATION").and_then(|l| with_value(l, "P3DT7M"))
    }),
    Mutation("other length changed", |s, i| {
        outside_event(s, i, "DURATION").and_then(|l| with_value(l, "P3DT7M"))
    }),
    Mutation("trigger changed", |s, i| {
        of(s, i, &["TRIGGER"]).and_then(|l| with_value(l, "-P3DT7M"))
    }),
    Mutation("trigger related to the other end", |s, i| {
        of(s, i, &["TRIGGER"]).and_then(|l| without_param(l, "RELATED=END"))
    }),
    // Recurrence
    Mutation("UNTIL changed", |s, i| rule(s, i).and_then(|l| until_later(l))),
    Mutation("COUNT dropped", |s, i| rule(s, i).and_then(|l| without_part(l, "COUNT"))),
    Mutation("INTERVAL changed", |s, i| {
        rule(s, i).filter(|l| !has_part(l, "INTERVAL")).and_then(|l| one(format!("{l};INTERVAL=7")))
    }),
    Mutation("BYDAY element dropped", |s, i| rule(s, i).and_then(|l| without_day(l))),
    Mutation("rule dropped", |s, i| rule(s, i).and_then(gone)),
    Mutation("EXDATE dropped", |s, i| of(s, i, &["EXDATE"]).filter(|_| apart(s, i)).and_then(gone)),
    Mutation("RDATE dropped", |s, i| {
        in_main(s, i, &["RDATE"]).filter(|_| apart(s, i)).and_then(gone)
    }),
    Mutation("RECURRENCE-ID dropped", |s, i| of(s, i, &["RECURRENCE-ID"]).and_then(gone)),
    Mutation("RANGE dropped", |s, i| {
        of(s, i, &["RECURRENCE-ID"]).and_then(|l| without_param(l, "RANGE"))
    }),
    // Text and other values
    Mutation("escape changed", |s, i| {
        texts(s, i).filter(|l| l.contains("\\n")).and_then(|l| one(l.replacen("\\n", "n", 1)))
    }),
    Mutation("comma lost", |s, i| {
        texts(s, i).filter(|l| l.contains("\\,")).and_then(|l| one(l.replacen("\\,", "", 1)))
    }),
    Mutation("description truncated", |s, i| {
        of(s, i, &["DESCRIPTION"]).filter(|l| l.len() > 30).and_then(|l| shorter(l))
    }),
    Mutation("summary in capitals", |s, i| of(s, i, &["SUMMARY"]).and_then(|l| capitals(l))),
    Mutation("location padded", |s, i| of(s, i, &["LOCATION"]).and_then(|l| one(format!("{l} ")))),
    Mutation("URL changed", |s, i| of(s, i, &["URL"]).and_then(|l| one(format!("{l}/")))),
    Mutation("address changed", |s, i| {
        of(s, i, &["ATTENDEE", "ORGANIZER"]).and_then(|l| one(format!("{l}x")))
    }),
    Mutation("SEQUENCE changed", |s, i| of(s, i, &["SEQUENCE"]).and_then(|l| one(format!("{l}1")))),
    Mutation("PRIORITY dropped", |s, i| of(s, i, &["PRIORITY"]).and_then(gone)),
    Mutation("STATUS changed", |s, i| of(s, i, &["STATUS"]).and_then(|l| one(format!("{l}X")))),
    Mutation("TRANSP dropped", |s, i| of(s, i, &["TRANSP"]).and_then(gone)),
    Mutation("CLASS dropped", |s, i| of(s, i, &["CLASS"]).and_then(gone)),
    Mutation("METHOD dropped", |s, i| of(s, i, &["METHOD"]).and_then(gone)),
    Mutation("LAST-MODIFIED dropped", |s, i| in_main(s, i, &["LAST-MODIFIED"]).and_then(gone)),
    Mutation("LAST-MODIFIED added", |s, i| {
        begin(s, i, &["VEVENT", "VTODO"]).and_then(|l| two(l, "LAST-MODIFIED:19990101T000000Z"))
    }),
    Mutation("COMPLETED dropped", |s, i| of(s, i, &["COMPLETED"]).and_then(gone)),
    Mutation("PERCENT-COMPLETE changed", |s, i| {
        of(s, i, &["PERCENT-COMPLETE"]).and_then(|l| with_value(l, "7"))
    }),
    Mutation("GEO sign flipped", |s, i| of(s, i, &["GEO"]).and_then(|l| other_hemisphere(l))),
    Mutation("CATEGORIES value dropped", |s, i| {
        of(s, i, &["CATEGORIES"]).filter(|_| lone(s, i)).and_then(|l| without_last_item(l))
    }),
    Mutation("RESOURCES value dropped", |s, i| {
        of(s, i, &["RESOURCES"]).and_then(|l| without_last_item(l))
    }),
    Mutation("FREEBUSY period dropped", |s, i| {
        of(s, i, &["FREEBUSY"]).and_then(|l| without_last_item(l))
    }),
    Mutation("one of several lines dropped", |s, i| {
        of(s, i, &["COMMENT", "ATTACH", "CONTACT"]).filter(|_| !lone(s, i)).and_then(gone)
    }),
    Mutation("attachment byte changed", |s, i| {
        of(s, i, &["ATTACH", "IMAGE"]).and_then(|l| other_byte(l))
    }),
    Mutation("attendee dropped", |s, i| of(s, i, &["ATTENDEE"]).and_then(gone)),
    Mutation("attendee twice", |s, i| of(s, i, &["ATTENDEE"]).and_then(|l| two(l, l))),
    Mutation("organizer dropped", |s, i| of(s, i, &["ORGANIZER"]).and_then(gone)),
    Mutation("relation dropped", |s, i| of(s, i, &["RELATED-TO"]).and_then(gone)),
    Mutation("request status changed", |s, i| {
        of(s, i, &["REQUEST-STATUS"]).and_then(|l| one(format!("{l}!")))
    }),
    Mutation("X- property dropped", |s, i| extension(s, i).and_then(gone)),
    Mutation("X- property changed", |s, i| extension(s, i).and_then(|l| one(format!("{l}x")))),
    Mutation("X- property added", |s, i| {
        begin(s, i, &["VEVENT", "VTODO", "VCALENDAR"]).and_then(|l| two(l, "X-NEW:1"))
    }),
    Mutation("UID changed", |s, i| in_main(s, i, &["UID"]).and_then(|l| one(format!("{l}x")))),
    // Components
    Mutation("alarm dropped", |s, i| begin(s, i, &["VALARM"]).and_then(|_| cut(s, i))),
    Mutation("alarm twice", |s, i| begin(s, i, &["VALARM"]).and_then(|_| twice(s, i))),
    Mutation("entry dropped", |s, i| {
        begin(s, i, &["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"]).and_then(|_| cut(s, i))
    }),
    Mutation("entry twice", |s, i| {
        begin(s, i, &["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"]).and_then(|_| twice(s, i))
    }),
    Mutation("calendar dropped", |s, i| begin(s, i, &["VCALENDAR"]).and_then(|_| cut(s, i))),
    Mutation("line of an unknown component dropped", |s, i| {
        valued(s, i).filter(|_| s.within[i].starts_with("X-")).and_then(gone)
    }),
    Mutation("zone dropped", |s, i| {
        begin(s, i, &["VTIMEZONE"]).filter(|_| zone_is_used(s, i)).and_then(|_| cut(s, i))
    }),
    Mutation("zone offsets shifted", |s, i| {
        begin(s, i, &["VTIMEZONE"]).and_then(|_| shifted_zone(s, i))
    }),
];

#[test]
fn every_mutation_of_our_own_files_is_reported() {
    let tally = run(&own());
    for (Mutation(name, _), count) in MUTATIONS.iter().zip(tally) {
        assert!(count > 0, "{name} applies to no file of ours");
    }
}

#[test]
fn every_mutation_of_the_corpus_is_reported() {
    let Some(files) = corpus() else {
        println!("not run: corpus not found");
        return;
    };
    let tally = run(&files);
    for (Mutation(name, _), count) in MUTATIONS.iter().zip(&tally) {
        println!("{count:6} {name}");
    }
    println!(
        "{:6} planted in all, {} kinds, {} files",
        tally.iter().sum::<usize>(),
        tally.len(),
        files.len()
    );
}

/// How often each mutation was planted.
fn run(files: &[Sample]) -> Vec<usize> {
    let mut missed = Vec::new();
    let tally = MUTATIONS
        .iter()
        .map(|Mutation(name, edit)| {
            let mut planted = 0;
            for file in files {
                for (line, mutant) in mutants(file, *edit) {
                    planted += 1;
                    if compare(&file.bytes, &text(&mutant)).is_empty() {
                        missed.push(format!(
                            "{name}: {} line {}: {}",
                            file.name,
                            line + 1,
                            file.lines[line]
                        ));
                    }
                }
            }
            planted
        })
        .collect();
    assert!(missed.is_empty(), "{} not reported:\n{}", missed.len(), missed.join("\n"));
    tally
}

fn mutants(file: &Sample, edit: Edit) -> Vec<(usize, Vec<String>)> {
    let apply = |i: usize| {
        let (count, instead) = edit(file, i)?;
        let mut lines = file.lines.clone();
        lines.splice(i..i + count, instead);
        Some((i, lines))
    };
    let first = (0..file.lines.len()).find_map(apply);
    let last = (0..file.lines.len()).rev().find_map(apply);
    match (first, last) {
        (Some(first), Some(last)) if first.0 != last.0 => vec![first, last],
        (first, _) => first.into_iter().collect(),
    }
}

// Which line it is

/// The name, the parameters and the value of a line; quotes are heeded.
fn parts(line: &str) -> Option<(&str, &str, &str)> {
    let mut quoted = false;
    let colon = line.find(|c| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let (name, params) = head.split_at(head.find(';').unwrap_or(head.len()));
    Some((name, params, value))
}

fn valued(s: &Sample, i: usize) -> Option<&String> {
    let line = &s.lines[i];
    let (name, _, value) = parts(line)?;
    (!value.trim().is_empty() && !matches!(name.to_ascii_uppercase().as_str(), "BEGIN" | "END"))
        .then_some(line)
}

fn of<'a>(s: &'a Sample, i: usize, names: &[&str]) -> Option<&'a String> {
    valued(s, i).filter(|l| {
        parts(l).is_some_and(|(n, ..)| names.iter().any(|name| n.eq_ignore_ascii_case(name)))
    })
}

fn in_main<'a>(s: &'a Sample, i: usize, names: &[&str]) -> Option<&'a String> {
    of(s, i, names).filter(|_| matches!(s.within[i].as_str(), "VEVENT" | "VTODO" | "VJOURNAL"))
}

fn in_event<'a>(s: &'a Sample, i: usize, name: &str) -> Option<&'a String> {
    of(s, i, &[name]).filter(|_| s.within[i] == "VEVENT")
}

fn outside_event<'a>(s: &'a Sample, i: usize, name: &str) -> Option<&'a String> {
    of(s, i, &[name]).filter(|_| s.within[i] != "VEVENT")
}

fn rule(s: &Sample, i: usize) -> Option<&String> {
    in_main(s, i, &["RRULE"])
}

fn texts(s: &Sample, i: usize) -> Option<&String> {
    of(s, i, &["SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT"])
}

fn extension(s: &Sample, i: usize) -> Option<&String> {
    valued(s, i).filter(|l| {
        l.starts_with("X-") && !s.within[i].ends_with("LIGHT") && !s.within[i].starts_with("VTIMEZ")
    })
}

fn begin<'a>(s: &'a Sample, i: usize, names: &[&str]) -> Option<&'a String> {
    let line = &s.lines[i];
    let name = line.to_ascii_uppercase().strip_prefix("BEGIN:")?.trim().to_owned();
    (names.contains(&name.as_str()) && s.end_of(i).is_some()).then_some(line)
}

/// Whether no other line of the component has the same name.
fn lone(s: &Sample, i: usize) -> bool {
    let name = |l: &str| parts(l).map(|(n, ..)| n.to_ascii_uppercase());
    s.siblings(i).into_iter().filter(|&j| name(&s.lines[j]) == name(&s.lines[i])).count() == 1
}

/// Whether no other line of the same name in the component has a value on the same day.
fn apart(s: &Sample, i: usize) -> bool {
    let days = |j: usize| -> Vec<&str> {
        let value = parts(&s.lines[j]).map(|p| p.2).unwrap_or_default();
        value.split(',').filter_map(|v| v.trim().get(..8)).collect()
    };
    let name = |j: usize| parts(&s.lines[j]).map(|p| p.0);
    let others = s.siblings(i).into_iter().filter(|&j| j != i && name(j) == name(i));
    let taken: Vec<&str> = others.flat_map(days).collect();
    !days(i).iter().any(|d| taken.contains(d))
}

fn timed(line: &str) -> bool {
    parts(line)
        .is_some_and(|(_, _, v)| v.len() >= 15 && v.as_bytes()[8].eq_ignore_ascii_case(&b'T'))
}

// What becomes of it

fn gone<T>(_: T) -> Option<Change> {
    Some((1, Vec::new()))
}

fn one(line: String) -> Option<Change> {
    Some((1, vec![line]))
}

fn two(line: &str, extra: &str) -> Option<Change> {
    Some((1, vec![line.to_owned(), extra.to_owned()]))
}

fn with_value(line: &str, value: &str) -> Option<Change> {
    let (name, params, _) = parts(line)?;
    one(format!("{name}{params}:{value}"))
}

/// The byte range of the parameter whose text begins so, with its semicolon.
fn param_range(line: &str, prefix: &str) -> Option<(usize, usize)> {
    let (name, params, _) = parts(line)?;
    let mut quoted = false;
    let mut starts: Vec<usize> = Vec::new();
    for (i, c) in params.char_indices() {
        quoted ^= c == '"';
        if c == ';' && !quoted {
            starts.push(i);
        }
    }
    let ends = starts.iter().skip(1).copied().chain([params.len()]);
    let wanted = prefix.to_ascii_uppercase();
    let found = starts.iter().copied().zip(ends).find(|&(from, to)| {
        let param = params[from + 1..to].to_ascii_uppercase();
        let exact = wanted.contains('=')
            || wanted.ends_with('-')
            || param.split('=').next() == Some(&wanted);
        param.starts_with(&wanted) && exact
    });
    found.map(|(from, to)| (name.len() + from, name.len() + to))
}

fn without_param(line: &str, prefix: &str) -> Option<Change> {
    let (from, to) = param_range(line, prefix)?;
    one(format!("{}{}", &line[..from], &line[to..]))
}

fn without_first_param(line: &str) -> Option<Change> {
    let known =
        ["CN", "PARTSTAT", "CUTYPE", "EMAIL", "SENT-BY", "SCHEDULE-STATUS", "DELEGATED-TO", "DIR"];
    known.iter().find_map(|name| without_param(line, name))
}

fn param_value<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (from, to) = param_range(line, name)?;
    Some(line[from..to].split_once('=')?.1.trim_matches('"'))
}

fn with_param(line: &str, name: &str, change: fn(&str) -> String) -> Option<Change> {
    let (from, to) = param_range(line, name)?;
    let value = change(param_value(line, name)?);
    one(format!("{};{name}=\"{value}\"{}", &line[..from], &line[to..]))
}

fn elsewhere(tzid: &str) -> String {
    if tzid == "Pacific/Kiritimati" {
        "Asia/Kolkata".to_owned()
    } else {
        "Pacific/Kiritimati".to_owned()
    }
}

/// Gives an attendee the parameter of another one of the same component, and that one its own.
fn swapped(s: &Sample, i: usize, name: &str) -> Option<Change> {
    let line = of(s, i, &["ATTENDEE"])?;
    let next = of(s, i + 1, &["ATTENDEE"]).filter(|_| i + 1 < s.lines.len())?;
    let (mine, theirs) = (param_value(line, name)?, param_value(next, name)?);
    let same_person = parts(line)?.2.eq_ignore_ascii_case(parts(next)?.2);
    if mine.eq_ignore_ascii_case(theirs) || same_person {
        return None;
    }
    let put = |line: &str, value: &str| {
        let (from, to) = param_range(line, name)?;
        Some(format!("{};{name}=\"{value}\"{}", &line[..from], &line[to..]))
    };
    Some((2, vec![put(line, theirs)?, put(next, mine)?]))
}

/// A component is gone.
fn cut(s: &Sample, i: usize) -> Option<Change> {
    Some((s.end_of(i)? - i, Vec::new()))
}

/// A component is there twice.
fn twice(s: &Sample, i: usize) -> Option<Change> {
    let block = &s.lines[i..s.end_of(i)?];
    Some((block.len(), [block, block].concat()))
}

fn zone_is_used(s: &Sample, i: usize) -> bool {
    let tzid = (i..s.lines.len()).find_map(|j| s.lines[j].strip_prefix("TZID:"));
    tzid.is_some_and(|id| {
        s.lines.iter().any(|l| param_value(l, "TZID").is_some_and(|v| v.eq_ignore_ascii_case(id)))
    })
}

/// All offsets of a zone are three hours further east.
fn shifted_zone(s: &Sample, i: usize) -> Option<Change> {
    let block = &s.lines[i..s.end_of(i)?];
    let shift = |line: &String| match parts(line) {
        Some((name @ ("TZOFFSETFROM" | "TZOFFSETTO"), _, value)) => {
            let hours: i32 = value.get(..3)?.parse().ok()?;
            Some(format!("{name}:{:+03}{}", hours + 3, value.get(3..)?))
        }
        _ => Some(line.clone()),
    };
    let shifted: Vec<String> = block.iter().map(shift).collect::<Option<_>>()?;
    (shifted != block).then_some((block.len(), shifted))
}

/// The digits of the last date-time of a line, changed.
fn with_last_digits(line: &str, from: usize, to: usize, change: fn(i32) -> i32) -> Option<Change> {
    let (name, params, value) = parts(line)?;
    let start = value.rfind(',').map_or(0, |c| c + 1);
    let (from, to) = (start + from, start + to);
    let number: i32 = value.get(from..to)?.parse().ok()?;
    one(format!("{name}{params}:{}{:02}{}", &value[..from], change(number), &value[to..]))
}

fn hour_later(line: &str) -> Option<Change> {
    timed(line).then(|| with_last_digits(line, 9, 11, |h| (h + 1) % 24))?
}

fn day_later(line: &str) -> Option<Change> {
    let value = parts(line)?.2;
    let digits = value.get(..8)?.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| with_last_digits(line, 6, 8, |d| d % 28 + 1))?
}

fn midnight(line: &str) -> Option<Change> {
    let (name, _, value) = parts(line)?;
    (value.len() == 8).then(|| one(format!("{name}:{value}T000000")))?
}

fn until_later(line: &str) -> Option<Change> {
    let at = line.to_ascii_uppercase().find("UNTIL=")? + "UNTIL=".len();
    let year: i32 = line.get(at..at + 4)?.parse().ok()?;
    one(format!("{}{:04}{}", &line[..at], year + 1, &line[at + 4..]))
}

fn has_part(line: &str, name: &str) -> bool {
    parts(line).is_some_and(|(.., v)| {
        v.to_ascii_uppercase().split(';').any(|p| p.starts_with(&format!("{name}=")))
    })
}

fn without_part(line: &str, name: &str) -> Option<Change> {
    if !has_part(line, name) {
        return None;
    }
    let (property, params, value) = parts(line)?;
    let rest: Vec<&str> = value
        .split(';')
        .filter(|p| !p.to_ascii_uppercase().starts_with(&format!("{name}=")))
        .collect();
    one(format!("{property}{params}:{}", rest.join(";")))
}

fn without_day(line: &str) -> Option<Change> {
    let at = line.find("BYDAY=")?;
    let list = line[at..].split(';').next()?;
    let (rest, _) = list.rsplit_once(',')?;
    one(format!("{}{rest}{}", &line[..at], &line[at + list.len()..]))
}

fn shorter(line: &str) -> Option<Change> {
    let mut line = line.to_owned();
    let last = line.pop()?;
    (!last.is_control()).then(|| one(line))?
}

fn capitals(line: &str) -> Option<Change> {
    let value = parts(line)?.2;
    // An escaped line break may be written in capitals.
    let other = value.to_uppercase();
    (other != value && !value.contains('\\')).then(|| with_value(line, &other))?
}

fn other_hemisphere(line: &str) -> Option<Change> {
    let value = parts(line)?.2;
    let other = match value.strip_prefix('-') {
        Some(rest) => rest.to_owned(),
        None => format!("-{}", value.trim_start_matches('+')),
    };
    value
        .chars()
        .take_while(|c| *c != ';')
        .any(|c| c.is_ascii_digit() && c != '0')
        .then(|| with_value(line, &other))?
}

fn without_last_item(line: &str) -> Option<Change> {
    let (_, _, value) = parts(line)?;
    let cut = value.rmatch_indices(',').map(|(i, _)| i).find(|&i| !value[..i].ends_with('\\'));
    let items: Vec<&str> = value.split(',').collect();
    let last = items.last()?;
    if items.iter().filter(|i| *i == last).count() > 1 || last.is_empty() {
        return None;
    }
    cut.map_or_else(|| gone(()), |i| with_value(line, &value[..i]))
}

fn other_byte(line: &str) -> Option<Change> {
    let value = parts(line)?.2;
    if !line.to_ascii_uppercase().contains("BASE64") {
        return None;
    }
    let middle = value.len() / 2;
    let letter = if value.as_bytes().get(middle)? == &b'A' { 'B' } else { 'A' };
    with_value(line, &format!("{}{letter}{}", value.get(..middle)?, value.get(middle + 1..)?))
}
