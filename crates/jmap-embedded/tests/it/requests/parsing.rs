//! JMAP Calendars, section 5.13.

use serde_json::json;

use super::Outsider;

impl Outsider {
    fn blob(&self, text: &str) -> String {
        let mut wire = self.wire.borrow_mut();
        let uploaded = wire.post("/jmap/upload/jane", "text/calendar", text.as_bytes()).json();
        uploaded["blobId"].as_str().unwrap().to_owned()
    }
}

const TEXT: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nMETHOD:REQUEST\r\n\
    BEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20270301T090000\r\n\
    DURATION:PT1H\r\nSUMMARY:Breakfast\r\nRRULE:FREQ=DAILY;COUNT=3\r\nX-ROOM:blue\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270302T090000\r\n\
    DTSTART;TZID=Europe/Berlin:20270302T100000\r\nDURATION:PT1H\r\nSUMMARY:Brunch\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:e2\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20270305\r\nSUMMARY:Holiday\r\n\
    END:VEVENT\r\nBEGIN:VTODO\r\nUID:t1\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Milk\r\nEND:VTODO\r\nEND:VCALENDAR\r\n";

#[test]
fn a_text_becomes_events() {
    let outsider = Outsider::new();
    let (good, bad) = (outsider.blob(TEXT), outsider.blob("Dear diary"));
    let response = outsider.call("CalendarEvent/parse", json!({"blobIds": [good, bad, "B9"]}));
    assert_eq!(response["notFound"], json!(["B9"]), "{response}");
    assert_eq!(response["notParsable"], json!([bad]));
    let events = response["parsed"][&good].as_array().unwrap();
    assert_eq!(events.len(), 2, "tasks are none");
    let series = &events[0];
    assert_eq!((&series["@type"], &series["version"]), (&json!("Event"), &json!("2.0")));
    assert_eq!((&series["uid"], &series["title"]), (&json!("e1"), &json!("Breakfast")));
    assert_eq!(series["recurrenceOverrides"]["2027-03-02T09:00:00"]["title"], "Brunch");
    for none in ["id", "calendarIds", "isDraft", "isOrigin", "method", "iCalendar"] {
        assert!(series.get(none).is_none(), "{none}: {series}");
    }
    assert_eq!(events[1]["showWithoutTime"], true);
    // Nothing was created.
    assert!(outsider.found(json!({})).is_empty());
    // What is parsed can be created.
    let mut event = series.clone();
    event["calendarIds"] = json!({"C1": true});
    outsider.created(event);
}

#[test]
fn some_properties() {
    let outsider = Outsider::new();
    let blob = outsider.blob(TEXT);
    let arguments = json!({"blobIds": [blob], "properties": ["title"]});
    let response = outsider.call("CalendarEvent/parse", arguments);
    assert_eq!(
        response["parsed"][&blob][0],
        json!({"@type": "Event", "title": "Breakfast"}),
        "{response}"
    );
    let arguments = json!({"blobIds": [blob], "properties": ["iCalendar"]});
    let response = outsider.call("CalendarEvent/parse", arguments);
    assert!(response["parsed"][&blob][0]["iCalendar"].to_string().contains("x-room"), "{response}");
    let arguments = json!({"blobIds": [blob], "properties": ["titel"]});
    assert_eq!(outsider.call("CalendarEvent/parse", arguments)["type"], "invalidArguments");
    assert_eq!(outsider.call("CalendarEvent/parse", json!({}))["type"], "invalidArguments");
}
