//! `Blob/copy` (RFC 8620, section 6.3).

use super::upload::not_stored;
use super::{Blobs, given};
use crate::blob::{Blob, CopyArguments, CopyResponse};
use crate::server::context::Context;
use crate::server::dispatcher::User;
use crate::server::service::UNKNOWN_TYPE;
use crate::{Account, Id, MethodError, SetError, SetErrorKind};

pub(super) async fn copy<U: User>(
    blobs: Blobs<U>,
    context: Context<U>,
    call: CopyArguments,
) -> Result<CopyResponse, MethodError> {
    let (from, to) = (given(call.from_account_id)?, given(call.account_id)?);
    let mut response =
        CopyResponse { from_account_id: Some(from.clone()), ..CopyResponse::default() };
    for id in call.blob_ids {
        match copied(&blobs, &context, &from, &to, &id).await {
            Ok(copy) => _ = response.copied.insert(id, copy),
            Err(error) => _ = response.not_copied.insert(id, *error),
        }
    }
    Ok(response)
}

async fn copied<U: User>(
    blobs: &Blobs<U>,
    context: &Context<U>,
    from: &Id<Account>,
    to: &Id<Account>,
    id: &Id<Blob>,
) -> Result<Id<Blob>, Box<SetError>> {
    let body = blobs.body(context, from, id).await.map_err(|error| not_stored(&error))?;
    let body = body.ok_or_else(|| Box::new(SetError::new(SetErrorKind::NotFound)))?;
    let most = context.limits().max_size_upload.unwrap_or(u64::MAX);
    let stored = blobs.0.put(context.user(), to, UNKNOWN_TYPE, body, most).await;
    stored.map(|stored| Id::any(stored.id)).map_err(|error| not_stored(&error))
}
