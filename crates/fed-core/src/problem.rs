//! What is wrong, where, and what can be done about it? Faults are values inside an answer, never
//! its end; each has a code for machines and a sentence for people.

use std::cmp::Ordering;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::customize::PatchOperation;
use crate::identity::{ClusterName, ObjectId};
use crate::location::Location;

/// How grave a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// Something to know; nothing needs doing.
    Note,
    /// The answer stands, but is perhaps not what was meant.
    Warning,
    /// Something that was asked for cannot be done.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident,)+) => {
        /// Every reason and every problem has one of these codes. A code keeps its meaning; the
        /// list only grows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Code {
            /// All codes, in the order of their declaration.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The code as it is written in answers: the name of its variant.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }
        }
    };
}

codes! {
    // Placement: chosen.
    /// The placement names the cluster.
    Listed,
    /// The placement's selector matches the cluster's labels.
    SelectorMatch,
    /// The cluster is in the group of the placement's affinities that was taken.
    AffinityMatch,

    // Placement: refused.
    /// The placement has a list of clusters, and this one is not in it.
    NotListed,
    /// The placement's selector does not match the cluster's labels.
    SelectorMismatch,
    /// The placement has neither a list nor a selector, or cannot be read: it selects nothing.
    NothingSelected,
    /// The placement is an empty list: it selects nothing, on purpose.
    EmptyList,
    /// The placement's selector is not valid.
    InvalidSelector,
    /// The placement names a cluster that is not in the fleet.
    UnknownCluster,
    /// The placement leaves the cluster out by name.
    Excluded,
    /// The cluster is in none of the groups of the placement's affinities.
    AffinityMismatch,
    /// The cluster is in no region, zone or whatever clusters are spread over.
    Ungrouped,
    /// Another group of the placement's affinities was taken.
    OtherAffinity,
    /// The cluster has a taint that the placement does not tolerate.
    Tainted,
    /// The cluster does not serve the object's kind.
    KindNotServed,
    /// The cluster is gone for good.
    ClusterLost,
    /// Other clusters come first, and no more may be chosen.
    NotPreferred,
    /// No selection of clusters satisfies all that is asked of it.
    NoneExists,
    /// The search for such a selection ended at its limit.
    SearchLimit,
    /// The cluster gets no replicas.
    NoReplicas,
    /// An override says that the object is not in the cluster.
    OverriddenAway,
    /// The object's namespace is not placed in the cluster.
    NamespaceNotPlaced,
    /// The object's namespace is not federated, so nothing in it is placed.
    NamespaceNotFederated,
    /// A namespace that every cluster has of its own, and that is never propagated.
    SystemNamespace,
    /// Propagation of the object's type is switched off.
    PropagationDisabled,

    // Placement: also worth saying.
    /// The cluster is placed but not ready: it keeps what it has until it is back.
    ClusterNotReady,
    /// A cluster without a word on its readiness is taken as ready.
    ReadinessAssumed,
    /// A cluster that is only named is taken to exist.
    ClusterAssumed,
    /// An object in a namespace that is not federated keeps its own placement.
    NamespaceAssumed,
    /// An object without a namespace is taken to be in one.
    NamespaceDefaulted,
    /// A selector that stands beside a list of clusters and has no effect there.
    SelectorIgnored,
    /// The same cluster stands twice in a list.
    DuplicateCluster,

    // Overrides.
    /// An override does not apply to the template.
    OverrideFailed,
    /// An override entry is not valid in itself.
    InvalidOverride,
    /// An override changes a field that names the object.
    OverrideChangesIdentity,
    /// An override names a cluster in which the object is not placed.
    OverrideWithoutPlacement,
    /// An override has an effect that its author can hardly have meant.
    SuspiciousOverride,
    /// Two fields ask for different numbers of replicas in one cluster.
    ReplicasDisagree,
    /// A number of replicas that cannot be.
    InvalidReplicas,
    /// A number of replicas for a kind that has none.
    ReplicasUnsupported,

    // Objects and documents.
    /// The field is known, but nothing honours it yet.
    NotYetHonoured,
    /// The field is not known here and has no effect.
    UnknownField,
    /// A value of the wrong type, or outside of what is allowed.
    InvalidValue,
    /// A required field is missing.
    MissingField,
    /// A name that Kubernetes would not take.
    InvalidName,
    /// Not an object, or without `apiVersion` and `kind`.
    NotAnObject,
    /// A known kind under an `apiVersion` that it does not have.
    WrongApiVersion,
    /// A kind of which nothing is known.
    UnknownKind,
    /// The same object twice, with the same content.
    DuplicateObject,
    /// The same object twice, with different content.
    ConflictingObjects,
    /// Two objects set a field that only one of them can set.
    FieldSetTwice,
    /// A FederatedNamespace whose name is not the name of its namespace.
    NamespaceNameMismatch,
    /// A plain object that nothing asks to propagate.
    NotPropagated,
    /// A reference or selector that leads to no object of the input.
    ResourceNotFound,
    /// Two policies ask for the same object.
    PropagatedTwice,
    /// A field that has no effect beside others, or on any cluster.
    FieldIgnored,
    /// A field of the template that is not propagated and was left out.
    FieldDropped,
    /// Values are nested too deeply.
    TooDeep,
    /// A field changes that cannot be changed: the object has to be deleted and made anew.
    NeedsReplacement,

    // Checks of what clusters would get.
    /// A field that stands in the wrong place of its object.
    MisplacedField,
    /// An item of a list with the same key as another one.
    DuplicateItem,
    /// A version of an API that is served no more.
    RetiredVersion,
    /// A selector that does not match the labels of the pods it stands beside.
    SelectorMismatchesLabels,
    /// A name of a port that nothing has, or that is none.
    InvalidPort,
    /// A quantity that cannot be read, or that contradicts another.
    InvalidQuantity,
    /// A combination of fields that Kubernetes does not take.
    InvalidCombination,
    /// A selector that matches nothing in the same cluster.
    SelectsNothing,
    /// A service, or a port of one, that is not in the same cluster.
    BackendNotFound,
    /// An object that is named, and that no input holds in the same cluster.
    ReferenceNotFound,
    /// An Ingress that does not say which controller serves it.
    NoIngressClass,
    /// Something that was not checked.
    NotChecked,

    // Reading.
    /// A file or directory cannot be read.
    UnreadableFile,
    /// Text that is not valid YAML or JSON.
    InvalidYaml,
    /// A key that stands twice in one mapping.
    DuplicateKey,
    /// Aliases that expand to more than any honest document holds.
    TooManyAliases,
    /// A value that YAML 1.1, which Kubernetes reads, and YAML 1.2 understand differently.
    YamlVersionsDiffer,
    /// There is nothing to plan in the input.
    NothingToPlan,
    /// A file cannot be written.
    UnwritableFile,
    /// Nothing is known of what a cluster holds.
    NotObserved,

    // Dividing replicas.
    /// The clusters have not enough room for what has to be placed in them.
    NotEnoughCapacity,
    /// A minimum that is above a limit of the same cluster.
    MinimumAboveLimit,
    /// Minimums that add up to more than there is to divide.
    MinimumsAboveTotal,
    /// Why a cluster has its number of replicas.
    ReplicasDivided,

    // Kinds that documents declare.
    /// An expression in the declaration of a kind that has no value for an object.
    ExpressionFailed,
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Why something is as it is: a code for machines, a sentence for people.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// The kind of reason.
    pub code: Code,
    /// The sentence.
    pub message: String,
}

