//! What is the CustomResourceDefinition of a Federated kind?

use serde_json::{Value, json};

use super::TargetType;
use crate::crd::{Amendment, Column, Definition, amend, map_by, schema_of};
use crate::dialect::kubefed::api::{ApiResource, FederatedObject, FederatedTypeConfig};
use crate::dialect::kubefed::constants::{FEDERATED_KIND_PREFIX, TYPES_GROUP, TYPES_VERSION};
use crate::dialect::kubefed::guess_plural;
use crate::identity::GroupVersionKind;
use crate::kinds::Scope;
use crate::location::Location;
use crate::problem::{Code, Problem};

/// The CustomResourceDefinition of the Federated kind that KubeFed's conventions make of a target.
pub fn federated(target: &TargetType) -> Value {
    FederatedKind::of(target.clone()).crd()
}

/// A Federated kind: what it is called, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FederatedKind {
    /// Group, version and kind of the Federated kind itself.
    pub gvk: GroupVersionKind,
    /// Its plural.
    pub plural: String,
    /// What clusters get.
    pub target: TargetType,
}

impl FederatedKind {
    /// By KubeFed's conventions.
    pub fn of(target: TargetType) -> Self {
        let kind = format!("{FEDERATED_KIND_PREFIX}{}", target.gvk.kind());
        Self {
            gvk: GroupVersionKind::new(TYPES_GROUP, TYPES_VERSION, &kind),
            plural: format!("federated{}", target.plural),
            target,
        }
    }

    /// What a FederatedTypeConfig, which stands at `at`, declares.
    ///
    /// `known` tells what is known of a group and kind: it counts before what the config says of
    /// its target. Where nothing is known the kind is taken to have replicas, so that no
    /// `retainReplicas` is lost.
    pub fn declared(
        config: &FederatedTypeConfig,
        at: &Location,
        known: impl FnOnce(&str, &str) -> Option<TargetType>,
    ) -> Result<Self, Problem> {
        let name = config.metadata.as_ref().and_then(|its| its.name.as_deref());
        let spec = config.spec.clone().unwrap_or_default();
        let target = spec.target_type.unwrap_or_default();
        let (plural, group) =
            name.map_or(("", ""), |name| name.split_once('.').unwrap_or((name, "")));
        let group = target.group.as_deref().unwrap_or(group);
        let target_at = at.join("/spec/targetType");
        let kind = required(&target_at, "kind", target.kind.as_deref())?;
        let target = match known(group, kind) {
            Some(known) => known,
            None => stated_target(&target, group, kind, plural, &target_at)?,
        };
        let by_convention = Self::of(target);
        let stated = spec.federated_type.unwrap_or_default();
        let gvk = &by_convention.gvk;
        Ok(Self {
            gvk: GroupVersionKind::new(
                given(stated.group.as_deref()).unwrap_or(gvk.group()),
                given(stated.version.as_deref()).unwrap_or(gvk.version()),
                given(stated.kind.as_deref()).unwrap_or(gvk.kind()),
            ),
            plural: match given(stated.plural_name.as_deref()) {
                Some(plural) => plural.to_owned(),
                None => by_convention.plural,
            },
            target: by_convention.target,
        })
    }

    /// Its CustomResourceDefinition, as an API server takes it.
    pub fn crd(&self) -> Value {
        let target = &self.target;
        let mut schema = schema_of::<FederatedObject>(&amendments());
        let description = format!("The {} that clusters are to have.", target.gvk.kind());
        amend(&mut schema, &[("", json!({"description": description}))]);
        if !target.int32_replicas {
            let without = json!({"properties": {"retainReplicas": null}});
            amend(&mut schema, &[("/spec", without)]);
        }
        let short_names = target.short_names.iter();
        Definition {
            gvk: self.gvk.clone(),
            plural: self.plural.clone(),
            short_names: short_names.map(|name| format!("f{name}")).collect(),
            scope: self.scope(),
            has_status: true,
            columns: COLUMNS,
            schema,
        }
        .into_value()
    }

    /// Do the federated objects live in a namespace? A FederatedNamespace lives in the namespace
    /// that it is about.
    pub fn scope(&self) -> Scope {
        let target = &self.target.gvk;
        if target.group().is_empty() && target.kind() == "Namespace" {
            return Scope::Namespaced;
        }
        self.target.scope
    }
}

/// The target, of which nothing is known but what the config says.
fn stated_target(
    target: &ApiResource,
    group: &str,
    kind: &str,
    plural: &str,
    at: &Location,
) -> Result<TargetType, Problem> {
    let version = required(at, "version", target.version.as_deref())?;
    let scope = required(at, "scope", target.scope.as_deref())?;
    let scope = [Scope::Cluster, Scope::Namespaced]
        .into_iter()
        .find(|known| known.as_str() == scope)
        .ok_or_else(|| {
            let message = format!("{scope:?} is no scope: use Cluster or Namespaced");
            Problem::error(Code::InvalidValue, message).at(at.child("scope"))
        })?;
    let plural = given(target.plural_name.as_deref()).or(given(Some(plural)));
    let plural = plural.map_or_else(|| guess_plural(kind), str::to_owned);
    let gvk = GroupVersionKind::new(group, version, kind);
    Ok(TargetType::new(gvk, plural, scope).with_int32_replicas(true))
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn required<'t>(at: &Location, field: &str, text: Option<&'t str>) -> Result<&'t str, Problem> {
    given(text).ok_or_else(|| {
        let message = format!("a FederatedTypeConfig needs spec.targetType.{field}");
        Problem::error(Code::MissingField, message).at(at.clone())
    })
}

const COLUMNS: &[Column] = &[
    Column::text(
        "Propagated",
        ".status.conditions[?(@.type==\"Propagation\")].status",
    ),
    Column::text(
        "Reason",
        ".status.conditions[?(@.type==\"Propagation\")].reason",
    ),
    Column::AGE,
];

fn amendments() -> Vec<Amendment> {
    let anything = json!({"x-kubernetes-preserve-unknown-fields": true});
    let any_object = json!({
        "type": "object",
        "nullable": null,
        "additionalProperties": null,
        "x-kubernetes-preserve-unknown-fields": true,
    });
    let replicas = json!({
        "description": "How many replicas it gets.",
        "format": "int32",
        "minimum": 0,
    });
    let selector = json!({"x-kubernetes-map-type": "atomic"});
    let time = json!({"format": "date-time"});
    vec![
        ("/spec/template", any_object.clone()),
        ("/spec/placement/clusters/*/replicas", replicas),
        ("/spec/placement/clusterSelector", selector),
        ("/spec/overrides", map_by("clusterName")),
        ("/spec/overrides/*/clusterName", json!({"default": ""})),
        (
            "/spec/overrides/*/clusterOverrides/*/op",
            json!({"pattern": "^(add|remove|replace)?$"}),
        ),
        ("/spec/overrides/*/clusterOverrides/*/value", anything),
        ("/status/conditions", map_by("type")),
        ("/status/conditions/*/lastUpdateTime", time.clone()),
        ("/status/conditions/*/lastTransitionTime", time),
        ("/status/clusters", map_by("name")),
        // A later version may know more of them.
        ("/status/clusters/*/status", json!({"enum": null})),
        ("/status/clusters/*/remoteStatus", any_object),
    ]
}
