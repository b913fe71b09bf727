//! LOCATION, GEO, VLOCATION and CONFERENCE, both directions.

use serde_json::{Value, json};

use crate::links::{
    calendar, complaints, export, export_reporting, forget_hatch, import, import_v1, returns,
    round, round_without_hatch, same, stays,
};

fn hint(event: &Value, path: &str) -> Value {
    event["iCalendar"]["convertedProperties"][path].clone()
}

fn only(map: &Value) -> (&String, &Value) {
    let mut members = map.as_object().unwrap().iter();
    let first = members.next().unwrap();
    assert_eq!(members.next(), None);
    first
}

#[test]
fn l01_location() {
    let lines = "LOCATION:Room 1\\, North";
    let event = import(lines);
    let key = "10570482-3253-5ca6-bd21-b505bad852dd";
    assert_eq!(event["locations"], json!({key: {"name": "Room 1, North"}}));
    assert_eq!(event["mainLocationId"], Value::Null);
    assert_eq!(hint(&event, &format!("locations/{key}/name")), Value::Null);
    stays(lines);
    assert_eq!(round_without_hatch(lines), [lines]);
}

#[test]
fn l01_location_with_bare_commas() {
    for lines in [
        "LOCATION:Berlin, Germany",
        "LOCATION:a;b,c\\nd\\\\",
        "LOCATION:a\\;b,c",
        "LOCATION:a;b\\,c",
    ] {
        assert_eq!(import(lines)["iCalendar"]["convertedProperties"], Value::Null, "{lines}");
        stays(lines);
        assert_eq!(round_without_hatch(lines), [lines]);
    }
    // No one way of spelling it gives these.
    stays("LOCATION:a,b\\,c");
    stays("LOCATION:a\\:b");
}

#[test]
fn l01_an_edited_location_is_spelled_properly() {
    let mut event = import("LOCATION:Berlin, Germany");
    let key = only(&event["locations"]).0.clone();
    event["locations"][&key]["name"] = json!("Paris, France");
    let written = export(json!({"locations": event["locations"], "iCalendar": event["iCalendar"]}));
    assert_eq!(written, [format!("LOCATION;JSID={key}:Paris\\, France")]);
    let mut event = import("LOCATION:a,b\\,c");
    let key = only(&event["locations"]).0.clone();
    event["locations"][&key]["name"] = json!("a,b");
    let written = export(json!({"locations": event["locations"], "iCalendar": event["iCalendar"]}));
    assert_eq!(written, [format!("LOCATION;JSID={key}:a\\,b")]);
}

#[test]
fn l02_geo() {
    let lines = "GEO:+48.8500;-2.29";
    let event = import(lines);
    let (key, place) = only(&event["locations"]);
    assert_eq!(*place, json!({"coordinates": "geo:48.8500,-2.29"}));
    assert_eq!(hint(&event, &format!("locations/{key}/coordinates"))["name"], "geo");
    stays(lines);
    stays("GEO:48.85;-2.29");
    stays("GEO;X-A=b:48.85;-2.29");
    let event = import("GEO;JSID=loc1:45.5;-93.3");
    assert_eq!(event["locations"], json!({"loc1": {"coordinates": "geo:45.5,-93.3"}}));
    assert_eq!(
        hint(&event, "locations/loc1/coordinates"),
        json!({"@type": "ICalProperty", "name": "geo"})
    );
    stays("GEO;JSID=loc1:45.5;-93.3");
    let written = round_without_hatch("GEO;JSID=loc1:45.5;-93.3");
    assert_eq!(
        written,
        [
            "GEO;DERIVED=TRUE;JSID=loc1:45.5;-93.3",
            "BEGIN:VLOCATION",
            "UID:loc1",
            "COORDINATES;VALUE=URI:geo:45.5,-93.3",
            "END:VLOCATION",
        ]
    );
}

#[test]
fn l02_an_edited_position_shows() {
    let mut event = import("GEO:+48.8500;-2.29");
    let key = only(&event["locations"]).0.clone();
    event["locations"][&key]["coordinates"] = json!("geo:1.5,2.5");
    let written = export(json!({"locations": event["locations"], "iCalendar": event["iCalendar"]}));
    assert_eq!(written, [format!("GEO;JSID={key}:1.5;2.5")]);
}

