//! Macros for data types on this crate: what would be written the same for each of them.

/// Makes arguments of a `set` with something of their own, in a field `set` around
/// [`SetArguments`](jmap_core::SetArguments), into that method: it goes into batches, and the client cuts it.
///
/// ```
/// # use jmap_core::object::{Object, Set};
/// # use jmap_core::{Id, Json, Map, SetArguments, json_model};
/// # #[derive(Clone, Debug, Default, PartialEq)]
/// # struct Board { id: Option<Id<Board>>, extra: Map<String, Json> }
/// # json_model::members! { Board: "Board" never { "id" => id } extra }
/// # impl Object for Board {
/// #     const TYPE: &'static str = "Board";
/// #     const USING: &'static [&'static str] = &["https://example.com/jmap/boards"];
/// #     type Property = String;
/// # }
/// # impl Set for Board {}
/// #[derive(Clone, Debug, Default, PartialEq)]
/// struct SetBoards {
///     on_destroy_remove_cards: Option<bool>,
///     set: SetArguments<Board>,
/// }
///
/// json_model::members! {
///     SetBoards: around set as SetArguments<Board> { "onDestroyRemoveCards" => on_destroy_remove_cards }
/// }
///
/// jmap_sharing::set_method! { SetBoards: Board }
///
/// let set: SetBoards = SetArguments::default().into();
/// assert_eq!(set.on_destroy_remove_cards, None);
/// ```
#[macro_export]
macro_rules! set_method {
    ($arguments:ty: $object:ty) => {
        impl From<$crate::jmap_core::SetArguments<$object>> for $arguments {
            fn from(set: $crate::jmap_core::SetArguments<$object>) -> Self {
                Self { set, ..Self::default() }
            }
        }

        impl AsMut<$crate::jmap_core::SetArguments<$object>> for $arguments {
            fn as_mut(&mut self) -> &mut $crate::jmap_core::SetArguments<$object> {
                &mut self.set
            }
        }

        impl $crate::jmap_core::Method for $arguments {
            const NAME: $crate::jmap_core::MethodName = $crate::jmap_core::MethodName::new(
                <$object as $crate::jmap_core::object::Object>::TYPE,
                "set",
            );
            const USING: &'static [&'static str] =
                <$object as $crate::jmap_core::object::Object>::USING;
            const ALSO_USING: &'static [&'static str] =
                <$object as $crate::jmap_core::object::Object>::ALSO_USING;
            type Response = $crate::jmap_core::SetResponse<$object>;

            fn version(session: &$crate::jmap_core::Session) -> $crate::jmap_core::Version {
                <$object as $crate::jmap_core::object::Object>::version(session)
            }
        }
    };
}

/// Gives a condition of a filter a method for each of its fields, with its documentation.
///
/// ```
/// #[derive(Default)]
/// struct BoardCondition {
///     name: Option<String>,
/// }
///
/// jmap_sharing::conditions! {
///     BoardCondition {
///         /// The name has these words.
///         name: impl Into<String>,
///     }
/// }
///
/// assert_eq!(BoardCondition::default().name("team").name.as_deref(), Some("team"));
/// ```
#[macro_export]
macro_rules! conditions {
    ($condition:ty { $($(#[$meta:meta])* $name:ident: $type:ty,)* }) => {
        impl $condition {
            $($(#[$meta])*
            pub fn $name(mut self, $name: $type) -> Self {
                self.$name = Some($name.into());
                self
            })*
        }
    };
}
