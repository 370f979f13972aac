//! May this text be shown? Values of Secrets must not appear in any message, so this errs on the
//! side of hiding.

use std::ops::Range;

use serde_json::{Map, Value};

use super::spans::{Node, Origin, Spans};

/// Which parts of a document's text may not be shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hidden {
    /// Sorted by start.
    ranges: Vec<Range<usize>>,
    /// A hidden value is written with an alias or a merge key, so its text may stand anywhere.
    everything: bool,
}

impl Hidden {
    /// What is to be hidden of a document.
    pub(super) fn of(document: &Value, spans: &Spans) -> Self {
        let mut search = Search {
            spans,
            hidden: Self::default(),
        };
        search.value(document, &spans.root());
        search.hidden.ranges.sort_by_key(|range| range.start);
        search.hidden
    }

    /// May all of this range be shown?
    pub(super) fn may_show(&self, range: &Range<usize>) -> bool {
        let overlaps = |hidden: &Range<usize>| {
            hidden.start <= range.end && range.start <= hidden.end && !hidden.is_empty()
        };
        !self.everything && !self.ranges.iter().any(overlaps)
    }
}

/// What may be shown of a Secret, and of the template of a FederatedSecret. Everything else may
/// be a misspelt `stringData`.
const SHOWN_OF_SECRET: &[&str] = &[
    "apiVersion",
    "kind",
    "metadata",
    "type",
    "immutable",
    // Of a reference to a Secret.
    "name",
    "namespace",
    "labelSelector",
];

/// What of an object's metadata may repeat all of the object.
const HIDDEN_METADATA: &[&str] = &["annotations", "managedFields"];

/// Where objects that change other objects write the new values.
const OVERRIDES: &[&str] = &["overrides", "overriders", "overrideRules"];

struct Search<'d> {
    spans: &'d Spans,
    hidden: Hidden,
}

impl Search<'_> {
    /// Looks for secrets in a value, whose nesting is bounded. Is there one, or a reference to
    /// one?
    fn value(&mut self, value: &Value, node: &Node) -> bool {
        match value {
            Value::Object(object) => self.object(object, node),
            Value::Array(items) => {
                let mut found = false;
                for (at, item) in items.iter().enumerate() {
                    found |= self.value(item, &self.child(node, at));
                }
                found
            }
            _ => false,
        }
    }

    fn object(&mut self, object: &Map<String, Value>, node: &Node) -> bool {
        match object.get("kind").and_then(Value::as_str) {
            Some(kind) if is(kind, "Secret") => {
                self.secret(object, node);
                return true;
            }
            Some(kind) if is(kind, "FederatedSecret") => {
                self.federated(object, node);
                return true;
            }
            Some(kind) if is(kind, "SecretList") || is(kind, "FederatedSecretList") => {
                self.hide_all_but(&["apiVersion", "kind", "metadata"], object, node);
                return true;
            }
            _ => {}
        }
        let mut found = false;
        for (at, value) in object.values().enumerate() {
            found |= self.value(value, &self.child(node, at));
        }
        if found {
            for (at, key) in object.keys().enumerate() {
                if OVERRIDES.contains(&key.as_str()) {
                    self.hide(&self.child(node, at));
                }
            }
        }
        found
    }

    fn secret(&mut self, object: &Map<String, Value>, node: &Node) {
        self.hide_all_but(SHOWN_OF_SECRET, object, node);
        self.within(object, node, "metadata", |search, metadata, node| {
            search.hide_only(HIDDEN_METADATA, metadata, node);
        });
    }

    fn federated(&mut self, object: &Map<String, Value>, node: &Node) {
        self.hide_all_but(
            &["apiVersion", "kind", "metadata", "spec", "status"],
            object,
            node,
        );
        self.within(object, node, "metadata", |search, metadata, node| {
            search.hide_only(HIDDEN_METADATA, metadata, node);
        });
        self.within(object, node, "spec", |search, spec, node| {
            search.hide_all_but(&["placement", "template"], spec, node);
            search.within(spec, node, "template", Self::secret);
        });
    }

    /// Does something with the mapping under a key; hides what should be one and is not.
    fn within(
        &mut self,
        object: &Map<String, Value>,
        node: &Node,
        key: &str,
        action: impl FnOnce(&mut Self, &Map<String, Value>, &Node),
    ) {
        let mut entries = object.iter().enumerate();
        match entries.find(|(_, (name, _))| *name == key) {
            Some((at, (_, Value::Object(inner)))) => action(self, inner, &self.child(node, at)),
            Some((at, _)) => self.hide(&self.child(node, at)),
            None => {}
        }
    }

    fn hide_all_but(&mut self, shown: &[&str], object: &Map<String, Value>, node: &Node) {
        for (at, key) in object.keys().enumerate() {
            if !shown.contains(&key.as_str()) {
                self.hide(&self.child(node, at));
            }
        }
    }

    fn hide_only(&mut self, hidden: &[&str], object: &Map<String, Value>, node: &Node) {
        for (at, key) in object.keys().enumerate() {
            if hidden.contains(&key.as_str()) {
                self.hide(&self.child(node, at));
            }
        }
    }

    fn hide(&mut self, node: &Node) {
        self.hidden.ranges.push(node.entry());
        self.hidden.everything |= self.is_written_elsewhere(node);
    }

    fn is_written_elsewhere(&self, node: &Node) -> bool {
        let mut children = self.spans.children(node).iter();
        node.origin != Origin::Here || children.any(|child| self.is_written_elsewhere(child))
    }

    /// The node of a child. What came in by an alias has none of its own.
    fn child(&self, node: &Node, at: usize) -> Node {
        self.spans.children(node).get(at).copied().unwrap_or(*node)
    }
}

fn is(kind: &str, name: &str) -> bool {
    kind.trim().eq_ignore_ascii_case(name)
}

/// Does the text of a document that cannot be parsed speak of a Secret? `Secret` as a whole word
/// anywhere, or in any case behind the word `kind`.
pub(super) fn mentions_secret(text: &str) -> bool {
    const NAMES: [&str; 4] = [
        "Secret",
        "FederatedSecret",
        "SecretList",
        "FederatedSecretList",
    ];
    let mut words = text.split(|character: char| !character.is_alphanumeric());
    let mut after_kind = false;
    words.any(|word| {
        if word.is_empty() {
            return false;
        }
        let is_name = NAMES.contains(&word)
            || after_kind && NAMES.iter().any(|name| name.eq_ignore_ascii_case(word));
        after_kind = word.eq_ignore_ascii_case("kind");
        is_name
    })
}
