//! VALARM and alerts, both directions.

use serde_json::{Value, json};

use crate::links::{
    calendar, complaints, export, export_reporting, import, import_v1, round, round_without_hatch,
    stays,
};

/// A VALARM with `lines`.
fn alarm(lines: &str) -> String {
    format!("BEGIN:VALARM\n{}\nEND:VALARM", lines.trim_matches('\n'))
}

/// The only alert of the event with one VALARM.
#[track_caller]
fn alert(lines: &str) -> Value {
    let event = import(&alarm(lines));
    let alerts = event["alerts"].as_object().unwrap_or_else(|| panic!("no alerts: {event}"));
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    alerts.values().next().unwrap().clone()
}

/// An alert without its hatch.
fn bare(mut alert: Value) -> Value {
    alert.as_object_mut().unwrap().remove("iCalendar");
    alert
}

fn names(event: &Value) -> Vec<String> {
    let alerts = event["alerts"].as_object();
    alerts.into_iter().flat_map(|alerts| alerts.keys().cloned()).collect()
}

/// Asserts that an alarm stays in the hatch of the entry whole, and comes back.
#[track_caller]
fn is_kept(lines: &str) {
    let lines = alarm(lines);
    let event = import(&lines);
    assert_eq!(event.get("alerts"), None);
    assert_eq!(event["iCalendar"]["components"][0][0], "valarm");
    stays(&lines);
}

/// A task with `lines`, there and back; its JSON and its lines.
fn task(lines: &str) -> (Value, Vec<String>) {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//t//EN\r\nBEGIN:VTODO\r\nUID:t1\r\nDTSTAMP:20240101T000000Z\r\n{}\r\n\
         END:VTODO\r\nEND:VCALENDAR\r\n",
        lines.replace('\n', "\r\n"),
    );
    let group = ical_jscal::from_ical(&text).unwrap().value;
    let back = ical_jscal::to_ical(&group).unwrap().value.replace("\r\n ", "");
    let lines =
        back.split("\r\n").skip_while(|line| *line != "BEGIN:VALARM").map(str::to_owned).collect();
    (serde_json::to_value(&group.entries[0]).unwrap(), lines)
}

/// A group, exported and imported again.
fn there_and_back(members: Value) -> Value {
    import(&export(members).join("\n"))
}

#[test]
fn a01_display() {
    let lines = "UID:al1\nACTION:DISPLAY\nTRIGGER:-PT10M\nDESCRIPTION:Go";
    let event = import(&alarm(lines));
    assert_eq!(
        event["alerts"],
        json!({"al1": {
            "trigger": {"offset": "-PT10M"},
            "iCalendar": {"@type": "ICalComponent", "name": "valarm", "properties": [
                ["uid", {}, "text", "al1"], ["description", {}, "text", "Go"],
            ]},
        }})
    );
    stays(&alarm(lines));
}

#[test]
fn a02_related_to_the_end() {
    let lines = "ACTION:DISPLAY\nTRIGGER;RELATED=END:PT5M\nDESCRIPTION:x";
    assert_eq!(bare(alert(lines)), json!({"trigger": {"offset": "PT5M", "relativeTo": "end"}}));
    stays(&alarm(lines));
    let start = "ACTION:DISPLAY\nTRIGGER;VALUE=DURATION;RELATED=START:PT5M\nDESCRIPTION:x";
    assert_eq!(bare(alert(start)), json!({"trigger": {"offset": "PT5M"}}));
    assert!(round(&alarm(start)).contains(&"TRIGGER:PT5M".to_owned()));
}

#[test]
fn a03_absolute() {
    let lines = "ACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:20240115T080000Z\nDESCRIPTION:x";
    let trigger = json!({"trigger": {"@type": "AbsoluteTrigger", "when": "2024-01-15T08:00:00Z"}});
    assert_eq!(bare(alert(lines)), trigger);
    stays(&alarm(lines));
    // The value type is forgotten often enough.
    assert_eq!(bare(alert("ACTION:DISPLAY\nTRIGGER:20240115T080000Z")), trigger);
    // And sometimes wrong.
    stays(&alarm("ACTION:DISPLAY\nTRIGGER;VALUE=DURATION:20240115T080000Z"));
    stays(&alarm("ACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:-PT5M"));
    is_kept("ACTION:DISPLAY\nTRIGGER;VALUE=DATE:20240115");
}

