//! What did people ask for? One thing to federate: what it is, where it should be, and what
//! differs from cluster to cluster. Every dialect is lowered to this.

mod division;
mod faults;
mod placement;
mod selector;
mod template;

pub(crate) use division::ShareRules;
pub use division::{Division, DivisionMethod, ShareRule};
pub use placement::{Affinity, Placement, Preferred, PropertyScore, Spread, SpreadBy};
pub use selector::{InvalidSelector, LabelRequirement, LabelSelector};
pub use template::Template;
use template::with_object_at;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::customize::{Override, OverrideSet};
use crate::dialect::read_identity;
use crate::identity::{ClusterName, ObjectId};
use crate::kinds::{Kind, Kinds, Scope};
use crate::location::Location;
use crate::problem::{Code, Problem, Reason};
use crate::reconcile::Options;

/// One thing to federate.
///
/// ```
/// use fed_core::{Intent, Placement};
/// use serde_json::json;
///
/// let intent = Intent::of(json!({
///     "apiVersion": "v1",
///     "kind": "ConfigMap",
///     "metadata": {"name": "colours", "namespace": "shop"},
///     "data": {"sky": "blue"},
/// }))?
/// .place(Placement::clusters(["us-east"]));
/// assert_eq!(intent.target().to_string(), "ConfigMap shop/colours");
/// # Ok::<(), fed_core::Problem>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Intent {
    source: ObjectId,
    target: ObjectId,
    template: Template,
    placement: Placement,
    division: Option<Division>,
    among: Among,
    by_selector: Option<Placement>,
    /// The placement of the clusters among which replicas are divided, where it is another one.
    over: Option<Box<Placement>>,
    absence: Absence,
    options: Options,
    overrides: OverrideSet,
    namespace: NamespaceRule,
    mark: Mark,
    kind: Option<KnownKind>,
    withheld: Option<Reason>,
    origin: Origin,
}

/// A kind, as a part of a value that can be compared: two kinds of one name are the same.
#[derive(Clone, Debug)]
struct KnownKind(Arc<dyn Kind>);

impl PartialEq for KnownKind {
    fn eq(&self, other: &Self) -> bool {
        self.0.gvk() == other.0.gvk()
    }
}

/// What the namespace of an object has to do with its placement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum NamespaceRule {
    /// Nothing.
    #[default]
    Independent,
    /// The object is a namespace, and what follows it is only placed where it is.
    Governs,
    /// The object is only placed where its namespace is.
    Follows,
}

/// What happens to the part of an object in a cluster that cannot be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Absence {
    /// It goes elsewhere once the cluster is lost for good.
    #[default]
    UntilLost,
    /// It waits for the cluster, come what may.
    Waits,
    /// It goes elsewhere as soon as the cluster is not ready.
    WhileReady,
}

/// Among which clusters are replicas divided?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Among {
    /// Those of the placement.
    #[default]
    Placed,
    /// All that are ready, whatever the placement says.
    Ready,
    /// Those that are ready and that the placement's selector chooses, whatever its list says.
    Selected,
    /// Nobody knows, as what divides them cannot be read: what runs stays.
    Unknown,
}

/// The label that tells a managed object from others in a member cluster.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mark {
    /// `fed.dev/managed: "true"`
    #[default]
    Native,
    /// `kubefed.io/managed: "true"`
    KubeFed,
}

impl Mark {
    /// The key of the label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Native => "fed.dev/managed",
            Self::KubeFed => "kubefed.io/managed",
        }
    }

    /// Puts the label on an object. Fails when the object's metadata is no metadata any more.
    pub(crate) fn put(self, object: &mut Value) -> Result<(), String> {
        let metadata = object
            .get_mut("metadata")
            .and_then(Value::as_object_mut)
            .ok_or("metadata is not an object")?;
        match metadata.get("labels") {
            None | Some(Value::Null | Value::Object(_)) => {
                with_object_at(metadata, "labels", |labels| {
                    labels.insert(self.label().to_owned(), "true".into());
                });
                Ok(())
            }
            Some(_) => Err("metadata.labels is not an object".to_owned()),
        }
    }
}

