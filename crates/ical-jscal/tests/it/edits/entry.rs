//! Properties of events and tasks that are no times.

use super::Place::{Event, Todo};
use super::check;

#[test]
fn texts() {
    check(
        Event,
        r#"
@ title = "New, 1"
-SUMMARY;LANGUAGE=en;X-A=1:Old
+SUMMARY;LANGUAGE=en;X-A=1:New\, 1

@ locale = "de"
-SUMMARY;LANGUAGE=en;X-A=1:Old
+SUMMARY;LANGUAGE=de;X-A=1:Old

@ locale = null
-SUMMARY;LANGUAGE=en:Old
+SUMMARY:Old

@ title = null
-SUMMARY;ALTREP="https://e.example/":Old

@ description = "New"
-DESCRIPTION;LANGUAGE=en;ALTREP="cid:1":Old
+DESCRIPTION;LANGUAGE=en;ALTREP="cid:1":New

@ descriptionContentType = "text/html"
-DESCRIPTION:Old
+STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:Old
+DESCRIPTION;DERIVED=TRUE:Old

@ description = "<b>"
-STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html;X-A=1:<p>
+STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html;X-A=1:<b>

@ descriptionContentType = "text/markdown"
-STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:Old
+STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/markdown:Old
 DESCRIPTION;DERIVED=TRUE:Old

@ description = "<b>New</b>"
-STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<p>Old
-DESCRIPTION;DERIVED=TRUE:Old
+STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>New</b>
+DESCRIPTION;DERIVED=TRUE:New

@ keywords/A = null
-CATEGORIES;LANGUAGE=en:A,B
+CATEGORIES;LANGUAGE=en:B

@ keywords/a,b = true
-CATEGORIES:A,B
+CATEGORIES:A,B,a\,b

@ color = "blue"
-COLOR;X-A=1:red
+COLOR;X-A=1:blue

@ color = "blue"
-COLOR:rather red
+COLOR:blue

@ categories = {"https://e.example/b":true}
-CONCEPT:https://e.example/a
+CONCEPT:https://e.example/b

@ categories/https:~1~1e.example~1b = true
 CONCEPT;X-A=1:https://e.example/a
+CONCEPT:https://e.example/b
"#,
    );
}

#[test]
fn states_and_numbers() {
    check(
        Event,
        r#"
@ privacy = "secret"
-CLASS;X-A=1:PUBLIC
+CLASS;X-A=1:CONFIDENTIAL

@ privacy = "private"
-CLASS:X-OTHER
+CLASS:PRIVATE

@ privacy = null
-CLASS:PRIVATE

@ priority = 1
-PRIORITY;X-A=1:5
+PRIORITY;X-A=1:1

@ priority = 9
-PRIORITY:99
+PRIORITY:9

@ status = "cancelled"
-STATUS;X-A=1:CONFIRMED
+STATUS;X-A=1:CANCELLED

@ status = "tentative"
-STATUS:X-MAYBE
+STATUS:TENTATIVE

@ freeBusyStatus = "free"
-TRANSP;X-A=1:OPAQUE
+TRANSP;X-A=1:TRANSPARENT

@ freeBusyStatus = "busy"
-TRANSP:X-FULL
+TRANSP:OPAQUE

@ sequence = 2
-SEQUENCE;X-A=1:1
+SEQUENCE;X-A=1:2

@ created = "2024-01-02T00:00:00Z"
-CREATED;X-A=1:20240101T000000Z
+CREATED;X-A=1:20240102T000000Z

@ created = "2024-01-02T00:00:00Z"
-CREATED:20240101T000000
+CREATED:20240102T000000Z

@ updated = "2024-01-02T00:00:00Z"
-DTSTAMP;X-A=1:20240101T000000Z
+DTSTAMP;X-A=1:20240102T000000Z

@ updated = "2024-01-02T00:00:00Z"
-LAST-MODIFIED:20231201T000000Z
-DTSTAMP:20240101T000000Z
+DTSTAMP:20240102T000000Z
+LAST-MODIFIED:20240102T000000Z

@ title = "New"
 LAST-MODIFIED:20231201T000000Z
+SUMMARY:New

@ uid = "b"
-UID;X-A=1:a
+UID;X-A=1:b
"#,
    );
    check(
        Todo,
        r#"
@ progress = "completed"
-STATUS;X-A=1:NEEDS-ACTION
+STATUS;X-A=1:COMPLETED

@ progress = "in-process"
-STATUS:PENDING
+STATUS:IN-PROCESS

@ percentComplete = 20
-PERCENT-COMPLETE;X-A=1:10
+PERCENT-COMPLETE;X-A=1:20

@ percentComplete = 100
-PERCENT-COMPLETE:110
+PERCENT-COMPLETE:100

@ progress = "completed"
 COMPLETED:20240101T000000Z
+STATUS:COMPLETED
"#,
    );
}

