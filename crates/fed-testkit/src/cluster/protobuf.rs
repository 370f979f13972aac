//! What does a body in protobuf say? `kubectl create` and other typed clients send objects of
//! built-in kinds so; they are read as the JSON that they would be, and answered in JSON.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fed_schema::{Schemas, Type};
use flate2::read::GzDecoder;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub(super) const PROTOBUF: &str = "application/vnd.kubernetes.protobuf";

/// What every such body begins with.
const START: &[u8] = b"k8s\0";
const META: &str = "k8s.io.apimachinery.pkg.apis.meta.v1";
const TYPE: &str = "k8s.io.apimachinery.pkg.runtime.TypeMeta";
/// No object of a built-in kind is nested as deep.
const DEEPEST: usize = 128;

/// By message and number: the name of a field, and what stands there: `string`, a message, or a
/// `list` or `map` of one of them.
type Messages = BTreeMap<String, BTreeMap<u32, (String, String)>>;

/// Why a body cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unread {
    /// Objects of this kind are not written in protobuf.
    Kind,
    /// The body is broken.
    Body(&'static str),
}

/// The object that a body is.
pub(super) fn read(schemas: &Schemas, body: &[u8]) -> Result<Value, Unread> {
    let broken = Unread::Body("provided data does not appear to be a protobuf message");
    let body = body.strip_prefix(START).ok_or(broken)?;
    let messages = messages();
    let reader = Reader { messages };
    let (envelope, raw) = reader.envelope(body)?;
    let text = |field: &str| {
        envelope
            .get(field)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let message = message(messages, api_version, kind).ok_or(Unread::Kind)?;
    let root = schemas
        .kind_of(api_version, kind)
        .map(fed_schema::Kind::root);
    let mut object = reader.message(&message, raw, root, 0)?;
    if let Some(fields) = object.as_object_mut() {
        fields.insert("apiVersion".to_owned(), json!(api_version));
        fields.insert("kind".to_owned(), json!(kind));
    }
    Ok(object)
}

fn messages() -> &'static Messages {
    // A cache of constant data.
    static MESSAGES: OnceLock<Messages> = OnceLock::new();
    MESSAGES.get_or_init(|| {
        let packed: &[u8] = include_bytes!("../../data/protobuf.json.gz");
        let mut text = Vec::new();
        // What the crate holds is constant, and a test opens it.
        let _ = GzDecoder::new(packed).read_to_end(&mut text);
        serde_json::from_slice(&text).unwrap_or_default()
    })
}

/// The message of a kind; options belong to every group.
fn message(messages: &Messages, api_version: &str, kind: &str) -> Option<String> {
    let (group, version) = api_version.split_once('/').unwrap_or(("core", api_version));
    let group = group.split('.').next().unwrap_or_default();
    let own = format!("k8s.io.api.{group}.{version}.{kind}");
    let all = [own, format!("{META}.{kind}")];
    all.into_iter().find(|name| messages.contains_key(name))
}

/// A value as it stands on the wire.
#[derive(Clone, Copy, Debug)]
enum Wire<'b> {
    Number(u64),
    Bytes(&'b [u8]),
}

/// The fields of a message: number and value.
struct Fields<'b>(&'b [u8]);

impl<'b> Iterator for Fields<'b> {
    type Item = Result<(u32, Wire<'b>), Unread>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or(Unread::Body(
            "the protobuf message ends too early or is no message",
        )))
    }
}

impl<'b> Fields<'b> {
    fn field(&mut self) -> Option<(u32, Wire<'b>)> {
        let tag = self.number()?;
        let value = match tag & 7 {
            0 => Wire::Number(self.number()?),
            1 => Wire::Number(u64::from_le_bytes(self.take(8)?.try_into().ok()?)),
            2 => {
                let length = usize::try_from(self.number()?).ok()?;
                Wire::Bytes(self.take(length)?)
            }
            5 => Wire::Number(u32::from_le_bytes(self.take(4)?.try_into().ok()?).into()),
            _ => return None,
        };
        Some((u32::try_from(tag >> 3).ok()?, value))
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for place in 0..10 {
            let byte = *self.take(1)?.first()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

struct Reader<'m> {
    messages: &'m Messages,
}

impl Reader<'_> {
    /// What an envelope says of the kind of its object, and the bytes of that.
    fn envelope<'b>(&self, body: &'b [u8]) -> Result<(Value, &'b [u8]), Unread> {
        let mut told = Value::Null;
        let mut raw: &[u8] = &[];
        for field in Fields(body) {
            match field? {
                (1, Wire::Bytes(bytes)) => told = self.message(TYPE, bytes, None, 0)?,
                (2, Wire::Bytes(bytes)) => raw = bytes,
                _ => {}
            }
        }
        Ok((told, raw))
    }

