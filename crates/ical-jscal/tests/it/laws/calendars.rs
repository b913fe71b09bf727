//! Whole well-formed calendars with everything that the mapping knows.
//!
//! They are trees of lines, so that shrinking takes lines and components away until little is left.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::clocks::{Clock, VTIMEZONES, clock};

/// A component.
#[derive(Clone, Debug)]
struct Block {
    name: &'static str,
    lines: Vec<String>,
    blocks: Vec<Self>,
}

impl Block {
    fn write(&self, width: usize, out: &mut String) {
        fold(&format!("BEGIN:{}", self.name), width, out);
        self.lines.iter().for_each(|line| fold(line, width, out));
        self.blocks.iter().for_each(|block| block.write(width, out));
        fold(&format!("END:{}", self.name), width, out);
    }

    fn names_zone(&self, tzid: &str) -> bool {
        let mut names =
            [format!("TZID={tzid}:"), format!("TZID={tzid};"), format!("TZID=\"{tzid}\"")]
                .into_iter();
        names.any(|name| self.lines.iter().any(|line| line.contains(&name)))
            || self.blocks.iter().any(|block| block.names_zone(tzid))
    }
}

/// Folds to at most `width` octets, between characters.
fn fold(line: &str, width: usize, out: &mut String) {
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > width {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// One VCALENDAR as text.
pub(crate) fn calendar() -> impl Strategy<Value = String> {
    (
        header(),
        vec(entry(), 1..4),
        vec(bystander(), 0..2),
        vec(any::<bool>(), VTIMEZONES.len()),
        20_usize..76,
    )
        .prop_map(|(lines, entries, bystanders, define, width)| {
            let mut blocks: Vec<Block> = Vec::new();
            for (number, entry) in entries.iter().enumerate() {
                blocks.extend(entry.blocks(number));
            }
            blocks.extend(bystanders);
            let mut text = String::new();
            fold("BEGIN:VCALENDAR", width, &mut text);
            lines.iter().for_each(|line| fold(line, width, &mut text));
            for ((tzid, definition), define) in VTIMEZONES.iter().zip(define) {
                if define && blocks.iter().any(|block| block.names_zone(tzid)) {
                    text.push_str(definition);
                }
            }
            blocks.iter().for_each(|block| block.write(width, &mut text));
            fold("END:VCALENDAR", width, &mut text);
            text
        })
}

/// The calendar's own lines.
fn header() -> impl Strategy<Value = Vec<String>> {
    let optional = all(vec![
        maybe(fixed("CALSCALE:GREGORIAN")),
        maybe(fixed("METHOD:REQUEST")),
        maybe(line("NAME", text_params(), text())),
        maybe(fixed("UID:calendar-1")),
        maybe(fixed("LAST-MODIFIED:20260103T000000Z")),
        maybe(fixed("CREATED:20250103T000000Z")),
        maybe(line("DESCRIPTION", text_params(), text())),
        maybe(fixed("COLOR:turquoise")),
        maybe(line("CATEGORIES", text_params(), list())),
        maybe(fixed("REFRESH-INTERVAL;VALUE=DURATION:P1D")),
        maybe(fixed("SOURCE;VALUE=URI:https://example.com/all.ics")),
        maybe(fixed("URL:https://example.com/home")),
        maybe(line("IMAGE", link_params(), uri())),
        maybe(line("X-WR-CALNAME", other_params(), text())),
        maybe(fixed("CONCEPT:https://example.com/concept")),
    ]);
    optional.prop_map(|mut lines| {
        lines.splice(0..0, ["VERSION:2.0".to_owned(), "PRODID:-//laws//EN".to_owned()]);
        lines
    })
}

/// Components that become no entries.
fn bystander() -> impl Strategy<Value = Block> {
    let journal = (vec(line("SUMMARY", text_params(), text()), 0..2), kept_block()).prop_map(
        |(mut lines, block)| {
            lines.push("UID:journal".to_owned());
            lines.push("DTSTAMP:20260101T000000Z".to_owned());
            Block { name: "VJOURNAL", lines, blocks: vec![block] }
        },
    );
    let free_busy = Just(Block {
        name: "VFREEBUSY",
        lines: vec![
            "UID:busy".to_owned(),
            "DTSTAMP:20260101T000000Z".to_owned(),
            "FREEBUSY;FBTYPE=BUSY:20260101T000000Z/PT1H,20260102T000000Z/20260102T010000Z"
                .to_owned(),
        ],
        blocks: Vec::new(),
    });
    prop_oneof![journal, free_busy]
}

/// An object or a series with its overrides.
#[derive(Clone, Debug)]
struct Entry {
    is_task: bool,
    clock: Clock,
    /// Minutes from the first moment of the clock.
    start: i64,
    end: End,
    rule: Option<(i64, String)>,
    exrule: bool,
    rdates: Vec<i64>,
    periods: Vec<i64>,
    exdates: Vec<i64>,
    lines: Vec<String>,
    organizer: Option<String>,
    class: Option<&'static str>,
    blocks: Vec<Block>,
    overrides: Vec<Override>,
}

/// How the end of an event, or when a task is due, is said.
#[derive(Clone, Debug)]
enum End {
    None,
    Length(i64),
    At(i64),
    Elsewhere(i64, Clock),
}

#[derive(Clone, Debug)]
struct Override {
    /// Which occurrence; none of them if it is beyond those of the rule.
    occurrence: i64,
    /// How far it is moved, if it has a start.
    moved: Option<i64>,
    end: End,
    /// Which lines of the series it repeats: a bit each.
    repeats: u64,
    lines: Vec<String>,
    blocks: Vec<Block>,
}

fn entry() -> impl Strategy<Value = Entry> {
    let rule = option::of((
        1_i64..9,
        select(vec!["", ";COUNT=8", ";UNTIL", ";WKST=SU", ";BYHOUR=9,10", ";X-PART=1"]),
    ));
    let dates = (vec(0_i64..40, 0..3), vec(0_i64..40, 0..2), vec(0_i64..8, 0..3), any::<bool>());
    let who = (
        option::of(organizer()),
        option::of(select(vec!["PUBLIC", "PRIVATE", "CONFIDENTIAL", "X-OWN"])),
    );
    (
        any::<bool>(),
        clock(),
        (0_i64..3000, end()),
        rule,
        dates,
        entry_lines(),
        who,
        vec(child(), 0..4),
        vec(an_override(), 0..4),
    )
        .prop_map(
            |(
                is_task,
                clock,
                (start, end),
                rule,
                dates,
                lines,
                (organizer, class),
                blocks,
                overrides,
            )| {
                let (rdates, periods, exdates, exrule) = dates;
                let rule = rule.map(|(days, part)| (days, rule_text(&clock, days, part)));
                Entry {
                    is_task,
                    clock,
                    start,
                    end,
                    rule,
                    exrule,
                    rdates,
                    periods,
                    exdates,
                    lines,
                    organizer,
                    class,
                    blocks,
                    overrides,
                }
            },
        )
}

fn rule_text(clock: &Clock, days: i64, part: &str) -> String {
    let until =
        if part == ";UNTIL" { format!(";UNTIL={}", clock.until()) } else { part.to_owned() };
    match days {
        7 => format!("FREQ=WEEKLY{until}"),
        _ => format!("FREQ=DAILY;INTERVAL={days}{until}"),
    }
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![
        Just(End::None),
        (0_i64..4000).prop_map(End::Length),
        (0_i64..4000).prop_map(End::At),
        ((0_i64..4000), clock()).prop_map(|(minutes, clock)| End::Elsewhere(minutes, clock)),
    ]
}

fn an_override() -> impl Strategy<Value = Override> {
    (0_i64..10, option::of(-300_i64..300), end(), any::<u64>(), entry_lines(), vec(child(), 0..2))
        .prop_map(|(occurrence, moved, end, repeats, lines, blocks)| Override {
            occurrence,
            moved,
            end,
            repeats,
            lines,
            blocks,
        })
}

impl Entry {
    fn blocks(&self, number: usize) -> Vec<Block> {
        let uid = format!("UID:entry-{number}");
        let mut main = vec![uid.clone(), "DTSTAMP:20260101T120000Z".to_owned()];
        main.push(self.clock.line("DTSTART", self.start));
        main.extend(self.end_line(&self.end, self.start));
        main.extend(self.dates());
        main.extend(self.lasting());
        main.extend(self.lines.clone());
        let mut all = vec![self.block(main, self.blocks.clone())];
        let mut taken = Vec::new();
        for it in &self.overrides {
            if taken.contains(&it.occurrence) {
                continue;
            }
            taken.push(it.occurrence);
            all.push(self.overriding(it, uid.clone()));
        }
        all
    }

    fn block(&self, lines: Vec<String>, blocks: Vec<Block>) -> Block {
        let name = if self.is_task { "VTODO" } else { "VEVENT" };
        // What only the one or the other may have.
        let other: &[&str] = if self.is_task {
            &["TRANSP", "STATUS:CONFIRMED", "STATUS:TENTATIVE", "DTEND"]
        } else {
            &[
                "PERCENT-COMPLETE",
                "COMPLETED",
                "ESTIMATED-DURATION",
                "STATUS:IN-PROCESS",
                "STATUS:COMPLETED",
                "DUE",
            ]
        };
        // Beside dates it says nothing, and may go.
        let idle = if self.clock.is_date() { "SHOW-WITHOUT-TIME" } else { "-" };
        let lines = lines
            .into_iter()
            .filter(|line| !line.starts_with(idle))
            .filter(|line| !other.iter().any(|start| line.starts_with(start)))
            .collect();
        Block { name, lines: distinct(lines), blocks: distinct_blocks(blocks) }
    }

    /// What an override may not change.
    fn lasting(&self) -> impl Iterator<Item = String> + '_ {
        self.organizer.iter().cloned().chain(self.class.map(|class| format!("CLASS:{class}")))
    }

    fn end_line(&self, end: &End, start: i64) -> Option<String> {
        let name = if self.is_task { "DUE" } else { "DTEND" };
        match end {
            End::None => None,
            End::Length(minutes) => Some(format!("DURATION:{}", self.clock.length(*minutes))),
            End::At(minutes) => Some(self.clock.line(name, start + self.clock.whole(*minutes))),
            // Another form than that of the start is another fault, not one of the conversion.
            End::Elsewhere(minutes, other) if other.is_zoned() && self.clock.is_zoned() => {
                Some(other.line(name, start + 2000 + minutes))
            }
            End::Elsewhere(..) => None,
        }
    }

    fn dates(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some((_, rule)) = &self.rule {
            lines.push(format!("RRULE:{rule}"));
        }
        if self.exrule {
            lines.push("EXRULE:FREQ=YEARLY".to_owned());
        }
        if !self.rdates.is_empty() {
            lines.push(
                self.clock
                    .list("RDATE", self.rdates.iter().map(|days| self.start + days * 1440 + 60)),
            );
        }
        if !self.periods.is_empty() && !self.clock.is_date() {
            lines.push(
                self.clock.periods(self.periods.iter().map(|days| self.start + days * 1440 + 120)),
            );
        }
        for nth in &self.exdates {
            lines.push(self.clock.line("EXDATE", self.nth(*nth)));
        }
        lines
    }

    fn nth(&self, nth: i64) -> i64 {
        self.start + nth * 1440 * self.rule.as_ref().map_or(1, |(days, _)| *days)
    }

    fn overriding(&self, it: &Override, uid: String) -> Block {
        let key = self.nth(it.occurrence);
        let mut lines =
            vec![uid, "DTSTAMP:20260101T120000Z".to_owned(), self.clock.line("RECURRENCE-ID", key)];
        if let Some(moved) = it.moved {
            lines.push(self.clock.line("DTSTART", key + moved));
            lines.extend(self.end_line(&it.end, key + moved));
        }
        lines.extend(self.lasting());
        let repeated =
            self.lines.iter().enumerate().filter(|(at, _)| it.repeats >> (at % 64) & 1 == 1);
        lines.extend(repeated.map(|(_, line)| line.clone()));
        for line in &it.lines {
            if !is_single(line) || !lines.iter().any(|other| name_of(other) == name_of(line)) {
                lines.push(line.clone());
            }
        }
        let repeated =
            self.blocks.iter().enumerate().filter(|(at, _)| it.repeats >> (63 - at) & 1 == 1);
        let mut blocks: Vec<Block> = repeated.map(|(_, block)| block.clone()).collect();
        blocks.extend(it.blocks.clone());
        self.block(lines, blocks)
    }
}

/// Without lines that say a second time who comes, or what the entry is about.
fn distinct(mut lines: Vec<String>) -> Vec<String> {
    let mut said = Vec::new();
    lines.retain(|line| {
        let elements: &[&str] = match name_of(line) {
            "ATTENDEE" => ADDRESSES,
            "CONCEPT" => URIS,
            "CATEGORIES" if WORDS.iter().any(|word| line.ends_with(word)) => WORDS,
            "CATEGORIES" => &[""],
            _ => return true,
        };
        let element = elements.iter().find(|element| line.ends_with(*element));
        let first = !said.contains(&(name_of(line).to_owned(), element));
        said.push((name_of(line).to_owned(), element));
        first
    });
    lines
}

/// Without components that are about the same as another one.
fn distinct_blocks(mut blocks: Vec<Block>) -> Vec<Block> {
    let mut said: Vec<String> = Vec::new();
    blocks.retain(|block| {
        let names = ["UID", "CALENDAR-ADDRESS"];
        let ids: Vec<String> =
            block.lines.iter().filter(|line| names.contains(&name_of(line))).cloned().collect();
        let first = !ids.iter().any(|id| said.contains(id));
        said.extend(ids);
        first
    });
    blocks
}

fn name_of(line: &str) -> &str {
    line.split([':', ';']).next().unwrap_or_default()
}

/// Whether a component has a line of this name once at most.
fn is_single(line: &str) -> bool {
    const MANY: &[&str] = &[
        "ATTACH",
        "ATTENDEE",
        "CATEGORIES",
        "COMMENT",
        "CONCEPT",
        "CONFERENCE",
        "CONTACT",
        "IMAGE",
        "LINK",
        "RELATED-TO",
        "REQUEST-STATUS",
        "RESOURCES",
        "STRUCTURED-DATA",
        "X-OWN",
        "REFID",
    ];
    !MANY.contains(&name_of(line))
}

fn entry_lines() -> impl Strategy<Value = Vec<String>> {
    let single = all(vec![
        maybe(line("SUMMARY", text_params(), text())),
        maybe(line("DESCRIPTION", text_params(), text())),
        rarely(line("STYLED-DESCRIPTION", params(&["VALUE=TEXT", "FMTTYPE=text/html"]), text())),
        maybe(fixed("CREATED:20250101T000000Z")),
        maybe(fixed("LAST-MODIFIED:20260102T000000Z")),
        maybe(select(vec!["SEQUENCE:0", "SEQUENCE:3"]).prop_map(str::to_owned).boxed()),
        maybe(select(vec!["PRIORITY:0", "PRIORITY:9"]).prop_map(str::to_owned).boxed()),
        maybe(
            select(vec!["COLOR:red", "COLOR:CornflowerBlue", "COLOR:#12aB34", "COLOR:no colour"])
                .prop_map(str::to_owned)
                .boxed(),
        ),
        maybe(
            select(vec!["CANCELLED", "CONFIRMED", "TENTATIVE", "IN-PROCESS", "COMPLETED", "X-OWN"])
                .prop_map(|status| format!("STATUS:{status}"))
                .boxed(),
        ),
        maybe(select(vec!["TRANSP:OPAQUE", "TRANSP:TRANSPARENT"]).prop_map(str::to_owned).boxed()),
        maybe(
            select(vec!["PERCENT-COMPLETE:0", "PERCENT-COMPLETE:50"])
                .prop_map(str::to_owned)
                .boxed(),
        ),
        maybe(fixed("ESTIMATED-DURATION:PT90M")),
        maybe(fixed("COMPLETED:20260201T000000Z")),
        maybe(line("LOCATION", text_params(), text())),
        maybe(
            select(vec!["GEO:37.386013;-122.082932", "GEO:-1;+2.50"])
                .prop_map(str::to_owned)
                .boxed(),
        ),
        maybe(line("URL", other_params(), uri())),
        rarely(fixed("SHOW-WITHOUT-TIME;VALUE=BOOLEAN:TRUE")),
    ]);
    (single, vec(repeatable(), 0..7)).prop_map(|(mut lines, many)| {
        lines.extend(many);
        lines
    })
}

fn repeatable() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => attendee(),
        1 => line("ATTACH", link_params(), uri()),
        1 => Just("ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:SGVsbG8=".to_owned()),
        1 => line("IMAGE", params(&["VALUE=URI", "DISPLAY=BADGE,THUMBNAIL", "FMTTYPE=image/png", "SIZE=12"]), uri()),
        1 => line("LINK", params(&["LABEL=\"Here: there\"", "FMTTYPE=text/html", "LANGUAGE=de"]), uri())
            .prop_map(|line| line.replacen("LINK", "LINK;VALUE=URI;LINKREL=describedby", 1)),
        1 => line("CONFERENCE", params(&["VALUE=URI", "FEATURE=AUDIO,VIDEO", "LABEL=\"Room, 1\"", "LANGUAGE=fr"]), uri()),
        1 => line("CATEGORIES", text_params(), list()),
        1 => line("CATEGORIES", text_params(), word()),
        1 => line("RESOURCES", other_params(), list()),
        1 => line("COMMENT", text_params(), text()),
        1 => line("CONTACT", text_params(), text()),
        1 => line("CONCEPT", other_params(), uri()),
        1 => line("RELATED-TO", params(&["RELTYPE=CHILD", "RELTYPE=SIBLING", "GAP=P1D", "VALUE=TEXT"]), word()),
        1 => line("REFID", other_params(), word()),
        1 => Just("REQUEST-STATUS:3.1;Invalid property value;DTSTART:96-Apr-01".to_owned()),
        1 => Just("STRUCTURED-DATA;VALUE=URI;FMTTYPE=application/ld+json:https://example.com/data".to_owned()),
        2 => line("X-OWN", other_params(), prop_oneof![text(), Just("a;b,c".to_owned())].boxed()),
        1 => line("X-OWN", params(&["VALUE=DATE"]), Just("20260101".to_owned()).boxed()),
    ]
}

