//! Laws, hostile inputs, and real files.

// `cfg(test)` is always so here; it tells clippy that these modules may unwrap and print.
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod props;
#[cfg(test)]
mod splitting;