#[test]
fn l03_location_and_geo() {
    let lines = "LOCATION:Room\nGEO:48.85;-2.29";
    let event = import(lines);
    let (key, place) = only(&event["locations"]);
    assert_eq!(*place, json!({"name": "Room", "coordinates": "geo:48.85,-2.29"}));
    assert_eq!(hint(&event, &format!("locations/{key}/coordinates"))["name"], "geo");
    stays(lines);
    stays("GEO:48.85;-2.29\nLOCATION;LANGUAGE=de;JSID=a:Raum");
    stays("GEO;JSID=a:48.85;-2.29\nLOCATION;JSID=a:Raum");
    stays("GEO;JSID=b:48.85;-2.29\nLOCATION;JSID=a:Raum");
    stays("GEO;JSID=b:48.85;-2.29\nLOCATION:Raum");
    // The key tells that it came from a LOCATION.
    same(&round_without_hatch(lines), lines);
    same(&round_without_hatch("GEO:+48.85;-2.29"), "GEO:+48.85;-2.29");
    let written = export(json!({"locations": {"a": place}}));
    assert_eq!(
        written[..2],
        ["LOCATION;DERIVED=TRUE;JSID=a:Room", "GEO;DERIVED=TRUE;JSID=a:48.85;-2.29"]
    );
}

const OFFICE: &str =
    "BEGIN:VLOCATION\nUID:loc-1\nNAME:Office\nCOORDINATES;VALUE=URI:geo:52.5,13.4\nEND:VLOCATION";
const GARAGE: &str = "BEGIN:VLOCATION\nUID:loc-2\nNAME:Garage\nEND:VLOCATION";

#[test]
fn l04_derived() {
    for derived in [
        "LOCATION;DERIVED=TRUE:Office\nGEO;DERIVED=TRUE:52.5;13.4",
        "LOCATION;DERIVED=TRUE:office",
        "LOCATION;DERIVED=TRUE;LANGUAGE=en;X-A=b:Office\\, 3rd floor",
        "LOCATION;DERIVED=TRUE;JSID=loc-1:Office",
        "GEO;DERIVED=TRUE:+52.50;13.400",
        "GEO;DERIVED=TRUE;JSID=loc-1:52.5;13.4",
        "GEO;DERIVED=TRUE:1;2",
    ] {
        let lines = format!("{derived}\n{OFFICE}");
        let event = import(&lines);
        let (key, place) = only(&event["locations"]);
        assert_eq!(key, "loc-1");
        assert_eq!(
            (&place["name"], &place["coordinates"]),
            (&json!("Office"), &json!("geo:52.5,13.4"))
        );
        assert_eq!(event["mainLocationId"], Value::Null);
        stays(&lines);
    }
    stays(OFFICE);
    stays("LOCATION;DERIVED=TRUE:Nowhere");
    stays("GEO;DERIVED=TRUE:1;2");
    assert_eq!(import("LOCATION;DERIVED=TRUE:Nowhere")["locations"], Value::Null);
}

#[test]
fn l04_derived_follow_an_edit() {
    for text in ["Office", "office", "Office\\, 3rd floor"] {
        let mut event =
            import(&format!("LOCATION;DERIVED=TRUE:{text}\nGEO;DERIVED=TRUE:52.50;13.4\n{OFFICE}"));
        event["locations"]["loc-1"]["name"] = json!("Bureau");
        event["locations"]["loc-1"]["coordinates"] = json!("geo:1,2");
        let written =
            export(json!({"locations": event["locations"], "iCalendar": event["iCalendar"]}));
        assert_eq!(
            written[..2],
            ["LOCATION;DERIVED=TRUE:Bureau", "GEO;DERIVED=TRUE:1;2"],
            "{text}"
        );
    }
}

