//! `CalendarPreferences`, which the standard has no more: the default calendar is a property of calendars.

use serde_json::{Value, json};

use super::super::exchange::Step;

/// Asks for the calendars instead.
pub(super) fn adjust(step: &mut Step) {
    let account = step.call.account();
    let update = step.asked.arguments.get("update").cloned().unwrap_or_default();
    let wanted = update["singleton"]["defaultCalendarId"].clone();
    let call = &mut step.call;
    let arguments = if call.is("CalendarPreferences/set") {
        "Calendar/set".clone_into(&mut call.name);
        json!({"accountId": account, "onSuccessSetIsDefault": wanted})
    } else {
        "Calendar/get".clone_into(&mut call.name);
        json!({"accountId": account, "ids": null, "properties": ["isDefault"]})
    };
    call.arguments = arguments.as_object().cloned().unwrap_or_default();
}

/// Answers as the draft has it.
pub(super) fn speak(step: &Step, answer: &mut Value) {
    answer[0] = json!(step.asked.name);
    let response = answer[1].take();
    let account = response["accountId"].clone();
    answer[1] = if step.asked.is("CalendarPreferences/set") {
        json!({
            "accountId": account, "oldState": response["oldState"], "newState": response["newState"],
            "created": null, "updated": {"singleton": null}, "destroyed": null,
            "notCreated": null, "notUpdated": null, "notDestroyed": null,
        })
    } else {
        let calendars = response["list"].as_array();
        let default = calendars.and_then(|all| all.iter().find(|it| it["isDefault"] == true));
        let id = default.map_or(Value::Null, |calendar| calendar["id"].clone());
        json!({
            "accountId": account, "state": response["state"], "notFound": [],
            "list": [{"id": "singleton", "defaultCalendarId": id, "defaultParticipantIdentityId": null}],
        })
    };
}
