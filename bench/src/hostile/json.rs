//! JSCalendar texts made to hurt.

use super::{Case, SIZE, fill, moment};

const EVENT: &str = r#"{"@type":"Event","version":"2.0","uid":"u","start":"2020-01-01T00:00:00","timeZone":"Etc/UTC","#;

pub(super) const CASES: &[Case] = &[
    ("benign", || entries(benign)),
    ("nested arrays", || {
        format!("{EVENT}\"x.y:a\":{}{}}}", "[".repeat(SIZE / 2), "]".repeat(SIZE / 2))
    }),
    ("unknown members", || members("", |n| format!("\"x.y:a{n}\":{n}"), "")),
    ("wrong members", || members("\"locations\":{", |n| format!("\"{n}\":{{\"name\":{n}}}"), "}")),
    ("participants", || {
        members(
            "\"participants\":{",
            |n| format!("\"{n}\":{{\"calendarAddress\":\"mailto:{n}@x\"}}"),
            "}",
        )
    }),
    ("participants of one address", || {
        members(
            "\"participants\":{",
            |n| format!("\"{n}\":{{\"calendarAddress\":\"mailto:a@x\"}}"),
            "}",
        )
    }),
    ("places", || members("\"locations\":{", |n| format!("\"{n}\":{{\"name\":\"x\"}}"), "}")),
    ("alerts", || {
        members(
            "\"alerts\":{",
            |n| format!("\"{n}\":{{\"trigger\":{{\"offset\":\"-PT{n}M\"}}}}"),
            "}",
        )
    }),
    ("overrides", || overrides(String::new(), |_| "\"title\":\"x\"".to_owned())),
    ("overrides of a long series", || {
        overrides(people(), |n| format!("\"participants/p{}/name\":\"x\"", n % 1_000))
    }),
    ("overrides that undo a long series", || {
        overrides(people(), |_| "\"participants\":{}".to_owned())
    }),
    ("changes of one override", || {
        let head = "\"x.y:a\":{},\"recurrenceOverrides\":{\"2020-01-02T00:00:00\":{";
        members(head, |n| format!("\"x.y:a/{n}\":1"), "}}")
    }),
    ("parameters of a hint that no longer holds", || {
        let head = "\"title\":\"new\",\"iCalendar\":{\"name\":\"vevent\",\"convertedProperties\":{\"title\":\
                    {\"name\":\"summary\",\"ical-jscal:raw\":\"old\",\"parameters\":{";
        members(head, |n| format!("\"x-{n}\":\"y\""), "}}}}")
    }),
    ("hints of nothing", || {
        let head = "\"iCalendar\":{\"name\":\"vevent\",\"convertedProperties\":{";
        members(head, |n| format!("\"participants/p{n}/name\":{{\"name\":\"attendee\"}}"), "}}")
    }),
    ("methods", || {
        entries(|n| {
            format!(
                "{{\"@type\":\"Event\",\"uid\":\"a\",\"method\":\"m{n}\",\"start\":\"2026-01-01T00:00:00\"}}"
            )
        })
    }),
    ("groups", || {
        fill("[", ",", |n| format!("{{\"@type\":\"Group\",\"uid\":\"{n}\",\"entries\":[]}}"), "]")
    }),
];

fn entries(one: impl Fn(usize) -> String) -> String {
    fill("{\"@type\":\"Group\",\"version\":\"2.0\",\"uid\":\"g\",\"entries\":[", ",", one, "]}")
}

fn members(head: &str, member: impl Fn(usize) -> String, tail: &str) -> String {
    fill(&format!("{EVENT}{head}"), ",", member, &format!("{tail}}}"))
}

fn overrides(members: String, patch: impl Fn(usize) -> String) -> String {
    let head = format!(
        "{EVENT}{members}\"recurrenceRule\":{{\"frequency\":\"minutely\"}},\"recurrenceOverrides\":{{"
    );
    let one = |n: usize| {
        let [year, month, day, hour, minute] = moment(n);
        format!("\"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00\":{{{}}}", patch(n))
    };
    fill(&head, ",", one, "}}")
}

/// A member that is half of a text.
fn people() -> String {
    let one = |n: usize| format!("\"p{n}\":{{\"calendarAddress\":\"mailto:a{n}@example.com\"}}");
    let all: Vec<String> = (0..SIZE / 2 / 53).map(one).collect();
    format!("\"participants\":{{{}}},", all.join(","))
}

fn benign(n: usize) -> String {
    let [year, month, day, hour, minute] = moment(n);
    format!(
        r#"{{"@type":"Event","uid":"u{n}","updated":"2026-01-01T00:00:00Z","title":"Meeting {n}","description":"Some text","start":"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00","timeZone":"Europe/Berlin","duration":"PT1H","recurrenceRule":{{"frequency":"weekly","count":10,"byDay":[{{"day":"mo"}},{{"day":"tu"}}]}},"locations":{{"l":{{"name":"Room {n}"}}}},"organizerCalendarAddress":"mailto:jo@x","participants":{{"a":{{"calendarAddress":"mailto:jo@x","roles":{{"owner":true}}}},"b":{{"calendarAddress":"mailto:al{n}@x","participationStatus":"needs-action"}}}},"alerts":{{"a":{{"trigger":{{"offset":"-PT10M"}}}}}}}}"#
    )
}
