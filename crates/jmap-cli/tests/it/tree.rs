//! Several inputs and directories.

use std::ffi::OsStr;
use std::fs;

use crate::program::{ICS, JSON, Place};

#[test]
fn a_directory_is_mirrored() {
    let place = Place::new()
        .with("in/a.ics", ICS)
        .with("in/b/c/d.ICS", ICS)
        .with("in/b/e.json", JSON)
        .with("in/b/f.ical", ICS)
        .with("in/g.ifb", ICS)
        .with("in/h.icalendar", ICS)
        .with("in/i.vcs", ICS);
    place.run(["convert", "in", "-o", "out"]).quietly();
    assert_eq!(
        place.files("out"),
        ["a.json", "b/c/d.json", "b/e.ics", "b/f.json", "g.json", "h.json", "i.json"]
    );
    assert!(place.read("out/b/e.ics").contains("SUMMARY:Tea"));
    let again = place.run(["convert", "in", "-o", "out"]).quietly();
    assert_eq!(again.stdout, "");
}

#[test]
fn other_files_are_skipped_and_counted_once() {
    let place = Place::new()
        .with("in/a.ics", ICS)
        .with("in/b.txt", "")
        .with("in/c/README", "")
        .with("in/c/.ics", ICS);
    let run = place.run(["convert", "in", "-o", "out"]).ended(0);
    insta::assert_snapshot!(run.stderr, @"in: note[skipped-files]: 3 files were skipped: only .ics, .ical, .ifb, .icalendar, .vcs and .json count");
    assert_eq!(place.files("out"), ["a.json"]);
}

#[test]
fn an_empty_directory_is_worth_a_note() {
    let place = Place::new();
    fs::create_dir(place.path("in")).unwrap();
    place
        .run(["convert", "in", "-o", "out"])
        .ended(0)
        .says("in: note[empty]: there is no file in it");
}

#[cfg(unix)]
#[test]
fn a_pipe_in_a_directory_is_not_waited_for() {
    let place = Place::new().with("in/a.ics", ICS);
    let made = std::process::Command::new("mkfifo").arg(place.path("in/b.ics")).status();
    if !made.is_ok_and(|status| status.success()) {
        println!("not run: there is no mkfifo");
        return;
    }
    place
        .run(["convert", "in", "-o", "out"])
        .ended(0)
        .says("note[skipped-files]: 1 file was skipped");
    assert_eq!(place.files("out"), ["a.json"]);
}

#[test]
fn a_name_that_would_be_taken_twice_keeps_its_old_extension() {
    let place = Place::new().with("in/a.ics", ICS).with("in/a.vcs", ICS).with("in/a.vcs.ics", ICS);
    place.run(["convert", "in", "-o", "out"]).quietly();
    assert_eq!(place.files("out"), ["a.json", "a.vcs.2.json", "a.vcs.json"]);

    let place = Place::new().with("x/a.ics", ICS).with("y/a.ics", ICS);
    place.run(["convert", "x/a.ics", "y/a.ics", "-o", "out"]).quietly();
    assert_eq!(place.files("out"), ["a.ics.json", "a.json"]);
}

#[test]
fn the_content_decides_on_the_new_extension() {
    let place = Place::new().with("in/a.ics", JSON).with("in/b.json", ICS);
    place.run(["convert", "in", "-o", "out"]).quietly();
    assert_eq!(place.files("out"), ["a.ics", "b.json"]);
}

#[test]
fn files_directories_and_standard_input_go_together() {
    let place = Place::new().with("in/b/a.ics", ICS).with("c.json", JSON);
    place.pipe(["convert", "in", "c.json", "-", "-o", "out"], ICS.as_bytes()).quietly();
    assert_eq!(place.files("out"), ["b/a.json", "c.ics", "stdin.json"]);
}

#[test]
fn results_beside_their_inputs_replace_none_of_them() {
    let place = Place::new().with("in/a.ics", ICS).with("in/a.json", JSON).with("in/b.ics", ICS);
    place.run(["convert", "in", "-o", "in"]).quietly();
    assert_eq!(
        place.files("in"),
        ["a.ics", "a.ics.json", "a.json", "a.json.ics", "b.ics", "b.json"]
    );
    assert_eq!(
        (place.read("in/a.ics"), place.read("in/a.json")),
        (ICS.to_owned(), JSON.to_owned())
    );
}

#[test]
fn the_output_is_no_input() {
    let place = Place::new().with("in/a.ics", ICS);
    for _ in 0..2 {
        place.run(["convert", "in", "-o", "in/out"]).quietly();
        assert_eq!(place.files("in"), ["a.ics", "out/a.json"]);
    }
}

#[test]
fn one_bad_input_does_not_stop_the_rest() {
    let place = Place::new()
        .with("in/1.ics", "nothing of the kind")
        .with("in/2.ics", ICS)
        .with("in/3.json", "{\"@type\":\"Event\",")
        .with("in/4.json", "{\"name\":\"left-pad\"}")
        .with("in/5.ics", "")
        .with("in/6.ics", ICS);
    let run = place.run(["convert", "in", "missing.ics", "-o", "out"]).ended(1);
    assert_eq!(place.files("out"), ["2.json", "6.json"]);
    insta::assert_snapshot!(run.stderr, @r#"
    in/1.ics: error[unknown-kind]: neither iCalendar (no BEGIN:VCALENDAR in it) nor JSCalendar (no JSON)
    in/3.json: error[not-jscalendar]: not JSCalendar: EOF while parsing a value at line 1 column 17
    in/4.json: error[unknown-kind]: JSON, but neither Event nor Task nor Group of JSCalendar: it has no @type
    in/5.ics: error[unknown-kind]: there is nothing in it
    missing.ics: error[not-found]: there is no such file; check the spelling and the directory
    5 of 7 inputs failed
    "#);
}

#[cfg(unix)]
#[test]
fn links_are_read_but_lead_into_no_loop() {
    use std::os::unix::fs::symlink;

    let place = Place::new().with("in/a/b.ics", ICS).with("elsewhere/c.ics", ICS);
    symlink("..", place.path("in/a/up")).unwrap();
    symlink("../elsewhere", place.path("in/other")).unwrap();
    symlink("self.ics", place.path("in/self.ics")).unwrap();
    symlink("../elsewhere/c.ics", place.path("in/c.ics")).unwrap();
    symlink("in", place.path("entry")).unwrap();
    let run = place.run(["convert", "entry", "-o", "out"]).ended(1);
    assert_eq!(place.files("out"), ["a/b.json", "c.json"]);
    let run = run.says("entry: note[skipped-links]: 2 links to directories were not followed");
    run.says("entry/self.ics: error[");
}

#[cfg(unix)]
#[test]
fn names_need_not_be_utf_8() {
    use std::os::unix::ffi::OsStrExt;

    let name = OsStr::from_bytes(b"caf\xE9.ics");
    let place = Place::new().with(name, ICS);
    place
        .run([OsStr::new("convert"), name, OsStr::new("-o"), OsStr::from_bytes(b"\xFF")])
        .quietly();
    assert!(place.path(OsStr::from_bytes(b"\xFF")).is_file());
    fs::create_dir(place.path("in")).unwrap();
    fs::rename(place.path(name), place.path("in").join(name)).unwrap();
    place.run(["convert", "in", "-o", "out"]).quietly();
    assert!(place.path("out").join(OsStr::from_bytes(b"caf\xE9.json")).is_file());
}
