//! The command line.

use std::path::PathBuf;

use crate::generate::SEED;
use crate::measure::ROUNDS;

pub(crate) const HELP: &str = "\
Usage: cargo xtask bench [OPTION…] [NAME…]

Compares the conversion with its peers, in one process, on one thread, in turn.

NAME picks data (corpus, stream) and measurements (parse, to-json, to-ical, memory, hostile, recurrence, protocol,
store); without one, all are run.

  --megabytes N          size of the generated calendar (100)
  --memory-megabytes N   size of the file whose conversion is watched (300)
  --events N             how many events the embedded server gets (100000)
  --seed N               another generated calendar
  --rounds N             how often each is measured; the figures are medians (7)
  --json                 one JSON object a line instead of a table
  --write FILE           only write the generated calendar
  --help                 this text
";

const DATA: &[&str] = &["corpus", "stream"];
const MEASUREMENTS: &[&str] = &["parse", "to-json", "to-ical"];
const MEMORY: &str = "memory";
const HOSTILE: &str = "hostile";
const RECURRENCE: &str = "recurrence";
const PROTOCOL: &str = "protocol";
const STORE: &str = "store";
/// What brings its own data.
const ALONE: &[&str] = &[MEMORY, HOSTILE, RECURRENCE, PROTOCOL, STORE];

/// What the command line asks for.
pub(crate) enum Command {
    Help,
    Generate {
        path: PathBuf,
        bytes: usize,
        seed: u64,
    },
    /// The child process of the measurement `memory`; not for people.
    Convert {
        from: PathBuf,
        to: PathBuf,
    },
    /// The child process of the measurement `hostile`.
    Hostile {
        format: String,
        case: usize,
    },
    Compare(Options),
}

pub(crate) struct Options {
    names: Vec<String>,
    pub(crate) bytes: usize,
    pub(crate) memory_bytes: usize,
    pub(crate) events: usize,
    pub(crate) seed: u64,
    pub(crate) rounds: usize,
    pub(crate) json: bool,
}

impl Command {
    pub(crate) fn parse(args: &[String]) -> Result<Self, String> {
        if let [first, from, to] = args
            && first == "--convert"
        {
            return Ok(Self::Convert { from: from.into(), to: to.into() });
        }
        if let [first, format, case] = args
            && first == "--hostile"
        {
            let case = case.parse().map_err(|_| "--hostile needs a number")?;
            return Ok(Self::Hostile { format: format.clone(), case });
        }
        let mut options = Options {
            names: Vec::new(),
            bytes: megabytes(100),
            memory_bytes: megabytes(300),
            events: 100_000,
            seed: SEED,
            rounds: ROUNDS,
            json: false,
        };
        let mut path = None;
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--help" | "-h" => return Ok(Self::Help),
                "--json" => options.json = true,
                "--megabytes" => options.bytes = megabytes(number(arg, args.next())?),
                "--memory-megabytes" => options.memory_bytes = megabytes(number(arg, args.next())?),
                "--events" => options.events = number(arg, args.next())?,
                "--rounds" => options.rounds = number(arg, args.next())?,
                "--seed" => options.seed = number(arg, args.next())? as u64,
                "--write" => path = Some(args.next().ok_or("--write needs a file")?.into()),
                name if is_name(name) => options.names.push(name.to_owned()),
                other => return Err(format!("{other} is neither an option nor a name")),
            }
        }
        Ok(match path {
            Some(path) => Self::Generate { path, bytes: options.bytes, seed: options.seed },
            None => Self::Compare(options),
        })
    }
}

impl Options {
    /// Whether this data is asked for: by name, or because no data is named and not only what brings its own.
    pub(crate) fn wants_data(&self, data: &str) -> bool {
        self.picks(DATA, data)
            && !(self.names.iter().all(|name| ALONE.contains(&name.as_str())) && self.names_any())
    }

    /// Whether this measurement is asked for.
    pub(crate) fn wants(&self, measurement: &str) -> bool {
        self.picks(MEASUREMENTS, measurement)
    }

    pub(crate) fn wants_memory(&self) -> bool {
        self.wants_alone(MEMORY)
    }

    pub(crate) fn wants_hostile(&self) -> bool {
        self.wants_alone(HOSTILE)
    }

    pub(crate) fn wants_recurrence(&self) -> bool {
        self.wants_alone(RECURRENCE)
    }

    pub(crate) fn wants_protocol(&self) -> bool {
        self.wants_alone(PROTOCOL)
    }

    pub(crate) fn wants_store(&self) -> bool {
        self.wants_alone(STORE)
    }

    fn wants_alone(&self, wanted: &str) -> bool {
        !self.names_any() || self.names.iter().any(|name| name == wanted)
    }

    fn names_any(&self) -> bool {
        !self.names.is_empty()
    }

    fn picks(&self, kind: &[&str], wanted: &str) -> bool {
        let mut named = self.names.iter().filter(|name| kind.contains(&name.as_str())).peekable();
        named.peek().is_none() || named.any(|name| name == wanted)
    }
}

fn is_name(text: &str) -> bool {
    DATA.contains(&text) || MEASUREMENTS.contains(&text) || ALONE.contains(&text)
}

fn megabytes(number: usize) -> usize {
    number.saturating_mul(1_000_000)
}

fn number(option: &str, text: Option<&String>) -> Result<usize, String> {
    let number = text.and_then(|text| text.parse().ok()).filter(|&number| number > 0);
    number.ok_or_else(|| format!("{option} needs a whole number above 0"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(words: &str) -> Options {
        let words: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
        match Command::parse(&words) {
            Ok(Command::Compare(options)) => options,
            _ => panic!("{words:?} is no comparison"),
        }
    }

    #[test]
    fn names_pick_data_and_measurements() {
        let all = compare("");
        assert!(all.wants_data("corpus") && all.wants("parse") && all.wants_memory());
        let some = compare("corpus parse to-ical");
        assert!(some.wants_data("corpus") && !some.wants_data("stream"));
        assert!(some.wants("parse") && some.wants("to-ical") && !some.wants("to-json"));
        assert!(!some.wants_memory());
        let hostile = compare("hostile");
        assert!(
            hostile.wants_hostile() && !hostile.wants_data("stream") && !hostile.wants_memory()
        );
        let memory = compare("memory");
        assert!(memory.wants_memory() && !memory.wants_data("corpus"));
        assert!(compare("parse").wants_data("stream"));
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        let parse = |word: &str| Command::parse(&[word.to_owned()]).is_err();
        assert!(parse("--rounds") && parse("--fast") && parse("recurrence"));
    }
}
