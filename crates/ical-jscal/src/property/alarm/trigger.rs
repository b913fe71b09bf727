//! TRIGGER (RFC 5545, section 3.8.6.3) and `trigger`, both directions.

use content_line::{Line, Param};
use jscalendar::{AbsoluteTrigger, Alert, Id, OffsetTrigger, RelativeTo, Trigger, UtcDateTime};

use crate::draft::{Clock, Draft, leftovers};
use crate::hatch::Hint;
use crate::out::Outgoing;
use crate::property::change;
use crate::value::{Form, Moment, parse_duration, write_duration};

/// What a TRIGGER says, taken by its value, for `VALUE` is often forgotten. A local time is taken in the zone of the
/// entry.
pub(super) fn read(line: &Line<'_>, clock: &Clock) -> Option<Trigger> {
    declared(line)?;
    if let Some(offset) = parse_duration(line.value()) {
        let mut trigger = OffsetTrigger::new(offset);
        let at_end = line.params().any(|param| is_end(&param));
        trigger.relative_to = at_end.then_some(RelativeTo::End);
        return Some(trigger.into());
    }
    if line.param("TZID").is_some() {
        return None;
    }
    let moment = Moment::parse(line.value())?;
    let when = match moment.form {
        Form::Utc => moment.utc()?,
        Form::Local => UtcDateTime::from_unix_seconds(clock.rules()?.instant_of(moment.local))?,
        Form::Date => return None,
    };
    Some(AbsoluteTrigger::new(when).into())
}

/// The value type as declared, if a trigger can have it.
fn declared(line: &Line<'_>) -> Option<Option<&'static str>> {
    let Some(param) = line.param("VALUE") else { return Some(None) };
    let declared = param.value();
    let known =
        ["duration", "date-time"].into_iter().find(|name| declared.eq_ignore_ascii_case(name))?;
    Some(Some(known))
}

fn is_end(param: &Param<'_>) -> bool {
    param.is("RELATED") && param.value().eq_ignore_ascii_case("END")
}

fn is_start(param: &Param<'_>) -> bool {
    param.is("RELATED") && param.value().eq_ignore_ascii_case("START")
}

/// Whether the value is a time without `Z`, which is not allowed.
pub(super) fn is_local(line: &Line<'_>) -> bool {
    Moment::parse(line.value()).is_some_and(|moment| moment.form == Form::Local)
}

/// The time by which Apple says that an alarm has none.
pub(super) fn is_placeholder(trigger: &Trigger) -> bool {
    const NEVER: i64 = 197_168_145; // 1976-04-01T00:55:45Z
    matches!(trigger, Trigger::Absolute(AbsoluteTrigger { when: Some(when), .. }) if when.unix_seconds() == NEVER)
}

/// What a TRIGGER says beyond the trigger it became.
pub(super) fn hint<'a>(line: &'a Line<'a>, trigger: &Trigger) -> Option<Hint<'a>> {
    let is_offset = matches!(trigger, Trigger::Offset(_));
    let left = leftovers(line, |param| is_offset && (is_start(param) || is_end(param)));
    let plain = outgoing(trigger)?;
    let expected = if is_offset { "duration" } else { "date-time" };
    let other_type = declared(line).flatten().filter(|name| *name != expected);
    let other_value = plain.value != line.value();
    if left.is_empty() && other_type.is_none() && !other_value {
        return None;
    }
    let mut hint = Hint::new("trigger", "trigger").params(left);
    hint.value_type = other_type;
    Some(if other_value { hint.raw(line.value()) } else { hint })
}

/// The TRIGGER line; none for triggers that iCalendar does not have.
pub(super) fn outgoing(trigger: &Trigger) -> Option<Outgoing<'static>> {
    match trigger {
        Trigger::Offset(OffsetTrigger { offset: Some(offset), relative_to, .. }) => {
            let mut value = String::with_capacity(8);
            write_duration(*offset, &mut value);
            let related = (*relative_to == Some(RelativeTo::End)).then_some("END");
            Some(Outgoing::raw("TRIGGER", value).param_opt("RELATED", related))
        }
        Trigger::Absolute(AbsoluteTrigger { when: Some(when), .. }) => {
            Some(change::utc("TRIGGER", *when).param("VALUE", "DATE-TIME"))
        }
        _ => None,
    }
}

/// Reads a TRIGGER that stands outside any alarm, to compare what two of them mean.
pub(crate) fn alone(line: &Line<'_>, draft: &mut Draft<'_>) -> bool {
    if !line.is("TRIGGER") {
        return false;
    }
    if let Some(trigger) = read(line, &draft.clock) {
        draft.entry.alerts.insert(Id::from("alone"), Alert::new(trigger));
    }
    true
}

#[cfg(test)]
mod tests {
    use content_line::Position;

    use super::*;

    #[test]
    fn triggers_both_ways() {
        let clock = Clock::default();
        let pass = |text: &'static str| {
            let line = Line::parse(text.as_bytes(), Position::START).ok()?;
            let trigger = read(&line, &clock)?;
            let out = outgoing(&trigger)?;
            let hinted = hint(&line, &trigger).is_some();
            Some((
                serde_json::to_string(&Alert::new(trigger)).ok()?,
                out.value.into_owned(),
                hinted,
            ))
        };
        let json = |text: &str, value: &str, hinted| {
            Some((format!(r#"{{"trigger":{text}}}"#), value.to_owned(), hinted))
        };
        assert_eq!(pass("TRIGGER:-PT10M"), json(r#"{"offset":"-PT10M"}"#, "-PT10M", false));
        assert_eq!(
            pass("TRIGGER;VALUE=DURATION;RELATED=START:-P1W"),
            json(r#"{"offset":"-P1W"}"#, "-P1W", false)
        );
        assert_eq!(pass("TRIGGER:-PT0S"), json(r#"{"offset":"-PT0S"}"#, "-PT0S", false));
        assert_eq!(pass("TRIGGER:+PT5M"), json(r#"{"offset":"PT5M"}"#, "PT5M", true));
        assert_eq!(
            pass("TRIGGER:-P0DT0H15M0S"),
            json(r#"{"offset":"-P0DT0H15M0S"}"#, "-P0DT0H15M0S", false)
        );
        let end = r#"{"offset":"PT5M","relativeTo":"end"}"#;
        assert_eq!(pass("TRIGGER;RELATED=end:PT5M"), json(end, "PT5M", false));
        let when = r#"{"@type":"AbsoluteTrigger","when":"2024-01-15T08:00:00Z"}"#;
        assert_eq!(
            pass("TRIGGER;VALUE=DATE-TIME:20240115T080000Z"),
            json(when, "20240115T080000Z", false)
        );
        assert_eq!(pass("TRIGGER:20240115T080000Z"), json(when, "20240115T080000Z", false));
        for bad in
            ["TRIGGER:P", "TRIGGER;VALUE=DATE-TIME:20240115T080000", "TRIGGER;VALUE=DATE:20240115"]
        {
            assert_eq!(pass(bad), None, "{bad}");
        }
    }
}
