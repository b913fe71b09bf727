//! The forms and zones that times of generated calendars have.

use jiff::civil::{DateTime, date};
use jiff::{SignedDuration, ToSpan};
use proptest::prelude::*;
use proptest::sample::select;

/// In which form times are written.
#[derive(Clone, Debug)]
pub(super) enum Clock {
    Date,
    Floating,
    Utc,
    Zone(&'static str),
}

/// Definitions of zones that calendars may bring along.
pub(super) const VTIMEZONES: &[(&str, &str)] = &[
    (
        "Office",
        "BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0117\r\n\
         TZOFFSETTO:+0117\r\nTZNAME:OFF\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
    ),
    (
        "W. Europe Standard Time",
        "BEGIN:VTIMEZONE\r\nTZID:W. Europe Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\n\
         TZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\n\
         END:STANDARD\r\nBEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n\
         RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n",
    ),
    (
        "Summer",
        "BEGIN:VTIMEZONE\r\nTZID:Summer\r\nX-OWN:kept\r\nBEGIN:STANDARD\r\nDTSTART:20200101T000000\r\n\
         TZOFFSETFROM:+0230\r\nTZOFFSETTO:-0145\r\nRRULE:FREQ=YEARLY;BYMONTH=1;BYDAY=2MO\r\nEND:STANDARD\r\n\
         BEGIN:DAYLIGHT\r\nDTSTART:20200201T000000\r\nTZOFFSETFROM:-0145\r\nTZOFFSETTO:+0230\r\n\
         RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=1SU\r\nRDATE:20200301T000000\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n",
    ),
    (
        "Europe/Berlin",
        "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nTZOFFSETFROM:+0200\r\n\
         TZOFFSETTO:+0100\r\nTZNAME:CET\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n\
         BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\n\
         RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n",
    ),
];

pub(super) fn clock() -> impl Strategy<Value = Clock> {
    prop_oneof![
        2 => Just(Clock::Date),
        1 => Just(Clock::Floating),
        1 => Just(Clock::Utc),
        5 => select(vec![
            "Europe/Berlin", "America/New_York", "Asia/Kolkata", "US/Eastern", "UTC", "W. Europe Standard Time",
            "Office", "Summer", "Nobody knows", "/example.com/20200101_1/Europe/Vienna",
        ]).prop_map(Clock::Zone),
    ]
}

impl Clock {
    pub(super) fn is_date(&self) -> bool {
        matches!(self, Self::Date)
    }

    pub(super) fn is_zoned(&self) -> bool {
        matches!(self, Self::Utc | Self::Zone(_))
    }

    /// A line with the moment so many minutes after the first.
    pub(super) fn line(&self, name: &str, minutes: i64) -> String {
        self.list(name, [minutes])
    }

    /// A line with several moments.
    pub(super) fn list(&self, name: &str, minutes: impl IntoIterator<Item = i64>) -> String {
        let values: Vec<String> = minutes.into_iter().map(|minutes| self.value(minutes)).collect();
        format!("{name}{}:{}", self.params(), values.join(","))
    }

    /// An RDATE with periods, each of them an hour long and said in one of two ways.
    pub(super) fn periods(&self, minutes: impl IntoIterator<Item = i64>) -> String {
        let values: Vec<String> = minutes
            .into_iter()
            .map(|minutes| match minutes % 2 {
                0 => format!("{}/PT1H", self.value(minutes)),
                _ => format!("{}/{}", self.value(minutes), self.value(minutes + 60)),
            })
            .collect();
        format!("RDATE;VALUE=PERIOD{}:{}", self.params(), values.join(","))
    }

    fn params(&self) -> String {
        match self {
            Self::Date => ";VALUE=DATE".to_owned(),
            Self::Zone(tzid) => format!(";TZID={tzid}"),
            Self::Floating | Self::Utc => String::new(),
        }
    }

    fn value(&self, minutes: i64) -> String {
        let moment = moment(minutes);
        match self {
            Self::Date => moment.strftime("%Y%m%d").to_string(),
            Self::Utc => moment.strftime("%Y%m%dT%H%M%SZ").to_string(),
            Self::Floating | Self::Zone(_) => moment.strftime("%Y%m%dT%H%M%S").to_string(),
        }
    }

    /// The end of a rule, as this clock has it.
    pub(super) fn until(&self) -> &'static str {
        match self {
            Self::Date => "20260601",
            Self::Floating => "20260601T100000",
            Self::Utc | Self::Zone(_) => "20260601T100000Z",
        }
    }

    /// So many minutes, or the whole days that they last at least.
    pub(super) fn whole(&self, minutes: i64) -> i64 {
        if self.is_date() { (minutes / 1440 + 1) * 1440 } else { minutes }
    }

    pub(super) fn length(&self, minutes: i64) -> String {
        let (days, hours) = (minutes / 1440, minutes / 60 % 24);
        match (self, minutes % 7) {
            (Self::Date, 0) => format!("P{}W", days + 1),
            (Self::Date, _) => format!("P{}D", days + 1),
            (_, 0) => format!("P{days}DT{hours}H{}M", minutes % 60),
            _ => format!("PT{minutes}M"),
        }
    }
}

fn moment(minutes: i64) -> DateTime {
    let first: DateTime = date(2026, 1, 5).at(8, 0, 0, 0);
    first.saturating_add(SignedDuration::from_secs(minutes * 60)).saturating_add(0.seconds())
}