const ADDRESSES: &[&str] = &[
    "mailto:ann@example.com",
    "mailto:bob@example.com",
    "MAILTO:Eve@Example.com",
    "urn:uuid:7f1e1965-ae73-4454-b088-232c90730ce2",
    "https://example.com/people/dan",
];

fn people_params() -> BoxedStrategy<Vec<String>> {
    params(&[
        "CN=\"Ann, the first\"",
        "CUTYPE=ROOM",
        "CUTYPE=X-ROBOT",
        "ROLE=CHAIR",
        "ROLE=OPT-PARTICIPANT",
        "ROLE=OWNER",
        "ROLE=X-GUEST",
        "PARTSTAT=ACCEPTED",
        "PARTSTAT=IN-PROCESS",
        "PARTSTAT=X-MAYBE",
        "RSVP=TRUE",
        "RSVP=FALSE",
        "EMAIL=ann@example.org",
        "SENT-BY=\"mailto:bob@example.com\"",
        "DIR=\"https://example.com/card\"",
        "LANGUAGE=de",
        "MEMBER=\"mailto:all@example.com\",\"mailto:some@example.com\"",
        "DELEGATED-TO=\"mailto:bob@example.com\"",
        "DELEGATED-FROM=\"mailto:ann@example.com\"",
        "SCHEDULE-AGENT=CLIENT",
        "SCHEDULE-STATUS=\"2.0\"",
        "SCHEDULE-FORCE-SEND=REQUEST",
        "X-NUM-GUESTS=2",
        "JSID=\"the one\"",
    ])
}

