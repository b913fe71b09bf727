//! [`Events`]: an event stream, taken up again whenever it breaks.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use http::HeaderValue;
use http::header::ACCEPT_ENCODING;
use http_body::Body as _;

use super::Client;
use super::exchange::Outgoing;
use super::join::within;
use crate::Error;
use crate::push::{Event, EventSource, EventSourceAnswer, EventSourceOptions};
use crate::transport::{Body, BoxFuture};

/// What a server says over an event stream (RFC 8620, section 7.3), whatever happens to the connection.
///
/// When the connection breaks or is silent for too long, another one asks for what was missed. Compare the states of a
/// change with those that are held, for servers need not remember what was missed.
///
/// Ends when the server turns out to have no push: then changes have to be asked for from time to time. Ends after an
/// error, which is always one that another connection would not mend.
///
/// It is a [`Stream`]; [`next`](Self::next) does without.
#[must_use]
pub struct Events {
    client: Client,
    source: EventSource,
    stage: Stage,
}

enum Stage {
    Connecting(BoxFuture<'static, Result<http::Response<Body>, Error>>),
    Open {
        body: Body,
        /// Over when nothing has come for too long. Begins when all that came has been read, for that may tell how long.
        silence: Option<BoxFuture<'static, ()>>,
    },
    Waiting(BoxFuture<'static, ()>),
    Over,
}

impl Client {
    /// What the server says by itself: changes, and what else there is.
    ///
    /// ```no_run
    /// use jmap_core::push::{Event, EventSourceOptions};
    ///
    /// # async fn example(client: jmap_core::Client) -> Result<(), jmap_core::Error> {
    /// let mut events = client.event_source(EventSourceOptions::of_types(["CalendarEvent"]));
    /// while let Some(event) = events.next().await {
    ///     if let Event::State(change) = event? {
    ///         println!("{:?}", change.changed);
    ///     }
    /// }
    /// // No push here: ask from time to time.
    /// # Ok(())
    /// # }
    /// ```
    pub fn event_source(&self, options: EventSourceOptions) -> Events {
        Events::new(self.clone(), EventSource::new(options))
    }
}

impl Events {
    fn new(client: Client, source: EventSource) -> Self {
        let stage = Stage::Connecting(Box::pin(connect(client.clone(), source.clone())));
        Self { client, source, stage }
    }

    /// The next event; `None` if the server has no push, and after an error.
    ///
    /// Nothing is lost when this is dropped before it is done.
    ///
    /// # Errors
    ///
    /// If the stream cannot be had, and trying again is of no use.
    pub async fn next(&mut self) -> Option<Result<Event, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// The next event, waited for; see [`Operation::wait`](crate::Operation::wait).
    #[cfg(feature = "blocking")]
    pub fn wait_next(&mut self) -> Option<Result<Event, Error>> {
        crate::wait(self.next())
    }

    /// Goes on by one step; an error is final.
    fn poll_step(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        match &mut self.stage {
            Stage::Over => {}
            Stage::Waiting(time) => {
                ready!(time.as_mut().poll(context));
                let connecting = connect(self.client.clone(), self.source.clone());
                self.stage = Stage::Connecting(Box::pin(connecting));
            }
            Stage::Connecting(exchange) => {
                let answer = ready!(exchange.as_mut().poll(context));
                return Poll::Ready(match answer.and_then(|answer| self.answered(answer)) {
                    Ok(stage) => {
                        self.stage = stage;
                        Ok(())
                    }
                    Err(error) => self.lost(Some(error)),
                });
            }
            Stage::Open { body, silence } => match Pin::new(body).poll_frame(context) {
                Poll::Ready(Some(Ok(frame))) => {
                    self.source.received(&frame.into_data().unwrap_or_default());
                    *silence = None;
                }
                Poll::Ready(Some(Err(error))) => {
                    return Poll::Ready(self.lost(Some(Error::Transport(error))));
                }
                Poll::Ready(None) => return Poll::Ready(self.lost(None)),
                Poll::Pending => {
                    if silence.is_none() {
                        *silence = quiet(&self.client, &self.source);
                    }
                    let Some(silence) = silence else { return Poll::Pending };
                    ready!(silence.as_mut().poll(context));
                    return Poll::Ready(self.lost(None));
                }
            },
        }
        Poll::Ready(Ok(()))
    }

    fn answered(&mut self, answer: http::Response<Body>) -> Result<Stage, Error> {
        let (head, body) = answer.into_parts();
        Ok(match self.source.answered(head.status, &head.headers)? {
            EventSourceAnswer::Stream => Stage::Open { body, silence: None },
            EventSourceAnswer::NoPush => Stage::Over,
        })
    }

    fn lost(&mut self, error: Option<Error>) -> Result<(), Error> {
        let io = &self.client.shared.io;
        let wait = self.source.lost(error, io.spread())?;
        tracing::debug!(wait_ms = wait.as_millis(), "the event stream broke");
        self.stage = Stage::Waiting(io.transport.sleep(wait));
        Ok(())
    }

    fn end(&mut self, error: Error) -> Poll<Option<Result<Event, Error>>> {
        self.stage = Stage::Over;
        Poll::Ready(Some(Err(error)))
    }
}

impl Stream for Events {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        while !matches!(self.stage, Stage::Over) {
            match self.source.next_event() {
                Some(Ok(event)) => return Poll::Ready(Some(Ok(event))),
                Some(Err(error)) => return self.end(error),
                None => {}
            }
            if let Err(error) = ready!(self.poll_step(context)) {
                return self.end(error);
            }
        }
        Poll::Ready(None)
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("source", &self.source).finish_non_exhaustive()
    }
}

/// Asks for the stream, behind the last event that came.
async fn connect(client: Client, source: EventSource) -> Result<http::Response<Body>, Error> {
    let shared = &client.shared;
    let loaded = shared.current().await?;
    let template = loaded.session.event_source_url.as_deref();
    let template = loaded.address(&shared.io, "eventSourceUrl", template)?;
    let mut outgoing = Outgoing::get(&source.options().url(&template), "text/event-stream");
    // What compresses holds back what it has until there is more.
    outgoing.headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(id) =
        source.last_event_id().and_then(|id| HeaderValue::from_bytes(id.as_bytes()).ok())
    {
        outgoing.headers.insert("last-event-id", id);
    }
    let timeout = shared.io.settings.timeout;
    within(shared.io.transport.sleep(timeout), shared.io.head(&outgoing))
        .await
        .unwrap_or(Err(Error::TimedOut(timeout)))
}

fn quiet(client: &Client, source: &EventSource) -> Option<BoxFuture<'static, ()>> {
    source.silence().map(|silence| client.shared.io.transport.sleep(silence))
}
