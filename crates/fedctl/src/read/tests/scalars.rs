//! The table of scalars, held against kubectl 1.32 (`kubectl label --local -o json`).

use fed_core::{Code, Severity};
use serde_json::{Value, json};

use super::super::read_text;
use super::value;

/// Numbers, and how JSON writes them.
const NUMBERS: [(&str, &str); 60] = [
    ("0", "0"),
    ("-0", "0"),
    ("+0", "0"),
    ("7", "7"),
    ("+7", "7"),
    ("-7", "-7"),
    ("0644", "420"),
    ("-0644", "-420"),
    ("+0644", "420"),
    ("00", "0"),
    ("08", "8"),
    ("0o17", "15"),
    ("0O17", "15"),
    ("-0o17", "-15"),
    ("0x1F", "31"),
    ("0X1f", "31"),
    ("-0x1F", "-31"),
    ("+0x1f", "31"),
    ("0b101", "5"),
    ("0B101", "5"),
    ("-0b101", "-5"),
    ("+0b11", "3"),
    ("1_000", "1000"),
    ("0x_1F", "31"),
    ("0_644", "420"),
    ("1_", "1"),
    ("1__0", "10"),
    ("0_", "0"),
    ("0b_1", "1"),
    ("0.5_5", "0.55"),
    ("1e1_0", "10000000000"),
    (".825_0", "0.825"),
    (".5", "0.5"),
    ("-.5", "-0.5"),
    ("+.5", "0.5"),
    ("5.", "5"),
    ("1.0", "1"),
    ("1.50", "1.5"),
    ("1e3", "1000"),
    ("1E3", "1000"),
    ("1e+3", "1000"),
    ("1e-3", "0.001"),
    (".5e1", "5"),
    ("1_000.5", "1000.5"),
    ("01.5", "1.5"),
    ("09.5", "9.5"),
    ("0.0", "0"),
    ("-0.0", "0"),
    ("0e0", "0"),
    ("123456789.125", "123456789.125"),
    ("0.1", "0.1"),
    ("1e21", "1e21"),
    ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"),
    ("18446744073709551615", "18446744073709551615"),
    ("18446744073709551616", "1.8446744073709552e19"),
    ("-9223372036854775809", "-9223372036854775808"),
    ("99999999999999999999999", "1e23"),
    ("0777777777777777777777777", "7.777777777777778e23"),
    ("0xFFFFFFFFFFFFFFFF", "18446744073709551615"),
];

/// Words and numbers of YAML 1.1, and near misses.
fn plain() -> Vec<(&'static str, Value)> {
    let same = |text: &'static str| (text, json!(text));
    let mut table: Vec<(&str, Value)> = Vec::new();
    table.extend(
        [
            "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "true", "True", "TRUE",
        ]
        .map(|text| (text, json!(true))),
    );
    table.extend(
        [
            "n", "N", "no", "No", "NO", "off", "Off", "OFF", "false", "False", "FALSE",
        ]
        .map(|text| (text, json!(false))),
    );
    table.extend(["", "~", "null", "Null", "NULL"].map(|text| (text, Value::Null)));
    table.extend(
        [
            "yEs", "tRUE", "oN", "nULL", "_1", "._5", ".5_", ".5_e1", ".5__5", "1e400", "-1e400",
            ".e1", ".", "--", "+", "1:30", "12:30:45",
        ]
        .map(same),
    );
    table.extend(
        [
            "190:20:30.15",
            "2001-12-14",
            "2001-12-14t21:59:43.10-05:00",
            "0x",
            "0b",
            "0o",
            "0b2",
            "0o8",
            "0xG",
        ]
        .map(same),
    );
    table.extend(
        [
            "1e", "1e+", "1.2.3", "0x1p4", "0x1.8p1", "infinity", "nan", "Inf", "+Inf", "-Inf",
            "1d", "<<", "=",
        ]
        .map(same),
    );
    table.extend(
        [
            "0xFFFFFFFFFFFFFFFFF",
            "-0xFFFFFFFFFFFFFFFF",
            "2001-12-14 21:59:43.10 -5",
        ]
        .map(same),
    );
    table.extend(NUMBERS.map(|(text, number)| (text, number.parse().unwrap())));
    table
}

