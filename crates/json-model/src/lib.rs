//! The shared ground of typed JSON objects: members and extras, pointers, patches, sorted maps, diagnostics.