    fn message(
        &self,
        name: &str,
        body: &[u8],
        of: Option<Type<'_>>,
        depth: usize,
    ) -> Result<Value, Unread> {
        if depth > DEEPEST {
            return Err(Unread::Body("the protobuf message is nested too deep"));
        }
        if let Some(value) = special(name, body)? {
            return Ok(value);
        }
        let numbered = self.messages.get(name).ok_or(Unread::Kind)?;
        let mut fields = Map::new();
        for field in Fields(body) {
            let (number, wire) = field?;
            // Who is newer may say more.
            let Some((field, told)) = numbered.get(&number) else {
                continue;
            };
            let below = of.and_then(|of| of.child(field));
            if let Some(item) = told.strip_prefix("list ") {
                let of = below.and_then(Type::items);
                let item = self.value(item, wire, of, depth)?;
                let list = fields.entry(field.clone()).or_insert_with(|| json!([]));
                list.as_array_mut()
                    .into_iter()
                    .for_each(|list| list.push(item.clone()));
            } else if let Some(values) = told.strip_prefix("map ") {
                let of = below.and_then(Type::values);
                let (key, value) = self.entry(values, wire, of, depth)?;
                let map = fields.entry(field.clone()).or_insert_with(|| json!({}));
                map.as_object_mut().into_iter().for_each(|map| {
                    map.insert(key.clone(), value.clone());
                });
            } else {
                // What JSON does not know by this name stands in its parent there.
                let is_inline = of.is_some() && below.is_none();
                match self.value(told, wire, if is_inline { of } else { below }, depth)? {
                    Value::Object(inner) if is_inline => fields.extend(inner),
                    value => {
                        fields.insert(field.clone(), value);
                    }
                }
            }
        }
        Ok(Value::Object(fields))
    }

    fn value(
        &self,
        told: &str,
        wire: Wire<'_>,
        of: Option<Type<'_>>,
        depth: usize,
    ) -> Result<Value, Unread> {
        Ok(match (told, wire) {
            ("string", Wire::Bytes(bytes)) => json!(text(bytes)?),
            ("bytes", Wire::Bytes(bytes)) => json!(STANDARD.encode(bytes)),
            ("bool", Wire::Number(number)) => json!(number != 0),
            ("double", Wire::Number(number)) => json!(f64::from_bits(number)),
            ("uint32" | "uint64", Wire::Number(number)) => json!(number),
            ("int32" | "int64", Wire::Number(number)) => json!(number.cast_signed()),
            (message, Wire::Bytes(bytes)) => self.message(message, bytes, of, depth + 1)?,
            _ => {
                return Err(Unread::Body(
                    "a field of the protobuf message is of another type",
                ));
            }
        })
    }

    fn entry(
        &self,
        told: &str,
        wire: Wire<'_>,
        of: Option<Type<'_>>,
        depth: usize,
    ) -> Result<(String, Value), Unread> {
        let Wire::Bytes(body) = wire else {
            return Err(Unread::Body("a map of the protobuf message is none"));
        };
        let (mut key, mut value) = (String::new(), self.empty(told, of, depth)?);
        for field in Fields(body) {
            match field? {
                (1, Wire::Bytes(bytes)) => text(bytes)?.clone_into(&mut key),
                (2, wire) => value = self.value(told, wire, of, depth)?,
                _ => {}
            }
        }
        Ok((key, value))
    }

    /// What stands where a map has a key without a value.
    fn empty(&self, told: &str, of: Option<Type<'_>>, depth: usize) -> Result<Value, Unread> {
        let wire = match told {
            "bool" | "double" | "int32" | "int64" => Wire::Number(0),
            _ => Wire::Bytes(&[]),
        };
        self.value(told, wire, of, depth)
    }
}

/// What JSON writes in another way than as a message.
fn special(name: &str, body: &[u8]) -> Result<Option<Value>, Unread> {
    let (package, short) = name.rsplit_once('.').unwrap_or(("", name));
    let first = || -> Result<Wire<'_>, Unread> {
        let field = Fields(body).find(|field| !matches!(field, Ok((number, _)) if *number != 1));
        Ok(field
            .transpose()?
            .map_or(Wire::Bytes(&[]), |(_, wire)| wire))
    };
    let bytes = || match first()? {
        Wire::Bytes(bytes) => Ok(bytes),
        Wire::Number(_) => Err(Unread::Body("a text of the protobuf message is none")),
    };
    let is_meta = package == META;
    Ok(Some(match short {
        "Quantity" => json!(text(bytes()?)?),
        "RawExtension" | "FieldsV1" => {
            let raw = bytes()?;
            let broken = |_| Unread::Body("a raw field of the protobuf message is no JSON");
            match raw {
                [] => Value::Null,
                raw => serde_json::from_slice(raw).map_err(broken)?,
            }
        }
        "IntOrString" => int_or_string(body)?,
        "Time" | "MicroTime" if is_meta => time(body, short == "MicroTime")?,
        "ExtraValue" | "Verbs" => {
            let items = Fields(body).map(|field| match field? {
                (_, Wire::Bytes(bytes)) => Ok(json!(text(bytes)?)),
                _ => Err(Unread::Body("a list of the protobuf message is none")),
            });
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        _ => return Ok(None),
    }))
}

