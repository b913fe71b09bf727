//! Finding the session of a server (RFC 8620, section 2.2).

use http::header::LOCATION;
use http::{HeaderMap, StatusCode};

use super::exchange::{Answer, Io};
use super::shared::Loaded;
use crate::wire::{AddressError, Origin, resolve};
use crate::{Error, Session};

const WELL_KNOWN: &str = "/.well-known/jmap";
const MAX_REDIRECTS: usize = 8;

/// The session of the server at an address that a person gave.
pub(super) async fn find(io: &Io, address: &str) -> Result<Loaded, Error> {
    fetch(io, &first_url(address)?).await
}

/// The session at `url`, or where that redirects to.
pub(super) async fn fetch(io: &Io, url: &str) -> Result<Loaded, Error> {
    let invalid = || AddressError::Invalid { text: url.to_owned() };
    let start = Origin::of(url).ok_or_else(invalid)?;
    io.check_encryption(&start)?;
    let mut url = url.to_owned();
    for _ in 0..=MAX_REDIRECTS {
        let answer = io.get(&url).await?;
        if !is_redirect(answer.status) {
            let session = read(answer)?;
            return Ok(Loaded::new(session, url));
        }
        url = target(&url, &answer.headers)?;
        let to = Origin::of(&url).ok_or_else(|| AddressError::Invalid { text: url.clone() })?;
        io.check(&start, &to)?;
    }
    Err(AddressError::TooManyRedirects { most: MAX_REDIRECTS }.into())
}

/// Where to begin: a URL that leads somewhere is the session's; anything else has it in the well-known place.
fn first_url(address: &str) -> Result<String, AddressError> {
    let address = address.trim();
    let invalid = || AddressError::Invalid { text: address.to_owned() };
    if let Some((_, rest)) = address.split_once("://") {
        if rest.split(['/', '?', '#']).next().is_some_and(|authority| authority.contains('@')) {
            return Err(AddressError::HoldsCredentials);
        }
        let origin = Origin::of(address).ok_or_else(invalid)?;
        let path = address.splitn(4, '/').nth(3).unwrap_or_default();
        let is_bare = path.is_empty();
        return Ok(if is_bare { format!("{origin}{WELL_KNOWN}") } else { address.to_owned() });
    }
    // The local part of a mail address may hold another `@` in quotes.
    let host = address.rsplit('@').next().unwrap_or_default();
    if host.contains(['/', '?', '#', '%']) {
        return Err(invalid());
    }
    let encrypted = Origin::of(&format!("https://{host}")).ok_or_else(invalid)?;
    let scheme = if encrypted.is_loopback() { "http" } else { "https" };
    Ok(format!("{scheme}://{host}{WELL_KNOWN}"))
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn target(url: &str, headers: &HeaderMap) -> Result<String, Error> {
    let Some(location) = headers.get(LOCATION).and_then(|value| value.to_str().ok()) else {
        let found = "a redirect that does not say where".to_owned();
        return Err(Error::Unexpected { expected: "a JMAP session", found });
    };
    let invalid = || AddressError::Invalid { text: location.to_owned() };
    Ok(resolve(url, location).ok_or_else(invalid)?)
}

fn read(answer: Answer) -> Result<Session, Error> {
    const EXPECTED: &str = "a JMAP session";
    answer.check_json(EXPECTED)?;
    let session: Session = super::exchange::decode("the session", &answer.body)?;
    if session.api_url.is_none() {
        let found = "JSON without an apiUrl".to_owned();
        return Err(Error::Unexpected { expected: EXPECTED, found });
    }
    // One server shows an empty session to everybody who asks.
    let is_nobody =
        session.accounts.is_empty() && session.username.as_deref().unwrap_or("").is_empty();
    if is_nobody { Err(Error::NotLoggedIn) } else { Ok(session) }
}

#[cfg(test)]
mod tests {
    use super::first_url;

    #[test]
    fn where_to_begin() {
        let url = |address| first_url(address).map_err(|error| error.to_string());
        assert_eq!(url("jane@example.com").unwrap(), "https://example.com/.well-known/jmap");
        assert_eq!(url("example.com:8443").unwrap(), "https://example.com:8443/.well-known/jmap");
        assert_eq!(url(" localhost:80 ").unwrap(), "http://localhost:80/.well-known/jmap");
        assert_eq!(url("https://example.com").unwrap(), "https://example.com/.well-known/jmap");
        assert_eq!(url("https://example.com/").unwrap(), "https://example.com/.well-known/jmap");
        assert_eq!(url("https://example.com/jmap").unwrap(), "https://example.com/jmap");
        insta::assert_snapshot!(
            url("example.com/jmap").unwrap_err(),
            @r#"no address of a server: "example.com/jmap" (give a URL, a host name or a mail address)"#
        );
        let error = url("https://jane:tiger@example.com/").unwrap_err();
        assert_eq!(error, "the address holds credentials: give them apart");
        for none in ["", "@", "a b", "jane@", "ftp://example.com/"] {
            assert!(url(none).is_err(), "{none}");
        }
    }
}