fn attendee() -> BoxedStrategy<String> {
    // A JSID says who it is, so everybody has another one.
    (0..ADDRESSES.len(), people_params())
        .prop_map(|(who, params)| {
            let params: Vec<String> = params
                .iter()
                .map(|param| param.replace("the one", &format!("number {who}")))
                .collect();
            format!(
                "{}:{}",
                [&["ATTENDEE".to_owned()], &params[..]].concat().join(";"),
                ADDRESSES[who]
            )
        })
        .boxed()
}

fn organizer() -> BoxedStrategy<String> {
    let params = params(&[
        "CN=Ann",
        "EMAIL=ann@example.org",
        "SENT-BY=\"mailto:bob@example.com\"",
        "LANGUAGE=de",
        "X-A=1",
    ]);
    line("ORGANIZER", params, select(ADDRESSES).prop_map(str::to_owned).boxed())
}

/// A component of an entry.
fn child() -> impl Strategy<Value = Block> {
    prop_oneof![3 => alarm(), 2 => participant(), 2 => place(), 1 => kept_block()]
}

fn alarm() -> BoxedStrategy<Block> {
    let trigger = select(vec![
        "TRIGGER:-PT15M",
        "TRIGGER;RELATED=END:PT0S",
        "TRIGGER;RELATED=START;X-A=b:-P1DT2H",
        "TRIGGER;VALUE=DATE-TIME:20260101T080000Z",
        "TRIGGER:PT5M",
    ]);
    let action = select(vec!["ACTION:DISPLAY", "ACTION:EMAIL", "ACTION:AUDIO", "ACTION:X-BLINK"]);
    let lines = all(vec![
        maybe(select(vec!["UID:alarm-1", "UID:alarm@2"]).prop_map(str::to_owned).boxed()),
        maybe(line("DESCRIPTION", text_params(), text())),
        maybe(line("SUMMARY", text_params(), text())),
        rarely(fixed("REPEAT:4")),
        rarely(fixed("DURATION:PT5M")),
        rarely(fixed("ATTACH;FMTTYPE=audio/basic:https://example.com/beep.aud")),
        rarely(fixed("ATTENDEE:mailto:ann@example.com")),
        rarely(fixed("ACKNOWLEDGED:20260101T070000Z")),
        rarely(fixed("PROXIMITY:DEPART")),
        rarely(line("X-OWN", other_params(), text())),
    ]);
    (trigger, action, lines, option::weighted(0.2, place()))
        .prop_map(|(trigger, action, mut lines, place)| {
            let snoozes = lines.iter().any(|line| line == "UID:alarm@2");
            // Repeated alarms go off at an instant (RFC 9074, section 7.1).
            lines.push(
                if snoozes { "TRIGGER;VALUE=DATE-TIME:20260101T081000Z" } else { trigger }
                    .to_owned(),
            );
            lines.push(action.to_owned());
            if snoozes {
                lines.push("RELATED-TO;RELTYPE=SNOOZE:alarm-1".to_owned());
            }
            Block { name: "VALARM", lines, blocks: place.into_iter().collect() }
        })
        .boxed()
}

