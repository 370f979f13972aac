//! Are the ranges exact, for every value in every notation?

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::{SourceDocument, read_text};
use super::value;

fn document(text: &str) -> SourceDocument {
    let mut input = read_text("-", text);
    assert_eq!(input.documents.len(), 1, "{text:?} {:?}", input.findings);
    input.documents.remove(0)
}

/// Pointer, expected text of the key, expected text of the value, line, column, exact.
type Row<'a> = (&'a str, Option<&'a str>, &'a str, usize, usize, bool);

fn check(text: &str, rows: &[Row<'_>]) {
    let document = document(text);
    for (pointer, key, value, line, column, exact) in rows {
        let place = document.place(pointer);
        let slice = |range: std::ops::Range<usize>| &document.file.text[range];
        assert_eq!(place.key.clone().map(slice), *key, "key of {pointer}");
        assert_eq!(slice(place.value), *value, "value of {pointer}");
        let found = (place.line, place.column, place.exact);
        assert_eq!(found, (*line, *column, *exact), "{pointer}");
    }
}

const MANIFEST: &str = "# head\r
kind: Thing # what\r
\"é\": {x: 'é', w: [1, {z: 2}] }\r
spec:\r
  # about\r
  list:\r
  - a: 1\r
    b: |-\r
      one\r
      two\r
\r
  - - c\r
    -\r
  gone:\r
  tagged: !!str 5\r
  last: 1\r
\r
# tail\r
";

#[test]
fn ranges_and_positions_are_exact() {
    let list = "- a: 1\r\n    b: |-\r\n      one\r\n      two\r\n\r\n  - - c\r\n    -";
    check(
        MANIFEST,
        &[
            ("/kind", Some("kind"), "Thing", 2, 7, true),
            ("/é", Some("\"é\""), "{x: 'é', w: [1, {z: 2}] }", 3, 6, true),
            ("/é/x", Some("x"), "'é'", 3, 10, true),
            ("/é/w/1", None, "{z: 2}", 3, 22, true),
            ("/é/w/1/z", Some("z"), "2", 3, 26, true),
            ("/spec/list", Some("list"), list, 6, 3, true),
            (
                "/spec/list/0/b",
                Some("b"),
                "|-\r\n      one\r\n      two\r\n",
                8,
                8,
                true,
            ),
            ("/spec/list/1/0", None, "c", 12, 7, true),
            ("/spec/list/1/1", None, "", 13, 6, true),
            ("/spec/gone", Some("gone"), "", 14, 3, true),
            ("/spec/tagged", Some("tagged"), "!!str 5", 15, 11, true),
            ("/spec/last", Some("last"), "1", 16, 9, true),
            ("/spec/list/7/x", Some("list"), list, 6, 3, false),
            ("/spec/last/x", Some("last"), "1", 16, 3, false),
        ],
    );
    let document = document(MANIFEST);
    let gone = document.place("/spec/gone").value;
    assert_eq!(
        &MANIFEST[gone.start - 5..gone.start],
        "gone:",
        "a value would follow the colon"
    );
    let root = document.place("/nothing/here");
    assert_eq!((root.line, root.column, root.exact), (2, 1, false));
    assert!(MANIFEST[root.value].starts_with("kind: Thing"));
    assert!(!document.place("spec").exact || document.place("spec").line == 4);
}

#[test]
fn what_an_alias_or_a_merge_key_brings_in_is_placed_there() {
    check(
        "base: &b {x: {y: 1}}\nuse: *b\nmore:\n  <<: [*b]\n  z: 1\n",
        &[
            ("/use", Some("use"), "*b", 2, 6, true),
            ("/use/x/y", Some("use"), "*b", 2, 1, false),
            ("/more/x", Some("<<"), "[*b]", 4, 3, false),
            ("/more/x/y", Some("<<"), "[*b]", 4, 3, false),
            ("/more/z", Some("z"), "1", 5, 6, true),
            ("/base", Some("base"), "{x: {y: 1}}", 1, 10, true),
        ],
    );
}

#[test]
fn lines_count_in_the_file_and_not_in_the_document() {
    let input = read_text(
        "-",
        "a: 1\n---\n{\"b\": 2}\n\n{\"c\": [3]}\n--- !!map\nd: 4\n",
    );
    let places: Vec<_> = ["/a", "/b", "/c/0", "/d"]
        .iter()
        .zip(&input.documents)
        .map(|(pointer, document)| document.place(pointer))
        .map(|place| (place.line, place.column))
        .collect();
    assert_eq!(places, [(1, 4), (3, 7), (5, 8), (7, 4)]);
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        "[a-z]{0,6}",
        "[ -~\n\té\u{1F600}]{0,8}",
        Just("yes".to_owned()),
        Just("0644".to_owned()),
        Just("a\nb\n".to_owned()),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(|number| json!(number + 0.25)),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
    .prop_filter("a document", |value| !value.is_null() && !value.is_number())
}

#[derive(Clone, Copy, Debug)]
enum Notation {
    Json,
    PrettyJson,
    Flow,
    Block,
}

fn write(value: &Value, notation: Notation) -> String {
    match notation {
        Notation::Json => value.to_string(),
        Notation::PrettyJson => serde_json::to_string_pretty(value).unwrap(),
        Notation::Flow => flow(value),
        Notation::Block => block(value, 0),
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(flow).collect();
            format!("[ {} ]", items.join(" ,\n  "))
        }
        Value::Object(map) => {
            let pairs = map.iter();
            let pairs: Vec<_> = pairs
                .map(|(k, v)| format!("{}: {}", scalar(k), flow(v)))
                .collect();
            format!("{{{}}}", pairs.join(", # c\n "))
        }
        Value::String(text) => scalar(text),
        other => other.to_string(),
    }
}

