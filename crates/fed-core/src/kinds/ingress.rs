//! What is known of `networking.k8s.io/v1 Ingress`?

use serde_json::Value;

use super::dependencies::named;
use super::{Adds, HealthRule, Keep, Kind, Manners, Names, Needed, Port, Reference, Remark, Scope};
use crate::location::Pointer;
use crate::problem::{Code, Severity};

/// What named the controller before there was a field for it.
const CLASS_ANNOTATION: &str = "kubernetes.io/ingress.class";

/// The cluster fills in its default class when the object is made, and never again.
static KEPT: &[Keep] = &[Keep::unsaid("/spec/ingressClassName")];

/// Issuers make the secrets of certificates in the cluster, and without one the controller has
/// another.
static NAMES: &[Names] = &[Names::core("Secret", "/spec/tls/*/secretName").optional()];

static ADDS: &[Adds] = &[Adds::Addresses];

/// HTTP from outside, led to services.
#[derive(Clone, Copy, Debug)]
pub struct Ingress;

impl Kind for Ingress {
    fn group(&self) -> &'static str {
        "networking.k8s.io"
    }

    fn version(&self) -> &'static str {
        "v1"
    }

    fn kind(&self) -> &'static str {
        "Ingress"
    }

    fn plural(&self) -> &'static str {
        "ingresses"
    }

    fn scope(&self) -> Scope {
        Scope::Namespaced
    }

    fn references(&self, object: &Value) -> Vec<Reference> {
        let spec = Pointer::root().child("spec");
        let rules = spec.child("rules");
        let mut found: Vec<_> = backend(object, &spec.child("defaultBackend"))
            .into_iter()
            .collect();
        for i in 0..length(object, &rules) {
            let paths = rules.child(i).child("http").child("paths");
            for j in 0..length(object, &paths) {
                found.extend(backend(object, &paths.child(j).child("backend")));
            }
        }
        found.extend(named(object, "", NAMES));
        found
    }

    fn remarks(&self, object: &Value) -> Vec<Remark> {
        let spec = Pointer::root().child("spec");
        let annotations = object.pointer("/metadata/annotations");
        let is_classed = spec.child("ingressClassName").resolve(object).is_some()
            || annotations
                .and_then(|all| all.get(CLASS_ANNOTATION))
                .is_some();
        if is_classed {
            return Vec::new();
        }
        vec![Remark {
            path: spec,
            severity: Severity::Warning,
            code: Code::NoIngressClass,
            message: format!(
                "no controller is named, so a cluster without a default IngressClass does not \
                 serve it: write spec.ingressClassName (or, as of old, the annotation \
                 {CLASS_ANNOTATION})"
            ),
        }]
    }

    fn kept(&self, manners: Manners) -> &[Keep] {
        match manners {
            Manners::Native => KEPT,
            Manners::KubeFed | Manners::Karmada => &[],
        }
    }

    fn health_rule(&self, _manners: Manners) -> HealthRule {
        HealthRule::Address
    }

    fn names(&self) -> &[Names] {
        NAMES
    }

    fn adds(&self, _manners: Manners) -> &[Adds] {
        ADDS
    }
}

fn backend(object: &Value, at: &Pointer) -> Option<Reference> {
    let path = at.child("service");
    let service = path.resolve(object)?;
    let port = service.get("port")?;
    let port = match (port.get("number").and_then(Value::as_i64), port.get("name")) {
        (Some(number), _) => Port::Number(number),
        (None, name) => Port::Name(name?.as_str()?.to_owned()),
    };
    let service = service.get("name")?.as_str()?.to_owned();
    Some(Reference::new(path, Needed::ServicePort { service, port }))
}

fn length(object: &Value, list: &Pointer) -> usize {
    list.resolve(object)
        .and_then(Value::as_array)
        .map_or(0, Vec::len)
}
