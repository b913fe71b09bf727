//! [`Registered`]: a method with its function, and what must hold before the function is called.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use json_model::{Json, Part, ToJson, Version};

use super::arguments::{self, Members, count, invalid, is_there};
use super::context::{Context, Shared};
use crate::capability::Core;
use crate::transport::BoxFuture;
use crate::{Account, EchoArguments, Id, Method, MethodError, MethodErrorKind, MethodName};

/// A method of a server.
pub(super) struct Registered<U> {
    name: MethodName,
    using: &'static [&'static str],
    is_read_only: bool,
    has_account: bool,
    required: &'static [&'static str],
    function: Function<U>,
}

impl<U> Clone for Registered<U> {
    fn clone(&self) -> Self {
        Self { function: Arc::clone(&self.function), ..*self }
    }
}

type Function<U> = Arc<dyn Fn(Context<U>, Json) -> Answer + Send + Sync>;
type Answer = BoxFuture<'static, Result<Json, MethodError>>;

impl<U: Send + Sync + 'static> Registered<U> {
    /// A method whose arguments are an `M`.
    pub(super) fn new<M, F, A>(function: F) -> Self
    where
        M: Method,
        F: Fn(Context<U>, M) -> A + Clone + Send + Sync + 'static,
        A: Future<Output = Result<M::Response, MethodError>> + Send,
    {
        Self::of::<M>(Arc::new(move |context, arguments| {
            let function = function.clone();
            Box::pin(async move {
                let (call, diagnostics) = arguments::read::<M>(&arguments)?;
                let response = function(context.with(diagnostics), call).await?;
                response_of::<M>(&response, &arguments)
            })
        }))
    }

    /// `Core/echo` (RFC 8620, section 4): letter by letter.
    pub(super) fn echo() -> Self {
        Self::of::<EchoArguments>(Arc::new(|_, arguments| Box::pin(async { Ok(arguments) })))
    }

    fn of<M: Method>(function: Function<U>) -> Self {
        Self {
            name: M::NAME,
            using: M::USING,
            is_read_only: M::IS_READ_ONLY,
            has_account: M::default().knows("accountId"),
            required: M::REQUIRED,
            function,
        }
    }
}

impl<U> Registered<U> {
    pub(super) fn is_read_only(&self) -> bool {
        self.is_read_only
    }

    /// Whether the request names the capabilities that it belongs to.
    pub(super) fn is_open_to(&self, request: &Shared) -> bool {
        let core = if self.using.is_empty() { &[Core::URI][..] } else { self.using };
        core.iter().all(|uri| request.using.contains(*uri))
    }

    /// What must hold of arguments of any type: they are all there, the account exists, there are not too many objects.
    pub(super) fn check(&self, members: &Members<'_>, request: &Shared) -> Result<(), MethodError> {
        let account = self.has_account.then_some("accountId");
        let required = account.into_iter().chain(self.required.iter().copied());
        let missing: Vec<&str> = required.filter(|name| !is_there(members, name)).collect();
        if !missing.is_empty() {
            return Err(invalid(missing, "an argument is missing"));
        }
        self.check_accounts(members, request)?;
        self.check_entries(members)?;
        self.check_max_changes(members)?;
        self.check_sort(members, &request.limits)?;
        self.check_count(members, &request.limits)
    }

    fn check_accounts(&self, members: &Members<'_>, request: &Shared) -> Result<(), MethodError> {
        use MethodErrorKind as Kind;

        if !self.has_account {
            return Ok(());
        }
        let account = self.account(members, "accountId", request)?;
        let account = account.ok_or_else(|| MethodError::new(Kind::AccountNotFound))?;
        if !self.is_supported_by(account) {
            return Err(Kind::AccountNotSupportedByMethod.into());
        }
        if !self.is_read_only && account.is_read_only() {
            return Err(Kind::AccountReadOnly.into());
        }
        if self.name.verb != "copy" {
            return Ok(());
        }
        if members.get("accountId").map(|id| id.get())
            == members.get("fromAccountId").map(|id| id.get())
        {
            return Err(invalid(["fromAccountId"], "it is the account to copy to"));
        }
        let from = self.account(members, "fromAccountId", request)?;
        let from = from.ok_or_else(|| MethodError::new(Kind::FromAccountNotFound))?;
        if !self.is_supported_by(from) {
            return Err(Kind::FromAccountNotSupportedByMethod.into());
        }
        Ok(())
    }

