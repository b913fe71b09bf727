//! [`StateChange`] (RFC 8620, section 7.1).

use json_model::{Json, Map};

use crate::object::Object;
use crate::{Account, Id, State};

/// What changed, and where it stands now (RFC 8620, section 7.1).
///
/// Servers may leave changes out and put several into one, and nobody promises an order: compare the states with those
/// that are held, and ask for the changes where they differ.
///
/// ```
/// # use jmap_core::object::Object;
/// # use json_model::{Json, Map};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Note { extra: Map<String, Json> }
/// # json_model::members! { Note: "Note" never {} extra }
/// # impl Object for Note {
/// #     const TYPE: &'static str = "Note";
/// #     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
/// #     type Property = String;
/// # }
/// use jmap_core::push::StateChange;
/// use jmap_core::{Id, State};
///
/// let text = r#"{"@type":"StateChange","changed":{"a1":{"Note":"s2","Folder":"s9"}}}"#;
/// let change: StateChange = serde_json::from_str(text)?;
/// assert_eq!(change.state_of::<Note>(&Id::any("a1")), Some(State::any("s2")));
/// assert_eq!(change.state_of::<Note>(&Id::any("a2")), None);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct StateChange {
    /// Where the objects stand, by account and by the name of their type.
    pub changed: Map<Id<Account>, Map<String, State<()>>>,
    /// Members that are not in the standard.
    pub extra: Map<String, Json>,
}

json_model::members! { StateChange: "StateChange" always { "changed" => changed } extra }

impl StateChange {
    /// Where the objects of type `O` stand now, if they changed.
    pub fn state_of<O: Object>(&self, account: &Id<Account>) -> Option<State<O>> {
        self.changed.get(account.as_str())?.get(O::TYPE).cloned().map(State::cast)
    }

    /// Adds where the objects of type `O` stand now.
    pub fn set_state<O: Object>(&mut self, account: Id<Account>, state: State<O>) -> &mut Self {
        let mut states = self.changed.remove(account.as_str()).unwrap_or_default();
        states.insert(O::TYPE.to_owned(), state.cast());
        self.changed.insert(account, states);
        self
    }
}
