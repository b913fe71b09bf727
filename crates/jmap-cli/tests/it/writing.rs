//! Files are written whole or not at all.

use std::fs;
use std::io::Read;
use std::process::Stdio;

use crate::program::{ICS, JSON, ODD, Place};

/// Many calendars in which something goes wrong at the end.
fn long_and_broken() -> String {
    let mut text = String::from("[");
    while text.len() < 9 << 20 {
        text.push_str(JSON);
        text.push(',');
    }
    text + "oops]"
}

#[test]
fn a_failed_input_leaves_the_old_file_and_nothing_else() {
    let place = Place::new()
        .with("odd.ics", ODD)
        .with("out.json", "old")
        .with("broken.json", long_and_broken());
    place.run(["convert", "--mode", "strict", "odd.ics", "-o", "out.json"]).ended(1);
    assert_eq!(place.read("out.json"), "old");
    place.run(["convert", "broken.json", "-o", "out.json"]).ended(1).says("error[not-jscalendar]");
    assert_eq!(place.read("out.json"), "old");
    place.run(["convert", "--mode", "strict", "odd.ics", "-o", "new.json"]).ended(1);
    assert_eq!(place.files(""), ["broken.json", "odd.ics", "out.json"]);
}

#[test]
fn strict_mode_writes_nothing_to_standard_output_before_all_is_well() {
    let mut text = ICS.replace("END:VCALENDAR\r\n", "");
    let event = ODD
        .split_inclusive("PRODID:-//example.com//EN\r\n")
        .nth(1)
        .unwrap()
        .replace("END:VCALENDAR\r\n", "");
    while text.len() < 9 << 20 {
        text.push_str(&event);
    }
    let place = Place::new().with("long.ics", text + "END:VCALENDAR\r\n");
    let run =
        place.run(["convert", "--mode", "strict", "long.ics"]).ended(1).says("error[not-exact]");
    assert_eq!(run.stdout, "");
}

#[test]
fn a_missing_directory_is_named() {
    let place = Place::new().with("a.ics", ICS);
    place
        .run(["convert", "a.ics", "-o", "no/where.json"])
        .ended(1)
        .says("there is no directory no; make it first");
}

#[cfg(unix)]
#[test]
fn devices_are_written_into_and_links_stay_links() {
    use std::os::unix::fs::{FileTypeExt, symlink};

    let place = Place::new().with("a.ics", ICS).with("target.json", "old");
    place.run(["convert", "a.ics", "-o", "/dev/null"]).quietly();
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    symlink("target.json", place.path("link.json")).unwrap();
    place.run(["convert", "a.ics", "-o", "link.json"]).quietly();
    assert!(fs::symlink_metadata(place.path("link.json")).unwrap().is_symlink());
    assert_eq!(place.json("target.json")["@type"], "Group");
}

#[cfg(unix)]
#[test]
fn files_have_the_mode_of_any_new_file_or_the_one_they_had() {
    use std::os::unix::fs::PermissionsExt;

    let place = Place::new().with("a.ics", ICS).with("plain", "").with("secret.json", "old");
    fs::set_permissions(place.path("secret.json"), fs::Permissions::from_mode(0o600)).unwrap();
    place.run(["convert", "a.ics", "-o", "secret.json"]).quietly();
    place.run(["convert", "a.ics", "-o", "new.json"]).quietly();
    let mode = |name| fs::metadata(place.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("secret.json"), 0o600);
    assert_eq!(mode("new.json"), mode("plain"));
    assert_eq!(place.json("secret.json")["@type"], "Group");
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let mut text = String::new();
    while text.len() < 1 << 20 {
        text.push_str(ICS);
    }
    let place = Place::new().with("a.ics", text);
    let mut command = place.command(["convert", "a.ics"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()),
        (Some(0), "")
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_leaves_no_half_files() {
    use std::thread::sleep;
    use std::time::Duration;

    let mut text = ICS.replace("END:VCALENDAR\r\n", "");
    let event = text.split_inclusive("PRODID:-//example.com//EN\r\n").nth(1).unwrap().to_owned();
    while text.len() < 16 << 20 {
        text.push_str(&event);
    }
    let place = Place::new().with("long.ics", text + "END:VCALENDAR\r\n").with("out.json", "old");
    let mut child = place.command(["convert", "long.ics", "-o", "out.json"]).spawn().unwrap();
    sleep(Duration::from_millis(200));
    child.kill().unwrap();
    if child.wait().unwrap().success() {
        println!("not run: the conversion was faster than the interrupt");
        return;
    }
    assert_eq!(place.files(""), ["long.ics", "out.json"]);
    assert_eq!(place.read("out.json"), "old");
}
