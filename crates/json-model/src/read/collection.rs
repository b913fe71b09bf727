//! Reading lists, maps and sets.

use std::mem;

use serde::de::{Error as _, MapAccess, SeqAccess};

use super::object::next_name;
use super::value::ValueSeed;
use super::{Fault, FromJson, Read, Reader, read_text};
use crate::{Json, Map, Set, Severity, ToJson, Version, pointer};

impl<T: FromJson + ToJson> FromJson for Vec<T> {
    const EXPECTED: &'static str = "an array";

    /// One wrong element makes the whole array wrong: half a list means something else than the list.
    fn from_array<'de, A: SeqAccess<'de>>(
        mut elements: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        if reader.careful {
            return read_list_text(elements, reader);
        }
        let mut list = Self::new();
        let wrong = loop {
            let diagnostics = reader.diagnostics.len();
            let outer = mem::replace(&mut reader.whole, true);
            reader.fault = Fault::Form;
            let read = elements.next_element_seed(ValueSeed::<T>::new(reader));
            reader.whole = outer;
            let Some(read) = read? else { return Ok(Read::Value(list)) };
            match accepted(read, reader) {
                Ok(value) => list.push(value),
                Err(json) => {
                    reader.prefix(diagnostics, &list.len().to_string());
                    break json;
                }
            }
            if reader.diagnostics.len() > diagnostics {
                reader.prefix(diagnostics, &(list.len() - 1).to_string());
            }
        };
        // What the elements before the wrong one leave unwritten in 2.0 is only saved by a second, careful reading.
        reader.lossy = true;
        let mut all: Vec<Json> = Vec::with_capacity(list.len() + 1);
        for value in &list {
            let json = Json::from_serialize(&value.versioned(Version::V2_0));
            all.push(json.map_err(A::Error::custom)?);
        }
        all.push(wrong);
        while let Some(json) = elements.next_element()? {
            all.push(json);
        }
        Json::from_serialize(&all).map(Read::Wrong).map_err(A::Error::custom)
    }
}

/// Reads a list element by element from their texts, so that a wrong one leaves the others as they were.
fn read_list_text<'de, T: FromJson, A: SeqAccess<'de>>(
    mut elements: A,
    reader: &mut Reader,
) -> Result<Read<Vec<T>>, A::Error> {
    let mut texts: Vec<Json> = Vec::new();
    while let Some(json) = elements.next_element()? {
        texts.push(json);
    }
    let mut list = Vec::with_capacity(texts.len());
    for (index, json) in texts.iter().enumerate() {
        let diagnostics = reader.diagnostics.len();
        let outer = mem::replace(&mut reader.whole, true);
        reader.fault = Fault::Form;
        let read = read_text::<T>(json, reader);
        reader.whole = outer;
        let accepted = accepted(read, reader);
        if reader.diagnostics.len() > diagnostics {
            reader.prefix(diagnostics, &index.to_string());
        }
        match accepted {
            Ok(value) => list.push(value),
            Err(_) => {
                return Json::from_serialize(&texts).map(Read::Wrong).map_err(A::Error::custom);
            }
        }
    }
    Ok(Read::Value(list))
}

impl Reader {
    /// Reads the next element of an array, whose index it is given, by itself: whatever is wrong with it does not touch the
    /// others. `None` at the end.
    ///
    /// For lists whose elements mean something each alone, such as the objects of a response. A `Vec` is right or wrong as
    /// a whole.
    ///
    /// # Errors
    ///
    /// Only those of `elements`: broken JSON text.
    pub fn next_element<'de, T: FromJson, A: SeqAccess<'de>>(
        &mut self,
        elements: &mut A,
        index: usize,
    ) -> Result<Option<Read<T>>, A::Error> {
        let diagnostics = self.diagnostics.len();
        let outer = mem::replace(&mut self.whole, true);
        self.fault = Fault::Form;
        let read = if self.careful {
            elements.next_element::<Json>().map(|json| json.map(|json| read_text(&json, self)))
        } else {
            elements.next_element_seed(ValueSeed::<T>::new(self))
        };
        self.whole = outer;
        if self.diagnostics.len() > diagnostics {
            self.prefix(diagnostics, &index.to_string());
        }
        read
    }
}

/// The value of an element, which is never absent; a wrong one is reported.
fn accepted<T: FromJson>(read: Read<T>, reader: &mut Reader) -> Result<T, Json> {
    let json = match read {
        Read::Value(value) => return Ok(value),
        Read::Null => Json::null(),
        Read::Wrong(json) => json,
    };
    reader.wrong_inside(T::EXPECTED);
    Err(json)
}

impl<K: Ord + FromJson, V: FromJson> FromJson for Map<K, V> {
    const EXPECTED: &'static str = "an object";

