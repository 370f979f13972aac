//! How is what member clusters own kept, when what they shall hold is written over it?

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::keep::{Keep, united};
use super::manners::Manners;
use super::paths::{Misshapen, put, remove, said, text};

/// How what clusters own is kept.
///
/// ```
/// use fed_core::kinds::{Kinds, Retention};
/// use serde_json::json;
///
/// let kinds = Kinds::builtin();
/// let service = kinds.find("", "Service").expect("built in");
/// let live = json!({"metadata": {"resourceVersion": "7"}, "spec": {"clusterIP": "10.0.0.9"}});
/// let mut desired = json!({"spec": {"selector": {"app": "rating"}}});
/// service.retain(&mut desired, &live, &Retention::default()).expect("well formed");
/// assert_eq!(desired["spec"]["clusterIP"], "10.0.0.9");
/// assert_eq!(desired["metadata"]["resourceVersion"], "7");
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Retention<'a> {
    /// Whose rules hold.
    pub manners: Manners,
    /// Does the cluster decide how many replicas there are, as with an autoscaler there?
    pub keeps_replicas: bool,
    /// The object as it was last written to the cluster, if that is known: annotations that it has
    /// and the desired object has no more are taken away; without it they stay.
    pub applied: Option<&'a Value>,
}

impl<'a> Retention<'a> {
    /// By these rules.
    pub fn by(manners: Manners) -> Self {
        Self {
            manners,
            ..Self::default()
        }
    }

    /// The same; the cluster decides how many replicas there are, or not.
    #[must_use]
    pub const fn keeping_replicas(mut self, keeps_replicas: bool) -> Self {
        self.keeps_replicas = keeps_replicas;
        self
    }

    /// The same, knowing what was last written.
    #[must_use]
    pub const fn having_applied(mut self, applied: &'a Value) -> Self {
        self.applied = Some(applied);
        self
    }
}

/// What KubeFed keeps the replicas of, whatever the kind.
const REPLICAS: &str = "/spec/replicas";

/// By which label of an object Karmada leaves its replicas to the clusters.
const KARMADA_RETAINS: &str = "/metadata/labels/resourcetemplate.karmada.io~1retain-replicas";

/// Where Karmada notes which labels and annotations it wrote.
const KARMADA_LABELS: &str = "/metadata/annotations/resourcetemplate.karmada.io~1managed-labels";
const KARMADA_ANNOTATIONS: &str =
    "/metadata/annotations/resourcetemplate.karmada.io~1managed-annotations";

/// Writes into `desired` what the cluster that holds `live` owns. Nothing changes if that fails.
pub(super) fn retain(
    desired: &mut Value,
    live: &Value,
    kept: &[Keep],
    replicas: Option<&str>,
    how: &Retention<'_>,
) -> Result<(), Misshapen> {
    let mut result = desired.clone();
    metadata(&mut result, live, how)?;
    for keep in kept.iter().filter(|keep| keep.applies(desired)) {
        if let Some(value) = keep.kept(live)? {
            keep.apply(&mut result, value)?;
        }
    }
    keep_replicas(&mut result, live, replicas, how)?;
    *desired = result;
    Ok(())
}

fn keep_replicas(
    desired: &mut Value,
    live: &Value,
    replicas: Option<&str>,
    how: &Retention<'_>,
) -> Result<(), Misshapen> {
    let by_label = how.manners == Manners::Karmada && text(desired, KARMADA_RETAINS) == "true";
    let replicas = match how.manners {
        Manners::KubeFed => Some(REPLICAS),
        Manners::Native | Manners::Karmada => replicas,
    };
    let Some(path) = replicas.filter(|_| how.keeps_replicas || by_label) else {
        return Ok(());
    };
    match live.pointer(path) {
        Some(number) if number.is_i64() => put(desired, path, number.clone()),
        None if !by_label => Ok(()),
        _ => Err(Misshapen::new(path, "a whole number")),
    }
}

fn metadata(desired: &mut Value, live: &Value, how: &Retention<'_>) -> Result<(), Misshapen> {
    keep_live(desired, live, "/metadata/resourceVersion")?;
    match how.manners {
        Manners::KubeFed => {
            only_live(desired, live, "/metadata/finalizers")?;
            only_live(desired, live, "/metadata/annotations")
        }
        Manners::Native => {
            only_live(desired, live, "/metadata/finalizers")?;
            keep_live(desired, live, "/metadata/ownerReferences")?;
            let applied = how
                .applied
                .and_then(|it| it.pointer("/metadata/annotations"));
            let withdrawn = applied.and_then(Value::as_object).into_iter().flatten();
            let withdrawn = withdrawn.map(|(key, _)| key.as_str()).collect();
            merged(desired, live, "/metadata/annotations", &withdrawn)
        }
        Manners::Karmada => {
            if let Some(finalizers) = said(live, "/metadata/finalizers") {
                let both = united(said(desired, "/metadata/finalizers"), finalizers);
                put(desired, "/metadata/finalizers", both)?;
            }
            keep_live(desired, live, "/metadata/ownerReferences")?;
            for (map, noted) in [
                ("/metadata/labels", KARMADA_LABELS),
                ("/metadata/annotations", KARMADA_ANNOTATIONS),
            ] {
                let withdrawn = text(live, noted).split(',').collect();
                merged(desired, live, map, &withdrawn)?;
            }
            Ok(())
        }
    }
}

fn keep_live(desired: &mut Value, live: &Value, path: &str) -> Result<(), Misshapen> {
    match said(live, path) {
        Some(value) => put(desired, path, value.clone()),
        None => Ok(()),
    }
}

/// As the live object has it, and nothing where that has nothing.
fn only_live(desired: &mut Value, live: &Value, path: &str) -> Result<(), Misshapen> {
    remove(desired, path);
    keep_live(desired, live, path)
}

/// The live map with the desired entries written over it, without the withdrawn ones.
fn merged(
    desired: &mut Value,
    live: &Value,
    path: &str,
    withdrawn: &BTreeSet<&str>,
) -> Result<(), Misshapen> {
    let Some(Value::Object(live)) = said(live, path) else {
        return Ok(());
    };
    let mut all: Map<_, _> = live
        .iter()
        .filter(|(key, _)| !withdrawn.contains(key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    match said(desired, path) {
        Some(Value::Object(fields)) => all.extend(fields.clone()),
        Some(_) => return Err(Misshapen::new(path, "an object")),
        None if all.is_empty() => return Ok(()),
        None => {}
    }
    put(desired, path, all.into())
}