/// Where the parts of an intent stand in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) source: Location,
    pub(crate) template: Location,
    pub(crate) placement: Location,
    pub(crate) division: Location,
}

impl Origin {
    fn in_code() -> Self {
        let at = Location::in_code();
        Self {
            source: at.clone(),
            template: at.clone(),
            placement: at.clone(),
            division: at,
        }
    }
}

impl Intent {
    /// An intent to federate a whole Kubernetes object, of a kind that is built in.
    pub fn of(object: Value) -> Result<Self, Problem> {
        Self::of_kind(object, &Kinds::default())
    }

    /// An intent to federate a whole Kubernetes object of one of these kinds.
    pub fn of_kind(object: Value, kinds: &Kinds) -> Result<Self, Problem> {
        let at = Location::in_code();
        let (gvk, name, namespace) = read_identity(&object, &at)?;
        let kind = kinds.find(gvk.group(), gvk.kind()).ok_or_else(|| {
            let message = format!("{gvk} is not a known kind: add it to the kinds");
            Problem::error(Code::UnknownKind, message).at(at.child("kind"))
        })?;
        let namespace = match (kind.scope(), namespace.as_deref()) {
            (Scope::Cluster, _) => None,
            (Scope::Namespaced, Some(namespace)) => Some(namespace),
            (Scope::Namespaced, None) => {
                let message = format!("a {} needs metadata.namespace", gvk.kind());
                return Err(Problem::error(Code::MissingField, message).at(at.child("metadata")));
            }
        };
        let kind = Arc::clone(kind);
        let target = ObjectId::new(gvk.clone(), namespace, &name);
        let template = Template::parse(object, &at)?;
        Ok(Self::new(target, template).with_kind(kind))
    }

    /// An intent to federate `template` as the object `target`.
    pub fn new(target: ObjectId, template: Template) -> Self {
        Self {
            source: target.clone(),
            template: template.identified(&target),
            target,
            placement: Placement::nowhere(),
            division: None,
            among: Among::default(),
            by_selector: None,
            over: None,
            absence: Absence::default(),
            options: Options::default(),
            overrides: OverrideSet::default(),
            namespace: NamespaceRule::Independent,
            mark: Mark::Native,
            kind: None,
            withheld: None,
            origin: Origin::in_code(),
        }
    }

    /// The same intent, placed there.
    #[must_use]
    pub fn place(mut self, placement: Placement) -> Self {
        self.placement = placement;
        let among = self.among;
        self.among(among)
    }

    /// The same intent, whose replicas are divided like this. Undivided, every cluster gets as
    /// many as template and overrides say.
    #[must_use]
    pub fn divide(mut self, division: Division) -> Self {
        self.division = Some(division);
        self
    }

    /// The same intent, whose replicas are divided among these clusters, and not those of its
    /// placement.
    pub(crate) fn among(mut self, among: Among) -> Self {
        let over = match among {
            Among::Placed | Among::Unknown => None,
            Among::Ready => Some(Placement::everywhere()),
            Among::Selected => Some(self.by_selector().clone()),
        };
        // What keeps the object off a cluster keeps replicas off it too.
        self.over = over.map(|over| {
            Box::new(Placement {
                exclude: self.placement.exclude.clone(),
                tolerations: self.placement.tolerations.clone(),
                ..over
            })
        });
        self.among = among;
        self
    }

    /// The same intent, of whose placement this is what the selector says without the list.
    pub(crate) fn with_selector_alone(mut self, placement: Placement) -> Self {
        self.by_selector = Some(placement);
        self
    }

    /// The same intent under another rule for clusters that are away.
    #[must_use]
    pub fn with_absence(mut self, absence: Absence) -> Self {
        self.absence = absence;
        self
    }

    /// The same intent, brought to clusters like this.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The same intent with these overrides instead of its own.
    #[must_use]
    pub fn customize(self, overrides: &[Override]) -> Self {
        let at = self.origin.source.child("overrides");
        self.with_overrides(OverrideSet::native(overrides, &at))
    }

