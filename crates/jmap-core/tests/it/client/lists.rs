//! Pages, changes and held queries.

use jmap_core::capability::Core;
use jmap_core::client::{ObjectsStep, Pages};
use jmap_core::sync::{ChangesStep, HeldQuery, HeldStep, QueryPages, Resync};
use jmap_core::{
    AddedItem, Error, GetArguments, Id, MethodErrorKind, PatchObject, QueryArguments,
    QueryChangesResponse, QueryResponse, QueryState, SetArguments, State,
};

use super::{Setup, calls, ids, note};
use crate::server::notes::Note;
use crate::server::support::block_on;

fn all<T>(mut pages: Pages<T>) -> Vec<T>
where
    T: Send + 'static,
{
    let mut list = Vec::new();
    while let Some(page) = block_on(pages.next()) {
        list.push(page.unwrap());
    }
    list
}

fn filled(limits: Core) -> Setup {
    let setup = Setup::new(limits);
    setup.server.store.fill("A1", &["a", "b", "c", "d", "e"]);
    setup
}

fn destroy(setup: &Setup, id: &str) {
    let mut set = SetArguments::<Note>::default();
    set.destroy(Id::any(id));
    block_on(setup.client.set(set)).unwrap();
}

fn update(setup: &Setup, id: &str, text: &str) {
    let mut set = SetArguments::<Note>::default();
    set.update(Id::any(id), PatchObject::new().set("text", text).clone());
    block_on(setup.client.set(set)).unwrap();
}

#[test]
fn a_query_page_by_page() {
    let setup = filled(Core::default());
    let pages = all(setup.client.query_pages(QueryArguments::<Note>::all().limit(2)));
    let found: Vec<Vec<Id<Note>>> = pages.iter().map(|page| page.ids.clone()).collect();
    assert_eq!(found, [ids([1, 2]), ids([3, 4]), ids([5])]);
    assert!(pages.iter().all(|page| !page.has_moved));
    let sent = setup.sent();
    assert_eq!(sent[1]["methodCalls"][0][1]["anchor"], "N2");
    assert_eq!(sent[1]["methodCalls"][0][1]["anchorOffset"], 1);
}

#[test]
fn a_query_goes_on_when_its_anchor_is_gone() {
    let setup = filled(Core::default());
    let mut pages = setup.client.query_pages(QueryArguments::<Note>::all().limit(2));
    assert_eq!(block_on(pages.next()).unwrap().unwrap().ids, ids([1, 2]));
    let mut set = SetArguments::<Note>::default();
    set.destroy(Id::any("N2"));
    block_on(setup.client.set(set)).unwrap();
    let rest = all(pages);
    let found: Vec<Id<Note>> = rest.iter().flat_map(|page| page.ids.clone()).collect();
    assert_eq!(found, ids([3, 4, 5]));
    assert!(rest[0].has_moved);
}

/// The place in the list counts from where the query began.
#[test]
fn a_later_part_of_a_query_goes_on_when_its_anchor_is_gone() {
    let setup = filled(Core::default());
    let query = QueryArguments::<Note>::all().position(2).limit(2);
    let mut pages = setup.client.query_pages(query);
    assert_eq!(block_on(pages.next()).unwrap().unwrap().ids, ids([3, 4]));
    let mut set = SetArguments::<Note>::default();
    set.destroy(Id::any("N4"));
    block_on(setup.client.set(set)).unwrap();
    let rest: Vec<_> = all(pages).into_iter().flat_map(|page| page.ids).collect();
    assert_eq!(rest, ids([5]));
}

#[test]
fn changes_until_there_are_no_more() {
    let setup = filled(Core::default());
    let steps = all(setup.client.changes_since::<Note>(State::any("2")));
    let [ChangesStep::Changed(changed)] = &steps[..] else { panic!("{steps:?}") };
    assert_eq!(changed.created, ids([3, 4, 5]));
    assert_eq!(changed.state, State::any("5"));
}

#[test]
fn a_state_that_nobody_knows_means_resync() {
    let setup = filled(Core::default());
    let steps = all(setup.client.changes_since::<Note>(State::any("never")));
    assert_eq!(steps, [ChangesStep::Resync]);
    let steps = all(setup.client.objects_since::<Note>(State::any("never")));
    assert_eq!(steps, [ObjectsStep::Resync]);
}

#[test]
fn an_unchanged_account_costs_one_request() {
    let setup = filled(Core::default());
    let steps = all(setup.client.objects_since::<Note>(State::any("5")));
    let [ObjectsStep::Changed(changed)] = &steps[..] else { panic!("{steps:?}") };
    assert!(changed.objects.is_empty() && changed.destroyed.is_empty() && !changed.has_more);
    assert_eq!(calls(&setup.sent()), [["Note/changes", "Note/get", "Note/get"]]);
}

