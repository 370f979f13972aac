//! Which Federated kind stands for which target? By KubeFed's convention for the kinds we know, by
//! FederatedTypeConfig for all others.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::api::{self, ApiResource, FederatedTypeConfig};
use super::constants::{FEDERATED_KIND_PREFIX, TYPES_GROUP, TYPES_VERSION};
use super::plural::guess_plural;
use super::validation::{refused, refused_status, stands_in};
use crate::dialect::{Entry, parse};
use crate::identity::GroupVersionKind;
use crate::kinds::{DeclaredKind, Kind, Kinds, Scope};
use crate::location::Pointer;
use crate::problem::{Code, Problem, Reason, Severity};

/// What is known of the Federated kinds.
#[derive(Clone, Debug)]
pub(crate) struct Types {
    kinds: Kinds,
    declared: BTreeMap<(String, String), FederatedType>,
}

/// What one Federated kind stands for.
#[derive(Clone, Debug)]
pub(crate) struct FederatedType {
    pub(crate) version: String,
    pub(crate) target: Arc<dyn Kind>,
    /// Are the statuses of its objects in clusters collected?
    pub(crate) collects_status: bool,
    /// Why nothing of this type is propagated.
    pub(crate) disabled: Option<Reason>,
}

impl Types {
    /// The kinds that are known, and those that the FederatedTypeConfigs of the input declare.
    pub(crate) fn new(configs: &[Entry<'_>], kinds: &Kinds, problems: &mut Vec<Problem>) -> Self {
        let mut types = Self {
            kinds: kinds.clone(),
            declared: BTreeMap::new(),
        };
        // By name, so that the order of the input does not tell which of two counts.
        let mut configs: Vec<_> = configs.iter().collect();
        configs.sort_by_key(|entry| (&entry.name, &entry.namespace));
        for entry in configs {
            match types.declare(entry) {
                Ok(later) => problems.extend(later),
                Err(problem) => problems.push(problem),
            }
        }
        types
    }

    /// The kinds, those that are declared included.
    pub(crate) fn kinds(&self) -> &Kinds {
        &self.kinds
    }

    /// What a kind stands for, if it is a Federated kind.
    pub(crate) fn find(&self, gvk: &GroupVersionKind) -> Option<FederatedType> {
        let key = (gvk.group().to_owned(), gvk.kind().to_owned());
        if let Some(declared) = self.declared.get(&key) {
            return Some(declared.clone());
        }
        let target = gvk.kind().strip_prefix(FEDERATED_KIND_PREFIX)?;
        let target = self
            .kind_called(target)
            .filter(|_| gvk.group() == TYPES_GROUP)?;
        Some(FederatedType {
            version: TYPES_VERSION.to_owned(),
            target: Arc::clone(target),
            collects_status: false,
            disabled: None,
        })
    }

    /// What is wrong with an object that looks federated, if it does.
    pub(crate) fn fault(&self, entry: &Entry<'_>) -> Option<Problem> {
        let gvk = &entry.gvk;
        let about = |code, message: String, field| {
            Some(
                Problem::error(code, message)
                    .at(entry.at.child(field))
                    .about(&entry.id()),
            )
        };
        if let Some(known) = self.find(gvk) {
            if known.version == gvk.version() {
                return None;
            }
            let right = GroupVersionKind::new(gvk.group(), &known.version, gvk.kind());
            let message = wrong_version(entry, &right.api_version());
            return about(Code::WrongApiVersion, message, "apiVersion");
        }
        let target = gvk.kind().strip_prefix(FEDERATED_KIND_PREFIX)?;
        if gvk.group() == TYPES_GROUP {
            let message = format!(
                "{} cannot be planned: nothing is known of the kind {target}; add a \
                 FederatedTypeConfig that declares it, or its CustomResourceDefinition",
                entry.id()
            );
            return about(Code::UnknownKind, message, "kind");
        }
        self.kind_called(target)?;
        let message = wrong_version(entry, &format!("{TYPES_GROUP}/{TYPES_VERSION}"));
        about(Code::WrongApiVersion, message, "apiVersion")
    }

    fn kind_called(&self, name: &str) -> Option<&Arc<dyn Kind>> {
        self.kinds.iter().find(|kind| kind.kind() == name)
    }

    /// Takes in one FederatedTypeConfig; gives back what is not wrong but worth knowing.
    fn declare(&mut self, entry: &Entry<'_>) -> Result<Vec<Problem>, Problem> {
        let about = |problem: Problem| problem.about(&entry.id());
        let config: FederatedTypeConfig = parse(entry.value, &entry.at).map_err(about)?;
        let unknown = api::unknown_fields(&config, &entry.at);
        let mut minor: Vec<_> = unknown.into_iter().map(about).collect();
        minor.extend(refused_type(&config, entry));
        let spec = config.spec.unwrap_or_default();
        let target = self.target(entry, &spec.target_type.unwrap_or_default())?;
        let of = spec.federated_type.unwrap_or_default();
        let version = required(entry, "federatedType", "version", of.version)?;
        let kind = required(entry, "federatedType", "kind", of.kind)?;
        let group = of.group.unwrap_or_else(|| TYPES_GROUP.to_owned());
        let disabled = (spec.propagation.as_deref() == Some("Disabled")).then(|| {
            let message = format!("{} disables the propagation of its type", entry.id());
            Reason::new(Code::PropagationDisabled, message)
        });
        let key = (group, kind);
        if let Some(other) = self.declared.get(&key) {
            let message = format!(
                "{} has no effect: the FederatedTypeConfig of {} declares {} already",
                entry.id(),
                other.target.plural(),
                key.1
            );
            return Err(about(
                Problem::error(Code::ConflictingObjects, message).at(entry.at.clone()),
            ));
        }
        let federated = FederatedType {
            version,
            target,
            collects_status: spec.status_collection.as_deref() == Some("Enabled"),
            disabled,
        };
        self.declared.insert(key, federated);
        Ok(minor)
    }

    /// The target that a FederatedTypeConfig declares. Group and plural stand in the config's own
    /// name where they are not written out. What is known of that very type stays known.
    fn target(
        &mut self,
        entry: &Entry<'_>,
        target: &ApiResource,
    ) -> Result<Arc<dyn Kind>, Problem> {
        let part = "targetType";
        let version = required(entry, part, "version", target.version.clone())?;
        let kind = required(entry, part, "kind", target.kind.clone())?;
        let scope = scope(
            entry,
            &required(entry, part, "scope", target.scope.clone())?,
        )?;
        let (plural, group) = entry
            .name
            .split_once('.')
            .unwrap_or((entry.name.as_str(), ""));
        let group = target.group.as_deref().unwrap_or(group);
        let plural = match target.plural_name.as_deref() {
            Some(named) if !named.is_empty() => named.to_owned(),
            _ if !plural.is_empty() => plural.to_owned(),
            _ => guess_plural(&kind),
        };
        let gvk = GroupVersionKind::new(group, &version, &kind);
        let known = self.kinds.find(group, &kind);
        if let Some(known) = known
            && (known.gvk(), known.plural(), known.scope()) == (gvk.clone(), &plural, scope)
        {
            return Ok(Arc::clone(known));
        }
        let replicas_path = known.map_or(Some(USUAL_REPLICAS), |known| known.replicas_path());
        let mut declared = DeclaredKind::new(gvk, plural, scope);
        if let Some(path) = replicas_path {
            declared = declared.with_replicas_path(Pointer::from_text(path));
        }
        self.kinds = self.kinds.clone().with(declared.clone());
        Ok(Arc::new(declared))
    }
}

/// What KubeFed would refuse of a FederatedTypeConfig. A misspelt `Disabled` would put everything
/// into clusters, which is worse than a field that KubeFed asks for and we do without. A name is
/// only judged by a plural that is written out, as it stands for one that is not.
fn refused_type(config: &FederatedTypeConfig, entry: &Entry<'_>) -> Vec<Problem> {
    let has_plural = entry.get("/spec/targetType/pluralName").is_some();
    let mut problems = refused_status(config, entry);
    problems.extend(refused(config, entry, |problem| {
        if stands_in(problem, entry, "/metadata/name") && !has_plural {
            None
        } else if stands_in(problem, entry, "/spec/propagation") {
            Some(Severity::Error)
        } else {
            Some(Severity::Warning)
        }
    }));
    problems
}

/// Where a kind of which nothing is known has its replicas, if it has them.
const USUAL_REPLICAS: &str = "/spec/replicas";

fn required(
    entry: &Entry<'_>,
    part: &str,
    field: &str,
    value: Option<String>,
) -> Result<String, Problem> {
    value.filter(|value| !value.is_empty()).ok_or_else(|| {
        let message = format!("{} needs spec.{part}.{field}", entry.id());
        Problem::error(Code::MissingField, message)
            .at(entry.at.child("spec").child(part))
            .about(&entry.id())
    })
}

fn scope(entry: &Entry<'_>, text: &str) -> Result<Scope, Problem> {
    [Scope::Cluster, Scope::Namespaced]
        .into_iter()
        .find(|scope| scope.as_str() == text)
        .ok_or_else(|| {
            let message = format!("{text:?} is no scope: use Cluster or Namespaced");
            Problem::error(Code::InvalidValue, message)
                .at(entry.at.join("/spec/targetType/scope"))
                .about(&entry.id())
        })
}

fn wrong_version(entry: &Entry<'_>, right: &str) -> String {
    format!(
        "{} cannot be planned: the apiVersion of a {} is {right}, not {}",
        entry.id(),
        entry.gvk.kind(),
        entry.gvk.api_version()
    )
}
