//! How does a Kubernetes client find a server of ours? By a kubeconfig whose context, cluster and
//! user bear the server's name.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// The kubeconfig, which is YAML: JSON is. A server without TLS has no authority, and one that asks
/// nobody who they are no token.
pub(crate) fn kubeconfig(
    name: &str,
    endpoint: &str,
    authority_pem: Option<&str>,
    token: Option<&str>,
) -> Value {
    let mut cluster = json!({"server": endpoint});
    if let (Some(pem), Some(fields)) = (authority_pem, cluster.as_object_mut()) {
        let data = STANDARD.encode(pem);
        fields.insert("certificate-authority-data".to_owned(), data.into());
    }
    let user = token.map_or(json!({}), |token| json!({"token": token}));
    json!({
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    })
}
