//! Inputs made to hurt, beside a benign one of the same size: how many times the time and the memory they take.
//!
//! Each is converted in a process of its own, so that its memory can be told, and one that does not end can be ended.

mod ical;
mod json;

use std::fs;
use std::hint::black_box;
use std::io;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use ical_jscal::{FromIcal, ToIcal};

/// What the design allows: so many times the time and memory of the benign input.
pub(crate) const LIMIT: f64 = 20.0;

/// How long every input is.
const SIZE: usize = 1 << 20;

/// How long a child may take: far more than what is allowed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A name and what makes the text; the first one of a list is the benign one.
type Case = (&'static str, fn() -> String);

#[derive(Clone, Copy)]
struct Format {
    name: &'static str,
    cases: &'static [Case],
    convert: fn(&str) -> Option<String>,
}

const FORMATS: [Format; 2] = [
    Format { name: "ical", cases: ical::CASES, convert: to_json },
    Format { name: "jscal", cases: json::CASES, convert: to_ical },
];

fn to_json(text: &str) -> Option<String> {
    FromIcal::new().json(text).ok().map(|converted| converted.value)
}

fn to_ical(json: &str) -> Option<String> {
    ToIcal::new().json(json).ok().map(|converted| converted.value)
}

/// How many times what the benign input takes.
pub(crate) struct Row {
    pub(crate) format: &'static str,
    pub(crate) case: &'static str,
    /// Time and memory; none if it did not end.
    pub(crate) ratios: Option<[f64; 2]>,
}

impl Row {
    pub(crate) fn worst(&self) -> f64 {
        self.ratios.map_or(f64::INFINITY, |ratios| ratios.into_iter().fold(0.0, f64::max))
    }
}

/// Measures all cases. None if this system does not tell the memory of a process.
pub(crate) fn measure() -> Result<Option<Vec<Row>>, String> {
    if reset_peak().is_none() {
        return Ok(None);
    }
    let mut rows = Vec::new();
    for format in FORMATS {
        let Some(benign) = in_child(format.name, 0)? else {
            return Err("the benign input was not converted in time".to_owned());
        };
        for (at, (case, _)) in format.cases.iter().enumerate().skip(1) {
            let taken = in_child(format.name, at)?;
            let ratios = taken.map(|taken| std::array::from_fn(|n| taken[n] / benign[n].max(1e-9)));
            rows.push(Row { format: format.name, case, ratios });
        }
    }
    rows.sort_by(|one, other| other.worst().total_cmp(&one.worst()));
    Ok(Some(rows))
}

/// What one case takes; none if it was not done in time.
fn in_child(format: &str, at: usize) -> Result<Option<[f64; 2]>, String> {
    let failed = |error: io::Error| format!("cannot run a second process: {error}");
    let program = std::env::current_exe().map_err(failed)?;
    let mut child = Command::new(program)
        .args(["--hostile", format, &at.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if !ends_in_time(&mut child).map_err(failed)? {
        return Ok(None);
    }
    let output = child.wait_with_output().map_err(failed)?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers.try_into() {
        Ok(numbers) if output.status.success() => Ok(Some(numbers)),
        _ => Err(format!("case {at} of {format} failed: {}", output.status)),
    }
}

fn ends_in_time(child: &mut Child) -> io::Result<bool> {
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(10));
    }
    Ok(true)
}

/// What the child does: converts one case, and prints seconds and kilobytes.
pub(crate) fn convert_here(format: &str, at: usize) -> Result<(), String> {
    let format = FORMATS.into_iter().find(|known| known.name == format).ok_or("no such format")?;
    let (_, make) = format.cases.get(at).ok_or("no such case")?;
    let text = make();
    let before = reset_peak().unwrap_or_default();
    let mut seconds = timed(format.convert, &text);
    let memory = status("VmHWM:").unwrap_or_default() - before;
    // Short ones are mostly noise the first time.
    for _ in 0..if seconds < 0.2 { 3 } else { 0 } {
        seconds = seconds.min(timed(format.convert, &text));
    }
    println!("{seconds} {memory}");
    Ok(())
}

fn timed(convert: fn(&str) -> Option<String>, text: &str) -> f64 {
    let start = Instant::now();
    let _ = black_box(convert(black_box(text)));
    start.elapsed().as_secs_f64()
}

/// Lets the kernel forget the most memory that this process had, and tells what it has now, in kB.
fn reset_peak() -> Option<f64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    status("VmRSS:")
}

fn status(name: &str) -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// A text of the right length: pieces with numbers between a head and a tail.
fn fill(head: &str, separator: &str, piece: impl Fn(usize) -> String, tail: &str) -> String {
    let mut text = head.to_owned();
    for n in 0.. {
        if text.len() + tail.len() >= SIZE {
            break;
        }
        if n > 0 {
            text.push_str(separator);
        }
        text.push_str(&piece(n));
    }
    text + tail
}

/// A date and a time, another one for each number: year, month, day, hour and minute.
fn moment(n: usize) -> [usize; 5] {
    [2020 + n / 483_840, n / 40_320 % 12 + 1, n / 1_440 % 28 + 1, n / 60 % 24, n % 60]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_cases_are_as_long_and_can_be_read() {
        for format in FORMATS {
            for (name, make) in format.cases {
                let text = make();
                assert!((SIZE..SIZE + SIZE / 8).contains(&text.len()), "{name}: {}", text.len());
            }
            let (_, benign) = format.cases[0];
            assert!((format.convert)(&benign()).is_some());
        }
    }
}
