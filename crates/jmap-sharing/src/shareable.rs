//! [`Shareable`] (RFC 9670, section 4): data types whose objects can be shared, and the sharing of them.

use jmap_core::json_model::{ToJson, pointer};
use jmap_core::object::{Get, Set, Value};
use jmap_core::{
    Client, Error, GetArguments, Id, Json, Map, MethodName, Operation, PatchObject, Version,
};

use crate::Principal;

/// A data type whose objects can be shared (RFC 9670, section 4): it has `isSubscribed`, `myRights` and `shareWith`.
pub trait Shareable: Get + Set {
    /// What somebody may do with an object.
    type Rights: Value;

    /// The property that holds with whom an object is shared.
    const SHARE_WITH: Self::Property;

    /// With whom it is shared, and what they may do; `None` if nobody said, or the user may not know.
    fn share_with(&self) -> Option<&Map<Id<Principal>, Self::Rights>>;

    /// What the user may do with it.
    fn my_rights(&self) -> Option<&Self::Rights>;
}

/// Sharing, for a [`Client`].
///
/// ```no_run
/// # use jmap_core::{Client, Error, Id};
/// # use jmap_sharing::{Principal, Shareable, SharingExt};
/// # async fn example<Calendar: Shareable>(client: Client, calendar: Id<Calendar>, rights: Calendar::Rights) -> Result<(), Error> {
/// // Somebody found by a query of principals.
/// let jane: Id<Principal> = Id::any("jane");
/// client.share::<Calendar>(calendar.clone(), jane.clone(), rights).await?;
/// client.unshare::<Calendar>(calendar, jane).await?;
/// # Ok(())
/// # }
/// ```
pub trait SharingExt {
    /// Gives somebody rights on an object, in place of those that they had.
    ///
    /// The id of the principal is one of the account that holds the principals: see
    /// [`AccountOwner`](crate::capability::AccountOwner).
    ///
    /// # Errors
    ///
    /// Those of the calls, and the [`SetError`](jmap_core::SetError) if the server refuses.
    fn share<O: Shareable>(
        &self,
        id: Id<O>,
        with: Id<Principal>,
        rights: O::Rights,
    ) -> Operation<()>;

    /// Takes all rights on an object from somebody.
    ///
    /// # Errors
    ///
    /// Those of [`share`](Self::share).
    fn unshare<O: Shareable>(&self, id: Id<O>, with: Id<Principal>) -> Operation<()>;
}

impl SharingExt for Client {
    fn share<O: Shareable>(
        &self,
        id: Id<O>,
        with: Id<Principal>,
        rights: O::Rights,
    ) -> Operation<()> {
        let client = self.clone();
        Operation::new(async move { change(&client, id, with, Some(rights)).await })
    }

    fn unshare<O: Shareable>(&self, id: Id<O>, with: Id<Principal>) -> Operation<()> {
        let client = self.clone();
        Operation::new(async move { change(&client, id, with, None).await })
    }
}

/// Sends the entry of one principal; the whole map where there is none to patch (RFC 8620, section 5.3).
async fn change<O: Shareable>(
    client: &Client,
    id: Id<O>,
    with: Id<Principal>,
    rights: Option<O::Rights>,
) -> Result<(), Error> {
    let get = GetArguments::of([id.clone()]).properties([O::SHARE_WITH]);
    let found = client.get(get).await?.list.objects;
    let is_shared = found.first().and_then(O::share_with).is_some_and(|with| !with.is_empty());
    let version = client.version::<O>();
    let mut patch = PatchObject::new();
    match rights {
        None if !is_shared => return Ok(()),
        None => patch.remove(pointer(&with)),
        Some(rights) if is_shared => patch.set(pointer(&with), written::<O>(&rights, version)?),
        Some(rights) => {
            patch.set("shareWith", written::<O>(&Map::from([(with, rights)]), version)?)
        }
    };
    client.update(id, patch).await?;
    Ok(())
}

fn written<O: Shareable>(value: &impl ToJson, version: Version) -> Result<Json, Error> {
    let method = MethodName::new(O::TYPE, "set");
    Json::from_serialize(&value.versioned(version))
        .map_err(|error| Error::Unwritable { method, message: error.to_string() })
}

fn pointer(principal: &Id<Principal>) -> String {
    let mut pointer = "shareWith".to_owned();
    pointer::push(&mut pointer, principal.as_str());
    pointer
}