#[test]
fn changed_objects_come_with_the_changes() {
    let setup = filled(Core::default());
    update(&setup, "N1", "A");
    let mut set = SetArguments::<Note>::default();
    set.destroy(Id::any("N2"));
    set.create(jmap_core::CreationId::any("k"), note("f"));
    block_on(setup.client.set(set)).unwrap();
    setup.sent();
    let steps = all(setup.client.objects_since::<Note>(State::any("5")));
    let [ObjectsStep::Changed(changed)] = &steps[..] else { panic!("{steps:?}") };
    let mut texts: Vec<_> = changed.objects.iter().map(|note| note.text.clone().unwrap()).collect();
    texts.sort();
    assert_eq!(texts, ["A", "f"]);
    assert_eq!(changed.destroyed, ids([2]));
    assert_eq!(setup.sent().len(), 1);
}

#[test]
fn many_changes_come_in_pages_of_what_a_get_takes() {
    let mut limits = Core::default();
    limits.max_objects_in_get = Some(2);
    let setup = filled(limits);
    let steps = all(setup.client.objects_since::<Note>(State::any("0")));
    assert_eq!(steps.len(), 3);
    let all_texts: Vec<String> = steps
        .iter()
        .flat_map(|step| match step {
            ObjectsStep::Changed(changed) => changed.objects.objects.clone(),
            _ => panic!("{step:?}"),
        })
        .map(|note| note.text.unwrap())
        .collect();
    assert_eq!(all_texts, ["a", "b", "c", "d", "e"]);
    assert_eq!(setup.sent().len(), 3);
}

#[test]
fn a_held_query_follows() {
    let setup = filled(Core::default());
    let query = QueryArguments::<Note>::all().calculate_total();
    let mut held = HeldQuery::of(block_on(setup.client.query(query.clone())).unwrap()).unwrap();
    let mut set = SetArguments::<Note>::default();
    set.destroy(Id::any("N2"));
    set.create(jmap_core::CreationId::any("k"), note("f"));
    block_on(setup.client.set(set)).unwrap();
    let changes = held.arguments(query);
    assert_eq!(changes.up_to_id, None);
    held.apply(block_on(setup.client.query_changes(changes)).unwrap()).unwrap();
    let now = block_on(setup.client.query(QueryArguments::<Note>::all())).unwrap();
    assert_eq!(held.ids(), now.ids);
    assert_eq!(Some(held.state()), now.query_state.as_ref());
}

/// An id that is added and was there already, without being removed, would stand twice.
#[test]
fn a_held_query_holds_nothing_twice() {
    let mut held = HeldQuery::<Note>::new(QueryState::any("1"), ids([1, 2, 3]), None);
    let before = held.clone();
    let mut changes = QueryChangesResponse::default();
    changes.old_query_state = Some(QueryState::any("1"));
    changes.new_query_state = Some(QueryState::any("2"));
    changes.added = vec![AddedItem::new(Id::any("N3"), 0)];
    assert_eq!(held.apply(changes.clone()), Err(Resync));
    assert_eq!(held, before);
    changes.removed = ids([3]);
    held.apply(changes).unwrap();
    assert_eq!(held.ids(), ids([3, 1, 2]));
}

#[test]
fn the_beginning_of_a_query_follows() {
    let setup = filled(Core::default());
    let query = QueryArguments::<Note>::all().limit(3);
    let mut held = HeldQuery::of(block_on(setup.client.query(query.clone())).unwrap()).unwrap();
    let changes = held.arguments(query);
    assert_eq!(changes.up_to_id, Some(Id::any("N3")));
    let mut set = SetArguments::<Note>::default();
    set.destroy(Id::any("N2"));
    set.destroy(Id::any("N5"));
    block_on(setup.client.set(set)).unwrap();
    held.apply(block_on(setup.client.query_changes(changes)).unwrap()).unwrap();
    assert_eq!(held.ids(), ids([1, 3]));
}

#[test]
fn a_list_is_kept_fresh() {
    let setup = filled(Core::default());
    let query = QueryArguments::<Note>::all();
    let held = block_on(setup.client.hold(query.clone())).unwrap();
    assert_eq!(held.ids(), ids(1..=5));
    destroy(&setup, "N2");
    setup.server.store.fill("A1", &["f"]);
    setup.sent();
    let fresh = block_on(setup.client.follow(&held, query.clone())).unwrap();
    assert_eq!(fresh.ids(), ids([1, 3, 4, 5, 6]));
    let sent = setup.sent();
    assert_eq!(calls(&sent), [["Note/queryChanges"]]);
    // All of it is held, so that the end counts too.
    assert!(sent[0]["methodCalls"][0][1].get("upToId").is_none());

    // The server does not know the state any more: the query is asked again.
    let old = HeldQuery::new(QueryState::any("never"), ids([7]), None);
    assert_eq!(block_on(setup.client.follow(&old, query)).unwrap(), fresh);
    assert_eq!(calls(&setup.sent()), [["Note/queryChanges"], ["Note/query"]]);
}

