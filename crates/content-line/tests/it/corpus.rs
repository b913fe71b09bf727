//! Real calendars and cards. They are no part of the project; without them these tests say that they did not run.

use std::{fs, path::Path};

use content_line::{Component, Decoding, Lines, Written, decode_input, parse};

use crate::splitting::{Dribble, from_slice, from_stream, tree, tree_of_blocks};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");

fn files(folder: &str) -> Vec<(String, Vec<u8>)> {
    let Ok(entries) = fs::read_dir(Path::new(CORPUS).join(folder)) else {
        println!("not run: corpus not found");
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| {
            (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn check(folder: &str) {
    let files = files(folder);
    let (mut bytes, mut lines, mut owned, mut latin, mut problems, mut clean) = (0, 0, 0, 0, 0, 0);
    for (name, input) in &files {
        bytes += input.len();
        for line in Lines::new(input) {
            lines += 1;
            let Ok(line) = line else { continue };
            latin += usize::from(line.decoding() == Decoding::Windows1252);
            assert!(line.params().all(|param| param.values().count() > 0), "{name}: {line:?}");
            owned += usize::from(matches!(line.into_text(), std::borrow::Cow::Owned(_)));
        }
        let found = parse(input).problems.len();
        problems += found;
        clean += usize::from(found == 0);
        assert_eq!(tree_of_blocks(input), tree(input), "{name}");
        let slice = from_slice(input);
        assert_eq!(from_stream(&**input), slice, "{name}");
        assert_eq!(
            from_stream(Dribble { bytes: input, sizes: vec![7, 1, 300], turn: 0 }),
            slice,
            "{name}"
        );
    }
    println!(
        "{folder}: {} files, {bytes} bytes, {lines} lines, {owned} of them with a text of their own, \
         {latin} in Windows-1252, {problems} problems, {clean} files without any",
        files.len()
    );
}

#[test]
fn calendars() {
    check("ical");
}

#[test]
fn cards() {
    check("vcard");
}

#[test]
fn large_files() {
    check("large");
}

/// Every line that is written again as it was read says the same.
#[test]
fn written_again() {
    let mut writer = content_line::LineWriter::new();
    let (mut same, mut altered) = (0, 0);
    for (name, input) in files("ical").into_iter().chain(files("vcard")) {
        let input = decode_input(&input);
        let parsed = parse(&input);
        for line in parsed.components.iter().flat_map(all_lines) {
            writer.clear();
            let mut builder = writer.grouped(line.group().unwrap_or_default(), line.name());
            for param in line.params() {
                builder = builder.param_values(param.name(), param.values());
            }
            match builder.value_raw(line.value()) {
                Written::AsGiven => {
                    let again = Lines::new(writer.as_str().as_bytes()).next().unwrap().unwrap();
                    assert_eq!(
                        (again.group(), again.name(), again.value()),
                        (line.group(), line.name(), line.value()),
                        "{name}: {line:?}"
                    );
                    let params = |line: &content_line::Line<'_>| {
                        line.params()
                            .map(|p| {
                                (
                                    p.name().to_owned(),
                                    p.values().map(String::from).collect::<Vec<_>>(),
                                )
                            })
                            .collect::<Vec<_>>()
                    };
                    assert_eq!(params(&again), params(line), "{name}: {line:?}");
                    same += 1;
                }
                _ => altered += 1,
            }
        }
    }
    println!(
        "written again: {same} lines the same, {altered} with characters that have no place in a line"
    );
}

fn all_lines<'c, 'a>(component: &'c Component<'a>) -> Vec<&'c content_line::Line<'a>> {
    let mut lines: Vec<_> = component.lines.iter().collect();
    for inner in &component.components {
        lines.extend(all_lines(inner));
    }
    lines
}
