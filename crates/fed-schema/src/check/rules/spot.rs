//! What does a rule see? One object, its place, and where to say what is wrong.

use serde_json::{Map, Value};

use crate::check::structure::push;
use crate::check::violation::{Rule, Violation};
use crate::types::Type;

pub(super) type Fields = Map<String, Value>;

/// An object that rules look at. Fields of a wrong type are as good as absent: that is told
/// already.
pub(super) struct Spot<'a> {
    /// The kind of the whole object.
    pub(super) kind: &'a str,
    pub(super) fields: &'a Fields,
    of: Type<'a>,
    /// Where this object stands.
    pub(super) path: &'a str,
    found: &'a mut Vec<Violation>,
}

impl<'a> Spot<'a> {
    pub(super) fn new(
        kind: &'a str,
        of: Type<'a>,
        fields: &'a Fields,
        path: &'a str,
        found: &'a mut Vec<Violation>,
    ) -> Self {
        Self {
            kind,
            fields,
            of,
            path,
            found,
        }
    }

    /// The known fields that hold objects: of a union, its members.
    pub(super) fn members(&self) -> impl Iterator<Item = &'a str> {
        let fields = self.fields.iter();
        fields
            .filter(|(name, value)| value.is_object() && self.of.field(name).is_some())
            .map(|(name, _)| name.as_str())
    }

    /// The value of a field, unless it is null.
    pub(super) fn get(&self, field: &str) -> Option<&'a Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    pub(super) fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// The text of a field; empty where there is none.
    pub(super) fn text(&self, field: &str) -> &'a str {
        text(self.fields, field)
    }

    pub(super) fn number(&self, field: &str) -> Option<i64> {
        self.get(field)?.as_i64()
    }

    pub(super) fn object(&self, field: &str) -> Option<&'a Fields> {
        self.get(field)?.as_object()
    }

    /// The items of a list; none where there is no list.
    pub(super) fn list(&self, field: &str) -> &'a [Value] {
        list(self.fields, field)
    }

    /// Says that a rule is broken at a place below this object; segments with `/` in between.
    pub(super) fn say(&mut self, below: &str, rule: Rule, message: impl Into<String>) {
        let mut path = self.path.to_owned();
        if !below.is_empty() {
            path.push('/');
            path.push_str(below);
        }
        self.found.push(Violation::rule(path, rule, message));
    }

    /// The same for one segment that users choose.
    pub(super) fn say_of_key(
        &mut self,
        field: &str,
        key: &str,
        rule: Rule,
        message: impl Into<String>,
    ) {
        let mut path = self.path.to_owned();
        if !field.is_empty() {
            path.push('/');
            path.push_str(field);
        }
        push(&mut path, key);
        self.found.push(Violation::rule(path, rule, message));
    }

    /// Says that fields do not go together.
    pub(super) fn refuse(&mut self, below: &str, message: impl Into<String>) {
        self.say(below, Rule::Combination, message);
    }

    /// Says that a field must be there because of another.
    pub(super) fn want(&mut self, field: &str, because: &str) {
        if !self.has(field) || self.text_is_empty(field) {
            self.say(field, Rule::Combination, format!("must be there {because}"));
        }
    }

    fn text_is_empty(&self, field: &str) -> bool {
        match self.get(field) {
            Some(Value::String(text)) => text.is_empty(),
            Some(Value::Array(items)) => items.is_empty(),
            _ => false,
        }
    }

    /// Says that items of a list have the same text in a field as earlier ones.
    pub(super) fn unique(&mut self, list: &str, field: &str, rule: Rule) {
        let items = self.list(list);
        for (index, item) in items.iter().enumerate() {
            let Some(name) = item
                .get(field)
                .and_then(Value::as_str)
                .filter(|name| !name.is_empty())
            else {
                continue;
            };
            let earlier = items.iter().take(index);
            let same = |other: &Value| other.get(field).and_then(Value::as_str) == Some(name);
            if let Some(first) = earlier.into_iter().position(same) {
                self.say(
                    &format!("{list}/{index}/{field}"),
                    rule,
                    format!("is the same as that of {list}[{first}]: it must be unique"),
                );
            }
        }
    }

    /// Says that not exactly one of these fields is there.
    pub(super) fn exactly_one(&mut self, among: &[&str]) {
        let there: Vec<_> = among.iter().filter(|field| self.has(field)).collect();
        match there[..] {
            [_] => {}
            [] => self.refuse("", format!("must have one of: {}", among.join(", "))),
            [first, second, ..] => {
                let message = format!("cannot stand beside {first}: there must be one of them");
                self.refuse(second, message);
            }
        }
    }
}

pub(super) fn text<'a>(fields: &'a Fields, field: &str) -> &'a str {
    fields
        .get(field)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

pub(super) fn list<'a>(fields: &'a Fields, field: &str) -> &'a [Value] {
    fields
        .get(field)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
