//! Components: the tree between `BEGIN` and `END`.

use std::{borrow::Cow, collections::VecDeque};

use crate::{
    Decoding, Line, Lines, Position, Problem, ProblemKind,
    line::Delimiter,
    nesting::{Begun, Ended, Nesting},
};

/// One component with its lines and the components in it, each in source order (RFC 5545 section 3.4).
///
/// ```
/// use content_line::{Component, Position};
///
/// let (event, problems) =
///     Component::parse(b"BEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nEND:VALARM\nEND:VEVENT", Position::START);
/// assert!(event.is("vevent") && problems.is_empty());
/// assert_eq!(event.line("UID").unwrap().value(), "1");
/// assert_eq!(event.components[0].name, "VALARM");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Component<'a> {
    /// The name as written, without white space around it.
    pub name: Cow<'a, str>,
    /// Its own lines, without `BEGIN` and `END`.
    pub lines: Vec<Line<'a>>,
    /// The components directly in it.
    pub components: Vec<Self>,
    /// Where its `BEGIN` is.
    pub position: Position,
}

impl<'a> Component<'a> {
    /// Reads one component, such as [`Block::Component`](crate::Block::Component) has; `first` is the position of the
    /// first byte.
    ///
    /// Only the first component counts. Lines before it go into `problems` if they are none, and are dropped otherwise; without any
    /// `BEGIN` the result is a component without a name that holds the lines.
    pub fn parse(bytes: &'a [u8], first: Position) -> (Self, Vec<Problem<'a>>) {
        let mut loose = Vec::new();
        let mut problems = Vec::new();
        let mut items = Components::starting_at(bytes, first);
        while let Some(item) = items.next() {
            match item {
                Item::Component(component) => {
                    problems.extend(items.problems);
                    return (component, problems);
                }
                Item::Line(line) => loose.push(line),
                Item::Problem(problem) => problems.push(problem),
            }
        }
        (Self { lines: loose, position: first, ..Self::default() }, problems)
    }

    /// Whether this is the component `name`, in whatever case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The first line of that name.
    pub fn line(&self, name: &str) -> Option<&Line<'a>> {
        self.lines.iter().find(|line| line.is(name))
    }

    /// All lines of that name.
    pub fn lines_named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Line<'a>> + 's {
        self.lines.iter().filter(move |line| line.is(name))
    }
}

