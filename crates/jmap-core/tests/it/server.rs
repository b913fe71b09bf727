//! The rules of RFC 8620, one by one, against the dispatcher: raw JSON in, the wire form out.

mod arguments;
pub(crate) mod blob_methods;
mod blobs;
mod creations;
mod events;
mod limits;
mod methods;
pub(crate) mod notes;
mod patches;
mod quotas;
mod references;
mod requests;
mod session;
mod subscriptions;
pub(crate) mod support;