#[test]
fn relations() {
    check(
        Event,
        r#"
@ relatedTo/a/relation = {"next":true}
-RELATED-TO;X-A=1;RELTYPE=CHILD:a
+RELATED-TO;X-A=1;RELTYPE=NEXT:a

@ relatedTo/a/relation = {"child":true}
-RELATED-TO;RELTYPE=CHILD,X-B:a
+RELATED-TO;RELTYPE=CHILD:a

@ relatedTo/a/relation/next = true
 RELATED-TO;RELTYPE=CHILD:a
+RELATED-TO;RELTYPE=NEXT:a

@ relatedTo/a = null
-RELATED-TO;RELTYPE=DEPENDS-ON;GAP=PT5M:a

@ relatedTo = {"b":{}}
-RELATED-TO;VALUE=URI:https://e.example/
+RELATED-TO:b
"#,
    );
}

#[test]
fn links() {
    check(
        Event,
        r#"
@ links/k/href = "https://e.example/b"
-ATTACH;JSID=k;X-A=1:https://e.example/a
+ATTACH;JSID=k;X-A=1:https://e.example/b

@ links/k/title = "g"
-ATTACH;JSID=k;MANAGED-ID=1;FMTTYPE=a/b;FILENAME=f;SIZE=1:https://e.example/a
+ATTACH;JSID=k;MANAGED-ID=1;FMTTYPE=a/b;FILENAME=g;SIZE=1:https://e.example/a

@ links/k/contentType = "c/d"
-ATTACH;JSID=k;FMTTYPE=a/b;SIZE=1:https://e.example/a
+ATTACH;JSID=k;FMTTYPE=c/d;SIZE=1:https://e.example/a

@ links/k/size = 2
-ATTACH;JSID=k;SIZE=1:https://e.example/a
+ATTACH;JSID=k;SIZE=2:https://e.example/a

@ links/k/size = 2
-ATTACH;JSID=k;SIZE=big:https://e.example/a
+ATTACH;JSID=k;SIZE=2:https://e.example/a

@ links/k/rel = "icon"
-ATTACH;JSID=k;X-A=1:https://e.example/a
+IMAGE;VALUE=URI;JSID=k:https://e.example/a

@ links/k/rel = "describedby"
-ATTACH;JSID=k:https://e.example/a
+URL;JSID=k:https://e.example/a

@ links/k/rel = "license"
-ATTACH;JSID=k:https://e.example/a
+LINK;VALUE=URI;LINKREL=license;JSID=k:https://e.example/a

@ links/k/href = "data:text/plain;base64,aG8="
-ATTACH;JSID=k;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain:aGk=
+ATTACH;JSID=k;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain:aG8=

@ links/k/href = "https://e.example/a"
-ATTACH;JSID=k;VALUE=BINARY;ENCODING=BASE64;FMTTYPE=text/plain:aGk=
+ATTACH;JSID=k;FMTTYPE=text/plain:https://e.example/a

@ links/k/display = {"thumbnail":true}
-IMAGE;JSID=k;VALUE=URI;DISPLAY=BADGE;X-A=1:https://e.example/a
+IMAGE;JSID=k;VALUE=URI;DISPLAY=THUMBNAIL;X-A=1:https://e.example/a

@ links/k/href = "https://e.example/b"
-IMAGE;JSID=k;VALUE=URI;ALTREP="https://e.example/c":https://e.example/a
+IMAGE;JSID=k;VALUE=URI;ALTREP="https://e.example/c":https://e.example/b

@ links/k/title = "M"
-LINK;JSID=k;VALUE=URI;LINKREL=SOURCE;LABEL=L;LANGUAGE=en:https://e.example/a
+LINK;JSID=k;VALUE=URI;LINKREL=SOURCE;LABEL=M;LANGUAGE=en:https://e.example/a

@ links/k/rel = "license"
-LINK;JSID=k;VALUE=URI;LINKREL=enclosure:https://e.example/a
+LINK;JSID=k;VALUE=URI;LINKREL=license:https://e.example/a

@ links/k/href = "https://e.example/b"
-URL;JSID=k;X-A=1:https://e.example/a
+URL;JSID=k;X-A=1:https://e.example/b

@ links = null
-URL:https://e.example/a
"#,
    );
}

