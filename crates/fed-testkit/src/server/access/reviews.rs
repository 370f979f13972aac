//! Questions about access that are asked as objects: reviews are answered, and nothing is held.

use fed_schema::Kind;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::rules::{Granted, Rule};
use super::token::ISSUER;
use super::{Question, User, texts};
use crate::server::Server;
use crate::server::answer::Answer;
use crate::server::status::{FieldFault, Refusal, Sort};
use crate::server::target::Resource;
use crate::server::write::read::{self, check_name};
use crate::server::write::{Call, fields, text, track};

const AUTHORIZATION: &str = "authorization.k8s.io";

/// Is this kind a question that is answered here?
pub(in crate::server) fn is_review(kind: Kind<'_>) -> bool {
    matches!(
        (kind.group(), kind.kind()),
        ("authentication.k8s.io", "TokenReview" | "SelfSubjectReview")
            | (
                AUTHORIZATION,
                "SubjectAccessReview"
                    | "SelfSubjectAccessReview"
                    | "LocalSubjectAccessReview"
                    | "SelfSubjectRulesReview"
            )
    )
}

impl Server {
    /// Answers a review.
    pub(in crate::server) fn review(&self, call: &Call<'_>) -> Result<Answer, Refusal> {
        let mut draft = read::object(call)?;
        if !call.target.namespace.is_empty() {
            check_name(call, &mut draft.object)?;
        }
        let sent = draft.object.clone();
        track::track(call, None, &mut draft.object);
        let body = match call.target.kind.kind() {
            "TokenReview" => self.review_token(draft.object, call.at)?,
            "SelfSubjectReview" => review_self(call),
            "SelfSubjectRulesReview" => self.review_rules(call, &sent)?,
            kind => self.review_access(call, kind, &sent, draft.object)?,
        };
        Ok(Answer::new(201, body).warning(draft.warnings))
    }

    fn review_token(&self, mut review: Value, now: Timestamp) -> Result<Value, Refusal> {
        let token = text(&review, "/spec/token").to_owned();
        if token.is_empty() {
            return Err(Refusal::bad_request(
                "token is required for TokenReview in authentication",
            ));
        }
        let mut audiences = texts(review.pointer("/spec/audiences"));
        if audiences.is_empty() {
            audiences.push(ISSUER.to_owned());
        }
        let status = match self.user_of(&token, &audiences, now) {
            Ok((user, audiences)) => json!({
                "authenticated": true, "user": user.known().to_value(), "audiences": audiences,
            }),
            Err(why) => json!({"user": {}, "error": why}),
        };
        fields(&mut review).insert("status".to_owned(), status);
        Ok(review)
    }

    fn review_rules(&self, call: &Call<'_>, review: &Value) -> Result<Value, Refusal> {
        let namespace = text(review, "/spec/namespace");
        if namespace.is_empty() {
            return Err(Refusal::bad_request("no namespace on request"));
        }
        let granted = Granted::to(&call.user, namespace, &self.store);
        let rules = || granted.rules.iter().map(|(_, rule)| rule);
        let of_resources = rules().filter(|rule| !rule.resources.is_empty());
        let of_paths = rules().filter(|rule| !rule.paths.is_empty());
        let mut status = json!({
            "resourceRules": of_resources.map(resource_rule).collect::<Value>(),
            "nonResourceRules": of_paths
                .map(|rule| json!({"verbs": rule.verbs, "nonResourceURLs": rule.paths}))
                .collect::<Value>(),
            "incomplete": false,
        });
        if let Some(fault) = granted.fault() {
            fields(&mut status).insert("evaluationError".to_owned(), fault.into());
        }
        Ok(json!({
            "kind": "SelfSubjectRulesReview", "apiVersion": call.target.kind.api_version(),
            "metadata": {}, "spec": {}, "status": status,
        }))
    }

    fn review_access(
        &self,
        call: &Call<'_>,
        kind: &str,
        sent: &Value,
        mut review: Value,
    ) -> Result<Value, Refusal> {
        let is_self = kind == "SelfSubjectAccessReview";
        let is_local = kind == "LocalSubjectAccessReview";
        let faults = faults(sent, is_self, is_local);
        if !faults.is_empty() {
            // A server forgets the kind of what it has read.
            return Err(Refusal::invalid(AUTHORIZATION, "", "", &faults));
        }
        let spec = sent.get("spec").unwrap_or(&Value::Null);
        let user = if is_self {
            call.user.clone()
        } else {
            User {
                uid: text(spec, "/uid").to_owned(),
                groups: texts(spec.get("groups")),
                ..User::new(text(spec, "/user"))
            }
        };
        let mut status = Map::new();
        let (allowed, reason) = match self.may(&user, &question(spec)) {
            Ok(reason) => (true, reason),
            Err(reason) => (false, reason),
        };
        status.insert("allowed".to_owned(), allowed.into());
        if !reason.is_empty() {
            status.insert("reason".to_owned(), reason.into());
        }
        fields(&mut review).insert("status".to_owned(), Value::Object(status));
        Ok(review)
    }
}

