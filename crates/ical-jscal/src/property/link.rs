//! Links (stub).
use content_line::Line;
use jscalendar::{Id, Link, Map};
use crate::draft::{Context, Draft, Keyed};
use crate::hatch::{Hatch, KeptHatch};
use crate::out::{Out, Source};
pub(crate) fn import_into<'a>(_: &'a Line<'a>, _: &mut Vec<Keyed<'a, Link>>, _: &mut Hatch<'a>, _: &mut Context<'_>) -> bool { false }
pub(crate) fn import_attach<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, _: &mut Context<'_>) { draft.hatch.keep(line); }
pub(crate) fn import_image<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, _: &mut Context<'_>) { draft.hatch.keep(line); }
pub(crate) fn import_link<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) { draft.hatch.keep(line); }
pub(crate) fn import_url<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) { draft.hatch.keep(line); }
pub(crate) fn export_links(_: &Map<Id, Link>, _: &str, _: &Source<'_>, _: &KeptHatch<'_>, _: &mut Out<'_, '_>) {}