/// The first three stay the first three.
#[test]
fn the_beginning_of_a_list_is_kept_fresh() {
    let setup = filled(Core::default());
    let query = QueryArguments::<Note>::all()
        .limit(3)
        .sort([jmap_core::Comparator::ascending("text".to_owned())]);
    let mut held = block_on(setup.client.hold(query.clone())).unwrap();
    let mut follow = || {
        setup.sent();
        held = block_on(setup.client.follow(&held, query.clone())).unwrap();
        (held.ids().to_vec(), setup.sent().len())
    };
    assert_eq!(follow(), (ids([1, 2, 3]), 1));
    update(&setup, "N5", "0");
    assert_eq!(follow(), (ids([5, 1, 2]), 1));
    // One comes from behind.
    destroy(&setup, "N1");
    assert_eq!(follow(), (ids([5, 2, 3]), 2));
    // Until there is nobody left behind.
    destroy(&setup, "N4");
    destroy(&setup, "N3");
    assert_eq!(follow(), (ids([5, 2]), 2));
    destroy(&setup, "N2");
    assert_eq!(follow(), (ids([5]), 1));
}

#[test]
fn what_cannot_be_kept_fresh_is_not_held() {
    let setup = filled(Core::default());
    let query = QueryArguments::<Note>::all().position(2);
    let error = block_on(setup.client.hold(query)).unwrap_err();
    insta::assert_snapshot!(error, @"expected the beginning of the result of a query, with its queryState, found another part, or one without it");
}

#[test]
fn what_a_failure_means_for_a_held_query() {
    use MethodErrorKind as Kind;
    let mut held = HeldQuery::<Note>::new(QueryState::any("1"), ids([1, 2]), None);
    let mut taken = |kind: Kind| {
        let method = "Note/queryChanges".to_owned();
        held.take(
            &QueryArguments::all(),
            Err(Error::Method { method, error: Box::new(kind.into()) }),
        )
    };
    for kind in [
        Kind::CannotCalculateChanges,
        Kind::TooManyChanges,
        Kind::UnknownMethod,
        Kind::InvalidArguments,
        Kind::UnsupportedSort,
    ] {
        assert_eq!(taken(kind).unwrap(), HeldStep::Resync);
    }
    assert!(taken(Kind::ServerUnavailable).unwrap_err().is_retryable());
    let mut changes = QueryChangesResponse::default();
    changes.new_query_state = Some(QueryState::any("2"));
    changes.removed = ids([1]);
    let query = QueryArguments::all();
    assert_eq!(held.take(&query, Ok(changes.clone())).unwrap(), HeldStep::Followed);
    assert_eq!(held.ids(), ids([2]));
    changes.old_query_state = Some(QueryState::any("never"));
    assert_eq!(held.take(&query, Ok(changes)).unwrap(), HeldStep::Resync);
}

/// A server that sends no queryState, and gives the first page again when it does not know an anchor.
#[test]
fn pages_of_a_server_that_does_not_say_where_a_query_stands() {
    let mut pages = QueryPages::new(QueryArguments::<Note>::all().limit(2));
    let mut page = |numbers: [usize; 2]| {
        let mut response = QueryResponse::default();
        response.ids = ids(numbers);
        let page = pages.take(Ok(response)).unwrap().unwrap();
        (page.ids, page.has_moved, pages.arguments().and_then(|next| next.position))
    };
    assert_eq!(page([1, 2]), (ids([1, 2]), false, None));
    assert_eq!(page([1, 2]), (ids([]), false, Some(1)));
    assert_eq!(page([2, 3]), (ids([3]), false, None));
}

#[test]
fn pages_of_ones_own_end_when_nothing_is_left_and_after_an_error() {
    let countdown = |from: u32| {
        let mut made = 0;
        Pages::unfold(from, move |left| {
            made += 1;
            let made = made;
            async move {
                let Some(rest) = left.checked_sub(1) else { return Ok(None) };
                if left == 13 {
                    return Err(Error::NotLoggedIn);
                }
                Ok(Some(((made, left), (rest != 5).then_some(rest))))
            }
        })
    };
    assert_eq!(all(countdown(2)), [(1, 2), (2, 1)]);
    assert_eq!(all(countdown(7)), [(1, 7), (2, 6)]);
    let mut unlucky = countdown(14);
    assert_eq!(block_on(unlucky.next()).unwrap().unwrap(), (1, 14));
    assert!(block_on(unlucky.next()).unwrap().is_err());
    assert!(block_on(unlucky.next()).is_none());
}

/// RFC 8620, section 5.1: without ids, all objects.
#[test]
fn all_objects() {
    let setup = filled(Core::default());
    let response = block_on(setup.client.get(GetArguments::<Note>::all())).unwrap();
    assert_eq!(response.list.len(), 5);
    assert!(setup.sent()[0]["methodCalls"][0][1].get("ids").is_none());
}
