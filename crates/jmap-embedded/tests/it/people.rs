//! The client's calls for people, on this server.

use jmap_calendars::{
    CalendarEvent, CalendarRights, CalendarsExt, Followed, FreeBusySource, Window,
};
use jmap_core::client::Upload;
use jmap_core::{Client, Id};
use jmap_embedded::Embedded;
use jscalendar::{Event, Frequency, RecurrenceRule};

fn jane() -> Client {
    let server = Embedded::in_memory().unwrap();
    server.add_user("jane").unwrap();
    server.client("jane").wait().unwrap()
}

fn standup() -> Event {
    let mut standup = Event::new("u1", "2027-03-01T09:00:00".parse().unwrap());
    standup.time_zone = Some("Europe/Berlin".parse().unwrap());
    standup.duration = Some("PT1H".parse().unwrap());
    let mut rule = RecurrenceRule::new(Frequency::Daily);
    rule.count = Some(10);
    standup.recurrence_rule = Some(Box::new(rule));
    standup
}

#[test]
fn a_series_from_its_beginning_to_its_end() {
    let client = jane();
    let week = || {
        Window::new(
            "2027-03-01T00:00:00".parse().unwrap(),
            "2027-03-08T00:00:00".parse().unwrap(),
            "Europe/Berlin".parse().unwrap(),
        )
    };
    let count = || client.events().occurrences(week()).wait().unwrap().list.len();
    let standup = client.events().add(standup()).wait().unwrap();
    assert_eq!(count(), 7);
    let at = |day: u8| format!("2027-03-0{day}T09:00:00").parse().unwrap();
    let standup = standup
        .edit_occurrence(at(2), |it| it.start = Some("2027-03-02T11:00:00".parse().unwrap()))
        .wait()
        .unwrap();
    let standup = standup.remove_occurrence(at(3)).wait().unwrap();
    assert_eq!(count(), 6);
    let later =
        standup.edit_following(at(5), |it| it.title = Some("Later".to_owned())).wait().unwrap();
    assert_eq!(count(), 6);
    assert_eq!(later.recurrence_rule.as_ref().unwrap().count, Some(6));
    standup.reload().wait().unwrap().unwrap().remove().wait().unwrap();
    assert_eq!(count(), 3);
}

#[test]
fn invited_by_oneself() {
    let client = jane();
    let stored = client.events().add(standup()).wait().unwrap();
    let stored = stored.invite(["mailto:bob@example.com"]).wait().unwrap();
    assert_eq!(stored.organizer_calendar_address.as_deref(), Some("mailto:jane@localhost"));
    assert_eq!(stored.is_origin, Some(true));
    let own = stored.own_participation().wait().unwrap().unwrap();
    assert!(own.has_address("mailto:jane@localhost"));
}

#[test]
fn calendars() {
    let calendars = jane().calendars();
    let team = calendars.create("Team").wait().unwrap();
    calendars.set_default(&team).wait().unwrap();
    assert_eq!(calendars.default().wait().unwrap().unwrap().id, team.id);
    calendars.rename(&team, "The team").wait().unwrap();
    assert!(calendars.by_name("The team").wait().unwrap().is_some());
    let error = calendars.delete(&team).wait().unwrap_err();
    insta::assert_snapshot!(error.to_string().replace(team.id.unwrap().as_str(), "ID"), @"the object ID was not changed: forbidden: it is the default calendar: make another one the default first");
}

#[test]
fn a_list_stays_fresh_without_history() {
    let server = Embedded::in_memory().unwrap();
    server.add_user("jane").unwrap();
    let client = server.client("jane").wait().unwrap();
    let mut list = client.events().follow().interval(std::time::Duration::from_millis(1));
    let mut next = || jmap_core::wait(list.next()).unwrap();
    assert!(matches!(next(), Followed::All(events) if events.is_empty()));
    client.events().add(standup()).wait().unwrap();
    assert!(matches!(next(), Followed::Changed { changed, .. } if changed.len() == 1));
    let mut other = standup();
    other.uid = Some("u2".to_owned());
    client.events().add(other).wait().unwrap();
    server.forget_history("jane").unwrap();
    assert!(matches!(next(), Followed::All(events) if events.len() == 2));
}

#[test]
fn blobs() {
    let client = jane();
    let uploaded = client.upload(Upload::new("text/plain", "Milk")).wait().unwrap();
    let options = jmap_core::client::DownloadOptions::default();
    let download = client.download(uploaded.blob_id.unwrap(), options).wait().unwrap();
    assert_eq!(jmap_core::wait(download.collect(10)).unwrap(), b"Milk");
}

/// With the calls for people: one shares, another one finds what was shared, reads it, and asks when somebody has time.
#[test]
fn a_shared_calendar() {
    let server = Embedded::in_memory().unwrap();
    for name in ["jane", "bob"] {
        server.add_user(name).unwrap();
    }
    let [jane, bob] = ["jane", "bob"].map(|name| server.client(name).wait().unwrap());
    let stored = jane.events().add(standup()).wait().unwrap();
    let calendar = jane.calendars().default().wait().unwrap().unwrap().id.unwrap();
    let [from, to] = ["2027-03-01T00:00:00Z", "2027-03-02T00:00:00Z"].map(|at| at.parse().unwrap());
    let (bobs, rights) = (Id::any("bob"), CalendarRights::read());
    jane.calendars().share(calendar.clone(), bobs.clone(), rights).wait().unwrap();
    let visiting = bob.with_account(Id::any("jane"));
    let mine = visiting.calendars().get(calendar.clone()).wait().unwrap().unwrap();
    assert_eq!(mine.is_subscribed, Some(false));
    assert_eq!(visiting.events().get(stored.id()).wait().unwrap().unwrap().uid, stored.uid);
    let error = visiting.events().add(standup()).wait().unwrap_err();
    assert!(error.to_string().contains("forbidden"), "{error}");
    let busy = bob.free_busy("mailto:jane@localhost", from, to).wait().unwrap();
    assert_eq!(busy.source, FreeBusySource::Server);
    let times: Vec<_> = busy.periods.iter().map(|it| it.utc_start.unwrap().to_string()).collect();
    assert_eq!(times, ["2027-03-01T08:00:00Z"]);
    jane.calendars().unshare(calendar, bobs).wait().unwrap();
    assert!(visiting.calendars().list().wait().unwrap_err().is_not_found());
}

/// One account never sees what is in another one.
#[test]
fn everybody_for_themselves() {
    let server = Embedded::in_memory().unwrap();
    for name in ["jane", "bob"] {
        server.add_user(name).unwrap();
    }
    let [jane, bob] = ["jane", "bob"].map(|name| server.client(name).wait().unwrap());
    let stored = jane.events().add(standup()).wait().unwrap();
    assert!(bob.events().by_uid("u1").wait().unwrap().is_none());
    assert!(bob.events().get(stored.id()).wait().unwrap().is_none());
    let visiting = bob.with_account(Id::any("jane"));
    assert!(visiting.events().get(stored.id()).wait().unwrap_err().is_not_found());
    // The same uid in both accounts.
    bob.events().add(CalendarEvent::from(standup())).wait().unwrap();
    assert!(server.client("eve").wait().unwrap_err().is_auth());
}
