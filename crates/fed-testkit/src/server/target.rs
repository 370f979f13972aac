//! Which object or list does a path lead to?

use fed_schema::{Kind, Schemas, Scope};

use super::request::Request;
use super::status::Refusal;

/// Objects of one kind: what the store keys them by.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Resource {
    /// The API group; empty for the core group.
    pub group: String,
    /// The plural.
    pub plural: String,
}

impl Resource {
    /// The resource of a kind.
    pub fn of(kind: Kind<'_>) -> Self {
        Self {
            group: kind.group().to_owned(),
            plural: kind.plural().to_owned(),
        }
    }

    /// The resource that its objects are held as: events are those of the core group, whatever
    /// group they are asked of.
    #[must_use]
    pub fn held(&self) -> Self {
        let is_events = self.group == "events.k8s.io" && self.plural == "events";
        Self {
            group: if is_events {
                String::new()
            } else {
                self.group.clone()
            },
            plural: self.plural.clone(),
        }
    }

    /// As messages name it: `deployments.apps`.
    pub fn qualified(&self) -> String {
        match self.group.as_str() {
            "" => self.plural.clone(),
            group => format!("{}.{group}", self.plural),
        }
    }
}

/// The path of an object of a kind, or of all where the name is empty; the namespace is empty for
/// what lives in none.
pub(super) fn path(kind: Kind<'_>, namespace: &str, name: &str) -> String {
    let root = match kind.group() {
        "" => format!("/api/{}", kind.version()),
        group => format!("/apis/{group}/{}", kind.version()),
    };
    let place = match namespace {
        "" => String::new(),
        namespace => format!("/namespaces/{namespace}"),
    };
    let end = match name {
        "" => String::new(),
        name => format!("/{name}"),
    };
    format!("{root}{place}/{}{end}", kind.plural())
}

/// Where a request goes.
#[derive(Clone, Debug)]
pub(super) struct Target<'s> {
    pub(super) kind: Kind<'s>,
    pub(super) resource: Resource,
    /// Empty for what lives in none.
    pub(super) namespace: String,
    /// Empty for all objects.
    pub(super) name: String,
    /// Empty for the object itself.
    pub(super) subresource: String,
    /// Is it one of the old paths that lead to changes?
    pub(super) is_watched: bool,
}

impl<'s> Target<'s> {
    pub(super) fn of(schemas: &'s Schemas, request: &Request) -> Result<Self, Refusal> {
        Self::find(schemas, &request.path).ok_or_else(Refusal::no_such_path)
    }

    fn find(schemas: &'s Schemas, path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        let (group, version, rest) = match &segments[..] {
            ["api", version, rest @ ..] => ("", *version, rest),
            ["apis", group, version, rest @ ..] => (*group, *version, rest),
            _ => return None,
        };
        let (is_watched, rest) = match rest {
            ["watch", rest @ ..] => (true, rest),
            rest => (false, rest),
        };
        let (namespace, rest) = match rest {
            ["namespaces", namespace, rest @ ..]
                if !rest.is_empty() && !matches!(rest, ["status" | "finalize"]) =>
            {
                (*namespace, rest)
            }
            rest => ("", rest),
        };
        let (plural, name, subresource) = match rest {
            [plural] => (*plural, "", ""),
            [plural, name] => (*plural, *name, ""),
            [plural, name, subresource] => (*plural, *name, *subresource),
            _ => return None,
        };
        let named = schemas.resource(group, plural)?;
        let kind = schemas.kind(group, version, named.kind())?;
        let is_served =
            subresource.is_empty() || (kind.subresource(subresource).is_some() && !is_watched);
        let is_namespaced = kind.scope() == Scope::Namespaced;
        let is_right = is_namespaced != namespace.is_empty() || (is_namespaced && name.is_empty());
        (is_served && is_right).then(|| Self {
            kind,
            resource: Resource::of(kind),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            subresource: subresource.to_owned(),
            is_watched,
        })
    }
}
