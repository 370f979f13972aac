//! What are the CustomResourceDefinitions of our own kinds?

use serde_json::{Value, json};

use super::{API_VERSION, KindDefinition, Propagation};
use crate::crd::{Amendment, Column, Definition, schema_of};
use crate::identity::GroupVersionKind;
use crate::kinds::Scope;

/// The CustomResourceDefinitions of [`Propagation`] and [`KindDefinition`], as an API server takes
/// them.
///
/// Their lists are atomic: in a placement and in an override the empty list is not the same as none,
/// and neither selectors of resources nor overrides have names by which they could be told apart.
/// Fields that nothing honours yet are not in them.
///
/// ```
/// let [definitions, propagations] = fed_core::dialect::native::crds();
/// assert_eq!(definitions["metadata"]["name"], "kinddefinitions.fed.dev");
/// assert_eq!(propagations["metadata"]["name"], "propagations.fed.dev");
/// assert_eq!(propagations["spec"]["names"]["shortNames"][0], "prop");
/// ```
pub fn crds() -> [Value; 2] {
    [definitions(), propagations()]
}

fn definitions() -> Value {
    Definition {
        gvk: GroupVersionKind::from_api_version(API_VERSION, "KindDefinition"),
        plural: "kinddefinitions".to_owned(),
        short_names: Vec::new(),
        scope: Scope::Cluster,
        has_status: false,
        columns: DEFINITION_COLUMNS,
        schema: schema_of::<KindDefinition>(&[(
            "",
            json!({"description": "What there is to know of one kind of objects."}),
        )]),
    }
    .into_value()
}

fn propagations() -> Value {
    Definition {
        gvk: GroupVersionKind::from_api_version(API_VERSION, "Propagation"),
        plural: "propagations".to_owned(),
        short_names: vec!["prop".to_owned()],
        scope: Scope::Namespaced,
        has_status: false,
        columns: COLUMNS,
        schema: schema_of::<Propagation>(&amendments()),
    }
    .into_value()
}

const DEFINITION_COLUMNS: &[Column] = &[
    Column::text("Group", ".spec.group"),
    Column::text("Kind", ".spec.kind"),
    Column::AGE,
];

const COLUMNS: &[Column] = &[
    Column::text("Resource", ".spec.resources[0].kind"),
    Column::text("Name", ".spec.resources[0].name"),
    Column::text("Clusters", ".spec.placement.clusters"),
    Column::AGE,
];

fn amendments() -> Vec<Amendment> {
    vec![
        (
            "",
            json!({"description": "Which objects go where, and what differs there."}),
        ),
        (
            "/spec/placement/clusterSelector",
            json!({"x-kubernetes-map-type": "atomic"}),
        ),
    ]
}