/// Quotes, tags and keys.
fn decorated() -> Vec<(&'static str, Value)> {
    vec![
        ("\"yes\"", json!("yes")),
        ("'0644'", json!("0644")),
        ("'it''s'", json!("it's")),
        ("''", json!("")),
        ("\"\\x41\\u263a\\e\"", json!("A\u{263a}\u{1b}")),
        ("!!str 0644", json!("0644")),
        ("!!str yes", json!("yes")),
        ("!!str", json!("")),
        ("!!int 5", json!(5)),
        ("!!int \"5\"", json!(5)),
        ("!!int \"0644\"", json!(420)),
        ("!!float 5", json!(5)),
        ("!!float \"1.5\"", json!(1.5)),
        ("!!float 0644", json!(420)),
        ("!!float 0x10", json!(16)),
        ("!!bool yes", json!(true)),
        ("!!bool \"no\"", json!(false)),
        ("!!null null", json!(null)),
        ("!!null \"\"", json!(null)),
        ("!!binary aGVsbG8=", json!("hello")),
        ("!!binary aGVsbG8h", json!("hello!")),
        ("!!binary aA==", json!("h")),
        ("!!binary gICA", json!("\u{fffd}\u{fffd}\u{fffd}")),
        ("!!timestamp 2001-12-14", json!("2001-12-14")),
        ("!foo bar", json!("bar")),
        ("!foo 5", json!("5")),
        ("! 5", json!("5")),
        ("! yes", json!("yes")),
        ("!!foo 5", json!("5")),
        ("!<tag:yaml.org,2002:int> 5", json!(5)),
        ("!!map 5", json!("5")),
        ("!!int [a]", json!(["a"])),
        ("!!merge <<", json!("<<")),
        ("{yes: 1}", json!({"true": 1})),
        ("{off: 1}", json!({"false": 1})),
        ("{1: x}", json!({"1": "x"})),
        ("{0644: x}", json!({"420": "x"})),
        ("{1.5: x}", json!({"1.5": "x"})),
        ("{1e3: x}", json!({"1000": "x"})),
        ("{1e6: x}", json!({"1e+06": "x"})),
        ("{1e21: x}", json!({"1e+21": "x"})),
        ("{123456.7: x}", json!({"123456.7": "x"})),
        ("{1000000.5: x}", json!({"1.0000005e+06": "x"})),
        ("{0.00001: x}", json!({"1e-05": "x"})),
        ("{0.0001: x}", json!({"0.0001": "x"})),
        ("{16777217.0: x}", json!({"1.6777216e+07": "x"})),
        ("{.inf: x}", json!({".inf": "x"})),
        ("{.nan: x}", json!({".nan": "x"})),
        ("{2001-12-14: x}", json!({"2001-12-14": "x"})),
        ("{!!str 1: x}", json!({"1": "x"})),
        ("{!!int \"7\": x}", json!({"7": "x"})),
        ("{!!binary aGk=: x}", json!({"hi": "x"})),
    ]
}

#[test]
fn scalars_mean_what_they_mean_to_kubectl() {
    for (text, expected) in plain().into_iter().chain(decorated()) {
        assert_eq!(value(&format!("v: {text}\n"))["v"], expected, "{text}");
    }
}

#[test]
fn what_kubectl_refuses_is_refused() {
    let values = [
        ".nan",
        ".NaN",
        ".inf",
        "-.inf",
        "+.INF",
        "!!int",
        "!!int abc",
        "!!int 5.5",
        "!!int 1.0",
        "!!float abc",
        "!!float .inf",
        "!!float 1e400",
        "!!int 99999999999999999999",
        "!!bool abc",
        "!!bool 1",
        "!!null x",
        "!!binary \"aGVs bG8=\"",
        "!!binary x",
        "{null: x}",
        "{~: x}",
        "{: x}",
        "{[a]: x}",
        "{{a: b}: x}",
        "{9223372036854775808: x}",
        "@a",
        "`a",
        "%a",
        "a: b",
        "\"a\" b",
        "[a",
        "*a",
        "-",
        "- 5",
    ];
    for text in values {
        let input = read_text("-", format!("v: {text}\n"));
        assert!(input.documents.is_empty(), "{text}");
    }
}

#[test]
fn where_yaml_1_2_differs_a_note_says_so() {
    let differ = [
        "yes", "on", "off", "no", "y", "N", "0644", "-0644", "1_000", "0b101", "0O17", "-0x1F",
        "0X1f", "1_0.5", "-0o7",
    ];
    for text in differ {
        let input = read_text("-", format!("a: {text}\n"));
        let [note] = &input.findings[..] else {
            panic!("{text}: {:?}", input.findings);
        };
        assert_eq!(
            (note.severity, note.code),
            (Severity::Note, Code::YamlVersionsDiffer)
        );
        assert_eq!((note.line, note.column), (Some(1), Some(4)));
        assert_eq!(
            (note.path.as_str(), note.source_line.as_deref()),
            ("/a", Some(&*format!("a: {text}")))
        );
        assert!(
            note.message.contains(&format!("`{text}`")),
            "{}",
            note.message
        );
    }
    let agree = [
        "true",
        "~",
        "",
        "7",
        "-7",
        "007",
        "08",
        "0o17",
        "0x1F",
        "1.5",
        "1e3",
        ".5",
        "text",
        "1:30",
        "2001-12-14",
        "\"yes\"",
        "'0644'",
        "!!str yes",
        "|\n  yes",
        "1e400",
        "99999999999999999999",
    ];
    for text in agree {
        assert_eq!(
            read_text("-", format!("a: {text}\n")).findings,
            [],
            "{text}"
        );
    }
    let message = |text: &str| read_text("-", text).findings[0].message.clone();
    assert_eq!(
        message("mode: 0644"),
        "`0644` is read as 420, as Kubernetes (YAML 1.1) does; YAML 1.2 reads 644; write 420, or \
         quote it (\"0644\") if text is meant"
    );
    assert_eq!(
        message("on: 1"),
        "the key `on` is read as true, as Kubernetes (YAML 1.1) does; YAML 1.2 reads the string \
         \"on\"; write true, or quote it (\"on\") if text is meant"
    );
    assert_eq!(read_text("-", "a: {on: 1}").findings[0].path, "/a/true");
}

#[test]
fn unknown_tags_are_warned_of() {
    for text in ["a: !foo bar", "a: !foo {b: c}", "a: !!foo 5", "- !foo [b]"] {
        let input = read_text("-", text);
        assert_eq!(input.findings[0].severity, Severity::Warning, "{text}");
        assert!(input.findings[0].message.contains("foo"));
        assert_eq!(input.documents.len(), 1);
    }
    assert_eq!(read_text("-", "a: !!map {b: ! c}").findings, []);
}
