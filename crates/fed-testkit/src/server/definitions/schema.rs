//! Is a schema structural, and does it say what a server can hold objects to?

use regex::Regex;
use serde_json::{Map, Value, json};

use super::super::custom;
use super::super::expression::Expression;
use super::super::status::{FieldFault, Sort};
use super::super::write::text;

const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];
const REASONS: &str = "supported values: \"FieldValueDuplicate\", \"FieldValueForbidden\", \"FieldValueInvalid\", \"FieldValueRequired\"";

/// What is wrong with the schema of a version, which stands there.
pub(super) fn check(schema: &Value, at: &str, faults: &mut Vec<FieldFault>) {
    let mut walk = Walk {
        faults,
        above: None,
    };
    if text(schema, "/type") != "object" {
        let fault = FieldFault::new(format!("{at}.type"), Sort::Invalid, "must be object");
        walk.faults.push(fault.of(json!(text(schema, "/type"))));
        return;
    }
    let known = schema.pointer("/properties/metadata/properties");
    let mut known = known.and_then(Value::as_object).into_iter().flatten();
    if known.any(|(name, _)| !matches!(name.as_str(), "name" | "generateName")) {
        let message = "must not specify anything other than name and generateName, but metadata is implicitly specified";
        let field = format!("{at}.properties[metadata]");
        walk.faults
            .push(FieldFault::new(field, Sort::Forbidden, message));
    }
    walk.schema(schema, at);
}

struct Walk<'f> {
    faults: &'f mut Vec<FieldFault>,
    /// The list above whose items are not known again.
    above: Option<String>,
}