fn text(bytes: &[u8]) -> Result<&str, Unread> {
    let broken = |_| Unread::Body("a text of the protobuf message is not UTF-8");
    std::str::from_utf8(bytes).map_err(broken)
}

fn int_or_string(body: &[u8]) -> Result<Value, Unread> {
    let (mut is_text, mut number, mut words) = (false, 0, "");
    for field in Fields(body) {
        match field? {
            (1, Wire::Number(sort)) => is_text = sort == 1,
            (2, Wire::Number(value)) => number = value.cast_signed(),
            (3, Wire::Bytes(bytes)) => words = text(bytes)?,
            _ => {}
        }
    }
    Ok(if is_text { json!(words) } else { json!(number) })
}

fn time(body: &[u8], is_fine: bool) -> Result<Value, Unread> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    let (mut seconds, mut nanos) = (0, 0);
    for field in Fields(body) {
        match field? {
            (1, Wire::Number(number)) => seconds = number.cast_signed(),
            (2, Wire::Number(number)) => nanos = number.cast_signed(),
            _ => {}
        }
    }
    let broken = Unread::Body("a time of the protobuf message is out of reach");
    let time = i32::try_from(nanos)
        .ok()
        .and_then(|nanos| Timestamp::new(seconds, nanos).ok());
    let time = time.ok_or(broken)?;
    let form = if is_fine {
        "%Y-%m-%dT%H:%M:%S.%6fZ"
    } else {
        "%Y-%m-%dT%H:%M:%SZ"
    };
    Ok(json!(time.strftime(form).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field whose value is text or a message.
    fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
        let length = u8::try_from(bytes.len()).expect("short");
        [&[number << 3 | 2, length], bytes].concat()
    }

    fn body(api_version: &str, kind: &str, object: &[u8]) -> Vec<u8> {
        let kind = [field(1, api_version.as_bytes()), field(2, kind.as_bytes())].concat();
        [START, &field(1, &kind), &field(2, object)].concat()
    }

    #[test]
    fn an_object_is_read_as_its_json() {
        // metadata.name, and spec.volumes[0] with its source, which JSON has no name for.
        let source = field(6, &field(1, b"colours"));
        let volume = [field(1, b"paint"), field(2, &source)].concat();
        let grace = [4 << 3, 0];
        let spec = [field(1, &volume), grace.to_vec()].concat();
        let pod = [field(1, &field(1, b"web")), field(2, &spec)].concat();
        let read = read(&Schemas::builtin(), &body("v1", "Pod", &pod)).expect("a pod");
        assert_eq!(read["metadata"], json!({"name": "web"}));
        assert_eq!(read["spec"]["terminationGracePeriodSeconds"], 0);
        let volume = json!({"name": "paint", "secret": {"secretName": "colours"}});
        assert_eq!(read["spec"]["volumes"][0], volume);
    }

    #[test]
    fn what_is_broken_or_of_another_kind_is_told() {
        let schemas = Schemas::builtin();
        assert!(matches!(read(&schemas, b"{}"), Err(Unread::Body(_))));
        assert_eq!(
            read(&schemas, &body("shop.example.com/v1", "Gadget", b"")),
            Err(Unread::Kind)
        );
        let cut = [field(1, b"name"), vec![2 << 3 | 2, 100]].concat();
        assert!(matches!(
            read(&schemas, &body("v1", "Pod", &cut)),
            Err(Unread::Body(_))
        ));
        // Whatever the bytes are, nothing panics.
        for seed in 0..2_000_u32 {
            let bytes: Vec<u8> = (0..40_u32)
                .map(|place| {
                    seed.wrapping_mul(2_654_435_761)
                        .rotate_left(place)
                        .to_le_bytes()[0]
                })
                .collect();
            let _ = read(&schemas, &body("v1", "Pod", &bytes));
        }
    }

    #[test]
    fn every_field_of_every_kind_is_one_that_json_knows_or_stands_in_its_parent() {
        let schemas = Schemas::builtin();
        let mut kinds = 0;
        for kind in schemas.kinds() {
            let Some(name) = message(messages(), &kind.api_version(), kind.kind()) else {
                continue;
            };
            kinds += 1;
            for (field, told) in messages()[&name].values() {
                let is_known = kind.root().child(field).is_some() || told.contains('.');
                assert!(is_known, "{kind} {field}");
            }
        }
        assert!(kinds > 60, "{kinds}");
    }
}
