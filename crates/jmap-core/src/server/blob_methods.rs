//! `Blob/upload`, `Blob/get` (RFC 9404, section 4) and `Blob/copy` (RFC 8620, section 6.3), over a [`BlobStore`].

mod copy;
mod get;
mod part;
mod upload;

use std::sync::Arc;

use super::blobs::BlobStore;
use super::context::Context;
use super::dispatcher::{Dispatcher, User};
use crate::capability::{self, BlobLimits, Nothing};
use crate::transport::Body;
use crate::{Account, Error, Id, MethodError, MethodErrorKind};

impl<U: User> Dispatcher<U> {
    /// The capability for blobs, with `Blob/upload`, `Blob/get` and `Blob/copy` over this store; mostly an [`Arc`] of the
    /// one that uploads go to. `Blob/lookup` is the application's, which knows the objects that refer to blobs.
    ///
    /// The [`BlobLimits`] of an account bound what is made in it; `maxSizeUpload` does so, too. Of its
    /// `supportedDigestAlgorithms`, `sha` and `sha-256` are there. A `Blob/get` gives at most `maxSizeRequest` octets.
    ///
    /// ```
    /// # use jmap_core::server::User;
    /// # use jmap_core::{Id, Map};
    /// # #[derive(Clone)]
    /// # struct Jane;
    /// use jmap_core::Account;
    /// use jmap_core::capability::{Blob, BlobLimits};
    /// use jmap_core::server::{Dispatcher, MemoryBlobs, Service};
    ///
    /// impl User for Jane {
    ///     fn name(&self) -> &str {
    ///         "jane@example.com"
    ///     }
    ///
    ///     fn accounts(&self) -> Map<Id<Account>, Account> {
    ///         let mut limits = BlobLimits::default();
    ///         limits.max_data_sources = Some(64);
    ///         limits.supported_digest_algorithms = vec!["sha-256".to_owned()];
    ///         Map::from([(Id::any("a"), Account::own("jane@example.com").with::<Blob>(&limits))])
    ///     }
    /// }
    ///
    /// let blobs = MemoryBlobs::new();
    /// let service = Service::new(Dispatcher::<Jane>::new().blobs(blobs.clone()), blobs);
    /// # let _ = service;
    /// ```
    pub fn blobs(self, store: impl BlobStore<U>) -> Self {
        let store = Blobs(Arc::new(store));
        let (upload, get, copy) = (store.clone(), store.clone(), store);
        self.capability::<capability::Blob>(&Nothing::default())
            .register(move |context, call| upload::upload(upload.clone(), context, call))
            .register(move |context, call| get::get(get.clone(), context, call))
            .register(move |context, call| copy::copy(copy.clone(), context, call))
    }
}

/// The store, as the methods have it.
struct Blobs<U>(Arc<dyn BlobStore<U>>);

impl<U> Clone for Blobs<U> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<U: User> Blobs<U> {
    /// The octets of a blob, which may have been created in the same request; `None` if there is none.
    async fn body<O>(
        &self,
        context: &Context<U>,
        account: &Id<Account>,
        blob: &Id<O>,
    ) -> Result<Option<Body>, Error> {
        let Some(blob) = context.resolve(blob) else { return Ok(None) };
        self.0.get(context.user(), account, blob.as_str()).await
    }
}

fn limits<U>(context: &Context<U>, account: &Id<Account>) -> BlobLimits {
    context
        .account(account)
        .and_then(|account| account.capability::<capability::Blob>())
        .unwrap_or_default()
}

/// An argument that the dispatcher has checked to be there.
fn given<T>(argument: Option<T>) -> Result<T, MethodError> {
    argument.ok_or_else(|| MethodErrorKind::InvalidArguments.into())
}
