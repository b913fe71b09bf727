//! Batches, accounts, and further attempts.

use jmap_core::capability::Core;
use jmap_core::{
    Call, ChangesArguments, Client, CreationId, EchoArguments, Error, GetArguments, Id, Json, Map,
    MethodErrorKind, Operation, PatchObject, QueryArguments, SetArguments, State,
};

use super::{Fault, Setup, calls, ids, note};
use crate::server::notes::Note;
use crate::server::support::block_on;

fn filled() -> Setup {
    let setup = Setup::new(Core::default());
    setup.server.store.fill("A1", &["a", "b", "c"]);
    setup.server.store.fill("A2", &["shared"]);
    setup
}

#[test]
fn one_round_trip_finds_and_fetches() {
    let setup = filled();
    let mut batch = setup.client.batch();
    let query = batch.query(QueryArguments::<Note>::all().limit(2));
    let get = batch.get(query.ids());
    let mut responses = block_on(batch.send()).unwrap();
    assert_eq!(responses.take(get).unwrap().list.len(), 2);
    assert_eq!(responses.take(query).unwrap().ids, ids([1, 2]));
    let sent = setup.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        sent[0]["using"],
        serde_json::json!(["https://example.com/jmap/notes", "urn:ietf:params:jmap:core"]),
    );
    // Taken twice, there is none.
    assert!(matches!(responses.take(get), Err(Error::NoResponse { .. })));
}

/// RFC 8620, section 3.7: an argument has a value or a reference. Said before anything is sent.
#[test]
fn an_argument_has_one_value() {
    let setup = filled();
    let mut batch = setup.client.batch();
    let query = batch.query(QueryArguments::<Note>::all());
    batch.get(Call::new(GetArguments::of(ids([1]))).with("ids", query.ids()));
    let error = block_on(batch.send()).unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of Note/get: ids has a value and a reference, or two references");
    let mut batch = setup.client.batch();
    let query = batch.query(QueryArguments::<Note>::all());
    batch.get(Call::from(query.ids()).with("ids", query.ids()));
    assert!(matches!(block_on(batch.send()), Err(Error::Unwritable { .. })));
    assert!(setup.sent().is_empty());
}

/// More calls than a request may have: references and creation ids work from one request to the next.
#[test]
fn a_batch_of_any_length() {
    let mut limits = Core::default();
    limits.max_calls_in_request = Some(2);
    let setup = Setup::new(limits);
    setup.server.store.fill("A1", &["a", "b", "c"]);
    let mut batch = setup.client.batch();
    let echo = batch.call(EchoArguments::default());
    let query = batch.query(QueryArguments::<Note>::all());
    let creation = batch.creation::<Note>();
    let mut create = SetArguments::default();
    create.create(creation.clone(), note("parent"));
    let set = batch.set(create);
    let get = batch.get(query.ids());
    let mut child = note("child");
    child.parent_id = Some(creation.id());
    let mut create = SetArguments::default();
    create.create(CreationId::any("child"), child);
    let second = batch.set(create);
    let lost = batch.get(query.result::<Vec<Id<Note>>>("/nowhere"));

    let mut responses = block_on(batch.send()).unwrap();
    assert_eq!(
        calls(&setup.sent()),
        [vec!["Core/echo", "Note/query"], vec!["Note/set", "Note/get"], vec!["Note/set"]],
    );
    responses.take(echo).unwrap();
    assert_eq!(responses.take(get).unwrap().list.len(), 3);
    let parent = responses.take(set).unwrap().created[&creation].id.clone();
    let child = responses.take(second).unwrap().created["child"].id.clone();
    let got = block_on(setup.client.get(GetArguments::of([child]))).unwrap().list;
    assert_eq!(got.objects[0].parent_id.as_ref(), Some(&parent));
    let error = responses.take(lost).unwrap_err();
    assert_eq!(error.method_error().unwrap().kind(), MethodErrorKind::InvalidResultReference);
}

#[test]
fn a_failed_call_fails_alone() {
    let setup = filled();
    let mut batch = setup.client.batch();
    let wrong = batch.get(GetArguments::<Note>::all().properties(["colour".to_owned()]));
    let right = batch.get(ids([1]));
    let mut responses = block_on(batch.send()).unwrap();
    let error = responses.take(wrong).unwrap_err();
    insta::assert_snapshot!(error, @"Note/get failed: invalidArguments: colour");
    assert_eq!(responses.take(right).unwrap().list.len(), 1);
}

