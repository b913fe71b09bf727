//! RELATED-TO (RFC 5545, section 3.8.4.5; RFC 9253) and `relatedTo`.

use std::collections::HashMap;

use content_line::{Line, unescape_text};
use jscalendar::json_model::pointer;
use jscalendar::{Json, Map, Relation, RelationType};

use crate::draft::{Draft, leftovers};
use crate::hatch::Hint;
use crate::out::{Out, Outgoing, Source};

/// The relations of a draft, by target.
#[derive(Default)]
pub(crate) struct Relations<'a> {
    list: Vec<(String, Vec<RelationType>)>,
    at: HashMap<&'a str, usize>,
}

/// Adds to the relation that the line's target has already, or starts one. Several lines for one target are one
/// relation; what only one of them says besides cannot be told apart then, so such a line stays in the hatch.
pub(crate) fn import_related_to<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) {
    let mut types = Vec::new();
    let mut left = leftovers(line, |param| {
        let taken = param.is("RELTYPE");
        if taken {
            types.extend(param.values().map(|value| RelationType::from(value.to_ascii_lowercase())));
        }
        taken
    });
    left.extend(line.param("VALUE").filter(|param| !param.value().eq_ignore_ascii_case("TEXT")));
    let known = draft.related_to.at.get(line.value()).copied();
    match known {
        Some(at) if left.is_empty() && !types.is_empty() && !draft.related_to.list[at].1.is_empty() => {
            draft.related_to.list[at].1.extend(types);
        }
        Some(_) => draft.hatch.keep(line),
        None => {
            let target = unescape_text(line.value()).into_owned();
            if !left.is_empty() {
                let path = format!("relatedTo/{}", pointer::escape(&target));
                draft.hatch.hint(Hint::new(path, "related-to").params(left));
            }
            draft.related_to.at.insert(line.value(), draft.related_to.list.len());
            draft.related_to.list.push((target, types));
        }
    }
}

/// Makes the member, once all lines are read.
pub(crate) fn finish(draft: &mut Draft<'_>) {
    let list = std::mem::take(&mut draft.related_to.list);
    draft.entry.related_to = list.into_iter().map(|(target, types)| (target, relation(types))).collect();
}

fn relation(types: Vec<RelationType>) -> Relation {
    let mut relation = Relation::default();
    relation.relation = types.into_iter().collect();
    relation
}

/// One line a relation.
pub(crate) fn export(source: &Source<'_>, out: &mut Out<'_, '_>) {
    export_relations(source.common.related_to, source, out);
}

fn export_relations(relations: &Map<String, Relation>, source: &Source<'_>, out: &mut Out<'_, '_>) {
    for (target, relation) in relations {
        let path = || format!("relatedTo/{}", pointer::escape(target));
        let mut written = false;
        for kind in relation.relation.iter() {
            if is_token(kind.as_str()) {
                let property = Outgoing::text("RELATED-TO", target).param("RELTYPE", kind.as_str().to_ascii_uppercase());
                out.property(source, &source.hatch, &property, path);
                written = true;
            }
        }
        if !written {
            out.property(source, &source.hatch, &Outgoing::text("RELATED-TO", target), path);
        }
        for kind in relation.relation.iter().filter(|kind| !is_token(kind.as_str())) {
            let mut pointer = path();
            pointer.push_str("/relation");
            if written {
                pointer::push(&mut pointer, kind.as_str());
                out.jsprop(&pointer, &Json::from(true));
            } else if let Ok(json) = Json::from_serialize(&serde_json::json!({ kind.as_str(): true })) {
                out.jsprop(&pointer, &json);
            }
        }
        out.extra(&path(), &relation.extra);
    }
}

/// Whether a text can be the value of an enumerated parameter.
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
