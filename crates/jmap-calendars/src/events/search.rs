//! [`Search`]: which events, and in which order.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jmap_core::sync::QueryPages;
use jmap_core::{
    Client, Comparator, Error, Filter, Id, MethodName, Operation, QueryArguments, State,
};
use jscalendar::{LocalDateTime, TimeZoneId};

use super::Follow;
use super::occurrences::{Occurrences, Window};
use crate::settle::settling;
use crate::{
    Calendar, CalendarEvent, EventCondition, EventSortBy, GetEvents, QueryEvents, StoredEvent,
};

/// Which events, and in which order; from [`Events::search`](crate::Events::search).
///
/// Each condition narrows the choice. [`matching`](Self::matching) takes any filter, with `and`, `or` and `not`;
/// [`having`](Self::having) asks what no server filters by, of the events that came.
///
/// ```no_run
/// use jmap_calendars::{CalendarsExt, EventCondition, predicate};
/// use jmap_core::Filter;
///
/// # async fn example(client: jmap_core::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let planned = client
///     .events()
///     .search()
///     .text("planning")
///     .after("2026-03-01T00:00:00".parse()?)
///     .matching(Filter::any([
///         EventCondition::default().location("Berlin").into(),
///         EventCondition::default().location("Paris").into(),
///     ]))
///     .having(predicate::keyword("work"))
///     .limit(20)
///     .find()
///     .await?;
/// # let _ = planned;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "it does nothing until something is asked of it"]
pub struct Search {
    client: Client,
    condition: EventCondition,
    filters: Vec<Filter<EventCondition>>,
    sort: Vec<Comparator<EventSortBy>>,
    time_zone: Option<TimeZoneId>,
    limit: Option<usize>,
    predicates: Vec<Predicate>,
}

type Predicate = Arc<dyn Fn(&CalendarEvent) -> bool + Send + Sync>;

