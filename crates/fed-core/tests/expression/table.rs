//! What is the value of expressions, and what is told where there is none?

use std::fmt::Write;

use serde_json::{Value, json};

use super::value;

fn holds(table: &[(&str, Value)]) {
    for (source, expected) in table {
        assert_eq!(value(source).as_ref(), Ok(expected), "{source}");
    }
}

#[test]
fn values_stand_for_themselves() {
    holds(&[
        ("1", json!(1)),
        ("0x1F", json!(31)),
        ("7u", json!(7)),
        ("1.5e3", json!(1500.0)),
        (".5", json!(0.5)),
        ("'a\\n\\u00e9\\x41\\101'", json!("a\né\u{41}\u{41}")),
        (r#"r"\d""#, json!("\\d")),
        ("'''a\n'b'''", json!("a\n'b")),
        ("[1, 'a', [true], null,]", json!([1, "a", [true], null])),
        ("{'a': 1, 'b': {}}", json!({"a": 1, "b": {}})),
        ("1 // the rest is silence", json!(1)),
    ]);
}

#[test]
fn operators_bind_and_compare_as_in_cel() {
    holds(&[
        ("1 + 2 * 3 - 4 / 2 % 3", json!(5)),
        ("-(1 - 2) * 3", json!(3)),
        ("7 / -2", json!(-3)),
        ("-7 % 3", json!(-1)),
        (
            "1 < 2 && 2.5 >= 2 && 3u > 2 && 'a' < 'b' && !(true < false)",
            json!(true),
        ),
        ("1 == 1.0 && 1u == 1 && 1 != '1' && null != 0", json!(true)),
        ("[1, 2] == [1.0, 2u] && {'a': 1} == {'a': 1.0}", json!(true)),
        ("[1] + [2] == [1, 2]", json!(true)),
        ("true ? 1 : false ? 2 : 3", json!(1)),
        ("false || 1 == 2 || 'a' in ['b', 'a']", json!(true)),
        (
            "'app' in object.metadata.labels && !(1 in {'1': 1})",
            json!(true),
        ),
        (
            "{1: 'a', true: 'b'}[1u] + {1: 'a', true: 'b'}[true]",
            json!("ab"),
        ),
        ("9223372036854775807 < 9223372036854775808.0", json!(true)),
        ("0.0 / 0.0 == 0.0 / 0.0 || 0.0 / 0.0 < 1.0", json!(false)),
    ]);
}

#[test]
fn what_decides_makes_up_for_what_fails() {
    holds(&[
        ("object.missing || true", json!(true)),
        ("object.missing && false", json!(false)),
        ("[0, 1].exists(x, 1 / x == 1)", json!(true)),
        ("[0, 1].all(x, 1 / x == 2)", json!(false)),
    ]);
    assert!(value("object.missing || false").is_err());
    assert!(value("[0, 1].all(x, 1 / x == 1)").is_err());
}

#[test]
fn fields_are_reached_needed_or_not() {
    holds(&[
        ("object.spec.replicas", json!(4)),
        ("object['spec']['names'][1]", json!("a")),
        ("object.metadata.labels.`a/b`", json!("c")),
        (
            "has(object.spec.none) && !has(object.spec.other)",
            json!(true),
        ),
        ("object.?spec.?other.orValue(1)", json!(1)),
        ("object.?spec.replicas.orValue(1)", json!(4)),
        ("object.?gone.replicas.hasValue()", json!(false)),
        ("object.spec.names[?7].orValue('none')", json!("none")),
        ("has(object.?gone.replicas)", json!(false)),
        (
            "object.?spec.?replicas.optMap(n, n + 1).orValue(0)",
            json!(5),
        ),
        ("object.?x.or(object.?spec).value().paused", json!(false)),
        ("[?object.?x, ?optional.of(1), 2]", json!([1, 2])),
        (
            "{?'a': object.?x, ?'b': optional.ofNonZeroValue('')}",
            json!({}),
        ),
        ("optional.none().orValue(3)", json!(3)),
    ]);
}

#[test]
fn macros_walk_over_lists_and_over_maps_in_the_order_of_their_keys() {
    holds(&[
        ("[1, 2, 3].filter(x, x > 1).map(y, y * 2)", json!([4, 6])),
        ("[1, 2, 3].map(x, x > 1, x * 2)", json!([4, 6])),
        (
            "[1, 2, 1].exists_one(x, x == 2) && ![1, 1].existsOne(x, x == 1)",
            json!(true),
        ),
        ("{'b': 1, 'a': 2, 'c': 3}.map(k, k)", json!(["a", "b", "c"])),
        ("object.metadata.labels.map(k, k)", json!(["a/b", "app"])),
        ("[1].map(x, [2].map(y, [x, y]))", json!([[[1, 2]]])),
        ("[1, 2].map(x, [x].map(x, x + 1)[0] + x)", json!([3, 5])),
        ("[].all(x, x)", json!(true)),
        (
            "object.status.conditions.filter(c, c.status == 'False').map(c, c.type)",
            json!(["Available"]),
        ),
    ]);
}

#[test]
fn functions_are_called_as_in_cel_and_kubernetes() {
    holds(&[
        ("size('aé') + size([1]) + {'a': 1}.size()", json!(4)),
        ("[int('4'), int(-4.7), int(4u)]", json!([4, -4, 4])),
        ("[double(1), double('2.5')]", json!([1.0, 2.5])),
        ("string(1) + string(true) + string('a')", json!("1truea")),
        ("uint(3) == 3u && bool('true')", json!(true)),
        (
            "type(1) == int && type([]) == list && type('a') != type(1)",
            json!(true),
        ),
        (
            "'rating'.contains('at') && 'rating'.startsWith('ra')",
            json!(true),
        ),
        (
            "'rating'.endsWith('ing') && 'rating'.matches('^r.*g$')",
            json!(true),
        ),
        ("matches('rating', 'r' + 'a')", json!(true)),
        ("'AbÉ'.lowerAscii() + 'ab'.upperAscii()", json!("abÉAB")),
        ("' a '.trim() + '-'.replace('-', 'xx')", json!("axx")),
        (
            "'a,b'.split(',') + 'ab'.split('')",
            json!(["a", "b", "a", "b"]),
        ),
        ("['a', 'b'].join('-') + ['c'].join()", json!("a-bc")),
        ("'äbc'.substring(1) + 'äbc'.substring(0, 1)", json!("bcä")),
        (
            "['äbcb'.indexOf('b'), 'äbcb'.lastIndexOf('b'), 'a'.indexOf('x')]",
            json!([1, 3, -1]),
        ),
        ("[1, 2, 3].sum() + [].sum()", json!(6)),
        (
            "[3, 1, 2.5].min() == 1 && ['b', 'a'].max() == 'b'",
            json!(true),
        ),
    ]);
}

#[test]
fn every_message_tells_what_to_do() {
    let sources = [
        "",
        "1 +",
        "(1",
        "1 2",
        "objekt.spec",
        "object.\n  spec.size)",
        "object.sizzle()",
        "object.spec.sise()",
        "timestamp('2026-01-01T00:00:00Z')",
        "b'abc'",
        "'abc",
        "'\\q'",
        "'a\nb'",
        "`a",
        "99999999999999999999",
        "1x",
        "$",
        "has(object)",
        "[1].map(1, 2)",
        "size(1, 2)",
        "'a'.matches('(')",
        "Pod{name: 'a'}",
        "optional.some(1)",
        "object.spec.other",
        "object.spec.replicas.other",
        "[1][2]",
        "object.spec.names[2]",
        "{'a': 1}.b",
        "1 + '1'",
        "1 / 0",
        "9223372036854775807 + 1",
        "1 ? 2 : 3",
        "'a' && true",
        "!1",
        "-'a'",
        "1 < 'a'",
        "1 in 2",
        "[1]['a']",
        "{'a': 1, 'a': 2}",
        "[] in {} ? 1 : {[]: 1}",
        "size(1)",
        "int('a')",
        "[1].join()",
        "[].min()",
        "'a'.substring(2)",
        "optional.none().value()",
        "optional.of(1)",
        "[?1]",
        "1.map(x, x)",
        "{1: 1}",
        "0.0 / 0.0",
        "type(1)",
    ];
    let mut told = String::new();
    for source in sources {
        let message = value(source).unwrap_err();
        writeln!(told, "{source:?}\n    {message}").unwrap();
    }
    insta::assert_snapshot!(told);
}
