//! Embedding fed in one's own operator: placement and overrides as fields of one's own custom
//! resource, and the answer as values.
//!
//! `cargo run --example embed`

use fed_core::{Cluster, Fleet, Intent, LabelSelector, Override, Placement, World, plan};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The spec of a custom resource of one's own: a shop, and where it should be.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct ShopSpec {
    /// The image that serves the shop.
    image: String,
    /// Where the shop should be.
    placement: Placement,
    /// What differs from cluster to cluster.
    #[serde(default)]
    overrides: Vec<Override>,
}

/// What an operator's reconcile function does with one shop.
fn deployments(name: &str, shop: &ShopSpec, fleet: &Fleet) -> Result<(), fed_core::Problem> {
    let deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": "shops"},
        "spec": {"replicas": 2, "template": {"spec": {"containers": [{"image": shop.image}]}}},
    });
    let intent = Intent::of(deployment)?
        .place(shop.placement.clone())
        .customize(&shop.overrides);
    let plan = plan(&World::of(intent, fleet));
    for object in plan.objects() {
        for placed in object.placed() {
            // Here an operator would apply the manifest to the cluster.
            match placed.render().deliverable() {
                Ok(manifest) => println!("{}: {}", placed.cluster().name(), manifest.value()),
                Err(faults) => println!("{}: {faults:?}", placed.cluster().name()),
            }
        }
        for refused in object.refused() {
            let why: Vec<_> = refused.reasons.iter().map(ToString::to_string).collect();
            println!("{}: not there, {}", refused.cluster, why.join("; "));
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let fleet: Fleet = [
        Cluster::new("us-east").label("tier", "production"),
        Cluster::new("eu-west").label("tier", "production"),
        Cluster::new("lab").label("tier", "test"),
    ]
    .into_iter()
    .collect();

    // As the API server hands it to the operator.
    let shop: ShopSpec = serde_json::from_value(json!({
        "image": "registry.example.com/shop:1",
        "placement": {"clusterSelector": {"matchLabels": {"tier": "production"}}},
        "overrides": [{
            "clusters": ["eu-west"],
            "patches": [{"op": "replace", "path": "/spec/replicas", "value": 3}],
        }],
    }))?;
    assert_eq!(
        shop.placement.cluster_selector,
        Some(LabelSelector::labels([("tier", "production")]))
    );
    deployments("flowers", &shop, &fleet)?;

    // The schema for the custom resource's definition.
    let mut settings = SchemaSettings::openapi3();
    settings.inline_subschemas = true;
    let schema = settings.into_generator().into_root_schema_for::<ShopSpec>();
    println!("{}", serde_json::to_string_pretty(&schema)?);
    Ok(())
}
