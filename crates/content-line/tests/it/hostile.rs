//! Inputs made to break a reader: each takes time and memory in proportion to its size, and no stack.

use std::time::{Duration, Instant};

use content_line::{BlockReader, Lines, MAX_DEPTH, ProblemKind, parse};

use crate::splitting::{from_slice, tree, tree_of_blocks};

/// Far more than a debug build needs for a megabyte, and far less than anything quadratic would take.
const LIMIT: Duration = Duration::from_secs(10);

fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    const MB: usize = 1 << 20;
    let repeated = |text: &str| text.repeat(MB / text.len()).into_bytes();
    let with = |head: &str, text: &str| [head.as_bytes(), &repeated(text)].concat();
    vec![
        ("nested begins", repeated("BEGIN:VEVENT\n")),
        ("nested calendars", repeated("BEGIN:VCALENDAR\n")),
        ("nested begins in a calendar", with("BEGIN:VCALENDAR\n", "BEGIN:A\n")),
        ("stray ends", repeated("END:A\n")),
        ("stray ends in a calendar", with("BEGIN:VCALENDAR\n", "END:A\n")),
        ("mismatched ends, deep", [b"BEGIN:A\n".repeat(MAX_DEPTH), repeated("END:B\n")].concat()),
        ("begin and end", repeated("BEGIN:A\nEND:A\n")),
        (
            "too deep, again and again",
            [b"BEGIN:A\n".repeat(MAX_DEPTH), repeated("BEGIN:A\nEND:A\n")].concat(),
        ),
        ("one letter a line", repeated("a\n")),
        ("empty properties", repeated("a:\n")),
        ("line feeds", repeated("\n")),
        ("carriage returns", repeated("\r")),
        ("carriage returns in a value", with("A:", "\r")),
        ("folds", with("A:", "\n ")),
        ("folds over blank lines", with("A:", "\n\n ")),
        ("blank lines of spaces", repeated("   \n")),
        ("spaces", repeated(" ")),
        ("folded spaces", with("A:", "\n      ")),
        ("a folded begin", with("BEGIN:", "\n A")),
        ("half a begin", with("BE", "\n ")),
        ("quotes", with("A;B=", "\"")),
        ("open quotes", with("A", ";B=\"x")),
        ("quoted and no value", with("A;B=", "\"a\",")),
        ("params", with("A", ";B=c")),
        ("semicolons", with("A", ";")),
        ("equals signs", with("A;B", "=")),
        ("carets", with("A;B=", "^")),
        ("colons", repeated(":")),
        ("soft line breaks", with("A;QUOTED-PRINTABLE:", "=\n")),
        ("soft line breaks and text", with("A;QUOTED-PRINTABLE:", "b=\n")),
        ("soft line breaks before ends", with("A;QUOTED-PRINTABLE:", "b=\nEND:X\n")),
        ("equals signs at line ends", repeated("A=\n")),
        ("byte order marks", repeated("\u{FEFF}")),
        ("half marks", b"\xEF\xBB".repeat(MB / 2)),
        ("invalid bytes", b"A:\xFF\n".repeat(MB / 4)),
        ("invalid bytes in one line", b"\xFF".repeat(MB)),
        ("nuls", vec![0; MB]),
        ("utf-16", [b"A\0".as_slice(), &b"\n\0B\0:\0".repeat(MB / 6)].concat()),
    ]
}

#[test]
fn a_megabyte_of_anything() {
    for (what, input) in hostile() {
        let start = Instant::now();
        for line in Lines::new(&input).flatten() {
            let _ = line.params().map(|param| param.values().count()).sum::<usize>();
        }
        let parsed = parse(&input);
        let mut blocks = BlockReader::new(&*input);
        let mut count = 0;
        while blocks.next_block().unwrap().is_some() {
            count += 1;
        }
        assert_eq!(count, from_slice(&input).len(), "{what}");
        let took = start.elapsed();
        println!("{what}: {took:?}, {count} blocks, {} problems", parsed.problems.len());
        assert!(took < LIMIT, "{what}: {took:?}");
    }
}

#[test]
fn blocks_make_the_same_tree() {
    for (what, input) in hostile() {
        let end = input.len().min(2000);
        assert_eq!(tree_of_blocks(&input[..end]), tree(&input[..end]), "{what}");
    }
}

#[test]
fn sixty_thousand_nested_begins() {
    let depth = 60_000;
    let begins = "BEGIN:VEVENT\r\n".repeat(depth);
    let ends = "END:VEVENT\r\n".repeat(depth);

    let closed = format!("{begins}{ends}");
    let parsed = parse(closed.as_bytes());
    assert_eq!((parsed.components.len(), parsed.problems.len()), (1, 1));
    assert_eq!(parsed.problems[0].kind, ProblemKind::TooDeep);
    assert_eq!(
        parsed.problems[0].text.len(),
        closed.len() - MAX_DEPTH * ("BEGIN:VEVENT\r\nEND:VEVENT\r\n".len())
    );

    let parsed = parse(begins.as_bytes());
    let missing =
        parsed.problems.iter().filter(|problem| problem.kind == ProblemKind::MissingEnd).count();
    assert_eq!(
        (parsed.components.len(), missing, parsed.problems.len()),
        (1, MAX_DEPTH, MAX_DEPTH + 1)
    );
    let mut depth = 0;
    let mut level = &parsed.components;
    while let Some(component) = level.first() {
        level = &component.components;
        depth += 1;
    }
    assert_eq!(depth, MAX_DEPTH);
}

#[test]
fn a_million_stray_ends() {
    let input = b"END:VEVENT\n".repeat(1_000_000);
    let parsed = parse(&input);
    assert_eq!(parsed.problems.len(), 1_000_000);
    assert!(parsed.problems.iter().all(|problem| problem.kind == ProblemKind::StrayEnd));
}

#[test]
fn a_long_component_over_many_reads() {
    let input = format!("BEGIN:VEVENT\n{}END:VEVENT\n", "ATTACH:AAAA\n BBBB\n".repeat(60_000));
    let mut blocks = BlockReader::new(input.as_bytes());
    match blocks.next_block().unwrap() {
        Some(content_line::Block::Component { bytes, .. }) => assert_eq!(bytes, input.as_bytes()),
        other => panic!("{other:?}"),
    }
}
