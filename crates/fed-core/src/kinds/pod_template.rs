//! What does a template of pods need? The objects that its volumes, environments and accounts name.

use serde_json::Value;

use super::dependencies::{Names, named};
use super::reference::Reference;

/// Where the pods of a template name other objects.
static NAMES: &[Names] = &[
    Names::core("ConfigMap", "/volumes/*/configMap/name"),
    Names::core("Secret", "/volumes/*/secret/secretName"),
    Names::core(
        "PersistentVolumeClaim",
        "/volumes/*/persistentVolumeClaim/claimName",
    ),
    Names::core("ConfigMap", "/volumes/*/projected/sources/*/configMap/name"),
    Names::core("Secret", "/volumes/*/projected/sources/*/secret/name"),
    Names::core("Secret", "/volumes/*/azureFile/secretName"),
    Names::core("Secret", "/volumes/*/cephfs/secretRef/name"),
    Names::core("Secret", "/volumes/*/cinder/secretRef/name"),
    Names::core("Secret", "/volumes/*/csi/nodePublishSecretRef/name"),
    Names::core("Secret", "/volumes/*/flexVolume/secretRef/name"),
    Names::core("Secret", "/volumes/*/iscsi/secretRef/name"),
    Names::core("Secret", "/volumes/*/rbd/secretRef/name"),
    Names::core("Secret", "/volumes/*/scaleIO/secretRef/name"),
    Names::core("Secret", "/volumes/*/storageos/secretRef/name"),
    Names::core(
        "ConfigMap",
        "/initContainers/*/env/*/valueFrom/configMapKeyRef/name",
    ),
    Names::core(
        "Secret",
        "/initContainers/*/env/*/valueFrom/secretKeyRef/name",
    ),
    Names::core("ConfigMap", "/initContainers/*/envFrom/*/configMapRef/name"),
    Names::core("Secret", "/initContainers/*/envFrom/*/secretRef/name"),
    Names::core(
        "ConfigMap",
        "/containers/*/env/*/valueFrom/configMapKeyRef/name",
    ),
    Names::core("Secret", "/containers/*/env/*/valueFrom/secretKeyRef/name"),
    Names::core("ConfigMap", "/containers/*/envFrom/*/configMapRef/name"),
    Names::core("Secret", "/containers/*/envFrom/*/secretRef/name"),
    Names::core(
        "ConfigMap",
        "/ephemeralContainers/*/env/*/valueFrom/configMapKeyRef/name",
    ),
    Names::core(
        "Secret",
        "/ephemeralContainers/*/env/*/valueFrom/secretKeyRef/name",
    ),
    Names::core(
        "ConfigMap",
        "/ephemeralContainers/*/envFrom/*/configMapRef/name",
    ),
    Names::core("Secret", "/ephemeralContainers/*/envFrom/*/secretRef/name"),
    Names::core("Secret", "/imagePullSecrets/*/name"),
    Names::core("ServiceAccount", "/serviceAccountName"),
];

/// What the pods of the template at `path` of an object need.
pub(super) fn references(object: &Value, path: &str) -> Vec<Reference> {
    named(object, &format!("{path}/spec"), NAMES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_that_is_named_is_needed_unless_it_is_optional() {
        let object = json!({"spec": {"template": {"spec": {
            "serviceAccountName": "reader",
            "imagePullSecrets": [{"name": "registry"}],
            "volumes": [
                {"name": "a", "configMap": {"name": "settings"}},
                {"name": "b", "secret": {"secretName": "token", "optional": true}},
                {"name": "c", "persistentVolumeClaim": {"claimName": "data"}},
                {"name": "d", "projected": {"sources": [{"secret": {"name": "cert"}}]}},
            ],
            "containers": [{
                "env": [{"name": "X", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "x"}}}],
                "envFrom": [{"configMapRef": {"name": "more"}}],
            }],
        }}}});
        let (optional, found): (Vec<_>, Vec<_>) = references(&object, "/spec/template")
            .into_iter()
            .partition(|reference| reference.is_optional);
        assert_eq!(
            optional[0].path.as_str(),
            "/spec/template/spec/volumes/1/secret/secretName"
        );
        let found: Vec<_> = found
            .into_iter()
            .map(|reference| {
                let super::super::Needed::Object { kind, name, .. } = reference.needed else {
                    panic!("only objects are named");
                };
                assert_eq!(reference.path.resolve(&object), Some(&json!(name)));
                format!("{kind} {name}")
            })
            .collect();
        assert_eq!(
            found,
            [
                "ConfigMap settings",
                "PersistentVolumeClaim data",
                "Secret cert",
                "Secret keys",
                "ConfigMap more",
                "Secret registry",
                "ServiceAccount reader",
            ]
        );
    }
}