#[test]
fn accounts() {
    let setup = filled();
    let shared = setup.client.with_account(Id::any("A2"));
    let response = block_on(shared.get(GetArguments::<Note>::all())).unwrap();
    assert_eq!(response.list.len(), 1);
    assert_eq!(response.account_id, Some(Id::any("A2")));
    let mut named = GetArguments::<Note>::all();
    named.account_id = Some(Id::any("A1"));
    assert_eq!(block_on(shared.get(named)).unwrap().list.len(), 3);

    let notes = "https://example.com/jmap/notes";
    assert_eq!(setup.client.account_for(notes).unwrap(), Id::any("A1"));
    assert_eq!(shared.account_for(notes).unwrap(), Id::any("A2"));
    let error = setup.client.account_for("urn:ietf:params:jmap:quota").unwrap_err();
    insta::assert_snapshot!(error, @"no account is the one to take for urn:ietf:params:jmap:quota: name one");

    let session = setup.client.session();
    let with: Vec<_> = session
        .accounts_with("https://example.com/jmap/notes")
        .map(|(id, _)| id.as_str())
        .collect();
    assert_eq!(with, ["A1", "A2", "R"]);
    assert!(session.account(&Id::any("R")).unwrap().is_read_only());
    assert_eq!(session.account_by_name("JANE@example.com").unwrap().0.as_str(), "A1");
}

#[test]
fn what_the_server_lacks_is_said_before_anything_is_sent() {
    let setup = filled();
    let quotas = setup.client.call(GetArguments::<jmap_core::quota::Quota>::all());
    let error = block_on(quotas).unwrap_err();
    insta::assert_snapshot!(error, @"the server does not have the capability urn:ietf:params:jmap:quota");
    assert!(error.is_unsupported());
    assert!(setup.sent().is_empty());

    // Forced, it is the server's turn to refuse.
    let mut batch = setup.client.batch();
    batch.force().account(Id::any("A1"));
    let get = batch.get(GetArguments::<jmap_core::quota::Quota>::all());
    let error = block_on(batch.send()).unwrap().take(get).unwrap_err();
    assert_eq!(error.method_error().unwrap().kind(), MethodErrorKind::UnknownMethod);
}

#[test]
fn a_request_that_is_too_large_is_not_sent() {
    let mut limits = Core::default();
    limits.max_size_request = Some(2000);
    let setup = Setup::new(limits);
    let mut echo = EchoArguments::default();
    echo.extra.insert("text".to_owned(), Json::from("x".repeat(3000).as_str()));
    let error = block_on(setup.client.call(echo)).unwrap_err();
    assert!(matches!(error, Error::OverLimit { limit: "maxSizeRequest", .. }), "{error}");
    assert!(setup.sent().is_empty());

    // A set is halved until it fits.
    let mut set = SetArguments::default();
    for number in 0..8 {
        set.create(CreationId::any(format!("k{number}")), note(&"x".repeat(500)));
    }
    assert_eq!(block_on(setup.client.set(set)).unwrap().created.len(), 8);
}

#[test]
fn what_is_safe_is_tried_again() {
    let setup = filled();
    let get = || setup.client.get(GetArguments::of(ids([1])));
    setup.fail([Fault::Lost, Fault::Status(503, None)]);
    assert_eq!(block_on(get()).unwrap().list.len(), 1);
    assert_eq!(setup.sent().len(), 3);

    setup.fail([Fault::Lost, Fault::Lost, Fault::Lost]);
    let error = block_on(get()).unwrap_err();
    assert!(error.is_retryable());
    assert_eq!(setup.sent().len(), 3);

    // Not what will fail again.
    setup.fail([Fault::Status(500, None)]);
    assert!(!block_on(get()).unwrap_err().is_retryable());
    assert_eq!(setup.sent().len(), 1);
}