fn participant() -> BoxedStrategy<Block> {
    let lines = all(vec![
        maybe(fixed("UID:participant-1")),
        maybe(select(ADDRESSES).prop_map(|address| format!("CALENDAR-ADDRESS:{address}")).boxed()),
        maybe(
            select(vec!["PARTICIPANT-TYPE:ACTIVE", "PARTICIPANT-TYPE:SPEAKER"])
                .prop_map(str::to_owned)
                .boxed(),
        ),
        maybe(line("SUMMARY", text_params(), text())),
        maybe(line("DESCRIPTION", text_params(), text())),
        maybe(
            line("LINK", params(&["LABEL=Card"]), uri())
                .prop_map(|line| line.replacen("LINK", "LINK;VALUE=URI;LINKREL=item", 1))
                .boxed(),
        ),
        maybe(fixed("STATUS:CONFIRMED")),
        maybe(line("X-OWN", other_params(), text())),
    ]);
    (lines, option::weighted(0.2, place()))
        .prop_map(|(lines, place)| Block {
            name: "PARTICIPANT",
            lines,
            blocks: place.into_iter().collect(),
        })
        .boxed()
}

fn place() -> BoxedStrategy<Block> {
    let lines = all(vec![
        maybe(select(vec!["UID:place-1", "UID:place 2"]).prop_map(str::to_owned).boxed()),
        maybe(line("NAME", text_params(), text())),
        maybe(line("DESCRIPTION", text_params(), text())),
        maybe(line("LOCATION-TYPE", other_params(), list())),
        maybe(
            select(vec!["COORDINATES:geo:48.2010,16.3695,183", "GEO:48.85299;2.36885"])
                .prop_map(str::to_owned)
                .boxed(),
        ),
        maybe(line("URL", other_params(), uri())),
        maybe(fixed("STRUCTURED-DATA;VALUE=URI:https://example.com/place.ld")),
        maybe(line("X-OWN", other_params(), text())),
    ]);
    lines.prop_map(|lines| Block { name: "VLOCATION", lines, blocks: Vec::new() }).boxed()
}

