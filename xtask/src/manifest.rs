//! What `cargo metadata` does not tell of a manifest: where its dependencies and lints come from.
//!
//! Reads only the TOML that manifests are written in (no multi-line strings), which spares this program a TOML parser.

/// A manifest as its tables, in order.
pub(crate) struct Manifest {
    tables: Vec<Table>,
}

struct Table {
    name: String,
    entries: Vec<(String, String)>,
}

impl Manifest {
    /// Reads a manifest's text.
    pub(crate) fn parse(text: &str) -> Self {
        let mut tables = vec![Table { name: String::new(), entries: Vec::new() }];
        let mut logical = String::new();
        for line in text.lines() {
            logical.push_str(without_comment(line).trim());
            if depth(&logical) > 0 {
                // An array or inline table that goes on in the next line.
                logical.push(' ');
                continue;
            }
            let line = std::mem::take(&mut logical);
            if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                tables.push(Table { name: name.trim().to_owned(), entries: Vec::new() });
            } else if let (Some((key, value)), Some(table)) =
                (line.split_once('='), tables.last_mut())
            {
                table.entries.push((key.trim().to_owned(), value.trim().to_owned()));
            }
        }
        Self { tables }
    }

    /// Whether the lints are those of the workspace.
    pub(crate) fn inherits_lints(&self) -> bool {
        self.tables.iter().any(|table| {
            let mut entries =
                table.entries.iter().map(|(key, value)| (key.as_str(), value.as_str()));
            match table.name.as_str() {
                "lints" => entries.any(|entry| entry == ("workspace", "true")),
                "" => entries.any(|entry| entry == ("lints.workspace", "true")),
                _ => false,
            }
        })
    }

    /// The dependencies that do not come from `workspace.dependencies`.
    pub(crate) fn own_dependencies(&self) -> Vec<&str> {
        let mut own = Vec::new();
        for table in &self.tables {
            if is_dependency_table(&table.name) {
                own.extend(own_entries(table));
            } else if let Some((of, name)) = table.name.rsplit_once('.')
                && is_dependency_table(of)
                && !table.entries.iter().any(|(key, value)| key == "workspace" && value == "true")
            {
                own.push(name);
            }
        }
        own
    }
}

/// `dependencies`, `dev-dependencies`, `target.'…'.build-dependencies`, and so on.
fn is_dependency_table(name: &str) -> bool {
    let kind = name.rsplit('.').next().unwrap_or_default();
    ["dependencies", "dev-dependencies", "build-dependencies"].contains(&kind)
}

fn own_entries(table: &Table) -> Vec<&str> {
    // A dependency may be spread over dotted keys: `a.workspace = true`, `a.optional = true`.
    let inherited: Vec<_> =
        table.entries.iter().filter(|(key, value)| inherits(key, value)).collect();
    let names = table.entries.iter().map(|(key, _)| dependency(key));
    let mut own: Vec<_> =
        names.filter(|name| !inherited.iter().any(|(key, _)| dependency(key) == *name)).collect();
    own.dedup();
    own
}

fn dependency(key: &str) -> &str {
    key.split('.').next().unwrap_or(key)
}

fn inherits(key: &str, value: &str) -> bool {
    let squeezed: String = value.chars().filter(|c| !c.is_whitespace()).collect();
    (key.ends_with(".workspace") && squeezed == "true")
        || squeezed.starts_with("{workspace=true")
        || squeezed.contains(",workspace=true")
}

/// The line up to a `#` that stands outside strings.
fn without_comment(line: &str) -> &str {
    let end = outside_strings(line).find(|&(_, c)| c == '#').map_or(line.len(), |(index, _)| index);
    line.get(..end).unwrap_or(line)
}

/// How many brackets are still open.
fn depth(text: &str) -> i32 {
    outside_strings(text)
        .map(|(_, c)| match c {
            '[' | '{' => 1,
            ']' | '}' => -1,
            _ => 0,
        })
        .sum()
}

fn outside_strings(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut quote = None;
    text.char_indices().filter(move |&(_, c)| {
        match quote {
            None if c == '"' || c == '\'' => quote = Some(c),
            Some(open) if c == open => quote = None,
            _ => return quote.is_none(),
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_inherited_from_own_dependencies() {
        let manifest = Manifest::parse(
            r##"
            [package]
            name = "a" # version = "1"
            [dependencies]
            plain.workspace = true
            inline = { workspace = true, features = ["x"] }
            later = { features = [
                "x", # [
                "#",
            ], workspace = true }
            own = "1"
            own-table = { version = "1", features = ["workspace"] }
            dotted.version = "1"
            dotted.optional = true
            [dependencies.time]
            workspace = true
            optional = true
            [dependencies.chrono]
            version = "0.4"
            [target.'cfg(any(windows, target_os = "x.dependencies"))'.dev-dependencies]
            far = "1"
            "##,
        );
        assert_eq!(manifest.own_dependencies(), ["own", "own-table", "dotted", "chrono", "far"]);
    }

    #[test]
    fn finds_the_lints_of_the_workspace() {
        assert!(
            Manifest::parse("[package]\nname = \"a\"\n[lints]\nworkspace = true").inherits_lints()
        );
        assert!(
            Manifest::parse("lints.workspace = true\n[package]\nname = \"a\"").inherits_lints()
        );
        assert!(
            !Manifest::parse("[lints.rust]\nunsafe_code = \"forbid\"\n[x]\nworkspace = true")
                .inherits_lints()
        );
    }
}
