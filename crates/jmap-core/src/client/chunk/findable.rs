//! `Foo/set` whose creations can be found again.

use std::mem::take;

use json_model::Map;

use super::set::{Merged, reason};
use crate::client::Client;
use crate::client::retry::Repeat;
use crate::object::Set;
use crate::{CreationId, Error, Id, Method, Operation, SetArguments, SetResponse};

/// Finds out which of these objects are there, and what their ids are.
pub(in crate::client) type Find<O> =
    dyn Fn(&Client, &Map<CreationId<O>, O>) -> Operation<Map<CreationId<O>, Id<O>>> + Send + Sync;

/// Sends one call, again as long as that may help. After an answer that got lost, `merged` gets what was created, and only
/// the rest stays in the call.
pub(super) async fn send<O, M>(
    client: &Client,
    call: &mut M,
    find: &Find<O>,
    merged: &mut Merged<O>,
) -> Result<SetResponse<O>, Error>
where
    O: Set,
    M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>>,
{
    let mut attempts = 0;
    loop {
        attempts += 1;
        // All that is sent again is sent again here: looking first makes it safe.
        let error = match merged.exchange(client, call, Repeat::Never).await {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let wait = client.wait_before_next(attempts, &error);
        if let Some(wait) = wait {
            tracing::debug!(attempts, wait_ms = wait.as_millis(), "trying again");
            client.transport().sleep(wait).await;
        }
        let is_lost = error.is_outcome_unknown();
        if is_lost {
            look(client, call.as_mut(), find, merged).await?;
            if call.as_mut().is_empty() {
                return Ok(SetResponse::default());
            }
        }
        if wait.is_some() {
            continue;
        }
        if is_lost {
            // Of what was looked for the outcome is known.
            merged.lose_created(take(&mut call.as_mut().create), &reason(&error));
        }
        return Err(error);
    }
}

/// Takes out of the call what is there already. When that cannot be found out, nobody knows of any of it.
async fn look<O: Set>(
    client: &Client,
    set: &mut SetArguments<O>,
    find: &Find<O>,
    merged: &mut Merged<O>,
) -> Result<(), Error> {
    if set.create.is_empty() {
        return Ok(());
    }
    tracing::debug!("an answer got lost; looking for what was created");
    let mut there = match find(client, &set.create).await {
        Ok(there) => there,
        Err(error) => {
            merged.lose(&mut *set, &reason(&error).outcome_unknown());
            return Err(error);
        }
    };
    for (creation, object) in take(&mut set.create) {
        match there.remove(&creation) {
            Some(id) => merged.found(creation, id),
            None => {
                set.create.insert(creation, object);
            }
        }
    }
    Ok(())
}
