//! Who owns what? The entries of `metadata.managedFields`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::set::FieldSet;

/// By what sort of request a manager came to own fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operation {
    /// Server-side apply.
    Apply,
    /// Everything else.
    Update,
}

impl Operation {
    /// As entries write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Apply => "Apply",
            Self::Update => "Update",
        }
    }
}

/// Which entry is it? One name is several managers: for each operation and subresource, and for
/// updates at each version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Manager {
    /// The name.
    pub name: String,
    /// What it did.
    pub operation: Operation,
    /// The version of an update; empty for an apply, which is one whatever its version.
    pub api_version: String,
    /// Under which subresource; empty for the object itself.
    pub subresource: String,
}

/// What a manager owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owned {
    /// The fields.
    pub fields: FieldSet,
    /// The version that the paths are written in.
    pub api_version: String,
    /// When it was last changed, as RFC 3339 text of whole seconds; empty where that is not known.
    pub time: String,
}

/// All managers of an object.
///
/// ```
/// use fed_testkit::server::fields::Managers;
/// use serde_json::json;
///
/// let entries = json!([{
///     "manager": "painter", "operation": "Apply", "apiVersion": "v1",
///     "time": "2030-01-01T00:00:00Z", "fieldsType": "FieldsV1",
///     "fieldsV1": {"f:data": {"f:sky": {}}},
/// }]);
/// let managers = Managers::decode(&entries).unwrap();
/// assert_eq!(managers.encode(), entries);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Managers {
    pub(super) entries: BTreeMap<Manager, Owned>,
}

impl Managers {
    /// Does nobody own anything?
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What a manager owns.
    pub fn get(&self, manager: &Manager) -> Option<&Owned> {
        self.entries.get(manager)
    }

    /// Each manager with what it owns, in order of name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Manager, &Owned)> {
        self.entries.iter()
    }

    /// Writes down what a manager owns, in the place of what it owned.
    pub fn insert(&mut self, manager: Manager, owned: Owned) {
        self.entries.insert(manager, owned);
    }

    /// Takes fields from all managers.
    pub fn lose(&mut self, fields: &FieldSet) {
        for owned in self.entries.values_mut() {
            owned.fields = owned.fields.difference(fields);
        }
        self.entries.retain(|_, owned| !owned.fields.is_empty());
    }

    /// Reads the entries of an object; `None` where one of them is broken.
    pub fn decode(entries: &Value) -> Option<Self> {
        let entries = match entries {
            Value::Null => &[],
            entries => entries.as_array()?.as_slice(),
        };
        entries
            .iter()
            .map(decode_entry)
            .collect::<Option<_>>()
            .map(|entries| Self { entries })
    }

    /// The entries as an object holds them: those of applies first, then by time, name, version
    /// and subresource.
    pub fn encode(&self) -> Value {
        self.encode_beside(&Self::default())
    }

    /// The entries of these managers and those of others, which may be the same managers: of two
    /// entries for one, whoever reads them takes the later.
    pub fn encode_beside(&self, others: &Self) -> Value {
        let mut entries: Vec<_> = self.entries.iter().chain(&others.entries).collect();
        let order = |(manager, owned): &(&Manager, &Owned)| {
            (
                manager.operation,
                owned.time.clone(),
                manager.name.clone(),
                owned.api_version.clone(),
                manager.subresource.clone(),
            )
        };
        entries.sort_by_cached_key(order);
        let entries = entries.into_iter();
        Value::Array(
            entries
                .map(|(manager, owned)| encode_entry(manager, owned))
                .collect(),
        )
    }

    /// Takes the managers out whose versions are not served any more.
    #[must_use]
    pub fn served(mut self, is_served: impl Fn(&str) -> bool) -> Self {
        self.entries
            .retain(|_, owned| is_served(&owned.api_version));
        self
    }
}

fn decode_entry(entry: &Value) -> Option<(Manager, Owned)> {
    let text = |field: &str| match entry.get(field) {
        None | Some(Value::Null) => Some(String::new()),
        Some(value) => value.as_str().map(str::to_owned),
    };
    let operation = match text("operation")?.as_str() {
        "Apply" => Operation::Apply,
        "Update" => Operation::Update,
        _ => return None,
    };
    if text("fieldsType")? != "FieldsV1" {
        return None;
    }
    let api_version = text("apiVersion")?;
    let manager = Manager {
        name: text("manager")?,
        operation,
        api_version: match operation {
            Operation::Apply => String::new(),
            Operation::Update => api_version.clone(),
        },
        subresource: text("subresource")?,
    };
    let fields = match entry.get("fieldsV1") {
        None | Some(Value::Null) => FieldSet::new(),
        Some(fields) => FieldSet::decode(fields)?,
    };
    let owned = Owned {
        fields,
        api_version,
        time: text("time")?,
    };
    Some((manager, owned))
}

fn encode_entry(manager: &Manager, owned: &Owned) -> Value {
    let mut entry = Map::new();
    let mut put = |field: &str, text: &str| {
        if !text.is_empty() {
            entry.insert(field.to_owned(), json!(text));
        }
    };
    put("manager", &manager.name);
    put("operation", manager.operation.as_str());
    put("apiVersion", &owned.api_version);
    put("time", &owned.time);
    put("fieldsType", "FieldsV1");
    put("subresource", &manager.subresource);
    entry.insert("fieldsV1".to_owned(), owned.fields.encode());
    Value::Object(entry)
}