/// A component without counterpart.
fn kept_block() -> BoxedStrategy<Block> {
    let lines = vec(
        prop_oneof![
            line("NAME", text_params(), text()),
            line("X-OWN", other_params(), text()),
            Just("RESOURCE-TYPE:PROJECTOR".to_owned()),
            Just("UID:resource-1".to_owned()),
        ],
        0..4,
    );
    (select(vec!["VRESOURCE", "X-BOX"]), lines.clone(), vec(lines, 0..2))
        .prop_map(|(name, lines, inner)| {
            let blocks = inner
                .into_iter()
                .map(|lines| Block { name: "X-INNER", lines, blocks: Vec::new() })
                .collect();
            Block { name, lines, blocks }
        })
        .boxed()
}

fn fixed(line: &'static str) -> BoxedStrategy<String> {
    Just(line.to_owned()).boxed()
}

fn maybe(line: BoxedStrategy<String>) -> BoxedStrategy<Option<String>> {
    option::weighted(0.35, line).boxed()
}

fn rarely(line: BoxedStrategy<String>) -> BoxedStrategy<Option<String>> {
    option::weighted(0.1, line).boxed()
}

/// Those of the lines that are there.
fn all(lines: Vec<BoxedStrategy<Option<String>>>) -> BoxedStrategy<Vec<String>> {
    lines.prop_map(|lines| lines.into_iter().flatten().collect()).boxed()
}

