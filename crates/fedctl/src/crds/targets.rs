//! Which kinds are federated? KubeFed's ten, those that the input declares, and any other kind of
//! which something is known.

use fed_core::dialect::kubefed::ResourceNames;
use fed_core::dialect::kubefed::api::FederatedTypeConfig;
use fed_core::dialect::kubefed::constants::{CORE_GROUP, SCHEDULING_GROUP, TYPES_GROUP};
use fed_core::dialect::kubefed::crds::{FederatedKind, TargetType, usual_targets};
use fed_core::dialect::native;
use fed_core::dialect::parse;
use fed_core::kinds::Scope;
use fed_core::{Code, DocumentId, GroupVersionKind, Location, Pointer, Problem};
use fed_schema::Schemas;
use serde_json::Value;

use crate::read::SourceDocument;

/// What there is to federate.
#[derive(Debug)]
pub(super) struct Targets {
    schemas: Schemas,
    /// Those of FederatedTypeConfigs, then those of CustomResourceDefinitions.
    declared: Vec<FederatedKind>,
}

/// Groups whose kinds are about federation themselves.
const NEVER_FEDERATED: &[&str] = &[CORE_GROUP, SCHEDULING_GROUP, TYPES_GROUP, native::GROUP];

impl Targets {
    /// What documents declare.
    pub(super) fn read(documents: &[SourceDocument], problems: &mut Vec<Problem>) -> Self {
        let objects: Vec<_> = (0..)
            .zip(documents)
            .flat_map(|(number, document)| {
                let at = Location::new(DocumentId(number), Pointer::from_text(""));
                objects(document.value(), &at)
            })
            .collect();
        let mut targets = Self {
            schemas: Schemas::builtin(),
            declared: Vec::new(),
        };
        let mut custom = Vec::new();
        for (object, at) in of_kind(&objects, "apiextensions.k8s.io", "CustomResourceDefinition") {
            match targets.schemas.with_crd(object) {
                Ok(schemas) => {
                    targets.schemas = schemas;
                    custom.push(["/spec/group", "/spec/names/kind"].map(|at| text(object, at)));
                }
                Err(fault) => {
                    let message = format!("the definition cannot be used: {fault}");
                    problems.push(Problem::error(Code::InvalidValue, message).at(at.clone()));
                }
            }
        }
        for (object, at) in of_kind(&objects, CORE_GROUP, FederatedTypeConfig::KIND) {
            match targets.of_config(object, at) {
                Ok(federated) => targets.declared.push(federated),
                Err(problem) => problems.push(problem),
            }
        }
        for [group, kind] in custom {
            targets.add_custom(group, kind);
        }
        targets
    }

    fn of_config(&self, object: &Value, at: &Location) -> Result<FederatedKind, Problem> {
        let config: FederatedTypeConfig = parse(object, at)?;
        FederatedKind::declared(&config, at, |group, kind| self.known(group, kind))
    }

    /// Adds the kind of a definition, unless it is about federation or is declared already.
    fn add_custom(&mut self, group: &str, kind: &str) {
        let is_federated = |one: &FederatedKind| (one.gvk.group(), one.gvk.kind()) == (group, kind);
        if NEVER_FEDERATED.contains(&group)
            || self.declared.iter().any(is_federated)
            || self.of_target(group, kind).is_some()
        {
            return;
        }
        let target = self.known(group, kind);
        self.declared.extend(target.map(FederatedKind::of));
    }

    /// What is known of a kind: what Kubernetes or the definition in the input says.
    fn known(&self, group: &str, kind: &str) -> Option<TargetType> {
        self.schemas.preferred(group, kind).map(target)
    }

    fn of_target(&self, group: &str, kind: &str) -> Option<&FederatedKind> {
        let is_it = |target: &GroupVersionKind| (target.group(), target.kind()) == (group, kind);
        self.declared.iter().find(|one| is_it(&one.target.gvk))
    }

    /// All that is declared, and KubeFed's ten.
    pub(super) fn all(&self) -> Vec<FederatedKind> {
        let usual = usual_targets().into_iter();
        let undeclared =
            usual.filter(|one| self.of_target(one.gvk.group(), one.gvk.kind()).is_none());
        let undeclared = undeclared.map(FederatedKind::of);
        self.declared.iter().cloned().chain(undeclared).collect()
    }

