//! Which objects does somebody ask for? Those of a namespace, of these labels and fields.

mod fields;
mod labels;
mod names;

use serde_json::Value;

use super::custom;
use super::status::Refusal;
use super::store::{Store, Stored};
use super::write::Call;

use fields::Fields;
use labels::Labels;

/// What a list or a watch selects.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    /// Empty for all.
    pub(super) namespace: String,
    labels: Labels,
    fields: Fields,
}

impl Selection {
    /// What a request selects.
    pub(super) fn of(store: &Store, call: &Call<'_>) -> Result<Self, Refusal> {
        let text = |name: &str| call.request.parameter(name).unwrap_or_default();
        let kind = call.target.kind;
        let labels = Labels::parse(text("labelSelector"))?;
        let selectable = || {
            let version = custom::definition(store, kind).unwrap_or_default();
            let fields = version.get("selectableFields").and_then(Value::as_array);
            let paths = fields
                .into_iter()
                .flatten()
                .filter_map(|field| field.get("jsonPath")?.as_str());
            paths.map(str::to_owned).collect()
        };
        let mut fields = Fields::parse(text("fieldSelector"), kind, selectable)?;
        let name = &call.target.name;
        if !name.is_empty() {
            if fields.name().is_some_and(|other| other != name) {
                return Err(Refusal::bad_request(
                    "fieldSelector metadata.name doesn't match requested name",
                ));
            }
            fields = fields.and(Fields::of_name(name));
        }
        let namespace = match call.target.namespace.as_str() {
            "" => fields.namespace().unwrap_or_default().to_owned(),
            namespace => namespace.to_owned(),
        };
        Ok(Self {
            namespace,
            labels,
            fields,
        })
    }

    /// Does it take all objects of its namespace?
    pub(super) fn takes_all(&self) -> bool {
        self.labels.is_empty() && self.fields.is_empty()
    }

    /// The one name that is selected, if there is one.
    pub(super) fn name(&self) -> Option<&str> {
        self.fields.name()
    }

    /// Is this object selected?
    pub(super) fn takes(&self, stored: &Stored) -> bool {
        stored.is_in(&self.namespace) && self.labels.hold(stored) && self.fields.hold(stored)
    }
}