/// What stands at the top level of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Item<'a> {
    /// A component, complete as far as the input goes.
    Component(Component<'a>),
    /// A line outside any component.
    Line(Line<'a>),
    /// Something wrong, there or within the component that came before it.
    Problem(Problem<'a>),
}

/// The top level of an input, one component at a time; the problems within a component come after it.
///
/// An input may hold several `VCALENDAR`s or `VCARD`s, and lines outside them. Nothing is refused:
///
/// * A component without `END` is closed by the `END` of an outer one, by `BEGIN:VCALENDAR` (which is never inside
///   anything), or by the end of the input.
/// * An `END` that names no open component is ignored.
/// * Components nested deeper than [`MAX_DEPTH`](crate::MAX_DEPTH) are not read but kept as text in the problem.
///
/// ```
/// use content_line::{Components, Item};
///
/// let mut items = Components::new(b"BEGIN:VEVENT\nUID:1\noops\nX:outside? no, END is missing");
/// let Some(Item::Component(event)) = items.next() else { panic!() };
/// assert_eq!(event.lines.len(), 2);
/// let Some(Item::Problem(problem)) = items.next() else { panic!() };
/// assert_eq!(problem.to_string(), "line 3: not a content line: `oops`");
/// let Some(Item::Problem(problem)) = items.next() else { panic!() };
/// assert_eq!(problem.to_string(), "line 1: component without end: `VEVENT`");
/// ```
#[derive(Debug)]
pub struct Components<'a> {
    lines: Lines<'a>,
    nesting: Nesting,
    open: Vec<Component<'a>>,
    /// Where the block beyond the depth limit starts.
    deep: Option<(usize, Position)>,
    /// Found within the component that is being built, or that came last.
    problems: VecDeque<Problem<'a>>,
    /// Whether that component is out, so that its problems are next.
    reporting: bool,
}

impl<'a> Components<'a> {
    /// Reads a whole input.
    pub fn new(input: &'a [u8]) -> Self {
        Self::starting_at(input, Position::START)
    }

    /// Reads a part of an input, whose first byte stands at `first`.
    pub fn starting_at(input: &'a [u8], first: Position) -> Self {
        Self {
            lines: Lines::starting_at(input, first),
            nesting: Nesting::default(),
            open: Vec::new(),
            deep: None,
            problems: VecDeque::new(),
            reporting: false,
        }
    }

    #[inline]
    fn line(&mut self, line: Line<'a>) -> Option<Item<'a>> {
        match line.delimiter() {
            Delimiter::Begin => self.begin(line),
            Delimiter::End => self.end(line),
            Delimiter::None if self.deep.is_some() => None,
            Delimiter::None => {
                if line.decoding() != Decoding::Utf8 {
                    let text = Cow::Owned(line.as_str().to_owned());
                    self.problems.push_back(Problem::new(
                        ProblemKind::NotUtf8,
                        line.position(),
                        text,
                    ));
                }
                match self.open.last_mut() {
                    Some(component) => {
                        if component.lines.is_empty() {
                            component.lines.reserve(16);
                        }
                        component.lines.push(line);
                        None
                    }
                    None => {
                        self.reporting = true;
                        Some(Item::Line(line))
                    }
                }
            }
        }
    }

    fn begin(&mut self, line: Line<'a>) -> Option<Item<'a>> {
        let position = line.position();
        let name = trimmed(line.into_value());
        let mut begun = self.nesting.begin(&name);
        let mut closed = None;
        if begun == Begun::ClosesAll {
            closed = self.close(self.nesting.depth(), self.lines.line_start(), false);
            begun = self.nesting.begin(&name);
        }
        match begun {
            Begun::TooDeep => self.deep = Some((self.lines.line_start(), position)),
            Begun::Skipped => {}
            Begun::Opened | Begun::ClosesAll => {
                self.open.push(Component { name, position, ..Component::default() })
            }
        }
        closed
    }

    fn end(&mut self, line: Line<'a>) -> Option<Item<'a>> {
        let open = self.open.iter().rev().map(|component| &*component.name);
        let kind = match self.nesting.end(line.value().trim_ascii(), open) {
            Ended::Closed(count) => return self.close(count, self.lines.line_start(), true),
            Ended::DeepClosed => {
                self.close_deep(self.lines.offset());
                return None;
            }
            Ended::Skipped => return None,
            Ended::Stray => ProblemKind::StrayEnd,
            Ended::Mismatched => ProblemKind::MismatchedEnd,
        };
        self.problem(Problem::new(kind, line.position(), line.into_text()))
    }

    /// Closes the innermost `count` components at the byte `at`; the outermost of them has its `END` if `ended`.
    fn close(&mut self, count: usize, at: usize, ended: bool) -> Option<Item<'a>> {
        self.close_deep(at);
        self.nesting.close(count);
        for left in (0..count).rev() {
            let component = self.open.pop()?;
            if left > 0 || !ended {
                let name = component.name.clone();
                self.problems.push_back(Problem::new(
                    ProblemKind::MissingEnd,
                    component.position,
                    name,
                ));
            }
            match self.open.last_mut() {
                Some(parent) => parent.components.push(component),
                None => {
                    self.reporting = true;
                    return Some(Item::Component(component));
                }
            }
        }
        None
    }

    fn close_deep(&mut self, to: usize) {
        if let Some((from, position)) = self.deep.take() {
            self.problems.push_back(Problem::new(
                ProblemKind::TooDeep,
                position,
                self.lines.raw(from, to),
            ));
        }
    }

    fn problem(&mut self, problem: Problem<'a>) -> Option<Item<'a>> {
        match (self.open.is_empty(), &self.deep) {
            (true, _) => return Some(Item::Problem(problem)),
            (false, None) => self.problems.push_back(problem),
            // Its text is part of the whole block's.
            (false, Some(_)) => {}
        }
        None
    }
}

impl<'a> Iterator for Components<'a> {
    type Item = Item<'a>;

    fn next(&mut self) -> Option<Item<'a>> {
        if self.reporting {
            if let Some(problem) = self.problems.pop_front() {
                return Some(Item::Problem(problem));
            }
            self.reporting = false;
        }
        while let Some(read) = self.lines.next() {
            let item = match read {
                Ok(line) => self.line(line),
                Err(problem) => self.problem(problem),
            };
            if item.is_some() {
                return item;
            }
        }
        self.close(self.nesting.depth(), self.lines.offset(), false)
    }
}

pub(crate) fn trimmed(name: Cow<'_, str>) -> Cow<'_, str> {
    match name {
        Cow::Borrowed(name) => Cow::Borrowed(name.trim_ascii()),
        Cow::Owned(name) => Cow::Owned(name.trim_ascii().to_owned()),
    }
}

/// A whole input at once. See [`parse`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parsed<'a> {
    /// The top-level components.
    pub components: Vec<Component<'a>>,
    /// The lines outside any component.
    pub lines: Vec<Line<'a>>,
    /// What is wrong.
    pub problems: Vec<Problem<'a>>,
}

/// Reads a whole input; [`Components`] is the same, one component at a time.
///
/// ```
/// let parsed = content_line::parse(b"BEGIN:VCARD\r\nFN:Jo\r\nEND:VCARD\r\n");
/// assert_eq!(parsed.components[0].line("fn").unwrap().value(), "Jo");
/// assert!(parsed.lines.is_empty() && parsed.problems.is_empty());
/// ```
pub fn parse(input: &[u8]) -> Parsed<'_> {
    let mut parsed = Parsed::default();
    for item in Components::new(input) {
        match item {
            Item::Component(component) => parsed.components.push(component),
            Item::Line(line) => parsed.lines.push(line),
            Item::Problem(problem) => parsed.problems.push(problem),
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MAX_DEPTH;

    fn show(input: &str) -> String {
        fn tree(component: &Component<'_>) -> String {
            let lines = component.lines.iter().map(|line| line.as_str().to_owned());
            let parts: Vec<_> = lines.chain(component.components.iter().map(tree)).collect();
            format!("{}({})", component.name, parts.join(" "))
        }
        let items = Components::new(input.as_bytes()).map(|item| match item {
            Item::Component(component) => tree(&component),
            Item::Line(line) => line.as_str().to_owned(),
            Item::Problem(problem) => format!("! {problem}"),
        });
        items.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn several_and_loose() {
        insta::assert_snapshot!(show("X:0\nbegin:vcalendar\nV:2\nBEGIN: VEVENT \nU:1\nEND:VEVENT\nend:VCALENDAR\nEND:A\nBEGIN:VCARD\nEND:VCARD"), @r"
        X:0
        vcalendar(V:2 VEVENT(U:1))
        ! line 8: end without begin: `END:A`
        VCARD()
        ");
    }

    #[test]
    fn missing_and_wrong_ends() {
        insta::assert_snapshot!(show("BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VALARM\nA:1\nEND:VEVENT\nEND:VEVNT\nBEGIN:VTODO\nbad\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\nX:1"), @r"
        VCALENDAR(VEVENT(VALARM(A:1)) VTODO())
        ! line 3: component without end: `VALARM`
        ! line 6: end of a component that is not open: `END:VEVNT`
        ! line 8: not a content line: `bad`
        ! line 7: component without end: `VTODO`
        ! line 1: component without end: `VCALENDAR`
        VCALENDAR(VEVENT())
        ! line 10: component without end: `VEVENT`
        X:1
        ");
    }

    #[test]
    fn too_deep_is_kept_as_text() {
        let deep = MAX_DEPTH + 3;
        let input = format!(
            "BEGIN:VCALENDAR\n{}X:1\n{}Y:1\nEND:VCALENDAR\n",
            "BEGIN:A\n".repeat(deep),
            "END:A\n".repeat(deep)
        );
        let parsed = parse(input.as_bytes());
        assert_eq!(parsed.problems.len(), 1);
        let problem = &parsed.problems[0];
        assert_eq!(
            (problem.kind, problem.position.line as usize),
            (ProblemKind::TooDeep, MAX_DEPTH + 2)
        );
        assert_eq!(problem.text, "BEGIN:A\nBEGIN:A\nBEGIN:A\nX:1\nEND:A\nEND:A\nEND:A\n");
        assert_eq!(parsed.components[0].lines[0].as_str(), "Y:1");
    }

    #[test]
    fn a_block_without_begin() {
        let (component, problems) = Component::parse(b"A:1\nbad", Position::new(10, 3));
        assert_eq!((&*component.name, component.lines.len(), problems.len()), ("", 1, 1));
        assert_eq!(problems[0].position, Position::new(14, 4));
    }
}
