//! Which fields do member clusters own, and how is each of them kept?

use serde_json::Value;

use super::paths::{Misshapen, Text, put, said, says_nothing};
use super::when::When;

/// A field that the member cluster, or a controller in it, fills in.
///
/// What is empty in the live object (an empty text or list, a zero) is nothing to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    path: Text,
    how: How,
    shape: Shape,
    when: Option<When>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// As the live object has it.
    Live,
    /// As the live object has it, where the desired one says nothing.
    Unsaid,
    /// The desired list, and what the live one has of other names.
    Union,
    /// This field of the elements that are in both lists.
    InItems {
        alike: &'static [Alike],
        field: &'static str,
        beats_desired: bool,
    },
}

/// By what two elements of lists are the same, and what an element means that does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alike {
    field: &'static str,
    unsaid: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Any,
    Text,
    Texts,
    /// A number above zero.
    Port,
}

impl Keep {
    const fn new(path: &'static str, how: How) -> Self {
        Self {
            path: Text::Borrowed(path),
            how,
            shape: Shape::Any,
            when: None,
        }
    }

    /// The live value, whatever the desired object says.
    pub const fn live(path: &'static str) -> Self {
        Self::new(path, How::Live)
    }

    /// The live value, where the desired object says nothing.
    pub const fn unsaid(path: &'static str) -> Self {
        Self::new(path, How::Unsaid)
    }

    /// The elements of a live list whose names the desired list does not have, after those.
    pub const fn union(path: &'static str) -> Self {
        Self::new(path, How::Union)
    }

    pub(super) fn declared(path: String) -> Self {
        Self {
            path: path.into(),
            ..Self::unsaid("")
        }
    }

    /// This field, in the elements of a list that the live object has too.
    pub(super) const fn in_items(
        path: &'static str,
        alike: &'static [Alike],
        field: &'static str,
        beats_desired: bool,
    ) -> Self {
        let how = How::InItems {
            alike,
            field,
            beats_desired,
        };
        Self::new(path, how)
    }

    pub(super) const fn text(mut self) -> Self {
        self.shape = Shape::Text;
        self
    }

    pub(super) const fn texts(mut self) -> Self {
        self.shape = Shape::Texts;
        self
    }

    pub(super) const fn port(mut self) -> Self {
        self.shape = Shape::Port;
        self
    }

    /// Only if this text of the desired object is one of these.
    pub(super) const fn when(
        mut self,
        path: &'static str,
        one_of: &'static [&'static str],
    ) -> Self {
        self.when = Some(When::is(path, one_of));
        self
    }

    /// Only if this text of the desired object is none of these.
    pub(super) const fn unless(
        mut self,
        path: &'static str,
        one_of: &'static [&'static str],
    ) -> Self {
        self.when = Some(When::is_not(path, one_of));
        self
    }

    pub(super) fn applies(&self, desired: &Value) -> bool {
        !is_identity(&self.path) && self.when.is_none_or(|when| when.holds(desired))
    }

    /// Is what the desired object says here not what it gets?
    pub(super) fn overrules(&self, desired: &Value) -> bool {
        let beats = match self.how {
            How::Live => true,
            How::InItems { beats_desired, .. } => beats_desired,
            How::Unsaid | How::Union => false,
        };
        beats && self.applies(desired) && said(desired, &self.path).is_some()
    }

    /// What the live object has to keep; an error if no server would have given it out so.
    pub(super) fn kept<'l>(&self, live: &'l Value) -> Result<Option<&'l Value>, Misshapen> {
        let Some(value) = said(live, &self.path) else {
            return Ok(None);
        };
        if matches!(self.how, How::Union | How::InItems { .. }) {
            return match value {
                Value::Array(_) => Ok(Some(value)),
                _ => Err(Misshapen::new(self.path.clone(), "a list")),
            };
        }
        self.shape.holds(value, &self.path)
    }

    pub(super) fn apply(&self, desired: &mut Value, kept: &Value) -> Result<(), Misshapen> {
        match self.how {
            How::Unsaid if said(desired, &self.path).is_some() => Ok(()),
            How::Live | How::Unsaid => put(desired, &self.path, kept.clone()),
            How::Union => {
                let both = united(said(desired, &self.path), kept);
                put(desired, &self.path, both)
            }
            How::InItems {
                alike,
                field,
                beats_desired,
            } => {
                let Some(Value::Array(items)) = desired.pointer_mut(&self.path) else {
                    return Ok(());
                };
                for item in items {
                    self.keep_in(item, kept, alike, field, beats_desired)?;
                }
                Ok(())
            }
        }
    }

    fn keep_in(
        &self,
        item: &mut Value,
        kept: &Value,
        alike: &[Alike],
        field: &str,
        beats_desired: bool,
    ) -> Result<(), Misshapen> {
        let same = |live: &&Value| alike.iter().all(|by| by.of(item) == by.of(live));
        let live = kept.as_array().into_iter().flatten().find(same);
        let Some(value) = live.and_then(|live| live.get(field)) else {
            return Ok(());
        };
        let is_said = item.get(field).is_some_and(|said| !says_nothing(said));
        if is_said && !beats_desired {
            return Ok(());
        }
        let path = format!("{}/*/{field}", self.path);
        if let Some(value) = self.shape.holds(value, &path)?
            && let Value::Object(fields) = item
        {
            fields.insert(field.to_owned(), value.clone());
        }
        Ok(())
    }
}

