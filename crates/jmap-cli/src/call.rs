//! `jmapctl call`: any method of a server.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};

use clap::error::ErrorKind;
use jmap_core::capability::Core;
use jmap_core::{Client, Invocation, Json, MethodError, Request, Session};
use serde_json::{Map, Value};

use crate::End;
use crate::args::{CallArgs, usage_error};
use crate::server;

/// Calls the method on the server that the environment names.
pub(crate) fn run(args: &CallArgs) -> Result<End, clap::Error> {
    let wrong = |message: String| usage_error("call", ErrorKind::InvalidValue, message);
    if !args.method.contains('/') {
        let message =
            format!("no method: {:?} (a method has two parts: Calendar/get)", args.method);
        return Err(wrong(message));
    }
    let arguments = read(args.arguments.as_deref()).map_err(wrong)?;
    let client = match server::connect() {
        Ok(client) => client,
        Err(error) => return Ok(server::failed("call", &error)),
    };
    let request = match request(args, arguments, &client.session()) {
        Ok(request) => request,
        Err(message) => return Ok(server::failed("call", &message)),
    };
    Ok(send(args, &client, request))
}

/// The arguments as they were given.
fn read(arguments: Option<&str>) -> Result<Map<String, Value>, String> {
    let mut text = arguments.unwrap_or("{}").to_owned();
    if text == "-" {
        text.clear();
        let read = io::stdin().read_to_string(&mut text);
        read.map_err(|error| format!("cannot read standard input: {error}"))?;
    }
    serde_json::from_str(&text)
        .map_err(|error| format!("the arguments are no JSON object: {error}"))
}

fn request(
    args: &CallArgs,
    mut arguments: Map<String, Value>,
    session: &Session,
) -> Result<Request, String> {
    let has_account = arguments.contains_key("accountId") || args.method.starts_with("Core/");
    if !has_account {
        let account = account(args.account.as_deref(), session)?;
        arguments.insert("accountId".to_owned(), Value::String(account));
    }
    let using: Vec<String> = match args.using.as_slice() {
        [] => session.capabilities.keys().cloned().collect(),
        named => named.iter().cloned().chain([Core::URI.to_owned()]).collect(),
    };
    let arguments = Json::from(Value::Object(arguments));
    Ok(Request::new(using, [Invocation::new(&args.method, arguments, "0")]))
}

/// The account of this id or name; without one, the one that is primary for most.
fn account(named: Option<&str>, session: &Session) -> Result<String, String> {
    let Some(named) = named else {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for id in session.primary_accounts.values() {
            *counts.entry(id.as_str()).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count);
        let (id, _) =
            most.ok_or("the server names no primary account: choose one with --account")?;
        return Ok(id.to_owned());
    };
    if session.accounts.contains_key(named) {
        return Ok(named.to_owned());
    }
    let found = session.account_by_name(named).map(|(id, _)| id.to_string());
    found.ok_or_else(|| format!("there is no account {named:?}: `jmapctl session` lists them"))
}

fn send(args: &CallArgs, client: &Client, request: Request) -> End {
    let response = match client.request(request).wait() {
        Ok(response) => response,
        Err(error) => return server::failed("call", &error),
    };
    let mut end = End::failed_if(response.method_responses.is_empty());
    for Invocation { name, arguments, .. } in &response.method_responses {
        let text = if args.json { arguments.to_string() } else { indented(arguments) };
        // A pipe that somebody closed is no failure of ours.
        writeln!(io::stdout(), "{text}").ok();
        if name == "error" {
            let error: MethodError = arguments.decode().unwrap_or_default();
            end = server::failed(&format!("call {}", args.method), &error);
        }
    }
    end
}

fn indented(json: &Json) -> String {
    let value = json.to_value().and_then(|value| serde_json::to_string_pretty(&value));
    value.unwrap_or_else(|_| json.to_string())
}