#[test]
fn a04_local_trigger() {
    let lines = alarm("ACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:20240115T090000\nDESCRIPTION:x");
    let event = import(&lines);
    let key = &names(&event)[0];
    assert_eq!(event["alerts"][key]["trigger"]["when"], "2024-01-15T08:00:00Z");
    assert_eq!(complaints(&lines), ["local-trigger"]);
    stays(&lines);
    is_kept("ACTION:DISPLAY\nTRIGGER;TZID=Europe/Berlin;VALUE=DATE-TIME:20240115T090000");
}

#[test]
fn a04_an_edit_beats_the_hint() {
    let mut event = import(&alarm(
        "UID:a\nACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:20240115T090000\nDESCRIPTION:x",
    ));
    event["alerts"]["a"]["trigger"]["when"] = json!("2024-01-15T08:30:00Z");
    let lines = export(json!({"alerts": event["alerts"]}));
    assert!(lines.contains(&"TRIGGER;VALUE=DATE-TIME:20240115T083000Z".to_owned()), "{lines:?}");
}

#[test]
fn a05_acknowledged() {
    let lines = "ACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x\nACKNOWLEDGED:20240115T085000Z";
    assert_eq!(alert(lines)["acknowledged"], "2024-01-15T08:50:00Z");
    stays(&alarm(lines));
    let local = alarm("ACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x\nACKNOWLEDGED:20240115T085000");
    assert_eq!(complaints(&local), ["invalid-value"]);
    stays(&local);
}

#[test]
fn a06_sound() {
    let lines = "ACTION:AUDIO\nTRIGGER:-PT5M\nATTACH;FMTTYPE=audio/basic:ftp://x/y.aud";
    assert_eq!(bare(alert(lines)), json!({"trigger": {"offset": "-PT5M"}}));
    stays(&alarm(lines));
    let mut event = import(&alarm(&format!("UID:a\n{lines}")));
    event["alerts"]["a"]["action"] = json!("email");
    let lines = export(json!({"alerts": event["alerts"]}));
    let actions: Vec<_> = lines.iter().filter(|line| line.starts_with("ACTION")).collect();
    assert_eq!(actions, ["ACTION:EMAIL"]);
}

#[test]
fn a07_snooze() {
    let first = alarm("UID:first@example.com\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x");
    let second = alarm(
        "UID:b\nACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:20240115T090000Z\nDESCRIPTION:x\n\
         RELATED-TO;RELTYPE=SNOOZE:first@example.com",
    );
    let lines = format!("{first}\n{second}");
    let event = import(&lines);
    let key = names(&event).into_iter().find(|key| key != "b").unwrap();
    assert_eq!(event["alerts"]["b"]["relatedTo"], json!({&key: {"relation": {"snooze": true}}}));
    stays(&lines);
    // 1.0 has no word for it (revision 12 of the draft, on RELATED-TO).
    let old = import_v1(&lines);
    assert_eq!(old["alerts"]["b"]["relatedTo"][&key]["relation"], json!({"parent": true}));
}

#[test]
fn a07_a_uid_is_made_where_one_is_needed() {
    let alerts = json!({
        "k1": {"trigger": {"offset": "-PT5M"}},
        "a/b": {"trigger": {"offset": "-PT6M"}},
        "k2": {"trigger": {"offset": "-PT1M"}, "relatedTo": {"k1": {"relation": {"snooze": true}}, "a/b": {}, "gone": {}}},
    });
    let lines = export(json!({"alerts": alerts}));
    for line in [
        "UID:k1",
        "UID:a/b",
        "JSID:a/b",
        "RELATED-TO;RELTYPE=SNOOZE:k1",
        "RELATED-TO:a/b",
        "JSID:k2",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:?}");
    }
    assert!(!lines.contains(&"JSID:k1".to_owned()));
    let mut back = import(&lines.join("\n"))["alerts"].clone();
    back.as_object_mut().unwrap().values_mut().for_each(|alert| *alert = bare(alert.take()));
    assert_eq!(back, alerts);
}