fn resource_rule(rule: &Rule) -> Value {
    let mut fields = Map::new();
    for (field, texts) in [
        ("verbs", &rule.verbs),
        ("apiGroups", &rule.groups),
        ("resources", &rule.resources),
        ("resourceNames", &rule.names),
    ] {
        if !texts.is_empty() {
            fields.insert(field.to_owned(), json!(texts));
        }
    }
    Value::Object(fields)
}

fn review_self(call: &Call<'_>) -> Value {
    json!({
        "kind": "SelfSubjectReview", "apiVersion": call.target.kind.api_version(),
        "metadata": {"creationTimestamp": call.now},
        "status": {"userInfo": call.user.to_value()},
    })
}

/// What a review asks.
fn question(spec: &Value) -> Question {
    let owned = |pointer: &str| text(spec, pointer).to_owned();
    match spec
        .get("resourceAttributes")
        .filter(|value| !value.is_null())
    {
        Some(_) => Question {
            verb: owned("/resourceAttributes/verb"),
            resource: Resource {
                group: owned("/resourceAttributes/group"),
                plural: owned("/resourceAttributes/resource"),
            },
            subresource: owned("/resourceAttributes/subresource"),
            namespace: owned("/resourceAttributes/namespace"),
            name: owned("/resourceAttributes/name"),
            path: None,
        },
        None => Question {
            verb: owned("/nonResourceAttributes/verb"),
            path: Some(owned("/nonResourceAttributes/path")),
            ..Question::default()
        },
    }
}

/// A server tells a struct by the names that its fields have inside of it.
fn as_go_names(value: &Value) -> Value {
    let fields = value.as_object().into_iter().flatten();
    let renamed = fields.map(|(name, value)| {
        let mut letters = name.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        (
            first.into_iter().chain(letters).collect::<String>(),
            value.clone(),
        )
    });
    renamed.collect()
}

/// What is wrong with a review of access.
fn faults(review: &Value, is_self: bool, is_local: bool) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let mut say = |field: &str, message: &str, value: Value| {
        faults.push(FieldFault::new(field, Sort::Invalid, message).of(value));
    };
    let at = |pointer: &str| review.pointer(pointer).filter(|value| !value.is_null());
    let (resource, path) = (
        at("/spec/resourceAttributes"),
        at("/spec/nonResourceAttributes"),
    );
    if let (Some(_), Some(path)) = (resource, path) {
        let message = "cannot be specified in combination with resourceAttributes";
        say("spec.nonResourceAttributes", message, as_go_names(path));
    }
    if resource.is_none() && path.is_none() {
        let message =
            "exactly one of nonResourceAttributes or resourceAttributes must be specified";
        say("spec.resourceAttributes", message, Value::Null);
    }
    let has_groups = !texts(at("/spec/groups")).is_empty();
    if !is_self && text(review, "/spec/user").is_empty() && !has_groups {
        let message = "at least one of user or group must be specified";
        say("spec.user", message, json!(""));
    }
    let said = at("/metadata").and_then(Value::as_object);
    let mut said = said.into_iter().flatten().map(|(field, _)| field.as_str());
    if said.any(|field| field != "managedFields" && !(is_local && field == "namespace")) {
        let message = if is_local {
            "must be empty except for namespace"
        } else {
            "must be empty"
        };
        say(
            "metadata",
            message,
            at("/metadata").cloned().unwrap_or_default(),
        );
    }
    if is_local {
        let namespace = text(review, "/spec/resourceAttributes/namespace");
        if resource.is_some() && namespace != text(review, "/metadata/namespace") {
            let field = "spec.resourceAttributes.namespace";
            say(field, "must match metadata.namespace", json!(namespace));
        }
        if let Some(path) = path {
            let message = "disallowed on this kind of request";
            say("spec.nonResourceAttributes", message, as_go_names(path));
        }
    }
    faults
}
