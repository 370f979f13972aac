//! What can be done with the objects of a custom kind, path by path, as OpenAPI v3 says it?

use fed_schema::{Kind, Scope};
use serde_json::{Map, Value, json};

use super::definition::{name, words};
use crate::server::write::fields;

const STATUS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Status";
const OPTIONS: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions";
const PATCH: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.Patch";
const SCALE: &str = "io.k8s.api.autoscaling.v1.Scale";

/// What an answer or a body can be written in.
const FORMS: [&str; 2] = ["application/json", "application/yaml"];
const PATCHES: [&str; 3] = [
    "application/apply-patch+yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
];

/// A parameter of the query and its type.
type Parameter = (&'static str, &'static str);

const LIST: [Parameter; 11] = [
    ("allowWatchBookmarks", "boolean"),
    ("continue", "string"),
    ("fieldSelector", "string"),
    ("labelSelector", "string"),
    ("limit", "integer"),
    ("resourceVersion", "string"),
    ("resourceVersionMatch", "string"),
    ("sendInitialEvents", "boolean"),
    ("shardSelector", "string"),
    ("timeoutSeconds", "integer"),
    ("watch", "boolean"),
];
const READ: [Parameter; 1] = [("resourceVersion", "string")];
/// A change takes these, and a patch `force` besides.
const WRITE: [Parameter; 4] = [
    ("dryRun", "string"),
    ("fieldManager", "string"),
    ("fieldValidation", "string"),
    ("force", "boolean"),
];
const DELETE: [Parameter; 5] = [
    ("dryRun", "string"),
    ("gracePeriodSeconds", "integer"),
    (
        "ignoreStoreReadErrorWithClusterBreakingPotential",
        "boolean",
    ),
    ("orphanDependents", "boolean"),
    ("propagationPolicy", "string"),
];
const PRETTY: Parameter = ("pretty", "string");

/// One thing that can be done.
struct Operation<'a> {
    /// The word that the operation's name starts with.
    verb: &'a str,
    action: &'a str,
    parameters: &'a [Parameter],
    /// The forms of the body, its definition, and whether it must be there.
    body: Option<(&'a [&'a str], &'a str, bool)>,
    codes: &'a [&'a str],
    answer: &'a str,
}

/// The paths of a kind.
pub(super) fn of(kind: Kind<'_>) -> Map<String, Value> {
    let paths = Paths::of(kind);
    let mut all = Map::new();
    all.insert(paths.collection.clone(), paths.collection());
    let object = format!("{}/{{name}}", paths.collection);
    all.insert(object.clone(), paths.object("", &paths.definition, true));
    for subresource in kind.subresources() {
        let answer = match subresource.name.as_str() {
            "scale" => SCALE,
            _ => &paths.definition,
        };
        let path = format!("{object}/{}", subresource.name);
        all.insert(path, paths.object(&subresource.name, answer, false));
    }
    if kind.scope() == Scope::Namespaced {
        let (path, operations) = paths.everywhere();
        all.insert(path, operations);
    }
    all
}

/// What the paths of a kind have in common.
struct Paths<'a> {
    kind: Kind<'a>,
    root: String,
    collection: String,
    definition: String,
    /// The group and version in names of operations, `shopExampleComV1`, without capital.
    place: String,
}

impl<'a> Paths<'a> {
    fn of(kind: Kind<'a>) -> Self {
        let root = format!("/apis/{}", kind.api_version());
        let collection = match kind.scope() {
            Scope::Namespaced => format!("{root}/namespaces/{{namespace}}/{}", kind.plural()),
            Scope::Cluster => format!("{root}/{}", kind.plural()),
        };
        Self {
            kind,
            root,
            collection,
            definition: name(kind, ""),
            place: words(kind.group()),
        }
    }

    /// The objects of a namespace, or all of a kind that lives in none.
    fn collection(&self) -> Value {
        let list = name(self.kind, "List");
        let mut all = self.fixed(&[]);
        all.insert("get".into(), self.operation("", &listing(&list)));
        let [dry_run, manager, validation, _] = WRITE;
        let create = Operation {
            verb: "create",
            action: "post",
            parameters: &[dry_run, manager, validation],
            body: Some((&FORMS, &self.definition, true)),
            codes: &["200", "201", "202"],
            answer: &self.definition,
        };
        all.insert("post".into(), self.operation("", &create));
        let clear = Operation {
            verb: "delete",
            action: "deletecollection",
            answer: STATUS,
            ..listing(&list)
        };
        all.insert("delete".into(), self.operation("", &clear));
        Value::Object(all)
    }