    /// The same intent, asked for by another object than the one it makes.
    #[must_use]
    pub fn asked_for_by(mut self, source: ObjectId) -> Self {
        self.source = source;
        self
    }

    /// The same intent under another rule for its namespace.
    #[must_use]
    pub fn with_namespace_rule(mut self, rule: NamespaceRule) -> Self {
        self.namespace = rule;
        self
    }

    /// The same intent with another mark.
    #[must_use]
    pub fn with_mark(mut self, mark: Mark) -> Self {
        self.mark = mark;
        self
    }

    /// The same intent, whose target is of this kind.
    #[must_use]
    pub fn with_kind(mut self, kind: Arc<dyn Kind>) -> Self {
        self.kind = Some(KnownKind(kind));
        self
    }

    /// The same intent, kept out of every cluster for this reason.
    #[must_use]
    pub fn withhold(mut self, reason: Reason) -> Self {
        self.withheld = Some(reason);
        self
    }

    pub(crate) fn with_overrides(mut self, overrides: OverrideSet) -> Self {
        self.overrides = overrides;
        self
    }

    pub(crate) fn with_origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// The object that asks.
    pub fn source(&self) -> &ObjectId {
        &self.source
    }

    /// The object that clusters are to have.
    pub fn target(&self) -> &ObjectId {
        &self.target
    }

    /// The target as every cluster gets it before its overrides.
    pub fn template(&self) -> &Template {
        &self.template
    }

    /// Where it should be.
    pub fn placement(&self) -> &Placement {
        &self.placement
    }

    /// The clusters that it names anywhere but in overrides.
    pub(crate) fn clusters_named(&self) -> impl Iterator<Item = &ClusterName> {
        let placement = &self.placement;
        let groups = placement.affinities.iter();
        let grouped =
            groups.flat_map(|group| group.clusters.iter().flatten().chain(&group.exclude));
        let rules = self.division.iter().flat_map(|division| &division.weights);
        placement
            .names()
            .iter()
            .chain(&placement.exclude)
            .chain(grouped)
            .chain(rules.filter_map(|rule| rule.cluster.as_ref()))
    }

    /// How its replicas are divided, where they are.
    pub fn division(&self) -> Option<&Division> {
        self.division.as_ref()
    }

    /// The clusters among which its replicas are divided.
    pub(crate) fn divided_among(&self) -> Among {
        self.among
    }

    /// The placement of these clusters.
    pub(crate) fn divided_over(&self) -> &Placement {
        self.over.as_deref().unwrap_or(&self.placement)
    }

    /// The same intent, whether or not it was withheld.
    pub(crate) fn released(mut self) -> Self {
        self.withheld = None;
        self
    }

    /// What its placement would be without its list of clusters.
    pub(crate) fn by_selector(&self) -> &Placement {
        self.by_selector.as_ref().unwrap_or(&self.placement)
    }

    /// What happens to its part in a cluster that is away.
    pub fn absence(&self) -> Absence {
        self.absence
    }

    /// How it is brought to clusters.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// What differs from cluster to cluster.
    pub fn overrides(&self) -> &OverrideSet {
        &self.overrides
    }

    /// What its namespace has to do with its placement.
    pub fn namespace_rule(&self) -> NamespaceRule {
        self.namespace
    }

    /// The mark that its manifests carry.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// What is known of the kind of its target.
    pub fn kind(&self) -> Option<&dyn Kind> {
        self.kind.as_ref().map(|known| known.0.as_ref())
    }

    /// What is known of its kind, shared.
    pub(crate) fn shared_kind(&self) -> Option<Arc<dyn Kind>> {
        self.kind.as_ref().map(|known| Arc::clone(&known.0))
    }

    /// The reason for which it is kept out of every cluster.
    pub fn withheld(&self) -> Option<&Reason> {
        self.withheld.as_ref()
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }
}

/// An object without anything in it.
pub(crate) fn empty_object() -> Value {
    Value::Object(Map::new())
}
