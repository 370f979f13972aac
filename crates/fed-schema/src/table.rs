//! How are schemas kept so that a look-up is cheap? As one table of nodes for each document, with
//! every reference resolved to a place in it.

use serde_json::{Map, Value};

use crate::shape::{ListType, PatchStrategy, Shape};

/// Schemas nested deeper than this are read as "anything": no lawful one comes near it.
pub(crate) const DEEPEST: usize = 128;

/// The type of what a schema says nothing about; the first node of every table.
pub(crate) const ANYTHING: NodeId = NodeId(0);

pub(crate) const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

/// One schema, read. Where it says `structure`, everything that it does not say itself is said by
/// that node: a field that refers to a definition adds its own list type, default or patch
/// strategy to it.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a keyword of the schema, independent of the others"
)]
pub(crate) struct Node {
    pub(crate) structure: Option<NodeId>,
    pub(crate) shape: Option<Shape>,
    pub(crate) format: Option<Box<str>>,
    /// By name.
    pub(crate) fields: Box<[(Box<str>, NodeId)]>,
    pub(crate) items: Option<NodeId>,
    pub(crate) values: Option<NodeId>,
    pub(crate) required: Box<[Box<str>]>,
    pub(crate) allowed: Box<[Value]>,
    pub(crate) default: Option<Value>,
    pub(crate) list_type: Option<ListType>,
    pub(crate) map_keys: Box<[Box<str>]>,
    pub(crate) merge_key: Option<Box<str>>,
    pub(crate) patch_strategy: Option<PatchStrategy>,
    pub(crate) atomic: bool,
    pub(crate) nullable: bool,
    pub(crate) preserves_unknown: bool,
    pub(crate) embedded: bool,
    /// Where the definition's name stands, if this is one.
    pub(crate) definition: Option<Box<str>>,
}

impl Node {
    pub(crate) fn anything() -> Self {
        Self {
            shape: Some(Shape::Any),
            preserves_unknown: true,
            ..Self::default()
        }
    }

    fn text() -> Self {
        Self {
            shape: Some(Shape::String),
            ..Self::default()
        }
    }
}

/// The definition of a kind.
#[derive(Debug)]
struct Root {
    kind: Box<str>,
    group: Box<str>,
    version: Box<str>,
    node: NodeId,
}

/// The schemas of one document.
#[derive(Debug)]
pub(crate) struct Table {
    nodes: Vec<Node>,
    /// By kind, group and version.
    roots: Vec<Root>,
}

impl Table {
    /// The table of an `OpenAPI` v3 document's `components.schemas`.
    pub(crate) fn of_definitions(definitions: &Map<String, Value>) -> Self {
        let mut builder = Builder::new(Dialect::Published);
        builder.define(definitions);
        builder.finish()
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    pub(crate) fn root(&self, group: &str, version: &str, kind: &str) -> Option<NodeId> {
        let wanted = (kind, group, version);
        let found = self
            .roots
            .binary_search_by(|root| (&*root.kind, &*root.group, &*root.version).cmp(&wanted))
            .ok()?;
        self.roots.get(found).map(|root| root.node)
    }
}

/// What a sorted list of named nodes holds under a name.
pub(crate) fn find(named: &[(Box<str>, NodeId)], name: &str) -> Option<NodeId> {
    let found = named
        .binary_search_by(|(other, _)| (**other).cmp(name))
        .ok()?;
    named.get(found).map(|(_, id)| *id)
}

/// Whose schemas are read?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// An API server's own: they refer to each other.
    Published,
    /// A `CustomResourceDefinition`'s: structural, references are not allowed.
    Structural,
}

/// Reads schemas into a table.
pub(crate) struct Builder {
    dialect: Dialect,
    nodes: Vec<Node>,
    definitions: Vec<(Box<str>, NodeId)>,
    roots: Vec<Root>,
}