#[test]
fn l05_main_of_several() {
    let parts = format!("{OFFICE}\n{GARAGE}");
    let event = import(&format!("LOCATION;DERIVED=TRUE:Garage\n{parts}"));
    assert_eq!(event["locations"].as_object().unwrap().len(), 2);
    assert_eq!(event["mainLocationId"], "loc-2");
    stays(&format!("LOCATION;DERIVED=TRUE:Garage\n{parts}"));
    stays(&format!("LOCATION;DERIVED=TRUE;JSID=loc-2:Garage\n{parts}"));
    stays(&format!("LOCATION;DERIVED=TRUE:Nowhere\n{parts}"));
    stays(&parts);
    // The same, said the plain way, needs no hint.
    let event = import(&format!("LOCATION;DERIVED=TRUE;JSID=loc-2:Garage\n{parts}"));
    assert_eq!(event["iCalendar"]["convertedProperties"], Value::Null);
    // Another main place, and the line follows.
    let mut event = import(&format!("LOCATION;DERIVED=TRUE:Garage\n{parts}"));
    event["mainLocationId"] = json!("loc-1");
    let written = export(json!({
        "locations": event["locations"], "mainLocationId": "loc-1", "iCalendar": event["iCalendar"],
    }));
    assert_eq!(written[0], "LOCATION;DERIVED=TRUE;JSID=loc-1:Office");
    let written = round_without_hatch(&format!("LOCATION;DERIVED=TRUE:Garage\n{parts}"));
    assert!(written.contains(&"LOCATION;JSID=loc-2:Garage".to_owned()), "{written:?}");
    assert!(written.contains(&"NAME:Office".to_owned()), "{written:?}");
}

#[test]
fn l06_location_beside_a_vlocation() {
    let lines = format!("LOCATION:Room\n{GARAGE}");
    let event = import(&lines);
    let main = event["mainLocationId"].as_str().unwrap();
    assert_eq!(event["locations"][main], json!({"name": "Room"}));
    assert_eq!(event["locations"].as_object().unwrap().len(), 2);
    stays(&lines);
    stays(&format!("LOCATION:Room\nGEO:1;2\n{GARAGE}"));
    stays(&format!("LOCATION:Room\nLOCATION;DERIVED=TRUE:Garage\n{GARAGE}"));
    stays(&format!("GEO:1;2\n{GARAGE}"));
    stays(&format!("GEO:1;2\nLOCATION;DERIVED=TRUE:Garage\n{GARAGE}"));
    let written = round_without_hatch(&lines);
    assert!(written.contains(&"LOCATION:Room".to_owned()), "{written:?}");
    assert!(written.contains(&"NAME:Garage".to_owned()), "{written:?}");
}

#[test]
fn l06_version_1() {
    let lines = format!("LOCATION:Zoo\n{GARAGE}");
    let event = import_v1(&lines);
    assert_eq!(event["mainLocationId"], Value::Null);
    same(
        &export(json!({"locations": event["locations"], "iCalendar": event["iCalendar"]})),
        &lines,
    );
}

#[test]
fn l07_one_jsid() {
    let component = |rest: &str| format!("BEGIN:VLOCATION\nUID:x\nJSID:a\n{rest}\nEND:VLOCATION");
    let named = component("NAME:Room");
    for lines in [
        format!("LOCATION;JSID=a:Room\n{named}"),
        format!("LOCATION;JSID=a;LANGUAGE=de:Room\n{named}"),
        format!("LOCATION;JSID=a:Room\n{}", component("LOCATION-TYPE:hotel")),
        format!("LOCATION;JSID=a:Room\nGEO;JSID=a:1;2\n{}", component("LOCATION-TYPE:hotel")),
        format!(
            "LOCATION;JSID=a:Room\nGEO;JSID=a:1;2\n{}",
            component("COORDINATES;VALUE=URI:geo:1,2")
        ),
        format!("GEO;JSID=a:1;2\n{named}"),
        format!("LOCATION;JSID=a:Room\n{named}\n{GARAGE}"),
    ] {
        let event = import(&lines);
        let places = event["locations"].as_object().unwrap();
        assert_eq!(places.len(), if lines.contains("Garage") { 2 } else { 1 }, "{lines}");
        assert_eq!(places["a"]["name"], "Room");
        stays(&lines);
    }
    // Not the same, whatever the JSID says.
    let lines = format!("LOCATION;JSID=a:Hall\n{named}");
    assert_eq!(import(&lines)["locations"].as_object().unwrap().len(), 2);
    assert_eq!(complaints(&lines), ["duplicate-jsid"]);
}

