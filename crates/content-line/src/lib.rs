//! Content lines of RFC 5545 and RFC 6350: parse, unfold, escape, write.

mod blocks;
mod component;
mod decode;
mod line;
mod logical;
mod nesting;
mod param;
mod position;
mod problem;
mod text;
mod write;

pub use crate::{
    blocks::{Block, BlockReader, Blocks},
    component::{Component, Components, Item, Parsed, parse},
    decode::{Decoding, decode_input},
    line::{Line, Lines},
    nesting::MAX_DEPTH,
    param::{Param, ParamValues, Params},
    position::Position,
    problem::{Problem, ProblemKind},
    text::{Split, escape_text_into, split_structured, split_unescaped, unescape_text},
    write::{LineBuilder, LineWriter, Written, fold_into},
};
