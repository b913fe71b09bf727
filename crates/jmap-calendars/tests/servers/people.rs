//! Scheduling between three users: invited, accepted, declined, called off.
//!
//! One test at a time: Cyrus loses a message now and then when others write into the calendars of whom it is for.

use std::thread::sleep;
use std::time::Duration;

use jmap_calendars::{CalendarEventNotification, CalendarsExt, StoredEvent};
use jmap_core::{Client, GetArguments, QueryArguments};
use jscalendar::{Frequency, LocalDateTime, ParticipationStatus, RecurrenceRule};

use super::{Place, Server, event};

const SECOND: &str = "mailto:user2@example.com";
const THIRD: &str = "mailto:user3@example.com";

/// What a user has of an event, once `is_there` is true of it: messages between users take a moment.
#[track_caller]
fn awaited(
    client: &Client,
    uid: &str,
    is_there: impl Fn(Option<&StoredEvent>) -> bool,
) -> Option<StoredEvent> {
    for _ in 0..50 {
        let found = client.events().by_uid(uid).wait().unwrap();
        if is_there(found.as_ref()) {
            return found;
        }
        sleep(Duration::from_millis(100));
    }
    panic!("nothing came");
}

fn status(event: &StoredEvent, address: &str) -> Option<ParticipationStatus> {
    let (_, participant) = event.participant(address)?;
    participant.participation_status.clone()
}

#[test]
fn invited_accepted_declined_and_called_off() {
    let (Some(server), Some(place)) = (Server::named(), Place::alone()) else { return };
    let [second, third] = ["user2", "user3"].map(|user| server.client_of(user));
    let meeting = place.add(event("Meeting", "2027-04-01T09:00:00"));
    let uid = meeting.uid.clone().unwrap();
    let meeting = meeting.invite([SECOND, THIRD]).wait().unwrap();
    assert!(meeting.organizer_calendar_address.is_some());
    assert_eq!(meeting.participants.len(), 3);

    let invitation = awaited(&second, &uid, |it| it.is_some()).unwrap();
    assert_ne!(invitation.is_origin, Some(true));
    let own = invitation.own_participation().wait().unwrap().unwrap();
    assert!(own.has_address(SECOND));
    let accepted = invitation.respond(ParticipationStatus::Accepted).wait().unwrap();
    assert_eq!(status(&accepted, SECOND), Some(ParticipationStatus::Accepted));
    let declined = awaited(&third, &uid, |it| it.is_some()).unwrap();
    declined.respond(ParticipationStatus::Declined).wait().unwrap();

    let answered = awaited(&place.client, &uid, |it| {
        it.is_some_and(|it| {
            status(it, SECOND) == Some(ParticipationStatus::Accepted)
                && status(it, THIRD) == Some(ParticipationStatus::Declined)
        })
    });
    // The answers are told as notifications too.
    let ids =
        place.client.query(QueryArguments::<CalendarEventNotification>::all()).wait().unwrap().ids;
    let all = place.client.get(GetArguments::of(ids)).wait().unwrap().list;
    let of_meeting = |it: &&CalendarEventNotification| it.calendar_event_id == Some(meeting.id());
    assert!(all.iter().any(|it| of_meeting(&it)));

    // A change reaches those who were invited, and one that is silent does not.
    let moved = answered.unwrap().edit(|it| it.title = Some("Moved".to_owned())).wait().unwrap();
    awaited(&second, &uid, |it| it.is_some_and(|it| it.title.as_deref() == Some("Moved")));
    let quiet = moved.silently().edit(|it| it.title = Some("Quiet".to_owned())).wait().unwrap();
    sleep(Duration::from_millis(500));
    let held = second.events().by_uid(&uid).wait().unwrap().unwrap();
    assert_eq!(held.title.as_deref(), Some("Moved"));

    let whole = quiet.reload().wait().unwrap().unwrap();
    StoredEvent::clone(&whole).remove().wait().unwrap();
    let _ = awaited(&second, &uid, |it| {
        it.is_none_or(|it| {
            it.status == Some(jscalendar::EventStatus::Cancelled)
                || it.title.as_deref() == Some("Moved")
        })
    });
    for client in [&second, &third] {
        if let Some(left) = client.events().by_uid(&uid).wait().unwrap() {
            left.silently().remove().wait().unwrap();
        }
    }
}

#[test]
fn one_occurrence_is_declined() {
    let (Some(server), Some(place)) = (Server::named(), Place::alone()) else { return };
    let second = server.client_of("user2");
    let mut standup = event("Standup", "2027-04-05T09:00:00");
    let mut rule = RecurrenceRule::new(Frequency::Daily);
    rule.count = Some(5);
    standup.recurrence_rule = Some(Box::new(rule));
    let standup = place.add(standup);
    let uid = standup.uid.clone().unwrap();
    standup.invite([SECOND]).wait().unwrap();
    let invitation = awaited(&second, &uid, |it| it.is_some()).unwrap();
    let accepted = invitation.respond(ParticipationStatus::Accepted).wait().unwrap();
    let third: LocalDateTime = "2027-04-07T09:00:00".parse().unwrap();
    let declined =
        accepted.respond_occurrence(third, ParticipationStatus::Declined).wait().unwrap();
    assert_eq!(declined.recurrence_overrides.len(), 1);
    assert_eq!(status(&declined, SECOND), Some(ParticipationStatus::Accepted));
    let has_answer = |it: &StoredEvent| {
        let of_third = it.recurrence_overrides.get(&third);
        let said = of_third.is_some_and(|changes| {
            changes.0.values().any(|value| value.as_str().contains("declined"))
        });
        said && status(it, SECOND) == Some(ParticipationStatus::Accepted)
    };
    awaited(&place.client, &uid, |it| it.is_some_and(has_answer));
    declined.silently().remove().wait().unwrap();
}

#[test]
fn a_series_with_people_is_not_split() {
    let (Some(server), Some(place)) = (Server::named(), Place::alone()) else { return };
    let second = server.client_of("user2");
    let mut standup = event("Standup", "2027-04-05T09:00:00");
    let mut rule = RecurrenceRule::new(Frequency::Daily);
    rule.count = Some(5);
    standup.recurrence_rule = Some(Box::new(rule));
    let standup = place.add(standup).silently().invite([SECOND]).wait().unwrap();
    let later = standup
        .edit_following("2027-04-08T09:00:00".parse().unwrap(), |it| {
            it.title = Some("Later".to_owned());
        })
        .wait()
        .unwrap();
    assert_eq!(later.id(), standup.id());
    assert_eq!(later.title.as_deref(), Some("Later"));
    assert_eq!(later.recurrence_overrides.len(), 3);
    assert!(second.events().by_uid(later.uid.as_deref().unwrap()).wait().unwrap().is_none());
}

#[test]
fn nobody_answers_who_was_not_invited() {
    let Some(place) = Place::take() else { return };
    let tea = place.add(event("Tea", "2027-04-01T09:00:00"));
    let error = tea.respond(ParticipationStatus::Accepted).wait().unwrap_err();
    assert!(error.to_string().contains("none of the participants is the user"), "{error}");
}
