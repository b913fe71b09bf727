//! jCal back into content lines.

use std::borrow::Cow;
use std::fmt;

use content_line::escape_text_into;
use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{ValueType, has_no_default};

/// A component of the hatch; parts that are no jCal are skipped.
#[derive(Clone, Debug, Default)]
pub(crate) struct JcalComponent<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) properties: Vec<JcalProperty<'a>>,
    pub(crate) components: Vec<Self>,
}

/// A property of the hatch.
#[derive(Clone, Debug)]
pub(crate) struct JcalProperty<'a> {
    /// In lower case, as jCal has it.
    pub(crate) name: Cow<'a, str>,
    pub(crate) params: Params<'a>,
    /// The value as it stands in a content line.
    pub(crate) value: String,
    /// The `VALUE` parameter to write; none if it is the property's default.
    pub(crate) value_type: Option<Cow<'a, str>>,
}

/// Parameters by name, in lower case.
pub(crate) type Params<'a> = Vec<(Cow<'a, str>, Vec<Cow<'a, str>>)>;

/// A string, borrowed where the JSON has no escapes in it.
pub(crate) struct Text<'a>(pub(crate) Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;

        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(TextVisitor)
    }
}

/// One string or an array of strings.
struct Texts<'a>(Vec<Cow<'a, str>>);

impl<'de> Deserialize<'de> for Texts<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextsVisitor;

        impl<'de> Visitor<'de> for TextsVisitor {
            type Value = Texts<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Texts<'de>, E> {
                Ok(Texts(vec![Cow::Borrowed(text)]))
            }

            fn visit_str<E>(self, text: &str) -> Result<Texts<'de>, E> {
                Ok(Texts(vec![Cow::Owned(text.to_owned())]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Texts<'de>, A::Error> {
                let mut list = Vec::new();
                while let Some(Text(text)) = items.next_element()? {
                    list.push(text);
                }
                Ok(Texts(list))
            }
        }

        deserializer.deserialize_any(TextsVisitor)
    }
}

/// Parameters as jCal has them.
pub(crate) struct JcalParams<'a>(pub(crate) Params<'a>);

impl<'de> Deserialize<'de> for JcalParams<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ParamsVisitor;

        impl<'de> Visitor<'de> for ParamsVisitor {
            type Value = JcalParams<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the parameters of a property")
            }

            fn visit_map<A: MapAccess<'de>>(
                self,
                mut members: A,
            ) -> Result<JcalParams<'de>, A::Error> {
                let mut params = Vec::new();
                while let Some((Text(name), raw)) =
                    members.next_entry::<Text<'de>, &'de RawValue>()?
                {
                    // A parameter with another value than strings is nothing that iCalendar has.
                    if let Ok(Texts(values)) = serde_json::from_str(raw.get()) {
                        params.push((name, values));
                    }
                }
                Ok(JcalParams(params))
            }
        }

        deserializer.deserialize_map(ParamsVisitor)
    }
}

impl<'de> Deserialize<'de> for JcalProperty<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PropertyVisitor;

        impl<'de> Visitor<'de> for PropertyVisitor {
            type Value = JcalProperty<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a jCal property")
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut items: A,
            ) -> Result<JcalProperty<'de>, A::Error> {
                let missing = || {
                    A::Error::custom("a jCal property has a name, parameters, a type and a value")
                };
                let Text(name) = items.next_element()?.ok_or_else(missing)?;
                let JcalParams(params) = items.next_element()?.ok_or_else(missing)?;
                let Text(type_name) = items.next_element()?.ok_or_else(missing)?;
                let mut values: Vec<&'de RawValue> = Vec::new();
                while let Some(value) = items.next_element()? {
                    values.push(value);
                }
                let value_type = ValueType::parse(&type_name);
                let value = line_value(value_type, &values).ok_or_else(missing)?;
                let default =
                    value_type == Some(ValueType::default_of(&name)) && !has_no_default(&name);
                let written = !default && value_type != Some(ValueType::Unknown);
                Ok(JcalProperty { name, params, value, value_type: written.then_some(type_name) })
            }
        }

        deserializer.deserialize_seq(PropertyVisitor)
    }
}