#[test]
fn places() {
    check(
        Event,
        r#"
@ locations/k/name = "New"
-LOCATION;JSID=k;LANGUAGE=en;X-A=1:Old
+LOCATION;JSID=k;LANGUAGE=en;X-A=1:New

@ locations = null
-LOCATION;ALTREP="https://e.example/":Old

@ locations/k/name = "New"
-LOCATION;JSID=k:Old
 GEO;X-A=1:1.5;2.5
+LOCATION;JSID=k:New

@ locations/k/coordinates = "geo:3,4"
 LOCATION;JSID=k:Old
-GEO;X-A=1:1.5;2.5
+GEO;X-A=1:3;4

@ locations = null
-GEO:1.5;2.5

@ virtualLocations/k/uri = "https://e.example/b"
-CONFERENCE;JSID=k;VALUE=URI;FEATURE=AUDIO;LABEL=L;LANGUAGE=en:https://e.example/a
+CONFERENCE;JSID=k;VALUE=URI;FEATURE=AUDIO;LABEL=L;LANGUAGE=en:https://e.example/b

@ virtualLocations/k/name = "M"
-CONFERENCE;JSID=k;VALUE=URI;FEATURE=AUDIO;LABEL=L:https://e.example/a
+CONFERENCE;JSID=k;VALUE=URI;FEATURE=AUDIO;LABEL=M:https://e.example/a

@ virtualLocations/k/features/video = true
-CONFERENCE;JSID=k;VALUE=URI;FEATURE=AUDIO;X-A=1:https://e.example/a
+CONFERENCE;JSID=k;VALUE=URI;FEATURE=AUDIO,VIDEO;X-A=1:https://e.example/a
"#,
    );
}

