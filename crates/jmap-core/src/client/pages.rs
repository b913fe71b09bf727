//! [`Pages`]: lists as streams.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Client;
use super::chunk::is_too_large;
use crate::object::{Changes, Get, Query};
use crate::sync::{ChangedIds, ChangesPages, ChangesStep, Page, QueryPages};
use crate::transport::BoxFuture;
use crate::{
    ChangesArguments, Error, GetArguments, GetResponse, Handle, Id, List, QueryArguments,
    Responses, State,
};

/// Pages of a list, each fetched when it is asked for. Ends after an error.
///
/// It is a [`Stream`]; [`next`](Self::next) does without. Lists of an extension of your own are made by
/// [`unfold`](Self::unfold).
#[must_use]
pub struct Pages<T> {
    running: Option<BoxFuture<'static, Result<Option<Step<T>>, Error>>>,
}

struct Step<T> {
    item: T,
    rest: Pages<T>,
}

impl<T: Send + 'static> Pages<T> {
    /// Pages of which `make` makes one after the other: of what is left, the next page and what is left after it, if
    /// anything is; or nothing, if there is no page.
    ///
    /// ```
    /// # use jmap_core::client::Pages;
    /// # use jmap_core::object::{Get, Object, Query};
    /// # use jmap_core::{Client, Error, GetArguments, Id, Json, List, Map, QueryArguments};
    /// # #[derive(Clone, Debug, Default, PartialEq)]
    /// # struct Note { id: Option<Id<Note>>, extra: Map<String, Json> }
    /// # json_model::members! { Note: "Note" never { "id" => id } extra }
    /// # impl Object for Note {
    /// #     const TYPE: &'static str = "Note";
    /// #     const USING: &'static [&'static str] = &["https://example.com/jmap/notes"];
    /// #     type Property = String;
    /// # }
    /// # impl Get for Note {}
    /// # impl Query for Note { type Condition = Json; type SortBy = String; }
    /// use jmap_core::sync::QueryPages;
    ///
    /// /// All notes that a query finds, page by page; one round trip each.
    /// fn notes(client: &Client, query: QueryArguments<Note>) -> Pages<List<Note>> {
    ///     let client = client.clone();
    ///     Pages::unfold(QueryPages::new(query), move |mut pages| {
    ///         let client = client.clone();
    ///         async move {
    ///             while let Some(arguments) = pages.arguments() {
    ///                 let mut batch = client.batch();
    ///                 let query = batch.query(arguments.clone());
    ///                 let notes = batch.get(query.ids());
    ///                 let mut responses = batch.send().await?;
    ///                 if pages.take(responses.take(query))?.is_some() {
    ///                     return Ok(Some((responses.take(notes)?.list, Some(pages))));
    ///                 }
    ///             }
    ///             Ok(None)
    ///         }
    ///     })
    /// }
    /// ```
    pub fn unfold<S, F, R>(state: S, mut make: F) -> Self
    where
        S: Send + 'static,
        F: FnMut(S) -> R + Send + 'static,
        R: Future<Output = Result<Option<(T, Option<S>)>, Error>> + Send + 'static,
    {
        let running = Box::pin(async move {
            let Some((item, state)) = make(state).await? else { return Ok(None) };
            let rest = state.map_or(Self { running: None }, |state| Self::unfold(state, make));
            Ok(Some(Step { item, rest }))
        });
        Self { running: Some(running) }
    }

    /// The next page; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next page, waited for; see [`Operation::wait`](crate::Operation::wait).
    #[cfg(feature = "blocking")]
    pub fn wait_next(&mut self) -> Option<Result<T, Error>> {
        crate::wait(self.next())
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(running) = &mut self.running else { return Poll::Ready(None) };
        let step = ready!(running.as_mut().poll(context));
        self.running = None;
        Poll::Ready(step.transpose().map(|step| {
            let Step { item, rest } = step?;
            *self = rest;
            Ok(item)
        }))
    }
}

impl<T> std::fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages").field("is_done", &self.running.is_none()).finish()
    }
}

/// Objects that changed, up to a state.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ChangedObjects<O> {
    /// The state after these changes. Keep it once they are dealt with.
    pub state: State<O>,
    /// The objects that are new or were changed. They may be newer than `state`.
    pub objects: List<O>,
    /// Objects that are gone.
    pub destroyed: Vec<Id<O>>,
    /// Whether there are more changes, after `state`.
    pub has_more: bool,
}

/// What one page of [`Client::objects_since`] says.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ObjectsStep<O> {
    /// These objects changed.
    Changed(ChangedObjects<O>),
    /// The server cannot tell: everything has to be fetched again. There is no further page.
    Resync,
}

