//! Reading 1.0: what 2.0 says in another way moves into the 2.0 fields.

use json_model::Reader;

#[allow(non_snake_case)]
pub(crate) fn Event(_: &mut crate::Event, _: &mut Reader) {}
#[allow(non_snake_case)]
pub(crate) fn Task(_: &mut crate::Task, _: &mut Reader) {}
#[allow(non_snake_case)]
pub(crate) fn Group(_: &mut crate::Group, _: &mut Reader) {}
