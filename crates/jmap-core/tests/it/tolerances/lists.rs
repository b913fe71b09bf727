//! Changes, and pages of queries.

use jmap_core::sync::{ChangesPages, ChangesStep, QueryPages};

use super::*;

fn changes(answer: &str) -> ChangesStep<Quota> {
    let mut batch = Batch::new();
    let call = batch.changes(ChangesArguments::<Quota>::since(State::any("1")));
    let answer = format!(r#"{{"methodResponses":[{answer}]}}"#);
    let result = responses(&answer).take(call);
    ChangesPages::since(State::any("1"), None).take(result).unwrap()
}

#[test]
fn a_state_that_the_server_cannot_read() {
    for kind in ["invalidArguments", "cannotCalculateChanges", "tooManyChanges"] {
        let step = changes(&format!(r#"["error",{{"type":"{kind}"}},"c0"]"#));
        assert_eq!(step, ChangesStep::Resync, "{kind}");
    }
}

#[test]
fn an_answer_about_another_state() {
    let of = |old: &str| {
        changes(&format!(r#"["Quota/changes",{{"oldState":{old},"newState":"2"}},"c0"]"#))
    };
    assert_eq!(of(r#""0""#), ChangesStep::Resync);
    // The state that was asked about, or none, is as good as the standard's.
    assert!(matches!(of(r#""1""#), ChangesStep::Changed(_)));
    assert!(matches!(of("null"), ChangesStep::Changed(_)));
}

/// What `pages` gives when the server has `all`, does not know the anchor `gone`, and answers then as `lost` says.
fn pages(all: &[&str], gone: &str, lost: impl Fn() -> Result<usize, Error>) -> Vec<String> {
    let mut pages = QueryPages::<Quota>::new(QueryArguments::all().limit(2));
    let mut found = Vec::new();
    while let Some(asked) = pages.arguments() {
        let from = match &asked.anchor {
            Some(anchor) if anchor.as_str() == gone => lost(),
            Some(anchor) => Ok(all.iter().position(|id| *id == anchor.as_str()).unwrap() + 1),
            None => Ok(usize::try_from(asked.position.unwrap_or(0)).unwrap()),
        };
        let ids = from.map(|from| all.iter().skip(from).take(2).map(|id| Id::any(*id)));
        let result = ids.map(|ids| QueryResponse::new(jmap_core::QueryState::any("s"), 0, ids));
        if let Some(page) = pages.take(result).unwrap() {
            found.extend(page.ids.iter().map(ToString::to_string));
        }
        assert!(found.len() <= all.len());
    }
    found
}

#[test]
fn an_anchor_that_is_passed_over() {
    assert_eq!(pages(&["a", "b", "c", "d", "e"], "b", || Ok(0)), ["a", "b", "c", "d", "e"]);
    // Nor does it go on for ever where nothing else is to be had.
    assert_eq!(pages(&["a", "b"], "b", || Ok(0)), ["a", "b"]);
}

#[test]
fn an_anchor_that_is_missed() {
    let error = || {
        let error = Box::new(MethodError::new(MethodErrorKind::AnchorNotFound));
        Error::Method { method: "Quota/query".to_owned(), error }
    };
    let found = pages(&["a", "b", "c", "d", "e"], "b", || Err(error()));
    assert_eq!(found, ["a", "b", "c", "d", "e"]);
}

/// Less than was asked for, without a `limit` in the answer: the number of all says that there is more.
#[test]
fn pages_that_are_cut_in_silence() {
    let mut pages = QueryPages::<Quota>::new(QueryArguments::all().limit(100).calculate_total());
    let mut page = |position, ids: &[&str], total| {
        let ids = ids.iter().map(|id| Id::any(*id));
        let mut answer = QueryResponse::new(jmap_core::QueryState::any("s"), position, ids);
        answer.total = Some(total);
        pages.take(Ok(answer)).unwrap();
        pages.arguments().and_then(|next| next.anchor.clone())
    };
    assert_eq!(page(0, &["a", "b"], 4), Some(Id::any("b")));
    assert_eq!(page(2, &["c"], 4), Some(Id::any("c")));
    // It ends where nothing comes, whatever the number.
    assert_eq!(page(3, &[], 4), None);
}

/// A server that always says so is not asked for ever.
#[test]
fn an_anchor_that_is_missed_where_there_is_none() {
    let missed = || {
        let error = Box::new(MethodError::new(MethodErrorKind::AnchorNotFound));
        Err(Error::Method { method: "Quota/query".to_owned(), error })
    };
    let mut pages = QueryPages::<Quota>::new(QueryArguments::all().limit(1));
    assert!(pages.take(missed()).is_err());
    let page = QueryResponse::new(jmap_core::QueryState::any("s"), 0, [Id::any("a")]);
    assert!(pages.take(Ok(page)).unwrap().is_some());
    assert_eq!(pages.take(missed()).unwrap(), None);
    assert!(pages.take(missed()).is_err());
}
