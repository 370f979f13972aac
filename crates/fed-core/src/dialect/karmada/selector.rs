//! Which objects does a policy of Karmada mean, and how precisely does it mean each?

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::identity::ObjectId;
use crate::intent::LabelSelector;

/// Objects of one type that a policy means.
///
/// ```
/// use fed_core::dialect::karmada::{Precision, ResourceSelector};
/// use fed_core::{GroupVersionKind, ObjectId};
/// use std::collections::BTreeMap;
///
/// let selector: ResourceSelector =
///     serde_json::from_str(r#"{"apiVersion": "v1", "kind": "Service", "name": "shop"}"#)?;
/// let service = GroupVersionKind::from_api_version("v1", "Service");
/// let shop = ObjectId::new(service, Some("default"), "shop");
/// assert_eq!(selector.precision(&shop, &BTreeMap::new()), Some(Precision::Name));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceSelector {
    /// The `apiVersion` of the objects. It must be exactly theirs: other versions of the same
    /// group do not match.
    pub api_version: String,
    /// Their kind.
    pub kind: String,
    /// Their namespace; empty means any, and objects without one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub namespace: String,
    /// The name of the one that is meant. Given one, the labels do not count.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What their labels have to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label_selector: Option<LabelSelector>,
}

/// How precisely a selector means an object. Of several policies the more precise one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Precision {
    /// As one of its type.
    Kind,
    /// By its labels.
    Labels,
    /// By its name.
    Name,
}

impl ResourceSelector {
    /// How precisely it means the object that has these labels; `None` if it does not mean it. A
    /// label selector that is not valid means nothing.
    pub fn precision(
        &self,
        object: &ObjectId,
        labels: &BTreeMap<String, String>,
    ) -> Option<Precision> {
        let of_type = self.kind == object.kind() && self.api_version == object.gvk().api_version();
        let namespace = object.namespace().unwrap_or_default();
        if !of_type || !(self.namespace.is_empty() || self.namespace == namespace) {
            return None;
        }
        if !self.name.is_empty() {
            return (self.name == object.name()).then_some(Precision::Name);
        }
        match &self.label_selector {
            None => Some(Precision::Kind),
            Some(selector) => {
                let matches = selector.check().is_ok() && selector.matches(labels);
                matches.then_some(Precision::Labels)
            }
        }
    }
}

/// How precisely the best of these selectors means the object; `None` if none does.
pub fn precision(
    selectors: &[ResourceSelector],
    object: &ObjectId,
    labels: &BTreeMap<String, String>,
) -> Option<Precision> {
    let all = selectors.iter();
    all.filter_map(|selector| selector.precision(object, labels))
        .max()
}

/// The types and namespaces in which selectors look for objects, each once, in their order:
/// selectors without name and labels.
pub fn distinct_types(selectors: &[ResourceSelector]) -> Vec<ResourceSelector> {
    let mut seen = BTreeSet::new();
    let all = selectors.iter();
    all.filter(|of| seen.insert((&of.api_version, &of.kind, &of.namespace)))
        .map(|of| ResourceSelector {
            api_version: of.api_version.clone(),
            kind: of.kind.clone(),
            namespace: of.namespace.clone(),
            ..ResourceSelector::default()
        })
        .collect()
}
