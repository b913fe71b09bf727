//! Properties of calendars.

use super::Place::Calendar;
use super::check;

#[test]
fn properties() {
    check(
        Calendar,
        r#"
@ title = "New"
-NAME;LANGUAGE=en;X-A=1:Old
+NAME;LANGUAGE=en;X-A=1:New

@ locale = "de"
-NAME;LANGUAGE=en:Old
+NAME;LANGUAGE=de:Old

@ title = "New"
-NAME:Old
 X-WR-CALNAME:Old
+NAME:New

@ description = "New"
-DESCRIPTION;ALTREP="cid:1":Old
+DESCRIPTION;ALTREP="cid:1":New

@ description = "<b>"
-STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<p>
+STYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>

@ keywords = {"B":true}
-CATEGORIES;X-A=1:A
+CATEGORIES;X-A=1:B

@ categories = {"https://e.example/b":true}
-CONCEPT:https://e.example/a
+CONCEPT:https://e.example/b

@ color = "blue"
-COLOR;X-A=1:red
+COLOR;X-A=1:blue

@ created = "2024-01-02T00:00:00Z"
-CREATED;X-A=1:20240101T000000Z
+CREATED;X-A=1:20240102T000000Z

@ updated = "2024-01-02T00:00:00Z"
-LAST-MODIFIED;X-A=1:20240101T000000Z
+LAST-MODIFIED;X-A=1:20240102T000000Z

@ entries/0/method = "cancel"
-METHOD:REQUEST
+METHOD:CANCEL

@ entries/0/method = "cancel"
-METHOD;X-A=1:REQUEST
+METHOD;X-A=1:CANCEL

@ prodId = "-//b//b//EN"
-PRODID;X-A=1:-//a//a//EN
+PRODID;X-A=1:-//b//b//EN

@ source = "https://e.example/b"
-SOURCE;VALUE=URI;X-A=1:https://e.example/a
+SOURCE;VALUE=URI;X-A=1:https://e.example/b

@ uid = "b"
-UID;X-A=1:a
+UID;X-A=1:b

@ links/k/href = "https://e.example/b"
-URL;JSID=k;X-A=1:https://e.example/a
+URL;JSID=k;X-A=1:https://e.example/b

@ links/k/href = "https://e.example/b"
-IMAGE;JSID=k;VALUE=URI;DISPLAY=BADGE;X-A=1:https://e.example/a
+IMAGE;JSID=k;VALUE=URI;DISPLAY=BADGE;X-A=1:https://e.example/b

@ links/k/contentType = "c/d"
-ATTACH;JSID=k;FMTTYPE=a/b;X-A=1:https://e.example/a
+ATTACH;JSID=k;FMTTYPE=c/d;X-A=1:https://e.example/a

@ links/k/rel = "self"
-LINK;JSID=k;VALUE=URI;LINKREL=license;X-A=1:https://e.example/a
+LINK;JSID=k;VALUE=URI;LINKREL=self;X-A=1:https://e.example/a

@ title = "New"
 REFRESH-INTERVAL;VALUE=DURATION:P1W
+NAME:New

@ example.com:a = 2
-JSPROP;JSPTR="example.com:a":1
+JSPROP;JSPTR="example.com:a":2
"#,
    );
}
