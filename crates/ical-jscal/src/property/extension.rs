//! JSPROP (stub).
use content_line::Line;
use crate::draft::{Context, Draft};
use crate::hatch::KeptHatch;
use crate::out::Out;
pub(crate) fn import_jsprop<'a>(line: &'a Line<'a>, draft: &mut Draft<'a>) { draft.hatch.keep(line); }
pub(crate) fn apply<T>(object: T, _: &[&Line<'_>], _: &mut Context<'_>) -> T { object }
pub(crate) fn export_hatch(hatch: &KeptHatch<'_>, written: &[&str], out: &mut Out<'_, '_>) {
    for property in &hatch.properties { if !written.contains(&&*property.name) { out.kept(property); } }
    for component in hatch.components.iter().filter(|c| !["vtimezone","vevent","vtodo"].contains(&&*c.name)) { out.kept_component(component); }
}