#[test]
fn a07_relations_that_no_uid_can_say() {
    let alerts = json!({
        "a": {"trigger": {"offset": "-PT1M"}},
        "b": {"trigger": {"@type": "example.com:Moon"}},
        "c": {"trigger": {"offset": "-PT2M"}, "relatedTo": {"b": {"relation": {"snooze": true}}}},
    });
    assert_eq!(there_and_back(json!({"alerts": alerts}))["alerts"], alerts);
    let one = |at: u32| alarm(&format!("UID:a\nACTION:DISPLAY\nTRIGGER:-PT{at}M\nDESCRIPTION:x"));
    let mut alerts = import(&format!("{}\n{}\n{}", one(1), one(2), one(3)))["alerts"].clone();
    alerts["a-3"]["relatedTo"] = json!({"a-2": {"relation": {"snooze": true}}});
    assert_eq!(there_and_back(json!({"alerts": alerts}))["alerts"], alerts);
}

#[test]
fn a08_relation_to_nothing() {
    let lines =
        "UID:b\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x\nRELATED-TO;RELTYPE=SNOOZE:gone";
    let alert = alert(lines);
    assert_eq!(alert.get("relatedTo"), None);
    assert_eq!(
        alert["iCalendar"]["properties"][2],
        json!(["related-to", {"reltype": "SNOOZE"}, "text", "gone"])
    );
    stays(&alarm(lines));
}

#[test]
fn a09_repetition_and_proximity() {
    let lines = "ACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x\nDURATION:PT5M\nREPEAT:3\nPROXIMITY:ARRIVE\n\
                 BEGIN:VLOCATION\nUID:l1\nURL:geo:40.4,-73.8\nEND:VLOCATION";
    assert_eq!(bare(alert(lines)), json!({"trigger": {"offset": "-PT5M"}}));
    stays(&alarm(lines));
}

#[test]
fn a10_derived_description() {
    let alerts = json!({"k": {"trigger": {"offset": "-PT5M"}}});
    let lines = export(json!({"title": "Lunch, late", "alerts": alerts}));
    assert!(lines.contains(&"DESCRIPTION;DERIVED=TRUE:Lunch\\, late".to_owned()), "{lines:?}");
    assert_eq!(there_and_back(json!({"title": "Lunch", "alerts": alerts}))["alerts"], alerts);
    assert!(export(json!({"alerts": alerts})).contains(&"DESCRIPTION;DERIVED=TRUE:u1".to_owned()));
}

#[test]
fn a10_a_missing_description_stays_missing() {
    stays(&alarm("ACTION:DISPLAY\nTRIGGER:-PT5M"));
    stays(&alarm("ACTION:EMAIL\nTRIGGER:-PT5M"));
    stays(&alarm("ACTION:DISPLAY\nTRIGGER:-PT5M\nX-FOO:1"));
}

#[test]
fn a10_a_derived_description_is_made_again() {
    let lines = |title: &str| {
        format!(
            "SUMMARY:{title}\n{}",
            alarm(&format!(
                "ACTION:DISPLAY\nTRIGGER:-PT5M\nX-A:1\nDESCRIPTION;DERIVED=TRUE:{title}"
            ))
        )
    };
    stays(&lines("Lunch"));
    let mut event = import(&lines("Lunch"));
    event["title"] = json!("Dinner");
    let lines = export(json!({"title": "Dinner", "alerts": event["alerts"]}));
    assert!(lines.contains(&"DESCRIPTION;DERIVED=TRUE:Dinner".to_owned()), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains("Lunch")));
}

#[test]
fn a11_mail() {
    let alerts = json!({"k": {"trigger": {"offset": "-PT5M"}, "action": "email"}});
    let (lines, codes) = export_reporting(json!({"title": "Lunch", "alerts": alerts}));
    assert_eq!(codes, ["no-attendee"]);
    for line in ["ACTION:EMAIL", "SUMMARY;DERIVED=TRUE:Lunch", "DESCRIPTION;DERIVED=TRUE:Lunch"] {
        assert!(lines.contains(&line.to_owned()), "{line}: {lines:?}");
    }
    let mut options = ical_jscal::ToIcal::new();
    options.email_attendee = Some("mailto:me@example.com".to_owned());
    let event = json!({
        "@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z", "start": "2024-01-15T10:00:00",
        "title": "Lunch", "alerts": alerts,
    });
    let event: jscalendar::Event = serde_json::from_value(event).unwrap();
    let converted = options.text(&event).unwrap();
    assert!(converted.value.contains("\r\nATTENDEE;DERIVED=TRUE:mailto:me@example.com\r\n"));
    assert!(converted.diagnostics.is_empty());
    let back = ical_jscal::from_ical(&converted.value).unwrap().value;
    assert_eq!(serde_json::to_value(&back.entries[0]).unwrap()["alerts"], alerts);
    stays(&alarm(
        "ACTION:EMAIL\nTRIGGER:-PT5M\nSUMMARY:s\nDESCRIPTION:d\nATTENDEE:mailto:a@example.com",
    ));
}

