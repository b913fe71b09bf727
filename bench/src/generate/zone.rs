//! The zones of the calendar: IANA names, Windows names, and zones of nobody's database.

use super::text::Text;

/// One zone: its TZID, what stands beside it, standard and daylight time.
struct Zone {
    id: &'static str,
    extra: &'static [&'static str],
    standard: Part,
    daylight: Option<Part>,
}

struct Part {
    from: &'static str,
    to: &'static str,
    name: &'static str,
    start: &'static str,
    rule: &'static str,
}

/// The TZIDs that single events take.
pub(super) const NAMED: &[&str] =
    &["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Europe/Berlin"];
/// The TZID of Outlook's events.
pub(super) const WINDOWS: &str = "W. Europe Standard Time";
/// TZIDs that mean only what their VTIMEZONE says.
pub(super) const CUSTOM: &[&str] = &["Site North", "Customized Time Zone", "Ship/Clock-2"];

const WEST_EUROPE: (Part, Part) = (
    Part {
        from: "+0200",
        to: "+0100",
        name: "CET",
        start: "19701025T030000",
        rule: "FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    },
    Part {
        from: "+0100",
        to: "+0200",
        name: "CEST",
        start: "19700329T020000",
        rule: "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    },
);

const NEW_YORK: (Part, Part) = (
    Part {
        from: "-0400",
        to: "-0500",
        name: "EST",
        start: "20071104T020000",
        rule: "FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
    },
    Part {
        from: "-0500",
        to: "-0400",
        name: "EDT",
        start: "20070311T020000",
        rule: "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
    },
);

const ZONES: &[Zone] = &[
    Zone {
        id: "Europe/Berlin",
        extra: &["X-LIC-LOCATION:Europe/Berlin"],
        standard: WEST_EUROPE.0,
        daylight: Some(WEST_EUROPE.1),
    },
    Zone {
        id: "America/New_York",
        extra: &["X-LIC-LOCATION:America/New_York", "LAST-MODIFIED:20240422T053450Z"],
        standard: NEW_YORK.0,
        daylight: Some(NEW_YORK.1),
    },
    Zone {
        id: "Asia/Tokyo",
        extra: &[],
        standard: Part {
            from: "+0900",
            to: "+0900",
            name: "JST",
            start: "19700101T000000",
            rule: "",
        },
        daylight: None,
    },
    Zone { id: WINDOWS, extra: &[], standard: WEST_EUROPE.0, daylight: Some(WEST_EUROPE.1) },
    Zone {
        id: "Site North",
        extra: &["X-SITE:north"],
        standard: Part {
            from: "+0715",
            to: "+0645",
            name: "SNT",
            start: "19700927T020000",
            rule: "FREQ=YEARLY;BYMONTH=9;BYDAY=-1SU",
        },
        daylight: Some(Part {
            from: "+0645",
            to: "+0715",
            name: "SNST",
            start: "19700503T020000",
            rule: "FREQ=YEARLY;BYMONTH=5;BYDAY=1SU",
        }),
    },
    Zone {
        id: "Customized Time Zone",
        extra: &[],
        standard: Part {
            from: "-0330",
            to: "-0430",
            name: "",
            start: "16010101T030000",
            rule: "FREQ=YEARLY;BYMONTH=11;BYDAY=2SU",
        },
        daylight: Some(Part {
            from: "-0430",
            to: "-0330",
            name: "",
            start: "16010101T020000",
            rule: "FREQ=YEARLY;BYMONTH=4;BYDAY=3SU",
        }),
    },
    Zone {
        id: "Ship/Clock-2",
        extra: &[],
        standard: Part {
            from: "+0137",
            to: "+0137",
            name: "SHIP",
            start: "19700101T000000",
            rule: "",
        },
        daylight: None,
    },
];

/// Writes the VTIMEZONE of every zone.
pub(super) fn all(text: &mut Text) {
    for zone in ZONES {
        text.line("BEGIN:VTIMEZONE");
        text.line(&format!("TZID:{}", zone.id));
        zone.extra.iter().for_each(|line| text.line(line));
        part(text, "STANDARD", &zone.standard);
        if let Some(daylight) = &zone.daylight {
            part(text, "DAYLIGHT", daylight);
        }
        text.line("END:VTIMEZONE");
    }
}

fn part(text: &mut Text, kind: &str, part: &Part) {
    text.line(&format!("BEGIN:{kind}"));
    text.line(&format!("TZOFFSETFROM:{}", part.from));
    text.line(&format!("TZOFFSETTO:{}", part.to));
    if !part.name.is_empty() {
        text.line(&format!("TZNAME:{}", part.name));
    }
    text.line(&format!("DTSTART:{}", part.start));
    if !part.rule.is_empty() {
        text.line(&format!("RRULE:{}", part.rule));
    }
    text.line(&format!("END:{kind}"));
}
