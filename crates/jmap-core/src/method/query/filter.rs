//! [`Filter`] (RFC 8620, section 5.5).

use std::collections::BTreeMap;

use json_model::{FromJson, Json, Read, Reader, ToJson, Version};
use serde::ser::SerializeMap;
use serde::{Deserializer, Serializer};

/// Which objects a query finds: a condition, or an operator over other filters (RFC 8620, section 5.5).
///
/// ```
/// use jmap_core::{Filter, FilterOperator};
///
/// // A condition is an object of the data type; here any strings do.
/// let filter: Filter<String> = Filter::any([Filter::from("a".to_owned()), Filter::not([Filter::from("b".to_owned())])]);
/// assert_eq!(
///     serde_json::to_string(&filter)?,
///     r#"{"operator":"OR","conditions":["a",{"operator":"NOT","conditions":["b"]}]}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "the standard has these two")]
pub enum Filter<C> {
    /// An operator over filters.
    Operator(FilterOperator<C>),
    /// What the object itself must be like.
    Condition(C),
}

/// An operator over filters (RFC 8620, section 5.5).
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "the standard has these two members")]
pub struct FilterOperator<C> {
    /// How the filters are put together.
    pub operator: Operator,
    /// The filters.
    pub conditions: Vec<Filter<C>>,
}

/// How a [`FilterOperator`] puts filters together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a server refuses any other")]
pub enum Operator {
    /// All of them match. All do, if there are none.
    And,
    /// At least one of them matches. None does, if there are none.
    Or,
    /// None of them matches.
    Not,
}

impl Operator {
    fn as_str(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
            Self::Not => "NOT",
        }
    }

    fn of(text: &str) -> Option<Self> {
        [Self::And, Self::Or, Self::Not].into_iter().find(|operator| operator.as_str() == text)
    }
}

impl<C> Filter<C> {
    /// What all of `conditions` match.
    pub fn all(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Operator::And, conditions)
    }

    /// What at least one of `conditions` matches.
    pub fn any(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Operator::Or, conditions)
    }

    /// What none of `conditions` matches.
    pub fn not(conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::of(Operator::Not, conditions)
    }

    fn of(operator: Operator, conditions: impl IntoIterator<Item = Self>) -> Self {
        Self::Operator(FilterOperator { operator, conditions: conditions.into_iter().collect() })
    }

    /// Whether an object matches, if `condition` says whether it matches a single condition.
    ///
    /// ```
    /// use jmap_core::Filter;
    ///
    /// let filter = Filter::all([Filter::Condition(2), Filter::not([Filter::Condition(5)])]);
    /// assert!(filter.matches(&mut |divisor| 12 % divisor == 0));
    /// assert!(!filter.matches(&mut |divisor| 10 % divisor == 0));
    /// ```
    pub fn matches(&self, condition: &mut impl FnMut(&C) -> bool) -> bool {
        let FilterOperator { operator, conditions } = match self {
            Self::Condition(it) => return condition(it),
            Self::Operator(operator) => operator,
        };
        match operator {
            Operator::And => conditions.iter().all(|filter| filter.matches(condition)),
            Operator::Or => conditions.iter().any(|filter| filter.matches(condition)),
            Operator::Not => !conditions.iter().any(|filter| filter.matches(condition)),
        }
    }
}

impl<C> From<C> for Filter<C> {
    fn from(condition: C) -> Self {
        Self::Condition(condition)
    }
}

/// Filters inside filters beyond this depth are refused: nobody means them, and the stack is finite.
const MAX_DEPTH: usize = 32;

impl<C: FromJson> FromJson for Filter<C> {
    const EXPECTED: &'static str = "a filter";

    fn read<'de, D: Deserializer<'de>>(
        value: D,
        reader: &mut Reader,
    ) -> Result<Read<Self>, D::Error> {
        let json: Json = serde::Deserialize::deserialize(value)?;
        if json.is_null() {
            return Ok(Read::Null);
        }
        let read = read_filter(&json, reader, MAX_DEPTH);
        Ok(read.map_or(Read::Wrong(json), Read::Value))
    }
}

/// `None` if it is no filter. A member `operator` makes an object an operator: no condition has one.
fn read_filter<C: FromJson>(json: &Json, reader: &mut Reader, depth: usize) -> Option<Filter<C>> {
    let depth = depth.checked_sub(1)?;
    let members = json.decode::<BTreeMap<String, Json>>().ok();
    let operator = members.as_ref().and_then(|members| members.get("operator"));
    let Some(operator) = operator else {
        return read_condition(json, reader).map(Filter::Condition);
    };
    let operator = Operator::of(&operator.to_text()?)?;
    let conditions: Vec<Json> = members.as_ref()?.get("conditions")?.decode().ok()?;
    let conditions =
        conditions.iter().map(|json| read_filter(json, reader, depth)).collect::<Option<_>>()?;
    Some(Filter::Operator(FilterOperator { operator, conditions }))
}

fn read_condition<C: FromJson>(json: &Json, reader: &mut Reader) -> Option<C> {
    let mut text = serde_json::Deserializer::from_str(json.as_str());
    match C::read(&mut text, reader) {
        Ok(Read::Value(condition)) => Some(condition),
        _ => None,
    }
}

impl<C: ToJson> ToJson for Filter<C> {
    fn to_json<S: Serializer>(&self, serializer: S, version: Version) -> Result<S::Ok, S::Error> {
        match self {
            Self::Condition(condition) => condition.to_json(serializer, version),
            Self::Operator(FilterOperator { operator, conditions }) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("operator", operator.as_str())?;
                map.serialize_entry("conditions", &Conditions(conditions, version))?;
                map.end()
            }
        }
    }
}

impl<C: ToJson> serde::Serialize for Filter<C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json(serializer, Version::V2_0)
    }
}

struct Conditions<'a, C>(&'a [Filter<C>], Version);

impl<C: ToJson> serde::Serialize for Conditions<'_, C> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|filter| filter.versioned(self.1)))
    }
}