#[test]
fn a12_unknown_trigger() {
    let alerts = json!({"k": {"trigger": {"@type": "UnknownTrigger", "example.com:x": [1, 2]}, "action": "email"}});
    let lines = export(json!({"alerts": alerts}));
    assert_eq!(
        lines,
        [
            r#"JSPROP;JSPTR="alerts/k":{"trigger":{"@type":"UnknownTrigger"\,"example.com:x":[1\,2]}\,"action":"email"}"#
        ]
    );
    assert_eq!(there_and_back(json!({"alerts": alerts}))["alerts"], alerts);
    let mixed = json!({"a": {"trigger": {"offset": "PT0S"}}, "b": {"trigger": {"@type": "example.com:Moon"}}});
    assert_eq!(there_and_back(json!({"alerts": mixed}))["alerts"], mixed);
}

#[test]
fn a13_without_trigger_or_action() {
    is_kept("ACTION:DISPLAY\nDESCRIPTION:x");
    is_kept("ACTION:DISPLAY\nTRIGGER:soon");
    assert_eq!(complaints(&alarm("ACTION:DISPLAY")), ["alarm-kept"]);
    let lines = "TRIGGER:-PT5M\nDESCRIPTION:x";
    assert_eq!(bare(alert(lines)), json!({"trigger": {"offset": "-PT5M"}}));
    stays(&alarm(lines));
    is_kept("ACTION:DISPLAY\nTRIGGER:-PT5M\nTRIGGER:-PT6M");
}

#[test]
fn a14_placeholders() {
    is_kept("ACTION:NONE\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z");
    is_kept("ACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME:19760401T005545Z\nX-APPLE-PROXIMITY:ARRIVE");
    assert_eq!(complaints(&alarm("ACTION:NONE\nTRIGGER:-PT5M")), Vec::<String>::new());
}

#[test]
fn a15_a_task_without_due() {
    let lines = alarm("ACTION:DISPLAY\nTRIGGER;RELATED=END:-PT5M\nDESCRIPTION:x");
    let (json, back) = task(&format!("DTSTART:20240115T100000\n{lines}"));
    assert_eq!(json.get("alerts"), None);
    assert_eq!(json["iCalendar"]["components"][0][0], "valarm");
    assert!(back.contains(&"TRIGGER;RELATED=END:-PT5M".to_owned()));
    let (json, back) = task(&format!("DUE:20240115T100000\n{lines}"));
    assert_eq!(names(&json).len(), 1);
    assert!(back.contains(&"TRIGGER;RELATED=END:-PT5M".to_owned()));
}

#[test]
fn a16_a_task_without_start() {
    let lines = alarm("ACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x");
    let (json, back) = task(&format!("DUE:20240115T100000\n{lines}"));
    assert_eq!(json.get("alerts"), None);
    assert!(back.contains(&"TRIGGER:-PT5M".to_owned()));
    let (json, _) = task(&format!("DTSTART:20240115T100000\n{lines}"));
    assert_eq!(names(&json).len(), 1);
}

#[test]
fn a16_such_an_alert_comes_back() {
    let task = json!({
        "@type": "Task", "uid": "t1", "updated": "2024-01-01T00:00:00Z",
        "alerts": {"k": {"trigger": {"offset": "-PT5M"}}},
    });
    let typed: jscalendar::Task = serde_json::from_value(task.clone()).unwrap();
    let text = ical_jscal::to_ical(&typed).unwrap().value;
    assert!(!text.contains("VALARM"), "{text}");
    let back = ical_jscal::from_ical(&text).unwrap().value;
    assert_eq!(serde_json::to_value(&back.entries[0]).unwrap()["alerts"], task["alerts"]);
    let mut options = ical_jscal::ToIcal::new();
    options.mode = ical_jscal::Mode::Clean;
    assert!(options.text(&typed).unwrap().value.contains("TRIGGER:-PT5M"));
}