/// Would keeping this place make another object of it?
pub(super) fn is_identity(path: &str) -> bool {
    let field = path.strip_prefix("/metadata");
    matches!(path, "" | "/apiVersion" | "/kind")
        || field.is_some_and(|field| matches!(field, "" | "/name" | "/namespace" | "/uid"))
}

impl Alike {
    pub(super) const fn by(field: &'static str) -> Self {
        let unsaid = None;
        Self { field, unsaid }
    }

    /// The same; what does not say it means this.
    pub(super) const fn or(mut self, unsaid: &'static str) -> Self {
        self.unsaid = Some(unsaid);
        self
    }

    fn of(self, item: &Value) -> Option<Value> {
        let said = item.get(self.field).cloned();
        said.or_else(|| self.unsaid.map(Value::from))
    }
}

impl Shape {
    /// The value if there is something to keep, and an error if it has another shape.
    fn holds<'v>(self, value: &'v Value, path: &str) -> Result<Option<&'v Value>, Misshapen> {
        let (holds, expected) = match self {
            Self::Any => (true, "anything"),
            Self::Text => (value.is_string(), "text"),
            Self::Texts => {
                let items = value.as_array();
                (
                    items.is_some_and(|items| items.iter().all(Value::is_string)),
                    "a list of texts",
                )
            }
            Self::Port => (value.is_i64() || value.is_u64(), "a whole number"),
        };
        if !holds {
            return Err(Misshapen::new(path, expected));
        }
        let is_kept = self != Self::Port || value.as_i64().is_some_and(|port| port > 0);
        Ok(is_kept.then_some(value))
    }
}

/// The desired elements, and the live ones of other names.
pub(super) fn united(desired: Option<&Value>, live: &Value) -> Value {
    let elements =
        |list: Option<&Value>| list.and_then(Value::as_array).cloned().unwrap_or_default();
    let mut both = elements(desired);
    for item in elements(Some(live)) {
        let is_there = both
            .iter()
            .any(|there| match (there.get("name"), item.get("name")) {
                (None, None) => *there == item,
                (one, other) => one == other,
            });
        if !is_there {
            both.push(item);
        }
    }
    Value::Array(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_an_object_is_called_is_never_kept() {
        for path in ["", "/kind", "/metadata", "/metadata/name", "/metadata/uid"] {
            assert!(
                !Keep::declared(path.to_owned()).applies(&json!({})),
                "{path}"
            );
        }
        assert!(Keep::live("/metadata/labels/a").applies(&json!({})));
    }

    #[test]
    fn lists_are_united_by_name_and_nameless_elements_by_what_they_are() {
        let live = json!([{"name": "a", "x": 1}, {"name": "b"}, 7, 7]);
        let both = united(Some(&json!([{"name": "a"}, 7])), &live);
        assert_eq!(both, json!([{"name": "a"}, 7, {"name": "b"}]));
    }
}
