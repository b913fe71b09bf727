//! [`CalendarZones`]: the time zones that came with a calendar, for whoever asks when something happens.

use content_line::{Component, LineWriter, Position};
use jscalendar::{Common, Entry, Group, Json, TimeZoneId, TimeZones};

use crate::calendar::write_component;
use crate::hatch::KeptHatch;
use crate::jcal::JcalComponent;
use crate::time_zone::{key, read};

/// The time zones of a converted calendar, those among them that version 2.0 has no name for.
///
/// A `VTIMEZONE` whose rules no IANA zone has is kept as it is, and the times of its events have no zone in version 2.0.
/// Here both are found again, to calculate with.
///
/// ```
/// use ical_jscal::CalendarZones;
/// use jscalendar::{Entry, Event, Series};
///
/// let ics = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VTIMEZONE\r\nTZID:Camp\r\n\
///            BEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0137\r\nTZOFFSETTO:+0137\r\n\
///            END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:20260101T000000Z\r\n\
///            DTSTART;TZID=Camp:20260301T090000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
/// let group = ical_jscal::from_ical(ics)?.value;
/// let Entry::Event(event) = &group.entries[0] else { panic!("not an event") };
/// let event: &Event = event;
///
/// let zones = CalendarZones::of(&group);
/// let series = Series::with_zone(event, zones.time_zones(), zones.zone_of(event).as_ref())?;
/// let only = series.occurrences().next().unwrap();
/// assert_eq!(only.start().instant, Some("2026-03-01T07:23:00Z".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct CalendarZones {
    zones: TimeZones,
}

impl CalendarZones {
    /// The zones that came with this calendar, from its `iCalendar` member, those of its entries, and its `timeZones`
    /// (1.0).
    pub fn of(group: &Group) -> Self {
        let mut zones = Self { zones: TimeZones::of_group(group) };
        zones.add(group.i_calendar.as_ref());
        for entry in &group.entries {
            zones.add(match entry {
                Entry::Event(event) => event.i_calendar.as_ref(),
                Entry::Task(task) => task.i_calendar.as_ref(),
                _ => None,
            });
        }
        zones
    }

    /// All zones, for [`Series`](jscalendar::Series).
    pub fn time_zones(&self) -> &TimeZones {
        &self.zones
    }

    /// The zone of an event or task that names none itself: the one that it came with.
    pub fn zone_of(&self, entry: &impl Common) -> Option<TimeZoneId> {
        let common = entry.common();
        if common.time_zone.is_some() {
            return None;
        }
        let hatch = KeptHatch::read(common.i_calendar.as_ref());
        let start = hatch.hint("start").or_else(|| hatch.hint("due"))?;
        let id = key(start.param("tzid")?)?;
        self.zones.find(&id).map(|_| id)
    }

    fn add(&mut self, hatch: Option<&Json>) {
        // Most objects have none, and looking for the word is cheaper than reading the hatch.
        if hatch.is_some_and(|json| json.as_str().contains("\"vtimezone\"")) {
            KeptHatch::read(hatch).components.iter().for_each(|component| self.define(component));
        }
    }

    fn define(&mut self, component: &JcalComponent<'_>) {
        if !component.name.eq_ignore_ascii_case("vtimezone") {
            return;
        }
        let mut writer = LineWriter::new();
        write_component(component, &mut writer);
        let text = writer.into_string();
        let (vtimezone, _) = Component::parse(text.as_bytes(), Position::START);
        let id = vtimezone.line("TZID").and_then(|line| key(line.value()));
        if let (Some(id), Some(zone)) = (id, read(&vtimezone)) {
            self.zones.insert(id, zone);
        }
    }
}