#[test]
fn l08_coordinates() {
    let event = import(OFFICE);
    assert_eq!(event["locations"]["loc-1"]["coordinates"], "geo:52.5,13.4");
    assert_eq!(event["locations"]["loc-1"]["iCalendar"]["name"], "vlocation");
    stays(OFFICE);
    let component = |rest: &str| format!("BEGIN:VLOCATION\nUID:x\n{rest}\nEND:VLOCATION");
    let event = import(&component("GEO:48.858222;2.2945"));
    let place = &event["locations"]["x"];
    assert_eq!(place["coordinates"], "geo:48.858222,2.2945");
    assert_eq!(place["iCalendar"]["convertedProperties"]["coordinates"]["name"], "geo");
    for rest in [
        "GEO:48.858222;2.2945",
        "GEO;X-A=b:+48.858222;2.2945",
        "GEO;DERIVED=TRUE:1;2\nCOORDINATES;VALUE=URI:geo:1,2",
        "GEO:3;4\nCOORDINATES;VALUE=URI:geo:1,2",
        "COORDINATES;VALUE=URI;X-A=b:geo:1,2,3;u=4",
        "COORDINATES;VALUE=URI:https://example.com/a",
        "COORDINATES;VALUE=TEXT:here",
        "GEO:here",
    ] {
        stays(&component(rest));
    }
}

#[test]
fn l09_precise_coordinates() {
    let members = json!({"locations": {"a": {"coordinates": "geo:52.5,13.4,34;crs=wgs84;u=5"}}});
    assert_eq!(
        export(members.clone()),
        [
            "GEO;DERIVED=TRUE;JSID=a:52.5;13.4",
            "BEGIN:VLOCATION",
            "UID:a",
            "COORDINATES;VALUE=URI:geo:52.5,13.4,34;crs=wgs84;u=5",
            "END:VLOCATION",
        ]
    );
    returns(members);
    returns(json!({"locations": {"a": {"coordinates": "no URI"}}}));
    returns(json!({"locations": {"a": {"name": "A", "coordinates": "geo:52.5,13.4"}}}));
}

#[test]
fn l10_location_types() {
    let lines = "BEGIN:VLOCATION\nUID:x\nLOCATION-TYPE:Restaurant,a\\,b,hotel\nEND:VLOCATION";
    let event = import(lines);
    assert_eq!(
        event["locations"]["x"]["locationTypes"],
        json!({"hotel": true, "Restaurant": true, "a,b": true})
    );
    stays(lines);
    returns(json!({"locations": {"x": {"locationTypes": {"hotel": true, "a;b,c": true}}}}));
}

#[test]
fn l11_vendor_member() {
    let members = json!({"locations": {"a": {"name": "A", "example.com:x": 1}}});
    assert_eq!(
        export(members.clone()),
        ["LOCATION;JSID=a:A", "JSPROP;JSPTR=\"locations/a/example.com:x\":1"]
    );
    returns(members);
    returns(
        json!({"locations": {"a": {"links": {"b": {"href": "x:y", "example.com:x": 1}}, "example.com:x": 1}}}),
    );
}

#[test]
fn l12_links() {
    let members =
        json!({"locations": {"a": {"links": {"b": {"href": "https://example.com/map"}}}}});
    assert_eq!(
        export(members.clone()),
        ["BEGIN:VLOCATION", "UID:a", "ATTACH;JSID=b:https://example.com/map", "END:VLOCATION"]
    );
    returns(members);
    stays(
        "BEGIN:VLOCATION\nUID:x\nATTACH;X-A=b:https://example.com/a\nURL:https://example.com/a\n\
         IMAGE;VALUE=URI:https://example.com/a\nLINK;VALUE=URI;LINKREL=icon:https://example.com/a\nEND:VLOCATION",
    );
}

