//! `jmapctl convert`: between iCalendar and JSCalendar.

mod expand;
mod output;
mod plan;
mod pretty;

use std::io::Write;

use clap::error::ErrorKind;

use crate::End;
use crate::args::{ConvertArgs, usage_error};
use crate::engine::{self, Engine, Pair};
use crate::input::{Content, Input, Inputs};
use crate::kind::Kind;
use crate::report::{Failure, Reporter, Stream};

use self::output::{Form, Target};

/// Converts everything that was named.
pub(crate) fn run(args: &ConvertArgs) -> Result<End, clap::Error> {
    if let Some(window) = args.expand {
        return expand::run(args, window);
    }
    let to = args.to.map(Kind::from);
    if let Some(kind) = to.filter(|kind| kind.is_contact()) {
        let message = format!("{kind} is not supported yet; use --to ical or --to jscal");
        return Err(usage_error("convert", ErrorKind::InvalidValue, message));
    }
    let inputs = Inputs::find(&args.inputs, args.output.as_deref());
    let place = inputs
        .check()
        .and_then(|()| plan::place(&inputs, args.output.as_deref()))
        .map_err(|message| usage_error("convert", ErrorKind::MissingRequiredArgument, message))?;

    let mut reporter = Reporter::new(args.json, Stream::Error);
    let mut failed = inputs.report(&reporter);
    let count = inputs.list.len();
    let found: Vec<Found> = inputs.list.into_iter().map(|input| Found::look(input, to)).collect();
    let targets = plan::targets(&place, &found);

    let version = args.jscal_version.into();
    let work =
        Work { engine: Engine::new(args.mode.into(), version, args.now), pretty: args.pretty };
    reporter.expect(count);
    for (found, target) in found.into_iter().zip(targets) {
        let name = found.input.name().into_owned();
        reporter.begin(&name);
        match work.convert(&name, found, &target, &reporter) {
            Ok(()) => {}
            Err(Stop::Gone) => break,
            Err(Stop::Failed(failure)) => {
                failed += 1;
                reporter.failure(&name, &failure);
            }
        }
        reporter.advance();
    }
    reporter.finish();
    if failed > 0 && count > 1 && !args.json {
        reporter.summary(&format!("{failed} of {count} inputs failed"), &());
    }
    Ok(End::failed_if(failed > 0))
}

/// An input that has been looked at.
struct Found {
    input: Input,
    /// The content, if it cannot be read again.
    content: Option<Content>,
    /// What it is and what it becomes.
    pair: Result<Pair, Failure>,
}

impl Found {
    fn look(input: Input, to: Option<Kind>) -> Self {
        match input.peek() {
            Ok((head, content)) => Self { input, content, pair: pair(&head, to) },
            Err(error) => Self { input, content: None, pair: Err(Failure::unreadable(&error)) },
        }
    }
}

fn pair(head: &[u8], to: Option<Kind>) -> Result<Pair, Failure> {
    let from = engine::kind(head)?;
    Ok(Pair { from, to: to.unwrap_or_else(|| from.other()) })
}

/// Why a conversion did not end well.
enum Stop {
    Failed(Failure),
    /// Whoever read standard output has left, and needs no more.
    Gone,
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

struct Work {
    engine: Engine,
    pretty: bool,
}

impl Work {
    /// Converts one input, and says what there is to say about it.
    fn convert(
        &self,
        name: &str,
        found: Found,
        target: &Target,
        reporter: &Reporter,
    ) -> Result<(), Stop> {
        let pair = found.pair?;
        let content = match found.content {
            Some(content) => content,
            None => found.input.open().map_err(|error| Failure::unreadable(&error))?,
        };
        let form = Form { json: pair.to.is_json(), pretty: self.pretty };
        let diagnostics = match content {
            Content::Memory(bytes) => {
                let (text, diagnostics) = self.engine.convert(pair, &bytes)?;
                target.put(form, &text)?;
                diagnostics
            }
            Content::File(file) => {
                let file = reporter.watch(name, file);
                let fill = |output: &mut dyn Write| self.engine.stream(pair, file, output);
                target.stream(form, self.engine.is_strict(), fill)?
            }
        };
        reporter.diagnostics(name, &diagnostics);
        Ok(())
    }
}