#[test]
fn a17_alert_without_trigger() {
    let alerts = json!({"k": {"action": "email"}});
    let (lines, codes) = export_reporting(json!({"alerts": alerts}));
    assert_eq!(codes, ["no-trigger"]);
    assert_eq!(lines, [r#"JSPROP;JSPTR="alerts/k":{"action":"email"}"#]);
    assert_eq!(there_and_back(json!({"alerts": alerts}))["alerts"], alerts);
}

#[test]
fn a18_jsid() {
    let lines = alarm("JSID:my-alert\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x");
    assert_eq!(names(&import(&lines)), ["my-alert"]);
    stays(&lines);
    let with_uid = alarm("JSID:my-alert\nUID:u\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x");
    stays(&with_uid);
    let old = alarm("JSCAL-ID:my-alert\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x");
    assert_eq!(names(&import(&old)), ["my-alert"]);
    let twice = format!("{lines}\n{}", lines.replace("-PT5M", "-PT6M"));
    assert_eq!(names(&import(&twice)), ["my-alert", "my-alert-2"]);
}

#[test]
fn a19_keys_are_stable() {
    let lines = alarm("ACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:a\\, b\nX-A;X-B=\"c,d\":1\\,2");
    let keys = names(&import(&lines));
    assert_eq!(keys, names(&import(&lines)));
    assert_eq!(keys[0].len(), 36);
    stays(&lines);
    // Spelling says nothing, neither does what changes.
    let other = alarm(
        "trigger;value=duration:-PT5M\nAction:display\nX-A;x-b=\"c,d\":1\\,2\nDESCRIPTION:a, b",
    );
    assert_eq!(keys, names(&import(&other)));
    assert!(!round(&other).iter().any(|line| line.starts_with("JSID")));
    // An edited alarm keeps its key by saying it.
    let mut event = import(&lines);
    event["alerts"][&keys[0]]["trigger"]["offset"] = json!("-PT7M");
    let lines = export(json!({"alerts": event["alerts"]}));
    assert!(lines.contains(&format!("JSID:{}", keys[0])));
    // One that somebody took note of needs not to.
    event["alerts"][&keys[0]]["trigger"]["offset"] = json!("-PT5M");
    event["alerts"][&keys[0]]["acknowledged"] = json!("2024-01-15T08:00:00Z");
    let lines = export(json!({"alerts": event["alerts"]}));
    assert!(!lines.iter().any(|line| line.starts_with("JSID")), "{lines:?}");
}

#[test]
fn a20_equal_alarms() {
    let one = alarm("ACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x");
    let lines = vec![one; 12].join("\n");
    let keys = names(&import(&lines));
    assert_eq!(keys.len(), 12);
    stays(&lines);
    // Those with one UID are told apart by their order.
    let list: Vec<String> = (1..=12)
        .map(|at| alarm(&format!("UID:a\nACTION:DISPLAY\nTRIGGER:-PT{at}M\nDESCRIPTION:x")))
        .collect();
    stays(&list.join("\n"));
    let event = import(&list.join("\n"));
    assert_eq!(event["alerts"]["a-12"]["trigger"]["offset"], "-PT12M");
}

#[test]
fn a20_a_removed_one_does_not_rename_the_others() {
    let one = |minutes: u32| {
        alarm(&format!("UID:a\nACTION:DISPLAY\nTRIGGER:-PT{minutes}M\nDESCRIPTION:x"))
    };
    let mut event = import(&[one(1), one(2), one(3)].join("\n"));
    event["alerts"].as_object_mut().unwrap().remove("a");
    let back = import(&export(json!({"alerts": event["alerts"]})).join("\n"));
    assert_eq!(back["alerts"], event["alerts"]);
}

#[test]
fn a21_override_of_one_member() {
    let members = json!({
        "title": "x", "recurrenceRule": {"frequency": "daily", "count": 5},
        "alerts": {"x": {"trigger": {"offset": "-PT5M"}}, "y": {"trigger": {"offset": "-PT6M"}}},
        "recurrenceOverrides": {"2024-01-16T10:00:00": {"alerts/x/trigger/offset": "-PT1H"}},
    });
    let event = json!({
        "@type": "Event", "uid": "u1", "updated": "2024-01-01T00:00:00Z", "start": "2024-01-15T10:00:00",
        "timeZone": "Europe/Berlin", "title": "x", "recurrenceRule": members["recurrenceRule"],
        "alerts": members["alerts"], "recurrenceOverrides": members["recurrenceOverrides"],
    });
    let typed: jscalendar::Event = serde_json::from_value(event.clone()).unwrap();
    let text = ical_jscal::to_ical(&typed).unwrap().value;
    let second = text.split("BEGIN:VEVENT").nth(2).unwrap();
    assert!(second.contains("TRIGGER:-PT1H") && second.contains("TRIGGER:-PT6M"), "{text}");
    let back = ical_jscal::from_ical(&text).unwrap().value;
    let back = serde_json::to_value(&back.entries[0]).unwrap();
    assert_eq!(back["recurrenceOverrides"], event["recurrenceOverrides"]);
    assert_eq!(back["alerts"], event["alerts"]);
}

#[test]
fn a22_odd_lengths() {
    assert_eq!(alert("ACTION:DISPLAY\nTRIGGER:-PT0S")["trigger"]["offset"], "-PT0S");
    assert_eq!(alert("ACTION:DISPLAY\nTRIGGER:-P1W")["trigger"]["offset"], "-P1W");
    for value in
        ["-PT0S", "PT0S", "-P1W", "-P0DT0H15M0S", "+PT5M", "-P1W2D", "PT1H5S", "-PT015M", "P7D"]
    {
        stays(&alarm(&format!("ACTION:DISPLAY\nTRIGGER:{value}\nDESCRIPTION:x")));
    }
    stays(&alarm("ACTION:DISPLAY\nTRIGGER;X-APPLE-RELATED-TRAVEL=-PT30M:-PT5M\nDESCRIPTION:x"));
    stays(&alarm("ACTION:DISPLAY\nTRIGGER;RELATED=ENDE:-PT5M\nDESCRIPTION:x"));
    stays(&alarm("ACTION;X-NC-GROUP-ID=0:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:x"));
}

#[test]
fn a22_an_edit_beats_the_spelling() {
    let mut event = import(&alarm(
        "UID:a\nACTION:DISPLAY\nTRIGGER;VALUE=DATE-TIME;RELATED=END:+PT5M\nDESCRIPTION:x",
    ));
    event["alerts"]["a"]["trigger"] = json!({"offset": "PT6M"});
    let lines = export(json!({"alerts": event["alerts"]}));
    assert!(lines.contains(&"TRIGGER:PT6M".to_owned()), "{lines:?}");
}

#[test]
fn without_the_hatch_all_that_is_mapped_comes_back() {
    let lines = alarm(
        "ACTION:EMAIL\nTRIGGER;RELATED=END:-PT5M\nACKNOWLEDGED:20240115T085000Z\nX-A:1\nUID:a",
    );
    let back = round_without_hatch(&lines);
    for line in
        ["ACTION:EMAIL", "TRIGGER;RELATED=END:-PT5M", "ACKNOWLEDGED:20240115T085000Z", "JSID:a"]
    {
        assert!(back.contains(&line.to_owned()), "{line}: {back:?}");
    }
}

#[test]
fn clean_mode_has_no_hatch() {
    let mut options = ical_jscal::FromIcal::new();
    options.mode = ical_jscal::Mode::Clean;
    let lines = alarm("ACTION:AUDIO\nTRIGGER:-PT5M\nATTACH:ftp://x/y.aud");
    let converted = options.group(calendar(&lines)).unwrap();
    let event = serde_json::to_value(&converted.value.entries[0]).unwrap();
    let alert = event["alerts"].as_object().unwrap().values().next().unwrap();
    assert_eq!(*alert, json!({"trigger": {"offset": "-PT5M"}}));
    assert_eq!(
        converted.diagnostics.iter().filter(|diagnostic| diagnostic.code == "lost").count(),
        2
    );
}