/// Block style, each child on lines of its own, with comments and blank lines between.
fn block(value: &Value, indent: usize) -> String {
    let pad = " ".repeat(indent);
    let mut text = String::new();
    match value {
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(text, "\n{pad}-{}", child(item, indent));
            }
        }
        Value::Object(map) if !map.is_empty() => {
            for (key, item) in map {
                let _ = write!(
                    text,
                    "\n\n{pad}# c\n{pad}{}:{}",
                    scalar(key),
                    child(item, indent)
                );
            }
        }
        other => return flow(other),
    }
    text
}

fn child(value: &Value, indent: usize) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if is_literal(text) => {
            let pad = " ".repeat(indent + 2);
            let lines = text
                .lines()
                .fold(String::new(), |lines, line| lines + "\n" + &pad + line);
            format!(" |{lines}\n")
        }
        Value::Array(items) if !items.is_empty() => block(value, indent + 2),
        Value::Object(map) if !map.is_empty() => block(value, indent + 2),
        _ => format!(" {}", flow(value)),
    }
}

/// Can it be written as `|` without more ado?
fn is_literal(text: &str) -> bool {
    text.ends_with("b\n")
        && !text.starts_with([' ', '\n', '#'])
        && !text.contains(|character: char| character.is_control() && character != '\n')
}

fn scalar(text: &str) -> String {
    let is_simple = !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_lowercase())
        && value(&format!("[{text}]"))[0].is_string();
    let is_single = text.chars().all(|character| !character.is_control());
    match (is_simple, is_single) {
        (true, _) => text.to_owned(),
        (_, true) => format!("'{}'", text.replace('\'', "''")),
        _ => Value::from(text).to_string(),
    }
}

/// All pointers into a value, with what they lead to.
fn pointers<'v>(
    value: &'v Value,
    at: &fed_core::Pointer,
    all: &mut Vec<(fed_core::Pointer, &'v Value)>,
) {
    all.push((at.clone(), value));
    match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(i, v)| pointers(v, &at.child(i), all)),
        Value::Object(map) => map.iter().for_each(|(k, v)| pointers(v, &at.child(k), all)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_range_reads_as_the_value_it_belongs_to(
        written in any_value(),
        notation in prop_oneof![
            Just(Notation::Json), Just(Notation::PrettyJson), Just(Notation::Flow), Just(Notation::Block)
        ],
        windows in any::<bool>(),
    ) {
        let mut text = format!("# é\n---\n{}\n---\n# end\n", write(&written, notation));
        if windows {
            text = text.replace('\n', "\r\n");
        }
        let document = document(&text);
        prop_assert_eq!(document.value(), &written);
        let mut all = Vec::new();
        pointers(&written, &fed_core::Pointer::root(), &mut all);
        for (pointer, part) in all {
            let place = document.place(pointer.as_str());
            prop_assert!(place.exact);
            let slice = &text[place.value];
            if part.is_array() || part.is_object() {
                let is_tight = slice.trim() == slice.trim_end_matches(['\r', '\n']);
                prop_assert!(is_tight, "{:?}", slice);
            }
            let indented = format!("v:\n  {slice}").replace("\n\n", "\n");
            let again = if slice.is_empty() { Value::Null } else if slice.starts_with(['-', '|']) || part.is_object() {
                continue;
            } else {
                value(&indented)["v"].clone()
            };
            prop_assert_eq!(&again, part, "{:?}", slice);
            if let Some(key) = place.key {
                let token = pointer.tokens().last().unwrap().into_owned();
                prop_assert_eq!(&value(&format!("[{}]", &text[key]))[0], &Value::from(token));
            }
        }
    }
}
