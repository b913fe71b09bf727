//! What the other modules compare: the two splitters, and the tree read whole or block by block.

use std::io::{self, Read};

use content_line::{
    Block, BlockReader, Blocks, Component, Components, Item, Line, Problem, ProblemKind,
    decode_input,
};

/// A piece with bytes of its own.
#[derive(Debug, PartialEq)]
pub(crate) struct Piece(String, Vec<u8>, content_line::Position);

fn piece(block: &Block<'_>) -> Piece {
    let position = block.position();
    match block {
        Block::Begin { name, .. } => Piece(format!("begin {name}"), Vec::new(), position),
        Block::Line { bytes, .. } => Piece("line".into(), bytes.to_vec(), position),
        Block::Component { bytes, .. } => Piece("component".into(), bytes.to_vec(), position),
        Block::StrayEnd { bytes, .. } => Piece("stray".into(), bytes.to_vec(), position),
        Block::End { closed, .. } => Piece(format!("end {closed}"), Vec::new(), position),
        _ => unreachable!("all kinds are known here"),
    }
}

/// Gives its bytes in pieces of the sizes in `sizes`, again and again.
pub(crate) struct Dribble<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) sizes: Vec<usize>,
    pub(crate) turn: usize,
}

impl Read for Dribble<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].max(1);
        self.turn += 1;
        let size = size.min(buffer.len()).min(self.bytes.len());
        let (now, later) = self.bytes.split_at(size);
        buffer[..size].copy_from_slice(now);
        self.bytes = later;
        Ok(size)
    }
}

pub(crate) fn from_slice(input: &[u8]) -> Vec<Piece> {
    Blocks::new(&decode_input(input)).map(|block| piece(&block)).collect()
}

pub(crate) fn from_stream(input: impl Read) -> Vec<Piece> {
    let mut blocks = BlockReader::new(input);
    let mut pieces = Vec::new();
    while let Some(block) = blocks.next_block().unwrap() {
        pieces.push(piece(&block));
    }
    pieces
}

type Whole = (Vec<Item<'static>>, Vec<Problem<'static>>);

/// What `Components` says, the problems aside and sorted.
pub(crate) fn tree(input: &[u8]) -> Whole {
    let mut items = Vec::new();
    let mut problems = Vec::new();
    for item in Components::new(input) {
        match item {
            Item::Component(component) => items.push(Item::Component(owned(component))),
            Item::Line(line) => items.push(Item::Line(line.into_owned())),
            Item::Problem(problem) => problems.push(problem.into_owned()),
            _ => unreachable!("all kinds are known here"),
        }
    }
    (items, sorted(problems))
}

/// The same from the blocks.
pub(crate) fn tree_of_blocks(input: &[u8]) -> Whole {
    let input = decode_input(input);
    let mut items = Vec::new();
    let mut problems = Vec::new();
    let mut calendar = None::<Component<'static>>;
    for block in Blocks::new(&input) {
        match block {
            Block::Begin { name, position } => {
                let mut begun = Component::default();
                begun.name = name.into_owned().into();
                begun.position = position;
                calendar = Some(begun);
            }
            Block::Line { bytes, position } => match Line::parse(bytes, position) {
                Ok(line) => {
                    if line.decoding() != content_line::Decoding::Utf8 {
                        problems.push(problem(ProblemKind::NotUtf8, position, line.as_str()));
                    }
                    match &mut calendar {
                        Some(calendar) => calendar.lines.push(line.into_owned()),
                        None => items.push(Item::Line(line.into_owned())),
                    }
                }
                Err(problem) => problems.push(problem.into_owned()),
            },
            Block::Component { bytes, position } => {
                let (component, wrong) = Component::parse(bytes, position);
                problems.extend(wrong.into_iter().map(Problem::into_owned));
                match &mut calendar {
                    Some(calendar) => calendar.components.push(owned(component)),
                    None => items.push(Item::Component(owned(component))),
                }
            }
            Block::StrayEnd { bytes, position } => {
                let line = Line::parse(bytes, position).unwrap();
                let kind = if calendar.is_some() {
                    ProblemKind::MismatchedEnd
                } else {
                    ProblemKind::StrayEnd
                };
                problems.push(problem(kind, position, line.as_str()));
            }
            Block::End { closed, .. } => {
                let calendar = calendar.take().unwrap();
                if !closed {
                    problems.push(problem(
                        ProblemKind::MissingEnd,
                        calendar.position,
                        &calendar.name,
                    ));
                }
                items.push(Item::Component(calendar));
            }
            _ => unreachable!("all kinds are known here"),
        }
    }
    (items, sorted(problems))
}

/// A problem can only be made by reading; this one is read from a line that has it, and then filled.
fn problem(kind: ProblemKind, position: content_line::Position, text: &str) -> Problem<'static> {
    let mut problem = Line::parse(b"-", position).unwrap_err().into_owned();
    problem.kind = kind;
    problem.text = text.to_owned().into();
    problem
}

fn sorted(mut problems: Vec<Problem<'static>>) -> Vec<Problem<'static>> {
    problems.sort_by_key(|problem| (problem.position, problem.kind.to_string()));
    problems
}

fn owned(component: Component<'_>) -> Component<'static> {
    let mut out = Component::default();
    out.name = component.name.into_owned().into();
    out.lines = component.lines.into_iter().map(Line::into_owned).collect();
    out.components = component.components.into_iter().map(owned).collect();
    out.position = component.position;
    out
}
