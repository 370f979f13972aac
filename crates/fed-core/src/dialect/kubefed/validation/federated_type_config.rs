//! Which FederatedTypeConfigs does KubeFed refuse?

use super::Validate;
use super::field::Field;
use super::rules;
use crate::dialect::kubefed::api::{
    ApiResource, Document, FederatedTypeConfig, FederatedTypeConfigSpec, FederatedTypeConfigStatus,
};
use crate::kinds::Scope;
use crate::location::Location;
use crate::problem::Problem;

const SCOPES: &[&str] = &[Scope::Cluster.as_str(), Scope::Namespaced.as_str()];
const SWITCHES: &[&str] = &["Enabled", "Disabled"];
const CONTROLLER_STATES: &[&str] = &["Running", "NotRunning"];

/// What the group of a kind that KubeFed makes must be.
const OWN_GROUP: &str = "should be a domain with at least one dot";

impl Validate for FederatedTypeConfig {
    fn validate(&self, _old: Option<&Self>, at: &Location) -> Vec<Problem> {
        let mut problems = Vec::new();
        let none = FederatedTypeConfigSpec::default();
        let spec = self.spec.as_ref().unwrap_or(&none);
        validate_name(self, spec, at, &mut problems);
        validate_spec(spec, &Field::of(at, "spec"), &mut problems);
        problems
    }

    fn validate_status(&self, at: &Location) -> Vec<Problem> {
        let mut problems = Vec::new();
        if let Some(status) = &self.status {
            validate_controllers(status, &Field::of(at, "status"), &mut problems);
        }
        problems
    }
}

fn validate_name(
    config: &FederatedTypeConfig,
    spec: &FederatedTypeConfigSpec,
    at: &Location,
    problems: &mut Vec<Problem>,
) {
    let target = spec.target_type.as_ref();
    let plural = target.and_then(|target| target.plural_name.as_deref());
    let group = target.and_then(|target| target.group.as_deref());
    let expected = match (plural.unwrap_or_default(), group.unwrap_or_default()) {
        (plural, "") => plural.to_owned(),
        (plural, group) => format!("{plural}.{group}"),
    };
    let name = config.name().unwrap_or_default();
    if name != expected {
        let why = "name must be 'TARGET_PLURAL_NAME(.TARGET_GROUP_NAME)'";
        let why = match plural {
            Some(plural) if !plural.is_empty() => format!("{why}: {expected}"),
            _ => why.to_owned(),
        };
        let field = Field::of(at, "metadata").child("name");
        problems.push(field.invalid(name, why));
    }
}

fn validate_spec(spec: &FederatedTypeConfigSpec, at: &Field, problems: &mut Vec<Problem>) {
    let none = ApiResource::default();
    let target = spec.target_type.as_ref().unwrap_or(&none);
    resource(target, &at.child("targetType"), problems);
    let propagation = spec.propagation.as_deref();
    rules::one_of(&at.child("propagation"), propagation, SWITCHES, problems);
    let federated = spec.federated_type.as_ref().unwrap_or(&none);
    own_resource(federated, &at.child("federatedType"), problems);
    if let Some(status) = &spec.status_type {
        own_resource(status, &at.child("statusType"), problems);
    }
    if let Some(collection) = &spec.status_collection {
        let field = at.child("statusCollection");
        rules::one_of(&field, Some(collection), SWITCHES, problems);
    }
}

/// A kind of a group that KubeFed makes.
fn own_resource(own: &ApiResource, at: &Field, problems: &mut Vec<Problem>) {
    let group = rules::required(
        &at.child("group"),
        own.group.as_deref(),
        OWN_GROUP,
        problems,
    );
    if let Some(group) = group
        && !group.contains('.')
    {
        problems.push(at.child("group").invalid(group, OWN_GROUP));
    }
    resource(own, at, problems);
}

fn resource(resource: &ApiResource, at: &Field, problems: &mut Vec<Problem>) {
    if let Some(group) = resource.group.as_deref().filter(|group| !group.is_empty()) {
        rules::subdomain_text(&at.child("group"), group, problems);
    }
    let version = resource.version.as_deref();
    rules::label(
        &at.child("version"),
        version,
        "the version, such as v1",
        problems,
    );
    let kind = resource.kind.as_deref();
    rules::mixed_case_label(&at.child("kind"), kind, "the kind", problems);
    let plural = resource.plural_name.as_deref();
    rules::label(
        &at.child("pluralName"),
        plural,
        "the plural of the kind",
        problems,
    );
    rules::one_of(
        &at.child("scope"),
        resource.scope.as_deref(),
        SCOPES,
        problems,
    );
}

fn validate_controllers(
    status: &FederatedTypeConfigStatus,
    at: &Field,
    problems: &mut Vec<Problem>,
) {
    let generation = at.child("observedGeneration");
    match status.observed_generation {
        None => problems.push(generation.missing("write the generation that this is about")),
        Some(number) if number < 0 => {
            let why = "must be greater than or equal to 0";
            problems.push(generation.invalid_number(number, why));
        }
        Some(_) => {}
    }
    let propagation = status.propagation_controller.as_deref();
    let field = at.child("propagationController");
    rules::one_of(&field, propagation, CONTROLLER_STATES, problems);
    if let Some(state) = &status.status_controller {
        let field = at.child("statusController");
        rules::one_of(&field, Some(state), CONTROLLER_STATES, problems);
    }
}
