//! [`Report`]: collects findings while a typed object is walked, and knows where the walk stands.

use json_model::pointer;

use crate::{Diagnostic, Diagnostics, Position, Severity};

/// Findings about an object, and the pointer to the part of it that is being looked at.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) diagnostics: Diagnostics,
    path: String,
}

impl Report {
    pub(crate) fn new(diagnostics: Diagnostics) -> Self {
        Self { diagnostics, path: String::new() }
    }

    /// Walks into the member or element `token`.
    pub(crate) fn at<R>(&mut self, token: &str, walk: impl FnOnce(&mut Self) -> R) -> R {
        let outside = self.enter(token);
        let result = walk(self);
        self.leave(outside);
        result
    }

    /// Walks into `token`; what comes back leads out again.
    pub(crate) fn enter(&mut self, token: &str) -> usize {
        let outside = self.path.len();
        pointer::push(&mut self.path, token);
        outside
    }

    pub(crate) fn leave(&mut self, outside: usize) {
        self.path.truncate(outside);
    }

    /// Reports something about the member `name` of the part that is being looked at; of the part itself if empty.
    pub(crate) fn push(
        &mut self,
        code: &'static str,
        severity: Severity,
        name: &str,
        message: impl Into<String>,
    ) {
        let mut place = self.path.clone();
        if !name.is_empty() {
            pointer::push(&mut place, name);
        }
        let property = pointer::tokens(&place).last().unwrap_or_default().into_owned();
        self.diagnostics.push_with(|| {
            Diagnostic::new(code, severity, message).property(property).at_pointer(place)
        });
    }

    /// Adds findings whose pointers start at the part that is being looked at.
    pub(crate) fn append(&mut self, mut diagnostics: Diagnostics) {
        for diagnostic in diagnostics.since_mut(0) {
            if let Position::Pointer(pointer) = &mut diagnostic.position
                && !self.path.is_empty()
            {
                let slash = if pointer.is_empty() { "" } else { "/" };
                *pointer = format!("{}{slash}{pointer}", self.path);
            }
        }
        self.diagnostics.append(diagnostics);
    }

    /// Nothing was lost, but something is written in another way.
    pub(crate) fn note(&mut self, code: &'static str, name: &str, message: impl Into<String>) {
        self.push(code, Severity::Note, name, message);
    }

    pub(crate) fn warning(&mut self, code: &'static str, name: &str, message: impl Into<String>) {
        self.push(code, Severity::Warning, name, message);
    }

    pub(crate) fn error(&mut self, code: &'static str, name: &str, message: impl Into<String>) {
        self.push(code, Severity::Error, name, message);
    }
}
