//! Finding the session, and showing who one is.

use jmap_core::client::Basic;
use jmap_core::object::Object as _;
use jmap_core::wire::{Origin, resolve};
use jmap_core::{Client, EchoArguments, Error, Json};

use super::{Calendar, Server};

#[test]
fn found_by_its_url_and_by_its_host() {
    let Some(server) = Server::named() else { return };
    let host = server.url.split('/').nth(2).unwrap();
    for address in [&server.url, host, &format!("http://{host}/.well-known/jmap")] {
        let session = server.client_at(address).session();
        assert_eq!(session.username.as_ref(), Some(&server.user), "{address}");
        assert!(session.primary_account(Calendar::USING[0]).is_some(), "{address}");
        assert!(session.limits().max_calls_in_request.is_some(), "{address}");
    }
}

#[test]
fn its_addresses_lead_back_to_the_server() {
    let Some(server) = Server::named() else { return };
    let session = server.client().session();
    let addresses = [&session.api_url, &session.upload_url, &session.download_url];
    for address in addresses {
        let url = resolve(&server.url, address.as_deref().unwrap()).unwrap();
        assert_eq!(Origin::of(&url), Origin::of(&server.url), "{url}");
    }
}

#[test]
fn a_wrong_password() {
    let Some(server) = Server::named() else { return };
    let wrong = Basic::new(server.user.as_str(), "not-the-password");
    let error = Client::builder(&server.url).credentials(wrong).connect().wait().unwrap_err();
    assert!(error.is_auth() && !error.is_retryable(), "{error:?}");
    insta::assert_snapshot!(error, @"the server answered with HTTP status 401 Unauthorized");
    let Error::Status(error) = &error else { panic!("{error:?}") };
    assert!(error.challenge.as_deref().unwrap().starts_with("Basic"));
    assert!(!format!("{error:?}").contains("not-the-password"));
}

#[test]
fn echo() {
    let Some(server) = Server::named() else { return };
    let mut echo = EchoArguments::default();
    echo.extra.insert("text".to_owned(), Json::from("Grüße\u{1f33b}\n"));
    echo.extra.insert("list".to_owned(), Json::parse("[1,null,{\"a\":-0.5}]").unwrap());
    assert_eq!(server.client().call(echo.clone()).wait().unwrap(), echo);
}

#[test]
fn fetched_again_on_demand() {
    let Some(server) = Server::named() else { return };
    let client = server.client();
    let clone = client.clone();
    let before = client.session();
    let after = client.refresh().wait().unwrap();
    assert_eq!(before.username, after.username);
    assert!(!std::sync::Arc::ptr_eq(&before, &after));
    assert!(std::sync::Arc::ptr_eq(&clone.session(), &after));
    clone.call(EchoArguments::default()).wait().unwrap();
}