impl Client {
    /// All ids that a query finds, page by page; `limit` is the size of a page. See [`QueryPages`].
    pub fn query_pages<O: Query>(&self, query: QueryArguments<O>) -> Pages<Page<O>> {
        Pages::unfold((self.clone(), QueryPages::new(query)), query_page)
    }

    /// Which objects changed since a state, page by page, until there are no more. See [`ChangesPages`].
    pub fn changes_since<O: Changes>(&self, state: State<O>) -> Pages<ChangesStep<O>> {
        Pages::unfold((self.clone(), ChangesPages::since(state, None)), changes_page)
    }

    /// The objects that changed since a state, page by page, until there are no more: what a held copy needs to follow.
    ///
    /// One request a page, which asks for the changes and for the objects; where nothing changed there is one in all.
    pub fn objects_since<O: Changes + Get>(&self, state: State<O>) -> Pages<ObjectsStep<O>> {
        let most = self.limits().max_objects_in_get;
        Pages::unfold((self.clone(), ChangesPages::since(state, most)), objects_page)
    }
}

/// A page, and what is left to make the next one from.
type Made<T, S> = Result<Option<(T, Option<(Client, S)>)>, Error>;

async fn query_page<O: Query>(
    (client, mut pages): (Client, QueryPages<O>),
) -> Made<Page<O>, QueryPages<O>> {
    while let Some(arguments) = pages.arguments() {
        let result = client.query(arguments.clone()).await;
        if let Some(page) = pages.take(result)? {
            let is_last = pages.arguments().is_none();
            return Ok(Some((page, (!is_last).then_some((client, pages)))));
        }
    }
    Ok(None)
}

async fn changes_page<O: Changes>(
    (client, mut pages): (Client, ChangesPages<O>),
) -> Made<ChangesStep<O>, ChangesPages<O>> {
    let Some(arguments) = pages.arguments() else { return Ok(None) };
    let step = pages.take(client.changes(arguments).await)?;
    let is_last = pages.arguments().is_none();
    Ok(Some((step, (!is_last).then_some((client, pages)))))
}

async fn objects_page<O: Changes + Get>(
    (client, mut pages): (Client, ChangesPages<O>),
) -> Made<ObjectsStep<O>, ChangesPages<O>> {
    let Some(arguments) = pages.arguments() else { return Ok(None) };
    let step = objects(&client, &mut pages, arguments).await?;
    let is_last = pages.arguments().is_none();
    Ok(Some((step, (!is_last).then_some((client, pages)))))
}

async fn objects<O: Changes + Get>(
    client: &Client,
    pages: &mut ChangesPages<O>,
    arguments: ChangesArguments<O>,
) -> Result<ObjectsStep<O>, Error> {
    let mut batch = client.batch();
    let changes = batch.changes(arguments.clone());
    let gets = [batch.get(changes.created()), batch.get(changes.updated())];
    let (changes, came_along) = match batch.send().await {
        Ok(mut responses) => (responses.take(changes), taken(&mut responses, gets).ok()),
        // More changed than the server gives at a time, for which some refuse the whole request.
        Err(error) if is_too_large(&error) => (client.changes(arguments).await, None),
        Err(error) => return Err(error),
    };
    let ids = match pages.take(changes)? {
        ChangesStep::Changed(ids) => ids,
        ChangesStep::Resync => return Ok(ObjectsStep::Resync),
    };
    let changed = match came_along {
        Some(responses) if !ids.was_mixed => with_objects(ids, responses),
        // An id stood in several lists, or there are more than the server gives at a time.
        _ => fetched(client, ids).await?,
    };
    Ok(ObjectsStep::Changed(changed))
}

fn taken<O: Get>(
    responses: &mut Responses,
    gets: [Handle<GetArguments<O>>; 2],
) -> Result<[GetResponse<O>; 2], Error> {
    let [created, updated] = gets;
    Ok([responses.take(created)?, responses.take(updated)?])
}

async fn fetched<O: Get>(client: &Client, ids: ChangedIds<O>) -> Result<ChangedObjects<O>, Error> {
    let all = ids.created.iter().chain(&ids.updated).cloned();
    let response = client.get(GetArguments::of(all)).await?;
    Ok(with_objects(ids, [response, GetResponse::default()]))
}

fn with_objects<O: Get>(ids: ChangedIds<O>, responses: [GetResponse<O>; 2]) -> ChangedObjects<O> {
    let mut changed = ChangedObjects {
        state: ids.state,
        objects: List::default(),
        destroyed: ids.destroyed,
        has_more: ids.has_more,
    };
    for response in responses {
        changed.objects.objects.extend(response.list.objects);
        changed.objects.unreadable.extend(response.list.unreadable);
        // Changed, and gone since.
        changed.destroyed.extend(response.not_found);
    }
    changed
}