#[test]
fn what_may_have_been_done_is_not_tried_again() {
    let setup = filled();
    let set = |state: Option<State<Note>>| {
        let mut set = SetArguments::default();
        set.update(Id::any("N1"), PatchObject::new().set("text", "changed").clone());
        set.if_in_state = state;
        setup.client.set(set)
    };
    setup.fail([Fault::Lost]);
    block_on(set(None)).unwrap_err();
    assert_eq!(setup.sent().len(), 1);

    // Nothing was sent, or the server said that it did nothing.
    setup.fail([Fault::Refused, Fault::Status(429, Some(1))]);
    block_on(set(None)).unwrap();
    assert_eq!(setup.sent().len(), 3);

    // With a state it is safe: if it was done, the state is another one now.
    let get = || block_on(setup.client.get(GetArguments::<Note>::all())).unwrap();
    let state = get().state;
    let mut again = SetArguments::<Note>::default();
    again.destroy(Id::any("N2"));
    again.if_in_state = state;
    setup.sent();
    setup.fail([Fault::Lost]);
    assert!(block_on(setup.client.set(again)).unwrap_err().is_state_mismatch());
    assert_eq!(setup.sent().len(), 2);
    assert_eq!(get().list.len(), 2);
}

#[test]
fn a_server_that_wants_patience() {
    let setup = filled();
    setup.fail([Fault::Status(429, Some(3))]);
    block_on(setup.client.get(GetArguments::<Note>::all())).unwrap();

    setup.fail([Fault::Status(429, Some(100_000))]);
    let error = block_on(setup.client.get(GetArguments::<Note>::all())).unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(error.retry_after().unwrap().as_secs(), 100_000);
}

#[test]
fn arguments_that_are_demanded_are_missed_before_anything_is_sent() {
    let setup = filled();
    let error = block_on(setup.client.changes(ChangesArguments::<Note>::default())).unwrap_err();
    insta::assert_snapshot!(error, @"cannot write the arguments of Note/changes: sinceState is missing");
    assert!(setup.sent().is_empty());
}

/// A set whose answer got lost: what it created is found by its text, and not created twice.
#[test]
fn what_can_be_found_is_not_created_twice() {
    let setup = filled();
    let mut set = SetArguments::default();
    set.create(CreationId::any("k1"), note("milk"));
    set.create(CreationId::any("k2"), note("bread"));
    setup.fail([Fault::Lost]);
    let response = block_on(setup.client.set_findable(set, find_by_text)).unwrap();
    let all = block_on(setup.client.get(GetArguments::<Note>::all())).unwrap().list;
    let id_of = |text: &str| {
        let mut with = all.iter().filter(|note| note.text.as_deref() == Some(text));
        let id = with.next().unwrap().id.clone().unwrap();
        assert!(with.next().is_none(), "{text} was created twice");
        id
    };
    assert_eq!(response.created["k1"].id, id_of("milk"));
    assert_eq!(response.created["k2"].id, id_of("bread"));

    // Nothing came through: everything is sent again.
    let mut set = SetArguments::default();
    set.create(CreationId::any("k1"), note("salt"));
    setup.fail([Fault::Status(503, None)]);
    let response = block_on(setup.client.set_findable(set, find_by_text)).unwrap();
    assert_eq!(response.created.len(), 1);
}

/// The same, when only the second piece of a set is lost.
#[test]
fn what_can_be_found_of_a_piece_is_found() {
    let mut limits = Core::default();
    limits.max_objects_in_set = Some(1);
    let setup = Setup::new(limits);
    let mut set = SetArguments::default();
    set.create(CreationId::any("k1"), note("milk"));
    set.create(CreationId::any("k2"), note("bread"));
    set.if_in_state = block_on(setup.client.get(GetArguments::<Note>::all())).unwrap().state;
    setup.fail([Fault::None, Fault::Lost, Fault::Lost, Fault::Lost]);
    let plain = block_on(setup.client.set(set.clone())).unwrap();
    assert_eq!(plain.created.len() + plain.not_created.len(), 2);

    set.if_in_state = None;
    set.create(CreationId::any("k1"), note("salt"));
    set.create(CreationId::any("k2"), note("oil"));
    setup.fail([Fault::None, Fault::Lost]);
    let response = block_on(setup.client.set_findable(set, find_by_text)).unwrap();
    assert_eq!((response.created.len(), response.not_created.len()), (2, 0), "{response:?}");
}

