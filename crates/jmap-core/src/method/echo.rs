//! `Core/echo` (RFC 8620, section 4).

use json_model::{Json, Map};

use super::{Method, MethodName};

/// `Core/echo` (RFC 8620, section 4): the server answers with the arguments. Shows that it can be reached.
///
/// ```
/// use jmap_core::EchoArguments;
/// use json_model::Json;
///
/// let mut echo = EchoArguments::default();
/// echo.extra.insert("n".to_owned(), Json::from(1));
/// assert_eq!(serde_json::to_string(&echo)?, r#"{"n":1}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct EchoArguments {
    /// Whatever is to be echoed.
    pub extra: Map<String, Json>,
}

json_model::members! { EchoArguments: "Core/echo arguments" never {} extra }

impl Method for EchoArguments {
    const NAME: MethodName = MethodName::new("Core", "echo");
    const USING: &'static [&'static str] = &[];
    const IS_READ_ONLY: bool = true;
    type Response = Self;
}
