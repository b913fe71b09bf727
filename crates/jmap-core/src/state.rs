//! [`State`] and [`QueryState`]: what the server says to tell whether anything changed.

use crate::text::opaque_text;

opaque_text! {
    /// Where the objects of type `T` in one account stand (RFC 8620, section 5.1).
    ///
    /// Two states can be compared for equality, and nothing else can be done with them: they have no order. `get`, `set`,
    /// `changes` and push give states of one kind; those of queries ([`QueryState`]) and of the session
    /// (`State<Session>`) are others.
    ///
    /// ```
    /// use jmap_core::State;
    ///
    /// struct Note;
    ///
    /// let held: State<Note> = State::any("s17");
    /// let pushed: State<Note> = serde_json::from_str("17")?;
    /// assert_ne!(held, pushed);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct State: "a state";
}

opaque_text! {
    /// Where one query over objects of type `T` stands (RFC 8620, section 5.5): for one account, filter, order and set
    /// of further arguments.
    ///
    /// ```
    /// use jmap_core::QueryState;
    ///
    /// struct Note;
    ///
    /// let state: QueryState<Note> = serde_json::from_str(r#""q9""#)?;
    /// assert_eq!(state.as_str(), "q9");
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub struct QueryState: "a query state";
}
