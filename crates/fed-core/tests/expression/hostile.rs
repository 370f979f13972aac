//! Does every text and every value have an answer, without end to neither time nor memory?

use fed_core::expression::{DEEPEST, Expression, LARGEST, LONGEST};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{object, value};

/// A small stack, as a thread of somebody else may have it.
fn on_a_small_stack<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new().stack_size(512 * 1024);
    thread.spawn(run).unwrap().join().unwrap()
}

#[test]
fn no_text_nests_too_deeply_for_a_small_stack() {
    let repeated = [
        "(",
        ")",
        "[",
        "{",
        "{1:",
        "!",
        "-",
        "a?",
        "a?b:",
        ".a",
        ".a()",
        "[0]",
        "a[",
        "f(",
        "1+",
        "1<",
        "a&&",
        "a||",
        "?.a",
        "[?0]",
        "size(",
        "has(",
        "[1].map(x,",
        ".map(x,x)",
        "'",
        "\\",
        "`",
        "1,",
        "é",
        "\u{0}",
        "\"\"\"",
        "r'",
        "//",
        "optional.of(",
        "x.exists(x,",
        "-1-",
        "!(",
    ];
    for part in repeated {
        for start in ["", "object", "[1]", "1", "'"] {
            let count = (LONGEST - 32) / part.len();
            for count in [DEEPEST - 3, DEEPEST, 2 * DEEPEST, count] {
                let open = format!("{start}{}", part.repeat(count));
                let closed = match part.chars().last() {
                    Some('(' | ',') => format!("{open}1{}", ")".repeat(count)),
                    Some('[') => format!("{open}1{}", "]".repeat(count)),
                    Some(':') => format!("{open}1{}", "}".repeat(count)),
                    _ => format!("{open}1"),
                };
                on_a_small_stack(move || {
                    // Whatever it is: it comes back.
                    let _ = (value(&open), value(&closed));
                });
            }
        }
    }
}

#[test]
fn what_nests_as_deeply_as_is_allowed_is_evaluated_on_a_small_stack() {
    let nested = |levels: usize| {
        let (open, close) = ("[1].map(x, ".repeat(levels), ")".repeat(levels));
        format!("{open}1{close}")
    };
    on_a_small_stack(move || {
        assert!(value(&nested(DEEPEST - 2)).is_ok());
        assert!(value(&nested(DEEPEST)).unwrap_err().contains("nests"));
    });
}

#[test]
fn the_limits_of_text_and_result_are_kept() {
    let fault = value(&" ".repeat(LONGEST + 1)).unwrap_err();
    assert!(fault.contains("bytes"), "{fault}");
    let text = "a".repeat(LARGEST / 4);
    let asked = |source: &str| {
        let expression = Expression::parse(source, &["text"]).unwrap();
        expression.evaluate(&[&json!(text)])
    };
    assert!(asked("text + text").is_ok());
    let failure = asked("[text, text, text, text]").unwrap_err();
    assert!(failure.is_limit(), "{failure}");
}

#[test]
fn what_takes_too_many_steps_ends() {
    let list: Vec<_> = (0..2_000).collect();
    let list = json!({"list": list, "text": "a".repeat(10_000)});
    for source in [
        "o.list.map(x, o.list.map(y, o.list.map(z, x + y + z))).size()",
        "o.list.all(x, o.list.all(y, x + y >= 0))",
        "o.list.map(x, o.list == o.list).size()",
        "o.list.map(x, o.list + o.list).size()",
        "o.list.map(x, o.text + o.text).size()",
        "o.list.map(x, o.text.contains('b')).size()",
        "o.list.map(x, o.text.matches('a*b')).size()",
        "o.list.map(x, o.text.matches('(a|b)' + string(x))).size()",
        "o.list.map(x, o.text.replace('', 'aaaaaaaaaaaaaaaaaaaaaaaaa')).size()",
        "o.list.map(x, o.text.split('')).size()",
        "o.list.map(x, 5000 in o.list).size()",
        "o.list.filter(x, o.list.filter(y, y == x).size() == 1).size()",
        // Shared parts: small to hold, and endless to walk.
        "[[o.list]].map(a, [a, a, a, a]).map(a, [a, a, a, a]).map(a, [a, a, a, a]).map(a, [a, a, a, a])",
        "[o.list].map(a, [a, a, a, a, a, a, a, a]).map(a, [a, a, a, a, a, a, a, a]).map(a, [a, a, a, a, a, a, a, a])
            .map(a, [a, a, a, a, a, a, a, a]).map(a, a == a).size()",
    ] {
        let expression = Expression::parse(source, &["o"]).unwrap();
        let is_limit = expression.evaluate(&[&list]).is_err_and(|failure| failure.is_limit());
        assert!(is_limit, "{source}");
    }
}

