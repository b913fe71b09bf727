//! [`Link`] (RFC 8984, section 1.4.11).

use crate::{Json, LinkLegacy, Map, Set};

/// An attachment, an image or another resource (RFC 8984, section 1.4.11).
///
/// ```
/// use jscalendar::Link;
///
/// let mut link = Link::new("https://example.com/menu.pdf");
/// link.content_type = Some("application/pdf".to_owned());
/// assert_eq!(
///     serde_json::to_string(&link)?,
///     r#"{"href":"https://example.com/menu.pdf","contentType":"application/pdf"}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Link {
    /// The URI, perhaps a `data:` URI that holds the content. The standard demands it; in JMAP a `blobId` may stand
    /// in its place.
    pub href: Option<String>,
    /// The media type of the resource.
    pub content_type: Option<String>,
    /// The size in octets.
    pub size: Option<u64>,
    /// The relation type (RFC 8288): `enclosure` for an attachment, `icon` for an image, `describedby`, ….
    pub rel: Option<String>,
    /// What an image is made for; needs the relation `icon`. One text in 1.0, a set in 2.0.
    pub display: Set<Display>,
    /// A description for people.
    pub title: Option<String>,
    /// What only version 1.0 has.
    pub legacy: Option<Box<LinkLegacy>>,
    /// Members that the standard does not define, and members whose value is of the wrong type or form.
    pub extra: Map<String, Json>,
}

json_model::members! {
    Link: "Link" in V1_0 {
        "href" => href,
        "contentType" => content_type,
        "size" => size,
        "rel" => rel,
        "display" (V2_0) => display,
        "title" => title,
    }
    legacy: legacy as LinkLegacy
    extra
}

impl Link {
    /// A link to `href`.
    pub fn new(href: impl Into<String>) -> Self {
        Self { href: Some(href.into()), ..Self::default() }
    }
}

json_model::text_enum! {
    /// What an image is made for (RFC 8984, section 1.4.11; RFC 7986, section 6.1).
    pub enum Display {
        /// A small mark beside the title.
        Badge = "badge",
        /// To be shown in place of the object, or to replace its look.
        Graphic = "graphic",
        /// In full.
        Fullsize = "fullsize",
        /// Small, to lead to the full one.
        Thumbnail = "thumbnail",
    }
}