impl Walk<'_> {
    fn say(&mut self, field: String, sort: Sort, message: impl Into<String>) {
        self.faults.push(FieldFault::new(field, sort, message));
    }

    fn schema(&mut self, schema: &Value, at: &str) {
        let Some(words) = schema.as_object() else {
            return;
        };
        let is_set = |word: &str| words.get(word) == Some(&Value::Bool(true));
        let sort = text(schema, "/type");
        if sort.is_empty() {
            if !is_set("x-kubernetes-int-or-string")
                && !is_set("x-kubernetes-preserve-unknown-fields")
            {
                let message = "must not be empty for specified object fields";
                self.say(format!("{at}.type"), Sort::Required, message);
            }
        } else if !TYPES.contains(&sort) {
            let message = "supported values: \"array\", \"boolean\", \"integer\", \"number\", \"object\", \"string\"";
            let fault = FieldFault::new(format!("{at}.type"), Sort::NotSupported, message);
            self.faults.push(fault.of(json!(sort)));
            return;
        }
        if words.get("x-kubernetes-preserve-unknown-fields") == Some(&Value::Bool(false)) {
            let field = format!("{at}.x-kubernetes-preserve-unknown-fields");
            let fault = FieldFault::new(field, Sort::Invalid, "must be true or undefined");
            self.faults.push(fault.of(json!(false)));
        }
        self.words(schema, words, at);
        self.list(schema, at);
        self.default(schema, at);
        self.rules(schema, at);
        self.branches(words, at);
        self.inner(schema, words, at);
    }

    fn words(&mut self, schema: &Value, words: &Map<String, Value>, at: &str) {
        if let Some(pattern) = words.get("pattern").and_then(Value::as_str)
            && let Err(error) = Regex::new(pattern)
        {
            let message = format!("must be a valid regular expression, but isn't: {error}");
            let fault = FieldFault::new(format!("{at}.pattern"), Sort::Invalid, message);
            self.faults.push(fault.of(json!(pattern)));
        }
        let has = |word: &str| words.get(word).is_some_and(|value| !value.is_null());
        if has("properties") && has("additionalProperties") {
            let message = "additionalProperties and properties are mutual exclusive";
            self.say(
                format!("{at}.additionalProperties"),
                Sort::Forbidden,
                message,
            );
        }
        for word in ["$ref", "definitions", "dependencies", "patternProperties"] {
            if has(word) {
                self.say(format!("{at}.{word}"), Sort::Forbidden, "not supported");
            }
        }
        if words.get("uniqueItems") == Some(&Value::Bool(true)) {
            let message =
                "uniqueItems cannot be set to true since the runtime complexity becomes quadratic";
            self.say(format!("{at}.uniqueItems"), Sort::Forbidden, message);
        }
        if text(schema, "/type") == "array" && !has("items") {
            self.say(format!("{at}.items"), Sort::Required, "must be specified");
        }
    }

    fn list(&mut self, schema: &Value, at: &str) {
        let items = schema.get("items").unwrap_or(&Value::Null);
        let keys = schema
            .get("x-kubernetes-list-map-keys")
            .and_then(Value::as_array);
        let keys = keys.map_or(&[][..], Vec::as_slice);
        match text(schema, "/x-kubernetes-list-type") {
            "" | "atomic" => {}
            "set" => {
                let (word, wanted) = match text(items, "/type") {
                    "object" => ("x-kubernetes-map-type", "atomic"),
                    "array" => ("x-kubernetes-list-type", "atomic"),
                    _ => return,
                };
                if text(items, &format!("/{word}")) != wanted {
                    let message =
                        "must be atomic as item of a list with x-kubernetes-list-type=set";
                    let held = items.get(word).cloned().unwrap_or_default();
                    let field = format!("{at}.items.{word}");
                    let fault = FieldFault::new(field, Sort::Invalid, message);
                    self.faults.push(fault.of(held));
                }
            }
            "map" if keys.is_empty() => {
                let message = "must not be empty if x-kubernetes-list-type is map";
                let field = format!("{at}.x-kubernetes-list-map-keys");
                self.say(field, Sort::Required, message);
            }
            "map" => {
                for (index, key) in keys.iter().enumerate() {
                    self.key(items, key, index, at);
                }
            }
            other => {
                let message = "supported values: \"atomic\", \"map\", \"set\"";
                let field = format!("{at}.x-kubernetes-list-type");
                let fault = FieldFault::new(field, Sort::NotSupported, message);
                self.faults.push(fault.of(json!(other)));
            }
        }
    }

    /// A key of a list's items must always be there.
    fn key(&mut self, items: &Value, key: &Value, index: usize, at: &str) {
        let name = key.as_str().unwrap_or_default();
        let Some(property) = items.get("properties").and_then(|known| known.get(name)) else {
            let field = format!("{at}.x-kubernetes-list-map-keys[{index}]");
            let message = "entries must all be names of item properties";
            self.faults
                .push(FieldFault::new(field, Sort::Invalid, message).of(key.clone()));
            return;
        };
        let required = items.get("required").and_then(Value::as_array);
        let is_required = required.is_some_and(|required| required.contains(key));
        if !is_required && property.get("default").is_none() {
            let message = "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property";
            let field = format!("{at}.items.properties[{name}].default");
            self.say(field, Sort::Required, message);
        }
    }

    fn default(&mut self, schema: &Value, at: &str) {
        let Some(default) = schema.get("default") else {
            return;
        };
        let mut wrong = Vec::new();
        custom::of_schema(schema, default, "", &mut wrong);
        self.faults
            .extend(wrong.into_iter().map(|fault| FieldFault {
                field: format!("{at}.default{}", fault.field),
                ..fault
            }));
    }

    fn rules(&mut self, schema: &Value, at: &str) {
        let rules = schema
            .get("x-kubernetes-validations")
            .and_then(Value::as_array);
        for (index, rule) in rules.into_iter().flatten().enumerate() {
            self.rule(
                schema,
                rule,
                &format!("{at}.x-kubernetes-validations[{index}]"),
            );
        }
    }

    fn rule(&mut self, schema: &Value, rule: &Value, at: &str) {
        let said = text(rule, "/rule");
        let is_optional = rule.get("optionalOldSelf") == Some(&Value::Bool(true));
        if said.trim().is_empty() {
            self.say(
                format!("{at}.rule"),
                Sort::Required,
                "rule is not specified",
            );
        } else if let Err(why) = Expression::read(said, is_optional) {
            // What is only not known here is no fault of the definition.
            if !why.contains("there is no function") {
                let message = format!("compilation failed: {why}");
                let fault = FieldFault::new(format!("{at}.rule"), Sort::Invalid, message);
                self.faults.push(fault.of(json!(said)));
            }
        } else if said.contains("oldSelf")
            && !is_optional
            && let Some(above) = &self.above
        {
            let message = format!(
                "oldSelf cannot be used on the uncorrelatable portion of the schema within {above}"
            );
            let fault = FieldFault::new(format!("{at}.rule"), Sort::Invalid, message);
            self.faults.push(fault.of(json!(said)));
        }
        let message = text(rule, "/message");
        if message.trim().contains(['\n', '\r']) {
            let fault = FieldFault::new(
                format!("{at}.message"),
                Sort::Invalid,
                "must not contain line breaks",
            );
            self.faults.push(fault.of(json!(message)));
        }
        let reason = text(rule, "/reason");
        if !matches!(
            reason.strip_prefix("FieldValue"),
            Some("Duplicate" | "Forbidden" | "Invalid" | "Required")
        ) && !reason.is_empty()
        {
            let fault = FieldFault::new(format!("{at}.reason"), Sort::NotSupported, REASONS);
            self.faults.push(fault.of(json!(reason)));
        }
        let path = text(rule, "/fieldPath");
        if !path.is_empty() && !leads_somewhere(schema, path) {
            let message = "must be a valid path";
            let fault = FieldFault::new(format!("{at}.fieldPath"), Sort::Invalid, message);
            self.faults.push(fault.of(json!(path)));
        }
    }

    /// Only values are looked at in branches; what fields there are stands outside of them.
    fn branches(&mut self, words: &Map<String, Value>, at: &str) {
        let is_open = words.get("x-kubernetes-int-or-string") == Some(&Value::Bool(true));
        for word in ["allOf", "anyOf", "oneOf"] {
            let branches = words.get(word).and_then(Value::as_array);
            for (index, branch) in branches.into_iter().flatten().enumerate() {
                self.branch(branch, &format!("{at}.{word}[{index}]"), is_open);
            }
        }
        if let Some(branch) = words.get("not") {
            self.branch(branch, &format!("{at}.not"), is_open);
        }
    }

    fn branch(&mut self, branch: &Value, at: &str, is_open: bool) {
        let outside = [
            "type",
            "default",
            "additionalProperties",
            "nullable",
            "title",
        ];
        for word in outside.iter().filter(|word| !(is_open && **word == "type")) {
            if branch
                .get(*word)
                .is_some_and(|value| *value != Value::Bool(false))
            {
                let message = "must be empty to be structural";
                self.say(format!("{at}.{word}"), Sort::Forbidden, message);
            }
        }
    }

    fn inner(&mut self, schema: &Value, words: &Map<String, Value>, at: &str) {
        let properties = words.get("properties").and_then(Value::as_object);
        for (name, inner) in properties.into_iter().flatten() {
            self.schema(inner, &format!("{at}.properties[{name}]"));
        }
        if let Some(inner) = words
            .get("additionalProperties")
            .filter(|one| one.is_object())
        {
            self.schema(inner, &format!("{at}.additionalProperties"));
        }
        if let Some(items) = words.get("items") {
            let above = self.above.clone();
            if text(schema, "/x-kubernetes-list-type") != "map" {
                self.above.get_or_insert_with(|| at.to_owned());
            }
            self.schema(items, &format!("{at}.items"));
            self.above = above;
        }
    }
}

/// Does a path such as `.spec.x` lead to a field of the schema?
fn leads_somewhere(schema: &Value, path: &str) -> bool {
    let Some(path) = path.strip_prefix('.') else {
        return false;
    };
    let mut here = Some(schema);
    for name in path.split('.') {
        let name = name.split('[').next().unwrap_or_default();
        here = here.and_then(|schema| {
            let known = schema.get("properties").and_then(|known| known.get(name));
            known.or_else(|| schema.get("additionalProperties"))
        });
    }
    here.is_some()
}