#[test]
fn l13_other_properties_of_a_vlocation() {
    let lines = "BEGIN:VLOCATION\nUID:x\nDESCRIPTION:Big\nSTRUCTURED-DATA;VALUE=URI;SCHEMA=\"https://schema.org/a\":https://example.com/a\n\
                 X-A;X-B=c:d\nBEGIN:X-C\nX-D:1\nEND:X-C\nEND:VLOCATION";
    let event = import(lines);
    assert_eq!(event["locations"]["x"]["iCalendar"]["properties"].as_array().unwrap().len(), 4);
    stays(lines);
    let event = import_v1(lines);
    let place = &event["locations"]["x"];
    assert_eq!(place["description"], "Big");
    assert_eq!(only(&place["links"]).1["href"], "https://example.com/a");
    same(&export(json!({"locations": event["locations"], "iCalendar": event["iCalendar"]})), lines);
}

#[test]
fn l13_vlocations_without_uid() {
    stays("BEGIN:VLOCATION\nNAME:Room B\nEND:VLOCATION");
    stays(
        "BEGIN:VLOCATION\nNAME:Room B\nEND:VLOCATION\nBEGIN:VLOCATION\nNAME:Room B\nLOCATION-TYPE:bar\nEND:VLOCATION",
    );
    stays("BEGIN:VLOCATION\nLOCATION-TYPE:hotel\nEND:VLOCATION");
    stays("BEGIN:VLOCATION\nUID:a@b.example\nNAME:Room B\nNAME:Room C\nEND:VLOCATION");
    stays("LOCATION:Room B\nBEGIN:VLOCATION\nNAME:Room B\nEND:VLOCATION");
    let many = vec!["BEGIN:VLOCATION\nNAME:Room B\nEND:VLOCATION"; 1000].join("\n");
    stays(&many);
}

#[test]
fn l13_unknown_members_of_a_vlocation() {
    let lines =
        "BEGIN:VLOCATION\nUID:x\nNAME:A\nJSPROP;JSPTR=\"example.com:x\":{\"a\":1}\nEND:VLOCATION";
    assert_eq!(import(lines)["locations"]["x"]["example.com:x"], json!({"a": 1}));
    stays(lines);
}

#[test]
fn l14_description_of_a_place() {
    let (lines, _) =
        export_reporting(json!({"locations": {"a": {"name": "A", "description": "Big"}}}));
    assert!(lines.contains(&"DESCRIPTION:Big".to_owned()), "{lines:?}");
    // Version 2.0 reserves the name: not even this is lost, but no other program is shown a meaning that it has not.
    let place = json!({"a": {"name": "A", "description": "Big"}});
    let (lines, _) = export_reporting(json!({"version": "2.0", "locations": place}));
    let jsprop = r#"JSPROP;JSPTR="description":"Big""#.to_owned();
    assert!(lines.contains(&jsprop), "{lines:?}");
    assert!(!lines.contains(&"DESCRIPTION:Big".to_owned()), "{lines:?}");
    assert!(!import(&lines.join("\n"))["locations"]["a"]["iCalendar"].is_null());
    stays(&lines.join("\n"));
    assert_eq!(import_v1(&lines.join("\n"))["locations"]["a"]["description"], "Big");
}

#[test]
fn l15_main_that_is_none() {
    let (lines, codes) =
        export_reporting(json!({"mainLocationId": "b", "locations": {"a": {"name": "A"}}}));
    assert_eq!(
        (lines, codes),
        (vec!["LOCATION;JSID=a:A".to_owned()], vec!["dangling-main-location".to_owned()])
    );
    let (_, codes) = export_reporting(json!({"mainLocationId": "b"}));
    assert_eq!(codes, ["dangling-main-location"]);
}

#[test]
fn l15_main_that_needs_saying() {
    returns(json!({"mainLocationId": "a", "locations": {"a": {"name": "A"}}}));
    returns(json!({"mainLocationId": "b", "locations": {"a": {"name": "A"}, "b": {"name": "B"}}}));
    returns(
        json!({"mainLocationId": "b", "locations": {"a": {"name": "A"}, "b": {"coordinates": "geo:1,2"}}}),
    );
    returns(json!({"mainLocationId": "b", "locations": {
        "a": {"name": "A"}, "b": {"name": "B", "coordinates": "geo:1,2"}, "c": {"locationTypes": {"bar": true}},
    }}));
}

