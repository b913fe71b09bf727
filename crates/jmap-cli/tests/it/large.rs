//! Large inputs give the same as small ones, in bounded memory.

use std::fs::File;
use std::process::Stdio;

use crate::program::{ICS, Place, Run};

/// A calendar of more than `size` bytes, with nothing in it that is said twice.
fn calendar(size: usize) -> String {
    let (head, event) = ICS.split_once("BEGIN:VEVENT").unwrap();
    let event = event.replace("END:VCALENDAR\r\n", "");
    let mut text = String::with_capacity(size + 1000);
    text.push_str(head);
    for number in 0.. {
        if text.len() > size {
            break;
        }
        text.push_str("BEGIN:VEVENT");
        text.push_str(&event.replace("UID:e1", &format!("UID:e{number}")));
    }
    text + "END:VCALENDAR\r\n"
}

#[test]
fn a_large_file_gives_what_a_small_one_would() {
    // Past the size from which files are streamed; a pipe of that size is still held in memory.
    let text = calendar(9 << 20);
    let place = Place::new().with("a.ics", &text);
    let streamed = place.run(["convert", "a.ics"]).quietly().stdout;
    let held = place.pipe(["convert"], text.as_bytes()).quietly().stdout;
    assert!(streamed == held, "streamed output differs");

    let mut command = place.command(["convert", "--pretty", "-o", "pretty.json"]);
    let output = command.stdin(File::open(place.path("a.ics")).unwrap()).output().unwrap();
    Run::of(output).quietly();
    let pretty: serde_json::Value = place.json("pretty.json");
    assert!(pretty == serde_json::from_str::<serde_json::Value>(&held).unwrap());

    place.run(["convert", "a.ics", "-o", "a.json"]).quietly();
    assert!(place.read("a.json") == held, "the file differs from standard output");
    let back = place.run(["convert", "a.json", "-o", "back.ics"]).quietly();
    assert_eq!(back.stdout, "");
    assert_eq!(place.read("back.ics").len(), text.len());
    let regular = place.run(["convert", "--to", "ical", "a.ics"]).quietly().stdout;
    assert!(regular == place.read("back.ics"));
}

#[test]
fn a_long_pipe_goes_through_a_temporary_file() {
    let text = calendar(33 << 20);
    let place = Place::new().with("a.ics", &text);
    place.pipe(["convert", "-o", "piped.json"], text.as_bytes()).quietly();
    place.run(["convert", "a.ics", "-o", "read.json"]).quietly();
    assert!(place.read("piped.json") == place.read("read.json"));
}

/// Peak memory is bounded whatever the length: 9 and 24 MB of calendar take about the same.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow_with_the_length() {
    let peak = |size: usize| {
        let place = Place::new().with("a.ics", calendar(size));
        let mut command = place.command(["convert", "a.ics", "-o", "/dev/null"]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            peak = peak.max(high_water(child.id()).unwrap_or_default());
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        peak
    };
    let (short, long) = (peak(9 << 20), peak(24 << 20));
    println!("peak memory: {short} kB for 9 MB, {long} kB for 24 MB");
    assert!(short > 0 && long < short + (4 << 10), "{short} kB, {long} kB");
}

/// The peak of a process's resident memory in kB.
#[cfg(target_os = "linux")]
fn high_water(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok())
}
