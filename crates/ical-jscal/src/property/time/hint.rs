//! What a time or a length needs to come back as it was.

use std::borrow::Cow;

use content_line::Line;
use jscalendar::{Duration, LocalDateTime, SignedDuration, TimeZoneId};

use super::UTC;
use crate::draft::{Clock, Draft, leftovers};
use crate::hatch::Hint;
use crate::jcal::ValueType;
use crate::value::{Form, Moment, is_canonical, write_duration};

/// The zone that export names by itself for a clock: none for UTC, floating times and zones without IANA name.
fn plain_tzid(clock: &Clock) -> Option<&TimeZoneId> {
    clock.id().filter(|id| id.as_str() != UTC)
}

/// Notes what a time needs to come back as it was: the TZID if it is not `known` from the start, its other parameters,
/// and its text where export would write another one.
#[expect(clippy::too_many_arguments, reason = "each of them is a different thing about one line")]
pub(super) fn time_hint<'a>(
    line: &'a Line<'a>,
    value: &'a str,
    local: LocalDateTime,
    clock: &Clock,
    known: Option<&str>,
    path: &'static str,
    name: &'static str,
    draft: &mut Draft<'a>,
) {
    if let Some(hint) = make_time_hint(line, value, local, clock, known, || path.to_owned(), name) {
        draft.hatch.hint(hint);
    }
}

pub(crate) fn make_time_hint<'a>(
    line: &'a Line<'a>,
    value: &'a str,
    local: LocalDateTime,
    clock: &Clock,
    known: Option<&str>,
    path: impl FnOnce() -> String,
    name: &'static str,
) -> Option<Hint<'a>> {
    let form = match (clock.form, plain_tzid(clock)) {
        (Some(Form::Date), _) => Form::Date,
        (_, None) if clock.id().is_some() && known.is_none() => Form::Utc,
        _ => Form::Local,
    };
    let expected = known.or_else(|| plain_tzid(clock).map(TimeZoneId::as_str));
    let mut hint = Hint::new("", name);
    let mut said = false;
    let mut declared = None;
    for param in line.params() {
        if param.is("TZID") {
            said = true;
            if expected == Some(&*param.value()) {
                continue;
            }
        } else if param.is("VALUE") {
            let value_type = ValueType::parse(&param.value());
            declared = declared.or(value_type);
            if value_type.is_some() {
                continue;
            }
        }
        hint.params.push(param);
    }
    if expected.is_some() && !said {
        hint.without_tzid = true;
    }
    if Moment::parse(value) != Some(Moment { local, form }) || !is_canonical(value) {
        hint.raw = Some(Cow::Borrowed(value));
        let is_date = Moment::parse(value).is_some_and(|moment| moment.form == Form::Date);
        if is_date != (form == Form::Date) {
            hint.value_type = Some(if is_date { "date" } else { "date-time" });
        }
    }
    if form != Form::Date && declared == Some(ValueType::Date) {
        // Wrong, but that is what stands there.
        hint.value_type = Some("date");
    }
    let needed = !hint.params.is_empty()
        || hint.without_tzid
        || hint.raw.is_some()
        || hint.value_type.is_some();
    needed.then(|| Hint { path: path().into(), ..hint })
}

pub(super) fn duration_hint<'a>(
    line: &'a Line<'a>,
    duration: Duration,
    path: &'static str,
    name: &'static str,
    draft: &mut Draft<'a>,
) {
    let left = leftovers(line, |_| false);
    let mut plain = String::new();
    write_duration(SignedDuration::positive(duration), &mut plain);
    let mut hint = Hint::new(path, name).params(left);
    if plain != line.value() {
        hint = hint.raw(line.value());
    } else if hint.params.is_empty() {
        return;
    }
    draft.hatch.hint(hint);
}

/// Beside an end in a zone of its own, export names the zone of the start; here it was UTC without a name.
pub(super) fn hint_utc_start(draft: &mut Draft<'_>) {
    let Some(start) = draft.times.start else { return };
    let mut hint = Hint::new("start", "dtstart").raw(start.value());
    hint.without_tzid = true;
    draft.hatch.hint(hint);
}