#[test]
fn people() {
    check(
        Event,
        r#"
@ participants/k/name = "Bob"
-ATTENDEE;JSID=k;CN=Ann;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;CN=Bob;X-A=1:mailto:a@e.example

@ participants/k/calendarAddress = "mailto:b@e.example"
-ATTENDEE;JSID=k;CN=Ann;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;CN=Ann;X-A=1:mailto:b@e.example

@ participants/k/email = "b@e.example"
-ATTENDEE;JSID=k;EMAIL=a@e.example;X-A=1:urn:a
+ATTENDEE;JSID=k;EMAIL=b@e.example;X-A=1:urn:a

@ participants/k/kind = "location"
-ATTENDEE;JSID=k;CUTYPE=GROUP;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;CUTYPE=ROOM;X-A=1:mailto:a@e.example

@ participants/k/kind = "location"
-ATTENDEE;JSID=k;CUTYPE=UNKNOWN;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;CUTYPE=ROOM;X-A=1:mailto:a@e.example

@ participants/k/participationStatus = "declined"
-ATTENDEE;JSID=k;PARTSTAT=ACCEPTED;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;PARTSTAT=DECLINED;X-A=1:mailto:a@e.example

@ participants/k/participationStatus = "declined"
-ATTENDEE;JSID=k;PARTSTAT=X-MAYBE;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;PARTSTAT=DECLINED;X-A=1:mailto:a@e.example

@ participants/k/roles = {"optional":true}
-ATTENDEE;JSID=k;ROLE=CHAIR;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;ROLE=OPT-PARTICIPANT;X-A=1:mailto:a@e.example

@ participants/k/expectReply = true
-ATTENDEE;JSID=k;RSVP=FALSE;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;RSVP=TRUE;X-A=1:mailto:a@e.example

@ participants/k/sentBy = "t@e.example"
-ATTENDEE;JSID=k;SENT-BY="mailto:s@e.example";X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;SENT-BY="mailto:t@e.example";X-A=1:mailto:a@e.example

@ participants/k/delegatedTo = {"mailto:t@e.example":true}
-ATTENDEE;JSID=k;DELEGATED-TO="mailto:s@e.example";X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;DELEGATED-TO="mailto:t@e.example";X-A=1:mailto:a@e.example

@ participants/k/delegatedFrom = null
-ATTENDEE;JSID=k;DELEGATED-FROM="mailto:s@e.example";DIR="ldap://e.example":mailto:a@e.example
+ATTENDEE;JSID=k;DIR="ldap://e.example":mailto:a@e.example

@ participants/k/memberOf/mailto:t@e.example = true
-ATTENDEE;JSID=k;MEMBER="mailto:s@e.example";LANGUAGE=en:mailto:a@e.example
+ATTENDEE;JSID=k;MEMBER="mailto:s@e.example","mailto:t@e.example";LANGUAGE=en:mailto:a@e.example

@ participants = null
-ATTENDEE;JSID=k;SCHEDULE-STATUS=1.2:mailto:a@e.example

@ participants/k/name = "Bob"
-ORGANIZER;JSID=k;CN=Ann;X-A=1:mailto:a@e.example
+ORGANIZER;JSID=k;CN=Bob;X-A=1:mailto:a@e.example

@ participants/k/email = "b@e.example"
-ORGANIZER;JSID=k;EMAIL=a@e.example;DIR="ldap://e.example":urn:a
+ORGANIZER;JSID=k;EMAIL=b@e.example;DIR="ldap://e.example":urn:a

@ participants/*/name = "Bob"
-ORGANIZER;CN=Ann:mailto:a@e.example
-ATTENDEE;CN=Ann;PARTSTAT=ACCEPTED:mailto:a@e.example
+ORGANIZER;CN=Bob:mailto:a@e.example
+ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:a@e.example

@ participants/*/name = "Bob"
 ORGANIZER;CN=Ann:mailto:a@e.example
-ATTENDEE;CN=Anna;PARTSTAT=ACCEPTED:mailto:a@e.example
+ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:a@e.example

@ participants/*/calendarAddress = "mailto:b@e.example"
 ORGANIZER:mailto:a@e.example
-ATTENDEE:MAILTO:A@e.example
+ATTENDEE;JSID=53a52576-4427-5b07-8a6a-15608cba9356;ROLE=OWNER:mailto:b@e.example
"#,
    );
    check(
        Todo,
        r#"
@ participants/k/progress = "completed"
-ATTENDEE;JSID=k;PARTSTAT=IN-PROCESS;X-A=1:mailto:a@e.example
+ATTENDEE;JSID=k;PARTSTAT=COMPLETED;X-A=1:mailto:a@e.example
"#,
    );
}
