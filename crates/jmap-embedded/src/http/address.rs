//! [`Services`]: the URLs of a session begin as the client's own request did, because credentials go to no other place.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use http::header::HOST;
use http::uri::Authority;
use jmap_core::server::Service;

use crate::account::Somebody;

/// How many names the server is remembered by.
const MOST_NAMES: usize = 16;

/// The service, by the name that a client has for it.
pub(super) struct Services {
    own: Service<Somebody>,
    /// The only one that counts, because somebody said so.
    is_fixed: bool,
    others: Mutex<BTreeMap<String, Service<Somebody>>>,
}

impl Services {
    /// The service at this URL; it is the only one if it is `fixed`.
    pub(super) fn new(service: Service<Somebody>, url: &str, is_fixed: bool) -> Self {
        let service = service.sleep(|duration| Box::pin(tokio::time::sleep(duration)));
        Self { own: service.at(url), is_fixed, others: Mutex::default() }
    }

    /// The service for a request with these headers.
    pub(super) fn service(&self, headers: &HeaderMap) -> Service<Somebody> {
        let Some(name) = name(headers).filter(|_| !self.is_fixed) else { return self.own.clone() };
        // A panic elsewhere cannot leave a service half-written.
        let mut others = self.others.lock().unwrap_or_else(PoisonError::into_inner);
        if others.len() >= MOST_NAMES && !others.contains_key(name.as_str()) {
            others.clear();
        }
        let url = || self.own.at(&format!("http://{name}"));
        others.entry(name.to_string()).or_insert_with(url).clone()
    }
}

/// The host and port that a client has asked for, if it is nothing else.
fn name(headers: &HeaderMap) -> Option<Authority> {
    let host = headers.get(HOST)?.to_str().ok()?;
    let name: Authority = host.parse().ok()?;
    (!name.host().is_empty() && !name.as_str().contains('@')).then_some(name)
}
