//! Which other objects does an object name?

use std::borrow::Cow;

use serde_json::Value;

use super::Scope;
use super::paths::{Text, places, text};
use super::reference::{Needed, Reference};
use crate::location::Pointer;

/// A place where objects of a kind name others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Where; `*` stands for every element of a list. The name is the last step.
    path: Text,
    group: Text,
    kind: Text,
    scope: Scope,
    typed: Typed,
    is_optional: bool,
}

/// What beside the name says of which type the named object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Typed {
    /// Nothing: it is always of the one type.
    Fixed,
    /// `kind` and the group in this field. It counts where the kind is the one of the place.
    Only(&'static str),
    /// `kind` and the group in this field; where they say nothing it is of the type of the place.
    Said(&'static str),
    /// `kind` and `apiVersion`.
    Versioned,
}

impl Names {
    /// The name of an object of the core group in the same namespace.
    pub const fn core(kind: &'static str, path: &'static str) -> Self {
        Self::of("", kind, path)
    }

    /// The name of an object of this group and kind in the same namespace.
    pub const fn of(group: &'static str, kind: &'static str, path: &'static str) -> Self {
        Self {
            path: Text::Borrowed(path),
            group: Text::Borrowed(group),
            kind: Text::Borrowed(kind),
            scope: Scope::Namespaced,
            typed: Typed::Fixed,
            is_optional: false,
        }
    }

    pub(super) fn declared(group: String, kind: String, path: String) -> Self {
        Self {
            path: path.into(),
            group: group.into(),
            kind: kind.into(),
            ..Self::of("", "", "")
        }
    }

    /// The same, if a `kind` beside the name says so; its group stands in this field.
    pub(super) const fn only(mut self, group_field: &'static str) -> Self {
        self.typed = Typed::Only(group_field);
        self
    }

    /// The same, unless a `kind` and a group in this field beside the name say another type.
    pub(super) const fn unless_said(mut self, group_field: &'static str) -> Self {
        self.typed = Typed::Said(group_field);
        self
    }

    /// An object whose `kind` and `apiVersion` stand beside its name.
    pub(super) const fn versioned(path: &'static str) -> Self {
        let mut names = Self::of("", "", path);
        names.typed = Typed::Versioned;
        names
    }

    pub(super) const fn in_the_cluster(mut self) -> Self {
        self.scope = Scope::Cluster;
        self
    }

    /// The object works without it.
    pub const fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// What an object at `base` of the whole one needs here.
    fn find(&self, object: &Value, base: &str, found: &mut Vec<Reference>) {
        let path = format!("{base}{}", self.path);
        let namespace = text(object, "/metadata/namespace");
        for (at, name) in places(object, &path) {
            let around = at.parent().unwrap_or_default();
            let Some(named_in) = around.resolve(object) else {
                continue;
            };
            let elsewhere = text(named_in, "/namespace");
            let is_elsewhere =
                self.scope == Scope::Namespaced && !elsewhere.is_empty() && elsewhere != namespace;
            if let Some(name) = name
                .as_str()
                .filter(|name| !name.is_empty() && !is_elsewhere)
                && let Some((group, kind)) = self.type_of(named_in)
                && !is_given(&kind, name)
            {
                found.push(self.reference(at, group, kind, name, named_in));
            }
        }
    }

    fn reference(
        &self,
        at: Pointer,
        group: Text,
        kind: Text,
        name: &str,
        around: &Value,
    ) -> Reference {
        let name = name.to_owned();
        let scope = self.scope;
        let mut reference = Reference::new(
            at,
            Needed::Object {
                group,
                kind,
                scope,
                name,
            },
        );
        reference.is_optional =
            self.is_optional || around.get("optional").and_then(Value::as_bool) == Some(true);
        reference
    }

    /// Group and kind of what is named there; `None` if that is nothing for this place.
    fn type_of(&self, around: &Value) -> Option<(Text, Text)> {
        let of_place = || Some((self.group.clone(), self.kind.clone()));
        let field = |field: &str| around.get(field).and_then(Value::as_str);
        let owned = |text: &str| Cow::Owned(text.to_owned());
        match self.typed {
            Typed::Fixed => of_place(),
            Typed::Only(group) => {
                let is_it = field("kind") == Some(self.kind.as_ref())
                    && field(group).is_none_or(|group| group == self.group);
                is_it.then(of_place)?
            }
            Typed::Said(group) => {
                let group = field(group).map_or(self.group.clone(), owned);
                Some((group, field("kind").map_or(self.kind.clone(), owned)))
            }
            Typed::Versioned => {
                let group = field("apiVersion")?
                    .rsplit_once('/')
                    .map_or("", |(group, _)| group);
                Some((owned(group), owned(field("kind")?)))
            }
        }
    }
}

/// Does every namespace have this object of its own?
fn is_given(kind: &str, name: &str) -> bool {
    matches!(
        (kind, name),
        ("ServiceAccount", "default") | ("ConfigMap", "kube-root-ca.crt")
    )
}

/// What an object names at `base`, an object within it.
pub(super) fn named(object: &Value, base: &str, names: &[Names]) -> Vec<Reference> {
    let mut found = Vec::new();
    for name in names {
        name.find(object, base, &mut found);
    }
    found
}