fn line(
    name: &'static str,
    params: BoxedStrategy<Vec<String>>,
    value: BoxedStrategy<String>,
) -> BoxedStrategy<String> {
    (params, value)
        .prop_map(move |(params, value)| {
            let mut line = name.to_owned();
            params.iter().for_each(|param| line.extend([";", param]));
            line.extend([":", &value]);
            line
        })
        .boxed()
}

/// Some of these parameters, of each name one.
fn params(of: &'static [&'static str]) -> BoxedStrategy<Vec<String>> {
    (subsequence(of, 0..of.len().min(7)), other_params())
        .prop_map(|(some, others)| {
            let mut params: Vec<String> = Vec::new();
            for param in some {
                let name = param.split('=').next().unwrap_or_default();
                if !params.iter().any(|other| other.split('=').next() == Some(name)) {
                    params.push(param.to_owned());
                }
            }
            params.extend(others);
            params
        })
        .boxed()
}

fn text_params() -> BoxedStrategy<Vec<String>> {
    params(&["LANGUAGE=de-CH", "ALTREP=\"cid:part1@example.com\""])
}

fn link_params() -> BoxedStrategy<Vec<String>> {
    params(&["FMTTYPE=application/pdf", "FILENAME=a.pdf", "SIZE=100", "MANAGED-ID=97", "LABEL=Old"])
}

