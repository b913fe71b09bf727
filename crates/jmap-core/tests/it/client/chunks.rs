//! Cut gets and sets.

use std::collections::BTreeSet;

use jmap_core::capability::Core;
use jmap_core::sync::ChangesStep;
use jmap_core::{CreationId, GetArguments, Id, PatchObject, SetArguments, SetErrorKind, State};
use proptest::prelude::*;

use super::{Fault, Setup, calls, ids, note};
use crate::server::notes::Note;
use crate::server::support::block_on;

fn limits(get: u64, set: u64) -> Core {
    let mut limits = Core::default();
    limits.max_objects_in_get = Some(get);
    limits.max_objects_in_set = Some(set);
    limits
}

fn filled(limits: Core, count: usize) -> Setup {
    let setup = Setup::new(limits);
    let texts: Vec<String> = (1..=count).map(|number| format!("note {number}")).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    setup.server.store.fill("A1", &texts);
    setup
}

#[test]
fn a_get_is_cut_and_put_together() {
    let setup = filled(limits(5, 5), 12);
    let asked = ids([3, 1, 99, 2, 3].into_iter().chain(4..=12));
    let response = block_on(setup.client.get(GetArguments::of(asked))).unwrap();
    let got: BTreeSet<&str> =
        response.list.iter().map(|n| n.id.as_ref().unwrap().as_str()).collect();
    assert_eq!((response.list.len(), got.len()), (12, 12));
    assert_eq!(response.not_found, ids([99]));
    let sent = setup.sent();
    let sizes: Vec<usize> =
        sent.iter().map(|it| it["methodCalls"][0][1]["ids"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [5, 5, 3]);
}

/// What changes between the pieces is in the changes since the state of the result.
#[test]
fn a_get_has_the_state_of_its_first_piece() {
    let setup = filled(limits(2, 5), 4);
    setup.fail([Fault::Overtaken]);
    let response = block_on(setup.client.get(GetArguments::<Note>::of(ids(1..=4)))).unwrap();
    assert_eq!(response.list.len(), 4);
    let mut changes = setup.client.changes_since(response.state.unwrap());
    let step = block_on(changes.next()).unwrap().unwrap();
    let ChangesStep::Changed(changed) = step else { panic!("{step:?}") };
    assert_eq!(changed.created, ids([5]));
}

#[test]
fn a_server_that_takes_less_than_it_says() {
    let setup = filled(Core::default(), 4);
    // The first request is refused as too large, and so is its first half.
    setup.fail([Fault::Status(413, None), Fault::Status(413, None)]);
    let response = block_on(setup.client.get(GetArguments::of(ids(1..=4)))).unwrap();
    assert_eq!(response.list.len(), 4);
    let sizes: Vec<usize> = setup
        .sent()
        .iter()
        .map(|it| it["methodCalls"][0][1]["ids"].as_array().unwrap().len())
        .collect();
    assert_eq!(sizes, [4, 2, 1, 1, 2]);
}

#[test]
fn a_set_is_cut_and_put_together() {
    let setup = filled(limits(5, 4), 3);
    let mut set = SetArguments::default();
    for number in 1..=6 {
        set.create(CreationId::any(format!("k{number}")), note("new"));
    }
    set.update(Id::any("N1"), PatchObject::new().set("text", "changed").clone());
    set.destroy(Id::any("N2")).destroy(Id::any("N99"));
    let response = block_on(setup.client.set(set)).unwrap();
    assert_eq!(response.created.len(), 6);
    assert_eq!(response.updated.len(), 1);
    assert_eq!(response.destroyed, ids([2]));
    assert!(response.not_destroyed["N99"].is_not_found());
    // Which of them came first is not known.
    assert_eq!((response.old_state, response.new_state), (None, None));
    assert_eq!(calls(&setup.sent()), [["Note/set"], ["Note/set"], ["Note/set"]]);
}

#[test]
fn a_set_in_a_state_goes_on_in_the_state_that_it_led_to() {
    let setup = filled(limits(50, 2), 1);
    let state = block_on(setup.client.get(GetArguments::<Note>::all())).unwrap().state.unwrap();
    let mut set = SetArguments::default();
    for number in 1..=5 {
        set.create(CreationId::any(format!("k{number}")), note("new"));
    }
    set.if_in_state(state.clone());
    let response = block_on(setup.client.set(set.clone())).unwrap();
    assert_eq!(response.created.len(), 5);
    assert_eq!(response.old_state, Some(state));
    let now = block_on(setup.client.get(GetArguments::<Note>::all())).unwrap().state;
    assert_eq!(response.new_state, now);

    // The state is an old one now: nothing is done, and the error says so.
    let error = block_on(setup.client.set(set)).unwrap_err();
    assert!(error.is_state_mismatch(), "{error}");
}

#[test]
fn objects_that_refer_to_each_other_are_created_in_turn() {
    let setup = filled(limits(50, 2), 0);
    let mut set = SetArguments::default();
    let first = CreationId::any("k1");
    set.create(first.clone(), note("parent"));
    for number in 2..=5 {
        let mut child = note("child");
        child.parent_id = Some(first.id());
        set.create(CreationId::any(format!("k{number}")), child);
    }
    let response = block_on(setup.client.set(set)).unwrap();
    assert_eq!(response.created.len(), 5, "{response:?}");
    let parent = response.created[&first].id.clone();
    let children = block_on(setup.client.get(GetArguments::<Note>::all())).unwrap().list;
    let of_parent = children.iter().filter(|note| note.parent_id.as_ref() == Some(&parent));
    assert_eq!(of_parent.count(), 4);
}

/// The names say nothing of the order: what others refer to is created before them, also in another piece.
#[test]
fn objects_that_others_refer_to_come_first() {
    let setup = filled(limits(50, 2), 0);
    let mut set = SetArguments::default();
    for (name, parent) in
        [("k1", Some("k2")), ("k2", Some("k5")), ("k3", None), ("k4", None), ("k5", None)]
    {
        let mut child = note(name);
        child.parent_id = parent.map(|parent| CreationId::any(parent).id());
        set.create(CreationId::any(name), child);
    }
    let response = block_on(setup.client.set(set)).unwrap();
    assert_eq!(response.created.len(), 5, "{response:?}");
    let orders: Vec<Vec<String>> = setup
        .sent()
        .iter()
        .map(|it| it["methodCalls"][0][1]["create"].as_object().unwrap().keys().cloned().collect())
        .collect();
    assert_eq!(orders, [vec!["k3", "k4"], vec!["k2", "k5"], vec!["k1"]]);
}

/// What was created before is known to the halves of a piece that was too large.
#[test]
fn a_halved_piece_knows_what_was_created_before() {
    let setup = filled(limits(50, 2), 0);
    let mut set = SetArguments::default();
    let parent = CreationId::any("k1");
    set.create(parent.clone(), note("parent"));
    set.create(CreationId::any("k2"), note("another"));
    for name in ["k3", "k4"] {
        let mut child = note("child");
        child.parent_id = Some(parent.id());
        set.create(CreationId::any(name), child);
    }
    setup.fail([Fault::None, Fault::Status(413, None)]);
    let response = block_on(setup.client.set(set)).unwrap();
    assert_eq!(response.created.len(), 4, "{response:?}");
    assert_eq!(setup.sent().len(), 4);
}

/// What refers to itself in a circle is sent all the same, and refused by the server.
#[test]
fn objects_that_refer_to_each_other_in_a_circle() {
    let setup = filled(limits(50, 2), 0);
    let mut set = SetArguments::default();
    for (name, parent) in [("k1", "k2"), ("k2", "k3"), ("k3", "k1")] {
        let mut child = note(name);
        child.parent_id = Some(CreationId::any(parent).id());
        set.create(CreationId::any(name), child);
    }
    let response = block_on(setup.client.set(set)).unwrap();
    assert_eq!(response.not_created.len(), 3, "{response:?}");
}

/// A created object is referred to by an update of it, and in the names of a patch.
#[test]
fn updates_wait_for_what_they_refer_to() {
    for (id, property) in [("#k1", "text"), ("N1", "labels/#k1")] {
        let setup = filled(limits(50, 1), 1);
        let mut set = SetArguments::default();
        set.create(CreationId::any("k1"), note("new"));
        set.update(Id::any(id), PatchObject::new().set(property, "x").clone());
        block_on(setup.client.set(set)).unwrap();
        let sent = setup.sent();
        assert!(sent[1]["createdIds"].get("k1").is_some(), "{id}: {sent:?}");
    }
}

#[test]
fn a_piece_that_fails_is_said_object_by_object() {
    let setup = filled(limits(5, 2), 0);
    let mut set = SetArguments::default();
    for number in 1..=4 {
        set.create(CreationId::any(format!("k{number}")), note("new"));
    }
    // The second request is done, but its answer is lost; a set is not sent again.
    setup.fail([Fault::None, Fault::Lost]);
    let response = block_on(setup.client.set(set)).unwrap();
    assert_eq!((response.created.len(), response.not_created.len()), (2, 2));
    let (_, error) = response.not_created.iter().next().unwrap();
    assert_eq!(error.kind(), SetErrorKind::ServerFail);
    assert!(error.is_outcome_unknown());
    insta::assert_snapshot!(error, @"serverFail: reset");
}

#[test]
fn when_nothing_was_done_there_is_an_error() {
    let setup = filled(limits(5, 2), 0);
    let mut set = SetArguments::<Note>::default();
    set.destroy(Id::any("N1"));
    set.if_in_state(State::any("7"));
    assert!(block_on(setup.client.set(set)).unwrap_err().is_state_mismatch());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Cut gets give what one get gives.
    #[test]
    fn cut_equals_uncut(
        count in 0_usize..12,
        asked in prop::collection::vec(1_usize..16, 0..24),
        limit in 1_u64..9,
    ) {
        let get = |limits| {
            let setup = filled(limits, count);
            let response = setup.client.get(GetArguments::<Note>::of(ids(asked.clone())));
            let mut response = block_on(response).unwrap();
            response.list.objects.sort_by(|a, b| a.id.cmp(&b.id));
            response.not_found.sort();
            response
        };
        prop_assert_eq!(get(limits(limit, 5)), get(Core::default()));
    }

    /// Cut sets do what one set does.
    #[test]
    fn cut_sets_equal_uncut_ones(
        count in 0_usize..8,
        create in 0_usize..8,
        update in prop::collection::btree_set(1_usize..12, 0..6),
        destroy in prop::collection::btree_set(1_usize..12, 0..6),
        limit in 1_u64..6,
    ) {
        let outcome = |limits| {
            let setup = filled(limits, count);
            let mut set = SetArguments::default();
            for number in 0..create {
                set.create(CreationId::any(format!("k{number}")), note("new"));
            }
            for id in ids(update.iter().copied()) {
                set.update(id, PatchObject::new().set("text", "changed").clone());
            }
            for id in ids(destroy.difference(&update).copied()) {
                set.destroy(id);
            }
            let response = block_on(setup.client.set(set)).unwrap();
            let all = block_on(setup.client.get(GetArguments::<Note>::all())).unwrap();
            let mut texts: Vec<_> = all.list.into_iter().map(|note| note.text).collect();
            texts.sort();
            let sizes = [
                response.created.len(),
                response.updated.len(),
                response.destroyed.len(),
                response.not_updated.len(),
                response.not_destroyed.len(),
            ];
            (texts, sizes)
        };
        prop_assert_eq!(outcome(limits(20, limit)), outcome(Core::default()));
    }
}
