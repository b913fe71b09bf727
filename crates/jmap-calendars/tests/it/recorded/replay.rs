//! Every call and every answer: read as what they are, and written again.

use jmap_core::json_model::{self, ToJson, Version};
use jmap_core::{Error, Json, Method};

use super::difference::difference;
use super::exchange::{Exchange, exchanges};
use super::{
    CYRUS, CalendarChanges, EventChanges, GetAvailability, GetCalendars, GetEvents, ParseEvents,
    QueryEvents, STALWART, SetCalendars, SetEvents,
};

/// What differs between the calls and answers of a server and what the types make of them when they write them again, in
/// the names of that server.
fn differences(server: &str) -> String {
    let mut lines = Vec::new();
    for exchange in exchanges().filter(|exchange| exchange.server == server) {
        let number = exchange.name.get(..2).unwrap();
        if !["02", "03", "04", "05", "06", "07", "08", "11", "13"].contains(&number) {
            continue;
        }
        let (request, response) = exchange.calls();
        assert_eq!(request.method_calls.len(), response.method_responses.len());
        for (index, (call, answer)) in
            request.method_calls.iter().zip(&response.method_responses).enumerate()
        {
            let Some([call_again, answer_again]) = exchange.again(&call.name, index) else {
                continue;
            };
            let of_call = difference(&call.arguments, &call_again, exchange.version());
            let of_answer = difference(&answer.arguments, &answer_again, exchange.version());
            lines.extend(of_call.into_iter().map(|line| format!("{number} call {line}")));
            lines.extend(of_answer.into_iter().map(|line| format!("{number} answer {line}")));
        }
    }
    lines.join("\n")
}

impl Exchange {
    /// The arguments of a call and the answer to it, typed and written again; `None` of a method that does not exist.
    fn again(&self, method: &str, index: usize) -> Option<[Json; 2]> {
        Some(match method {
            "Calendar/get" => self.both::<GetCalendars>(index),
            "Calendar/changes" => self.both::<CalendarChanges>(index),
            "Calendar/set" => self.both::<SetCalendars>(index),
            "CalendarEvent/get" => self.both::<GetEvents>(index),
            "CalendarEvent/set" => self.both::<SetEvents>(index),
            "CalendarEvent/changes" => self.both::<EventChanges>(index),
            "CalendarEvent/query" => self.both::<QueryEvents>(index),
            "CalendarEvent/parse" => self.both::<ParseEvents>(index),
            "Principal/getAvailability" => self.both::<GetAvailability>(index),
            "CalendarEvent/frobnicate" => return None,
            other => panic!("{other}"),
        })
    }

    fn both<M: Method>(&self, index: usize) -> [Json; 2] {
        let call = &self.calls().0.method_calls[index];
        let arguments = json_model::from_str::<M>(call.arguments.as_str()).unwrap().value;
        let version = self.version();
        let answer = match self.take::<M>(index) {
            Ok(response) => written(&response, version),
            Err(Error::Method { error, .. }) => Json::from_serialize(&error).unwrap(),
            Err(error) => panic!("{error}"),
        };
        [written(&arguments, version), answer]
    }
}

fn written(object: &impl ToJson, version: Version) -> Json {
    Json::from_serialize(&object.versioned(version)).unwrap()
}

/// The draft demands the role `attendee` of whoever takes part; Cyrus leaves it out where there is `optional`. It leaves
/// out the type of events whose properties are named, too. Whether messages go out is always said. What was sent in 08 to
/// be refused is the rule under the name of the other version.
#[test]
fn nothing_is_lost_of_what_cyrus_says_in_the_draft() {
    for server in &CYRUS[..2] {
        if exchanges().next().is_none() {
            return;
        }
        insta::allow_duplicates! { insta::assert_snapshot!(differences(server), @r#"
03 call /create/new/participants/guest/roles/attendee true
04 answer /list/0/participants/guest/roles/attendee true
07 call /sendSchedulingMessages false
08 call /create/dialect/recurrenceRule null
08 call /create/dialect/recurrenceRules [{"@type":"RecurrenceRule","byDay":[{"@type":"NDay","day":"mo"},{"@type":"NDay","day":"we"}],"count":8,"frequency":"weekly"}]
11 answer /list/0/event/@type "Event"
11 answer /list/1/event/@type "Event"
"#) }
    }
}

#[test]
fn nothing_is_lost_of_what_cyrus_says() {
    if exchanges().next().is_some() {
        insta::assert_snapshot!(differences(CYRUS[2]), @r#"
07 call /sendSchedulingMessages false
08 call /create/dialect/recurrenceRule {"byDay":[{"day":"mo"},{"day":"we"}],"count":8,"frequency":"weekly"}
08 call /create/dialect/recurrenceRules null
"#);
    }
}

#[test]
fn nothing_is_lost_of_what_stalwart_says() {
    if exchanges().next().is_some() {
        insta::assert_snapshot!(differences(STALWART), @r#"
07 call /sendSchedulingMessages false
08 call /create/dialect/recurrenceRule {"byDay":[{"day":"mo"},{"day":"we"}],"count":8,"frequency":"weekly"}
08 call /create/dialect/recurrenceRules null
"#);
    }
}