/// Parameters that nobody knows; one of them may stand there twice.
fn other_params() -> BoxedStrategy<Vec<String>> {
    let one = select(vec![
        "X-A=1",
        "X-A=2",
        "X-LIST=a,\"b:c\",d",
        "X-CARET=^^ ^n ^'q^'",
        "X-EMPTY=",
        "X-UMLAUT=Käse",
    ]);
    vec(one, 0..2).prop_map(|params| params.into_iter().map(str::to_owned).collect()).boxed()
}

/// A TEXT value as it stands in a line.
fn text() -> BoxedStrategy<String> {
    let piece = select(vec![
        "Tea",
        "time",
        " ",
        "  ",
        "\\,",
        "\\;",
        "\\n",
        "\\N",
        "\\\\",
        ":",
        "\"",
        "ü",
        "漢字",
        "👩‍👩‍👧",
        "é",
        "=",
        "^n",
        "{\"a\":1}",
        "<b>bold</b>",
        "a-rather-long-word-that-makes-lines-fold-somewhere-in-it",
        "\\\\n",
        "%20",
        "'",
    ]);
    (vec(piece, 0..10)).prop_map(|pieces| format!("x{}", pieces.concat())).boxed()
}

const WORDS: &[&str] = &["a1", "b-2", "c_3", "entry-0", "d@example.com", "e/f~g"];

fn word() -> BoxedStrategy<String> {
    select(WORDS).prop_map(str::to_owned).boxed()
}

/// A list of TEXT values, each of them once.
fn list() -> BoxedStrategy<String> {
    subsequence(vec!["Work", "work", "a\\,b", "Größe", "c d", "x/y"], 1..4)
        .prop_map(|values| values.join(","))
        .boxed()
}

const URIS: &[&str] = &[
    "https://example.com/a",
    "https://example.com/b?c=d,e;f",
    "https://example.com/%C3%BC#~1",
    "cid:part2@example.com",
    "mailto:ann@example.com",
    "tel:+1-202-555-0117",
];

fn uri() -> BoxedStrategy<String> {
    select(URIS).prop_map(str::to_owned).boxed()
}