impl Reason {
    /// A reason with its sentence.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Something wrong, or worth knowing, in what was asked for.
///
/// Problems are ordered by their places in the input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Where it stands in the input, where that is known.
    pub at: Option<Location>,
    /// How grave it is.
    pub severity: Severity,
    /// What kind of problem it is.
    pub code: Code,
    /// What is wrong and what to do, in a sentence. Never quotes a secret's values.
    pub message: String,
    /// The object it concerns.
    pub object: Option<ObjectId>,
    /// The one cluster it concerns.
    pub cluster: Option<ClusterName>,
    /// Other places that have a part in it, such as the first of two duplicates.
    pub related: Vec<Location>,
    /// The repair, where one is certain: a JSON Patch of the document it stands in.
    pub fix: Vec<PatchOperation>,
}

impl Problem {
    /// A problem of this severity.
    pub fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self {
            at: None,
            severity,
            code,
            message: message.into(),
            object: None,
            cluster: None,
            related: Vec::new(),
            fix: Vec::new(),
        }
    }

    /// Something that cannot be done.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// Something that is perhaps not meant.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// Something to know.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    /// The same, standing at this place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.at = Some(location);
        self
    }

    /// The same, about this object.
    #[must_use]
    pub fn about(mut self, object: &ObjectId) -> Self {
        self.object = Some(object.clone());
        self
    }

    /// The same, in this cluster alone.
    #[must_use]
    pub fn in_cluster(mut self, cluster: &ClusterName) -> Self {
        self.cluster = Some(cluster.clone());
        self
    }

    /// The same, with another place that has a part in it.
    #[must_use]
    pub fn see_also(mut self, location: Location) -> Self {
        self.related.push(location);
        self
    }

    /// The same, with its certain repair: a JSON Patch of the document it stands in.
    #[must_use]
    pub fn with_fix(mut self, fix: impl IntoIterator<Item = PatchOperation>) -> Self {
        self.fix.extend(fix);
        self
    }

    /// The problem as a reason.
    pub fn reason(&self) -> Reason {
        Reason::new(self.code, self.message.clone())
    }
}

impl Ord for Problem {
    fn cmp(&self, other: &Self) -> Ordering {
        type Key<'p> = (
            &'p Option<Location>,
            Severity,
            Code,
            &'p str,
            &'p Option<ObjectId>,
            &'p Option<ClusterName>,
            &'p [Location],
        );
        fn key(problem: &Problem) -> Key<'_> {
            (
                &problem.at,
                problem.severity,
                problem.code,
                &problem.message,
                &problem.object,
                &problem.cluster,
                &problem.related,
            )
        }
        // The repair follows from the rest in all that we make; it is compared so that the order
        // agrees with equality.
        let fix = |problem: &Self| serde_json::to_string(&problem.fix).unwrap_or_default();
        key(self)
            .cmp(&key(other))
            .then_with(|| fix(self).cmp(&fix(other)))
    }
}

impl PartialOrd for Problem {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.message)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_written_as_their_variants_and_stand_once() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(Code::SelectorMismatch.to_string(), "SelectorMismatch");
        assert!(
            names
                .iter()
                .all(|name| name.starts_with(char::is_uppercase))
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
