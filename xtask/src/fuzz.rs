//! Short runs of the fuzz targets, where the tools for it are installed.

use std::collections::BTreeSet;
use std::fs;

use crate::command::{self, capture, cargo_of, root, toolchains};
use crate::outcome::{Failure, Outcome, StepResult, judge};

/// How long each target runs if nobody says.
const SECONDS: u32 = 30;

/// Runs the named targets, or all of them, each for the given time.
pub(crate) fn run(args: &[String]) -> StepResult {
    let (seconds, chosen) = arguments(args)?;
    let mut targets = targets();
    if let Some(unknown) = chosen.iter().find(|name| !targets.contains(*name)) {
        return Err(Failure::new(format!("there is no fuzz target {unknown}")));
    }
    if !chosen.is_empty() {
        targets = chosen;
    }
    if targets.is_empty() {
        return Ok(Outcome::NotRun("there are no fuzz targets yet".to_owned()));
    }
    let Some(nightly) = toolchains().into_iter().find(|name| name.starts_with("nightly")) else {
        return Ok(Outcome::NotRun("no nightly toolchain is installed".to_owned()));
    };
    if capture(&mut cargo_of(&nightly, ["fuzz", "--version"])).is_err() {
        return Ok(Outcome::NotRun(
            "cargo-fuzz is not installed: `cargo install cargo-fuzz --locked`".to_owned(),
        ));
    }

    let limit = format!("-max_total_time={seconds}");
    let runs = targets
        .iter()
        .map(|target| command::run(&mut cargo_of(&nightly, ["fuzz", "run", target, "--", &limit])));
    let faults: Vec<_> = runs.filter_map(Result::err).map(|failure| failure.to_string()).collect();
    judge(&faults, format!("{} targets, {seconds} s each", targets.len()))
}

/// The names of the programs in `fuzz/fuzz_targets`.
fn targets() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("fuzz/fuzz_targets")).into_iter().flatten().flatten();
    let sources = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "rs"));
    sources.filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned())).collect()
}

fn arguments(args: &[String]) -> Result<(u32, BTreeSet<String>), Failure> {
    let mut seconds = SECONDS;
    let mut chosen = BTreeSet::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seconds" => {
                let number =
                    args.next().and_then(|text| text.parse().ok()).filter(|&number| number > 0);
                seconds =
                    number.ok_or_else(|| Failure::new("--seconds needs a whole number above 0"))?;
            }
            option if option.starts_with('-') => {
                return Err(Failure::new(format!("fuzz does not know {option}")));
            }
            name => _ = chosen.insert(name.to_owned()),
        }
    }
    Ok((seconds, chosen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_its_arguments() {
        let read = |words: &[&str]| {
            arguments(&words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(read(&[]).unwrap(), (30, BTreeSet::new()));
        assert_eq!(
            read(&["parse", "--seconds", "5"]).unwrap(),
            (5, BTreeSet::from(["parse".to_owned()]))
        );
        // libFuzzer takes 0 for "without end".
        assert!(read(&["--seconds", "0"]).is_err());
        assert!(read(&["--seconds"]).is_err());
        assert!(read(&["--jobs"]).is_err());
    }
}
