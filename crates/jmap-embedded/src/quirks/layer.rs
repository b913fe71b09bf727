//! [`Quirky`]: the layer that the quirks are in.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use http::{Request, Response, StatusCode};
use jmap_core::server::{Layer, Service};
use jmap_core::transport::{Body, BoxFuture};
use serde_json::{Value, json};

use super::exchange::Exchange;
use super::{Quirks, session};
use crate::account::Somebody;

/// Around the resources of a server: those of one with these quirks.
pub(crate) struct Quirky(pub(crate) Arc<Quirks>);

impl Layer<Somebody> for Quirky {
    fn respond<'a>(
        &'a self,
        service: &'a Service<Somebody>,
        user: Somebody,
        request: Request<Body>,
    ) -> BoxFuture<'a, Response<Body>> {
        Box::pin(async move {
            match request.uri().path().rsplit('/').next() {
                Some("session") => {
                    let address = user.address.clone();
                    let response = service.respond(user, request).await;
                    rewritten(response, |it| session::shown(&self.0, &address, it)).await
                }
                Some("events") if self.0.no_push => {
                    let mut response = Response::new(Body::empty());
                    *response.status_mut() = StatusCode::NO_CONTENT;
                    response
                }
                Some("api") => self.api(service, user, request).await,
                _ => service.respond(user, request).await,
            }
        })
    }
}

impl Quirky {
    async fn api(
        &self,
        service: &Service<Somebody>,
        user: Somebody,
        request: Request<Body>,
    ) -> Response<Body> {
        let (head, body) = request.into_parts();
        // What is too large is refused below, where there is an answer for it.
        let Ok(body) = body.collect(service.dispatcher().max_size_request() + 1).await else {
            return problem("urn:ietf:params:jmap:error:limit", Some("maxSizeRequest"), "");
        };
        let asked: Option<Value> = serde_json::from_slice(&body).ok();
        let exchange =
            asked.as_ref().and_then(|asked| Exchange::read(&self.0, service, user.clone(), asked));
        let response = match exchange {
            Some(exchange) => exchange.run(&head).await,
            None => {
                service.respond(user, Request::from_parts(head, Body::from(body.clone()))).await
            }
        };
        if !self.0.not_request_for_all || response.status() == StatusCode::OK {
            return response;
        }
        problem("urn:ietf:params:jmap:error:notRequest", None, &String::from_utf8_lossy(&body))
    }
}

/// A response whose body is JSON, with another one.
pub(super) async fn rewritten(
    response: Response<Body>,
    change: impl FnOnce(&mut Value),
) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    let Ok(body) = body.collect(u64::MAX).await else {
        let mut broken = Response::new(Body::empty());
        *broken.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        return broken;
    };
    let body = match serde_json::from_slice::<Value>(&body) {
        Ok(mut value) => {
            change(&mut value);
            Bytes::from(value.to_string())
        }
        Err(_) => body,
    };
    head.headers.remove(CONTENT_LENGTH);
    Response::from_parts(head, Body::from(body))
}

/// A request that is refused (RFC 8620, section 3.6.1).
pub(super) fn problem(error: &str, limit: Option<&str>, detail: &str) -> Response<Body> {
    let mut problem = json!({"type": error, "status": 400, "detail": detail});
    if let Some(limit) = limit {
        problem["limit"] = json!(limit);
    }
    let mut response = Response::new(Body::from(Bytes::from(problem.to_string())));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    let media_type = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}
