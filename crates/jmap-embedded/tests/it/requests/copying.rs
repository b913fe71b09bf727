//! RFC 8620, section 5.4, and JMAP Calendars, section 5.12.

use serde_json::json;

use super::{Outsider, tea};

#[test]
fn an_account_is_no_other_one() {
    let outsider = Outsider::new();
    let id = outsider.created(tea());
    let copy = |from: &str| {
        let create = json!({"k": {"id": id, "calendarIds": {"C1": true}}});
        outsider.call("CalendarEvent/copy", json!({"fromAccountId": from, "create": create}))
    };
    assert_eq!(copy("jane")["type"], "invalidArguments");
    assert_eq!(copy("bob")["type"], "fromAccountNotFound");
}