impl Builder {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            nodes: vec![Node::anything()],
            definitions: Vec::new(),
            roots: Vec::new(),
        }
    }

    /// Reads schemas that may refer to each other.
    pub(crate) fn define(&mut self, definitions: &Map<String, Value>) {
        let dialect = std::mem::replace(&mut self.dialect, Dialect::Published);
        // First a place for every name, then what stands there: definitions refer in circles.
        for name in definitions.keys() {
            let node = self.push(Node::default());
            self.definitions.push((name.as_str().into(), node));
        }
        self.definitions
            .sort_by(|(one, _), (other, _)| one.cmp(other));
        for (name, schema) in definitions {
            let Some(id) = find(&self.definitions, name) else {
                continue;
            };
            let mut node = self.read(schema, 0);
            node.definition = Some(name.as_str().into());
            name_shape(name, &mut node);
            self.set(id, node);
            self.add_roots(schema, id);
        }
        self.dialect = dialect;
    }

    /// Makes a node the root of a kind.
    pub(crate) fn add_root(&mut self, group: &str, version: &str, kind: &str, node: NodeId) {
        self.roots.push(Root {
            kind: kind.into(),
            group: group.into(),
            version: version.into(),
            node,
        });
    }

    pub(crate) fn finish(mut self) -> Table {
        self.roots.sort_by(|one, other| {
            (&one.kind, &one.group, &one.version).cmp(&(&other.kind, &other.group, &other.version))
        });
        Table {
            nodes: self.nodes,
            roots: self.roots,
        }
    }

    /// Gives an object the fields that every Kubernetes object has, whatever its schema says.
    pub(crate) fn make_object(&mut self, node: &mut Node) {
        let metadata = find(&self.definitions, OBJECT_META).unwrap_or(ANYTHING);
        let text = self.push(Node::text());
        let mut fields = std::mem::take(&mut node.fields).into_vec();
        for (name, id) in [("apiVersion", text), ("kind", text), ("metadata", metadata)] {
            fields.retain(|(other, _)| **other != *name);
            fields.push((name.into(), id));
        }
        fields.sort_by(|(one, _), (other, _)| one.cmp(other));
        node.fields = fields.into();
        node.shape = Some(Shape::Object);
    }

    pub(crate) fn push(&mut self, node: Node) -> NodeId {
        let Ok(place) = u32::try_from(self.nodes.len()) else {
            return ANYTHING;
        };
        self.nodes.push(node);
        NodeId(place)
    }

    fn set(&mut self, id: NodeId, node: Node) {
        if let Some(place) = self.nodes.get_mut(id.0 as usize) {
            *place = node;
        }
    }

    fn add_roots(&mut self, schema: &Value, id: NodeId) {
        let names = schema.get("x-kubernetes-group-version-kind");
        for name in names.and_then(Value::as_array).into_iter().flatten() {
            let part = |key| name.get(key).and_then(Value::as_str).unwrap_or("");
            self.add_root(part("group"), part("version"), part("kind"), id);
        }
    }

    /// Reads a schema; the answer is its place.
    pub(crate) fn place(&mut self, schema: &Value, depth: usize) -> NodeId {
        if depth > DEEPEST {
            return ANYTHING;
        }
        let node = self.read(schema, depth);
        // A bare reference adds nothing to what it refers to.
        match node.structure {
            Some(target) if is_bare_reference(schema) => target,
            _ => self.push(node),
        }
    }

    /// Reads a schema without giving it a place.
    pub(crate) fn read(&mut self, schema: &Value, depth: usize) -> Node {
        let text = |key: &str| schema.get(key).and_then(Value::as_str);
        let flag = |key: &str| schema.get(key).and_then(Value::as_bool) == Some(true);
        let structure = self.reference(schema);
        let fields = self.fields(schema, depth);
        let mut child = |key: &str| {
            let schema = schema.get(key).filter(|schema| schema.is_object())?;
            Some(self.place(schema, depth + 1))
        };
        let items = child("items");
        let values = child("additionalProperties")
            .or_else(|| flag("additionalProperties").then_some(ANYTHING));
        let preserves_unknown = flag("x-kubernetes-preserve-unknown-fields");
        let shape = match structure {
            Some(_) => None,
            None => Some(shape_of(
                schema,
                !fields.is_empty(),
                values.is_some(),
                preserves_unknown,
            )),
        };
        let mut node = Node {
            structure,
            shape,
            format: text("format").map(Into::into),
            fields,
            items: items.or_else(|| (shape == Some(Shape::List)).then_some(ANYTHING)),
            values,
            required: texts(schema.get("required")),
            allowed: schema
                .get("enum")
                .and_then(Value::as_array)
                .map(|allowed| allowed.as_slice().into())
                .unwrap_or_default(),
            default: schema.get("default").cloned(),
            list_type: text("x-kubernetes-list-type").and_then(ListType::parse),
            map_keys: texts(schema.get("x-kubernetes-list-map-keys")),
            merge_key: text("x-kubernetes-patch-merge-key").map(Into::into),
            patch_strategy: text("x-kubernetes-patch-strategy").map(PatchStrategy::parse),
            atomic: text("x-kubernetes-map-type") == Some("atomic"),
            nullable: flag("nullable"),
            preserves_unknown,
            embedded: flag("x-kubernetes-embedded-resource"),
            definition: None,
        };
        if node.embedded {
            self.make_object(&mut node);
        }
        node
    }

    fn fields(&mut self, schema: &Value, depth: usize) -> Box<[(Box<str>, NodeId)]> {
        let declared = schema.get("properties").and_then(Value::as_object);
        let mut fields: Vec<(Box<str>, NodeId)> = declared
            .into_iter()
            .flatten()
            .map(|(name, schema)| (name.as_str().into(), self.place(schema, depth + 1)))
            .collect();
        // serde_json keeps the order of the document where a program asks for that.
        fields.sort_by(|(one, _), (other, _)| one.cmp(other));
        fields.into()
    }

    fn reference(&self, schema: &Value) -> Option<NodeId> {
        if self.dialect == Dialect::Structural {
            return None;
        }
        let address = match schema.get("$ref") {
            Some(address) => address,
            None => match schema.get("allOf")?.as_array()?.as_slice() {
                [only] => only.get("$ref")?,
                _ => return None,
            },
        };
        let name = address.as_str()?.strip_prefix("#/components/schemas/")?;
        Some(find(&self.definitions, name).unwrap_or(ANYTHING))
    }
}

