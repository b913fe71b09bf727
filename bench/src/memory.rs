//! The memory that the conversion of a large file takes, seen from outside: in a process of its own.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use ical_jscal::FromIcal;

use crate::data;

/// What the design allows, in kB as the kernel counts them.
pub(crate) const LIMIT: u64 = 64 * 1024;

pub(crate) enum Memory {
    NotRun(&'static str),
    Measured {
        bytes: u64,
        seconds: f64,
        /// The largest resident set of the child, in kB.
        peak: u64,
    },
}

/// Generates a file and lets a child process convert it.
pub(crate) fn measure(bytes: usize, seed: u64) -> Result<Memory, String> {
    if !Path::new("/proc/self/status").exists() {
        return Ok(Memory::NotRun("this system does not tell the memory of a process"));
    }
    let dir = std::env::temp_dir().join(format!("bench-memory-{}", std::process::id()));
    fs::create_dir_all(&dir).map_err(|error| format!("cannot create a folder: {error}"))?;
    let measured = measure_in(&dir, bytes, seed);
    let _ = fs::remove_dir_all(&dir);
    measured
}

fn measure_in(dir: &Path, bytes: usize, seed: u64) -> Result<Memory, String> {
    let (from, to) = (dir.join("large.ics"), dir.join("large.json"));
    data::write(&from, bytes, seed)?;
    let failed = |error: io::Error| format!("cannot start a second process: {error}");
    let program = std::env::current_exe().map_err(failed)?;
    let start = Instant::now();
    let output =
        Command::new(program).arg("--convert").args([&from, &to]).output().map_err(failed)?;
    let seconds = start.elapsed().as_secs_f64();
    if !output.status.success() {
        return Err(format!("conversion failed: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let peak = String::from_utf8_lossy(&output.stdout).trim().parse();
    let bytes = fs::metadata(&from).map_err(|error| error.to_string())?.len();
    Ok(Memory::Measured {
        bytes,
        seconds,
        peak: peak.map_err(|_| "the child did not tell its memory".to_owned())?,
    })
}

/// What the child does: converts, and prints its peak.
pub(crate) fn convert_here(from: &Path, to: &Path) -> Result<(), String> {
    let failed = |error: io::Error| error.to_string();
    let (input, output) = (File::open(from).map_err(failed)?, File::create(to).map_err(failed)?);
    let mut output = BufWriter::new(output);
    FromIcal::new().stream(input, &mut output).map_err(|error| error.to_string())?;
    output.flush().map_err(failed)?;
    let status = fs::read_to_string("/proc/self/status").map_err(failed)?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", peak.unwrap_or_default().trim().trim_end_matches(" kB"));
    Ok(())
}
