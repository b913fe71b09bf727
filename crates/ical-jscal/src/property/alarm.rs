//! VALARM (stub).
use content_line::Component;
use crate::draft::{Context, Draft};
use crate::out::{Out, Source};
pub(crate) fn import_valarm<'a>(component: &'a Component<'a>, draft: &mut Draft<'a>, _: &mut Context<'_>) { draft.hatch.keep_component(component); }
pub(crate) fn finish(_: &mut Draft<'_>, _: &mut Context<'_>) {}
pub(crate) fn export_components(_: &Source<'_>, _: &mut Out<'_, '_>) {}
