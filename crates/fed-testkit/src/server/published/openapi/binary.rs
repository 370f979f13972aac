//! How do the types of the v2 document look in protobuf? `kubectl` takes the document in no other
//! form. What it looks for in it are the definitions; paths and parameters are not written.

use serde_json::{Map, Value};

/// The media types: as it is asked for, and as it is sent.
pub(in crate::server::published) const ASKED: &str =
    "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
pub(in crate::server::published) const SENT: &str =
    "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

/// The words of a schema that are text, a number of bytes or items, or yes and no, by number.
const TEXTS: [(&str, u64); 4] = [("$ref", 1), ("format", 2), ("title", 3), ("description", 4)];
const COUNTS: [(&str, u64); 6] = [
    ("maxLength", 11),
    ("minLength", 12),
    ("maxItems", 14),
    ("minItems", 15),
    ("maxProperties", 17),
    ("minProperties", 18),
];
const FLAGS: [(&str, u64); 3] = [
    ("exclusiveMaximum", 8),
    ("exclusiveMinimum", 10),
    ("uniqueItems", 16),
];
const BOUNDS: [(&str, u64); 3] = [("multipleOf", 6), ("maximum", 7), ("minimum", 9)];

/// The document.
pub(super) fn document(whole: &Value) -> Vec<u8> {
    let text = |pointer: &str| whole.pointer(pointer).and_then(Value::as_str);
    let mut info = Message::default();
    info.text(1, text("/info/title").unwrap_or_default());
    info.text(2, text("/info/version").unwrap_or_default());
    let mut document = Message::default();
    document.text(1, text("/swagger").unwrap_or("2.0"));
    document.message(2, &info);
    let definitions = whole.get("definitions").and_then(Value::as_object);
    document.message(9, &named(definitions));
    document.0
}

fn named(schemas: Option<&Map<String, Value>>) -> Message {
    let mut all = Message::default();
    for (name, schema) in schemas.into_iter().flatten() {
        let mut one = Message::default();
        one.text(1, name);
        one.message(2, &self::schema(schema));
        all.message(1, &one);
    }
    all
}

fn schema(schema: &Value) -> Message {
    let mut told = Message::default();
    for (word, value) in schema.as_object().into_iter().flatten() {
        let number = |table: &[(&str, u64)]| {
            let found = table.iter().find(|(name, _)| name == word);
            found.map(|(_, number)| *number)
        };
        match value {
            Value::String(text) if let Some(number) = number(&TEXTS) => told.text(number, text),
            Value::String(text) if word == "pattern" => told.text(13, text),
            Value::String(sort) if word == "type" => {
                let mut item = Message::default();
                item.text(1, sort);
                told.message(22, &item);
            }
            Value::Bool(flag) if let Some(number) = number(&FLAGS) => {
                told.number(number, u64::from(*flag));
            }
            Value::Number(count) if let Some(number) = number(&COUNTS) => {
                told.number(number, count.as_u64().unwrap_or_default());
            }
            Value::Number(bound) if let Some(number) = number(&BOUNDS) => {
                told.double(number, bound.as_f64().unwrap_or_default());
            }
            Value::Array(names) if word == "required" => {
                names
                    .iter()
                    .filter_map(Value::as_str)
                    .for_each(|name| told.text(19, name));
            }
            Value::Array(values) if word == "enum" => {
                for value in values {
                    told.message(20, &any(value));
                }
            }
            Value::Object(fields) if word == "properties" => told.message(25, &named(Some(fields))),
            Value::Object(_) if word == "items" => {
                let mut items = Message::default();
                items.message(1, &self::schema(value));
                told.message(23, &items);
            }
            Value::Object(_) if word == "additionalProperties" => {
                let mut values = Message::default();
                values.message(1, &self::schema(value));
                told.message(21, &values);
            }
            value if word == "default" => told.message(5, &any(value)),
            value if word.starts_with("x-") => {
                let mut extension = Message::default();
                extension.text(1, word);
                extension.message(2, &any(value));
                told.message(31, &extension);
            }
            _ => {}
        }
    }
    told
}

/// Any value, as YAML, which JSON is.
fn any(value: &Value) -> Message {
    let mut told = Message::default();
    told.text(2, &value.to_string());
    told
}

/// A message that grows.
#[derive(Default)]
struct Message(Vec<u8>);

impl Message {
    fn text(&mut self, number: u64, text: &str) {
        self.bytes(number, text.as_bytes());
    }

    fn message(&mut self, number: u64, message: &Message) {
        self.bytes(number, &message.0);
    }

    fn bytes(&mut self, number: u64, bytes: &[u8]) {
        self.varint(number << 3 | 2);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn number(&mut self, number: u64, value: u64) {
        self.varint(number << 3);
        self.varint(value);
    }

    fn double(&mut self, number: u64, value: f64) {
        self.varint(number << 3 | 1);
        self.0.extend_from_slice(&value.to_bits().to_le_bytes());
    }

    fn varint(&mut self, mut value: u64) {
        loop {
            let [low, ..] = (value & 0x7f).to_le_bytes();
            value >>= 7;
            if value == 0 {
                return self.0.push(low);
            }
            self.0.push(low | 0x80);
        }
    }
}
