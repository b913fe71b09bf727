//! Wrong usage, help, and the commands about the program itself.

use std::ffi::OsStr;
use std::path::Path;

use crate::program::{ICS, JSON, Place};

#[test]
fn several_inputs_need_a_directory() {
    let place =
        Place::new().with("a.ics", ICS).with("b.ics", ICS).with("c/d.ics", ICS).with("file", "");
    place
        .run(["convert", "a.ics", "b.ics"])
        .ended(2)
        .says("several inputs are converted into a directory: say where with -o DIR");
    place.run(["convert", "a.ics", "missing.ics"]).ended(2).says("-o DIR");
    place
        .run(["convert", "c"])
        .ended(2)
        .says("a directory is converted into a directory: say where with -o DIR");
    place.run(["convert", "c", "-o", "file"]).ended(2).says("file is not a directory");
    place.run(["convert", "a.ics", "b.ics", "-o", "file"]).ended(2).says("file is not a directory");
    assert_eq!(place.read("file"), "");
}

#[test]
fn an_input_is_never_the_output() {
    let place = Place::new().with("a.json", JSON);
    let whole = place.path("a.json");
    for output in [Path::new("a.json"), Path::new("./a.json"), &whole] {
        let args = ["convert", "--to", "jscal", "--pretty", "a.json", "-o"].map(OsStr::new);
        let run = place.run(args.into_iter().chain([output.as_os_str()])).ended(2);
        run.says("is the input itself: give another name with -o");
    }
    assert_eq!(place.read("a.json"), JSON);
}

#[test]
fn standard_input_comes_once() {
    Place::new().run(["convert", "-", "-", "-o", "out"]).ended(2).says("only once");
    Place::new().run(["check", "-", "-"]).ended(2).says("only once");
}

#[test]
fn wrong_values_are_answered_with_right_ones() {
    let place = Place::new().with("a.ics", ICS);
    place.run(["convert", "--to", "jcal", "a.ics"]).ended(2).says("[possible values: ical, jscal]");
    place.run(["convert", "--mode", "strikt", "a.ics"]).ended(2).says("'strict'");
    place
        .run(["convert", "--jscal-version", "3.0", "a.ics"])
        .ended(2)
        .says("[possible values: 2.0, 1.0]");
    place.run(["convert", "--now", "yesterday", "a.ics"]).ended(2).says("2026-03-01T09:00:00Z");
    place.run(["convert", "--expand", "March", "a.ics"]).ended(2).says("expected FROM..TO");
    place
        .run(["convert", "--expand", "2026-03-01..", "a.ics"])
        .ended(2)
        .says("both ends are needed");
    place
        .run(["convert", "--expand", "2026-04-01..2026-03-01", "a.ics"])
        .ended(2)
        .says("FROM has to be before TO");
    place.run(["convert", "--prety", "a.ics"]).ended(2).says("'--pretty'");
    place.run(["konvert", "a.ics"]).ended(2).says("'convert'");
    place.run(["completions", "bosh"]).ended(2).says("bash");
    place.run(["man", "konvert"]).ended(2).says("convert, check");
}

#[test]
fn contacts_are_known_but_not_yet_converted() {
    let card = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Jo\r\nEND:VCARD\r\n";
    let place =
        Place::new().with("a.ics", ICS).with("jo.vcf", card).with("jo.json", r#"{"@type":"Card"}"#);
    place.run(["convert", "--to", "vcard", "a.ics"]).ended(2).says("vCard is not supported yet");
    place
        .run(["convert", "--to", "jscontact", "a.ics"])
        .ended(2)
        .says("JSContact is not supported yet");
    place
        .run(["convert", "jo.vcf"])
        .ended(1)
        .says("jo.vcf: error[unsupported-kind]: this is vCard");
    place
        .run(["convert", "jo.json"])
        .ended(1)
        .says("jo.json: error[unsupported-kind]: this is JSContact");
    place.run(["check", "jo.vcf"]).ended(1).says("error[unsupported-kind]");
    assert!(!place.run(["convert", "--help"]).ended(0).stdout.contains("vcard"));
}

#[test]
fn help_shows_examples() {
    let place = Place::new();
    for args in [
        &["--help"][..],
        &["convert", "--help"],
        &["check", "--help"],
        &["serve", "--help"],
        &["completions", "--help"],
        &["man", "--help"],
    ] {
        let run = place.run(args).ended(0);
        assert!(
            run.stdout.contains("Example") && run.stdout.contains("  jmapctl "),
            "{args:?}: {}",
            run.stdout
        );
    }
    let run = place.run([""; 0]).ended(2);
    assert!(run.stderr.contains("Usage: jmapctl <COMMAND>"), "{run:?}");
}

#[test]
fn the_version_is_that_of_the_package() {
    let run = Place::new().run(["--version"]).quietly();
    assert_eq!(run.stdout, concat!("jmapctl ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn completions_and_manual_pages_name_the_commands() {
    let place = Place::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = place.run(["completions", shell]).quietly();
        assert!(run.stdout.contains("jmapctl") && run.stdout.contains("jscal-version"), "{shell}");
    }
    let page = place.run(["man"]).quietly().stdout;
    assert!(page.contains(".TH jmapctl 1") && page.contains("jmapctl\\-convert"), "{page}");
    let page = place.run(["man", "convert"]).quietly().stdout;
    assert!(page.contains("jscal\\-version") && !page.contains("jscontact"), "{page}");
}
