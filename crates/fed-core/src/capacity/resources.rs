//! How much of everything is there, or is wanted? Amounts of resources by name.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::quantity::{Quantity, bytes};
use crate::location::Location;
use crate::problem::{Code, Problem};

/// The resources that every node has, in the order of [`Resources::common`].
const COMMON: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "pods"];

/// Amounts of resources. What is not named is not there, or is not wanted.
///
/// Sums and products end at the largest number, differences at zero. It is written as Kubernetes
/// writes lists of resources.
///
/// ```
/// use fed_core::capacity::Resources;
///
/// let node: Resources = serde_json::from_str(r#"{"cpu": "4", "memory": "8Gi", "pods": 110}"#)?;
/// let pod = Resources::new(1500, 1 << 30);
/// assert_eq!(node.fits(&pod), 2);
/// assert_eq!(node.without(&pod.times(2)).milli_cpu, 1000);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Resources {
    /// Thousandths of a CPU.
    pub milli_cpu: i64,
    /// Bytes of memory.
    pub memory: i64,
    /// Bytes of storage on the node.
    pub ephemeral_storage: i64,
    /// Pods.
    pub pods: i64,
    /// Everything else, such as `nvidia.com/gpu` or `hugepages-2Mi`, by name.
    pub extended: BTreeMap<String, i64>,
}

impl Resources {
    /// So much CPU, in thousandths, and so many bytes of memory.
    pub const fn new(milli_cpu: i64, memory: i64) -> Self {
        Self {
            milli_cpu,
            memory,
            ephemeral_storage: 0,
            pods: 0,
            extended: BTreeMap::new(),
        }
    }

    /// The same, with this amount of a resource: thousandths of `cpu`, and else whole ones.
    #[must_use]
    pub fn with(mut self, name: &str, amount: i64) -> Self {
        match name {
            "cpu" => self.milli_cpu = amount,
            "memory" => self.memory = amount,
            "ephemeral-storage" => self.ephemeral_storage = amount,
            "pods" => self.pods = amount,
            other if amount == 0 => {
                self.extended.remove(other);
            }
            other => {
                self.extended.insert(other.to_owned(), amount);
            }
        }
        self
    }

    /// How much there is of a resource: thousandths of `cpu`, and else whole ones.
    pub fn amount(&self, name: &str) -> i64 {
        match name {
            "cpu" => self.milli_cpu,
            "memory" => self.memory,
            "ephemeral-storage" => self.ephemeral_storage,
            "pods" => self.pods,
            other => self.extended.get(other).copied().unwrap_or(0),
        }
    }

    /// A list of resources as Kubernetes writes them: quantities by name. What stands in the place
    /// of a list and is none, and what is no quantity or negative, is a problem at its place below
    /// `at`.
    pub fn of_list(list: &Value, at: &Location) -> Result<Self, Problem> {
        Self::of_some(list, |_| true, &|| at.clone())
    }

    /// The same, of the resources whose names are wanted. The place is only looked for where
    /// something is wrong there.
    pub(super) fn of_some(
        list: &Value,
        wanted: impl Fn(&str) -> bool,
        at: &dyn Fn() -> Location,
    ) -> Result<Self, Problem> {
        let fields = match list {
            Value::Null => return Ok(Self::default()),
            Value::Object(fields) => fields,
            _ => {
                let message = "a list of resources has to be an object: quantities by name";
                return Err(Problem::error(Code::InvalidValue, message).at(at()));
            }
        };
        let mut fields = fields.iter().filter(|(name, _)| wanted(name));
        fields.try_fold(Self::default(), |all, (name, value)| {
            let amount = amount_of(name, value)
                .map_err(|why| Problem::error(Code::InvalidQuantity, why).at(at().child(name)))?;
            Ok(all.with(name, amount))
        })
    }

    /// How often `one` fits into this, leaving nothing out. As often as there are numbers if it
    /// wants nothing.
    pub fn fits(&self, one: &Self) -> i64 {
        self.tightest(one).map_or(i64::MAX, |(_, fits)| fits)
    }

