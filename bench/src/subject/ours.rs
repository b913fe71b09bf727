//! The crates of this workspace.

use std::hint::black_box;

use content_line::{Block, Blocks, Component};
use ical_jscal::{FromIcal, ToIcal};

/// The whole input as a tree.
pub(super) fn parse(text: &str) -> Result<usize, String> {
    let parsed = black_box(content_line::parse(text.as_bytes()));
    Ok(parsed.components.len())
}

/// One component at a time, as a conversion reads.
pub(super) fn blocks(text: &str) -> Result<usize, String> {
    let mut components = 0;
    for block in Blocks::new(text.as_bytes()) {
        if let Block::Component { bytes, position } = block {
            black_box(Component::parse(bytes, position));
            components += 1;
        }
    }
    Ok(components)
}

pub(super) fn to_json(text: &str) -> Result<usize, String> {
    Ok(black_box(convert(text)?).len())
}

pub(super) fn json(text: &str) -> Result<Vec<String>, String> {
    Ok(vec![convert(text)?])
}

pub(super) fn to_ical(json: &str) -> Result<usize, String> {
    let text = ToIcal::new().json(json).map_err(|error| error.to_string())?;
    Ok(black_box(text.value).len())
}

fn convert(text: &str) -> Result<String, String> {
    let json = FromIcal::new().json(text).map_err(|error| error.to_string())?;
    Ok(json.value)
}
