//! Sending a batch: one request, or as many as the server's limits make necessary.

use std::sync::Arc;

use http::StatusCode;
use json_model::Map;
use tracing::{Instrument, debug};

use super::Client;
use super::exchange::{Answer, Outgoing, decode};
use super::retry::Repeat;
use super::shared::{Loaded, Shared, is_gone};
use super::trace::Trace;
use crate::{Batch, Error, HttpError, Request, Response, Responses};

/// Sends all calls, again where that is safe.
pub(super) async fn send(batch: Batch<Client>) -> Result<Responses, Error> {
    let repeat = Repeat::when_safe(batch.is_safe_to_repeat());
    send_in_turn(batch, repeat).await
}

/// Sends all calls; those of one request after those of the other.
pub(super) async fn send_in_turn(batch: Batch<Client>, repeat: Repeat) -> Result<Responses, Error> {
    let shared = batch.client.shared.clone();
    let mut loaded = shared.current().await?;
    let most =
        usize::try_from(loaded.limits.max_calls_in_request.unwrap_or(1)).unwrap_or(usize::MAX);
    let mut answered = Response::default();
    let mut start = 0;
    while start < batch.len() {
        let end = batch.len().min(start.saturating_add(most));
        let mut request =
            batch.piece(start..end, &loaded.session, &mut answered.method_responses)?;
        if batch.len() > most {
            // What one request created can be referred to in the next one.
            let created = answered.created_ids.clone();
            request.created_ids = created.or(request.created_ids).or_else(|| Some(Map::new()));
        }
        if !request.method_calls.is_empty() {
            let response = request_once(&shared, &mut loaded, &request, repeat).await?;
            add(&mut answered, response);
        }
        start = end;
    }
    Ok(Responses::new(answered))
}

fn add(all: &mut Response, response: Response) {
    all.method_responses.extend(response.method_responses);
    all.session_state = response.session_state;
    if let Some(created) = response.created_ids {
        all.created_ids.get_or_insert_default().extend(created);
    }
}

/// One request and its response. A server that is no longer where it was is looked for anew.
pub(super) async fn request_once(
    shared: &Shared,
    loaded: &mut Arc<Loaded>,
    request: &Request,
    repeat: Repeat,
) -> Result<Response, Error> {
    let error = match exchange(shared, loaded, request, repeat).await {
        Err(error) if is_gone(&error) => error,
        result => return result,
    };
    debug!("the API is gone; looking for the server anew");
    // What the server said first says more than why there is no other.
    let Ok(Some(moved)) = shared.moved(loaded).await else { return Err(error) };
    *loaded = moved;
    exchange(shared, loaded, request, repeat).await
}

async fn exchange(
    shared: &Shared,
    loaded: &Loaded,
    request: &Request,
    repeat: Repeat,
) -> Result<Response, Error> {
    let io = &shared.io;
    let url = loaded.address(io, "apiUrl", loaded.session.api_url.as_deref())?;
    let mut text = String::new();
    json_model::write_compact(request, &mut text)
        .map_err(|source| Error::Unreadable { what: "the request".to_owned(), source })?;
    check_size(text.len() as u64, loaded)?;
    let trace = Trace::new(request, text.len(), io.transport.now());
    let outgoing = Outgoing::post_json(&url, text);
    let answer = io
        .repeat(repeat, || async {
            let _permit = loaded.requests.acquire().await;
            io.whole(&outgoing).await
        })
        .instrument(trace.span())
        .await?;
    let response = read(answer)?;
    shared.saw(response.session_state.as_ref());
    trace.end(request, &response, io.transport.now());
    Ok(response)
}

fn check_size(size: u64, loaded: &Loaded) -> Result<(), Error> {
    let most = loaded.limits.max_size_request.unwrap_or(u64::MAX);
    if size > most {
        return Err(Error::OverLimit { limit: "maxSizeRequest", size, most });
    }
    Ok(())
}

fn read(answer: Answer) -> Result<Response, Error> {
    const EXPECTED: &str = "a JMAP response";
    if answer.status != StatusCode::OK {
        return Err(Error::Status(HttpError::new(answer.status)));
    }
    answer.check_json(EXPECTED)?;
    let response: Response = decode("the response", &answer.body)?;
    if response.extra.contains_key("methodResponses") || !has_responses(&answer, &response) {
        let found = "JSON without methodResponses".to_owned();
        return Err(Error::Unexpected { expected: EXPECTED, found });
    }
    Ok(response)
}

/// An empty list is a response, no list is none.
fn has_responses(answer: &Answer, response: &Response) -> bool {
    const NAME: &[u8] = b"\"methodResponses\"";
    !response.method_responses.is_empty()
        || answer.body.windows(NAME.len()).any(|octets| octets == NAME)
}
