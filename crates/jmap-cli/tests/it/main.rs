//! The program as its users meet it: arguments in; output, diagnostics and exit codes out.

// `cfg(test)` is always so here; it tells clippy that these modules may unwrap and print.
#[cfg(test)]
mod check;
#[cfg(test)]
mod convert;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod diagnostics;
#[cfg(test)]
mod durable;
#[cfg(test)]
mod expand;
#[cfg(test)]
mod large;
#[cfg(test)]
mod program;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod server;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod writing;
