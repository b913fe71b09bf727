//! `Foo/set` whose creations can be found again.

use json_model::Map;

use crate::client::Client;
use crate::object::Set;
use crate::{Created, CreationId, Error, Id, Method, Operation, SetArguments, SetResponse};

/// Sends it; after an answer that got lost, only what `find` does not find.
pub(in crate::client) async fn set_findable<O, M, F>(
    client: &Client,
    mut arguments: M,
    find: F,
) -> Result<SetResponse<O>, Error>
where
    O: Set,
    M: Method<Response = SetResponse<O>> + AsMut<SetArguments<O>> + Clone,
    F: Fn(&Client, &Map<CreationId<O>, O>) -> Operation<Map<CreationId<O>, Id<O>>>,
{
    let io = &client.shared.io;
    let mut found: Map<CreationId<O>, Created<O>> = Map::new();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let error = match client.set(arguments.clone()).await {
            Ok(mut response) => {
                find_lost(client, &mut response, arguments.as_mut(), &find).await?;
                response.created.extend(found);
                return Ok(response);
            }
            Err(error) => error,
        };
        // It is made safe by looking first.
        let Some(wait) = io.wait_before_next(attempts, &error, true) else { return Err(error) };
        tracing::debug!(attempts, "an answer got lost; looking for what was created");
        io.transport.sleep(wait).await;
        let create = &mut arguments.as_mut().create;
        let there = find(client, create).await?;
        create.retain(|creation, _| match there.get(creation) {
            Some(id) => {
                found.insert(creation.clone(), Created::new(id.clone()));
                false
            }
            None => true,
        });
        if arguments.as_mut().is_empty() {
            return Ok(SetResponse { created: found, ..SetResponse::default() });
        }
    }
}

/// Looks for what a piece may have created whose answer got lost while others came.
async fn find_lost<O, F>(
    client: &Client,
    response: &mut SetResponse<O>,
    sent: &SetArguments<O>,
    find: &F,
) -> Result<(), Error>
where
    O: Set,
    F: Fn(&Client, &Map<CreationId<O>, O>) -> Operation<Map<CreationId<O>, Id<O>>>,
{
    let is_lost = |id: &CreationId<O>| {
        response.not_created.get(id).is_some_and(|error| error.is_outcome_unknown())
    };
    let lost: Map<CreationId<O>, O> = sent
        .create
        .iter()
        .filter(|(id, _)| is_lost(id))
        .map(|(id, object)| (id.clone(), object.clone()))
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    let there = find(client, &lost).await?;
    response.not_created.retain(|id, error| match there.get(id) {
        Some(found) => {
            response.created.insert(id.clone(), Created::new(found.clone()));
            false
        }
        None => {
            error.outcome_known();
            true
        }
    });
    Ok(())
}
