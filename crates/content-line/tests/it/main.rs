//! Laws, hostile inputs, and real files.

mod corpus;
mod hostile;
mod props;
mod splitting;
