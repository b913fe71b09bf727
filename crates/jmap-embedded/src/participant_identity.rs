//! `ParticipantIdentity` (JMAP Calendars, section 3): everybody has one, the address of their account.

use jmap_calendars::ParticipantIdentity;
use jmap_core::server::Context;
use jmap_core::{GetArguments, GetResponse, Id, MethodError, State};

use crate::account::Somebody;

pub(crate) async fn get(
    context: Context<Somebody>,
    get: GetArguments<ParticipantIdentity>,
) -> Result<GetResponse<ParticipantIdentity>, MethodError> {
    let own = Id::any("I1");
    let mut identity = ParticipantIdentity::new(&*context.user().address);
    identity.id = Some(own.clone());
    identity.is_default = Some(true);
    let ids = get.ids.unwrap_or_else(|| vec![own.clone()]);
    let (found, missing): (Vec<_>, Vec<_>) = ids.into_iter().partition(|id| *id == own);
    let list = (!found.is_empty()).then_some(identity);
    let mut response = GetResponse::new(State::any("1"), list);
    response.not_found = missing;
    Ok(response)
}
