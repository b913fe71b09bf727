//! RELATED-TO (RFC 5545, section 3.8.4.5; RFC 9253) and `relatedTo`.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};

use content_line::{Line, escape_text_into, unescape_text};
use jscalendar::json_model::pointer;
use jscalendar::{Json, Relation, RelationType};

use crate::draft::{Draft, leftovers};
use crate::hatch::{Hatch, Hint, KeptHatch, KeptHint};
use crate::out::{Out, Outgoing, Source};

/// RELATED-TO of an entry.
pub(crate) fn import_related_to<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    draft.related_to.add(line, unescape_text(line.value()), &mut draft.hatch);
}

/// Makes the member, once all lines are read.
pub(crate) fn finish(draft: &mut Draft<'_>) {
    draft.entry.related_to = std::mem::take(&mut draft.related_to).into_relations().collect();
}

/// The relations of an object, by target.
#[derive(Default)]
pub(crate) struct Relations<'a> {
    list: Vec<(Cow<'a, str>, Related)>,
    at: HashMap<Cow<'a, str>, usize>,
}

#[derive(Default)]
struct Related {
    types: BTreeSet<RelationType>,
    /// There is a hint, which every line that is written for this target gets.
    hinted: bool,
}

impl<'a> Relations<'a> {
    /// Adds to the relation that `target` has already, or starts one. Several lines for one target become one
    /// relation; a line that does not come out of it again as it was stays in the hatch.
    pub(crate) fn add(&mut self, line: &'a Line<'a>, target: Cow<'a, str>, hatch: &mut Hatch<'a>) {
        let Some((types, hint)) = read(line, &target) else {
            hatch.keep(line);
            return;
        };
        if let Some(at) = self.at.get(&target) {
            let related = self.list.get_mut(*at).map(|(_, related)| related);
            let joins = |related: &&mut Related| {
                let said = |kind: &RelationType| related.types.contains(kind);
                let both_say = !types.is_empty() && !related.types.is_empty();
                both_say && !types.iter().any(said) && !related.hinted && hint.is_none()
            };
            match related.filter(joins) {
                Some(related) => related.types.extend(types),
                None => hatch.keep(line),
            }
            return;
        }
        let hinted = hint.is_some();
        hint.into_iter().for_each(|hint| hatch.hint(hint));
        self.at.insert(target.clone(), self.list.len());
        self.list.push((target, Related { types: types.into_iter().collect(), hinted }));
    }

    /// The relations with their targets.
    pub(crate) fn into_relations(self) -> impl Iterator<Item = (String, Relation)> {
        self.list.into_iter().map(|(target, related)| {
            let mut relation = Relation::default();
            relation.relation = related.types.into_iter().collect();
            (target.into_owned(), relation)
        })
    }
}

/// What a line says, if a relation can say it: its types, and what is left for a hint.
fn read<'a>(line: &'a Line<'_>, target: &str) -> Option<(Vec<RelationType>, Option<Hint<'a>>)> {
    let mut types = Vec::new();
    let mut tokens = true;
    let mut left = leftovers(line, |param| {
        let taken = param.is("RELTYPE");
        for value in param.values().filter(|_| taken) {
            tokens &= is_token(&value);
            types.push(RelationType::from(value.to_ascii_lowercase()));
        }
        taken
    });
    if types.len() > 1 {
        // Only one is allowed. That they were said by one line is something that the object does not say.
        left.extend(line.params().filter(|param| param.is("RELTYPE")));
    }
    let value_type = value_type(line)?;
    if !tokens {
        return None;
    }
    if left.is_empty() && value_type.is_none() {
        return Some((types, None));
    }
    let mut hint =
        Hint::new(format!("relatedTo/{}", pointer::escape(target)), "related-to").params(left);
    hint.value_type = value_type;
    if value_type.is_some() && needs_escapes(target) {
        hint = hint.raw(line.value());
    }
    Some((types, hint.into()))
}

/// The value type where it is not the default; none at all if it is one that a relation does not have.
fn value_type(line: &Line<'_>) -> Option<Option<&'static str>> {
    let Some(declared) = line.param("VALUE") else { return Some(None) };
    let declared = declared.value();
    let known = [("TEXT", None), ("URI", Some("uri")), ("UID", Some("uid"))];
    known
        .into_iter()
        .find(|(name, _)| declared.eq_ignore_ascii_case(name))
        .map(|(_, value_type)| value_type)
}

fn needs_escapes(text: &str) -> bool {
    let mut escaped = String::new();
    escape_text_into(&mut escaped, text);
    escaped != text
}

/// One line for each type of a relation.
pub(crate) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    for (target, relation) in source.common.related_to {
        export_relation(target, target, relation, source, &source.hatch, out);
    }
}

/// Writes a relation that stands under `key`; `target` is what iCalendar calls it.
pub(crate) fn export_relation(
    key: &str,
    target: &str,
    relation: &Relation,
    source: &Source<'_>,
    hatch: &KeptHatch<'_>,
    out: &mut Out<'_, '_>,
) {
    let path = || format!("relatedTo/{}", pointer::escape(key));
    let mut written = false;
    let kinds = || relation.relation.iter().filter(|kind| is_token(kind.as_str()));
    if relation.relation.len() > 1 && hatch.hint(&path()).is_some_and(|hint| lists(hint, relation))
    {
        let list = kinds().map(|kind| kind.as_str().to_ascii_uppercase().into()).collect();
        let property = Outgoing::text("RELATED-TO", target).param_list("RELTYPE", list);
        out.property(source, hatch, &property, path);
        return out.extra(&path(), &relation.extra);
    }
    for kind in kinds() {
        let property = Outgoing::text("RELATED-TO", target)
            .param("RELTYPE", kind.as_str().to_ascii_uppercase());
        out.property(source, hatch, &property, path);
        written = true;
    }
    if !written {
        out.property(source, hatch, &Outgoing::text("RELATED-TO", target), path);
    }
    if !needs_jsprop(relation) {
        return;
    }
    let others =
        || relation.relation.iter().map(RelationType::as_str).filter(|kind| !is_token(kind));
    let types = format!("{}/relation", path());
    if written {
        for kind in others() {
            let mut pointer = types.clone();
            pointer::push(&mut pointer, kind);
            out.jsprop(&pointer, &Json::from(true));
        }
    } else if others().next().is_some() {
        let all: serde_json::Map<_, _> =
            others().map(|kind| (kind.to_owned(), true.into())).collect();
        out.jsprop(&types, &Json::from(serde_json::Value::from(all)));
    }
    out.extra(&path(), &relation.extra);
}

/// Whether a hint has all types of a relation, and no others.
fn lists(hint: &KeptHint<'_>, relation: &Relation) -> bool {
    let listed = hint.params.iter().filter(|(name, _)| name.eq_ignore_ascii_case("reltype"));
    let types: BTreeSet<_> = listed
        .flat_map(|(_, values)| values)
        .map(|value| RelationType::from(value.to_ascii_lowercase()))
        .collect();
    types.iter().eq(relation.relation.iter())
}

/// Whether RELATED-TO alone does not say all of it.
pub(crate) fn needs_jsprop(relation: &Relation) -> bool {
    !relation.extra.is_empty() || relation.relation.iter().any(|kind| !is_token(kind.as_str()))
}

/// Whether a text can be the value of an enumerated parameter, whatever its case.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
