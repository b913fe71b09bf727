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
use crate::{Error, GetArguments, GetResponse, Handle, Id, List, QueryArguments, Responses, State};

/// Pages of a list, each fetched when it is asked for. Ends after an error.
///
/// It is a [`Stream`]; [`next`](Self::next) does without.
#[must_use]
pub struct Pages<T> {
    running: Option<BoxFuture<'static, Option<Step<T>>>>,
}

struct Step<T> {
    item: Result<T, Error>,
    rest: Pages<T>,
}

/// What a page is made from, and what is left to make the next one from.
type Made<T, S> = Option<(Result<T, Error>, Option<S>)>;

impl<T: Send + 'static> Pages<T> {
    fn unfold<S, F>(state: S, make: fn(S) -> F) -> Self
    where
        S: Send + 'static,
        F: Future<Output = Made<T, S>> + Send + 'static,
    {
        let running = Box::pin(async move {
            let (item, state) = make(state).await?;
            let rest = state.map_or(Self { running: None }, |state| Self::unfold(state, make));
            Some(Step { item, rest })
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
        let Some(Step { item, rest }) = step else { return Poll::Ready(None) };
        if item.is_ok() {
            *self = rest;
        }
        Poll::Ready(Some(item))
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
        let most = self.shared.loaded().limits.max_objects_in_get;
        Pages::unfold((self.clone(), ChangesPages::since(state, most)), objects_page)
    }
}

async fn query_page<O: Query>(
    (client, mut pages): (Client, QueryPages<O>),
) -> Made<Page<O>, (Client, QueryPages<O>)> {
    loop {
        let arguments = pages.arguments()?.clone();
        let result = client.query(arguments).await;
        let page = match pages.take(result) {
            Ok(Some(page)) => page,
            Ok(None) => continue,
            Err(error) => return Some((Err(error), None)),
        };
        let is_last = pages.arguments().is_none();
        return Some((Ok(page), (!is_last).then_some((client, pages))));
    }
}

async fn changes_page<O: Changes>(
    (client, mut pages): (Client, ChangesPages<O>),
) -> Made<ChangesStep<O>, (Client, ChangesPages<O>)> {
    let result = client.changes(pages.arguments()?).await;
    let step = pages.take(result);
    let rest = pages.arguments().is_some().then_some((client, pages));
    Some((step, rest))
}

async fn objects_page<O: Changes + Get>(
    (client, mut pages): (Client, ChangesPages<O>),
) -> Made<ObjectsStep<O>, (Client, ChangesPages<O>)> {
    let step = objects(&client, &mut pages).await?;
    let rest = pages.arguments().is_some().then_some((client, pages));
    Some((step, rest))
}

async fn objects<O: Changes + Get>(
    client: &Client,
    pages: &mut ChangesPages<O>,
) -> Option<Result<ObjectsStep<O>, Error>> {
    let mut batch = client.batch();
    let changes = batch.changes(pages.arguments()?);
    let gets = [batch.get(changes.created()), batch.get(changes.updated())];
    let mut responses = match batch.send().await {
        Ok(responses) => responses,
        // More changed than the server gives at a time, for which some refuse the whole request.
        Err(error) if is_too_large(&error) => return Some(apart(client, pages).await),
        Err(error) => return Some(Err(error)),
    };
    let ids = match pages.take(responses.take(changes)) {
        Ok(ChangesStep::Changed(ids)) => ids,
        Ok(ChangesStep::Resync) => return Some(Ok(ObjectsStep::Resync)),
        Err(error) => return Some(Err(error)),
    };
    let changed = match taken(&mut responses, gets) {
        Ok(responses) if !ids.was_mixed => Ok(with_objects(ids, responses)),
        // An id stood in several lists, or there are more than the server gives at a time.
        _ => fetched(client, ids).await,
    };
    Some(changed.map(ObjectsStep::Changed))
}

/// The same, with requests of their own for the changes and for the objects.
async fn apart<O: Changes + Get>(
    client: &Client,
    pages: &mut ChangesPages<O>,
) -> Result<ObjectsStep<O>, Error> {
    let Some(arguments) = pages.arguments() else { return Ok(ObjectsStep::Resync) };
    match pages.take(client.changes(arguments).await)? {
        ChangesStep::Changed(ids) => fetched(client, ids).await.map(ObjectsStep::Changed),
        ChangesStep::Resync => Ok(ObjectsStep::Resync),
    }
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
