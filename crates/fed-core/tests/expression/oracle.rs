//! Is the value of an expression what another evaluator of CEL takes it for? What it is held against
//! has no limits and no order of maps, and is no part of what we ship.

use std::sync::Arc;

use cel::objects::Key;
use cel::{Context, Program};
use proptest::prelude::*;
use serde_json::Value;

use super::{object, value};

/// What the other evaluator says; nothing where it fails.
fn theirs(source: &str) -> Option<Value> {
    let program = Program::compile(source).ok()?;
    let mut context = Context::default();
    context.add_variable_from_value("object", converted(&object()));
    back(&program.execute(&context).ok()?)
}

fn converted(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(flag) => cel::Value::Bool(*flag),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => cel::Value::Int(whole),
            None => cel::Value::Float(number.as_f64().unwrap()),
        },
        Value::String(text) => cel::Value::String(text.clone().into()),
        Value::Array(items) => {
            cel::Value::List(items.iter().map(converted).collect::<Vec<_>>().into())
        }
        Value::Object(fields) => {
            let fields = fields.iter();
            let fields =
                fields.map(|(name, value)| (Key::String(name.clone().into()), converted(value)));
            let map = Arc::new(fields.collect());
            cel::Value::Map(cel::objects::Map { map })
        }
    }
}

fn back(value: &cel::Value) -> Option<Value> {
    Some(match value {
        cel::Value::Null => Value::Null,
        cel::Value::Bool(flag) => (*flag).into(),
        cel::Value::Int(whole) => (*whole).into(),
        cel::Value::UInt(whole) => (*whole).into(),
        cel::Value::Float(double) => serde_json::Number::from_f64(*double)?.into(),
        cel::Value::String(text) => text.as_str().into(),
        cel::Value::List(items) => items.iter().map(back).collect::<Option<_>>()?,
        cel::Value::Map(map) => {
            let fields = map.map.iter().map(|(key, value)| match key {
                Key::String(name) => Some((name.to_string(), back(value)?)),
                _ => None,
            });
            Value::Object(fields.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn leaf() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "0",
        "1",
        "3",
        "7u",
        "2.5",
        "'a'",
        "''",
        "'rating'",
        "true",
        "false",
        "null",
        "[]",
        "[1, 2]",
        "['a', 'b']",
        "{'a': 1}",
        "object.spec.replicas",
        "object.spec.weight",
        "object.spec.paused",
        "object.spec.none",
        "object.spec.names",
        "object.metadata.name",
        "object.status.conditions",
        "object.status.other",
    ])
    .prop_map(str::to_owned)
}

fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(3, 12, 3, |inner| {
        let operators = vec![
            "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "in", "&&", "||",
        ];
        let calls = vec![
            "size(@)",
            "!@",
            "-@",
            "int(@)",
            "string(@)",
            "double(@)",
            "@.map(x, x)",
            "@.filter(x, x == 1)",
            "@.exists(x, x == 'a')",
            "@.all(x, x != 1)",
            "@.exists_one(x, x == 1)",
            "@[0]",
            "[@]",
            "{'k': @}",
            "has(@.type)",
            "@.contains('a')",
            "@.startsWith('r')",
            "@.matches('^[a-z]+$')",
        ];
        prop_oneof![
            (
                inner.clone(),
                prop::sample::select(operators),
                inner.clone()
            )
                .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            (inner.clone(), prop::sample::select(calls))
                .prop_map(|(of, call)| call.replace('@', &format!("({of})"))),
            (inner.clone(), inner.clone(), inner)
                .prop_map(|(condition, yes, no)| format!("({condition} ? {yes} : {no})")),
        ]
    })
}

/// What the other evaluator takes, and CEL does not.
const THEIRS_ALONE: &[&str] = &["+ does not stand between values of types list and map"];

proptest! {
    #[test]
    fn both_say_the_same(source in expression()) {
        let thread = std::thread::Builder::new().stack_size(64 << 20);
        let asked = source.clone();
        let theirs = thread.spawn(move || theirs(&asked)).unwrap().join().unwrap();
        let ours = value(&source);
        if !ours.as_ref().is_err_and(|told| THEIRS_ALONE.contains(&told.as_str())) {
            prop_assert_eq!(ours.ok(), theirs, "{}", source);
        }
    }
}
