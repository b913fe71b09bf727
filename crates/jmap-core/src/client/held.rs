//! Queries whose results are kept fresh.

use super::Client;
use crate::object::{Query, QueryChanges};
use crate::sync::{HeldQuery, HeldStep};
use crate::{Error, Operation, QueryArguments};

impl Client {
    /// The result of a query, to be held and kept fresh by [`follow`](Self::follow).
    ///
    /// # Errors
    ///
    /// Those of [`query`](Self::query); [`Error::Unexpected`] if the server gives no `queryState`, or the query does not
    /// begin at the start.
    pub fn hold<O: Query>(&self, query: QueryArguments<O>) -> Operation<HeldQuery<O>> {
        let found = self.query(query);
        Operation::new(async move {
            let unfit = || Error::Unexpected {
                expected: "the beginning of the result of a query, with its queryState",
                found: "another part, or one without it".to_owned(),
            };
            HeldQuery::of(found.await?).ok_or_else(unfit)
        })
    }

    /// The result of `query` as it is now, made of what is `held` of it and the changes since; where the server cannot tell
    /// these, of the query once more.
    ///
    /// What is held stays what it was, also when this fails. Follow whenever a push tells of a change of the type, or from
    /// time to time:
    ///
    /// ```no_run
    /// # use jmap_core::object::{Object, Query, QueryChanges};
    /// # use jmap_core::{Client, Error, Id, Json, Map, QueryArguments};
    /// # #[derive(Clone, Debug, Default, PartialEq)]
    /// # struct Note { id: Option<Id<Note>>, extra: Map<String, Json> }
    /// # json_model::members! { Note: "Note" never { "id" => id } extra }
    /// # impl Object for Note {
    /// #     const TYPE: &'static str = "Note";
    /// #     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
    /// #     type Property = String;
    /// # }
    /// # impl Query for Note { type Condition = Json; type SortBy = String; }
    /// # impl QueryChanges for Note {}
    /// use jmap_core::push::{Event, EventSourceOptions};
    ///
    /// # async fn example(client: &Client) -> Result<(), Error> {
    /// let query = QueryArguments::<Note>::all().limit(50);
    /// let mut held = client.hold(query.clone()).await?;
    /// let mut events = client.event_source(EventSourceOptions::default().with::<Note>());
    /// while let Some(event) = events.next().await {
    ///     if let Event::State(_) = event? {
    ///         held = client.follow(&held, query.clone()).await?;
    ///         println!("{:?}", held.ids());
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`query_changes`](Self::query_changes) that a new query does not mend, and those of [`hold`](Self::hold).
    pub fn follow<O: QueryChanges>(
        &self,
        held: &HeldQuery<O>,
        query: QueryArguments<O>,
    ) -> Operation<HeldQuery<O>> {
        let (client, mut held) = (self.clone(), held.clone());
        Operation::new(async move {
            let changes = client.query_changes(held.arguments(query.clone())).await;
            match held.take(&query, changes)? {
                HeldStep::Followed => Ok(held),
                HeldStep::Resync => client.hold(query).await,
            }
        })
    }
}
