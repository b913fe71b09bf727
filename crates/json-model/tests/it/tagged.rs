//! A value that is one of several objects, by its type.

use json_model::{FromJson, Json, Map, Object, Read, Reader, Tagged, ToJson, Version, members};
use serde::Serializer;
use serde::de::MapAccess;

use crate::types::{Link, read, round_trip};

#[derive(Clone, Debug, PartialEq)]
enum Thing {
    Link(Box<Link>),
    Box(Box<Crate>),
    Other(Json),
}

impl FromJson for Thing {
    const EXPECTED: &'static str = "a link or a box";

    fn from_object<'de, A: MapAccess<'de>>(
        members: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let tagged = Tagged::look(members)?;
        match tagged.tag() {
            None | Some(Link::TYPE) => {
                Ok(tagged.object(reader)?.map(|link| Self::Link(Box::new(link))))
            }
            Some(Crate::TYPE) => Ok(tagged.object(reader)?.map(|inner| Self::Box(Box::new(inner)))),
            Some(_) => Ok(Read::Value(Self::Other(tagged.json()?))),
        }
    }
}

impl ToJson for Thing {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        match self {
            Self::Link(link) => link.to_json(serializer, version),
            Self::Box(inner) => inner.to_json(serializer, version),
            Self::Other(json) => json.to_json(serializer, version),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Crate {
    things: Map<String, Thing>,
    extra: Map<String, Json>,
}

members! { Crate: "Crate" always { "things" => things } extra }

#[test]
fn the_type_decides_wherever_it_stands() {
    let (inner, odd) = read::<Crate>(
        r#"{"things": {
            "first": {"@type": "Link", "href": "a"},
            "last": {"href": "b", "big": 1e400, "half": "\ud800", "@type": "Link"},
            "none": {"href": "c"}, "empty": {},
            "box": {"things": {"x": {"@type": "Crate"}}, "@type": "Crate"},
            "other": {"x": [1], "@type": "Other"}
        }}"#,
    );
    assert_eq!(odd, "");
    for (name, href) in
        [("first", Some("a")), ("last", Some("b")), ("none", Some("c")), ("empty", None)]
    {
        let Thing::Link(link) = &inner.things[name] else { panic!("{name} is no link") };
        assert_eq!(link.href.as_deref(), href, "{name}");
    }
    assert!(matches!(&inner.things["box"], Thing::Box(inner) if inner.things.len() == 1));
    assert!(matches!(&inner.things["other"], Thing::Other(json) if json.is_object()));
}

#[test]
fn a_type_that_is_no_string_is_kept() {
    for text in
        [r#"{"things":{"a":{"@type":5,"href":"h"}}}"#, r#"{"things":{"a":{"href":"h","@type":5}}}"#]
    {
        let odd = round_trip::<Crate>(text);
        assert_eq!(odd, "#/things/a/@type: warning[wrong-value]: expected a string; kept as it is");
    }
}

#[test]
fn things_in_things_end_at_a_depth() {
    for open in [r#"{"@type":"Crate","things":{"a":"#, r#"{"things":{"a":"#] {
        let close = if open.contains("@type") { "}}" } else { r#"},"@type":"Crate"}"# };
        let text = format!("{}{{}}{}", open.repeat(5000), close.repeat(5000));
        let (_, odd) = read::<Crate>(&text);
        assert_eq!(odd.lines().count(), 1, "{odd}");
        assert!(odd.contains("[too-deep]"), "{odd}");
    }
}
