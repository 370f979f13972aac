//! When is an image pulled, if the container does not say? Always where its tag is `latest`.

use serde_json::Value;

use super::{Object, text};

/// The pull policy that follows from a container's image.
pub(super) fn pull_policy(container: &Object) -> Value {
    let always = text(container, "image").is_some_and(is_latest);
    if always { "Always" } else { "IfNotPresent" }.into()
}

/// The pull policy that follows from the image that a volume shows.
pub(super) fn volume_pull_policy(volume: &Object) -> Value {
    let always = text(volume, "reference").is_some_and(is_latest);
    if always { "Always" } else { "IfNotPresent" }.into()
}

/// An image without tag and digest has the tag `latest`.
fn is_latest(image: &str) -> bool {
    if image.is_empty() {
        return false;
    }
    let (name, digest) = match image.split_once('@') {
        Some((name, digest)) => (name, Some(digest)),
        None => (image, None),
    };
    // A colon before the last slash is a registry's port.
    let last = name.rsplit_once('/').map_or(name, |(_, last)| last);
    match last.split_once(':') {
        Some((_, tag)) => tag == "latest",
        None => digest.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_latest_is_pulled_always() {
        let cases = [
            ("nginx", true),
            ("nginx:latest", true),
            ("nginx:1.27", false),
            ("registry:5000/team/nginx", true),
            ("registry:5000/team/nginx:1", false),
            ("nginx@sha256:abc", false),
            ("nginx:latest@sha256:abc", true),
            ("", false),
        ];
        for (image, expected) in cases {
            assert_eq!(is_latest(image), expected, "{image}");
        }
    }
}
