//! Series: occurrences that are moved, called off, added, and the rest of a series.

use jmap_calendars::{CalendarsExt, EventCondition, GetEvents, QueryEvents, Window};
use jscalendar::{Frequency, LocalDateTime, RecurrenceRule};

use super::{Place, event};

fn at(text: &str) -> LocalDateTime {
    text.parse().unwrap()
}

fn daily(place: &Place) -> jmap_calendars::StoredEvent {
    let mut standup = event("Standup", "2027-03-01T09:00:00");
    let mut rule = RecurrenceRule::new(Frequency::Daily);
    rule.count = Some(10);
    standup.recurrence_rule = Some(Box::new(rule));
    place.add(standup)
}

fn week() -> Window {
    Window::new(
        at("2027-03-01T00:00:00"),
        at("2027-03-08T00:00:00"),
        "Europe/Berlin".parse().unwrap(),
    )
}

fn starts(place: &Place, window: Window) -> Vec<(String, String)> {
    let search = place.client.events().search().in_calendar(&place.calendar);
    let found = search.occurrences(window).wait().unwrap();
    assert!(found.failed.is_empty());
    found
        .list
        .iter()
        .map(|it| (it.start.local.to_string(), it.event.title.clone().unwrap_or_default()))
        .collect()
}

#[test]
fn occurrences_of_a_week() {
    let Some(place) = Place::take() else { return };
    daily(&place);
    let found = starts(&place, week());
    assert_eq!(found.len(), 7);
    assert_eq!(found[6].0, "2027-03-07T09:00:00");
}

#[test]
fn one_is_moved_another_called_off_and_one_comes_back() {
    let Some(place) = Place::take() else { return };
    let standup = daily(&place);
    let standup = standup
        .edit_occurrence(at("2027-03-02T09:00:00"), |event| {
            event.start = Some(at("2027-03-02T11:00:00"));
            event.title = Some("Late".to_owned());
        })
        .wait()
        .unwrap();
    let standup = standup.remove_occurrence(at("2027-03-03T09:00:00")).wait().unwrap();
    assert_eq!(standup.recurrence_overrides.len(), 2);
    let found = starts(&place, week());
    assert_eq!(found.len(), 6);
    assert_eq!(found[1], ("2027-03-02T11:00:00".to_owned(), "Late".to_owned()));
    // Both changes at the same occurrence, which is there.
    let standup = standup
        .edit_occurrence(at("2027-03-02T09:00:00"), |event| event.priority = Some(1))
        .wait()
        .unwrap();
    let found = place.client.events().occurrences(week()).wait().unwrap();
    let late = found
        .list
        .iter()
        .find(|it| {
            it.stored.id() == standup.id() && it.recurrence_id == Some(at("2027-03-02T09:00:00"))
        })
        .unwrap();
    assert_eq!((late.event.title.as_deref(), late.event.priority), (Some("Late"), Some(1)));
    // Back to what it was.
    let standup = late
        .edit(|event| {
            event.start = Some(at("2027-03-02T09:00:00"));
            event.title = Some("Standup".to_owned());
            event.priority = None;
        })
        .wait()
        .unwrap();
    assert_eq!(starts(&place, week())[1].0, "2027-03-02T09:00:00");
    assert!(standup.recurrence_overrides.len() <= 2);
}

#[test]
fn the_start_of_all_moves_what_is_different() {
    let Some(place) = Place::take() else { return };
    let standup = daily(&place);
    let standup = standup.remove_occurrence(at("2027-03-03T09:00:00")).wait().unwrap();
    let standup =
        standup.edit(|event| event.start = Some(at("2027-03-01T10:00:00"))).wait().unwrap();
    let keys: Vec<_> = standup.recurrence_overrides.keys().copied().collect();
    assert_eq!(keys, [at("2027-03-03T10:00:00")]);
    assert_eq!(starts(&place, week()).len(), 6);
}

#[test]
fn an_occurrence_and_all_that_follow() {
    let Some(place) = Place::take() else { return };
    let standup = daily(&place);
    let later = standup
        .edit_following(at("2027-03-04T09:00:00"), |event| {
            event.start = Some(at("2027-03-04T08:00:00"));
            event.title = Some("Early".to_owned());
        })
        .wait()
        .unwrap();
    assert_ne!(later.id(), standup.id());
    let found = starts(&place, week());
    assert_eq!(found.len(), 7);
    assert_eq!(found[2], ("2027-03-03T09:00:00".to_owned(), "Standup".to_owned()));
    assert_eq!(found[3], ("2027-03-04T08:00:00".to_owned(), "Early".to_owned()));
    let rest = later.remove_following(at("2027-03-06T08:00:00")).wait().unwrap();
    assert!(rest.is_some());
    assert_eq!(starts(&place, week()).len(), 5);
}

/// The server's own expansion, for those who want it.
#[test]
fn expanded_by_the_server() {
    let Some(place) = Place::take() else { return };
    let standup = daily(&place);
    let condition = EventCondition::default()
        .in_calendar(place.id())
        .after(at("2027-03-01T00:00:00"))
        .before(at("2027-03-04T00:00:00"));
    let mut batch = place.client.batch();
    let query = QueryEvents::matching(condition).expand_recurrences().time_zone("Europe/Berlin");
    let query = batch.call(query);
    let get = batch.call(GetEvents::found(query.ids()));
    let found = batch.send().wait().unwrap().take(get).unwrap().list;
    assert_eq!(found.len(), 3);
    for occurrence in &found {
        assert!(occurrence.recurrence_id.is_some());
        assert_eq!(occurrence.base_id(), Some(&standup.id()));
    }
    let one = place.client.events().get(&found.objects[0]).wait().unwrap().unwrap();
    let error = one.edit(|event| event.title = None).wait().unwrap_err();
    assert!(error.to_string().contains("occurrence"), "{error}");
}
