//! Laws.

use std::borrow::Cow;

use content_line::{
    Line, LineWriter, Lines, Position, Written, decode_input, escape_text_into, fold_into, parse,
    split_unescaped, unescape_text,
};
use proptest::{collection::vec, prelude::*};

use crate::splitting::{Dribble, from_slice, from_stream, tree, tree_of_blocks};

/// Text as calendars have it, with everything that has a meaning somewhere.
fn text() -> impl Strategy<Value = String> {
    vec(
        prop_oneof![
            8 => "[a-zA-Z0-9 .-]{1,9}",
            4 => "[\"^\\\\:;,='nN\t]{1,3}",
            1 => "[ä€😀\u{85}\u{2028}\u{FEFF}\u{A0}]",
        ],
        0..25,
    )
    .prop_map(|parts| parts.concat())
}

fn text_with_breaks() -> impl Strategy<Value = String> {
    vec(text(), 1..4).prop_map(|lines| lines.join("\n"))
}

fn name() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_-]{1,12}"
}

/// Inputs made of the pieces that the cutting cares about.
fn soup() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&[u8]] = &[
        b"BEGIN:VCALENDAR",
        b"END:VCALENDAR",
        b"BEGIN:VEVENT",
        b"end:vevent",
        b"BEGIN:X",
        b"END:X",
        b"BEG",
        b"IN:",
        b"EN",
        b"D:",
        b"UID:1",
        b"N;QUOTED-PRINTABLE:a",
        b"=",
        b";P=\"a:b\":c",
        b" ",
        b"\t",
        b"\xEF\xBB\xBF",
        b"\xC3\xA4",
        b"\xE4",
        b"\0",
        b"DESCRIPTION:of thirty-two characters",
    ];
    const ENDS: &[&[u8]] =
        &[b"\r\n", b"\r\n", b"\n", b"\n", b"\r", b"\r\r\n", b"\n ", b"", b"\n\n "];
    let parts = (prop::sample::select(PIECES), prop::sample::select(ENDS));
    vec(parts, 0..90).prop_map(|parts| {
        parts.into_iter().flat_map(|(piece, end)| [piece, end]).collect::<Vec<_>>().concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(
        group in proptest::option::of(name()),
        name in name(),
        params in vec((name(), vec(text_with_breaks(), 1..4)), 0..4),
        value in text_with_breaks(),
    ) {
        let mut writer = LineWriter::new();
        let mut line = writer.grouped(group.as_deref().unwrap_or_default(), &name);
        for (name, values) in &params {
            line = line.param_values(name, values);
        }
        prop_assert_eq!(line.value_text(&value), Written::AsGiven);
        let text = writer.into_string();
        prop_assert!(text.split_terminator("\r\n").all(|line| line.len() <= 75));

        let lines: Vec<_> = Lines::new(text.as_bytes()).map(Result::unwrap).collect();
        prop_assert_eq!(lines.len(), 1);
        prop_assert_eq!(lines[0].group(), group.as_deref());
        prop_assert_eq!(lines[0].name(), name);
        let read: Vec<(String, Vec<String>)> = lines[0]
            .params()
            .map(|param| (param.name().to_owned(), param.values().map(Cow::into_owned).collect()))
            .collect();
        prop_assert_eq!(read, params);
        prop_assert_eq!(unescape_text(lines[0].value()), value);
    }

    #[test]
    fn nothing_breaks_out(parts in vec(any::<String>(), 6)) {
        let mut writer = LineWriter::new();
        writer.grouped(&parts[0], &parts[1]).param(&parts[2], &parts[3]).value_raw(&parts[4]);
        writer.name("A").param_values("P", &parts).value_texts(',', &parts);
        writer.begin(&parts[1]);
        writer.line(&parts[5]);
        let count = writer.as_str().split_terminator("\r\n").filter(|line| !line.starts_with(' ')).count();
        prop_assert!(count <= 4, "{:?}", writer.as_str());
        prop_assert!(writer.as_str().replace("\r\n", "").chars().all(|c| c == '\t' || !c.is_ascii_control()));
    }

    #[test]
    fn escaping_goes_back(texts in vec(text_with_breaks(), 1..5)) {
        let escaped: Vec<String> = texts
            .iter()
            .map(|text| {
                let mut out = String::new();
                escape_text_into(&mut out, text);
                out
            })
            .collect();
        let list = escaped.join(",");
        let back: Vec<_> = split_unescaped(&list, ',').map(unescape_text).collect();
        prop_assert_eq!(back, texts);
    }

    #[test]
    fn folding_goes_back(line in text()) {
        let line = format!("A:{line}");
        let mut out = String::new();
        fold_into(&mut out, &line);
        let read = Lines::new(out.as_bytes()).next().unwrap().unwrap();
        prop_assert_eq!(read.as_str(), line);
    }

    #[test]
    fn folded_anywhere_is_unfolded(
        line in text(),
        cuts in vec((any::<prop::sample::Index>(), 0usize..4), 0..8),
    ) {
        let whole = format!("A:{line}").into_bytes();
        let mut folded = whole.clone();
        let mut cuts: Vec<_> = cuts.iter().map(|(cut, end)| (1 + cut.index(whole.len()), end)).collect();
        cuts.sort();
        cuts.dedup_by_key(|cut| cut.0);
        for (at, end) in cuts.into_iter().rev() {
            let fold: &[u8] = [&b"\r\n "[..], b"\n\t", b"\r ", b"\r\r\n "][*end];
            folded.splice(at..at, fold.iter().copied());
        }
        let plain = Line::parse(&whole, Position::START).unwrap();
        let read = Line::parse(&folded, Position::START).unwrap();
        prop_assert_eq!(read.as_str(), plain.as_str());
        prop_assert_eq!((read.name(), read.value()), (plain.name(), plain.value()));
    }

    #[test]
    fn a_stream_is_cut_like_a_slice(input in soup(), sizes in vec(1usize..40, 1..5)) {
        let stream = from_stream(Dribble { bytes: &input, sizes, turn: 0 });
        prop_assert_eq!(stream, from_slice(&input));
    }

    #[test]
    fn blocks_make_the_same_tree(input in soup()) {
        prop_assert_eq!(tree_of_blocks(&input), tree(&input));
    }

    #[test]
    fn lines_are_those_of_the_parts(input in soup()) {
        for line in Lines::new(&input).flatten() {
            let start = usize::try_from(line.position().offset).unwrap();
            let alone = Line::parse(&input[start..], line.position()).unwrap();
            prop_assert_eq!(alone, line);
        }
    }

    #[test]
    fn random_bytes(input in vec(any::<u8>(), 0..300), ends in vec(any::<prop::sample::Index>(), 0..40)) {
        let mut input = input;
        for (i, end) in ends.iter().enumerate() {
            if let Some(byte) = (!input.is_empty()).then(|| end.index(input.len())).and_then(|at| input.get_mut(at)) {
                *byte = b"\r\n :;\"=,^"[i % 9];
            }
        }
        for line in Lines::new(&input).flatten() {
            for param in line.params() {
                prop_assert!(param.values().count() > 0);
            }
        }
        let _ = parse(&decode_input(&input));
        prop_assert_eq!(tree_of_blocks(&input), tree(&input));
        prop_assert_eq!(from_stream(&*input), from_slice(&input));
    }
}