    /// Which resource sets the limit to how often `one` fits, and how often that is. The first of
    /// those that do, as [`Resources`] lists them; `None` if `one` wants nothing.
    pub fn limit<'r>(&self, one: &'r Self) -> Option<(&'r str, i64)> {
        let (which, fits) = self.tightest(one)?;
        let name = match which {
            Which::Common(index) => COMMON.get(index).copied().unwrap_or_default(),
            Which::Extended(name) => name,
        };
        Some((name, fits))
    }

    fn tightest<'r>(&self, one: &'r Self) -> Option<(Which<'r>, i64)> {
        let mut tightest = None;
        let mut see = |which, free: i64, wanted: i64| {
            if wanted > 0 {
                let fits = (free / wanted).max(0);
                if tightest.is_none_or(|(_, least)| fits < least) {
                    tightest = Some((which, fits));
                }
            }
        };
        let common = self.common().into_iter().zip(one.common());
        for (index, (free, wanted)) in common.enumerate() {
            see(Which::Common(index), free, wanted);
        }
        for (name, wanted) in &one.extended {
            let free = self.extended.get(name).copied().unwrap_or(0);
            see(Which::Extended(name), free, *wanted);
        }
        tightest
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        self.combined(other, i64::saturating_add)
    }

    /// What is left without `other`; nothing is less than zero.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        self.combined(other, |left, right| left.saturating_sub(right).max(0))
    }

    /// The more of both, for each resource.
    #[must_use]
    pub fn or_more(&self, other: &Self) -> Self {
        self.combined(other, i64::max)
    }

    /// The less of both, for each resource.
    #[must_use]
    pub fn or_less(&self, other: &Self) -> Self {
        self.combined(other, i64::min)
    }

    /// So many times this.
    #[must_use]
    pub fn times(&self, times: i64) -> Self {
        self.each(|amount| amount.saturating_mul(times))
    }

    pub(super) fn each(&self, change: impl Fn(i64) -> i64) -> Self {
        self.combined(&Self::default(), |amount, _| change(amount))
    }

    fn combined(&self, other: &Self, combine: impl Fn(i64, i64) -> i64) -> Self {
        let names = self.extended.keys().chain(other.extended.keys());
        let extended = names.map(|name| {
            let amount = combine(self.amount(name), other.amount(name));
            (name.clone(), amount)
        });
        Self {
            milli_cpu: combine(self.milli_cpu, other.milli_cpu),
            memory: combine(self.memory, other.memory),
            ephemeral_storage: combine(self.ephemeral_storage, other.ephemeral_storage),
            pods: combine(self.pods, other.pods),
            extended: extended.filter(|(_, amount)| *amount != 0).collect(),
        }
    }

    const fn common(&self) -> [i64; 4] {
        [
            self.milli_cpu,
            self.memory,
            self.ephemeral_storage,
            self.pods,
        ]
    }

    /// The resources that are there, by name, as quantities.
    fn quantities(&self) -> impl Iterator<Item = (&str, String)> {
        let common = COMMON.into_iter().zip(self.common());
        let common = common.filter(|(_, amount)| *amount != 0).map(|(name, n)| {
            let text = match name {
                "cpu" => Quantity::of_millis(n).to_string(),
                "pods" => n.to_string(),
                _ => bytes(n),
            };
            (name, text)
        });
        let extended = self.extended.iter();
        common.chain(extended.map(|(name, n)| (name.as_str(), n.to_string())))
    }
}

#[derive(Clone, Copy)]
enum Which<'r> {
    Common(usize),
    Extended(&'r str),
}

fn amount_of(name: &str, value: &Value) -> Result<i64, String> {
    let quantity = Quantity::of_value(value).map_err(|error| error.to_string())?;
    let amount = match name {
        "cpu" => quantity.millis(),
        _ => quantity.units(),
    };
    if amount < 0 {
        return Err(format!("{quantity} of {name} is less than nothing"));
    }
    Ok(amount)
}

impl Serialize for Resources {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, quantity) in self.quantities() {
            map.serialize_entry(name, &quantity)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Resources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = BTreeMap::<String, Value>::deserialize(deserializer)?;
        list.iter().try_fold(Self::default(), |all, (name, value)| {
            let amount = amount_of(name, value)
                .map_err(|why| D::Error::custom(format_args!("{name}: {why}")))?;
            Ok(all.with(name, amount))
        })
    }
}

impl JsonSchema for Resources {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Resources".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "Amounts of resources by name, as quantities of Kubernetes.",
            "additionalProperties": { "x-kubernetes-int-or-string": true }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::btree_map;
    use proptest::prelude::*;
    use serde_json::json;

    fn resources() -> impl Strategy<Value = Resources> {
        let amount = || prop_oneof![0_i64..20, 0..=i64::MAX];
        let extended = btree_map("[ab]", 1..=i64::MAX, 0..3);
        (amount(), amount(), amount(), amount(), extended).prop_map(
            |(milli_cpu, memory, ephemeral_storage, pods, extended)| Resources {
                milli_cpu,
                memory,
                ephemeral_storage,
                pods,
                extended,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(resources in resources()) {
            let written = serde_json::to_value(&resources).unwrap();
            prop_assert_eq!(serde_json::from_value::<Resources>(written).unwrap(), resources);
        }

        #[test]
        fn what_fits_can_be_taken_and_once_more_cannot(free in resources(), one in resources()) {
            let fits = free.fits(&one);
            prop_assume!(one != Resources::default());
            let taken = one.times(fits);
            prop_assert_eq!(free.or_more(&taken), free.clone());
            let (name, least) = free.limit(&one).unwrap();
            prop_assert_eq!(least, fits);
            prop_assert!(free.without(&taken).amount(name) < one.amount(name));
        }

        #[test]
        fn adding_and_taking_away_are_inverse(one in resources(), other in resources()) {
            let sum = one.plus(&other);
            prop_assert_eq!(sum.or_more(&one), sum.clone());
            if sum.amount("cpu") < i64::MAX {
                prop_assert_eq!(sum.without(&other).milli_cpu, one.milli_cpu);
            }
            prop_assert_eq!(one.without(&one), Resources::default());
            prop_assert_eq!(one.or_less(&other).or_more(&one), one);
        }
    }

    #[test]
    fn resources_are_written_for_people() {
        let resources = Resources::new(1500, 3 << 29)
            .with("pods", 110)
            .with("nvidia.com/gpu", 2);
        let written = json!({
            "cpu": "1500m", "memory": "1536Mi", "pods": "110", "nvidia.com/gpu": "2",
        });
        assert_eq!(serde_json::to_value(resources).unwrap(), written);
    }

    #[test]
    fn what_is_no_amount_is_told_with_its_place() {
        let at = Location::in_code().child("requests");
        for (list, path) in [
            (json!({"cpu": "lots"}), "/requests/cpu"),
            (json!({"cpu": "1", "memory": "-1Gi"}), "/requests/memory"),
            (json!({"cpu": {}}), "/requests/cpu"),
            (json!([]), "/requests"),
        ] {
            let problem = Resources::of_list(&list, &at).unwrap_err();
            assert_eq!(problem.at.unwrap().path.as_str(), path);
            assert!(serde_json::from_value::<Resources>(list).is_err());
        }
    }
}
