//! Places (stub).
use content_line::{Component, Line};
use crate::draft::{Context, Draft};
use crate::out::{Out, Source};
#[derive(Default)] pub(crate) struct Seen<'a>(std::marker::PhantomData<&'a ()>);
pub(crate) fn import_location<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) { draft.hatch.keep(line); }
pub(crate) fn import_conference<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) { draft.hatch.keep(line); }
pub(crate) fn import_geo<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>, _: &mut Context<'_>) { draft.hatch.keep(line); }
pub(crate) fn import_vlocation<'a>(component: &'a Component<'a>, draft: &mut Draft<'a>, _: &mut Context<'_>) { draft.hatch.keep_component(component); }
pub(crate) fn finish(_: &mut Draft<'_>, _: &mut Context<'_>) {}
pub(crate) fn export(_: &Source<'_>, _: &mut Out<'_, '_>) {}
pub(crate) fn export_components(_: &Source<'_>, _: &mut Out<'_, '_>) {}
