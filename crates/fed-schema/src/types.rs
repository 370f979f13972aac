//! What is known of the value at a path? A handle to one node of a table, cheap to copy.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;

use crate::shape::{ListType, PatchStrategy, Shape};
use crate::table::{ANYTHING, Builder, Dialect, Node, NodeId, Table, find};

/// The type of a value, as its schema declares it.
///
/// A handle of two words that borrows the schema: copy it freely.
#[derive(Clone, Copy)]
pub struct Type<'a> {
    table: &'a Table,
    node: &'a Node,
}

impl<'a> Type<'a> {
    pub(crate) fn of(table: &'a Table, id: NodeId) -> Option<Self> {
        let node = table.node(id)?;
        Some(Self { table, node })
    }

    /// The type of what no schema speaks of.
    pub(crate) fn anything() -> Self {
        // A constant, made when first needed: a table is no constant expression.
        static ANYTHING: OnceLock<(Table, Node)> = OnceLock::new();
        let (table, node) =
            ANYTHING.get_or_init(|| (Builder::new(Dialect::Structural).finish(), Node::anything()));
        Type { table, node }
    }

    /// What the value must look like.
    #[must_use]
    pub fn shape(self) -> Shape {
        self.structure().shape.unwrap_or(Shape::Any)
    }

    /// The format as the schema writes it, such as `int32`.
    #[must_use]
    pub fn format(self) -> Option<&'a str> {
        let own = self.node.format.as_deref();
        own.or(self.structure().format.as_deref())
    }

    /// The name of the published definition, such as `io.k8s.api.core.v1.PodSpec`; `None` for a
    /// type that has no name of its own.
    #[must_use]
    pub fn definition(self) -> Option<&'a str> {
        self.structure().definition.as_deref()
    }

    /// The type of a known field.
    #[must_use]
    pub fn field(self, name: &str) -> Option<Type<'a>> {
        self.to(find(&self.structure().fields, name)?)
    }

    /// The known fields with their types, by name.
    #[must_use]
    pub fn fields(self) -> impl ExactSizeIterator<Item = (&'a str, Type<'a>)> {
        let fields = self.structure().fields.iter();
        fields.map(move |(name, id)| (&**name, self.to(*id).unwrap_or_else(Type::anything)))
    }

    /// The type of a list's items.
    #[must_use]
    pub fn items(self) -> Option<Type<'a>> {
        self.to(self.structure().items?)
    }

    /// The type of a map's values.
    #[must_use]
    pub fn values(self) -> Option<Type<'a>> {
        self.to(self.structure().values?)
    }

    /// The names of the fields that must be there.
    #[must_use]
    pub fn required(self) -> impl ExactSizeIterator<Item = &'a str> {
        self.structure().required.iter().map(|name| &**name)
    }

    /// Must this field be there?
    #[must_use]
    pub fn requires(self, name: &str) -> bool {
        self.required().any(|required| required == name)
    }

    /// The values that are allowed; empty where any is.
    #[must_use]
    pub fn allowed(self) -> &'a [Value] {
        match &*self.node.allowed {
            [] => &self.structure().allowed,
            own => own,
        }
    }

    /// The default that the schema declares.
    ///
    /// Most of what Kubernetes declares for its own kinds says nothing: an empty text, zero or
    /// `{}` is how Go writes an unset field. What servers really fill in stands in
    /// [`rules`](crate::rules).
    #[must_use]
    pub fn default(self) -> Option<&'a Value> {
        self.node
            .default
            .as_ref()
            .or(self.structure().default.as_ref())
    }

    /// How server-side apply merges this list; one that says nothing is merged as atomic.
    #[must_use]
    pub fn list_type(self) -> Option<ListType> {
        self.node.list_type.or(self.structure().list_type)
    }

    /// The fields that tell the items of a list of type [`ListType::Map`] apart.
    #[must_use]
    pub fn map_keys(self) -> &'a [Box<str>] {
        match &*self.node.map_keys {
            [] => &self.structure().map_keys,
            own => own,
        }
    }

    /// Is this object owned as one value by server-side apply (`x-kubernetes-map-type: atomic`)?
    #[must_use]
    pub fn is_atomic(self) -> bool {
        self.node.atomic || self.structure().atomic
    }

    /// The field by which a strategic merge patch tells the items of this list apart.
    #[must_use]
    pub fn merge_key(self) -> Option<&'a str> {
        let own = self.node.merge_key.as_deref();
        own.or(self.structure().merge_key.as_deref())
    }

    /// How a strategic merge patch treats this value.
    #[must_use]
    pub fn patch_strategy(self) -> PatchStrategy {
        let own = self.node.patch_strategy;
        own.or(self.structure().patch_strategy).unwrap_or_default()
    }

    /// May the value be `null` and stay so?
    #[must_use]
    pub fn is_nullable(self) -> bool {
        self.node.nullable || self.structure().nullable
    }

    /// Are fields kept that the schema does not name?
    #[must_use]
    pub fn preserves_unknown_fields(self) -> bool {
        self.node.preserves_unknown || self.structure().preserves_unknown
    }

    /// Is the value a whole Kubernetes object, with apiVersion, kind and metadata?
    #[must_use]
    pub fn is_embedded_resource(self) -> bool {
        self.node.embedded || self.structure().embedded
    }

    /// The type of what stands under one segment of a path: a field, a map's key, a list's index.
    ///
    /// Below a type that takes anything stands anything; `None` is a field that is not known.
    #[must_use]
    pub fn child(self, segment: &str) -> Option<Type<'a>> {
        match self.shape() {
            Shape::List => is_index(segment).then(|| self.items())?,
            Shape::Any | Shape::AnyObject => self.field(segment).or_else(|| self.to(ANYTHING)),
            shape if shape.is_scalar() => None,
            _ => self
                .field(segment)
                .or_else(|| self.values())
                .or_else(|| self.preserves_unknown_fields().then(|| self.to(ANYTHING))?),
        }
    }

    /// The type at a JSON Pointer below this one: `/spec/template/spec/containers/0/image`.
    /// The index `-` is an item like any other; the empty pointer is this type.
    pub fn at(self, pointer: &str) -> Option<Type<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        let segments = pointer.strip_prefix('/')?.split('/');
        segments
            .map(unescape)
            .try_fold(self, |here, segment| here.child(&segment))
    }

    fn structure(self) -> &'a Node {
        self.node
            .structure
            .and_then(|id| self.table.node(id))
            .unwrap_or(self.node)
    }

    fn to(self, id: NodeId) -> Option<Type<'a>> {
        Type::of(self.table, id)
    }
}

impl fmt::Debug for Type<'_> {
    // Schemas refer in circles: only what this node says itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Type")
            .field("shape", &self.shape())
            .field("definition", &self.definition())
            .field(
                "fields",
                &self.fields().map(|(name, _)| name).collect::<Vec<_>>(),
            )
            .finish_non_exhaustive()
    }
}

fn is_index(segment: &str) -> bool {
    segment == "-" || (!segment.is_empty() && segment.bytes().all(|byte| byte.is_ascii_digit()))
}

fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') {
        segment.replace("~1", "/").replace("~0", "~").into()
    } else {
        segment.into()
    }
}