    /// An entry with a wrong key or value does not lose the others: it is kept in the `extra` of the object that the
    /// map belongs to, under the pointer of the entry. A map in a list or in another map belongs to no object
    /// directly: one wrong entry makes it wrong as a whole.
    fn from_object<'de, A: MapAccess<'de>>(
        mut members: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        if reader.whole {
            return read_whole_map(members, reader);
        }
        let mut entries = Entries::new();
        let bad_entries = reader.bad_entries.len();
        while let Some(name) = next_name(&mut members, reader)? {
            let diagnostics = reader.diagnostics.len();
            reader.fault = Fault::Form;
            let Some(key) = K::from_text(&name) else {
                let json = members.next_value()?;
                reader.wrong(K::EXPECTED);
                reader.prefix(diagnostics, &name);
                reader.bad_entries.push((pointer::escape(&name).into_owned(), json));
                continue;
            };
            let outer = mem::replace(&mut reader.whole, true);
            reader.fault = Fault::Form;
            let read = if reader.careful {
                members.next_value().map(|json| read_text(&json, reader))
            } else {
                members.next_value_seed(ValueSeed::new(reader))
            };
            reader.whole = outer;
            if let Some(json) = entries.add(key, read?) {
                reader.wrong(V::EXPECTED);
                reader.bad_entries.push((pointer::escape(&name).into_owned(), json));
            }
            if reader.diagnostics.len() > diagnostics {
                reader.prefix(diagnostics, &name);
            }
        }
        let map = entries.finish();
        forget_replaced(&map, bad_entries, reader);
        Ok(Read::Value(map))
    }
}

/// Reads a map that is kept whole or not at all.
fn read_whole_map<'de, K: Ord + FromJson, V: FromJson, A: MapAccess<'de>>(
    mut members: A,
    reader: &mut Reader,
) -> Result<Read<Map<K, V>>, A::Error> {
    let mut texts: Vec<(String, Json)> = Vec::new();
    let mut entries = Entries::new();
    let mut is_wrong = false;
    while let Some(name) = next_name(&mut members, reader)? {
        let diagnostics = reader.diagnostics.len();
        let json: Json = members.next_value()?;
        reader.fault = Fault::Form;
        if let Some(key) = K::from_text(&name) {
            if entries.add(key, read_text::<V>(&json, reader)).is_some() {
                reader.wrong(V::EXPECTED);
                is_wrong = true;
            }
        } else {
            reader.wrong(K::EXPECTED);
            is_wrong = true;
        }
        if reader.diagnostics.len() > diagnostics {
            reader.prefix(diagnostics, &name);
        }
        texts.push((name.into_owned(), json));
    }
    if is_wrong {
        reader.fault = Fault::Inside;
        return Json::from_list(&texts).map(Read::Wrong).map_err(A::Error::custom);
    }
    Ok(Read::Value(entries.finish()))
}

/// The entries of a map as they come. The last one of a key wins, also if it is `null` or wrong.
struct Entries<K, V> {
    list: Vec<(K, V)>,
    /// Keys without a value, and how many entries came before.
    gone: Vec<(K, usize)>,
}

impl<K: Ord, V> Entries<K, V> {
    fn new() -> Self {
        Self { list: Vec::new(), gone: Vec::new() }
    }

    /// Adds what was read; a wrong value is handed back.
    fn add(&mut self, key: K, read: Read<V>) -> Option<Json> {
        let wrong = match read {
            Read::Value(value) => {
                self.list.push((key, value));
                return None;
            }
            Read::Null => None,
            Read::Wrong(json) => Some(json),
        };
        self.gone.push((key, self.list.len()));
        wrong
    }

    fn finish(mut self) -> Map<K, V> {
        if !self.gone.is_empty() {
            let gone = Map::from(self.gone);
            let mut at = 0;
            self.list.retain(|(key, _)| {
                at += 1;
                gone.get(key).is_none_or(|before| at > *before)
            });
        }
        Map::from(self.list)
    }
}

/// Forgets entries put aside whose key came again with a value.
fn forget_replaced<K: Ord + FromJson, V>(map: &Map<K, V>, start: usize, reader: &mut Reader) {
    if map.is_empty() || reader.bad_entries.len() == start {
        return;
    }
    let bad = reader.bad_entries.split_off(start);
    let replaced =
        |key: &str| K::from_text(&pointer::unescape(key)).is_some_and(|key| map.contains_key(&key));
    reader.bad_entries.extend(bad.into_iter().filter(|(key, _)| !replaced(key)));
}

impl<T: Ord + FromJson> FromJson for Set<T> {
    const EXPECTED: &'static str = "an object whose members are all true";

    fn from_object<'de, A: MapAccess<'de>>(
        members: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let read = Map::<T, True>::from_object(members, reader)?;
        Ok(read.map(|map| map.into_iter().map(|(member, True)| member).collect()))
    }

    const TEXT_NOTE: Option<(&'static str, &'static str)> =
        Some(("text-for-set", "read a string as a set"));

    /// Some writers put one bare string where a set is due.
    fn from_text(text: &str) -> Option<Self> {
        T::from_text(text).map(|member| Self::from([member]))
    }

    /// Some writers put an array of strings where a set is due.
    fn from_array<'de, A: SeqAccess<'de>>(
        mut elements: A,
        reader: &mut Reader,
    ) -> Result<Read<Self>, A::Error> {
        let mut members = Vec::new();
        let mut texts: Vec<Json> = Vec::new();
        while let Some(json) = elements.next_element::<Json>()? {
            members.extend(json.to_text().and_then(|text| T::from_text(&text)));
            texts.push(json);
        }
        if members.len() < texts.len() {
            return Json::from_serialize(&texts).map(Read::Wrong).map_err(A::Error::custom);
        }
        reader.report("array-for-set", Severity::Note, "", "read an array as a set");
        Ok(Read::Value(members.into_iter().collect()))
    }
}

/// The value of a member of a set.
struct True;

impl FromJson for True {
    const EXPECTED: &'static str = "true";

    fn from_bool(value: bool) -> Option<Self> {
        value.then_some(Self)
    }
}
