//! What does a real API server say of an object? Asked by dry-run create, and kept as one line.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::path::Path;

use fed_schema::{Schemas, Scope};
use fed_testkit::apiserver::Client;
use serde_json::Value;

/// The answer as one line: the status, then the reasons and places or a decoder's message, then
/// the unknown fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub(crate) struct Answer(String);

/// What an answer says of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is taken.
    Taken,
    /// Its shape is refused: types, required fields, allowed values.
    Misshapen,
    /// It is refused for anything else.
    AgainstRules,
}

const UNKNOWN: &str = " unknown: ";

/// The reasons that speak of an object's shape.
const SHAPE: [&str; 3] = [
    "FieldValueRequired",
    "FieldValueNotSupported",
    "FieldValueTypeInvalid",
];

impl Answer {
    pub(crate) fn verdict(&self) -> Verdict {
        match self.0.get(..3) {
            Some("201") => Verdict::Taken,
            Some("400") => Verdict::Misshapen,
            Some("422") if SHAPE.iter().any(|reason| self.0.contains(reason)) => Verdict::Misshapen,
            _ => Verdict::AgainstRules,
        }
    }

    /// Did the server read it whole? Only then it tells unknown fields.
    pub(crate) fn is_decoded(&self) -> bool {
        !self.0.starts_with("400")
    }

    /// The unknown fields, as the server writes them; it does not look for any in what it cannot
    /// decode.
    pub(crate) fn unknown(&self) -> Vec<&str> {
        let fields = self.0.split_once(UNKNOWN);
        fields.map_or_else(Vec::new, |(_, fields)| fields.split(", ").collect())
    }

    fn new(status: u16, warnings: &[String], body: &Value) -> Self {
        let mut line = status.to_string();
        let causes = body.pointer("/details/causes").and_then(Value::as_array);
        let mut causes: Vec<_> = causes
            .into_iter()
            .flatten()
            .map(|cause| {
                let text = |name: &str| cause[name].as_str().unwrap_or_default();
                format!(" {} {}", text("reason"), text("field"))
            })
            .collect();
        // The server visits maps in any order.
        causes.sort();
        causes.dedup();
        if status != 201 && causes.is_empty() {
            let message = body["message"].as_str().unwrap_or_default();
            line.push(' ');
            line.extend(message.chars().take(120));
        }
        line.push_str(&causes.join(","));
        let mut unknown: Vec<_> = warnings
            .iter()
            .filter_map(|text| text.strip_prefix("unknown field \"")?.strip_suffix('"'))
            .collect();
        unknown.sort_unstable();
        if !unknown.is_empty() {
            line.push_str(UNKNOWN);
            line.push_str(&unknown.join(", "));
        }
        Self(line)
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Asks a server whether it would create the object.
pub(crate) fn ask(client: &Client, schemas: &Schemas, object: &Value) -> Answer {
    let text = |field: &str| object[field].as_str().unwrap();
    let kind = schemas.kind_of(text("apiVersion"), text("kind")).unwrap();
    let api = if kind.group().is_empty() {
        "api"
    } else {
        "apis"
    };
    let namespace = match kind.scope() {
        Scope::Namespaced => "/namespaces/default",
        Scope::Cluster => "",
    };
    let path = format!(
        "/{api}/{}{namespace}/{}?dryRun=All&fieldValidation=Warn",
        kind.api_version(),
        kind.plural()
    );
    // Some objects make the server's own checks panic: it hangs up.
    client.create(&path, object).map_or_else(
        |_| Answer("(no answer)".to_owned()),
        |answer| Answer::new(answer.status, &answer.warnings, &answer.body),
    )
}

/// The record: by base and answer, the cases that got it.
type Record = BTreeMap<String, BTreeMap<Answer, Vec<String>>>;

/// The recorded answers by the names of their cases.
pub(crate) fn read_record() -> BTreeMap<String, Answer> {
    let record = std::fs::read_to_string(path()).unwrap_or_else(|_| "{}".to_owned());
    let record: Record = serde_json::from_str(&record).unwrap();
    let mut answers = BTreeMap::new();
    for (base, given) in record {
        for (answer, cases) in given {
            for case in cases {
                answers.insert(format!("{base}: {case}"), answer.clone());
            }
        }
    }
    answers
}

/// Writes the answers with a line for each, so that changes can be read.
pub(crate) fn write_record(answers: &BTreeMap<String, Answer>) {
    let mut record = Record::new();
    for (name, answer) in answers {
        let (base, case) = name.split_once(": ").unwrap();
        let given = record.entry(base.to_owned()).or_default();
        given
            .entry(answer.clone())
            .or_default()
            .push(case.to_owned());
    }
    let mut text = String::from("{");
    for (index, (base, given)) in record.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        write!(text, "{}: {{", Value::from(base.as_str())).unwrap();
        for (index, (answer, cases)) in given.iter().enumerate() {
            text.push_str(if index == 0 { "\n" } else { ",\n" });
            let answer = Value::from(answer.0.as_str());
            write!(text, "  {answer}: {}", Value::from(cases.clone())).unwrap();
        }
        text.push_str("\n}");
    }
    text.push_str("\n}\n");
    std::fs::write(path(), text).unwrap();
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/server/recorded.json")
}
