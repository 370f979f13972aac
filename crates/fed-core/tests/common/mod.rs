//! Does the code do what a table of cases says? Runs every case of a table and reports all that
//! fail, not only the first.
//!
//! A table is a JSON file `{"description", "groups": {"<group>": [<case>, ..]}, ..}`, or one with
//! `"cases": [<case>, ..]`, which then are one group of that name, or with
//! `"suites": [{"suite", "cases"}, ..]`. The copy in `tests/cases/` is compiled in. Where the
//! environment variable `FED_CASES` names a folder, the
//! table of the same name in that folder is run as well.

// Each test binary compiles this file for itself and uses a part of it; and a table that is not
// readable has to stop the test.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    unused_macros,
    clippy::panic
)]

pub mod docs;
pub mod show;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::Write as _;
use std::path::Path;

use serde_json::Value;

/// The table of this name, from `tests/cases/`.
macro_rules! table {
    ($name:literal) => {
        $crate::common::Table::new(
            $name,
            include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/cases/",
                $name,
                ".json"
            )),
        )
    };
}
pub(crate) use table;

/// Where the copy comes from that every build has.
const COMPILED_IN: &str = "tests/cases";

/// Prints a line that is seen though the test passes: the harness does not capture it.
fn say(line: &str) {
    // There is nobody to tell if this fails.
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A table of cases.
pub struct Table {
    name: &'static str,
    /// Which part of it; empty for the whole.
    part: &'static str,
    /// Where each copy comes from, and what it holds.
    copies: Vec<(String, Value)>,
}

/// One case of a table.
pub struct Case<'t> {
    /// The group that it stands in.
    pub group: &'t str,
    /// The case.
    pub value: &'t Value,
    /// The whole table, for what its cases share.
    pub table: &'t Value,
}

impl<'t> Case<'t> {
    /// A field of the case; null where it has none.
    pub fn get(&self, field: &str) -> &'t Value {
        self.value.get(field).unwrap_or(&Value::Null)
    }

    /// A field that is text; empty where it has none.
    pub fn text(&self, field: &str) -> &'t str {
        self.get(field).as_str().unwrap_or_default()
    }
}

/// Why a case did not pass.
pub enum Miss {
    /// The answer is not the table's.
    Wrong(String),
    /// Not run, on purpose, and why.
    LeftOut(&'static str),
}

impl From<String> for Miss {
    fn from(message: String) -> Self {
        Self::Wrong(message)
    }
}

/// Passes if both are equal, and else shows both.
pub fn same<T: PartialEq<U> + Debug, U: Debug>(
    what: &str,
    found: &T,
    expected: &U,
) -> Result<(), Miss> {
    check(found == expected, || {
        format!("{what}: found {found:?}, expected {expected:?}")
    })
}

/// Passes if `holds`, and else says why not.
pub fn check(holds: bool, why_not: impl FnOnce() -> String) -> Result<(), Miss> {
    if holds {
        Ok(())
    } else {
        Err(Miss::Wrong(why_not()))
    }
}

/// Are these equal, comparing numbers by value, so that `1` equals `1.0`?
pub fn same_value(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => match (left.as_i64(), right.as_i64()) {
            (Some(left), Some(right)) => left == right,
            _ => left.as_f64() == right.as_f64(),
        },
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(l, r)| same_value(l, r))
        }
        (Value::Object(left), Value::Object(right)) => {
            let equal = |(key, left)| right.get(key).is_some_and(|right| same_value(left, right));
            left.len() == right.len() && left.iter().all(equal)
        }
        _ => left == right,
    }
}

impl Table {
    /// The table whose text is `embedded`, and its copy in the folder of `FED_CASES`.
    pub fn new(name: &'static str, embedded: &str) -> Self {
        let mut copies = vec![(COMPILED_IN.to_owned(), parsed(name, embedded))];
        if let Some(folder) = std::env::var_os("FED_CASES") {
            let folder = Path::new(&folder);
            assert!(
                folder.is_dir(),
                "FED_CASES is no folder: {}",
                folder.display()
            );
            let file = folder.join(name).with_extension("json");
            match std::fs::read_to_string(&file) {
                Ok(text) => copies.push((folder.display().to_string(), parsed(name, &text))),
                Err(error) => say(&format!(
                    "table {name}: not in {}: {error}",
                    folder.display()
                )),
            }
        }
        Self {
            name,
            part: "",
            copies,
        }
    }

    /// The part of the table that is a list of cases, where it stands by itself: `/binpack/cases`.
    pub fn list(mut self, pointer: &'static str) -> Self {
        for (_, table) in &mut self.copies {
            let list = table.pointer_mut(pointer).map(Value::take);
            *table = serde_json::json!({"cases": list});
        }
        Self {
            part: pointer,
            ..self
        }
    }

    /// Runs every case of every copy, prints how many there were, and panics if any failed.
    pub fn run(&self, run: impl Fn(&Case<'_>) -> Result<(), Miss>) {
        let mut failures = Vec::new();
        for (origin, table) in &self.copies {
            let mut count = 0;
            let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
            for (place, case) in cases(table) {
                count += 1;
                match run(&case) {
                    Ok(()) => {}
                    Err(Miss::LeftOut(reason)) => *left_out.entry(reason).or_default() += 1,
                    Err(Miss::Wrong(why)) => failures.push(format!("{origin}: {place}: {why}")),
                }
            }
            let skipped: usize = left_out.values().sum();
            say(&format!(
                "table {}{}: {count} cases, {skipped} left out ({origin})",
                self.name, self.part
            ));
            for (reason, number) in left_out {
                say(&format!("  {number} left out: {reason}"));
            }
            // A part of a table may have nothing but what is left out; the whole has not.
            assert!(
                count > skipped || origin != COMPILED_IN,
                "table {} runs no case ({origin})",
                self.name
            );
        }
        assert!(
            failures.is_empty(),
            "table {}: {} failed\n{}",
            self.name,
            failures.len(),
            failures.join("\n")
        );
    }
}

fn parsed(name: &str, text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("table {name} is no JSON: {error}"))
}

/// The cases of a table, each with the words by which a failure names it.
fn cases(table: &Value) -> impl Iterator<Item = (String, Case<'_>)> {
    groups(table).flat_map(move |(group, cases)| {
        let cases = cases.as_array().into_iter().flatten().enumerate();
        cases.map(move |(index, value)| {
            let name = ["name", "id"]
                .into_iter()
                .find_map(|field| value.get(field));
            let name = name.and_then(Value::as_str).unwrap_or_default();
            let case = Case {
                group,
                value,
                table,
            };
            (format!("{group}[{index}] {name}"), case)
        })
    })
}

/// The groups of cases: fields of `groups`, or items of `suites`.
fn groups(table: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let groups = table.get("groups").and_then(Value::as_object);
    let groups = groups.into_iter().flatten();
    let single = table.get("cases").map(|cases| ("cases", cases));
    let suites = table.get("suites").and_then(Value::as_array);
    let suites = suites
        .into_iter()
        .flatten()
        .filter_map(|suite| Some((suite.get("suite")?.as_str()?, suite.get("cases")?)));
    groups
        .map(|(group, cases)| (group.as_str(), cases))
        .chain(single)
        .chain(suites)
}