impl<'de> Deserialize<'de> for JcalComponent<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ComponentVisitor;

        impl<'de> Visitor<'de> for ComponentVisitor {
            type Value = JcalComponent<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a jCal component")
            }

            fn visit_seq<A: SeqAccess<'de>>(
                self,
                mut items: A,
            ) -> Result<JcalComponent<'de>, A::Error> {
                let missing =
                    || A::Error::custom("a jCal component has a name, properties and components");
                let Text(name) = items.next_element()?.ok_or_else(missing)?;
                let properties = items.next_element()?.ok_or_else(missing)?;
                // The JSON parser bounds how deep this goes.
                let components = items.next_element()?.ok_or_else(missing)?;
                while items.next_element::<IgnoredAny>()?.is_some() {}
                Ok(JcalComponent { name, properties, components })
            }
        }

        deserializer.deserialize_seq(ComponentVisitor)
    }
}

/// The value of a content line, from the values of a jCal property.
fn line_value(value_type: Option<ValueType>, values: &[&RawValue]) -> Option<String> {
    let mut out = String::new();
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        write_value(value_type, value.get(), &mut out)?;
    }
    (!values.is_empty()).then_some(out)
}

fn write_value(value_type: Option<ValueType>, json: &str, out: &mut String) -> Option<()> {
    match json.as_bytes().first()? {
        b'"' => {
            let Text(text) = serde_json::from_str(json).ok()?;
            write_text(value_type, &text, out);
        }
        b'[' => write_list(value_type, json, out)?,
        b'{' => write_recur(json, out)?,
        _ if json == "true" => out.push_str("TRUE"),
        _ if json == "false" => out.push_str("FALSE"),
        _ => out.push_str(json),
    }
    Some(())
}

fn write_text(value_type: Option<ValueType>, text: &str, out: &mut String) {
    match value_type {
        Some(ValueType::Text) => escape_text_into(out, text),
        Some(ValueType::Date | ValueType::DateTime) => {
            out.extend(text.chars().filter(|c| !matches!(c, '-' | ':')))
        }
        // The minus sign is the offset's own.
        Some(ValueType::UtcOffset) => out.extend(text.chars().filter(|c| *c != ':')),
        _ => out.push_str(text),
    }
}

/// A structured value: a period, a position, a request status.
fn write_list(value_type: Option<ValueType>, json: &str, out: &mut String) -> Option<()> {
    let parts: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    for (at, part) in parts.iter().enumerate() {
        let (separator, part_type) = match value_type {
            Some(ValueType::Period) if part.get().contains('P') => ('/', ValueType::Duration),
            Some(ValueType::Period) => ('/', ValueType::DateTime),
            Some(other) => (';', other),
            None => (';', ValueType::Text),
        };
        if at > 0 {
            out.push(separator);
        }
        if part.get().starts_with('[') {
            return None;
        }
        write_value(Some(part_type), part.get(), out)?;
    }
    Some(())
}

fn write_recur(json: &str, out: &mut String) -> Option<()> {
    struct Rule(String);

    impl<'de> Deserialize<'de> for Rule {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_map(RuleVisitor)
        }
    }

    struct RuleVisitor;

    impl<'de> Visitor<'de> for RuleVisitor {
        type Value = Rule;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a recurrence rule")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Rule, A::Error> {
            let mut parts: Vec<String> = Vec::new();
            while let Some((Text(name), raw)) = members.next_entry::<Text<'de>, &'de RawValue>()? {
                let mut part = format!("{}=", name.to_ascii_uppercase());
                let written = rule_part(&name, raw.get(), &mut part);
                written.ok_or_else(|| A::Error::custom("not a part of a recurrence rule"))?;
                parts.push(part);
            }
            // The members of an object have no order, but FREQ must come first (RFC 5545, section 3.3.10); RFC 7529 has
            // RSCALE before it.
            let first = |part: &&String| part.starts_with("FREQ=") || part.starts_with("RSCALE=");
            if parts.first().is_some_and(|part| !first(&part)) {
                parts.sort_by_key(|part| !part.starts_with("FREQ="));
            }
            Ok(Rule(parts.join(";")))
        }
    }

    let Rule(rule) = serde_json::from_str(json).ok()?;
    out.push_str(&rule);
    Some(())
}

fn rule_part(name: &str, json: &str, out: &mut String) -> Option<()> {
    let part_type =
        if name.eq_ignore_ascii_case("until") { ValueType::DateTime } else { ValueType::Unknown };
    if !json.starts_with('[') {
        return write_value(Some(part_type), json, out);
    }
    let items: Vec<&RawValue> = serde_json::from_str(json).ok()?;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        if item.get().starts_with(['[', '{']) {
            return None;
        }
        write_value(Some(part_type), item.get(), out)?;
    }
    Some(())
}
