//! How does a Kubernetes client find a server of ours? By a kubeconfig whose context, cluster and
//! user bear the server's name.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The kubeconfig, which is YAML: JSON is.
pub(super) fn kubeconfig(name: &str, endpoint: &str, authority_pem: &str, token: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{
            "name": name,
            "cluster": {
                "server": endpoint,
                "certificate-authority-data": STANDARD.encode(authority_pem),
            },
        }],
        "users": [{"name": name, "user": {"token": token}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    })
}