#[test]
fn l16_geo_that_is_none() {
    for geo in [
        "abc",
        "91;181",
        "1",
        "37.386013;-122.082932;1",
        "12.34567\\;12.34567",
        "geo:1.0,2.0",
        "1e1;2",
    ] {
        let lines = format!("GEO:{geo}");
        assert_eq!(import(&lines)["locations"], Value::Null);
        assert_eq!(complaints(&lines), ["invalid-value"]);
        stays(&lines);
    }
}

#[test]
fn l17_empty_location() {
    assert_eq!(import("LOCATION:")["locations"], Value::Null);
    returns(json!({"locations": {"a": {"name": ""}}}));
    returns(json!({"locations": {"a": {}}}));
}

#[test]
fn l18_parameters() {
    let lines = "LOCATION;ALTREP=\"cid:x\";LANGUAGE=de:Saal";
    let event = import(lines);
    let (key, _) = only(&event["locations"]);
    assert_eq!(
        hint(&event, &format!("locations/{key}/name")),
        json!({"@type": "ICalProperty", "name": "location", "parameters": {"altrep": "cid:x", "language": "de"}})
    );
    stays(lines);
    stays("LOCATION;VALUE=URI:https://example.com/a");
}

#[test]
fn l19_conference() {
    let lines = "CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Call:https://m.example/1";
    let event = import(lines);
    let (_, place) = only(&event["virtualLocations"]);
    assert_eq!(
        *place,
        json!({"uri": "https://m.example/1", "features": {"audio": true, "video": true}, "name": "Call"})
    );
    stays(lines);
    assert_eq!(round_without_hatch(lines), [lines]);
    stays("CONFERENCE;VALUE=URI;LANGUAGE=de;X-A=b;JSID=a:tel:+1-412-555-0123,,,654321#");
    stays("CONFERENCE;VALUE=URI;LABEL=Call, me:tel:1\nCONFERENCE;VALUE=URI:tel:1");
    stays("CONFERENCE;VALUE=TEXT:a");
}

#[test]
fn l20_features() {
    let members = json!({"virtualLocations": {"a": {
        "uri": "x:y", "features": {"example.com:vr": true, "audio": true}, "name": "A", "example.com:z": 1,
    }}});
    assert_eq!(
        export(members.clone()),
        [
            "CONFERENCE;VALUE=URI;FEATURE=AUDIO;LABEL=A;JSID=a:x:y",
            "JSPROP;JSPTR=\"virtualLocations/a/features/example.com:vr\":true",
            "JSPROP;JSPTR=\"virtualLocations/a/example.com:z\":1",
        ]
    );
    returns(members);
    returns(
        json!({"virtualLocations": {"a": {"uri": "x:y", "features": {"example.com:vr": true}}}}),
    );
    returns(json!({"virtualLocations": {"a/b": {"uri": "x:y", "name": "two\nlines"}}}));
}

#[test]
fn l21_virtual_location_without_uri() {
    let members = json!({"virtualLocations": {"a": {"name": "A"}}});
    let (lines, codes) = export_reporting(members.clone());
    assert_eq!(codes, ["no-uri"]);
    assert_eq!(lines, ["JSPROP;JSPTR=\"virtualLocations/a\":{\"name\":\"A\"}"]);
    returns(members);
}

#[test]
fn l22_place_of_the_end_in_version_1() {
    let place = json!({"@type": "Location", "name": "Narita", "relativeTo": "end", "timeZone": "Asia/Tokyo"});
    let lines = export(json!({"duration": "PT2H", "locations": {"a": place}}));
    assert!(lines.iter().any(|line| line.starts_with("DTEND;TZID=Asia/Tokyo:")), "{lines:?}");
    assert!(lines.contains(&"LOCATION;JSID=a:Narita".to_owned()), "{lines:?}");
    let lines = export(json!({
        "duration": "PT2H",
        "locations": {"a": {"@type": "Location", "relativeTo": "end", "timeZone": "Asia/Tokyo"}},
    }));
    assert_eq!(lines.len(), 1, "{lines:?}");
    for place in [
        json!({"@type": "Location", "name": "Narita", "relativeTo": "start"}),
        json!({"@type": "Location", "name": "Narita", "coordinates": "geo:1,2", "relativeTo": "start"}),
    ] {
        let lines = export(json!({"locations": {"a": place}})).join("\n");
        let mut event = import_v1(&lines);
        event["locations"]["a"].as_object_mut().unwrap().remove("iCalendar");
        assert_eq!(event["locations"]["a"], place, "{lines}");
    }
}

