//! `Blob/get` (RFC 9404, section 4.2).

use json_model::Json;

use super::part::{Part, PartError, Taken, has_digest};
use super::{Blobs, given, limits};
use crate::blob::{Blob, BlobProperty, GetArguments};
use crate::capability::BlobLimits;
use crate::server::arguments::invalid;
use crate::server::context::Context;
use crate::server::dispatcher::User;
use crate::{GetResponse, Id, MethodError, MethodErrorKind};

pub(super) async fn get<U: User>(
    blobs: Blobs<U>,
    context: Context<U>,
    call: GetArguments,
) -> Result<GetResponse<Blob>, MethodError> {
    let GetArguments { offset, length, get } = call;
    let account = given(get.account_id)?;
    let wanted = Wanted::new(get.properties, &limits(&context, &account))?;
    let mut ids = given(get.ids)?;
    ids.sort();
    ids.dedup();
    let mut left = context.limits().max_size_request.unwrap_or(u64::MAX);
    let mut response = GetResponse::default();
    for id in ids {
        let body = blobs.body(&context, &account, &id).await;
        let body = body.map_err(|error| not_read(error.to_string()))?;
        let Some(body) = body else {
            response.not_found.push(id);
            continue;
        };
        let part = wanted.part(Part::new(offset, length), left);
        let taken = part.take(body).await.map_err(|error| failed(&error))?;
        left -= taken.octets.as_ref().map_or(0, |octets| octets.len() as u64);
        response.list.objects.push(wanted.blob(context.resolve(&id).unwrap_or(id), taken));
    }
    Ok(response)
}

/// The properties that were asked for.
struct Wanted(Vec<BlobProperty>);

impl Wanted {
    fn new(
        properties: Option<Vec<BlobProperty>>,
        limits: &BlobLimits,
    ) -> Result<Self, MethodError> {
        let properties = properties.unwrap_or_else(|| vec![BlobProperty::Data, BlobProperty::Size]);
        let is_known = |property: &BlobProperty| match algorithm(property) {
            Some(name) => {
                limits.supported_digest_algorithms.iter().any(|it| it == name) && has_digest(name)
            }
            None => KNOWN.contains(&property.as_str()),
        };
        match properties.iter().find(|property| !is_known(property)) {
            Some(unknown) => {
                Err(invalid(["properties"], format!("a blob has no {}", unknown.as_str())))
            }
            None => Ok(Self(properties)),
        }
    }

    fn has(&self, property: &BlobProperty) -> bool {
        self.0.contains(property)
    }

    fn part(&self, part: Part, most: u64) -> Part {
        let has_data = [BlobProperty::Data, BlobProperty::AsText, BlobProperty::AsBase64]
            .iter()
            .any(|property| self.has(property));
        let part = if has_data { part.octets(most) } else { part };
        self.0.iter().filter_map(algorithm).fold(part, Part::digest)
    }

    fn blob(&self, id: Id<Blob>, taken: Taken) -> Blob {
        let mut blob = Blob { id: Some(id), ..Blob::default() };
        if let Some(octets) = &taken.octets {
            self.tell(&mut blob, octets);
        }
        for (algorithm, digest) in &taken.digests {
            blob.set_digest(algorithm, digest);
        }
        blob.size = self.has(&BlobProperty::Size).then_some(taken.size);
        blob.is_truncated = taken.is_truncated.then_some(true);
        blob
    }

    /// Puts the octets in, in the forms that were asked for.
    fn tell(&self, blob: &mut Blob, octets: &[u8]) {
        let text = std::str::from_utf8(octets).ok();
        let (any, as_text) = (self.has(&BlobProperty::Data), self.has(&BlobProperty::AsText));
        if self.has(&BlobProperty::AsBase64) || (any && text.is_none()) {
            blob.as_base64 = Some(crate::blob::encode(octets));
        }
        if !any && !as_text {
            return;
        }
        blob.as_text = text.map(str::to_owned);
        blob.is_encoding_problem = text.is_none().then_some(true);
        if as_text && text.is_none() {
            // It was asked for, and there is none.
            blob.extra.insert(BlobProperty::AsText.as_str().to_owned(), Json::null());
        }
    }
}

const KNOWN: [&str; 5] = ["id", "data", "data:asText", "data:asBase64", "size"];

/// Of `digest:sha`: `sha`.
fn algorithm(property: &BlobProperty) -> Option<&str> {
    property.as_str().strip_prefix("digest:")
}

fn failed(error: &PartError) -> MethodError {
    match error {
        PartError::TooLarge => MethodError::new(MethodErrorKind::RequestTooLarge)
            .description("the blobs have more octets together than fit in a response"),
        PartError::Store(error) => not_read(error.to_string()),
    }
}

fn not_read(why: String) -> MethodError {
    MethodError::new(MethodErrorKind::ServerFail).description(why)
}
