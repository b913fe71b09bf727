//! `Blob/upload` (RFC 9404, section 4.1).

use super::part::{Part, PartError};
use super::{Blobs, given, limits};
use crate::blob::{
    Blob, CreatedBlob, DataSource, Range, UploadArguments, UploadObject, UploadResponse,
};
use crate::capability::BlobLimits;
use crate::server::context::Context;
use crate::server::dispatcher::User;
use crate::transport::Body;
use crate::{Account, CreationId, Error, Id, MethodError, SetError, SetErrorKind};

pub(super) async fn upload<U: User>(
    blobs: Blobs<U>,
    context: Context<U>,
    mut call: UploadArguments,
) -> Result<UploadResponse, MethodError> {
    let account = given(call.account_id.clone())?;
    let limits = limits(&context, &account);
    let maker = Maker { most: most(&context, &limits), blobs, context, account, limits };
    let mut response = UploadResponse {
        not_created: maker.context.not_created(&mut call.create, &mut call.extra),
        ..UploadResponse::default()
    };
    for (creation, object) in in_order(call.create) {
        match maker.make(&creation, object).await {
            Ok(blob) => _ = response.created.insert(creation, blob),
            Err(error) => _ = response.not_created.insert(creation, *error),
        }
    }
    Ok(response)
}

fn most<U>(context: &Context<U>, limits: &BlobLimits) -> u64 {
    let limits = [limits.max_size_blob_set, context.limits().max_size_upload];
    limits.into_iter().flatten().min().unwrap_or(u64::MAX)
}

type Creations = Vec<(CreationId<Blob>, UploadObject)>;

/// Each blob behind those of the same call that it is made from. Blobs that are made from each other come last, and find
/// nothing.
fn in_order(create: impl IntoIterator<Item = (CreationId<Blob>, UploadObject)>) -> Creations {
    let mut waiting: Creations = create.into_iter().collect();
    let mut ordered = Creations::new();
    loop {
        let before = waiting.len();
        let names: Vec<Id<Blob>> = waiting.iter().map(|(creation, _)| creation.id()).collect();
        let (later, now) = waiting
            .into_iter()
            .partition(|(_, object)| ranges(object).any(|it| names.contains(&it.blob_id)));
        ordered.extend::<Creations>(now);
        waiting = later;
        if waiting.is_empty() || waiting.len() == before {
            ordered.extend(waiting);
            return ordered;
        }
    }
}

fn ranges(object: &UploadObject) -> impl Iterator<Item = &Range> {
    object.data.iter().flatten().filter_map(|source| match source {
        DataSource::Blob(range) => Some(range),
        _ => None,
    })
}

/// What makes blobs of the pieces that a call names.
struct Maker<U> {
    blobs: Blobs<U>,
    context: Context<U>,
    account: Id<Account>,
    limits: BlobLimits,
    /// How many octets a blob may have.
    most: u64,
}

impl<U: User> Maker<U> {
    async fn make(
        &self,
        creation: &CreationId<Blob>,
        object: UploadObject,
    ) -> Result<CreatedBlob, Box<SetError>> {
        let content = self.content(&object).await?;
        let media_type = object.media_type.as_deref();
        let (user, store) = (self.context.user(), &self.blobs.0);
        let stored = store
            .put(
                user,
                &self.account,
                media_type.unwrap_or_default(),
                Body::from(content),
                self.most,
            )
            .await
            .map_err(|error| not_stored(&error))?;
        let id = Id::any(stored.id);
        self.context.record(creation, &id);
        Ok(CreatedBlob {
            id: Some(id),
            media_type: object.media_type,
            size: Some(stored.size),
            ..CreatedBlob::default()
        })
    }

    /// The pieces, put together.
    async fn content(&self, object: &UploadObject) -> Result<Vec<u8>, Box<SetError>> {
        if !object.extra.is_empty() {
            return Err(Box::new(SetError::invalid_properties(object.extra.keys().cloned())));
        }
        let sources = object.data.as_ref().ok_or_else(|| invalid("a blob needs data"))?;
        object.check(&self.limits).map_err(|error| too_large(error.to_string()))?;
        let mut content = Vec::new();
        for source in sources {
            let left = self.most - content.len() as u64;
            match source {
                DataSource::Text(text) => {
                    content.extend_from_slice(self.within(text.as_bytes(), left)?)
                }
                DataSource::Octets(octets) => content.extend_from_slice(self.within(octets, left)?),
                DataSource::Blob(range) => content.extend(self.part(range, left).await?),
            }
        }
        Ok(content)
    }

    fn within<'a>(&self, octets: &'a [u8], left: u64) -> Result<&'a [u8], Box<SetError>> {
        if octets.len() as u64 > left {
            return Err(self.over_limit());
        }
        Ok(octets)
    }

    async fn part(&self, range: &Range, left: u64) -> Result<Vec<u8>, Box<SetError>> {
        let id = &range.blob_id;
        let body = self.blobs.body(&self.context, &self.account, id).await;
        let body = body.map_err(|error| not_stored(&error))?.ok_or_else(|| blob_not_found(id))?;
        let part = Part::new(range.offset, range.length).octets(left);
        let taken = part.take(body).await.map_err(|error| match error {
            PartError::TooLarge => self.over_limit(),
            PartError::Store(error) => not_stored(&Error::Transport(error)),
        })?;
        if taken.is_truncated {
            return Err(invalid(&format!("{id} has only {} octets", taken.size)));
        }
        Ok(taken.octets.unwrap_or_default())
    }

    fn over_limit(&self) -> Box<SetError> {
        too_large(format!("the blob would have more than {} octets", self.most))
    }
}

fn invalid(description: &str) -> Box<SetError> {
    Box::new(SetError::invalid_properties(["data"]).description(description))
}

fn too_large(description: String) -> Box<SetError> {
    Box::new(SetError::new(SetErrorKind::TooLarge).description(description))
}

fn blob_not_found(id: &Id<Blob>) -> Box<SetError> {
    let mut error = SetError::new(SetErrorKind::BlobNotFound);
    error.not_found.push(id.clone().cast());
    Box::new(error)
}

pub(super) fn not_stored(error: &Error) -> Box<SetError> {
    match error {
        Error::TooLarge { .. } => too_large(error.to_string()),
        error => Box::new(SetError::new(SetErrorKind::ServerFail).description(error.to_string())),
    }
}