#[test]
fn l23_several_locations() {
    let lines = "LOCATION:A\nLOCATION:B\nGEO:1;2\nGEO:3;4";
    let event = import(lines);
    assert_eq!(*only(&event["locations"]).1, json!({"name": "A", "coordinates": "geo:1,2"}));
    stays(lines);
}

#[test]
fn l24_location_of_an_occurrence() {
    let text = calendar("RRULE:FREQ=DAILY;COUNT=5\nLOCATION:A").replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20240101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Berlin:20240116T100000\r\n\
         DTSTART;TZID=Europe/Berlin:20240116T100000\r\nLOCATION:B\r\nEND:VEVENT\r\nEND:VCALENDAR",
    );
    let group = ical_jscal::from_ical(&text).unwrap().value;
    let written = ical_jscal::to_ical(&group).unwrap().value;
    assert_eq!(written.matches("LOCATION:A\r\n").count(), 1, "{written}");
    assert_eq!(written.matches("LOCATION:B\r\n").count(), 1, "{written}");
    assert_eq!(written.matches("LOCATION").count(), 2, "{written}");
}

#[test]
fn what_json_says_comes_back() {
    returns(json!({"locations": {
        "a": {"name": "A"}, "b": {"name": "B", "locationTypes": {"bar": true}}, "c": {"coordinates": "geo:1,2"},
    }, "mainLocationId": "a"}));
    let group: jscalendar::Group = ical_jscal::from_ical(calendar("LOCATION:A")).unwrap().value;
    let mut event = serde_json::to_value(&group.entries[0]).unwrap();
    forget_hatch(&mut event);
    assert_eq!(event["iCalendar"], Value::Null);
    assert_eq!(round("LOCATION:A"), ["LOCATION:A"]);
}

#[test]
fn several_keys_of_one_place() {
    let lines = "BEGIN:VLOCATION\nUID:p\nJSID:a\nJSID:b\nNAME:x\nEND:VLOCATION";
    let (event, codes) = crate::case::EVENT.read(&crate::case::EVENT.text(lines));
    assert_eq!(event["entries"][0]["locations"]["a"]["name"], "x");
    assert_eq!(codes, ["second-jsid"]);
    crate::case::EVENT.stays(lines);
    crate::case::EVENT.stays("BEGIN:VLOCATION\nUID:p\nJSID:p\nJSID:b\nNAME:x\nEND:VLOCATION");
    crate::case::EVENT.stays("BEGIN:VLOCATION\nUID:p\nJSID;X-A=1:a\nNAME:x\nEND:VLOCATION");
}

#[test]
fn several_places_without_a_main_one() {
    // The conversion draft makes a LOCATION of the first one, so that programs without RFC 9073 see a place, and on the
    // way back LOCATION names the main place (L06). From then on nothing changes.
    let places = json!({"a": {"name": "A"}, "b": {"name": "B"}});
    let lines = crate::case::EVENT.export(json!({"locations": places}));
    assert_eq!(lines, ["LOCATION;JSID=a:A", "BEGIN:VLOCATION", "UID:b", "NAME:B", "END:VLOCATION"]);
    let mut back = crate::case::EVENT.import(&lines.join("\n"));
    assert_eq!(back["mainLocationId"], "a");
    for place in back["locations"].as_object_mut().unwrap().values_mut() {
        place.as_object_mut().unwrap().remove("iCalendar");
    }
    assert_eq!(back["locations"], places);
    crate::case::EVENT.stays(&lines.join("\n"));
}