    /// The account that an argument names, if the user has it.
    fn account<'a>(
        &self,
        members: &Members<'_>,
        argument: &str,
        request: &'a Shared,
    ) -> Result<Option<&'a Account>, MethodError> {
        let text = members.get(argument).map_or("null", |id| id.get());
        let id: Id<Account> =
            serde_json::from_str(text).map_err(|error| invalid([argument], error.to_string()))?;
        Ok(request.account(&id))
    }

    fn is_supported_by(&self, account: &Account) -> bool {
        self.using.iter().all(|uri| account.has(uri))
    }

    /// Creation ids have the form of ids (RFC 8620, section 5.3), and no object is `null`.
    fn check_entries(&self, members: &Members<'_>) -> Result<(), MethodError> {
        for argument in arguments::OF_OBJECTS.into_iter().filter(|_| !self.is_read_only) {
            let Some(entries) = arguments::entries(members, argument) else { continue };
            for (id, entry) in &entries {
                if argument == "create" {
                    Id::<()>::new(id).map_err(|error| invalid([argument], error.to_string()))?;
                }
                if entry.get() == "null" {
                    return Err(invalid([argument], format!("{argument}/{id} is null")));
                }
            }
        }
        Ok(())
    }

    /// Nobody gets on with no changes at a time (RFC 8620, section 5.2).
    fn check_max_changes(&self, members: &Members<'_>) -> Result<(), MethodError> {
        let most = members.get("maxChanges").map(|most| most.get());
        if self.name.verb == "changes" && most == Some("0") {
            return Err(invalid(["maxChanges"], "it is less than 1"));
        }
        Ok(())
    }

    /// Texts are compared only in the ways that the server names (RFC 8620, section 5.5).
    fn check_sort(&self, members: &Members<'_>, limits: &Core) -> Result<(), MethodError> {
        if !["query", "queryChanges"].contains(&self.name.verb) {
            return Ok(());
        }
        let known = &limits.collation_algorithms;
        match arguments::collations(members).into_iter().find(|name| !known.contains(name)) {
            Some(unknown) => Err(MethodError::new(MethodErrorKind::UnsupportedSort)
                .description(format!("there is no collation {unknown}"))),
            None => Ok(()),
        }
    }

    fn check_count(&self, members: &Members<'_>, limits: &Core) -> Result<(), MethodError> {
        let (limit, most, found) = match self.name.verb {
            "get" => ("maxObjectsInGet", limits.max_objects_in_get, count(members, &["ids"])),
            "set" | "copy" => {
                let found = count(members, &["create", "update", "destroy"]);
                ("maxObjectsInSet", limits.max_objects_in_set, found)
            }
            _ => return Ok(()),
        };
        within(limit, most, found)
    }

    /// Calls the function. A panic in it is an error like any other.
    pub(super) async fn call(
        &self,
        context: Context<U>,
        arguments: Json,
        limits: &Core,
    ) -> Result<Json, MethodError> {
        let gets_all =
            self.name.verb == "get" && !is_there(&arguments::members(&arguments)?, "ids");
        let mut answer = (self.function)(context, arguments);
        let response = poll_fn(|task| {
            catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(task)))
                .unwrap_or_else(|_| std::task::Poll::Ready(Err(panicked())))
        });
        let response = response.await?;
        if gets_all {
            let found = count(&arguments::members(&response)?, &["list"]);
            within("maxObjectsInGet", limits.max_objects_in_get, found)?;
        }
        Ok(response)
    }
}

fn panicked() -> MethodError {
    MethodError::new(MethodErrorKind::ServerFail).description("the method panicked")
}

fn within(limit: &str, most: Option<u64>, found: u64) -> Result<(), MethodError> {
    let Some(most) = most.filter(|most| found > *most) else { return Ok(()) };
    let text = format!("{found} objects are more than the {limit} of {most}");
    Err(MethodError::new(MethodErrorKind::RequestTooLarge).description(text))
}

/// The response as it is sent: with the account of the call, which every response has that has one at all.
fn response_of<M: Method>(response: &M::Response, arguments: &Json) -> Result<Json, MethodError> {
    let json = Json::from_serialize(&response.versioned(Version::V2_0)).map_err(|error| {
        MethodError::new(MethodErrorKind::ServerFail).description(error.to_string())
    })?;
    let has_account = !response.knows("accountId") || response.is_set("accountId");
    let account = arguments.inside(&["accountId".into()]).filter(|_| !has_account);
    let Some(account) = account else { return Ok(json) };
    Ok(json.with_members(&[("accountId".to_owned(), account)]))
}
