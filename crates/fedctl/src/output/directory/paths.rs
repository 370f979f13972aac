//! Where does a manifest's file stand? Paths whose steps lead nowhere else.

use std::fmt::Write as _;

use fed_core::ObjectId;

/// The folder of what has no namespace.
const CLUSTER_SCOPED: &str = "_cluster";

/// `<namespace>/<kind>.<group>.<name>.yaml`, in lower case but for the name.
pub(super) fn of(id: &ObjectId) -> String {
    let namespace = id
        .namespace()
        .map_or_else(|| CLUSTER_SCOPED.to_owned(), folder_of);
    let group = if id.group().is_empty() {
        "core"
    } else {
        id.group()
    };
    format!(
        "{namespace}/{}.{}.{}.yaml",
        step(&id.kind().to_lowercase()),
        step(group),
        step(id.name())
    )
}

/// The folder of a namespace, which never is the one of what has no namespace.
fn folder_of(namespace: &str) -> String {
    let folder = step(namespace);
    folder
        .strip_prefix('_')
        .map_or(folder.clone(), |rest| format!("%5F{rest}"))
}

/// One step of a path, percent-encoded: it leads nowhere else on any file system, and is not
/// hidden.
pub(super) fn step(text: &str) -> String {
    let mut step = String::with_capacity(text.len());
    for (at, byte) in text.bytes().enumerate() {
        let is_hiding = at == 0 && byte == b'.';
        if is_plain(byte) && !is_hiding {
            step.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(step, "%{byte:02X}");
        }
    }
    if step.is_empty() {
        step.push('%');
    }
    step
}

const fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Can it be the path of a manifest: cluster, namespace and file?
pub(super) fn is_path(text: &str) -> bool {
    let is_step = |step: &str| {
        !step.is_empty()
            && !step.starts_with('.')
            && step.bytes().all(|byte| is_plain(byte) || byte == b'%')
    };
    let steps: Vec<_> = text.split('/').collect();
    let [cluster, namespace, file] = steps.as_slice() else {
        return false;
    };
    let name = file.strip_suffix(".yaml").unwrap_or_default();
    is_step(cluster) && is_step(namespace) && is_step(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fed_core::GroupVersionKind;
    use std::path::{Component, Path};

    #[test]
    fn paths_tell_what_is_in_the_file() {
        let deployment = GroupVersionKind::from_api_version("apps/v1", "Deployment");
        let id = ObjectId::new(deployment, Some("shop"), "rating");
        assert_eq!(of(&id), "shop/deployment.apps.rating.yaml");
        let namespace = GroupVersionKind::from_api_version("v1", "Namespace");
        let id = ObjectId::new(namespace, None, "shop");
        assert_eq!(of(&id), "_cluster/namespace.core.shop.yaml");
    }

    #[test]
    fn no_name_leads_out_of_the_directory() {
        for name in [
            "..",
            ".",
            "",
            "/",
            "../../etc",
            "a/b",
            "a\\b",
            "c:d",
            "ü",
            ".git",
            "a\nb",
        ] {
            let step = step(name);
            let steps: Vec<_> = Path::new(&step).components().collect();
            assert!(
                matches!(steps[..], [Component::Normal(_)]),
                "{name} is {step}"
            );
            assert!(is_path(&format!("{step}/{step}/{step}.yaml")), "{step}");
        }
        assert_eq!(step("a%b"), "a%25b", "no two names share a path");
    }

    #[test]
    fn only_what_can_be_a_manifest_is_a_path() {
        for text in [
            "a/b/c.yml",
            "a/b.yaml",
            "/a/b.yaml",
            "a/../c.yaml",
            "../b/c.yaml",
            "a/b/.yaml",
            "a/b/c/d.yaml",
            "a\\..\\b/c/d.yaml",
            "C:/b/c.yaml",
            "# a/b/c.yaml",
            "",
        ] {
            assert!(!is_path(text), "{text}");
        }
    }
}
