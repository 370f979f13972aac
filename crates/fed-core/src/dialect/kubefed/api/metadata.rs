//! What does an object say of itself? The part of its metadata that federation reads.

use std::collections::BTreeMap;
use std::fmt;

use super::document::silent_object;

silent_object! {
    /// An object's metadata.
    pub struct ObjectMeta {
        /// Its name.
        name: String = "name",
        /// Its namespace.
        namespace: String = "namespace",
        /// Its labels.
        labels: BTreeMap<String, String> = "labels",
        /// Its annotations.
        annotations: BTreeMap<String, String> = "annotations",
        /// How often what was asked for has changed.
        generation: i64 = "generation",
        /// Which of the objects that had this name it is.
        uid: String = "uid",
        /// The version of the object as it is stored.
        resource_version: String = "resourceVersion",
    }
}

// An annotation may hold a copy of the whole object, and of the secrets in it.
impl fmt::Debug for ObjectMeta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let annotations: Option<Vec<_>> = self
            .annotations
            .as_ref()
            .map(|annotations| annotations.keys().collect());
        f.debug_struct("ObjectMeta")
            .field("name", &self.name)
            .field("namespace", &self.namespace)
            .field("labels", &self.labels)
            .field("annotations", &annotations)
            .field("generation", &self.generation)
            .field("uid", &self.uid)
            .field("resource_version", &self.resource_version)
            .field("unknown", &self.unknown)
            .finish()
    }
}