#[test]
fn a_limit_cannot_be_made_up_for() {
    let list: Vec<_> = (0..2_000).collect();
    let endless = "o.all(x, o.all(y, x + y >= 0))";
    for source in [format!("{endless} || true"), format!("true || {endless}")] {
        let expression = Expression::parse(&source, &["o"]).unwrap();
        let value = expression.evaluate(&[&json!(list)]);
        assert_eq!(value.is_err(), source.ends_with("true"), "{source}");
    }
}

#[test]
fn values_may_nest_as_deeply_as_memory_holds() {
    let mut deep = json!(1);
    for _ in 0..2_000 {
        deep = Value::Array(vec![deep]);
    }
    let told = |source: &str| {
        let expression = Expression::parse(source, &["deep"]).unwrap();
        expression
            .evaluate(&[&deep])
            .map_err(|failure| failure.to_string())
    };
    assert!(told("deep == deep").unwrap_err().contains("levels"));
    assert!(told("deep").unwrap_err().contains("levels"));
    assert_eq!(told("size(deep)"), Ok(json!(1)));
    // It is not dropped level by level either.
    std::mem::forget(deep);
}

const WORDS: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    ",",
    "?",
    ":",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    "<=",
    "&&",
    "||",
    " in ",
    "object",
    "x",
    ".spec",
    ".?status",
    "has(",
    ".map(x,",
    ".filter(x,",
    ".all(x,",
    ".exists(x,",
    ".optMap(x,",
    "size(",
    ".size()",
    ".orValue(",
    "optional.of(",
    ".matches('",
    ".split(",
    ".join(",
    ".sum()",
    "int(",
    "string(",
    "type(",
    "'a'",
    "''",
    "1",
    "0",
    "2u",
    "1.5",
    "null",
    "true",
    "[?",
    "{?",
    "`",
    "'",
    "\"",
    "\\",
    "é",
    "\u{0}",
    "\n",
    "//",
    "0x",
    "1e",
];

fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 0..24).prop_map(|words| words.concat())
}

/// Any value, its numbers at their limits among them.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec![0, 1, -1, i64::MAX, i64::MIN]).prop_map(Value::from),
        Just(json!(u64::MAX)),
        any::<f64>().prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("spec|status|a|b", inner, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn every_text_is_an_expression_or_a_fault(text in "\\PC{0,60}", soup in words()) {
        for source in [text, soup] {
            if let Ok(expression) = Expression::parse(&source, &["object"]) {
                let value = expression.evaluate(&[&object()]);
                // Once more, it is the same.
                prop_assert_eq!(&value, &expression.evaluate(&[&object()]));
                prop_assert_eq!(expression.source(), source);
            }
        }
    }

    #[test]
    fn every_value_can_be_asked(one in any_value(), other in any_value()) {
        for source in [
            "a + b", "a - b", "a * b", "a / b", "a % b", "a == b", "a < b", "a >= b", "a in b",
            "a[b]", "a[?b]", "a.spec", "a.?spec.status", "has(a.spec)", "[a, b]", "{a: b}", "-a", "!a",
            "a.map(x, x == b)", "a.all(x, x < b)", "a ? b : b", "a && b", "size(a)", "int(a)",
            "uint(a)", "double(a)", "string(a)", "bool(a)", "type(a) == type(b)", "a.sum()",
            "[a, b].max()", "a.contains(b)", "a.split(b)", "a.join(b)", "a.replace(b, b)",
            "a.substring(b)", "a.indexOf(b)", "a.matches(b)", "optional.ofNonZeroValue(a).orValue(b)",
        ] {
            let expression = Expression::parse(source, &["a", "b"]).unwrap();
            let _ = expression.evaluate(&[&one, &other]);
        }
    }
}
