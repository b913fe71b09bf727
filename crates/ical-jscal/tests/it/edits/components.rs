//! VALARM, VLOCATION and PARTICIPANT, and what stands in JSPROP.

use super::Place::{Event, Inner};
use super::{Place, check};

const ALARM: Place = Inner("VALARM", "alerts");
const PLACE: Place = Inner("VLOCATION", "locations");
const PERSON: Place = Inner("PARTICIPANT", "participants");

#[test]
fn alarms() {
    check(
        ALARM,
        r#"
@ trigger/offset = "-PT5M"
 UID:a
 ACTION:DISPLAY
 DESCRIPTION:D
-TRIGGER;X-A=1:-PT60M
+TRIGGER;X-A=1:-PT5M

@ trigger/relativeTo = "end"
 UID:a
 ACTION:DISPLAY
 DESCRIPTION:D
-TRIGGER:-PT60M
+TRIGGER;RELATED=END:-PT60M

@ trigger = {"@type":"AbsoluteTrigger","when":"2024-01-15T08:00:00Z"}
 UID:a
 ACTION:DISPLAY
 DESCRIPTION:D
-TRIGGER;RELATED=END:-PT5M
+TRIGGER;VALUE=DATE-TIME:20240115T080000Z

@ trigger/when = "2024-01-15T09:00:00Z"
 UID:a
 ACTION:DISPLAY
 DESCRIPTION:D
-TRIGGER;VALUE=DATE-TIME;X-A=1:20240115T080000Z
+TRIGGER;VALUE=DATE-TIME;X-A=1:20240115T090000Z

@ acknowledged = "2024-01-15T09:00:00Z"
 UID:a
 ACTION;X-A=1:DISPLAY
 DESCRIPTION:D
 TRIGGER:-PT5M
+ACKNOWLEDGED:20240115T090000Z

@ acknowledged = "2024-01-15T09:00:00Z"
 UID:a
 ACTION:DISPLAY
 DESCRIPTION:D
 TRIGGER:-PT5M
-ACKNOWLEDGED;X-A=1:20240115T080000Z
+ACKNOWLEDGED;X-A=1:20240115T090000Z

@ action = "display"
 UID:a
-ACTION:EMAIL
 ATTENDEE:mailto:a@e.example
 SUMMARY:S
 DESCRIPTION:D
 TRIGGER:-PT5M
+ACTION:DISPLAY

@ trigger/offset = "-PT6M"
 UID:a
 ACTION:AUDIO
 ATTACH:https://e.example/a
-TRIGGER:-PT5M
 REPEAT:2
 DURATION:PT5M
+TRIGGER:-PT6M

@ action = "display"
 UID:a
-ACTION:AUDIO
 TRIGGER:-PT5M
+ACTION:DISPLAY
+DESCRIPTION;DERIVED=TRUE:u1

@ example.com:a = 2
-JSPROP;JSPTR="example.com:a":1
 UID:a
 ACTION:DISPLAY
 DESCRIPTION:D
 TRIGGER:-PT5M
+JSPROP;JSPTR="example.com:a":2
"#,
    );
    check(
        Event,
        r#"
@ alerts/b/relatedTo = null
 BEGIN:VALARM
 UID:a
 ACTION:DISPLAY
 DESCRIPTION:D
 TRIGGER:-PT5M
 END:VALARM
 BEGIN:VALARM
 UID:b
 ACTION:DISPLAY
 DESCRIPTION:D
 TRIGGER;VALUE=DATE-TIME:20240115T080000Z
-RELATED-TO;RELTYPE=SNOOZE;X-A=1:a
 END:VALARM

@ alerts/b/relatedTo/a/relation = {"parent":true}
 BEGIN:VALARM
 UID:a
 ACTION:DISPLAY
 DESCRIPTION:D
 TRIGGER:-PT5M
 END:VALARM
 BEGIN:VALARM
 UID:b
 ACTION:DISPLAY
 DESCRIPTION:D
 TRIGGER;VALUE=DATE-TIME:20240115T080000Z
-RELATED-TO;RELTYPE=SNOOZE;X-A=1:a
 END:VALARM
+RELATED-TO;RELTYPE=PARENT;X-A=1:a
"#,
    );
}

#[test]
fn places() {
    check(
        PLACE,
        r#"
@ name = "New"
 UID:a
-NAME;X-A=1:Old
+NAME;X-A=1:New

@ locationTypes/bar = null
 UID:a
 NAME:N
-LOCATION-TYPE;X-A=1:bar,hotel
+LOCATION-TYPE;X-A=1:hotel

@ coordinates = "geo:3,4"
 UID:a
 NAME:N
-COORDINATES;X-A=1:geo:1,2
+COORDINATES;VALUE=URI;X-A=1:geo:3,4

@ coordinates = "geo:3,4"
 UID:a
 NAME:N
-GEO;X-A=1:1;2
+GEO;X-A=1:3;4

@ links/k/href = "https://e.example/b"
 UID:a
 NAME:N
-URL;JSID=k;X-A=1:https://e.example/a
+URL;JSID=k;X-A=1:https://e.example/b

@ name = "M"
 UID:a
-NAME:N
 DESCRIPTION:D
 STRUCTURED-DATA;VALUE=URI:https://e.example/a
+NAME:M

@ example.com:a = 2
 UID:a
 NAME:N
-JSPROP;JSPTR="example.com:a":1
+JSPROP;JSPTR="example.com:a":2
"#,
    );
}

#[test]
fn people() {
    check(
        PERSON,
        r#"
@ name = "New"
 UID:a
 PARTICIPANT-TYPE:SPEAKER
-SUMMARY;X-A=1:Old
+SUMMARY;X-A=1:New

@ description = "New"
 UID:a
 PARTICIPANT-TYPE:SPEAKER
-DESCRIPTION;X-A=1:Old
+DESCRIPTION;X-A=1:New

@ descriptionContentType = "text/html"
 UID:a
 PARTICIPANT-TYPE:SPEAKER
-DESCRIPTION:Old
+STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:Old

@ calendarAddress = "mailto:b@e.example"
 UID:a
 JSID:k
 PARTICIPANT-TYPE:SPEAKER
-CALENDAR-ADDRESS;X-A=1:mailto:a@e.example
+CALENDAR-ADDRESS;X-A=1:mailto:b@e.example

@ links/k/href = "https://e.example/b"
 UID:a
 PARTICIPANT-TYPE:SPEAKER
-URL;JSID=k;X-A=1:https://e.example/a
+URL;JSID=k;X-A=1:https://e.example/b

@ example.com:a = 2
 UID:a
 PARTICIPANT-TYPE:SPEAKER
 LOCATION:L
-JSPROP;JSPTR="example.com:a":1
+JSPROP;JSPTR="example.com:a":2
"#,
    );
}

#[test]
fn members_without_a_property() {
    check(
        Event,
        r#"
@ example.com:a/b = 2
-JSPROP;JSPTR="example.com:a":{"b":1}
+JSPROP;JSPTR="example.com:a":{"b":2}

@ privacy = "public"
-JSPROP;JSPTR="privacy":"example.com:none"
+CLASS:PUBLIC

@ links/k/example.com:a = null
 URL;JSID=k:https://e.example/a
-JSPROP;JSPTR="links/k/example.com:a":1
"#,
    );
}
