//! The file: what is in it stays.

use jmap_calendars::CalendarsExt;
use jmap_embedded::Embedded;
use jscalendar::Event;

#[test]
fn what_was_written_is_there_when_it_is_opened_again() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("calendar.db");
    {
        let server = Embedded::open(&path).unwrap();
        server.add_user("jane").unwrap();
        let client = server.client("jane").wait().unwrap();
        let event = Event::new("u1", "2027-03-01T09:00:00".parse().unwrap());
        client.events().add(event).wait().unwrap();
    }
    let server = Embedded::open(&path).unwrap();
    server.add_user("jane").unwrap();
    // Two that have the same file open.
    let other = Embedded::open(&path).unwrap();
    let [one, two] = [&server, &other].map(|server| server.client("jane").wait().unwrap());
    let stored = one.events().by_uid("u1").wait().unwrap().unwrap();
    stored.edit(|event| event.title = Some("Tea".to_owned())).wait().unwrap();
    let stored = two.events().by_uid("u1").wait().unwrap().unwrap();
    assert_eq!(stored.title.as_deref(), Some("Tea"));
    assert_eq!(one.calendars().list().wait().unwrap().len(), 1);
}

#[test]
fn something_else_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    std::fs::write(&path, "not a database, but some notes of somebody else".repeat(100)).unwrap();
    let error = Embedded::open(&path).unwrap_err();
    insta::assert_snapshot!(error, @"the store failed: file is not a database");
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("not a database"));
}
