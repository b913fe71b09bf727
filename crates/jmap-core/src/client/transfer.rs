//! Blobs up and down, as streams (RFC 8620, section 6).

mod download;
mod upload;

pub use self::download::{Download, DownloadOptions};
pub use self::upload::Upload;
use super::Client;
use super::shared::Loaded;
use crate::blob::{Blob, Uploaded};
use crate::capability::{self, Capability as _};
use crate::{Account, Error, Id, Operation};

impl Client {
    /// Makes a blob on the server.
    ///
    /// ```
    /// # fn example(client: &jmap_core::Client) -> jmap_core::Operation<jmap_core::blob::Uploaded> {
    /// use jmap_core::client::Upload;
    ///
    /// client.upload(Upload::new("text/plain", "Milk").progress(|octets| eprintln!("{octets} sent")))
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If it is larger than `maxSizeUpload`, which is said before anything is sent if the size is known; if nothing goes
    /// on for too long; and all that can go wrong on the way. When the server refused it for now (429), or there was no
    /// connection, it is tried again as [`Retry`](super::Retry) says, and when credentials are renewed; but a stream, which is
    /// gone once it was sent, is tried once ([`Upload::from_source`]).
    pub fn upload(&self, upload: Upload) -> Operation<Uploaded> {
        let client = self.clone();
        Operation::new(async move { upload::send(&client, upload).await })
    }

    /// Fetches a blob.
    ///
    /// ```no_run
    /// # async fn example(client: &jmap_core::Client, id: jmap_core::Id<jmap_core::blob::Blob>) -> Result<(), jmap_core::Error> {
    /// use std::io::Write as _;
    /// use jmap_core::client::DownloadOptions;
    ///
    /// let mut download = client.download(id, DownloadOptions::default()).await?;
    /// while let Some(octets) = download.next().await {
    ///     std::io::stdout().write_all(&octets?).unwrap();
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If there is no such blob ([`is_not_found`](Error::is_not_found)), and all that can go wrong on the way.
    pub fn download(&self, blob: Id<Blob>, options: DownloadOptions) -> Operation<Download> {
        let client = self.clone();
        Operation::new(async move { download::start(&client, blob, options).await })
    }

    /// The account of a blob: the one that is named, else the client's, else the primary one for blobs, else the one that is
    /// primary for everything.
    fn account_of_blobs(
        &self,
        named: Option<Id<Account>>,
        loaded: &Loaded,
    ) -> Result<Id<Account>, Error> {
        if let Some(named) = named {
            return Ok(named);
        }
        let mut primary = loaded.session.primary_accounts.values();
        let of_everything = primary.next().filter(|first| primary.all(|other| other == *first));
        let for_blobs = self.account_in(&loaded.session, capability::Blob::URI);
        for_blobs.or_else(|error| of_everything.cloned().ok_or(error))
    }
}