    /// The Federated kind of the one kind that is meant: by its kind, plural, singular or a short
    /// name, in any case, with a dot and its group where that is needed.
    pub(super) fn named(&self, name: &str) -> Result<FederatedKind, String> {
        let (wanted, group) = match name.split_once('.') {
            Some((wanted, group)) => (wanted, Some(group)),
            None => (name, None),
        };
        let is_meant = |one: &FederatedKind| {
            let target = &one.target;
            group.is_none_or(|group| group.eq_ignore_ascii_case(target.gvk.group()))
                && is_called(target, wanted)
        };
        let found: Vec<_> = self.known_kinds().into_iter().filter(is_meant).collect();
        // As kubectl has it, the core group comes first.
        let core = found.iter().find(|one| one.target.gvk.group().is_empty());
        match (core, found.as_slice()) {
            (Some(one), _) | (None, [one]) => Ok(one.clone()),
            (None, []) => Err(format!(
                "nothing is known of the kind {name}: give its CustomResourceDefinition with -f"
            )),
            (None, several) => {
                let names = several
                    .iter()
                    .map(|one| format!("{}.{}", one.target.plural, one.target.gvk.group()));
                let names: Vec<_> = names.collect();
                Err(format!(
                    "{name} may be several kinds: name one of {}",
                    names.join(", ")
                ))
            }
        }
    }

    /// All that could be federated, each kind once.
    fn known_kinds(&self) -> Vec<FederatedKind> {
        let mut known = self.declared.clone();
        let is_kept = |kind: &fed_schema::Kind<'_>| {
            ["create", "delete"]
                .iter()
                .all(|verb| kind.verbs().any(|one| one == *verb))
        };
        for kind in self.schemas.kinds().filter(is_kept) {
            let is_it = |one: &FederatedKind| one.target.gvk.same_kind(&gvk(kind));
            if !known.iter().any(is_it) {
                known.push(FederatedKind::of(target(kind)));
            }
        }
        known
    }
}

fn is_called(target: &TargetType, name: &str) -> bool {
    let short_names: Vec<_> = target.short_names.iter().map(String::as_str).collect();
    let names = ResourceNames {
        plural: &target.plural,
        singular: "",
        kind: target.gvk.kind(),
        short_names: &short_names,
        group: target.gvk.group(),
    };
    !name.is_empty() && names.matches(name)
}

fn gvk(kind: fed_schema::Kind<'_>) -> GroupVersionKind {
    GroupVersionKind::new(kind.group(), kind.version(), kind.kind())
}

/// What the schema of a kind tells of it.
fn target(kind: fed_schema::Kind<'_>) -> TargetType {
    let scope = match kind.scope() {
        fed_schema::Scope::Cluster => Scope::Cluster,
        fed_schema::Scope::Namespaced => Scope::Namespaced,
    };
    TargetType::new(gvk(kind), kind.plural(), scope)
        .with_short_names(kind.short_names())
        .with_int32_replicas(kind.has_int32_replicas())
}

/// The objects of a document: itself, or the items of a list.
fn objects<'d>(value: &'d Value, at: &Location) -> Vec<(&'d Value, Location)> {
    let items = value.get("items").and_then(Value::as_array);
    match items.filter(|_| text(value, "/kind").ends_with("List")) {
        None => vec![(value, at.clone())],
        Some(items) => (0_usize..)
            .zip(items)
            .map(|(index, item)| (item, at.child("items").child(index)))
            .collect(),
    }
}

fn of_kind<'o>(
    objects: &'o [(&'o Value, Location)],
    group: &'o str,
    kind: &'o str,
) -> impl Iterator<Item = (&'o Value, &'o Location)> {
    let of_kind = objects.iter().filter(move |(object, _)| {
        let gvk =
            GroupVersionKind::from_api_version(text(object, "/apiVersion"), text(object, "/kind"));
        (gvk.group(), gvk.kind()) == (group, kind)
    });
    of_kind.map(|(object, at)| (*object, at))
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    let text = value.pointer(pointer).and_then(Value::as_str);
    text.unwrap_or_default()
}
