//! `Foo/get` of any number of ids.

use std::collections::BTreeSet;

use json_model::Version;

use super::is_too_large;
use crate::client::Client;
use crate::client::join::join;
use crate::object::Get;
use crate::transport::BoxFuture;
use crate::{Error, GetArguments, GetResponse, Id, Method};

pub(in crate::client) async fn get<O, M>(
    client: &Client,
    mut arguments: M,
) -> Result<GetResponse<O>, Error>
where
    O: Get,
    M: Method<Response = GetResponse<O>> + AsMut<GetArguments<O>> + Clone,
{
    let Some(ids) = arguments.as_mut().ids.take() else { return client.call(arguments).await };
    let ids = without_repetitions(ids);
    let most = client.shared.loaded().limits.max_objects_in_get.unwrap_or(u64::MAX);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let (first, rest) = ids.split_at(ids.len().min(most));

    // The first piece comes before all others, so that its state is no newer than theirs.
    let mut response = piece(client, &arguments, first.to_vec()).await?;
    let pieces = rest.chunks(most).map(|ids| piece(client, &arguments, ids.to_vec())).collect();
    for other in join::<Result<GetResponse<O>, Error>>(pieces).await {
        add(&mut response, other?);
    }
    add_unmentioned(&mut response, &ids);
    Ok(response)
}

/// Takes for not found what a server says nothing about: one leaves away ids that it cannot read.
fn add_unmentioned<O: Get>(response: &mut GetResponse<O>, asked: &[Id<O>]) {
    let list = &response.list;
    if list.len() + list.unreadable.len() + response.not_found.len() >= asked.len() {
        return;
    }
    let id_of = |object: &O| object.look_up(&["id".into()], Version::default())?.to_text();
    let mut told: BTreeSet<String> = list.iter().filter_map(id_of).collect();
    let unreadable = list.unreadable.iter().filter_map(|it| it.id.as_ref());
    told.extend(unreadable.map(|id| id.as_str().to_owned()));
    told.extend(response.not_found.iter().map(|id| id.as_str().to_owned()));
    // A creation id comes back as the id that it stands for.
    let is_unmentioned = |id: &&Id<O>| !told.contains(id.as_str()) && !id.as_str().starts_with('#');
    response.not_found.extend(asked.iter().filter(is_unmentioned).cloned());
}

fn without_repetitions<O>(ids: Vec<Id<O>>) -> Vec<Id<O>> {
    let mut seen = BTreeSet::new();
    let is_new: Vec<bool> = ids.iter().map(|id| seen.insert(id)).collect();
    if is_new.iter().all(|is_new| *is_new) {
        return ids;
    }
    ids.into_iter().zip(is_new).filter_map(|(id, is_new)| is_new.then_some(id)).collect()
}

/// One call; two of half the size, if the server finds it too large all the same.
fn piece<'a, O, M>(
    client: &'a Client,
    arguments: &'a M,
    ids: Vec<Id<O>>,
) -> BoxFuture<'a, Result<GetResponse<O>, Error>>
where
    O: Get,
    M: Method<Response = GetResponse<O>> + AsMut<GetArguments<O>> + Clone,
{
    Box::pin(async move {
        let mut call = arguments.clone();
        call.as_mut().ids = Some(ids.clone());
        let error = match client.call(call).await {
            Err(error) if is_too_large(&error) && ids.len() > 1 => error,
            result => return result,
        };
        tracing::debug!(%error, ids = ids.len(), "too large; halved");
        let (left, right) = ids.split_at(ids.len() / 2);
        let mut response = piece(client, arguments, left.to_vec()).await?;
        add(&mut response, piece(client, arguments, right.to_vec()).await?);
        Ok(response)
    })
}

fn add<O: Get>(all: &mut GetResponse<O>, other: GetResponse<O>) {
    all.list.objects.extend(other.list.objects);
    all.list.unreadable.extend(other.list.unreadable);
    all.not_found.extend(other.not_found);
    all.extra.extend(other.extra);
}
