//! What the parameters of ATTACH, IMAGE, LINK and URL say of a link, and what of it the link itself does not.

use std::borrow::Cow;

use content_line::{Line, Param};
use jscalendar::{Display, Link, Set};

use super::inline::{self, Inline};
use super::{DESCRIBED_BY, ICON, Origin, is_relation, is_writable, single, title};
use crate::hatch::Hint;
use crate::property::relation::is_token;

/// How the value of a line is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    Uri,
    /// `VALUE=BINARY;ENCODING=BASE64`.
    Binary,
    /// `ENCODING=BASE64` alone.
    UndeclaredBinary,
    /// `VALUE=BINARY` alone. Only base64 can be in a line (RFC 5545, section 3.3.1), so that is what it is.
    UnencodedBinary,
}

impl Form {
    pub(super) fn of(line: &Line<'_>, origin: Origin) -> Option<Self> {
        if !line.has_params() {
            return Some(Self::Uri);
        }
        let value = line.param("VALUE").map(|param| param.value());
        let encoding = line.param("ENCODING").map(|param| param.value());
        let is = |text: &Option<Cow<'_, str>>, word: &str| {
            text.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(word))
        };
        let base64 = origin.may_be_inline() && is(&encoding, "BASE64");
        match (&value, &encoding) {
            (Some(_), Some(_)) if base64 && is(&value, "BINARY") => Some(Self::Binary),
            (None, Some(_)) if base64 => Some(Self::UndeclaredBinary),
            (None, None) => Some(Self::Uri),
            (Some(_), None) if is(&value, "URI") => Some(Self::Uri),
            (Some(_), None) if origin.may_be_inline() && is(&value, "BINARY") => {
                Some(Self::UnencodedBinary)
            }
            (_, Some(_)) if is(&encoding, "8BIT") && (value.is_none() || is(&value, "URI")) => {
                Some(Self::Uri)
            }
            _ => None,
        }
    }

    fn is_binary(self) -> bool {
        self != Self::Uri
    }

    /// Whether the value can be what the parameters say, and come back unchanged.
    pub(super) fn suits(self, value: &str) -> bool {
        if self.is_binary() { inline::is_base64(value) } else { is_writable(value) }
    }
}

/// What the parameters of a line say.
#[derive(Default)]
pub(super) struct Said<'a> {
    origin: Origin,
    form: Form,
    v1: bool,
    pub(super) jsid: Option<Cow<'a, str>>,
    media_type: Option<Cow<'a, str>>,
    filename: Option<String>,
    label: Option<String>,
    size: Option<u64>,
    rel: Option<Cow<'a, str>>,
    display: Set<Display>,
    /// A parameter stands there twice, so that no one value is the right one.
    pub(super) twice: bool,
}

impl<'a> Said<'a> {
    pub(super) fn new(origin: Origin, form: Form, v1: bool) -> Self {
        Self { origin, form, v1, ..Self::default() }
    }

    /// Takes a parameter; tells whether export will write it by itself.
    pub(super) fn take(&mut self, param: &Param<'a>) -> bool {
        if param.is("JSID") {
            let single = single(param);
            return put(&mut self.jsid, single, &mut self.twice);
        }
        if param.is("FMTTYPE") {
            let media_type =
                single(param).filter(|it| !it.bytes().any(|byte| byte.is_ascii_control()));
            return put(&mut self.media_type, media_type, &mut self.twice);
        }
        if param.is("FILENAME") && self.origin.may_be_inline() {
            return put(&mut self.filename, title(param), &mut self.twice)
                && param.values().count() == 1;
        }
        if param.is("LABEL") {
            // The name of an attachment in earlier revisions of the draft; there export has to be told of it.
            let taken = put(&mut self.label, title(param), &mut self.twice);
            return taken && !self.origin.may_be_inline() && param.values().count() == 1;
        }
        if param.is("SIZE") {
            let size = single(param).and_then(|text| {
                let size = text.parse().ok()?;
                (u64::to_string(&size) == text).then_some(size)
            });
            return put(&mut self.size, size, &mut self.twice);
        }
        if param.is("LINKREL") {
            return self.take_relation(param);
        }
        if param.is("DISPLAY") && self.origin == Origin::Image {
            return self.take_display(param);
        }
        param.is("ENCODING") && self.form == Form::Binary
    }

    fn take_relation(&mut self, param: &Param<'a>) -> bool {
        let rel = single(param)
            .filter(|rel| is_relation(rel) && Some(rel.as_ref()) != self.origin.relation());
        match self.origin {
            Origin::Link => put(&mut self.rel, rel, &mut self.twice),
            // Export writes it only if the hint says so, for other links have a property of their own.
            Origin::Attach | Origin::Image if self.form.is_binary() || self.v1 => {
                put(&mut self.rel, rel, &mut self.twice);
                false
            }
            _ => false,
        }
    }

    fn take_display(&mut self, param: &Param<'a>) -> bool {
        let values: Vec<String> = param.values().map(|value| value.to_ascii_lowercase()).collect();
        if !values.iter().all(|value| is_token(value)) {
            return false;
        }
        self.twice |= !self.display.is_empty();
        // 1.0 has room for one.
        let room = if self.v1 { 1 } else { values.len() };
        let all = room == values.len();
        self.display.extend(values.into_iter().take(room).map(Display::from));
        all
    }

    pub(super) fn into_link(self, value: &str) -> Link {
        let mut link = Link::default();
        link.rel = match (self.rel, self.origin) {
            (Some(rel), _) => Some(rel.into_owned()),
            (None, Origin::Image)
                if !self.v1 || self.form.is_binary() || !self.display.is_empty() =>
            {
                Some(ICON.to_owned())
            }
            (None, Origin::Url) if !self.v1 => Some(DESCRIBED_BY.to_owned()),
            _ => None,
        };
        link.href = Some(match self.form {
            Form::Uri => value.to_owned(),
            _ => inline::href(self.media_type.as_deref(), value),
        });
        link.content_type = self.media_type.map(Cow::into_owned);
        link.size = self.size;
        link.display = self.display;
        link.title = self.filename.or(self.label);
        link
    }
}

fn put<T>(slot: &mut Option<T>, value: Option<T>, twice: &mut bool) -> bool {
    let taken = value.is_some();
    *twice |= taken && slot.is_some();
    *slot = value.or_else(|| slot.take());
    taken
}

/// What the link itself does not say: its property, where the relation would choose another one, the form of the value
/// and other parameters.
pub(super) fn hint<'a>(
    link: &Link,
    origin: Origin,
    form: Form,
    v1: bool,
    left: Vec<Param<'a>>,
) -> Option<Hint<'a>> {
    let by_relation = Origin::of_relation(link.rel.as_deref()) == origin;
    let value_type = match form {
        Form::Binary | Form::UnencodedBinary => Some("binary"),
        Form::UndeclaredBinary => None,
        Form::Uri if origin.may_be_inline() && Inline::of(link).is_some() => Some("uri"),
        // In 1.0 the relation does not tell; this is how export knows.
        Form::Uri if v1 && !by_relation => Some("uri"),
        Form::Uri => None,
    };
    if by_relation && value_type.is_none() && left.is_empty() {
        return None;
    }
    let mut hint = Hint::new("href", origin.lower()).params(left);
    hint.value_type = value_type;
    hint.absent.extend((form == Form::UnencodedBinary).then_some("ENCODING"));
    Some(hint)
}
