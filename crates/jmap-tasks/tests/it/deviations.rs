//! What the draft writes in two ways, or otherwise than the standards that it rests on.

use jmap_core::json_model::ToJson;
use jmap_core::{SetError, Version};
use jmap_sharing::Principal;
use jmap_tasks::capability::PrincipalTasks;
use jmap_tasks::{Checklist, Task, TaskList, TaskNotification, TaskRights, has_tasks};
use jscalendar::{Frequency, Participant, Role};

fn read<T: for<'de> jmap_core::json_model::serde::Deserialize<'de>>(text: &str) -> T {
    serde_json::from_str(text).unwrap()
}

fn json(value: &impl jmap_core::json_model::serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn a_letter_too_many() {
    let text = r#"{"checkItems":[{"title":"Milk","assigneee":{"uri":"mailto:ann@example.com"}}]}"#;
    let list: Checklist = read(text);
    insta::assert_snapshot!(json(&list), @r#"{"@type":"Checklist","checkItems":[{"@type":"CheckItem","title":"Milk","assignee":{"@type":"Person","uri":"mailto:ann@example.com"}}]}"#);
    // What is no person stays what it is.
    let list: Checklist = read(r#"{"checkItems":[{"assigneee":5}]}"#);
    assert_eq!(list.check_items[0].extra["assigneee"].as_str(), "5");
}

#[test]
fn a_capital_letter() {
    let notification: TaskNotification = read(r#"{"TaskId":"t1"}"#);
    assert_eq!(json(&notification), r#"{"taskId":"t1"}"#);
    let both: TaskNotification = read(r#"{"TaskId":"t1","taskId":"t2"}"#);
    assert_eq!(both.task_id.unwrap().as_str(), "t2");

    assert!(has_tasks(&SetError::new("taskListHasTask")));
    assert!(has_tasks(&SetError::new("TaskListHasTask")));
    assert!(!has_tasks(&SetError::new("forbidden")));
}

/// Each word is written as it was read.
#[test]
fn the_right_to_share() {
    for text in [r#"{"mayAdmin":true}"#, r#"{"mayShare":true}"#] {
        let mine: TaskRights = read(text);
        assert!(mine.can_share());
        assert_eq!(json(&mine), text);
        assert_eq!(json(&TaskRights::default().sharing(&mine)), text);
    }
    assert!(!read::<TaskRights>(r#"{"mayAdmin":false}"#).can_share());
}

#[test]
fn what_nobody_defines_stays() {
    let text = r#"{"name":"Team","isVisible":true}"#;
    assert_eq!(json(&read::<TaskList>(text)), text);
}

#[test]
fn addresses_of_a_principal() {
    let principal = |tasks: &str| -> PrincipalTasks {
        let text = format!(r#"{{"capabilities":{{"urn:ietf:params:jmap:tasks":{tasks}}}}}"#);
        PrincipalTasks::of(&read::<Principal>(&text))
    };
    let old = principal(r#"{"sendTo":{"a":"https://example.com","imip":"mailto:a@example.com"}}"#);
    assert_eq!(old.address(), Some("mailto:a@example.com"));
    let other = principal(r#"{"sendTo":{"other":"https://example.com"}}"#);
    assert_eq!(other.address(), Some("https://example.com"));
    let new = principal(r#"{"calendarAddress":"mailto:b@example.com"}"#);
    assert_eq!(new.address(), Some("mailto:b@example.com"));
    assert_eq!(PrincipalTasks::of(&Principal::default()), PrincipalTasks::default());
}

#[test]
fn owners() {
    let mut task = Task::default();
    for (id, role) in [("a", Some(Role::Chair)), ("b", Some(Role::Owner)), ("c", None)] {
        let mut participant = Participant::default();
        participant.roles.extend(role);
        task.participants.insert(id.parse().unwrap(), participant);
    }
    let owners: Vec<_> = task.owners().map(|(id, _)| id.as_str()).collect();
    assert_eq!(owners, ["a", "b"]);
}

/// The draft rests on JSCalendar 1.0: that is read, wherever a task stands, and written where it is asked for.
#[test]
fn jscalendar_1() {
    let text = r#"{"@type":"Task","taskListId":"l1","uid":"u1","start":"2026-03-01T09:00:00",
        "replyTo":{"imip":"mailto:ann@example.com"},
        "recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly"}]}"#;
    let task: Task = read(text);
    assert_eq!(task.recurrence_rule.as_ref().unwrap().frequency, Some(Frequency::Weekly));
    assert_eq!(task.organizer_calendar_address.as_deref(), Some("mailto:ann@example.com"));
    let inside: TaskNotification = read(&format!(r#"{{"task":{text}}}"#));
    assert_eq!(inside.task.as_ref(), Some(&task));
    insta::assert_snapshot!(json(&task), @r#"{"@type":"Task","taskListId":"l1","uid":"u1","start":"2026-03-01T09:00:00","recurrenceRule":{"frequency":"weekly"},"organizerCalendarAddress":"mailto:ann@example.com"}"#);
    insta::assert_snapshot!(json(&task.versioned(Version::V1_0)), @r#"{"@type":"Task","taskListId":"l1","uid":"u1","start":"2026-03-01T09:00:00","recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly"}],"replyTo":{"imip":"mailto:ann@example.com"}}"#);
}