/// What an extension tries again by itself, the client does not.
#[test]
fn what_is_sent_once() {
    let setup = filled();
    setup.fail([Fault::Status(503, Some(2))]);
    let mut batch = setup.client.batch();
    batch.get(ids([1]));
    let error = block_on(batch.send_once()).unwrap_err();
    assert_eq!(setup.sent().len(), 1);
    let wait = |attempts| setup.client.wait_before_next(attempts, &error);
    assert_eq!((wait(2), wait(3)), (Some(std::time::Duration::from_secs(2)), None));
}

/// Pieces that fail have as many attempts as calls that fail, whatever they fail with, and not the square of it.
#[test]
fn what_can_be_found_has_one_budget_of_attempts() {
    let faults = [Fault::Status(429, None), Fault::Refused, Fault::Status(503, None), Fault::Lost];
    for (fault, if_in_state) in faults.iter().flat_map(|it| [(it, false), (it, true)]) {
        let setup = Setup::new(Core::default());
        let mut set = SetArguments::default();
        set.create(CreationId::any("k1"), note("milk"));
        set.if_in_state = if_in_state.then(|| State::any("0"));
        // What only looks comes through.
        setup.wire.spare("Note/get");
        setup.fail(vec![fault.clone(); 20]);
        let result = block_on(setup.client.set_findable(set, find_by_text));
        let sets = calls(&setup.sent()).iter().filter(|names| *names == &["Note/set"]).count();
        match fault {
            // It was done the first time.
            Fault::Lost => assert_eq!((result.unwrap().created.len(), sets), (1, 1)),
            _ => assert_eq!((result.unwrap_err().is_retryable(), sets), (true, 3)),
        }
    }
}

/// A piece that was not done is sent again, although others were done meanwhile; and what an earlier answer did not tell
/// can be referred to.
#[test]
fn what_cannot_be_found_of_a_piece_is_sent_again() {
    let mut limits = Core::default();
    limits.max_objects_in_set = Some(1);
    let setup = Setup::new(limits);
    let mut set = SetArguments::default();
    set.create(CreationId::any("k1"), note("milk"));
    set.create(CreationId::any("k2"), note("bread"));
    setup.fail([Fault::None, Fault::Status(503, None)]);
    let response = block_on(setup.client.set_findable(set, find_by_text)).unwrap();
    assert_eq!((response.created.len(), response.not_created.len()), (2, 0), "{response:?}");

    let mut set = SetArguments::default();
    let parent = CreationId::any("k1");
    set.create(parent.clone(), note("parent"));
    let mut child = note("child");
    child.parent_id = Some(parent.id());
    set.create(CreationId::any("k2"), child);
    setup.fail([Fault::Lost]);
    let response = block_on(setup.client.set_findable(set, find_by_text)).unwrap();
    assert_eq!((response.created.len(), response.not_created.len()), (2, 0), "{response:?}");
}

/// Where it cannot be found out what was done, the error is that of the looking, and nobody claims to know.
#[test]
fn what_cannot_be_looked_for() {
    let mut limits = Core::default();
    limits.max_objects_in_set = Some(1);
    let setup = Setup::new(limits);
    let lost = |keys: &[&str]| {
        let mut set = SetArguments::default();
        for key in keys {
            set.create(CreationId::any(*key), note(key));
        }
        let find = |_: &Client, _: &Map<CreationId<Note>, Note>| {
            Operation::new(async { Err(Error::NoResponse { method: "Note/find".to_owned() }) })
        };
        block_on(setup.client.set_findable(set, find))
    };
    setup.fail([Fault::Lost]);
    insta::assert_snapshot!(lost(&["a"]).unwrap_err(), @"the server gave no response to Note/find");
    setup.fail([Fault::None, Fault::Lost]);
    let response = lost(&["b", "c"]).unwrap();
    assert_eq!(response.created.len(), 1);
    let (_, error) = response.not_created.iter().next().unwrap();
    assert!(error.is_outcome_unknown());
    insta::assert_snapshot!(error, @"serverFail: the server gave no response to Note/find");
}

fn find_by_text(
    client: &Client,
    created: &Map<CreationId<Note>, Note>,
) -> Operation<Map<CreationId<Note>, Id<Note>>> {
    let all = client.get(GetArguments::<Note>::all());
    let created = created.clone();
    Operation::new(async move {
        let list = all.await?.list;
        let id_of = |note: &Note| list.iter().find(|it| it.text == note.text)?.id.clone();
        Ok(created.iter().filter_map(|(key, note)| Some((key.clone(), id_of(note)?))).collect())
    })
}
