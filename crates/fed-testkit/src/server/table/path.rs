//! Where does the path of a CustomResourceDefinition's column lead in an object? To the first value
//! that it fits.

use serde_json::Value;

/// The first value at a path such as `.spec.parts[*].id` or
/// `.status.conditions[?(@.type=="Ready")].status`; nothing for one that is written otherwise.
pub(super) fn first<'v>(object: &'v Value, path: &str) -> Option<&'v Value> {
    let mut found = vec![object];
    for step in steps(path)? {
        found = found
            .into_iter()
            .flat_map(|value| step.taken(value))
            .collect();
    }
    found.into_iter().next()
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Field(String),
    Item(usize),
    All,
    /// Items whose field is, or is not, this text.
    Where(String, bool, String),
}

impl Step {
    fn taken<'v>(&self, value: &'v Value) -> Vec<&'v Value> {
        let items = || value.as_array().into_iter().flatten();
        match self {
            Self::Field(name) => value.get(name).into_iter().collect(),
            Self::Item(place) => value.get(place).into_iter().collect(),
            Self::All => match value {
                Value::Object(fields) => fields.values().collect(),
                _ => items().collect(),
            },
            Self::Where(path, is_equal, text) => {
                let fits = |item: &&Value| {
                    let told = first(item, path);
                    let told =
                        told.map(|told| told.as_str().map_or(told.to_string(), str::to_owned));
                    told.is_some_and(|told| (told == *text) == *is_equal)
                };
                items().filter(fits).collect()
            }
        }
    }
}

fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let end = end_of_bracket(inner)?;
            let (said, after) = inner.split_at_checked(end)?;
            steps.push(bracket(said)?);
            rest = after.strip_prefix(']')?;
        } else {
            let (name, after) = field(rest.strip_prefix('.')?);
            if !name.is_empty() {
                steps.push(Step::Field(name));
            }
            rest = after;
        }
    }
    Some(steps)
}

/// Where a bracket ends: what stands in quotes does not count.
fn end_of_bracket(text: &str) -> Option<usize> {
    let mut quote = None;
    for (place, letter) in text.char_indices() {
        match (quote, letter) {
            (None, ']') => return Some(place),
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn bracket(said: &str) -> Option<Step> {
    if said == "*" {
        return Some(Step::All);
    }
    if let Some(name) = unquoted(said) {
        return Some(Step::Field(name.to_owned()));
    }
    let Some(demand) = said
        .strip_prefix("?(@")
        .and_then(|said| said.strip_suffix(')'))
    else {
        return said.parse().ok().map(Step::Item);
    };
    let (path, is_equal, text) = match (demand.split_once("=="), demand.split_once("!=")) {
        (Some((path, text)), _) => (path, true, text),
        (None, Some((path, text))) => (path, false, text),
        (None, None) => return None,
    };
    let text = text.trim();
    let text = unquoted(text).unwrap_or(text);
    Some(Step::Where(
        path.trim().to_owned(),
        is_equal,
        text.to_owned(),
    ))
}

fn unquoted(said: &str) -> Option<&str> {
    let inside = |quote: char| said.strip_prefix(quote)?.strip_suffix(quote);
    inside('\'').or_else(|| inside('"'))
}

/// The name of a field, and what comes after it. A backslash before a dot makes it part of the name.
fn field(text: &str) -> (String, &str) {
    let mut name = String::new();
    let mut letters = text.char_indices();
    while let Some((place, letter)) = letters.next() {
        match letter {
            '\\' => name.extend(letters.next().map(|(_, letter)| letter)),
            '.' | '[' => return (name, text.get(place..).unwrap_or_default()),
            letter => name.push(letter),
        }
    }
    (name, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_lead_to_the_first_that_fits() {
        let object = json!({
            "metadata": {"annotations": {"example.com/a": "x"}},
            "spec": {"size": 3, "parts": [{"id": "a"}, {"id": "b"}]},
            "status": {"conditions": [
                {"type": "Ready", "status": "False"}, {"type": "Well", "status": "True"},
            ]},
        });
        let table = [
            (".spec.size", Some(json!(3))),
            (".spec.parts[*].id", Some(json!("a"))),
            (".spec.parts[1].id", Some(json!("b"))),
            (r".metadata.annotations.example\.com/a", Some(json!("x"))),
            (".metadata.annotations['example.com/a']", Some(json!("x"))),
            (
                r#".status.conditions[?(@.type=="Well")].status"#,
                Some(json!("True")),
            ),
            (
                ".status.conditions[?(@.type != 'Ready')].type",
                Some(json!("Well")),
            ),
            (".spec.none", None),
            (".spec.parts[", None),
            ("spec", None),
        ];
        for (path, expected) in table {
            assert_eq!(first(&object, path).cloned(), expected, "{path}");
        }
    }
}
