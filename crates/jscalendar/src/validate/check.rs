//! [`Check`]: what all rules have in common, and those that hold for objects of every type.

use json_model::{Member, Object, pointer};

use super::rule::{
    INVALID_ID, INVALID_NAME, MISSING, NAME_CASE, NOT_HERE, NOT_IN_VERSION, OUT_OF_RANGE,
    RESERVED_NAME, Rule, UNKNOWN_VALUE, VALUE_CASE, WRONG_TYPE, WRONG_VALUE,
};
use crate::report::Report;
use crate::{Diagnostics, Id, Json, Map, Version};

/// The findings so far, and the version whose rules count.
pub(super) struct Check {
    report: Report,
    old: bool,
}

impl Check {
    pub(super) fn run(version: Version, rules: impl FnOnce(&mut Self)) -> Diagnostics {
        let mut check = Self { report: Report::default(), old: version < Version::V2_0 };
        rules(&mut check);
        check.report.diagnostics
    }

    /// The same version, no findings: for an object that is compared with another one.
    pub(super) fn apart(&self, rules: impl FnOnce(&mut Self)) -> Diagnostics {
        Self::run(self.version(), rules)
    }

    /// Whether the rules are those of 1.0.
    pub(super) fn old(&self) -> bool {
        self.old
    }

    pub(super) fn version(&self) -> Version {
        if self.old { Version::V1_0 } else { Version::V2_0 }
    }

    pub(super) fn at(&mut self, token: &str, rules: impl FnOnce(&mut Self)) {
        let outside = self.report.enter(token);
        rules(self);
        self.report.leave(outside);
    }

    pub(super) fn fails(&mut self, rule: Rule, name: &str, message: impl Into<String>) {
        self.report.push(rule.code, rule.severity, name, message);
    }

    /// Takes over a finding about another object.
    pub(super) fn pass_on(&mut self, finding: crate::Diagnostic, name: &str) {
        self.report.push(finding.code, finding.severity, name, finding.message);
    }

    /// A member that must be there. One whose value could not be read is among the `extra` ones, and was said to be wrong.
    pub(super) fn demand(&mut self, extra: &Map<String, Json>, there: bool, name: &str) {
        if !there && !extra.contains_key(name) {
            self.fails(MISSING, name, format!("{name} is mandatory"));
        }
    }

    pub(super) fn range<T>(&mut self, name: &str, value: Option<T>, from: T, to: T)
    where
        T: PartialOrd + std::fmt::Display,
    {
        let Some(value) = value else { return };
        if value < from || value > to {
            self.fails(OUT_OF_RANGE, name, format!("{value} is not from {from} to {to}"));
        }
    }

    /// A value of an open enumeration that is not registered.
    pub(super) fn value(&mut self, name: &str, text: &str, registered: &[&str]) {
        if registered.contains(&text) || text.contains(':') {
            return;
        }
        match registered.iter().find(|other| other.eq_ignore_ascii_case(text)) {
            Some(other) => {
                self.fails(VALUE_CASE, name, format!("\"{text}\" should be \"{other}\""));
            }
            None => self.fails(UNKNOWN_VALUE, name, format!("\"{text}\" is not registered")),
        }
    }

    /// Walks through a map whose keys are ids.
    pub(super) fn each<V>(
        &mut self,
        name: &str,
        map: &Map<Id, V>,
        mut rules: impl FnMut(&mut Self, &Id, &V),
    ) {
        if map.is_empty() {
            return;
        }
        self.at(name, |check| {
            for (id, value) in map {
                check.id(id);
                check.at(id.as_str(), |check| rules(check, id, value));
            }
        });
    }

    fn id(&mut self, id: &Id) {
        if !id.is_valid() {
            let message = "an id has 1 to 255 letters, digits, hyphens and underscores";
            self.fails(INVALID_ID, id.as_str(), message);
        }
    }

    /// The rules for names: `legacy` are the members that only 1.0 has, `elsewhere` those of other objects.
    pub(super) fn names<T: Object>(&mut self, object: &T, legacy: &[Member], elsewhere: &[&str]) {
        if !self.old {
            let shared = |name: &str| T::MEMBERS.iter().any(|member| member.name == name);
            let gone = |member: &&Member| object.is_set(member.name) && !shared(member.name);
            for member in legacy.iter().filter(gone) {
                let message = format!("version 2.0 has no {}", member.name);
                self.fails(NOT_IN_VERSION, member.name, message);
            }
        }
        for name in object.extra().keys() {
            self.name::<T>(name, legacy, elsewhere);
        }
    }

    fn name<T: Object>(&mut self, name: &str, legacy: &[Member], elsewhere: &[&str]) {
        if name == "@type" {
            return self.fails(WRONG_TYPE, name, format!("@type should be \"{}\"", T::TYPE));
        }
        let members = || T::MEMBERS.iter().chain(legacy);
        let (first, rest) = name.split_once('/').map_or((name, None), |(a, b)| (a, Some(b)));
        if let Some(member) = members().find(|member| member.name == first) {
            let old_only = legacy.contains(member);
            if member.only.is_some_and(|only| only != self.version()) || (old_only && !self.old) {
                let message = format!("version {} has no {first}", self.version());
                return self.fails(NOT_IN_VERSION, first, message);
            }
            let message = "the value has the wrong type or form";
            return match rest {
                // An entry of a map: what follows is a pointer already.
                Some(entry) => self.at(first, |check| {
                    for key in pointer::tokens(entry).take(1) {
                        check.fails(WRONG_VALUE, &key, message);
                    }
                }),
                None => self.fails(WRONG_VALUE, first, message),
            };
        }
        if let Some(member) = members().find(|it| it.name.eq_ignore_ascii_case(name)) {
            return self.fails(NAME_CASE, name, format!("the name is {}", member.name));
        }
        if elsewhere.contains(&name) {
            return self.fails(NOT_HERE, name, format!("{} has no {name}", T::TYPE));
        }
        if name == "extra" {
            return self.fails(RESERVED_NAME, name, "this name is never used");
        }
        if !is_name(name) {
            let message = "a name is made of letters and digits, that of a vendor is domain:name";
            self.fails(INVALID_NAME, name, message);
        }
    }
}

/// A name that may be registered one day, or that of a vendor (RFC 8984, sections 3.3 and 3.4).
fn is_name(name: &str) -> bool {
    let Some((domain, rest)) = name.split_once(':') else {
        return !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'@');
    };
    let is_label = |label: &str| {
        let inside = |c: char| c.is_alphanumeric() || c == '-';
        !label.is_empty()
            && label.chars().all(inside)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_rest = |c: char| !c.is_control() && !matches!(c, '"' | '/' | '~');
    domain.split('.').all(is_label) && !rest.is_empty() && rest.chars().all(is_rest)
}
