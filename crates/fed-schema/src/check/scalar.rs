//! Has one value its type, and can its text be read as what it stands for?

use serde_json::Value;

use super::written;
use crate::shape::Shape;
use crate::types::Type;

/// What is wrong with a value by itself.
pub(super) enum Wrong {
    Type,
    /// It is a text, but not one that can be read as what it stands for.
    Form(&'static str),
}

pub(super) fn check(of: Type<'_>, value: &Value) -> Result<(), Wrong> {
    let shape = of.shape();
    if shape == Shape::AnyObject
        && of
            .definition()
            .is_some_and(|name| name.ends_with(".FieldsV1"))
    {
        return Ok(());
    }
    if !fits(shape, value) {
        return Err(Wrong::Type);
    }
    let readable = |is_readable, message| {
        if is_readable {
            Ok(())
        } else {
            Err(Wrong::Form(message))
        }
    };
    match (shape, value) {
        (Shape::Bytes, Value::String(text)) => readable(
            written::is_base64(text),
            "must be base64; plain text goes into stringData where there is one",
        ),
        (Shape::Quantity, value) => readable(
            written::quantity(value).is_some(),
            "must be a quantity: a number with a unit such as m, k, M, Ki, Mi or Gi, or without",
        ),
        (Shape::DateTime, Value::String(text)) if is_micro(of) => readable(
            written::is_micro_time(text),
            "must be a time with six digits after the seconds, such as 2024-01-31T12:00:00.000000Z",
        ),
        (Shape::DateTime, Value::String(text)) => readable(
            written::is_time(text),
            "must be a time such as 2024-01-31T12:00:00Z",
        ),
        (Shape::Any, value)
            if of
                .definition()
                .is_some_and(|name| name.ends_with(".JSONSchemaPropsOrBool")) =>
        {
            readable(
                value.is_boolean() || value.is_object(),
                "must be true, false or a schema",
            )
        }
        _ => Ok(()),
    }
}

fn is_micro(of: Type<'_>) -> bool {
    of.definition()
        .is_some_and(|name| name.ends_with(".MicroTime"))
}

/// Could a field of this shape have the value, as far as its type goes?
pub(super) fn fits(shape: Shape, value: &Value) -> bool {
    match shape {
        Shape::Object | Shape::Map | Shape::AnyObject => value.is_object(),
        Shape::List => value.is_array(),
        Shape::String | Shape::Bytes | Shape::DateTime => value.is_string(),
        Shape::Int32 => value
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        Shape::Int64 | Shape::Integer => value.is_i64(),
        Shape::Number => value.is_number(),
        Shape::Boolean => value.is_boolean(),
        Shape::IntOrString => value.is_string() || fits(Shape::Int32, value),
        Shape::Quantity => value.is_number() || value.is_string(),
        Shape::Any => true,
    }
}

pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(number) if number.is_i64() => "a whole number",
        Value::Number(number) if number.is_u64() => "a number that is too large",
        Value::Number(_) => "a number with a fraction",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

pub(super) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}
