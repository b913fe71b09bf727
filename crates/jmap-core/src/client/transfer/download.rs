//! [`Download`] (RFC 8620, section 6.2).

use bytes::Bytes;
use http::header::CONTENT_TYPE;

use super::super::exchange::Outgoing;
use super::super::join::within;
use super::super::retry::Repeat;
use super::Client;
use crate::blob::Blob;
use crate::transport::Body;
use crate::wire::expand;
use crate::{Account, Error, HttpError, Id};

/// What can be said about a download.
///
/// ```
/// use jmap_core::client::DownloadOptions;
///
/// let options = DownloadOptions { name: Some("menu.pdf".to_owned()), ..DownloadOptions::default() };
/// # let _ = options;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "to be written with `..DownloadOptions::default()`")]
pub struct DownloadOptions {
    /// The account; see [`Client::with_account`] for what is taken otherwise.
    pub account: Option<Id<Account>>,
    /// The media type that the answer shall have; `application/octet-stream` if absent.
    pub media_type: Option<String>,
    /// The name of the file that the answer shall be; `blob` if absent.
    pub name: Option<String>,
}

/// A blob that is coming.
///
/// Dropping it gives the rest up.
#[derive(Debug)]
pub struct Download {
    client: Client,
    body: Body,
    media_type: Option<String>,
    received: u64,
}

impl Download {
    /// The media type of the answer.
    pub fn media_type(&self) -> Option<&str> {
        self.media_type.as_deref()
    }

    /// The size in octets, if the server says it beforehand.
    pub fn length(&self) -> Option<u64> {
        self.body.length().map(|rest| rest + self.received)
    }

    /// How many octets have come.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The next octets; `None` at the end.
    ///
    /// # Errors
    ///
    /// If the connection breaks, or nothing comes for too long.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        let piece = self.client.shared.io.next(&mut self.body).await?;
        if let Ok(octets) = &piece {
            self.received += octets.len() as u64;
        }
        Some(piece)
    }

    /// All octets that are still to come.
    ///
    /// # Errors
    ///
    /// If there are more than `most`; and those of [`next`](Self::next).
    pub async fn collect(mut self, most: u64) -> Result<Vec<u8>, Error> {
        if self.body.length().is_some_and(|length| length > most) {
            return Err(Error::TooLarge { most });
        }
        let mut all = Vec::new();
        while let Some(octets) = self.next().await {
            let octets = octets?;
            if all.len() as u64 + octets.len() as u64 > most {
                return Err(Error::TooLarge { most });
            }
            all.extend_from_slice(&octets);
        }
        Ok(all)
    }
}

pub(super) async fn start(
    client: &Client,
    blob: Id<Blob>,
    options: DownloadOptions,
) -> Result<Download, Error> {
    let shared = &client.shared;
    let loaded = shared.current().await?;
    let DownloadOptions { account, media_type, name } = options;
    let account = client.account_of_blobs(account, &loaded)?;
    let template =
        loaded.address(&shared.io, "downloadUrl", loaded.session.download_url.as_deref())?;
    let url = expand(
        &template,
        &[
            ("accountId", account.as_str()),
            ("blobId", blob.as_str()),
            ("type", media_type.as_deref().unwrap_or("application/octet-stream")),
            ("name", name.as_deref().unwrap_or("blob")),
        ],
    );
    let outgoing = Outgoing::get(&url, "*/*");
    let timeout = shared.io.settings.timeout;
    let response = shared
        .io
        .repeat(Repeat::Always, || async {
            let head = within(shared.io.transport.sleep(timeout), shared.io.head(&outgoing)).await;
            head.unwrap_or(Err(Error::TimedOut(timeout)))
        })
        .await?;
    if !response.status().is_success() {
        return Err(Error::Status(HttpError::new(response.status())));
    }
    let media_type = response.headers().get(CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = response.into_body();
    Ok(Download { client: client.clone(), body, media_type, received: 0 })
}
