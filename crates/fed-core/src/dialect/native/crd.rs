//! What is the CustomResourceDefinition of a Propagation?

use serde_json::{Value, json};

use super::{API_VERSION, Propagation};
use crate::crd::{Amendment, Column, Definition, schema_of};
use crate::identity::GroupVersionKind;
use crate::kinds::Scope;

/// The CustomResourceDefinition of [`Propagation`], as an API server takes it.
///
/// Its lists are atomic: in a placement and in an override the empty list is not the same as none,
/// and neither selectors of resources nor overrides have names by which they could be told apart.
/// Fields that nothing honours yet are not in it.
///
/// ```
/// let crd = fed_core::dialect::native::crd();
/// assert_eq!(crd["metadata"]["name"], "propagations.fed.dev");
/// assert_eq!(crd["spec"]["names"]["shortNames"][0], "prop");
/// ```
pub fn crd() -> Value {
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