/// Methods that narrow the choice by one condition.
macro_rules! conditions {
    ($($(#[$meta:meta])* $name:ident: $type:ty,)*) => {
        impl Search {
            $($(#[$meta])*
            pub fn $name(mut self, $name: $type) -> Self {
                self.condition.$name = Some($name.into());
                self
            })*
        }
    };
}

conditions! {
    /// In this calendar.
    in_calendar: impl Into<Id<Calendar>>,
    /// With an occurrence that ends after this moment, on the clock of [`time_zone`](Self::time_zone).
    after: LocalDateTime,
    /// With an occurrence that starts before this moment.
    before: LocalDateTime,
    /// With these words anywhere: title, description, places, people.
    text: impl Into<String>,
    /// With these words in the title.
    title: impl Into<String>,
    /// With these words in the description.
    description: impl Into<String>,
    /// With these words in a place.
    location: impl Into<String>,
    /// With these words in the name or address of an owner.
    owner: impl Into<String>,
    /// With these words in the name or address of somebody who takes part.
    attendee: impl Into<String>,
    /// With this `uid`.
    uid: impl Into<String>,
}

impl Search {
    pub(super) fn new(client: Client) -> Self {
        Self {
            client,
            condition: EventCondition::default(),
            filters: Vec::new(),
            sort: Vec::new(),
            time_zone: None,
            limit: None,
            predicates: Vec::new(),
        }
    }

    /// That match this filter too. Not every server takes operators together with `after` and `before`.
    pub fn matching(mut self, filter: impl Into<Filter<EventCondition>>) -> Self {
        self.filters.push(filter.into());
        self
    }

    /// Of which this is true. No server is asked: the events are fetched and looked at; [`predicate`] has some.
    pub fn having(
        mut self,
        predicate: impl Fn(&CalendarEvent) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.predicates.push(Arc::new(predicate));
        self
    }

    /// In this order; without one in that of their starts.
    pub fn sort(mut self, sort: impl IntoIterator<Item = Comparator<EventSortBy>>) -> Self {
        self.sort = sort.into_iter().collect();
        self
    }

    /// The time zone of `after` and `before`, and of floating events; `Etc/UTC` if nothing is said.
    pub fn time_zone(mut self, zone: TimeZoneId) -> Self {
        self.time_zone = Some(zone);
        self
    }

    /// At most so many.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Finds and fetches them: one round trip where the server's limits allow it.
    ///
    /// # Errors
    ///
    /// Those of the calls; [`is_unsupported`](Error::is_unsupported) if the server does not know a condition or an order.
    pub fn find(&self) -> Operation<Vec<StoredEvent>> {
        let found = self.found();
        Operation::new(async move { Ok(found.await?.events) })
    }

    /// Finds their ids, without fetching them. Predicates are not asked.
    ///
    /// # Errors
    ///
    /// Those of [`find`](Self::find).
    pub fn ids(&self) -> Operation<Vec<Id<CalendarEvent>>> {
        let search = self.clone();
        settling(&self.client, move |client| {
            let (client, search) = (client.clone(), search.clone());
            Operation::new(async move {
                let mut pages = search.pages();
                let mut ids = Vec::new();
                while let Some(query) = search.next_query(&pages, ids.len()) {
                    if let Some(page) = pages.take(client.call(query).await)? {
                        ids.extend(page.ids);
                    }
                }
                Ok(ids)
            })
        })
    }

    /// What happens in a time, with the occurrences of series, in the order of their starts.
    ///
    /// Series are fetched and expanded here, so every server gives the same, and every occurrence can be changed.
    ///
    /// # Errors
    ///
    /// Those of [`find`](Self::find).
    pub fn occurrences(self, window: Window) -> Operation<Occurrences> {
        let search =
            self.after(window.after).before(window.before).time_zone(window.time_zone.clone());
        let found = Self { limit: None, ..search }.find();
        Operation::new(async move {
            let unknown = || Error::Unwritable {
                method: MethodName::new("CalendarEvent", "query"),
                message: format!("timeZone: {} is not known", window.time_zone),
            };
            Occurrences::of(found.await?, &window).ok_or_else(unknown)
        })
    }

    /// The events, and then what changes about them: [`Follow::next`] says it.
    pub fn follow(self) -> Follow {
        Follow::new(self)
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Whether every event of the account is one.
    pub(super) fn is_everything(&self) -> bool {
        self.filter().is_none() && self.limit.is_none()
    }

    /// Whether all predicates are true of an event.
    pub(super) fn admits(&self, event: &CalendarEvent) -> bool {
        self.predicates.iter().all(|predicate| predicate(event))
    }

    pub(super) fn found(&self) -> Operation<Found> {
        let search = self.clone();
        settling(&self.client, move |client| {
            let (client, search) = (client.clone(), search.clone());
            Operation::new(async move { search.fetch(&client).await })
        })
    }

    async fn fetch(&self, client: &Client) -> Result<Found, Error> {
        let mut found = Found::default();
        let mut pages = self.pages();
        while let Some(query) = self.next_query(&pages, found.events.len()) {
            let mut batch = client.batch();
            let query = batch.call(query);
            let get = batch.call(GetEvents::found(query.ids()));
            let mut responses = batch.send().await?;
            let Some(page) = pages.take(responses.take(query))? else { continue };
            let response = match responses.take(get) {
                // More than the server gives at a time.
                Err(error) if error.method_error().is_some() => {
                    client.get(GetEvents::of(page.ids.clone())).await?
                }
                response => response?,
            };
            let events = in_order(response.list.objects, &page.ids);
            found.add(client, events, response.state, self);
        }
        Ok(found)
    }

    fn pages(&self) -> QueryPages<CalendarEvent> {
        let mut query = QueryArguments::all();
        query.filter = self.filter();
        query.sort.clone_from(&self.sort);
        if query.sort.is_empty() {
            query.sort.push(Comparator::ascending(EventSortBy::Start));
        }
        QueryPages::new(query)
    }

    fn next_query(&self, pages: &QueryPages<CalendarEvent>, have: usize) -> Option<QueryEvents> {
        let wanted = self.limit.map(|limit| limit.saturating_sub(have));
        if wanted == Some(0) {
            return None;
        }
        let mut query = QueryEvents::from(pages.arguments()?.clone());
        if self.predicates.is_empty() {
            query.query.limit = wanted.map(|wanted| wanted as u64);
        }
        query.time_zone = self.time_zone.as_ref().map(ToString::to_string);
        Some(query)
    }

    fn filter(&self) -> Option<Filter<EventCondition>> {
        let mut all = self.filters.clone();
        if self.condition != EventCondition::default() {
            all.insert(0, self.condition.clone().into());
        }
        match all.len() {
            0 | 1 => all.pop(),
            _ => Some(Filter::all(all)),
        }
    }
}

/// What a search found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) events: Vec<StoredEvent>,
    /// Where all events stood when the first of them were fetched.
    pub(super) state: Option<State<CalendarEvent>>,
}

impl Found {
    fn add(
        &mut self,
        client: &Client,
        events: Vec<CalendarEvent>,
        state: Option<State<CalendarEvent>>,
        search: &Search,
    ) {
        let left = search.limit.unwrap_or(usize::MAX).saturating_sub(self.events.len());
        let admitted = events.into_iter().filter(|event| search.admits(event)).take(left);
        self.events.extend(admitted.map(|event| StoredEvent::new(client, event, state.clone())));
        self.state = self.state.take().or(state);
    }
}

/// Events in the order of the ids that were found: a server may give them in any.
fn in_order(mut events: Vec<CalendarEvent>, ids: &[Id<CalendarEvent>]) -> Vec<CalendarEvent> {
    let places: BTreeMap<&Id<CalendarEvent>, usize> = ids.iter().zip(0..).collect();
    events.sort_by_key(|event| event.id.as_ref().and_then(|id| places.get(id)).copied());
    events
}

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("filter", &self.filter())
            .field("sort", &self.sort)
            .field("time_zone", &self.time_zone)
            .field("limit", &self.limit)
            .field("predicates", &self.predicates.len())
            .finish_non_exhaustive()
    }
}

/// What can be asked of events that came, for [`Search::having`]: no server filters by it.
pub mod predicate {
    use jscalendar::ParticipationStatus;

    use crate::CalendarEvent;

    /// It has this keyword.
    pub fn keyword(keyword: impl Into<String>) -> impl Fn(&CalendarEvent) -> bool {
        let keyword = keyword.into();
        move |event| event.keywords.contains(keyword.as_str())
    }

    /// Something is attached to it.
    pub fn attachment() -> impl Fn(&CalendarEvent) -> bool {
        |event| {
            let is_attachment = |link: &jscalendar::Link| {
                link.rel.as_deref() == Some("enclosure") || link.extra.contains_key("blobId")
            };
            event.links.values().any(is_attachment)
        }
    }

    /// This calendar address takes part in it.
    pub fn participant(address: impl Into<String>) -> impl Fn(&CalendarEvent) -> bool {
        let address = address.into();
        move |event| event.participant(&address).is_some()
    }

    /// The participant with this calendar address has this status; `needs-action` counts as the status of those who
    /// have not said.
    pub fn participation(
        address: impl Into<String>,
        status: ParticipationStatus,
    ) -> impl Fn(&CalendarEvent) -> bool {
        let address = address.into();
        move |event| {
            event.participant(&address).is_some_and(|(_, participant)| {
                let said = participant.participation_status.as_ref();
                said.unwrap_or(&ParticipationStatus::NeedsAction) == &status
            })
        }
    }
}