fn is_bare_reference(schema: &Value) -> bool {
    schema
        .as_object()
        .is_some_and(|keywords| keywords.len() == 1)
}

fn texts(value: Option<&Value>) -> Box<[Box<str>]> {
    value
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(Into::into)
        .collect()
}

fn shape_of(schema: &Value, has_fields: bool, has_values: bool, preserves: bool) -> Shape {
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let format = text("format").unwrap_or("");
    let either = schema
        .get("x-kubernetes-int-or-string")
        .and_then(Value::as_bool);
    if either == Some(true) || format == "int-or-string" {
        return Shape::IntOrString;
    }
    match (text("type"), format) {
        (Some("string"), "byte") => Shape::Bytes,
        (Some("string"), "date-time") => Shape::DateTime,
        (Some("string"), _) => Shape::String,
        (Some("integer"), "int32") => Shape::Int32,
        (Some("integer"), "int64") => Shape::Int64,
        (Some("integer"), _) => Shape::Integer,
        (Some("number"), _) => Shape::Number,
        (Some("boolean"), _) => Shape::Boolean,
        (Some("array"), _) => Shape::List,
        (Some("object") | None, _) if has_fields => Shape::Object,
        (Some("object"), _) if has_values => Shape::Map,
        (Some("object"), _) if preserves => Shape::AnyObject,
        (Some("object"), _) => Shape::Object,
        _ => Shape::Any,
    }
}

/// What the name of a definition says beyond its schema.
fn name_shape(name: &str, node: &mut Node) {
    match name {
        "io.k8s.apimachinery.pkg.api.resource.Quantity" => node.shape = Some(Shape::Quantity),
        "io.k8s.apimachinery.pkg.runtime.RawExtension"
        | "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1"
        | "io.k8s.apimachinery.pkg.apis.meta.v1.Patch" => {
            node.shape = Some(Shape::AnyObject);
            node.preserves_unknown = true;
        }
        _ if node.shape == Some(Shape::Any) => node.preserves_unknown = true,
        _ => {}
    }
}
