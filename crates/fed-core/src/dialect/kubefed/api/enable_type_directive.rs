//! What does the file look like that `kubefedctl enable -f` reads?

use super::ObjectMeta;
use super::document::{document, object};

object! {
    /// Asks to make a kind federated. A file, never an object of an API server.
    #[derive(Debug)]
    pub struct EnableTypeDirective {
        /// `core.kubefed.io/v1beta1`.
        api_version: String = "apiVersion",
        /// `EnableTypeDirective`.
        kind: String = "kind",
        /// Its name is the plural of the kind, followed by a dot and its group if it has one.
        metadata: ObjectMeta = "metadata",
        /// How it is made federated.
        spec: EnableTypeDirectiveSpec = "spec",
    }
}

document!(EnableTypeDirective, "core.kubefed.io/v1beta1");

object! {
    /// How a kind is made federated.
    #[derive(Debug)]
    pub struct EnableTypeDirectiveSpec {
        /// The version of the kind; the preferred one when there is none.
        target_version: String = "targetVersion",
        /// The group of the Federated kind; `types.kubefed.io` when there is none.
        federated_group: String = "federatedGroup",
        /// The version of the Federated kind; `v1beta1` when there is none.
        federated_version: String = "federatedVersion",
    }
}