    /// One object, or what is served beside it.
    fn object(&self, subresource: &str, answer: &str, can_go: bool) -> Value {
        let mut all = self.fixed(&["name"]);
        let mut suffix = subresource.to_owned();
        if let Some(first) = suffix.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let [dry_run, manager, validation, _] = WRITE;
        let read = Operation {
            verb: "read",
            action: "get",
            parameters: &READ,
            body: None,
            codes: &["200"],
            answer,
        };
        let replace = Operation {
            verb: "replace",
            action: "put",
            parameters: &[dry_run, manager, validation],
            body: Some((&FORMS, answer, true)),
            codes: &["200", "201"],
            answer,
        };
        let patch = Operation {
            verb: "patch",
            action: "patch",
            parameters: &WRITE,
            body: Some((&PATCHES, PATCH, true)),
            codes: &["200"],
            answer,
        };
        let delete = Operation {
            verb: "delete",
            action: "delete",
            parameters: &DELETE,
            body: Some((&FORMS, OPTIONS, false)),
            codes: &["200", "202"],
            answer: STATUS,
        };
        for (method, operation) in [("get", &read), ("put", &replace), ("patch", &patch)] {
            all.insert(method.into(), self.operation(&suffix, operation));
        }
        if can_go {
            all.insert("delete".into(), self.operation("", &delete));
        }
        Value::Object(all)
    }

    /// The objects of all namespaces.
    fn everywhere(&self) -> (String, Value) {
        let mut parameters: Vec<Parameter> = LIST.into_iter().chain([PRETTY]).collect();
        parameters.sort_unstable();
        let list = name(self.kind, "List");
        let mut operation = self.operation("ForAllNamespaces", &listing(&list));
        if let Some(fields) = operation.as_object_mut() {
            fields.remove("parameters");
            let id = format!(
                "list{}{}ForAllNamespaces",
                capital(&self.place_and_version()),
                self.kind.kind()
            );
            fields.insert("operationId".into(), json!(id));
        }
        let parameters: Vec<Value> = parameters.into_iter().map(query).collect();
        (
            format!("{}/{}", self.root, self.kind.plural()),
            json!({"get": operation, "parameters": parameters}),
        )
    }

    /// The parameters of the path that all its operations have.
    fn fixed(&self, names: &[&str]) -> Map<String, Value> {
        let namespace = (self.kind.scope() == Scope::Namespaced).then_some("namespace");
        let names = names.iter().copied().chain(namespace);
        let in_path = names.map(|name| {
            let schema = json!({"type": "string", "uniqueItems": true});
            json!({"name": name, "in": "path", "required": true, "schema": schema})
        });
        let parameters: Vec<Value> = in_path.chain([query(PRETTY)]).collect();
        Map::from_iter([("parameters".to_owned(), Value::Array(parameters))])
    }

    fn place_and_version(&self) -> String {
        format!("{}{}", self.place, capital(self.kind.version()))
    }

    fn operation(&self, suffix: &str, operation: &Operation<'_>) -> Value {
        let kind = self.kind;
        let scope = match kind.scope() {
            Scope::Namespaced => "Namespaced",
            Scope::Cluster => "",
        };
        let many = match operation.action {
            "deletecollection" => "Collection",
            _ => "",
        };
        let place = capital(&self.place_and_version());
        let id = format!(
            "{}{place}{many}{scope}{}{suffix}",
            operation.verb,
            kind.kind()
        );
        let mut told = Map::new();
        let mut put = |field: &str, value: Value| told.insert(field.to_owned(), value);
        put(
            "tags",
            json!([format!("{}_{}", self.place, kind.version())]),
        );
        put("operationId", json!(id));
        put(
            "parameters",
            operation.parameters.iter().copied().map(query).collect(),
        );
        if let Some((forms, definition, is_required)) = operation.body {
            let mut body = json!({"content": content(forms, definition)});
            if is_required {
                fields(&mut body).insert("required".to_owned(), json!(true));
            }
            put("requestBody", body);
        }
        let codes = operation.codes.iter();
        let codes =
            codes.map(|code| (*code, json!({"content": content(&FORMS, operation.answer)})));
        let codes = codes.chain([("401", json!({}))]);
        put(
            "responses",
            codes.map(|(code, said)| (code.to_owned(), said)).collect(),
        );
        put("x-kubernetes-action", json!(operation.action));
        let name = json!({"group": kind.group(), "version": kind.version(), "kind": kind.kind()});
        put("x-kubernetes-group-version-kind", name);
        Value::Object(told)
    }
}

fn listing(answer: &str) -> Operation<'_> {
    Operation {
        verb: "list",
        action: "list",
        parameters: &LIST,
        body: None,
        codes: &["200"],
        answer,
    }
}

fn query((name, sort): Parameter) -> Value {
    json!({"name": name, "in": "query", "schema": {"type": sort, "uniqueItems": true}})
}

fn content(forms: &[&str], definition: &str) -> Map<String, Value> {
    let schema = json!({"schema": {"$ref": format!("#/components/schemas/{definition}")}});
    let forms = forms.iter();
    forms
        .map(|form| ((*form).to_owned(), schema.clone()))
        .collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(letters)
        .collect()
}
